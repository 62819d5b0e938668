"""Reading rounds of declarations: the list, what has come back, whom to write to, what would count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.urls import reverse

from bestandsaufnahme.abfragen.erhebung.erhebung import anzahl_je, faellig_in_worten
from bestandsaufnahme.abfragen.erhebung.ruecklauf import Adressaten, anzuschreibende
from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenbekundung, Interessenrunde, Rundennennung, Rundenrueckmeldung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from ikz_portal.basis.formate import beide_namen, tag

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
class Rueckmeldungszeile:
    """What the Geschäftsstelle sees of a Kommune in a round; `am` is empty while its answer is missing."""

    kommune: str
    kommune_url: str
    am: str
    durch: str
    vermerk: str
    in_der_runde: int
    gueltige: int
    erinnert: str
    ohne_konto: bool


@dataclass(frozen=True, slots=True)
class Ruecklauf:
    """Who has answered: by a declaration in the round, or by saying that there is nothing to add."""

    zeilen: list[Rueckmeldungszeile]

    @property
    def gesamt(self) -> int:
        return len(self.zeilen)

    @property
    def mit_bekundung(self) -> int:
        return sum(bool(zeile.am and zeile.in_der_runde) for zeile in self.zeilen)

    @property
    def zurueck(self) -> int:
        return sum(bool(zeile.am) for zeile in self.zeilen)

    @property
    def nichts_hinzuzufuegen(self) -> int:
        return self.zurueck - self.mit_bekundung

    @property
    def fehlend(self) -> list[str]:
        return [zeile.kommune for zeile in self.zeilen if not zeile.am]

    @property
    def ohne_konto(self) -> list[str]:
        return [zeile.kommune for zeile in self.zeilen if zeile.ohne_konto]

    @property
    def teile(self) -> list[str]:
        """Return the kind of answer of each Kommune, for a bar with one part for each."""
        bekundet, ohne = self.mit_bekundung, self.nichts_hinzuzufuegen
        return ["bekundet"] * bekundet + ["nichts"] * ohne + ["offen"] * len(self.fehlend)


@dataclass(frozen=True, slots=True)
class EigeneRueckmeldung:
    """What a Kommune sees of itself in a round; `fruehere` are declarations that count and are older than the round."""

    kommune: str
    ags: str
    am: str
    durch: str
    vermerk: str
    bekundungen: list[Interessenbekundung]
    fruehere: int


@dataclass(frozen=True, slots=True)
class Zaehlung:
    """What would count if the round were closed now."""

    bekundungen: int
    kommunen: int
    fruehere: int
    unbestaetigte: int


@dataclass(frozen=True, slots=True)
class LaufendeRunde:
    """A round that runs, for the Geschäftsstelle."""

    name: str
    url: str
    beispiel: bool
    frist: str
    faellig: str
    zurueck: int
    gesamt: int


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
        nennungen=Sum("ergebnisse__anzahl"),
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
            nennungen=runde.nennungen,
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


# --- what has come back -----------------------------------------------------------------------------------------------
def fehlende(runde: Interessenrunde) -> QuerySet[Rundenrueckmeldung]:
    """Return the questions to Kommunen that are not answered yet."""
    return runde.rueckmeldungen.filter(am__isnull=True).select_related("kommune", "runde")


def noch_nicht_erinnerte(runde: Interessenrunde, *, seit: date) -> QuerySet[Rundenrueckmeldung]:
    """Return those that are missing and got no reminder since that day."""
    return fehlende(runde).filter(Q(erinnert_am__isnull=True) | Q(erinnert_am__lt=seit))


def ruecklauf(rueckmeldungen: QuerySet[Rundenrueckmeldung], *, heute: date) -> Ruecklauf:
    """Return the state of each Kommune. 3 queries."""
    alle = list(_mit_zahlen(rueckmeldungen, heute))
    konten = anzuschreibende([zeile.kommune for zeile in alle], heute=heute)
    return Ruecklauf([_rueckmeldungszeile(zeile, ohne_konto=not konten[zeile.kommune_id]) for zeile in alle])


def _mit_zahlen(rueckmeldungen: QuerySet[Rundenrueckmeldung], heute: date) -> QuerySet[Any]:
    eigene = Interessenbekundung.objects.filter(kommune=OuterRef("kommune"))
    return rueckmeldungen.select_related("kommune", "durch", "fuer").annotate(
        in_der_runde=anzahl_je(eigene.filter(runde=OuterRef("runde")), "kommune"),
        gueltige=anzahl_je(eigene.gueltige(heute).filter(_je_nach_beispiel()), "kommune"),
    )


def _je_nach_beispiel() -> Q:
    """In an example round examples count as well, in all others facts alone."""
    return Q(beispiel=False) | Q(Value(True), OuterRef("runde__beispiel"))


def _rueckmeldungszeile(zeile: Any, *, ohne_konto: bool) -> Rueckmeldungszeile:
    return Rueckmeldungszeile(
        kommune=zeile.kommune.name,
        kommune_url=zeile.kommune.get_absolute_url(),
        am=tag(zeile.am) if zeile.am else "",
        durch=beide_namen(zeile.durch, zeile.fuer),
        vermerk=zeile.vermerk,
        in_der_runde=zeile.in_der_runde,
        gueltige=zeile.gueltige,
        erinnert=tag(zeile.erinnert_am) if zeile.erinnert_am else "",
        ohne_konto=ohne_konto,
    )


def zu_erinnernde(runde: Interessenrunde, *, heute: date) -> Adressaten:
    """Return whom a reminder would reach now. 3 queries."""
    kommunen = [zeile.kommune for zeile in noch_nicht_erinnerte(runde, seit=heute)]
    konten = anzuschreibende(kommunen, heute=heute)
    return Adressaten(
        kommunen=sum(bool(empfaenger) for empfaenger in konten.values()),
        mails=sum(len(empfaenger) for empfaenger in konten.values()),
        ohne_konto=[kommune.name for kommune in kommunen if not konten[kommune.pk]],
    )
