import csv
import io
from datetime import date
from http import HTTPStatus

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType

from ikz_portal.basis.models import GespeicherteAnsicht, Statuswechsel
from projekte.auswahl import Antwort, ProjektStatus
from projekte.models import Projekt
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, KooperationFactory
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.projekte import (
    GeleitzugFactory,
    MeilensteinFactory,
    ProjektauftragFactory,
    ProjektFactory,
    TeilnahmeFactory,
)
from tests.fabriken.wissen import BeitragFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "_heute")]


@pytest.fixture
def _heute():
    with time_machine.travel(date(2026, 6, 1), tick=False):
        yield


def namen(antwort) -> list[str]:
    return [zeile.name for zeile in antwort.context["zeilen"]]


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


# --- list -------------------------------------------------------------------------------------------------------------


def test_list_shows_the_public_published_facts(client):
    ProjektFactory(name="öffentlich", veroeffentlicht=True)
    ProjektFactory(name="intern")
    ProjektFactory(name="Beispiel", veroeffentlicht=True, beispiel=True)
    antwort = client.get("/projekte/")
    assert namen(antwort) == ["öffentlich"]
    assert antwort.context["treffer"] == "1 von 1 Projekten"
    assert "beispiel" not in antwort.context["filterset"].form.fields
    assert "/projekte/neu/" not in antwort.content.decode()


def test_list_shows_examples_with_badge_and_counts_them_apart(angemeldet, kontakt):
    ProjektFactory(name="wirklich")
    ProjektFactory(name="gespielt", beispiel=True)
    antwort = angemeldet(kontakt).get("/projekte/")
    assert antwort.context["zahlen"].je_status == [(ProjektStatus.BEARBEITUNG, 1)]
    assert antwort.context["treffer"] == "2 von 2 Projekten"
    assert "marke-beispiel" in antwort.content.decode()


def test_every_count_links_to_its_rows(angemeldet, kontakt):
    ProjektFactory(name="wirklich")
    ProjektFactory(name="gespielt", beispiel=True)
    client = angemeldet(kontakt)
    assert "/projekte/?status=bearbeitung&amp;beispiel=nein" in client.get("/projekte/").content.decode()
    assert namen(client.get("/projekte/?status=bearbeitung&beispiel=nein")) == ["wirklich"]
    assert namen(client.get("/projekte/?beispiel=ja")) == ["gespielt"]


def test_absorbed_pilot_stands_apart(client):
    pilot = ProjektFactory(name="Pilot", veroeffentlicht=True)
    pilot.aufgegangen_in.add(ProjektFactory(name="Vergabe", veroeffentlicht=True))
    antwort = client.get("/projekte/")
    assert namen(antwort) == ["Vergabe"]
    assert antwort.context["zahlen"].fakten == 1
    assert [(zeile.name, zeile.aufgegangen_in) for zeile in antwort.context["aufgegangene"]] == [("Pilot", "Vergabe")]


@pytest.mark.parametrize(
    ("abfrage", "gefunden"),
    [
        ("status=idee", ["Archiv"]),
        ("aufgabenfeld=energie", ["Archiv"]),
        ("q=strom", ["Bauhof"]),
        ("q=archiv", ["Archiv"]),
        ("ueberfaellig=ja", ["Bauhof"]),
        ("ueberfaellig=nein", ["Archiv"]),
        ("status=idee&q=strom", []),
    ],
)
def test_list_filters(client, abfrage, gefunden):
    ProjektFactory(
        name="Archiv",
        status="idee",
        veroeffentlicht=True,
        aufgabenfeld=AufgabenfeldFactory(slug="energie"),
    )
    bauhof = ProjektFactory(name="Bauhof", kurzbeschreibung="Gemeinsamer Stromeinkauf", veroeffentlicht=True)
    MeilensteinFactory(projekt=bauhof, geplant=date(2026, 5, 31))
    assert namen(client.get(f"/projekte/?{abfrage}")) == gefunden


