import pytest
import time_machine

from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models import Interessenaenderung, Interessenbekundung
from tests.bestandsaufnahme.interessehilfen import bekundung, unveraendert
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BestaetigungspflichtFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


@pytest.fixture
def entwurf(kommune):
    return bekundung(kommune, status=InteresseStatus.ENTWURF, aufgabenfeld__name="Bauhof", wofuer="Halb fertig")


@pytest.fixture
def abgegebene(kommune):
    return bekundung(kommune, aufgabenfeld__name="Bauhof", wofuer="Damals so.")


def url(interesse):
    return f"/interessen/{interesse.pk}/bearbeiten/"


def text(antwort):
    return antwort.content.decode()


def daten(interesse, **weiteres):
    werte = {
        "feld": f"aufgabenfeld-{interesse.aufgabenfeld_id}",
        "art": "kooperationswille",
        "stufe": "ressourcen",
        "wofuer": "Neu gesagt.",
        "version": "1",
    }
    return werte | weiteres


# --- drafts -----------------------------------------------------------------------------------------------------------
def test_draft_is_gone_on_with_where_it_ended(angemeldet, kontakt, entwurf):
    seite = text(angemeldet(kontakt).get(url(entwurf)))
    assert "Halb fertig" in seite
    assert f'<option value="aufgabenfeld-{entwurf.aufgabenfeld_id}" selected' in seite
    assert 'name="entwurf"' in seite
    assert f'action="/interessen/{entwurf.pk}/verwerfen/"' in seite


def test_draft_may_change_its_field_and_is_kept(angemeldet, kontakt, entwurf):
    teil = KooperationsfeldFactory(name="Winterdienst")
    eingabe = daten(entwurf, feld=f"kooperationsfeld-{teil.pk}", art="info_austausch", wofuer="", entwurf="1")
    antwort = angemeldet(kontakt).post(url(entwurf), eingabe, follow=True)
    entwurf.refresh_from_db()
    assert (entwurf.status, entwurf.feld, entwurf.art, entwurf.wofuer) == ("entwurf", teil, "info_austausch", "")
    assert "Der Entwurf zu „Winterdienst“ ist gespeichert." in text(antwort)


def test_draft_is_filed(angemeldet, kontakt, entwurf):
    antwort = angemeldet(kontakt).post(url(entwurf), daten(entwurf), follow=True)
    entwurf.refresh_from_db()
    assert (entwurf.status, entwurf.stufe, entwurf.wofuer) == ("abgegeben", Stufe.RESSOURCEN, "Neu gesagt.")
    assert (str(entwurf.abgegeben_am), entwurf.durch) == ("2026-01-15", kontakt)
    assert "Das Interesse von Musterstadt ist eingetragen: Bauhof." in text(antwort)


def test_draft_of_others_is_404(angemeldet, fremder_kontakt, geschaeftsstelle, lesend, entwurf):
    for konto in (fremder_kontakt, geschaeftsstelle, lesend):
        client = angemeldet(konto)
        assert client.get(url(entwurf)).status_code == 404
        assert client.post(url(entwurf), daten(entwurf)).status_code == 404
    assert unveraendert(entwurf)


def test_draft_that_a_colleague_changed_shows_both_editions(angemeldet, kontakt, buergermeister, entwurf):
    angemeldet(buergermeister).post(url(entwurf), daten(entwurf, wofuer="Vom Chef", entwurf="1"))
    client = angemeldet(kontakt)
    antwort = client.post(url(entwurf), daten(entwurf, wofuer="Von mir"))
    assert antwort.status_code == 409
    assert "Vom Chef" in text(antwort)
    assert "Von mir" in text(antwort)
    assert Interessenbekundung.objects.get().wofuer == "Vom Chef"

    gewaehlt = {"gewaehlt": "1", "wahl-wofuer": "eingabe", "version": "2"}
    client.post(url(entwurf), daten(entwurf, wofuer="Von mir") | gewaehlt)
    entwurf.refresh_from_db()
    assert (entwurf.status, entwurf.wofuer) == (InteresseStatus.ABGEGEBEN, "Von mir")


def test_draft_that_a_colleague_filed_keeps_what_was_typed(angemeldet, kontakt, buergermeister, entwurf):
    angemeldet(buergermeister).post(url(entwurf), daten(entwurf, wofuer="Vom Chef"))
    antwort = angemeldet(kontakt).post(url(entwurf), daten(entwurf, wofuer="Von mir", entwurf="1"))
    assert antwort.status_code == 409
    assert "Von mir" in text(antwort)
    assert Interessenbekundung.objects.get().wofuer == "Vom Chef"


