"""What the portal knows when a file is laid beside it: the whole matrix through time, in seven queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import starmap

from bestandsaufnahme.abfragen.einlesung.angabe import Kommunename
from bestandsaufnahme.abfragen.einlesung.werte import vergleichbar
from bestandsaufnahme.abfragen.kooperation.zustand import ende_der_kooperation
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beteiligung,
    Erhebung,
    Kooperation,
    Kooperationsfeld,
    Kooperationsstand,
)
from kommunen.models import Kommune

NAMEN = ("ags", "name", "kurzname", "kuerzel")
FeldSchluessel = tuple[int, str]  # Aufgabenfeld, comparable name of the Kooperationsfeld


@dataclass(slots=True, eq=False)
class Spanne:
    """A span of a Kommune in a Kooperation, as it is and as it is to be; without a key it is new."""

    pk: int | None
    kommune: int
    ab: date
    bis: date | None
    status: str
    rolle: str
    vorgesehen_bis: date | None
    herkunft: str
    erhebung: int | None
    beendet_durch: int | None = None
    geaendert: bool = False

    @property
    def beschreibung(self) -> tuple[str, str, date | None]:
        return self.status, self.rolle, self.vorgesehen_bis


@dataclass(slots=True, eq=False)
class Feld:
    pk: int | None
    aufgabenfeld: int
    name: str


@dataclass(slots=True, eq=False)
class Koop:
    """A Kooperation that there is, or that the file names first. `namen`, `rechtsformen`, `partner` hold all it had."""

    pk: int | None
    feld: Feld
    zeichen: str
    bezeichnung: str
    namen: set[str] = field(default_factory=set)
    rechtsformen: set[str] = field(default_factory=set)
    partner: list[frozenset[str]] = field(default_factory=list)
    partnernamen: tuple[str, ...] = ()
    rechtsform: str = ""
    seit: str = ""
    bestaetigt: date | None = None
    ende: date | None = None  # the last day on which it holds
    zeiten: dict[int, list[Spanne]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class Bestand:
    kommunen: list[Kommunename]
    aufgabenfelder: dict[str, tuple[int, str]]
    felder: dict[FeldSchluessel, Feld]
    kooperationen: list[Koop]
    erhebungen: dict[date, int]  # by Stichtag, examples aside

    def zeichen(self) -> dict[FeldSchluessel, set[str]]:
        """Return the marks that are taken in each Kooperationsfeld."""
        vergeben: dict[FeldSchluessel, set[str]] = defaultdict(set)
        for koop in self.kooperationen:
            vergeben[koop.feld.aufgabenfeld, vergleichbar(koop.feld.name)].add(koop.zeichen)
        return vergeben


def lade() -> Bestand:
    felder = [Feld(*werte) for werte in Kooperationsfeld.objects.values_list("pk", "aufgabenfeld_id", "name")]
    return Bestand(
        kommunen=list(starmap(Kommunename, Kommune.objects.values_list("pk", *NAMEN))),
        aufgabenfelder=_aufgabenfelder(),
        felder={(feld.aufgabenfeld, vergleichbar(feld.name)): feld for feld in felder},
        kooperationen=_kooperationen({feld.pk: feld for feld in felder}),
        erhebungen=dict(Erhebung.objects.filter(beispiel=False).values_list("stichtag", "pk")),
    )


def _aufgabenfelder() -> dict[str, tuple[int, str]]:
    """By comparable name; an alias never hides a name."""
    zeilen = list(Aufgabenfeld.objects.values_list("pk", "name", "aliase"))
    nach_alias = {vergleichbar(alias): (pk, name) for pk, name, aliase in zeilen for alias in aliase}
    return nach_alias | {vergleichbar(name): (pk, name) for pk, name, _ in zeilen}


def _kooperationen(felder: dict[int | None, Feld]) -> list[Koop]:
    koops: dict[int, Koop] = {}
    zeilen = Kooperation.objects.order_by("pk").values_list(
        *("pk", "kooperationsfeld_id", "symbol", "bezeichnung", "rechtsform", "bis", "bis_genauigkeit"),
        "externe_partner__name",
    )
    for pk, feld, symbol, bezeichnung, rechtsform, bis, genauigkeit, partner in zeilen:
        koop = koops.get(pk)
        if koop is None:
            koop = koops[pk] = Koop(pk, felder[feld], symbol, bezeichnung, {vergleichbar(bezeichnung)}, {rechtsform})
            koop.ende = ende_der_kooperation(Kooperation(bis=bis, bis_genauigkeit=genauigkeit)) if bis else None
        koop.partnernamen += (partner,) if partner else ()
    for koop in koops.values():
        koop.partner.append(frozenset(map(vergleichbar, koop.partnernamen)))
    _fruehere_staende(koops)
    _zeiten(koops)
    return list(koops.values())


def _fruehere_staende(koops: dict[int, Koop]) -> None:
    staende = Kooperationsstand.objects.values_list("kooperation_id", "bezeichnung", "rechtsform", "externe_partner")
    for pk, bezeichnung, rechtsform, partner in staende:
        koops[pk].namen.add(vergleichbar(bezeichnung))
        koops[pk].rechtsformen.add(rechtsform)
        koops[pk].partner.append(frozenset(map(vergleichbar, partner)))


def _zeiten(koops: dict[int, Koop]) -> None:
    zeilen = Beteiligung.objects.order_by("gilt_ab").values_list(
        *("kooperation_id", "pk", "kommune_id", "gilt_ab", "gilt_bis", "status", "rolle", "vorgesehen_bis"),
        *("herkunft", "erhebung_id", "beendet_durch_id"),
    )
    for pk, *werte in zeilen:
        spanne = Spanne(*werte)
        koops[pk].zeiten[spanne.kommune].append(spanne)
