"""Reading what has come back in a round: numbers, the state of each Kommune, and whom to write to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from bestandsaufnahme.auswahl import OFFENE_FRAGEBOEGEN, AntwortArt, Aussage, FragebogenStatus
from bestandsaufnahme.models import Erhebung, Erinnerung, Fragebogen, Gespraech
from ikz_portal.basis.formate import tag, zeitpunkt
from ikz_portal.basis.models import Statuswechsel
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE
from kommunen.models import Kommune, Konto, Vertretung


@dataclass(frozen=True)
class Ruecklauf:
    """How many Fragebögen are in each state, the furthest first."""

    je_status: list[tuple[FragebogenStatus, int]]

    @property
    def gesamt(self) -> int:
        return sum(anzahl for _, anzahl in self.je_status)

    @property
    def zurueck(self) -> int:
        return sum(anzahl for status, anzahl in self.je_status if status not in OFFENE_FRAGEBOEGEN)

    @property
    def fehlend(self) -> int:
        return self.gesamt - self.zurueck

    @property
    def teile(self) -> list[str]:
        """Return the state of each Fragebogen, for a bar with one part for each."""
        return [status.value for status, anzahl in self.je_status for _ in range(anzahl)]


@dataclass(frozen=True)
class RuecklaufZeile:
    """What the Geschäftsstelle sees of a Kommune in a round."""

    kommune: str
    kommune_url: str
    ags: str
    status: FragebogenStatus
    seit: str
    erinnert: str
    gespraech: str
    ohne_konto: bool
    papier: str
    offen: bool


@dataclass(frozen=True)
class EigenerFragebogen:
    """What a Kommune sees of its own Fragebogen: how many of its questions are answered."""

    kommune: str
    ags: str
    status: FragebogenStatus
    offen: bool
    beantwortet: int
    fragen: int


@dataclass(frozen=True)
class GespraechZeile:
    pk: int
    kommune: str
    am: str
    ort: str
    anwesende: str
    notizen: str


@dataclass(frozen=True)
class Adressaten:
    """How many Kommunen a letter is for, how many mails that makes, and for whom nobody has a Konto."""

    kommunen: int
    mails: int
    ohne_konto: list[str]


def zahlen(erhebung: Erhebung) -> Ruecklauf:
    gezaehlt = dict(erhebung.frageboegen.order_by().values_list("status").annotate(Count("pk")))
    return Ruecklauf([(status, gezaehlt.get(status.value, 0)) for status in reversed(FragebogenStatus)])


def mit_stand(frageboegen: QuerySet[Fragebogen], *, heute: date) -> QuerySet[Fragebogen]:
    """Annotate since when it is in its state, the last reminder and interview, and whether anybody has a Konto."""
    erinnert = Erinnerung.objects.filter(fragebogen=OuterRef("pk")).order_by("-am")
    gespraech = Gespraech.objects.filter(erhebung=OuterRef("erhebung"), kommune=OuterRef("kommune")).order_by("-am")
    return frageboegen.select_related("kommune").annotate(
        seit=Statuswechsel.objects.status_am(Fragebogen, heute, "gueltig_ab"),
        erinnert_am=Subquery(erinnert.values("am")[:1]),
        gespraech_am=Subquery(gespraech.values("am")[:1]),
        hat_konto=Exists(_konten().filter(kommune=OuterRef("kommune"))),
    )


def zeilen(frageboegen: Iterable[Any], *, erhebung: Erhebung) -> list[RuecklaufZeile]:
    """Take them with their state (`mit_stand`); one that is still open is so since the round began."""
    return [
        RuecklaufZeile(
            kommune=bogen.kommune.name,
            kommune_url=bogen.kommune.get_absolute_url(),
            ags=bogen.kommune.ags,
            status=bogen.marke_des_status,
            seit=tag(bogen.seit or erhebung.beginn),
            erinnert=tag(bogen.erinnert_am) if bogen.erinnert_am else "",
            gespraech=zeitpunkt(bogen.gespraech_am) if bogen.gespraech_am else "",
            ohne_konto=not bogen.hat_konto,
            papier=bogen.papier_vermerk,
            offen=bogen.ist_offen,
        )
        for bogen in frageboegen
    ]


def eigene(frageboegen: QuerySet[Fragebogen]) -> list[EigenerFragebogen]:
    """Return those of the own Kommunen with how much is answered."""
    return [
        EigenerFragebogen(
            kommune=bogen.kommune.name,
            ags=bogen.kommune.ags,
            status=bogen.marke_des_status,
            offen=bogen.ist_offen,
            beantwortet=bogen.fragen - bogen.unbeantwortet,
            fragen=bogen.fragen,
        )
        for bogen in mit_fragen(frageboegen)
    ]


def mit_fragen(frageboegen: QuerySet[Fragebogen]) -> QuerySet[Any]:
    """Annotate how many questions it has (`fragen`) and how many of them wait for an answer (`unbeantwortet`)."""
    gefragt = ~Q(antworten__art=AntwortArt.NEU)
    return (
        frageboegen.select_related("kommune", "erhebung")
        .annotate(
            fragen=Count("antworten", filter=gefragt),
            unbeantwortet=Count("antworten", filter=gefragt & Q(antworten__aussage=Aussage.OFFEN)),
        )
        .order_by("kommune__sortierung")
    )


def gespraeche(sichtbare: QuerySet[Gespraech]) -> list[GespraechZeile]:
    return [
        GespraechZeile(
            pk=gespraech.pk,
            kommune=gespraech.kommune.name,
            am=zeitpunkt(gespraech.am),
            ort=gespraech.ort,
            anwesende=gespraech.anwesende,
            notizen=gespraech.notizen,
        )
        for gespraech in sichtbare.select_related("kommune")
    ]


def offene_punkte(erhebung: Erhebung) -> tuple[list[str], list[str]]:
    """Return the Kommunen that are missing, and those whose answers are released but not taken over yet."""
    staende = list(erhebung.frageboegen.values_list("kommune__name", "status"))
    fehlend = [kommune for kommune, status in staende if status in OFFENE_FRAGEBOEGEN]
    fertig = (*OFFENE_FRAGEBOEGEN, FragebogenStatus.UEBERNOMMEN)
    return fehlend, [kommune for kommune, status in staende if status not in fertig]


# --- whom to write to -------------------------------------------------------------------------------------------------
def fehlende(erhebung: Erhebung) -> QuerySet[Fragebogen]:
    """Return the Fragebögen that the Kommunen still have."""
    return erhebung.frageboegen.filter(status__in=OFFENE_FRAGEBOEGEN).select_related("kommune")


def noch_nicht_erinnerte(erhebung: Erhebung, *, seit: date) -> QuerySet[Fragebogen]:
    """Return those that are missing and got no reminder since that day."""
    erinnert = Erinnerung.objects.filter(fragebogen=OuterRef("pk"), am__gte=seit)
    return fehlende(erhebung).exclude(Exists(erinnert))


def anzuschreibende(kommunen: Iterable[Kommune], *, heute: date) -> dict[int, list[Konto]]:
    """Return per Kommune (key) who is told: contacts, head, and who stands in for the head today; nobody is missing."""
    gefunden: dict[int | None, dict[int, Konto]] = {kommune.pk: {} for kommune in kommunen}
    for konto in _konten().filter(kommune__in=gefunden).order_by("email"):
        gefunden[konto.kommune_id][konto.pk] = konto
    vertretungen = Vertretung.objects.wirksame(heute).filter(
        sitz__isnull=True, vertretener__kommune__in=gefunden, vertreter__is_active=True
    )
    for vertretung in vertretungen.select_related("vertreter", "vertretener"):
        gefunden[vertretung.vertretener.kommune_id][vertretung.vertreter_id] = vertretung.vertreter
    return {kommune: list(konten.values()) for kommune, konten in gefunden.items() if kommune is not None}


def adressaten(kommunen: Iterable[Kommune], *, heute: date) -> Adressaten:
    alle = list(kommunen)
    konten = anzuschreibende(alle, heute=heute)
    return Adressaten(
        kommunen=len(alle),
        mails=sum(len(empfaenger) for empfaenger in konten.values()),
        ohne_konto=[kommune.name for kommune in alle if not konten[kommune.pk]],
    )


def _konten() -> QuerySet[Konto]:
    return Konto.objects.filter(rolle__in=ROLLEN_EINER_KOMMUNE, is_active=True)
