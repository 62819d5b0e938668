"""The example set and the demo accounts; and that a second run changes nothing, least of all what people did."""

import re
from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Erhebung,
    Interessenbekundung,
    Interessenrunde,
    Rundenergebnis,
    Rundennennung,
)
from bestandsaufnahme.rechte import massgebliche_erhebungen
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.betrieb import demokonten
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from kommunen.auswahl import Rolle
from kommunen.models import Kommune, Konto, Sitz, Vertretung
from projekte.auswahl import Antwort, AuftragStatus, MeilensteinStand, ProjektStatus
from projekte.models import Geleitzug, Meilenstein, Projekt, Projektauftrag, Teilnahme
from tests.betrieb.conftest import LADETAG, alle_zeilen, laden
from wissen.models import Beitrag

BEISPIELPROJEKT = "beispiel-gemeinsame-terminvergabe"
MIT_BEISPIEL = (Erhebung, Interessenbekundung, Interessenrunde, Projekt, Sitz, Beitrag)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("geladen")]


@pytest.fixture(autouse=True)
def mit_demo(settings: Any) -> None:
    settings.IKZ_DEMO = True


# --- examples and accounts --------------------------------------------------------------------------------------------


def test_without_demo_there_are_neither_accounts_nor_examples(geladen):
    beispiele = [
        zeile for modell in MIT_BEISPIEL for zeile in geladen.ohne_demo[modell._meta.label] if zeile["beispiel"]
    ]
    assert geladen.ohne_demo["kommunen.Konto"] == []
    assert geladen.ohne_demo["projekte.Teilnahme"] == []
    assert geladen.ohne_demo["projekte.Meilenstein"] == []
    assert beispiele == []
    assert len(geladen.ohne_demo["kommunen.Kommune"]) == 15


def test_first_run_tells_what_it_created(geladen):
    assert geladen.erste_zeile.startswith("Grunddaten: ")
    assert "15 Kommunen" in geladen.erste_zeile
    assert "44 Beteiligungen" in geladen.erste_zeile
    assert "\n" not in geladen.erste_zeile


def test_demo_changes_no_fact(geladen):
    jetzt = alle_zeilen()
    for name, vorher in geladen.ohne_demo.items():
        vorhandene = {zeile["id"] for zeile in vorher}
        assert [zeile for zeile in jetzt[name] if zeile["id"] in vorhandene] == vorher


def test_everything_from_the_example_set_is_flagged(geladen):
    vorher = {modell: {zeile["id"] for zeile in geladen.ohne_demo[modell._meta.label]} for modell in MIT_BEISPIEL}
    neue = {modell: modell._default_manager.exclude(pk__in=vorher[modell]) for modell in MIT_BEISPIEL}
    assert {modell: zeilen.count() for modell, zeilen in neue.items()} == {
        Erhebung: 1,
        Interessenbekundung: 16,
        Interessenrunde: 1,
        Projekt: 3,
        Sitz: 4,
        Beitrag: 1,
    }
    assert not any(zeilen.filter(beispiel=False).exists() for zeilen in neue.values())


def test_examples_hang_on_examples_only(geladen):
    alte_zuege = [zeile["id"] for zeile in geladen.ohne_demo["projekte.Geleitzug"]]
    assert set(Teilnahme.objects.values_list("projekt__beispiel", flat=True)) == {True}
    assert set(Meilenstein.objects.values_list("projekt__beispiel", flat=True)) == {True}
    assert set(Geleitzug.objects.exclude(pk__in=alte_zuege).values_list("projekt__beispiel", flat=True)) == {True}
    assert not Projekt.objects.filter(beispiel=True, veroeffentlicht=True).exists()
    assert all(
        name.startswith("Beispiel") for name in Projekt.objects.filter(beispiel=True).values_list("name", flat=True)
    )


def test_demo_accounts_are_those_of_the_contract():
    konten = Konto.objects.all()
    assert set(konten.values_list("email", flat=True)) == {email for email, _ in demokonten.liste()}
    assert set(konten.values_list("demo", flat=True)) == {True}
    assert konten.get(email="landrat@ikz.example").kommune.ags == "06433"
    assert set(konten.filter(email__startswith="buergermeister").values_list("rolle", flat=True)) == {
        Rolle.BUERGERMEISTER
    }
    assert konten.get(email="lesen@ikz.example").check_password("ikz-demo-2022")


