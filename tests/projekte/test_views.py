from datetime import date
from http import HTTPStatus

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType

from ikz_portal.basis.models import Statuswechsel
from projekte.auswahl import Antwort
from projekte.models import Projekt
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.projekte import (
    MeilensteinFactory,
    ProjektauftragFactory,
    ProjektFactory,
    TeilnahmeFactory,
    volles_projekt,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "_heute")]


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


def test_blank_lines_of_the_description_are_kept(client):
    projekt = ProjektFactory(veroeffentlicht=True, kurzbeschreibung="Erster Absatz.\r\n\r\nZweiter <Absatz>.")
    seite = client.get(projekt.get_absolute_url()).content.decode()
    assert "<p>Erster Absatz.</p>\n\n<p>Zweiter &lt;Absatz&gt;.</p>" in seite


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
    with django_assert_num_queries(9):
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
