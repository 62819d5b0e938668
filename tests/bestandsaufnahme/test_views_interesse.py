import pytest
import time_machine

from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis.models import Aenderung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenbekundungFactory,
)
from tests.fabriken.kommunen import VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
LISTE, NEU = "/interessen/", "/interessen/neu/"


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


def text(antwort):
    return antwort.content.decode()


# --- filing -----------------------------------------------------------------------------------------------------------


def daten(feld, **weiteres):
    werte = {
        "feld": f"aufgabenfeld-{feld.pk}",
        "art": "kooperationswille",
        "stufe": "interesse",
        "wofuer": "Mehr Kraft.",
    }
    return werte | weiteres


def test_filing_takes_nothing_that_the_form_does_not_ask(angemeldet, kontakt):
    feld = AufgabenfeldFactory(name="Bauhof")
    fremdes = {"durch": "1", "fuer": "1", "status": "bestaetigt", "beispiel": "on", "abgegeben_am": "2020-01-01"}
    antwort = angemeldet(kontakt).post(NEU, daten(feld, **fremdes), follow=True)
    interesse = Interessenbekundung.objects.get()
    assert antwort.redirect_chain == [(f"/interessen/{interesse.pk}/", 302)]
    assert "Das Interesse von Musterstadt ist eingetragen: Bauhof." in text(antwort)
    assert (interesse.kommune, interesse.durch, interesse.fuer) == (kontakt.kommune, kontakt, None)
    assert (interesse.status, interesse.beispiel, str(interesse.abgegeben_am)) == ("abgegeben", False, "2026-01-15")


def test_filing_for_a_foreign_kommune_is_refused(angemeldet, kontakt, andere_kommune):
    antwort = angemeldet(kontakt).post(NEU, daten(AufgabenfeldFactory(), kommune=andere_kommune.ags))
    assert "Sie können nur für Musterstadt ein Interesse bekunden." in text(antwort)
    assert not Interessenbekundung.objects.exists()


def test_filing_in_the_place_of_a_head_shows_both_names(angemeldet, fremder_kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    client = angemeldet(fremder_kontakt)
    eigene = client.get(NEU).content.decode()
    assert f'<option value="{fremder_kontakt.kommune.ags}" selected>Nachbarstadt</option>' in eigene
    assert f'<option value="{buergermeister.kommune.ags}">Musterstadt</option>' in eigene

    antwort = client.post(
        NEU, daten(AufgabenfeldFactory(name="Bauhof"), kommune=buergermeister.kommune.ags), follow=True
    )

    interesse = Interessenbekundung.objects.get()
    assert (interesse.kommune, interesse.durch, interesse.fuer) == (
        buergermeister.kommune,
        fremder_kontakt,
        buergermeister,
    )
    assert "Das Interesse von Musterstadt ist eingetragen: Bauhof." in text(antwort)
    beide = "Fremder Kontakt in Vertretung für Verwaltungsspitze"
    assert f"<dd>{beide}</dd>" in text(antwort)
    assert f"eingetragen von {beide}" in text(client.get(LISTE))
    assert beide in client.get(f"{LISTE}?format=csv").content.decode()
    aenderung = Aenderung.objects.get(tabelle="bestandsaufnahme_interessenbekundung")
    assert (aenderung.konto_id, aenderung.fuer_id) == (fremder_kontakt.pk, buergermeister.pk)


def test_filing_for_the_own_kommune_is_nobodys_vertretung(angemeldet, fremder_kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    angemeldet(fremder_kontakt).post(NEU, daten(AufgabenfeldFactory(), kommune=fremder_kontakt.kommune.ags))
    interesse = Interessenbekundung.objects.get()
    assert (interesse.kommune, interesse.fuer) == (fremder_kontakt.kommune, None)


def test_link_with_a_kommune_chooses_it_in_the_form(angemeldet, fremder_kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    seite = text(angemeldet(fremder_kontakt).get(f"{NEU}?kommune={buergermeister.kommune.ags}"))
    assert f'<option value="{buergermeister.kommune.ags}" selected>Musterstadt</option>' in seite


def test_filing_a_double_shows_which_one_there_is_and_keeps_the_text(angemeldet, kontakt):
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld=feld)
    antwort = angemeldet(kontakt).post(NEU, daten(feld, wofuer="Mein langer Text"))
    assert antwort.status_code == 200
    assert "Für „Bauhof“ hat Musterstadt schon eine Interessenbekundung" in text(antwort)
    assert "Mein langer Text" in text(antwort)
    assert Interessenbekundung.objects.count() == 1


def test_filing_with_errors_sums_them_up_and_links_to_the_fields(angemeldet, kontakt):
    antwort = angemeldet(kontakt).post(NEU, daten(AufgabenfeldFactory(), gueltig_bis="2026-01-14", wofuer=""))
    assert 'role="alert"' in text(antwort)
    assert 'href="#id_gueltig_bis"' in text(antwort)
    assert 'href="#id_wofuer"' in text(antwort)
    assert not Interessenbekundung.objects.exists()


def test_form_names_the_kommune_and_lets_nobody_choose_it(angemeldet, buergermeister):
    antwort = angemeldet(buergermeister).get(NEU)
    assert "<strong>Musterstadt</strong>" in text(antwort)
    assert 'name="kommune"' not in text(antwort)
    assert not Interessenbekundung.objects.exists()


@pytest.mark.parametrize(("vertretungen", "anzahl"), [(0, 8), (1, 10), (3, 10)])
def test_form_queries(angemeldet, kontakt, django_assert_num_queries, vertretungen, anzahl):
    for _ in range(vertretungen):
        VertretungFactory(vertreter=kontakt)
        AufgabenfeldFactory()
    client = angemeldet(kontakt)
    AufgabenfeldFactory()
    with django_assert_num_queries(anzahl):
        client.get(NEU)


@pytest.mark.parametrize("wer", ["geschaeftsstelle", "lesend"])
def test_filing_is_403_for_those_who_act_for_no_kommune(request, angemeldet, wer):
    client = angemeldet(request.getfixturevalue(wer))
    assert client.get(NEU).status_code == 403
    assert client.post(NEU, daten(AufgabenfeldFactory())).status_code == 403
    assert not Interessenbekundung.objects.exists()


@pytest.mark.parametrize("url", [NEU, "/interessen/1/"])
def test_signed_out_is_led_to_the_sign_in(client, url):
    assert client.get(url).headers["Location"] == f"/konto/anmelden/?next={url}"


# --- one declaration, withdrawing -------------------------------------------------------------------------------------


def test_detail_shows_all_and_offers_withdrawal_to_the_own_kommune_alone(angemeldet, kontakt, fremder_kontakt):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune, bietet="Erfahrung")
    eigene = text(angemeldet(kontakt).get(f"/interessen/{interesse.pk}/"))
    fremde = text(angemeldet(fremder_kontakt).get(f"/interessen/{interesse.pk}/"))
    assert "Erfahrung" in eigene
    assert "Erfahrung" in fremde
    assert f"/interessen/{interesse.pk}/zurueckziehen/" in eigene
    assert "zurueckziehen" not in fremde


def test_detail_of_a_foreign_draft_is_404(angemeldet, kontakt, fremder_kontakt):
    entwurf = InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)
    assert angemeldet(fremder_kontakt).get(f"/interessen/{entwurf.pk}/").status_code == 404
    assert angemeldet(kontakt).get(f"/interessen/{entwurf.pk}/").status_code == 200


