"""The ranking: Aufgabenfelder by the number of Kommunen that declare interest, today or when a round was closed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bestandsaufnahme.abfragen.interesse.rangliste_innen import Innen, innen
from bestandsaufnahme.abfragen.interesse.staende import Summen, ueberliefert
from bestandsaufnahme.abfragen.interesse.stimmen import Stimme, Zahlen
from bestandsaufnahme.models import Aufgabenfeld, Interessenrunde
from kommunen.models import Kommune

NICHT_AUFGEFUEHRT = "nicht aufgeführt"
AUSTAUSCH_OHNE_FELD = "Info-Austausch ohne bestimmtes Feld"


@dataclass(frozen=True)
class Rang:
    """A field of the ranking; `kommunen` None where the source doesn't name it.

    `bezeichnung`: what the source calls it. `daneben`: the number of the other Stand, None where it has none.
    """

    platz: int
    feld: str
    slug: str
    url: str
    kommunen: int | None
    zahlen: Zahlen
    bezeichnung: str = ""
    innen: Innen | None = None
    daneben: int | None = None

    @property
    def text(self) -> str:
        return in_worten(self.kommunen)

    @property
    def text_daneben(self) -> str:
        return in_worten(self.daneben)

    @property
    def dazu(self) -> str:
        """Return in words what stands behind the number, or doesn't count."""
        zahlen = self.zahlen
        teile = (
            f"{zahlen.fuehrend} {'würde' if zahlen.fuehrend == 1 else 'würden'} federführen" if zahlen.fuehrend else "",
            f"dazu {zahlen.nur_beispiel} als Beispiel" if zahlen.nur_beispiel else "",
            f"{zahlen.wartend} {'wartet' if zahlen.wartend == 1 else 'warten'} auf Bestätigung"
            if zahlen.wartend
            else "",
        )
        return " · ".join(filter(None, teile))


@dataclass(frozen=True)
class Rangliste:
    """`ohne` counts those that name no field. `mit_arten`: it is known who declared what, not the totals alone."""

    raenge: list[Rang]
    ohne: Rang
    titel: str
    mit_arten: bool
    runde: bool = False
    hinweis: str = ""
    quelle: str = ""
    jahr: int | None = None
    beispiel: bool = False
    ueberliefert: bool = False

    @property
    def hat_ohne(self) -> bool:
        zahlen = self.ohne.zahlen
        return bool(zahlen.kommunen or zahlen.nur_beispiel or zahlen.wartend)

    @property
    def mit_ohne(self) -> list[Rang]:
        """Return the fields, and last what names none, where there is any."""
        return [*self.raenge, self.ohne] if self.hat_ohne else self.raenge

    @property
    def leer(self) -> bool:
        return not any(rang.kommunen for rang in [*self.raenge, self.ohne])

    @property
    def mit_beispielen(self) -> bool:
        return any(rang.zahlen.nur_beispiel for rang in self.mit_ohne)

    @property
    def wartend(self) -> int:
        return sum(rang.zahlen.wartend for rang in self.mit_ohne)

    @property
    def summe(self) -> int:
        return sum(rang.kommunen or 0 for rang in self.raenge)

    @property
    def genannt(self) -> int:
        return sum(bool(rang.kommunen) for rang in self.raenge)

    @property
    def ohne_angabe(self) -> int:
        return sum(rang.kommunen is None for rang in self.raenge)

    @property
    def hoechste(self) -> int:
        return max((rang.kommunen or 0 for rang in self.raenge), default=0)


def in_worten(anzahl: int | None) -> str:
    return NICHT_AUFGEFUEHRT if anzahl is None else str(anzahl)


def rangliste(stimmen: Iterable[Stimme], *, felder: Sequence[Aufgabenfeld]) -> Rangliste:
    """Return the ranking of today; fields with none are included, equal numbers share a place."""
    je_feld = _je_feld(stimmen)
    raenge = [_rang(feld, je_feld[feld.pk]) for feld in felder]
    return Rangliste(_mit_plaetzen(raenge), _rang(None, je_feld[None]), titel="Heute", mit_arten=True)


