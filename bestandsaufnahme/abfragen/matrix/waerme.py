"""How many Kooperationen each Kommune has in each field, counted in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from bestandsaufnahme.abfragen.matrix.seiten import ZEILEN_JE_SEITE, Feld
from bestandsaufnahme.models import Aufgabenfeld
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from kommunen.models import Kommune

FELD, AUFGABENFELD = "kooperation__kooperationsfeld_id", "kooperation__kooperationsfeld__aufgabenfeld_id"


@dataclass(frozen=True)
class Waermezeile:
    """An Aufgabenfeld (with its slug) or one of its Kooperationsfelder; `gesamt` counts each Kooperation once."""

    name: str
    slug: str
    werte: list[int]
    gesamt: int


@dataclass(frozen=True)
class Waermegruppe:
    kopf: Waermezeile
    zeilen: list[Waermezeile]


@dataclass(frozen=True)
class Waerme:
    """`einzeln`: the Kooperationsfelder stand under each Aufgabenfeld; else there are too many of them."""

    gruppen: list[Waermegruppe]
    summen: list[int]
    gesamt: int
    einzeln: bool
    ohne_felder: list[str]


def waerme(
    beteiligungen: BeteiligungQuerySet,
    *,
    felder: Sequence[Feld],
    aufgabenfelder: Mapping[int, Aufgabenfeld],
    spalten: Sequence[Kommune],
    einzeln: bool | None = None,
) -> Waerme:
    """Take countable Beteiligungen of one day and the fields to show. Two queries."""
    if einzeln is None:
        einzeln = len(felder) <= ZEILEN_JE_SEITE
    zahlen = _Zahlen(beteiligungen, FELD if einzeln else AUFGABENFELD, spalten)
    gruppen = []
    for schluessel, darin in _je_aufgabenfeld(felder).items():
        zeilen = [zahlen.zeile(feld.name, "", [feld.pk]) for feld in darin if einzeln]
        teile = [feld.pk for feld in darin] if einzeln else [schluessel]
        oben = aufgabenfelder[schluessel]
        gruppen.append(Waermegruppe(zahlen.zeile(oben.name, oben.slug, teile), zeilen))
    koepfe = [gruppe.kopf for gruppe in gruppen]
    belegt = {feld.aufgabenfeld for feld in felder}
    return Waerme(
        gruppen=gruppen,
        summen=[sum(kopf.werte[stelle] for kopf in koepfe) for stelle in range(len(spalten))],
        gesamt=sum(kopf.gesamt for kopf in koepfe),
        einzeln=einzeln,
        ohne_felder=[oben.name for schluessel, oben in aufgabenfelder.items() if schluessel not in belegt],
    )


class _Zahlen:
    """The number of Kooperationen by field and Kommune, and by field alone."""

    def __init__(self, beteiligungen: BeteiligungQuerySet, ebene: str, spalten: Sequence[Kommune]) -> None:
        anzahl = Count("kooperation_id", distinct=True)
        self.spalten = spalten
        self.je_feld: dict[int, int] = dict(beteiligungen.values_list(ebene).annotate(anzahl=anzahl))
        je_zelle = beteiligungen.values_list(ebene, "kommune_id").annotate(anzahl=anzahl)
        self.je_zelle = {(feld, kommune): zahl for feld, kommune, zahl in je_zelle}

    def zeile(self, name: str, slug: str, teile: Sequence[int]) -> Waermezeile:
        """Add up: no Kooperation belongs to two fields."""
        werte = [sum(self.je_zelle.get((teil, kommune.pk), 0) for teil in teile) for kommune in self.spalten]
        return Waermezeile(name, slug, werte, sum(self.je_feld.get(teil, 0) for teil in teile))


def _je_aufgabenfeld(felder: Sequence[Feld]) -> dict[int, list[Feld]]:
    gruppen: dict[int, list[Feld]] = {}
    for feld in felder:
        gruppen.setdefault(feld.aufgabenfeld, []).append(feld)
    return gruppen