def test_draft_is_not_filed_beside_another_one(angemeldet, kontakt, entwurf):
    vorhandene = bekundung(kontakt.kommune)
    antwort = angemeldet(kontakt).post(url(entwurf), daten(vorhandene))
    assert f'<a href="/interessen/{vorhandene.pk}/">Zur vorhandenen Interessenbekundung</a>' in text(antwort)
    assert 'href="#id_feld"' in text(antwort)
    assert unveraendert(entwurf)


def test_draft_for_another_kommune_is_refused(angemeldet, kontakt, andere_kommune, entwurf):
    antwort = angemeldet(kontakt).post(url(entwurf), daten(entwurf, kommune=andere_kommune.ags))
    assert "Sie können nur für Musterstadt ein Interesse bekunden." in text(antwort)
    assert unveraendert(entwurf)


# --- what is filed ----------------------------------------------------------------------------------------------------
def test_change_leaves_field_art_and_status(angemeldet, kontakt, fremder_kontakt, abgegebene):
    feld = abgegebene.aufgabenfeld
    fremdes = {
        "feld": f"aufgabenfeld-{AufgabenfeldFactory().pk}",
        "art": "info_austausch",
        "status": "bestaetigt",
        "durch": fremder_kontakt.pk,
        "kommune": fremder_kontakt.kommune.ags,
        "entwurf": "1",
    }
    antwort = angemeldet(kontakt).post(url(abgegebene), daten(abgegebene, **fremdes), follow=True)
    abgegebene.refresh_from_db()
    assert (abgegebene.aufgabenfeld, abgegebene.art) == (feld, InteresseArt.KOOPERATIONSWILLE)
    assert (abgegebene.kommune, abgegebene.status, abgegebene.durch) == (kontakt.kommune, "abgegeben", None)
    assert (abgegebene.wofuer, abgegebene.stufe) == ("Neu gesagt.", Stufe.RESSOURCEN)
    assert "Die Interessenbekundung ist geändert." in text(antwort)


def test_change_by_the_geschaeftsstelle_asks_for_the_reason(angemeldet, geschaeftsstelle, abgegebene):
    client = angemeldet(geschaeftsstelle)
    assert "Bitte nennen Sie den Grund der Änderung." in text(client.post(url(abgegebene), daten(abgegebene)))
    assert unveraendert(abgegebene)
    client.post(url(abgegebene), daten(abgegebene, grund="Nach Anruf."))
    zeile = Interessenaenderung.objects.get()
    assert (zeile.grund, zeile.durch) == ("Nach Anruf.", geschaeftsstelle)


def test_change_in_the_place_of_the_head_names_both(angemeldet, fremder_kontakt, buergermeister, abgegebene):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    angemeldet(fremder_kontakt).post(url(abgegebene), daten(abgegebene))
    zeile = Interessenaenderung.objects.get()
    assert (zeile.durch, zeile.fuer) == (fremder_kontakt, buergermeister)


def test_change_is_forbidden_for_others(angemeldet, fremder_kontakt, lesend, abgegebene):
    for konto in (fremder_kontakt, lesend):
        client = angemeldet(konto)
        assert client.get(url(abgegebene)).status_code == 403
        assert client.post(url(abgegebene), daten(abgegebene)).status_code == 403
    assert unveraendert(abgegebene)


def test_change_over_an_older_version_shows_both_editions(angemeldet, kontakt, geschaeftsstelle, abgegebene):
    angemeldet(geschaeftsstelle).post(url(abgegebene), daten(abgegebene, wofuer="Amtlich", grund="Anruf."))
    antwort = angemeldet(kontakt).post(url(abgegebene), daten(abgegebene, wofuer="Von mir"))
    assert antwort.status_code == 409
    assert [zeile.feld for zeile in antwort.context["abgleich"].unterschiede] == ["Wofür möchten Sie zusammenarbeiten?"]
    assert Interessenbekundung.objects.get().wofuer == "Amtlich"


@pytest.mark.parametrize(
    "falsches",
    [
        {"wofuer": " "},
        {"wofuer": "Mit\0Null"},
        {"gueltig_bis": "2026-01-14"},
        {"sucht": "x" * 2001},
        {"stufe": "quatsch"},
        {"kontakt": "0"},
        {"version": ""},
        {"version": "x"},
        {"version": "99999999999999999999"},
        {"grund": "x" * 1001},
    ],
)
def test_nonsense_shows_the_form_again_and_writes_nothing(angemeldet, kontakt, abgegebene, falsches):
    antwort = angemeldet(kontakt).post(url(abgegebene), daten(abgegebene) | falsches)
    assert antwort.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in text(antwort)
    assert unveraendert(abgegebene)