def test_list_filters_by_kommune_without_touching_the_counts(angemeldet, kontakt):
    projekt, anderes = ProjektFactory(name="mit"), ProjektFactory(name="ohne")
    TeilnahmeFactory(projekt=projekt, kommune=kontakt.kommune)
    TeilnahmeFactory(projekt=projekt)
    TeilnahmeFactory(projekt=anderes, kommune=kontakt.kommune, antwort=Antwort.NIMMT_NICHT_TEIL)
    antwort = angemeldet(kontakt).get(f"/projekte/?kommune={kontakt.kommune.ags}")
    assert [(zeile.name, zeile.teilnahme.text) for zeile in antwort.context["zeilen"]] == [("mit", "2 von 2")]


def test_public_cannot_ask_who_takes_part(client, kommune):
    ProjektFactory(veroeffentlicht=True)
    antwort = client.get(f"/projekte/?kommune={kommune.ags}")
    assert len(namen(antwort)) == 1
    assert "kommune" not in antwort.context["filterset"].form.fields


@pytest.mark.parametrize(
    ("sortierung", "reihenfolge"),
    [
        ("", ["Bauhof", "Ämter", "Zoo"]),
        ("name", ["Ämter", "Bauhof", "Zoo"]),
        ("-name", ["Zoo", "Bauhof", "Ämter"]),
        ("beginn", ["Bauhof", "Ämter", "Zoo"]),
        ("-beginn", ["Ämter", "Bauhof", "Zoo"]),
        ("-status", ["Zoo", "Ämter", "Bauhof"]),
    ],
)
def test_list_sorts(client, sortierung, reihenfolge):
    ProjektFactory(
        name="Zoo", status="abgeschlossen", beginn=None, beginn_genauigkeit="unbekannt", veroeffentlicht=True
    )
    ProjektFactory(name="Ämter", status="idee", veroeffentlicht=True)
    ProjektFactory(name="Bauhof", beginn=date(2020, 1, 1), veroeffentlicht=True)
    antwort = client.get(f"/projekte/?sortierung={sortierung}")
    assert namen(antwort) == reihenfolge
    richtungen = [kopf["richtung"] for kopf in antwort.context["spaltenkoepfe"]]
    assert sum(bool(richtung) for richtung in richtungen) == 1


@pytest.mark.parametrize(
    ("abfrage", "satz"),
    [
        ("sortierung=farbe", "Sortierung: Möglich sind"),
        ("status=x", "Den Status „x“ gibt es nicht."),
        ("aufgabenfeld=x", "Das Aufgabenfeld „x“ gibt es nicht."),
        ("ueberfaellig=x", "Möglich sind „ja“ und „nein“."),
        ("format=exe", "Dieses Dateiformat gibt es nicht"),
        ("q=%00", ""),
    ],
)
def test_list_refuses_a_bad_parameter_in_german(client, abfrage, satz):
    antwort = client.get(f"/projekte/?{abfrage}")
    assert antwort.status_code == HTTPStatus.BAD_REQUEST
    assert satz in antwort.content.decode()


@pytest.mark.parametrize(("abfrage", "worte"), [("", "Noch keine Projekte"), ("q=x", "Noch keine Projekte")])
def test_empty_list_says_why(client, abfrage, worte):
    assert worte in client.get(f"/projekte/?{abfrage}").content.decode()


def test_list_without_hits_offers_the_way_back(client):
    ProjektFactory(veroeffentlicht=True)
    assert "Kein Projekt passt zu diesen Filtern" in client.get("/projekte/?q=xyz").content.decode()


