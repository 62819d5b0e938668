"""The first dashboards: what a Kommune has in the process and what waits for it; the whole for those without one."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from bestandsaufnahme.abfragen.erhebung.fragebogen import LaufendeErhebung, Wartender, laufende, wartende
from bestandsaufnahme.abfragen.interesse.interesse import InteresseZeile, mit_allem
from bestandsaufnahme.abfragen.interesse.interesse import zeilen as interessenzeilen
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte import darf_ruecklauf_sehen, sichtbare_frageboegen, sichtbare_interessen
from ikz_portal.basis.auswahl import LaufStatus, MarkenChoices
from ikz_portal.startseite.abfragen.kennzahl import Kennzahl
from kommunen.models import Kommune, Konto
from kommunen.rechte import handelt_fuer, sichtbare_kommunen, vertretene_kommunen
from projekte.auswahl import Antwort, ProjektStatus
from projekte.models import Bericht, Meilenstein, Teilnahme
from projekte.models.meilenstein import MeilensteinQuerySet
from projekte.models.projekt import ProjektQuerySet
from projekte.rechte import sichtbare_berichte, sichtbare_projekte

# Answers with which a Kommune no longer has a part in a Projekt.
NICHT_DABEI = (Antwort.NIMMT_NICHT_TEIL, Antwort.AUSGESTIEGEN)


@dataclass(frozen=True, slots=True)
class ProjektZeile:
    name: str
    url: str
    beispiel: bool
    status: MarkenChoices
    antwort: MarkenChoices
    wartet: bool


@dataclass(frozen=True, slots=True)
class MeilensteinZeile:
    name: str
    projekt: str
    url: str
    beispiel: bool
    faellig: date
    tage: int
    verantwortlich: str


@dataclass(frozen=True, slots=True)
class VertretungZeile:
    """A Kommune for which somebody acts in the place of its head."""

    kommune: str
    url: str
    spitze: str


@dataclass(frozen=True, slots=True)
class MeineKommune:
    kommune: Kommune
    kennzahlen: list[Kennzahl]
    projekte: list[ProjektZeile]
    ueberfaellige: list[MeilensteinZeile]
    interessen: list[InteresseZeile]

    @property
    def wartende(self) -> list[ProjektZeile]:
        return [zeile for zeile in self.projekte if zeile.wartet]


@dataclass(frozen=True, slots=True)
class Prozess:
    kennzahlen: list[Kennzahl]
    ueberfaellige: list[MeilensteinZeile]
    offene_berichte: list[Bericht]


def vertretungen(konto: Konto) -> list[VertretungZeile]:
    """Return the other Kommunen that it acts for today. A query where there are any."""
    namen = vertretene_kommunen(konto)
    kommunen = sichtbare_kommunen(konto).filter(pk__in=namen) if namen else []
    return [VertretungZeile(k.name, k.get_absolute_url(), namen[k.pk]) for k in kommunen]


def frageboegen(konto: Konto, heute: date) -> list[Wartender]:
    """Return the Fragebögen that wait for it and its colleagues. A query where it acts for a Kommune."""
    kommunen = handelt_fuer(konto)
    return wartende(sichtbare_frageboegen(konto).filter(kommune__in=kommunen), heute=heute) if kommunen else []


def erhebungen(konto: Konto, heute: date) -> list[LaufendeErhebung]:
    """Return the rounds that it still has work with. A query for the Geschäftsstelle."""
    return laufende(sichtbare_frageboegen(konto), heute=heute) if darf_ruecklauf_sehen(konto) else []


def meine_kommune(konto: Konto, kommune: Kommune, heute: date) -> MeineKommune:
    """What the Kommune has in the process on the day. 3 queries."""
    projekte = _projekte(konto, kommune)
    gueltige = sichtbare_interessen(konto).filter(kommune=kommune).gueltige(heute)
    interessen = interessenzeilen(mit_allem(gueltige), heute=heute)
    ueberfaellige = _ueberfaellige(
        Meilenstein.objects.filter(projekt__teilnahmen__in=_teilnahmen(konto, kommune)), heute
    )
    zahlen = [
        Kennzahl(len(projekte), "Projekte Ihrer Kommune", "#projekte", "Projekt Ihrer Kommune"),
        Kennzahl(sum(zeile.wartet for zeile in projekte), "offene Antworten", "#wartet", "offene Antwort"),
        _kennzahl_ueberfaellige(ueberfaellige),
        Kennzahl(len(interessen), "gültige Interessenbekundungen", "#interessen", "gültige Interessenbekundung"),
    ]
    return MeineKommune(kommune, zahlen, projekte, ueberfaellige, interessen)


def _teilnahmen(konto: Konto, kommune: Kommune) -> QuerySet[Teilnahme]:
    return Teilnahme.objects.filter(kommune=kommune, projekt__in=sichtbare_projekte(konto)).exclude(
        antwort__in=NICHT_DABEI
    )


def _projekte(konto: Konto, kommune: Kommune) -> list[ProjektZeile]:
    teilnahmen = _teilnahmen(konto, kommune).select_related("projekt").order_by("projekt__sortierung")
    return [
        ProjektZeile(
            name=teilnahme.projekt.name,
            url=teilnahme.projekt.get_absolute_url(),
            beispiel=teilnahme.projekt.beispiel,
            status=teilnahme.projekt.marke_des_status,
            antwort=teilnahme.marke_der_antwort,
            wartet=teilnahme.antwort in {Antwort.OFFEN, Antwort.GREMIENBESCHLUSS},
        )
        for teilnahme in teilnahmen
    ]


def _ueberfaellige(meilensteine: MeilensteinQuerySet, heute: date) -> list[MeilensteinZeile]:
    zeilen: Any = (  # Any: rows carry the annotation `faellig`
        meilensteine.ueberfaellige(heute)
        .select_related("projekt", "verantwortlich")
        .order_by(F("faellig"), "projekt__sortierung")
    )
    return [
        MeilensteinZeile(
            name=zeile.name,
            projekt=zeile.projekt.name,
            url=zeile.projekt.get_absolute_url(),
            beispiel=zeile.projekt.beispiel,
            faellig=zeile.faellig,
            tage=(heute - zeile.faellig).days,
            verantwortlich=zeile.verantwortlich.kurzname if zeile.verantwortlich else "",
        )
        for zeile in zeilen
    ]


def _kennzahl_ueberfaellige(zeilen: list[MeilensteinZeile]) -> Kennzahl:
    return Kennzahl(len(zeilen), "überfällige Meilensteine", "#meilensteine", "überfälliger Meilenstein")


def prozess(konto: Konto, heute: date) -> Prozess:
    """The whole process on the day, for the Geschäftsstelle and readers. Figures count facts. 4 queries."""
    sichtbare = sichtbare_projekte(konto)
    ueberfaellige = _ueberfaellige(Meilenstein.objects.filter(projekt__in=sichtbare), heute)
    berichte = sichtbare_berichte(konto).select_related("lauf")
    offene = list(berichte.filter(lauf__status__in=[*LaufStatus.offene(), LaufStatus.FEHLGESCHLAGEN])[:20])
    zahlen = [
        *_projektzahlen(sichtbare),
        _kennzahl_ueberfaellige(ueberfaellige),
        _interessenzahl(sichtbare_interessen(konto).gueltige(heute)),
    ]
    return Prozess(zahlen, ueberfaellige, offene)


def _projektzahlen(projekte: ProjektQuerySet) -> list[Kennzahl]:
    anzahl = Counter(projekte.eigenstaendige().order_by().values_list("status", "beispiel"))
    return [
        Kennzahl(
            anzahl[status, False],
            f"Projekte {status.label}",
            f"{reverse('projekt_liste')}?status={status}&beispiel=nein",
            f"Projekt {status.label}",
            _dazu(anzahl[status, True]),
        )
        for status in (ProjektStatus.BEARBEITUNG, ProjektStatus.VORBEREITUNG)
    ]


def _interessenzahl(interessen: InteressenbekundungQuerySet) -> Kennzahl:
    anzahl = Counter(interessen.order_by().values_list("beispiel", flat=True))
    return Kennzahl(
        anzahl[False],
        "gültige Interessenbekundungen",
        f"{reverse('interesse_liste')}?gueltig=ja&beispiel=nein",
        "gültige Interessenbekundung",
        _dazu(anzahl[True]),
    )


def _dazu(beispiele: int) -> str:
    return f"dazu {beispiele} {'Beispiel' if beispiele == 1 else 'Beispiele'}" if beispiele else ""