def test_person_of_another_kommune_is_not_offered(angemeldet, geschaeftsstelle, kontakt, fremder_kontakt, abgegebene):
    client = angemeldet(geschaeftsstelle)
    seite = text(client.get(url(abgegebene)))
    assert f'value="{kontakt.pk}"' in seite
    assert f'value="{fremder_kontakt.pk}"' not in seite
    client.post(url(abgegebene), daten(abgegebene, kontakt=fremder_kontakt.pk, grund="Unfug."))
    assert unveraendert(abgegebene)


def test_person_who_left_is_told_of(angemeldet, kontakt, abgegebene):
    fort = KontoFactory(kommune=kontakt.kommune, is_active=False)
    Interessenbekundung.objects.update(kontakt=fort)
    assert "Die bisherige Ansprechperson ist nicht mehr zuständig." in text(angemeldet(kontakt).get(url(abgegebene)))


# --- confirmed, over --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("wer", "gesagt"), [("kontakt", True), ("buergermeister", False), ("geschaeftsstelle", True)])
def test_page_says_beforehand_that_the_head_confirms_again(request, angemeldet, kommune, wer, gesagt):
    BestaetigungspflichtFactory(kommune=kommune)
    interesse = bekundung(kommune, status=InteresseStatus.BESTAETIGT)
    client = angemeldet(request.getfixturevalue(wer))
    assert ("wartet sie auf die Bestätigung der Verwaltungsspitze" in text(client.get(url(interesse)))) is gesagt
    antwort = client.post(url(interesse), daten(interesse, grund="Anruf."), follow=True)
    interesse.refresh_from_db()
    assert interesse.unbestaetigt is gesagt
    assert ("Sie wartet jetzt auf die Bestätigung der Verwaltungsspitze." in text(antwort)) is gesagt


@pytest.mark.parametrize(
    ("zustand", "wort"),
    [
        ({"status": InteresseStatus.ZURUECKGEZOGEN}, "zurückgezogen"),
        ({"status": InteresseStatus.ABGELAUFEN}, "abgelaufen"),
        ({"gueltig_bis": "2026-01-14"}, "abgelaufen"),
    ],
)
def test_what_is_over_is_not_changed(angemeldet, kontakt, zustand, wort):
    interesse = bekundung(kontakt.kommune, **zustand)
    client = angemeldet(kontakt)
    antwort = client.get(url(interesse), follow=True)
    assert antwort.redirect_chain == [(f"/interessen/{interesse.pk}/", 302)]
    assert f"lässt sich nicht mehr ändern: Sie ist {wort}." in text(antwort)
    assert client.post(url(interesse), daten(interesse)).status_code == 200
    assert unveraendert(interesse)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_draft_needs_the_same_queries_for_any_number(angemeldet, kontakt, entwurf, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        KooperationsfeldFactory()
        KontoFactory(kommune=kontakt.kommune)
    client = angemeldet(kontakt)
    with django_assert_num_queries(9):
        client.get(url(entwurf))


@pytest.mark.parametrize("anzahl", [1, 3])
def test_change_needs_the_same_queries_for_any_number(
    angemeldet, kontakt, abgegebene, django_assert_num_queries, anzahl
):
    for _ in range(anzahl):
        KontoFactory(kommune=kontakt.kommune)
    client = angemeldet(kontakt)
    with django_assert_num_queries(6):
        client.get(url(abgegebene))


# --- drafts stay secret -----------------------------------------------------------------------------------------------
def test_version_of_the_draft_tells_only_its_kommune_who_wrote_it(angemeldet, kontakt, geschaeftsstelle, entwurf):
    angemeldet(kontakt).post(url(entwurf), daten(entwurf, wofuer="Unter uns gesagt", entwurf="1"))
    angemeldet(kontakt).post(url(entwurf), daten(entwurf, version="2"))
    fremde = angemeldet(geschaeftsstelle).post(url(entwurf), daten(entwurf, wofuer="Von außen", grund="Anruf"))
    eigene = angemeldet(kontakt).post(url(entwurf), daten(entwurf, wofuer="Von uns"))
    assert (fremde.status_code, eigene.status_code) == (409, 409)
    assert "Neu gesagt." in text(fremde)
    assert "Unter uns gesagt" not in text(fremde)
    assert (len(fremde.context["abgleich"].vorgaenge), len(eigene.context["abgleich"].vorgaenge)) == (0, 2)
