"""Projekte and what belongs to them: as little as a row needs; a day that a test cares about is given there."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.models import Statuswechsel
from kommunen.models import Konto
from projekte.abfragen.bericht import portfolio
from projekte.ablaeufe import bericht as ablauf
from projekte.auswahl import Antwort, AuftragStatus, ProjektStatus
from projekte.models import (
    Bericht,
    Ereignis,
    Ergebnis,
    Geleitzug,
    Meilenstein,
    Projekt,
    Projektauftrag,
    Starthilfe,
    Teilnahme,
)
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, InteressenbekundungFactory, KooperationFactory
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.wissen import BeitragFactory


class ProjektFactory(DjangoModelFactory):
    """A Projekt in Bearbeitung, begun on a known day, still running; `veroeffentlicht=True` shows it to the public."""

    class Meta:
        model = Projekt

    class Params:
        zitiert = factory.Trait(
            teilnahme_zitat=14, teilnahme_zitat_von=15, teilnahme_zitat_stand=date(2022, 5, 19), quelle="Vortrag 2022"
        )

    name = factory.Sequence(lambda n: f"Projekt Nr. {n}")
    slug = factory.Sequence(lambda n: f"projekt-{n}")
    aufgabenfeld = factory.SubFactory(AufgabenfeldFactory)
    status = ProjektStatus.BEARBEITUNG
    beginn = date(2025, 3, 1)
    beginn_genauigkeit = Genauigkeit.TAG
    ende_genauigkeit = Genauigkeit.OFFEN


class GeleitzugFactory(DjangoModelFactory):
    class Meta:
        model = Geleitzug

    projekt = factory.SubFactory(ProjektFactory)
    nummer = factory.Sequence(lambda n: n + 1)


class TeilnahmeFactory(DjangoModelFactory):
    """A Kommune that agrees; `antwort=` gives another answer with what it needs."""

    class Meta:
        model = Teilnahme

    projekt = factory.SubFactory(ProjektFactory)
    kommune = factory.SubFactory(KommuneFactory)
    antwort = Antwort.STIMMT_ZU
    am = factory.LazyAttribute(lambda zeile: None if zeile.antwort == Antwort.OFFEN else date(2025, 2, 3))
    vermerk = factory.LazyAttribute(lambda zeile: "Nur ohne Personal" if zeile.antwort == Antwort.VORBEHALT else "")


class ErgebnisFactory(DjangoModelFactory):
    class Meta:
        model = Ergebnis

    auftrag = factory.SubFactory("tests.fabriken.projekte.ProjektauftragFactory")
    reihenfolge = factory.Sequence(lambda n: n + 1)
    nummer = factory.LazyAttribute(lambda zeile: f"{zeile.reihenfolge}.")
    text = factory.Sequence(lambda n: f"Ergebnis {n}")


class ProjektauftragFactory(DjangoModelFactory):
    """A draft of an order. `ergebnisse=["…"]` adds rows before a fixed status makes them unchangeable."""

    class Meta:
        model = Projektauftrag

    class Params:
        ueberliefert = factory.Trait(status=AuftragStatus.UEBERLIEFERT)
        beschlossen = factory.Trait(status=AuftragStatus.BESCHLOSSEN)
        vollstaendig = factory.Trait(
            einleitung="Warum es das Projekt gibt.",
            rahmenbedingungen="Was vorgegeben ist.",
            projektziele="Was erreicht wird.",
            start_und_ende="Vom März 2025 bis zum Jahresende.",
            projektkosten="10.000 € Sachkosten.",
            projektleitung="Hauptamt der Musterstadt.",
            projektgruppe="Je eine Person aus vier Kommunen.",
            informationsmanagement="Monatlich in der Lenkungsgruppe.",
        )

    projekt = factory.SubFactory(ProjektFactory)
    version = 1
    titel = factory.LazyAttribute(lambda zeile: f"Projektauftrag {zeile.projekt.name}")
    ergebnisse = ()

    @classmethod
    def _create(cls, model_class: type[Projektauftrag], *args: Any, **felder: Any) -> Projektauftrag:
        texte, status = felder.pop("ergebnisse"), felder.pop("status", AuftragStatus.ENTWURF)
        auftrag = super()._create(model_class, *args, **felder)
        for nummer, text in enumerate(texte, start=1):
            ErgebnisFactory(auftrag=auftrag, reihenfolge=nummer, text=text)
        Projektauftrag.objects.filter(pk=auftrag.pk).update(status=status)
        auftrag.status = status
        return auftrag


class MeilensteinFactory(DjangoModelFactory):
    class Meta:
        model = Meilenstein

    projekt = factory.SubFactory(ProjektFactory)
    name = factory.Sequence(lambda n: f"Meilenstein {n}")
    reihenfolge = factory.Sequence(lambda n: n)
    geplant = date(2025, 6, 30)


class EreignisFactory(DjangoModelFactory):
    class Meta:
        model = Ereignis

    schluessel = factory.Sequence(lambda n: f"ereignis-{n}")
    titel = factory.Sequence(lambda n: f"Ereignis {n}")
    beginn = date(2012, 6, 1)
    beginn_genauigkeit = Genauigkeit.MONAT


def volles_projekt(nummer: int) -> Projekt:
    """A Projekt with something in every part of its pages, so that a query per row would show."""
    projekt = ProjektFactory(
        name=f"Projekt {nummer}", slug=f"voll-{nummer}", veroeffentlicht=True, vorgaenger=ProjektFactory()
    )
    for welle in range(1, nummer + 1):
        geleitzug = GeleitzugFactory(projekt=projekt, nummer=welle)
        TeilnahmeFactory(projekt=projekt, kommune=KommuneFactory(), geleitzug=geleitzug)
        MeilensteinFactory(projekt=projekt, verantwortlich=KommuneFactory())
        ProjektauftragFactory(projekt=projekt, version=welle, beschlossen=True, ergebnisse=["a"] * welle)
        BeitragFactory(projekt=projekt, oeffentlich=True)
        projekt.kooperationen.add(KooperationFactory())
        Statuswechsel.objects.create(objekt=projekt, nach="bearbeitung", gueltig_ab=date(2025, 1, welle))
        ProjektFactory(vorgaenger=projekt).aufgegangen_in.add(projekt)
    return projekt


def bericht_anfordern(*, stichtag: date, heute: date, durch: Konto | None = None) -> tuple[Bericht, bool]:
    """Ask for the portfolio report of the day, with the data as they are now."""
    daten = portfolio(Projekt.objects.all(), stichtag=stichtag, heute=heute)
    return ablauf.anfordern(stichtag=stichtag, schnappschuss=daten, durch=durch, heute=heute)


class StarthilfeFactory(DjangoModelFactory):
    """A Projekt that came from a declaration of interest."""

    projekt = factory.SubFactory(ProjektFactory)
    interesse = factory.SubFactory(InteressenbekundungFactory)
    am = date(2022, 6, 1)

    class Meta:
        model = Starthilfe
