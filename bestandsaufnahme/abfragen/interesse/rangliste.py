"""The ranking: Aufgabenfelder by the number of Kommunen that declare interest, and the totals of a round."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bestandsaufnahme.auswahl import InteresseArt
from bestandsaufnahme.models import Aufgabenfeld, Interessenrunde, Rundenergebnis
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet

NICHT_AUFGEFUEHRT = "nicht aufgeführt"


@dataclass(frozen=True)
class Rang:
    """A field of the ranking: numbers of Kommunen, never of declarations; those of examples only are apart."""

    platz: int
    feld: str
    slug: str
    kommunen: int
    wille: int
    austausch: int
    nur_beispiel: int


@dataclass(frozen=True)
class Rangliste:
    raenge: list[Rang]
    ohne_feld: int
    mit_beispielen: bool

    @property
    def leer(self) -> bool:
        return not self.ohne_feld and not any(rang.kommunen for rang in self.raenge)


@dataclass(frozen=True)
class Rundenzeile:
    feld: str
    bezeichnung: str
    anzahl: int | None

    @property
    def text(self) -> str:
        return NICHT_AUFGEFUEHRT if self.anzahl is None else str(self.anzahl)


@dataclass(frozen=True)
class Runde:
    """The stored totals of a round, the most wanted first."""

    name: str
    jahr: int | None
    hinweis: str
    quelle: str
    zeilen: list[Rundenzeile]

    @property
    def summe(self) -> int:
        return sum(zeile.anzahl or 0 for zeile in self.zeilen)

    @property
    def ohne_angabe(self) -> int:
        return sum(zeile.anzahl is None for zeile in self.zeilen)

    @property
    def mit_angabe(self) -> int:
        return len(self.zeilen) - self.ohne_angabe


def rangliste(interessen: InteressenbekundungQuerySet, *, felder: Sequence[Aufgabenfeld], heute: date) -> Rangliste:
    """Take those that may be counted; fields with none are included, equal numbers share a place."""
    kommunen: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    gueltige = interessen.gueltige(heute).mit_feld().order_by()
    werte = gueltige.values_list("feld_id", "kommune_id", "art", "beispiel")  # type: ignore[misc]  # by mit_feld
    for feld, kommune, art, beispiel in werte.distinct():
        kommunen[feld, "beispiel" if beispiel else art].add(kommune)
    zahlen = sorted(
        ((_zahlen(kommunen, feld.pk), feld) for feld in felder), key=lambda paar: (-paar[0][0], paar[1].reihenfolge)
    )
    folge = [zahl[0] for zahl, _ in zahlen]
    return Rangliste(
        raenge=[Rang(folge.index(zahl[0]) + 1, feld.name, feld.slug, *zahl) for zahl, feld in zahlen],
        ohne_feld=_zahlen(kommunen, None)[0],
        mit_beispielen=any(art == "beispiel" for _, art in kommunen),
    )


def letzte_runde(runden: QuerySet[Interessenrunde]) -> Runde | None:
    """Return the newest round that has totals; one without a year is older than any with one."""
    ergebnisse = list(Rundenergebnis.objects.filter(runde__in=runden).select_related("runde", "aufgabenfeld"))
    if not ergebnisse:
        return None
    runde = max((ergebnis.runde for ergebnis in ergebnisse), key=lambda runde: (runde.jahr or 0, runde.pk))
    zeilen = _rundenzeilen(ergebnis for ergebnis in ergebnisse if ergebnis.runde_id == runde.pk)
    return Runde(runde.name, runde.jahr, runde.hinweis, runde.quelle, zeilen)


def _zahlen(kommunen: dict[tuple[int | None, str], set[int]], feld: int | None) -> tuple[int, int, int, int]:
    """Return the numbers of Kommunen: of any Art, of either Art, and those that only an example names."""
    wille = kommunen.get((feld, InteresseArt.KOOPERATIONSWILLE), set())
    austausch = kommunen.get((feld, InteresseArt.INFO_AUSTAUSCH), set())
    beispiele = kommunen.get((feld, "beispiel"), set())
    return len(wille | austausch), len(wille), len(austausch), len(beispiele - wille - austausch)


def _rundenzeilen(ergebnisse: Iterable[Rundenergebnis]) -> list[Rundenzeile]:
    geordnet = sorted(
        ergebnisse,
        key=lambda ergebnis: (ergebnis.anzahl is None, -(ergebnis.anzahl or 0), ergebnis.aufgabenfeld.reihenfolge),
    )
    return [Rundenzeile(e.aufgabenfeld.name, e.bezeichnung, e.anzahl) for e in geordnet]
