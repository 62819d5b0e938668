"""The form of a Projekt and its Meilensteine: who may, what it writes, and that nothing typed or saved gets lost."""

from datetime import date
from http import HTTPStatus

import pytest
from django.test import Client

from ikz_portal.basis.models import Statuswechsel
from projekte.models import Meilenstein, Projekt
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.projekte import MeilensteinFactory, ProjektFactory
from tests.projekte.formulardaten import bearbeiten, daten

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "_heute")]
NEU = "/projekte/neu/"


@pytest.fixture
def client(angemeldet, geschaeftsstelle):
    return angemeldet(geschaeftsstelle)


# --- who --------------------------------------------------------------------------------------------------------------


def test_public_is_sent_to_sign_in():
    antwort = Client().get(NEU)
    assert antwort.status_code == HTTPStatus.FOUND
    assert antwort.url.startswith("/konto/anmelden/")


@pytest.mark.parametrize("wer", ["lesend", "kontakt", "buergermeister"])
def test_others_neither_create_nor_edit(request, angemeldet, wer):
    projekt, person = ProjektFactory(), request.getfixturevalue(wer)
    anderer = angemeldet(person)
    for adresse in (NEU, bearbeiten(projekt)):
        assert anderer.get(adresse).status_code == HTTPStatus.FORBIDDEN
        assert anderer.post(adresse, daten()).status_code == HTTPStatus.FORBIDDEN
    assert Projekt.objects.count() == 1


def test_leader_edits_the_own_projekt_without_publishing_it(angemeldet, kontakt):
    projekt = ProjektFactory(leitung=kontakt)
    antwort = angemeldet(kontakt).post(bearbeiten(projekt), daten(projekt, hinweis="neu", veroeffentlicht="on"))
    assert antwort.status_code == HTTPStatus.FOUND
    neu = Projekt.objects.get()
    assert (neu.hinweis, neu.veroeffentlicht) == ("neu", False)


# --- creating ---------------------------------------------------------------------------------------------------------


def test_neu_creates_projekt_and_meilensteine(client, geschaeftsstelle):
    kommune = KommuneFactory()
    start = {"name": "Start", "geplant": "2026-09-01", "verantwortlich": kommune.ags}
    antwort = client.post(NEU, daten(None, start, {"name": ""}, veroeffentlicht="on"), follow=True)
    projekt = Projekt.objects.get()
    assert antwort.redirect_chain == [("/projekte/gemeinsames-archiv/", HTTPStatus.FOUND)]
    assert "Das Projekt „Gemeinsames Archiv“ ist gespeichert." in antwort.content.decode()
    assert (projekt.beginn, projekt.ende_genauigkeit, projekt.veroeffentlicht) == (date(2026, 3, 1), "offen", True)
    assert [(zeile.name, zeile.verantwortlich) for zeile in projekt.meilensteine.all()] == [("Start", kommune)]
    assert Statuswechsel.objects.get().durch == geschaeftsstelle


def test_neu_ignores_what_the_form_does_not_have(client, kontakt):
    client.post(NEU, daten(leitung=kontakt.pk, beispiel="on", slug="neu", teilnahme_zitat=15, version=99))
    projekt = Projekt.objects.get()
    assert (projekt.leitung, projekt.beispiel, projekt.slug) == (None, False, "gemeinsames-archiv")
    assert (projekt.teilnahme_zitat, projekt.version) == (None, 1)


def test_end_before_begin_is_told_at_the_field_and_in_the_summary(client):
    antwort = client.post(NEU, daten(ende="2026-02-01", ende_genauigkeit="tag"))
    seite = antwort.content.decode()
    assert antwort.status_code == HTTPStatus.OK
    assert '<a href="#id_ende">Ende: Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Daten.</a>' in seite
    assert 'value="2026-02-01"' in seite
    assert not Projekt.objects.exists()


def test_error_in_a_meilenstein_keeps_everything_typed(client):
    antwort = client.post(NEU, daten(None, {"name": "Start", "geplant": "bald"}))
    seite = antwort.content.decode()
    assert '<a href="#id_meilensteine-0-geplant">Meilenstein „Start“, geplant am: Bitte geben Sie ein gültiges' in seite
    assert 'value="Gemeinsames Archiv"' in seite
    assert 'value="bald"' in seite
    assert not Projekt.objects.exists()


def test_same_form_sent_twice_makes_one_projekt(client):
    werte = daten()
    client.post(NEU, werte)
    antwort = client.post(NEU, werte)
    assert "Ein Projekt mit diesem Namen gibt es schon." in antwort.content.decode()
    assert Projekt.objects.count() == 1


# --- one more row -----------------------------------------------------------------------------------------------------


def test_one_more_row_keeps_what_was_typed_and_complains_of_nothing(client):
    halb = {"name": "Start", "geplant": ""}
    antwort = client.post(NEU, daten(None, halb, name="", weiterer="1"))
    seite = antwort.content.decode()
    assert antwort.status_code == HTTPStatus.OK
    assert 'name="meilensteine-TOTAL_FORMS" value="2"' in seite
    assert 'name="meilensteine-1-name"' in seite
    assert 'value="Start"' in seite
    assert 'id="meilenstein-neu"' in seite
    assert "is-invalid" not in seite
    assert "formularfehler-titel" not in seite
    assert not Projekt.objects.exists()


def test_one_more_row_can_be_saved(client):
    zeilen = [{"name": "Start", "geplant": "2026-09-01"}, {"name": "Ende", "geplant": "2027-09-01"}]
    client.post(NEU, daten(None, *zeilen))
    assert list(Meilenstein.objects.values_list("name", flat=True)) == ["Start", "Ende"]