def test_withdrawing_keeps_the_reason_in_sight(angemeldet, kontakt):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune)
    antwort = angemeldet(kontakt).post(
        f"/interessen/{interesse.pk}/zurueckziehen/", {"grund": "Anders entschieden."}, follow=True
    )
    assert "Die Interessenbekundung ist zurückgezogen." in text(antwort)
    assert "Anders entschieden." in text(antwort)
    interesse.refresh_from_db()
    assert interesse.status == InteresseStatus.ZURUECKGEZOGEN


def test_withdrawing_in_the_place_of_a_head_shows_both_names(angemeldet, fremder_kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    interesse = InteressenbekundungFactory(kommune=buergermeister.kommune)
    antwort = angemeldet(fremder_kontakt).post(
        f"/interessen/{interesse.pk}/zurueckziehen/", {"grund": "Anders entschieden."}, follow=True
    )
    assert "15.01.2026 von Fremder Kontakt in Vertretung für Verwaltungsspitze" in text(antwort)


def test_withdrawing_without_reason_shows_the_error(angemeldet, kontakt):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune)
    antwort = angemeldet(kontakt).post(f"/interessen/{interesse.pk}/zurueckziehen/", {"grund": ""})
    assert "Bitte nennen Sie den Grund" in text(antwort)
    interesse.refresh_from_db()
    assert interesse.status == InteresseStatus.ABGEGEBEN


def test_withdrawing_twice_says_that_it_is_done(angemeldet, kontakt):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune, zurueckgezogen=True)
    antwort = angemeldet(kontakt).post(f"/interessen/{interesse.pk}/zurueckziehen/", {"grund": "Noch einmal."})
    assert "kann nicht zurückgezogen werden: Sie ist zurückgezogen." in text(antwort)


def test_withdrawing_is_forbidden_for_others_and_by_get(angemeldet, kontakt, fremder_kontakt, geschaeftsstelle):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune)
    url = f"/interessen/{interesse.pk}/zurueckziehen/"
    for konto in (fremder_kontakt, geschaeftsstelle):
        assert angemeldet(konto).post(url, {"grund": "Unfug."}).status_code == 403
    assert angemeldet(kontakt).get(url).status_code == 405
    interesse.refresh_from_db()
    assert interesse.status == InteresseStatus.ABGEGEBEN
