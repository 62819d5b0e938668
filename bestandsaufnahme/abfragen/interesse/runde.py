"""Reading rounds of declarations: the list, what has come back, whom to write to, what would count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Sum, When

from bestandsaufnahme.abfragen.erhebung.erhebung import anzahl_je, faellig_in_worten
from bestandsaufnahme.abfragen.erhebung.ruecklauf import anzuschreibende
from bestandsaufnahme.abfragen.interesse.interesse import InteresseZeile, feldname, mit_allem
from bestandsaufnahme.abfragen.interesse.interesse import zeilen as interessenzeilen
from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenbekundung, Interessenrunde, Rundennennung, Rundenrueckmeldung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from ikz_portal.basis.diagramme.balken import OHNE_WERT
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
    fruehere: int
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
class Antwortzahl:
    gesamt: int
    zurueck: int


@dataclass(frozen=True, slots=True)
class EigeneRueckmeldung:
    """What a Kommune sees of itself in a round; `fruehere` are declarations that count and are older than the round."""

    kommune: str
    ags: str
    am: str
    durch: str
    vermerk: str
    bekundungen: list[InteresseZeile]
    fruehere: int


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


# --- what has come back -----------------------------------------------------------------------------------------------
def fehlende(runde: Interessenrunde) -> QuerySet[Rundenrueckmeldung]:
    """Return the questions to Kommunen that are not answered yet."""
    return runde.rueckmeldungen.filter(am__isnull=True).select_related("kommune", "runde")


def noch_nicht_erinnerte(runde: Interessenrunde, *, seit: date) -> QuerySet[Rundenrueckmeldung]:
    """Return those that are missing and got no reminder since that day."""
    return fehlende(runde).filter(Q(erinnert_am__isnull=True) | Q(erinnert_am__lt=seit))


def ruecklauf(runde: Interessenrunde, rueckmeldungen: QuerySet[Rundenrueckmeldung], *, heute: date) -> Ruecklauf:
    """Return the state of each Kommune. 3 queries."""
    alle = list(_mit_zahlen(runde, rueckmeldungen, heute=heute))
    konten = anzuschreibende([zeile.kommune for zeile in alle], heute=heute)
    return Ruecklauf([_rueckmeldungszeile(zeile, ohne_konto=not konten[zeile.kommune_id]) for zeile in alle])


def _rueckmeldungszeile(zeile: Any, *, ohne_konto: bool) -> Rueckmeldungszeile:
    return Rueckmeldungszeile(
        kommune=zeile.kommune.name,
        kommune_url=zeile.kommune.get_absolute_url(),
        am=tag(zeile.am) if zeile.am else "",
        durch=beide_namen(zeile.durch, zeile.fuer),
        vermerk=zeile.vermerk,
        in_der_runde=zeile.in_der_runde,
        fruehere=zeile.fruehere,
        erinnert=tag(zeile.erinnert_am) if zeile.erinnert_am else "",
        ohne_konto=ohne_konto,
    )


def eigene(
    runde: Interessenrunde,
    rueckmeldungen: QuerySet[Rundenrueckmeldung],
    interessen: InteressenbekundungQuerySet,
    *,
    heute: date,
) -> list[EigeneRueckmeldung]:
    """Return what those Kommunen see of themselves, with their filed declarations of the round. 2 queries."""
    gefragte = list(_mit_zahlen(runde, rueckmeldungen, heute=heute))
    in_der_runde: dict[int, list[Interessenbekundung]] = {zeile.kommune_id: [] for zeile in gefragte}
    for interesse in mit_allem(interessen.filter(runde=runde, kommune__in=in_der_runde)):
        in_der_runde[interesse.kommune_id].append(interesse)
    return [
        EigeneRueckmeldung(
            kommune=zeile.kommune.name,
            ags=zeile.kommune.ags,
            am=tag(zeile.am) if zeile.am else "",
            durch=beide_namen(zeile.durch, zeile.fuer),
            vermerk=zeile.vermerk,
            bekundungen=interessenzeilen(in_der_runde[zeile.kommune_id], heute=heute),
            fruehere=zeile.fruehere,
        )
        for zeile in gefragte
    ]


def _mit_zahlen(runde: Interessenrunde, rueckmeldungen: QuerySet[Rundenrueckmeldung], *, heute: date) -> QuerySet[Any]:
    """Annotate how many declarations each Kommune filed in the round, and how many older ones count as well."""
    in_der_runde = Interessenbekundung.objects.filter(runde=runde, kommune=OuterRef("kommune"))
    if runde.status == RundeStatus.ABGESCHLOSSEN:
        alle = Interessenbekundung.objects.filter(nennungen__runde=runde)
    else:
        alle = zaehlende(runde, heute=heute)
    fruehere = alle.exclude(runde=runde).filter(kommune=OuterRef("kommune"))
    return (
        rueckmeldungen.filter(runde=runde)
        .select_related("kommune", "durch", "fuer")
        .annotate(in_der_runde=anzahl_je(in_der_runde, "kommune"), fruehere=anzahl_je(fruehere, "kommune"))
        .order_by("kommune__sortierung")
    )


def zahlen(runde: Interessenrunde) -> Antwortzahl:
    return Antwortzahl(**runde.rueckmeldungen.order_by().aggregate(gesamt=Count("pk"), zurueck=Count("am")))


def laufende(runden: QuerySet[Interessenrunde], *, heute: date) -> list[LaufendeRunde]:
    """Return those that run, with what has come back. One query."""
    return [
        LaufendeRunde(
            name=runde.name,
            url=runde.get_absolute_url(),
            beispiel=runde.beispiel,
            frist=tag(runde.frist),
            faellig=faellig(runde, heute=heute),
            zurueck=runde.zurueck,
            gesamt=runde.gesamt,
        )
        for runde in mit_ruecklauf(runden.filter(status=RundeStatus.LAEUFT))
    ]


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