def test_export_has_what_is_filtered_and_the_pilot(client):
    vergabe = ProjektFactory(name="Vergabe", veroeffentlicht=True, zitiert=True)
    ProjektFactory(name="Pilot", veroeffentlicht=True).aufgegangen_in.add(vergabe)
    ProjektFactory(name="Idee", status="idee", veroeffentlicht=True)
    MeilensteinFactory(projekt=vergabe, name="Start", geplant=date(2026, 5, 1))
    antwort = client.get("/projekte/?format=csv&status=bearbeitung&sortierung=name")
    zeilen = list(csv.DictReader(io.StringIO(antwort.content.decode("utf-8-sig")), delimiter=";"))
    assert [(zeile["Projekt"], zeile["aufgegangen in"]) for zeile in zeilen] == [("Pilot", "Vergabe"), ("Vergabe", "")]
    assert (zeilen[1]["beteiligt"], zeilen[1]["von"], zeilen[1]["fällig am"]) == ("14", "15", "01.05.2026")
    assert client.get("/projekte/?format=xlsx").content[:2] == b"PK"


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_queries_for_the_public(client, django_assert_num_queries, anzahl):
    for nummer in range(anzahl):
        volles_projekt(nummer + 1)
    with django_assert_num_queries(7):
        assert client.get("/projekte/").status_code == HTTPStatus.OK


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_queries_for_a_person(angemeldet, geschaeftsstelle, django_assert_num_queries, anzahl):
    for nummer in range(anzahl):
        volles_projekt(nummer + 1)
        GespeicherteAnsicht.objects.create(konto=geschaeftsstelle, seite="projekt_liste", name=str(nummer))
    client = angemeldet(geschaeftsstelle)
    with django_assert_num_queries(11):
        assert client.get("/projekte/?status=bearbeitung").status_code == HTTPStatus.OK


# --- saved views ------------------------------------------------------------------------------------------------------


def test_view_is_saved_without_page_and_format(angemeldet, kontakt):
    parameter = "status=idee&q=&seite=2&format=csv&csrfmiddlewaretoken=x"
    antwort = angemeldet(kontakt).post(
        "/projekte/ansichten/speichern/", {"name": " Ideen ", "parameter": parameter}, follow=True
    )
    ansicht = GespeicherteAnsicht.objects.get()
    assert (ansicht.konto, ansicht.name, ansicht.parameter) == (kontakt, "Ideen", "status=idee")
    assert antwort.redirect_chain[0][0] == "/projekte/?status=idee"
    assert list(antwort.context["ansichten"]) == [ansicht]


@pytest.mark.parametrize("name", ["", "x" * 81, "Ideen"])
def test_view_with_a_bad_name_is_refused(angemeldet, kontakt, name):
    GespeicherteAnsicht.objects.create(konto=kontakt, seite="projekt_liste", name="Ideen")
    client = angemeldet(kontakt)
    antwort = client.post("/projekte/ansichten/speichern/", {"name": name, "parameter": "status=idee"}, follow=True)
    assert "hinweis-fehler" in antwort.content.decode()
    assert GespeicherteAnsicht.objects.count() == 1


def test_own_view_is_deleted_and_another_persons_not_found(angemeldet, kontakt, fremder_kontakt):
    ansicht = GespeicherteAnsicht.objects.create(konto=kontakt, seite="projekt_liste", name="Ideen")
    adresse = f"/projekte/ansichten/{ansicht.pk}/loeschen/"
    assert angemeldet(fremder_kontakt).post(adresse).status_code == HTTPStatus.NOT_FOUND
    assert angemeldet(kontakt).get(adresse).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert angemeldet(kontakt).post(adresse).status_code == HTTPStatus.FOUND
    assert not GespeicherteAnsicht.objects.exists()


