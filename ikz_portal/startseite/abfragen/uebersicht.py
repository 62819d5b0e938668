"""The first dashboards: what a Kommune has in the process and what waits for it; the whole for those without one."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from bestandsaufnahme.abfragen.erhebung.fragebogen import LaufendeErhebung, laufende
from bestandsaufnahme.abfragen.interesse.interesse import InteresseZeile, mit_allem
from bestandsaufnahme.abfragen.interesse.interesse import zeilen as interessenzeilen
from bestandsaufnahme.abfragen.interesse.rundenruecklauf import LaufendeRunde
from bestandsaufnahme.abfragen.interesse.rundenruecklauf import laufende as laufende_runden
from bestandsaufnahme.abfragen.wartende import Wartende, wartende
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte import (
    bestaetigbare_interessen,
    darf_ruecklauf_sehen,
    darf_runden_leiten,
    sichtbare_frageboegen,
    sichtbare_interessen,
    sichtbare_rueckmeldungen,
    sichtbare_runden,
)
from ikz_portal.basis.auswahl import LaufStatus, MarkenChoices
from ikz_portal.startseite.abfragen.kennzahl import Kennzahl
from kommunen.models import Kommune, Konto
from kommunen.rechte import handelt_fuer, sichtbare_kommunen, spitze_von, vertretene_kommunen
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


def wartendes(konto: Konto, heute: date) -> Wartende:
    """Return what waits for it and its colleagues: Fragebögen, rounds. A query where it acts for a Kommune."""
    if not (kommunen := handelt_fuer(konto)):
        return Wartende()
    boegen = sichtbare_frageboegen(konto).filter(kommune__in=kommunen)
    return wartende(boegen, sichtbare_rueckmeldungen(konto).filter(kommune__in=kommunen), heute=heute)


def erhebungen(konto: Konto, heute: date) -> list[LaufendeErhebung]:
    """Return the rounds that it still has work with. A query for the Geschäftsstelle."""
    return laufende(sichtbare_frageboegen(konto), heute=heute) if darf_ruecklauf_sehen(konto) else []


def runden(konto: Konto, heute: date) -> list[LaufendeRunde]:
    """Return the round of declarations that runs, with what has come back. A query for the Geschäftsstelle."""
    return laufende_runden(sichtbare_runden(konto), heute=heute) if darf_runden_leiten(konto) else []


def meine_kommune(konto: Konto, kommune: Kommune, heute: date) -> MeineKommune:
    """What the Kommune has in the process on the day. 3 queries.

    Declarations that wait for the head are among the rows and don't count.
    """
    projekte = _projekte(konto, kommune)
    laufende = sichtbare_interessen(konto).filter(kommune=kommune).laufende(heute)
    interessen = interessenzeilen(mit_allem(laufende), heute=heute)
    ueberfaellige = _ueberfaellige(
        Meilenstein.objects.filter(projekt__teilnahmen__in=_teilnahmen(konto, kommune)), heute
    )
    zahlen = [
        Kennzahl(len(projekte), "Projekte Ihrer Kommune", "#projekte", "Projekt Ihrer Kommune"),
        Kennzahl(sum(zeile.wartet for zeile in projekte), "offene Antworten", "#wartet", "offene Antwort"),
        _kennzahl_ueberfaellige(ueberfaellige),
        _kennzahl_interessen(interessen),
    ]
    return MeineKommune(kommune, zahlen, projekte, ueberfaellige, interessen)


def zu_bestaetigen(konto: Konto, heute: date, *, eigene: list[InteresseZeile]) -> int:
    """Return how many declarations wait for it as a head; take those of the own Kommune, which are read already.

    A query for who stands in for the head of another one.
    """
    kommunen = spitze_von(konto)
    anzahl = sum(zeile.unbestaetigt for zeile in eigene) if konto.kommune_id in kommunen else 0
    if andere := kommunen - {konto.kommune_id}:
        anzahl += bestaetigbare_interessen(konto, heute).filter(kommune__in=andere).count()
    return anzahl


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


def _kennzahl_interessen(zeilen: list[InteresseZeile]) -> Kennzahl:
    wartend = sum(zeile.unbestaetigt for zeile in zeilen)
    return Kennzahl(
        len(zeilen) - wartend,
        "gültige Interessenbekundungen",
        "#interessen",
        "gültige Interessenbekundung",
        f"{wartend} {'wartet' if wartend == 1 else 'warten'} auf Bestätigung" if wartend else "",
    )


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