def rangliste_der_runde(
    runde: Interessenrunde,
    summen: Summen | None,
    *,
    felder: Sequence[Aufgabenfeld],
    stimmen: Iterable[Stimme] | None = None,
) -> Rangliste:
    """Return the kept totals of a round; without `summen` what these `stimmen`, a part of its own, add up to.

    Without `stimmen` the totals are all that is known, or may be.
    """
    je_feld = _je_feld(stimmen or ())
    raenge = [_rang(feld, je_feld[feld.pk]) for feld in felder]
    if summen is not None:
        raenge = [_mit_summe(rang, summen, feld) for rang, feld in zip(raenge, felder, strict=True)]
    return Rangliste(
        _mit_plaetzen(raenge),
        _rang(None, je_feld[None]),
        titel=runde.name,
        mit_arten=stimmen is not None,
        runde=True,
        hinweis=runde.hinweis,
        quelle=runde.quelle,
        jahr=runde.jahr,
        beispiel=runde.beispiel,
        ueberliefert=ueberliefert(runde),
    )


def mit_innen(
    liste: Rangliste,
    stimmen: Iterable[Stimme],
    *,
    felder: Iterable[Aufgabenfeld],
    kommunen: Sequence[Kommune],
    alle_teile: bool = False,
) -> Rangliste:
    """Return the ranking with what stands behind each of its numbers: for those who may know."""
    je_feld = _je_feld(stimmen)
    je_slug = {feld.slug: feld for feld in felder}
    raenge = []
    for rang in liste.raenge:
        feld = je_slug[rang.slug]
        raenge.append(replace(rang, innen=innen(je_feld[feld.pk], feld=feld, kommunen=kommunen, alle_teile=alle_teile)))
    ohne = replace(liste.ohne, innen=innen(je_feld[None], feld=None, kommunen=kommunen))
    return replace(liste, raenge=raenge, ohne=ohne)


def nur(liste: Rangliste, slug: str) -> Rangliste:
    """Return this field alone, with its place among all."""
    return replace(liste, raenge=[rang for rang in liste.raenge if rang.slug == slug], ohne=_rang(None, []))


def mit_vergleich(liste: Rangliste, andere: Rangliste) -> Rangliste:
    """Return the ranking with the number of the other one beside each of its own."""
    zahlen = {rang.slug: rang.kommunen for rang in andere.raenge}
    return replace(liste, raenge=[replace(rang, daneben=zahlen.get(rang.slug)) for rang in liste.raenge])


def _je_feld(stimmen: Iterable[Stimme]) -> dict[int | None, list[Stimme]]:
    je_feld: dict[int | None, list[Stimme]] = defaultdict(list)
    for stimme in stimmen:
        je_feld[stimme.feld].append(stimme)
    return je_feld


def _rang(feld: Aufgabenfeld | None, stimmen: list[Stimme]) -> Rang:
    zahlen = Zahlen.aus(stimmen)
    return Rang(
        platz=0,
        feld=feld.name if feld else AUSTAUSCH_OHNE_FELD,
        slug=feld.slug if feld else "",
        url=feld.get_absolute_url() if feld else "",
        kommunen=zahlen.kommunen,
        zahlen=zahlen,
    )


def _mit_summe(rang: Rang, summen: Summen, feld: Aufgabenfeld) -> Rang:
    summe = summen.get(feld.pk)
    if summe is None:
        return replace(rang, kommunen=None)
    return replace(rang, kommunen=summe.anzahl, bezeichnung=summe.bezeichnung if summe.bezeichnung != rang.feld else "")


def _mit_plaetzen(raenge: list[Rang]) -> list[Rang]:
    """Return them the most wanted first; among equals those that an example names, then as the fields are ordered."""
    geordnet = sorted(
        raenge, key=lambda rang: (rang.kommunen is None, -(rang.kommunen or 0), -rang.zahlen.nur_beispiel)
    )
    folge = [rang.kommunen for rang in geordnet]
    return [replace(rang, platz=folge.index(rang.kommunen) + 1) for rang in geordnet]