# --- one Projekt ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seite", ["", "auftrag/", "ablaufplan/"])
def test_hidden_projekt_is_not_found_by_the_public(client, seite):
    for projekt in [ProjektFactory(), ProjektFactory(veroeffentlicht=True, beispiel=True)]:
        assert client.get(f"/projekte/{projekt.slug}/{seite}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("seite", ["", "auftrag/", "auftrag/1/", "ablaufplan/", "bearbeiten/"])
def test_unknown_projekt_is_not_found(angemeldet, geschaeftsstelle, seite):
    assert angemeldet(geschaeftsstelle).get(f"/projekte/gibt-es-nicht/{seite}").status_code == HTTPStatus.NOT_FOUND


def test_public_reads_the_figure_but_not_who_answered_what(client):
    projekt = ProjektFactory(veroeffentlicht=True)
    TeilnahmeFactory(projekt=projekt, kommune=KommuneFactory(name="Vorbehaltshausen"), antwort=Antwort.VORBEHALT)
    seite = client.get(projekt.get_absolute_url()).content.decode()
    assert "1 von 1" in seite
    assert "Vorbehaltshausen" not in seite


def test_person_reads_who_answered_what(angemeldet, lesend):
    projekt = ProjektFactory()
    TeilnahmeFactory(projekt=projekt, kommune=KommuneFactory(name="Vorbehaltshausen"), antwort=Antwort.VORBEHALT)
    antwort = angemeldet(lesend).get(projekt.get_absolute_url())
    [zeile] = antwort.context["antworten"]
    assert (zeile.kommune, zeile.antwort, zeile.vermerk) == ("Vorbehaltshausen", Antwort.VORBEHALT, "Nur ohne Personal")
    assert "Vorbehaltshausen" in antwort.content.decode()


def test_names_of_people_are_not_public(client, angemeldet, kontakt, geschaeftsstelle):
    projekt = ProjektFactory(veroeffentlicht=True, leitung=kontakt)
    Statuswechsel.objects.create(
        objekt=projekt, nach="idee", gueltig_ab=date(2025, 1, 1), durch=geschaeftsstelle, grund="interner Grund"
    )
    oeffentlich = client.get(projekt.get_absolute_url()).content.decode()
    intern = angemeldet(kontakt).get(projekt.get_absolute_url()).content.decode()
    assert [wort in oeffentlich for wort in ("Projektleitung", "interner Grund")] == [False, False]
    assert [wort in intern for wort in ("Projektleitung", "interner Grund")] == [True, True]


def test_edit_link_only_with_the_right(angemeldet, lesend, geschaeftsstelle):
    projekt = ProjektFactory()
    link = f'href="/projekte/{projekt.slug}/bearbeiten/"'
    assert link in angemeldet(geschaeftsstelle).get(projekt.get_absolute_url()).content.decode()
    assert link not in angemeldet(lesend).get(projekt.get_absolute_url()).content.decode()


def test_meilensteine_stand_as_of_today(client):
    projekt = ProjektFactory(veroeffentlicht=True)
    MeilensteinFactory(projekt=projekt, geplant=date(2026, 5, 31))
    assert [zeile.ist_ueberfaellig for zeile in client.get(projekt.get_absolute_url()).context["meilensteine"]] == [
        True
    ]
    with time_machine.travel(date(2026, 5, 31), tick=False):
        seite = client.get(projekt.get_absolute_url())
    assert [zeile.ist_ueberfaellig for zeile in seite.context["meilensteine"]] == [False]


@pytest.mark.parametrize("anzahl", [1, 3])
def test_detail_queries_for_the_public(client, django_assert_num_queries, anzahl):
    adresse = volles_projekt(anzahl).get_absolute_url()
    ContentType.objects.get_for_model(Projekt)
    with django_assert_num_queries(10):
        assert client.get(adresse).status_code == HTTPStatus.OK


@pytest.mark.parametrize("anzahl", [1, 3])
def test_detail_queries_for_a_person(angemeldet, kontakt, django_assert_num_queries, anzahl):
    adresse = volles_projekt(anzahl).get_absolute_url()
    ContentType.objects.get_for_model(Projekt)
    client = angemeldet(kontakt)
    with django_assert_num_queries(12):
        assert client.get(adresse).status_code == HTTPStatus.OK


# --- plan -------------------------------------------------------------------------------------------------------------


def test_plan_draws_a_chart_with_its_table(client):
    projekt = MeilensteinFactory(name="Schulung der Ämter", projekt=ProjektFactory(veroeffentlicht=True)).projekt
    seite = client.get(f"/projekte/{projekt.slug}/ablaufplan/").content.decode()
    assert "diagramm-plan" in seite
    assert seite.count("Schulung der Ämter") > 1
    assert "<table" in seite


@pytest.mark.parametrize(
    ("mit_auftrag", "worte"),
    [(False, "Kein Auftrag, keine Meilensteine hinterlegt"), (True, "Keine Meilensteine hinterlegt")],
)
def test_plan_without_meilensteine_says_what_is_missing(client, mit_auftrag, worte):
    projekt = ProjektFactory(veroeffentlicht=True)
    if mit_auftrag:
        ProjektauftragFactory(projekt=projekt, beschlossen=True)
    assert f">{worte}<" in client.get(f"/projekte/{projekt.slug}/ablaufplan/").content.decode()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_plan_queries(angemeldet, kontakt, django_assert_num_queries, anzahl):
    projekt = volles_projekt(anzahl)
    client = angemeldet(kontakt)
    with django_assert_num_queries(5):
        assert client.get(f"/projekte/{projekt.slug}/ablaufplan/").status_code == HTTPStatus.OK


# --- order ------------------------------------------------------------------------------------------------------------


def test_order_page_shows_the_newest_visible_version(client, angemeldet, geschaeftsstelle):
    projekt = ProjektFactory(veroeffentlicht=True)
    ProjektauftragFactory(projekt=projekt, version=1, beschlossen=True)
    ProjektauftragFactory(projekt=projekt, version=2)
    adresse = f"/projekte/{projekt.slug}/auftrag/"
    assert client.get(adresse).context["auftrag"].version == 1
    assert angemeldet(geschaeftsstelle).get(adresse).context["auftrag"].version == 2


def test_order_in_a_version(client):
    projekt = ProjektFactory(veroeffentlicht=True)
    ProjektauftragFactory(projekt=projekt, version=1, beschlossen=True)
    ProjektauftragFactory(projekt=projekt, version=2, beschlossen=True)
    assert client.get(f"/projekte/{projekt.slug}/auftrag/1/").context["auftrag"].version == 1


@pytest.mark.parametrize("version", ["2", "3", "99999999999999999999"])
def test_version_that_may_not_be_seen_is_not_found(client, version):
    projekt = ProjektFactory(veroeffentlicht=True)
    ProjektauftragFactory(projekt=projekt, version=1, beschlossen=True)
    ProjektauftragFactory(projekt=projekt, version=2)
    assert client.get(f"/projekte/{projekt.slug}/auftrag/{version}/").status_code == HTTPStatus.NOT_FOUND


def test_edition_follows_the_right(client, angemeldet, lesend, buergermeister):
    projekt = ProjektFactory(veroeffentlicht=True)
    ProjektauftragFactory(projekt=projekt, vollstaendig=True, beschlossen=True)
    adresse = f"/projekte/{projekt.slug}/auftrag/"
    for oeffentlich in (client, angemeldet(lesend)):
        seite = oeffentlich.get(adresse).content.decode()
        assert "10.000 € Sachkosten." not in seite
        assert "7. Informationsmanagement" in seite
    assert "10.000 € Sachkosten." in angemeldet(buergermeister).get(adresse).content.decode()


def test_handed_down_order_says_what_its_source_leaves_out(client):
    projekt = ProjektFactory(veroeffentlicht=True)
    ProjektauftragFactory(projekt=projekt, ueberliefert=True, projektziele="Ziel", hinweis="Fristen sind überholt.")
    seite = client.get(f"/projekte/{projekt.slug}/auftrag/").content.decode()
    assert "nicht überliefert" in seite
    assert "Fristen sind überholt." in seite


def test_projekt_without_order_has_an_empty_page(client):
    projekt = ProjektFactory(veroeffentlicht=True)
    antwort = client.get(f"/projekte/{projekt.slug}/auftrag/")
    assert antwort.status_code == HTTPStatus.OK
    assert "Kein Auftrag hinterlegt" in antwort.content.decode()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_order_queries(angemeldet, kontakt, django_assert_num_queries, anzahl):
    projekt = volles_projekt(anzahl)
    client = angemeldet(kontakt)
    with django_assert_num_queries(7):
        assert client.get(f"/projekte/{projekt.slug}/auftrag/").status_code == HTTPStatus.OK
