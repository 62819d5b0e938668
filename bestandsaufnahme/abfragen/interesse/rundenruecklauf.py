"""Reading what has come back in a round of declarations: who has answered how, and who is missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet

from bestandsaufnahme.abfragen.erhebung.erhebung import anzahl_je
from bestandsaufnahme.abfragen.erhebung.ruecklauf import anzuschreibende
from bestandsaufnahme.abfragen.interesse.interesse import InteresseZeile, mit_allem
from bestandsaufnahme.abfragen.interesse.interesse import zeilen as interessenzeilen
from bestandsaufnahme.abfragen.interesse.runde import faellig, mit_ruecklauf, zaehlende
from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenbekundung, Interessenrunde, Rundenrueckmeldung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from ikz_portal.basis.formate import beide_namen, tag


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
    def teile(self) -> list[str]:
        """Return the kind of answer of each Kommune, for a bar with one part for each."""
        bekundet, ohne = self.mit_bekundung, self.nichts_hinzuzufuegen
        return ["bekundet"] * bekundet + ["nichts"] * ohne + ["offen"] * len(self.fehlend)


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
class LaufendeRunde:
    """A round that runs, for the Geschäftsstelle."""

    name: str
    url: str
    beispiel: bool
    frist: str
    faellig: str
    zurueck: int
    gesamt: int


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