@pytest.mark.parametrize("anzahl", ["", "x", "-1", "100", "9" * 5000])
def test_one_more_row_survives_a_strange_number(client, anzahl):
    antwort = client.post(NEU, {**daten(weiterer="1"), "meilensteine-TOTAL_FORMS": anzahl})
    assert antwort.status_code == HTTPStatus.OK


@pytest.mark.parametrize("fehlt", ["meilensteine-TOTAL_FORMS", "meilensteine-INITIAL_FORMS", "name", "status"])
def test_incomplete_post_is_shown_again(client, fehlt):
    werte = daten()
    del werte[fehlt]
    antwort = client.post(NEU, werte)
    assert antwort.status_code == HTTPStatus.OK
    assert "formularfehler-titel" in antwort.content.decode()
    assert not Projekt.objects.exists()


# --- editing ----------------------------------------------------------------------------------------------------------


def test_form_shows_what_is_saved(client):
    zeile = MeilensteinFactory(name="Konzept", geplant=date(2026, 7, 1), verantwortlich=KommuneFactory(name="Nauheim"))
    seite = client.get(bearbeiten(zeile.projekt)).content.decode()
    assert f'value="{zeile.projekt.name}"' in seite
    assert 'value="Konzept"' in seite
    assert 'value="2026-07-01"' in seite
    assert f'<option value="{zeile.verantwortlich.ags}" selected>Nauheim</option>' in seite
    assert 'name="version" value="1"' in seite


def test_status_change_is_written_with_its_reason(client, geschaeftsstelle):
    projekt = ProjektFactory(status="idee")
    client.post(bearbeiten(projekt), daten(projekt, status="vorbereitung", grund="Dienstversammlung"))
    wechsel = Statuswechsel.objects.get()
    assert (wechsel.von, wechsel.nach, wechsel.grund) == ("idee", "vorbereitung", "Dienstversammlung")
    assert (wechsel.durch, wechsel.gueltig_ab) == (geschaeftsstelle, date(2026, 6, 1))


@pytest.mark.parametrize(("status", "gesagt"), [("abgeschlossen", True), ("bearbeitung", False)])
def test_end_of_a_projekt_tells_what_was_not_reached(client, status, gesagt):
    projekt = ProjektFactory()
    MeilensteinFactory.create_batch(2, projekt=projekt, geplant=date(2026, 5, 1))
    seite = client.post(bearbeiten(projekt), daten(projekt, status=status), follow=True).content.decode()
    assert ("2 Meilensteine sind nicht erreicht." in seite) == gesagt
    assert "ist gespeichert." in seite


def test_saving_what_is_over_already_says_nothing_of_its_meilensteine(client):
    projekt = MeilensteinFactory(projekt__status="abgeschlossen", geplant=date(2026, 5, 1)).projekt
    seite = client.post(bearbeiten(projekt), daten(projekt), follow=True).content.decode()
    assert "1 Meilenstein ist nicht erreicht." not in seite


def test_meilenstein_before_the_begin_is_saved_with_a_warning(client):
    zeile = {"name": "Auftakt", "geplant": "2026-02-28"}
    seite = client.post(NEU, daten(None, zeile), follow=True).content.decode()
    satz = "1 Meilenstein liegt außerhalb des Zeitraums des Projekts (seit 01.03.2026): „Auftakt“ (28.02.2026)."
    assert satz in seite
    assert "hinweis-warnung" in seite
    assert Meilenstein.objects.count() == 1


def test_forbidden_status_is_refused(client):
    projekt = ProjektFactory(status="idee")
    antwort = client.post(bearbeiten(projekt), daten(projekt, status="abgeschlossen"))
    assert list(antwort.context["formular"].errors) == ["status"]
    assert Projekt.objects.get().status == "idee"


def test_meilenstein_is_changed_and_deleted(client):
    projekt = ProjektFactory()
    a, b = MeilensteinFactory(projekt=projekt), MeilensteinFactory(projekt=projekt)
    zeilen = [
        {"id": a.pk, "name": "erreicht", "geplant": "2026-05-01", "erreicht": "2026-06-01"},
        {"id": b.pk, "name": b.name, "geplant": "2026-05-01", "DELETE": "on"},
    ]
    antwort = client.post(bearbeiten(projekt), daten(projekt, *zeilen))
    assert antwort.status_code == HTTPStatus.FOUND
    assert list(Meilenstein.objects.values_list("name", "erreicht")) == [("erreicht", date(2026, 6, 1))]


def test_foreign_meilenstein_is_refused(client):
    fremder, projekt = MeilensteinFactory(name="fremd"), ProjektFactory()
    antwort = client.post(bearbeiten(projekt), daten(projekt, {"id": fremder.pk, "name": "x", "geplant": "2026-05-01"}))
    assert "gehört nicht zu diesem Projekt" in antwort.content.decode()
    assert Meilenstein.objects.get().name == "fremd"


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 30])
def test_strange_version_saves_nothing(client, version):
    projekt = ProjektFactory(hinweis="alt")
    antwort = client.post(bearbeiten(projekt), daten(projekt, hinweis="neu", version=version))
    assert antwort.status_code == HTTPStatus.OK
    assert Projekt.objects.get().hinweis == "alt"


def test_a_get_writes_nothing(client):
    projekt = ProjektFactory()
    client.get(bearbeiten(projekt))
    client.get(NEU)
    assert Projekt.objects.get().version == 1


@pytest.mark.parametrize("anzahl", [1, 3])
def test_form_queries(client, django_assert_num_queries, anzahl):
    projekt = ProjektFactory()
    MeilensteinFactory.create_batch(anzahl, projekt=projekt, verantwortlich=KommuneFactory())
    with django_assert_num_queries(8):
        assert client.get(bearbeiten(projekt)).status_code == HTTPStatus.OK