def test_lenkungsgruppe_of_the_examples_seats_raunheim_but_not_nauheim():
    personen = Konto.objects.filter(sitze__gremium__slug="lenkungsgruppe")
    assert set(personen.values_list("email", flat=True)) == {
        "buergermeister.raunheim@ikz.example",
        "landrat@ikz.example",
    }


def test_example_vertretung_is_over_and_gives_no_rights():
    assert Vertretung.objects.count() == 1
    assert not Vertretung.objects.am(LADETAG).exists()


def test_demo_accounts_can_be_mailed_a_new_password():
    bestaetigte = EmailAddress.objects.filter(verified=True, primary=True)
    assert set(bestaetigte.values_list("email", flat=True)) == set(Konto.objects.values_list("email", flat=True))


def test_example_project_has_a_decided_order_of_seven_points():
    auftrag = Projektauftrag.objects.get(projekt__slug=BEISPIELPROJEKT)
    punkte = ["projektziele", "start_und_ende", "projektkosten", "projektleitung", "projektgruppe"]
    assert auftrag.status == AuftragStatus.BESCHLOSSEN
    assert all(getattr(auftrag, punkt) for punkt in [*punkte, "informationsmanagement"])
    assert auftrag.ergebnisse.filter(eltern__isnull=False).count() == 4
    assert auftrag.projekt.leitung.email == "leitung@ikz.example"


def test_example_milestones_show_every_state_on_the_loading_day():
    steine = Meilenstein.objects.filter(projekt__slug=BEISPIELPROJEKT)
    assert Counter(stein.stand_am(LADETAG) for stein in steine) == {
        MeilensteinStand.ERREICHT: 3,
        MeilensteinStand.UEBERFAELLIG: 2,
        MeilensteinStand.FAELLIG: 2,
        MeilensteinStand.GEPLANT: 3,
    }


def test_example_answers_show_every_kind():
    antworten = Teilnahme.objects.filter(projekt__slug=BEISPIELPROJEKT)
    assert antworten.count() == 15
    assert set(antworten.values_list("antwort", flat=True)) == set(Antwort.values)
    assert set(antworten.filter(geleitzug__isnull=False).values_list("geleitzug__nummer", flat=True)) == {1, 2}


def test_example_declarations_show_every_state():
    assert set(Interessenbekundung.objects.values_list("status", flat=True)) == set(InteresseStatus.values)


def test_example_round_counts_the_kommunen_of_its_declarations():
    runde = Interessenrunde.objects.get(beispiel=True)
    nennungen = Rundennennung.objects.filter(runde=runde)
    assert (nennungen.count(), runde.rueckmeldungen.filter(am=None).count(), runde.veroeffentlicht) == (12, 2, False)
    personal = {Interessenbekundung.objects.get(pk=pk).kommune.kurzname for pk in _im_feld(nennungen)}
    ergebnis = runde.ergebnisse.get(aufgabenfeld__slug="personalmanagement")
    assert personal == {"Büttelborn", "Nauheim", "Raunheim", "Trebur"}
    assert (ergebnis.anzahl, runde.ergebnisse.count()) == (4, 15)


def _im_feld(nennungen):
    return nennungen.filter(interesse__aufgabenfeld__slug="personalmanagement").values_list("interesse", flat=True)


def test_second_example_project_has_neither_order_nor_milestones():
    projekt = Projekt.objects.get(slug="beispiel-gemeinsame-nachwuchswerbung")
    assert projekt.status == ProjektStatus.VORBEREITUNG
    assert (projekt.auftraege.count(), projekt.meilensteine.count()) == (0, 0)


def test_example_declaration_goes_from_step_to_step():
    bekundung = Interessenbekundung.objects.get(status=InteresseStatus.ZURUECKGEZOGEN)
    art = ContentType.objects.get_for_model(Interessenbekundung)
    schritte = Statuswechsel.objects.filter(content_type=art, objekt_id=bekundung.pk).order_by("gueltig_ab")
    assert list(schritte.values_list("von", "nach", "gueltig_ab", "durch__email", "grund")) == [
        ("", "abgegeben", bekundung.abgegeben_am, "kontakt.raunheim@ikz.example", ""),
        ("abgegeben", "zurueckgezogen", bekundung.zurueckgezogen_am, "kontakt.raunheim@ikz.example", bekundung.grund),
    ]


# --- again ------------------------------------------------------------------------------------------------------------


def test_second_run_weeks_later_changes_nothing():
    vorher = alle_zeilen()
    assert laden(date(2026, 4, 20)) == "Grunddaten: auf dem Stand, nichts geändert."
    assert alle_zeilen() == vorher


