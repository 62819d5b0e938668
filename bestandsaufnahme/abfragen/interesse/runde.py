"""Reading rounds of declarations: the list, facts of one, what counts in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Sum, When

from bestandsaufnahme.abfragen.erhebung.erhebung import anzahl_je, faellig_in_worten
from bestandsaufnahme.abfragen.interesse.interesse import feldname
from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenbekundung, Interessenrunde, Rundennennung, Rundenrueckmeldung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from ikz_portal.basis.diagramme.balken import OHNE_WERT
from ikz_portal.basis.formate import tag

NICHT_UEBERLIEFERT = "nicht überliefert"


@dataclass(frozen=True, slots=True)
class RundeZeile:
    """A row of the list; `gesamt` None where nobody was asked by the portal, `nennungen` where nothing is stored."""

    url: str
    name: str
    status: RundeStatus
    eroeffnet: str
    frist: str
    faellig: str
    zurueck: int | None
    gesamt: int | None
    nennungen: int | None
    veroeffentlicht: bool
    beispiel: bool


@dataclass(frozen=True, slots=True)
class Ergebniszeile:
    """A field with the number of Kommunen; `anzahl` None where the source doesn't name it."""

    feld: str
    url: str
    bezeichnung: str
    anzahl: int | None

    @property
    def text(self) -> str:
        return OHNE_WERT if self.anzahl is None else str(self.anzahl)


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """The totals of a finished round, the most wanted field first."""

    zeilen: list[Ergebniszeile]

    @property
    def summe(self) -> int:
        return sum(zeile.anzahl or 0 for zeile in self.zeilen)

    @property
    def genannt(self) -> int:
        return sum(bool(zeile.anzahl) for zeile in self.zeilen)

    @property
    def ohne_angabe(self) -> int:
        return sum(zeile.anzahl is None for zeile in self.zeilen)


@dataclass(frozen=True, slots=True)
class Nennungszeile:
    """A declaration that counted when the round was closed."""

    kommune: str
    feld: str
    art: str
    stufe: str
    url: str
    beispiel: bool


@dataclass(frozen=True, slots=True)
class Zaehlung:
    """What would count if the round were closed now."""

    bekundungen: int
    kommunen: int
    fruehere: int
    unbestaetigte: int


# --- the list ---------------------------------------------------------------------------------------------------------
def geordnet(runden: QuerySet[Interessenrunde]) -> QuerySet[Interessenrunde]:
    """What is to be done comes first, then the results, the newest first; one without a year is older than any."""
    rang = Case(When(status=RundeStatus.LAEUFT, then=0), When(status=RundeStatus.VORBEREITUNG, then=1), default=2)
    return runden.order_by(rang, F("jahr").desc(nulls_last=True), "-pk")


def mit_ruecklauf(runden: QuerySet[Interessenrunde]) -> QuerySet[Any]:
    """Annotate how many Kommunen were asked (`gesamt`), have answered (`zurueck`), and the sum of the totals."""
    alle = Rundenrueckmeldung.objects.filter(runde=OuterRef("pk"))
    return runden.annotate(
        gesamt=anzahl_je(alle, "runde"),
        zurueck=anzahl_je(alle.filter(am__isnull=False), "runde"),
        summe=Sum("ergebnisse__anzahl"),
    )


def zeilen(runden: Iterable[Any], *, heute: date) -> list[RundeZeile]:
    """Take them with their counts (`mit_ruecklauf`)."""
    return [
        RundeZeile(
            url=runde.get_absolute_url(),
            name=runde.name,
            status=runde.marke_des_status,
            eroeffnet=eroeffnet(runde),
            frist=tag(runde.frist),
            faellig=faellig(runde, heute=heute),
            zurueck=runde.zurueck if runde.gesamt else None,
            gesamt=runde.gesamt or None,
            nennungen=runde.summe,
            veroeffentlicht=runde.veroeffentlicht,
            beispiel=runde.beispiel,
        )
        for runde in runden
    ]