def test_second_run_refreshes_master_facts_and_says_so():
    Kommune.objects.filter(ags="06433010").update(flaeche_km2=1)
    Rundenergebnis.objects.filter(anzahl=12).update(anzahl=None)
    assert laden() == "Grunddaten: 2 geändert (1 Kommune, 1 Rundenergebnis)."
    assert str(Kommune.objects.get(ags="06433010").flaeche_km2) == "12.60"
    assert Rundenergebnis.objects.filter(anzahl=12).count() == 1


def test_second_run_writes_only_the_column_that_differs():
    Kommune.objects.filter(ags="06433010").update(flaeche_km2=1)
    Projekt.objects.filter(slug="e-akte-dms").update(teilnahme_zitat=1)
    with CaptureQueriesContext(connection) as abfragen:
        laden()
    updates = [sql for abfrage in abfragen for sql in re.findall(r"\bUPDATE .*", abfrage["sql"])]
    spalten = [re.findall(r'"(\w+)" = ', sql.split(" WHERE ")[0]) for sql in updates]
    assert spalten == [["flaeche_km2"], ["teilnahme_zitat", "geaendert_am"]]


def test_status_is_held_once():
    projekt = Projekt.objects.get(slug="e-akte-dms")
    schreiber = Schreiber()
    schreiber.halte_status_fest(projekt, nach=projekt.status, am=LADETAG)
    assert schreiber.angelegt == {}
    schreiber.halte_status_fest(projekt, von=projekt.status, nach=ProjektStatus.ABGESCHLOSSEN, am=LADETAG)
    assert schreiber.angelegt == {Statuswechsel: 1}


def test_second_run_keeps_what_people_changed():
    Projekt.objects.filter(slug="e-akte-dms").update(status=ProjektStatus.ABGESCHLOSSEN, kurzbeschreibung="Neu")
    Kommune.objects.filter(ags="06433010").update(website="www.neu.example")
    Sitz.objects.filter(beispiel=False, kommune__ags="06433010").update(konto=Konto.objects.first())
    Meilenstein.objects.filter(name="Vergabe entschieden").delete()
    konto = Konto.objects.get(email="kontakt.raunheim@ikz.example")
    konto.set_password("ein-anderes-kennwort")
    konto.save()
    vorher = alle_zeilen()
    assert laden() == "Grunddaten: auf dem Stand, nichts geändert."
    assert alle_zeilen() == vorher


def test_second_run_leaves_a_real_declaration_for_the_same_field_alone():
    feld = Aufgabenfeld.objects.get(slug="wirtschaft-und-tourismus")
    Interessenbekundung.objects.filter(aufgabenfeld=feld).delete()
    echte = Interessenbekundung.objects.create(
        kommune=Kommune.objects.get(ags="06433008"), aufgabenfeld=feld, wofuer="Echt"
    )
    assert laden() == "Grunddaten: auf dem Stand, nichts geändert."
    assert list(Interessenbekundung.objects.filter(aufgabenfeld=feld)) == [echte]


def test_verbosity_0_says_nothing():
    ausgabe = StringIO()
    call_command("grunddaten", verbosity=0, stdout=ausgabe)
    assert ausgabe.getvalue() == ""


# --- the round that runs ----------------------------------------------------------------------------------------------


def test_example_round_asks_everybody_and_some_have_answered():
    runde = Erhebung.objects.get(beispiel=True)
    je_status = Counter(runde.frageboegen.values_list("status", flat=True))
    assert je_status == {"offen": 11, "in_bearbeitung": 1, "freigegeben": 3}
    assert runde.frist > LADETAG > runde.stichtag
    assert not massgebliche_erhebungen(AnonymousUser()).filter(beispiel=True).exists()


def test_example_answers_change_no_fact_until_they_are_taken_over(geladen):
    assert alle_zeilen()["bestandsaufnahme.Beteiligung"] == geladen.ohne_demo["bestandsaufnahme.Beteiligung"]
    assert len(geladen.ohne_demo["bestandsaufnahme.Beteiligung"]) == 44


def test_example_round_gives_way_to_one_of_the_same_stichtag():
    runde = Erhebung.objects.get(beispiel=True)
    Erhebung.objects.filter(pk=runde.pk).update(beispiel=False, name="Unsere eigene")
    laden()
    assert [zeile.name for zeile in Erhebung.objects.filter(stichtag=runde.stichtag)] == ["Unsere eigene"]