def eroeffnet(runde: Interessenrunde) -> str:
    """Return the day it was opened, or as much of it as is known."""
    if runde.beginn is not None:
        return tag(runde.beginn)
    if runde.status == RundeStatus.VORBEREITUNG:
        return "noch nicht"
    return str(runde.jahr) if runde.jahr else NICHT_UEBERLIEFERT


def faellig(runde: Interessenrunde, *, heute: date) -> str:
    """Return „fällig in 5 Tagen“ or „seit 3 Tagen überfällig“ while the round runs."""
    return faellig_in_worten(runde.frist, heute=heute) if runde.status == RundeStatus.LAEUFT else ""


def fakten(runde: Interessenrunde) -> list[tuple[str, str]]:
    """Return what is known of the round, as pairs for the page."""
    paare = [
        ("Eröffnet", eroeffnet(runde)),
        ("Frist", tag(runde.frist) if runde.frist else ""),
        ("Abgeschlossen", tag(runde.abgeschlossen_am) if runde.abgeschlossen_am else ""),
        ("Quelle", runde.quelle),
    ]
    return [(name, wert) for name, wert in paare if wert]


# --- what counts ------------------------------------------------------------------------------------------------------
def zaehlende(runde: Interessenrunde, *, heute: date) -> InteressenbekundungQuerySet:
    """Return the declarations that count when the round is closed on this day, also those from before it.

    Examples count in an example round alone.
    """
    return _je_nach_beispiel(runde).gueltige(heute)


def zaehlung(runde: Interessenrunde, *, heute: date) -> Zaehlung:
    """Return what closing it today would keep. 2 queries."""
    gezaehlt = (
        zaehlende(runde, heute=heute)
        .order_by()
        .aggregate(
            bekundungen=Count("pk"),
            kommunen=Count("kommune", distinct=True),
            in_der_runde=Count("pk", filter=Q(runde=runde)),
        )
    )
    return Zaehlung(
        bekundungen=gezaehlt["bekundungen"],
        kommunen=gezaehlt["kommunen"],
        fruehere=gezaehlt["bekundungen"] - gezaehlt["in_der_runde"],
        unbestaetigte=_je_nach_beispiel(runde).laufende(heute).unbestaetigte().count(),
    )


def _je_nach_beispiel(runde: Interessenrunde) -> InteressenbekundungQuerySet:
    return Interessenbekundung.objects.all() if runde.beispiel else Interessenbekundung.objects.filter(beispiel=False)


def ergebnis(runde: Interessenrunde) -> Ergebnis:
    return Ergebnis(
        [
            Ergebniszeile(
                feld=zeile.aufgabenfeld.name,
                url=zeile.aufgabenfeld.get_absolute_url(),
                bezeichnung=zeile.bezeichnung if zeile.bezeichnung != zeile.aufgabenfeld.name else "",
                anzahl=zeile.anzahl,
            )
            for zeile in runde.ergebnisse.select_related("aufgabenfeld")
        ]
    )


def gezaehlte(runde: Interessenrunde, interessen: InteressenbekundungQuerySet) -> list[Nennungszeile]:
    """Return which of these counted when the round was closed, with the Stufe of that day."""
    nennungen = Rundennennung.objects.filter(runde=runde, interesse__in=interessen)
    felder = ("interesse__kommune", "interesse__aufgabenfeld", "interesse__kooperationsfeld")
    return [
        Nennungszeile(
            kommune=nennung.interesse.kommune.name,
            feld=feldname(nennung.interesse),
            art=nennung.interesse.get_art_display(),
            stufe=nennung.get_stufe_display(),
            url=nennung.interesse.get_absolute_url(),
            beispiel=nennung.interesse.beispiel,
        )
        for nennung in nennungen.select_related(*felder).order_by("interesse__kommune__sortierung", "pk")
    ]
