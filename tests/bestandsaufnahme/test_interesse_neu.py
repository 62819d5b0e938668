"""The form by which a Kommune files: what it offers, proposes and refuses. See test_views_interesse for the filing."""

from datetime import date

import pytest
import time_machine

from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import Beobachtung, Interessenbekundung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BestaetigungspflichtFactory,
    InteressenbekundungFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
NEU = "/interessen/neu/"
NUL = "Mit\0Null"


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


def text(antwort):
    return antwort.content.decode()


def werte(antwort, *namen):
    form = antwort.context["form"]
    return [form[name].value() for name in namen]


def daten(feld, **weiteres):
    eingabe = {"feld": f"aufgabenfeld-{feld.pk}", "art": "kooperationswille", "stufe": "interesse", "wofuer": "Mehr."}
    return eingabe | weiteres


# --- what the form proposes -------------------------------------------------------------------------------------------
def test_form_proposes_the_person_who_files_and_a_year(angemeldet, kontakt, buergermeister, fremder_kontakt):
    antwort = angemeldet(kontakt).get(NEU)
    assert werte(antwort, "feld", "kontakt", "gueltig_bis") == [None, kontakt.pk, date(2027, 1, 15)]
    assert 'value="2027-01-15"' in text(antwort)
    assert f'<option value="{kontakt.pk}" selected>Kontakt' in text(antwort)
    assert f'<option value="{buergermeister.pk}">Verwaltungsspitze' in text(antwort)
    assert f'value="{fremder_kontakt.pk}"' not in text(antwort)


def test_link_with_a_field_chooses_it(angemeldet, kontakt):
    feld = AufgabenfeldFactory(name="Bauhof", slug="bauhof")
    seite = text(angemeldet(kontakt).get(f"{NEU}?feld=aufgabenfeld-{feld.pk}"))
    assert f'<option value="aufgabenfeld-{feld.pk}" selected data-url="/aufgabenfelder/bauhof/">' in seite


@pytest.mark.parametrize(
    "frage",
    [
        *("feld=", "feld=quatsch", "feld=aufgabenfeld-0", "feld=%00", "feld=ohne&feld=x"),
        *("kommune=", "kommune=06433999", "kommune=%00", "kommune[]=1"),
        *("vorlage=", "vorlage=x", "vorlage=0", "vorlage=-1", "vorlage=%00", "vorlage=²"),
        *("vorlage=2147483647", "vorlage=9999999999", "vorlage=99999999999999999999999999"),
    ],
)
def test_link_that_makes_no_sense_is_ignored(angemeldet, kontakt, frage):
    antwort = angemeldet(kontakt).get(f"{NEU}?{frage}")
    assert antwort.status_code == 200
    assert werte(antwort, "wofuer", "kontakt") == [None, kontakt.pk]
    assert not Interessenbekundung.objects.exists()


@pytest.mark.parametrize(
    "zustand", [{"zurueckgezogen": True}, {"status": InteresseStatus.ABGELAUFEN}, {"gueltig_bis": "2026-01-14"}]
)
def test_one_that_is_over_can_be_declared_again(angemeldet, kontakt, zustand):
    alte = InteressenbekundungFactory(
        kommune=kontakt.kommune,
        aufgabenfeld=None,
        kooperationsfeld=KooperationsfeldFactory(),
        art="info_austausch",
        wofuer="Wie damals.",
        **zustand,
    )
    antwort = angemeldet(kontakt).get(f"{NEU}?vorlage={alte.pk}")
    assert werte(antwort, "feld", "art", "wofuer", "gueltig_bis") == [
        f"kooperationsfeld-{alte.kooperationsfeld_id}",
        "info_austausch",
        "Wie damals.",
        date(2027, 1, 15),
    ]


def test_neither_a_running_nor_a_foreign_one_is_declared_again(angemeldet, kontakt, andere_kommune):
    laufende = InteressenbekundungFactory(kommune=kontakt.kommune, wofuer="Läuft.")
    fremde = InteressenbekundungFactory(kommune=andere_kommune, zurueckgezogen=True, wofuer="Fremd.")
    client = angemeldet(kontakt)
    assert [werte(client.get(f"{NEU}?vorlage={eine.pk}"), "wofuer") for eine in (laufende, fremde)] == [[None], [None]]


def test_who_acts_for_another_kommune_is_not_proposed_for_it(angemeldet, fremder_kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    client = angemeldet(fremder_kontakt)
    fuer_andere = client.get(f"{NEU}?kommune={buergermeister.kommune.ags}")
    assert werte(fuer_andere, "kommune", "kontakt") == [buergermeister.kommune.ags, None]
    assert werte(client.get(NEU), "kommune", "kontakt") == [fremder_kontakt.kommune.ags, fremder_kontakt.pk]


def test_form_without_script_links_to_every_field(angemeldet, kontakt):
    AufgabenfeldFactory(name="Bauhof", slug="bauhof")
    seite = text(angemeldet(kontakt).get(NEU))
    assert '<a href="/aufgabenfelder/bauhof/">Bauhof</a>' in seite


@pytest.mark.parametrize(("wer", "gesagt"), [("kontakt", True), ("buergermeister", False), ("fremder_kontakt", False)])
def test_form_says_that_the_head_confirms(request, angemeldet, kommune, wer, gesagt):
    BestaetigungspflichtFactory(kommune=kommune)
    seite = text(angemeldet(request.getfixturevalue(wer)).get(NEU))
    assert ("In Musterstadt bestätigt die Verwaltungsspitze jedes Interesse" in seite) is gesagt


# --- filing -----------------------------------------------------------------------------------------------------------
def test_filing_where_the_head_confirms_waits(angemeldet, kontakt):
    BestaetigungspflichtFactory(kommune=kontakt.kommune)
    antwort = angemeldet(kontakt).post(NEU, daten(AufgabenfeldFactory()), follow=True)
    assert Interessenbekundung.objects.get().unbestaetigt
    assert "Es zählt, sobald die Verwaltungsspitze es bestätigt hat" in text(antwort)


def test_filing_by_the_head_confirms_it(angemeldet, buergermeister):
    BestaetigungspflichtFactory(kommune=buergermeister.kommune)
    antwort = angemeldet(buergermeister).post(NEU, daten(AufgabenfeldFactory()), follow=True)
    assert Interessenbekundung.objects.get().status == InteresseStatus.BESTAETIGT
    assert "Die anderen Kommunen sehen es ab sofort." in text(antwort)


@pytest.mark.parametrize("knopf", [{}, {"entwurf": "1"}])
def test_filing_follows_the_field_where_that_is_wanted(angemeldet, kontakt, knopf):
    teil = KooperationsfeldFactory()
    client = angemeldet(kontakt)
    client.post(NEU, daten(AufgabenfeldFactory(), **knopf))
    assert not Beobachtung.objects.exists()
    genaues = {"feld": f"kooperationsfeld-{teil.pk}", "beobachten": "on"}
    client.post(NEU, daten(teil.aufgabenfeld) | genaues | knopf)
    beobachtung = Beobachtung.objects.get()
    assert (beobachtung.konto, beobachtung.aufgabenfeld) == (kontakt, teil.aufgabenfeld)


def test_draft_needs_the_field_alone_and_is_the_kommunes(angemeldet, kontakt, fremder_kontakt):
    feld = AufgabenfeldFactory(name="Bauhof")
    antwort = angemeldet(kontakt).post(NEU, daten(feld, wofuer="", entwurf="1"), follow=True)
    entwurf = Interessenbekundung.objects.get()
    assert (entwurf.status, entwurf.aufgabenfeld, entwurf.durch) == (InteresseStatus.ENTWURF, feld, kontakt)
    assert "Der Entwurf zu „Bauhof“ ist gespeichert. Nur Musterstadt sieht ihn." in text(antwort)
    assert angemeldet(fremder_kontakt).get(entwurf.get_absolute_url()).status_code == 404


# --- a double ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("knopf", [{}, {"entwurf": "1"}])
def test_double_is_refused_with_a_link_to_the_one_there_is(angemeldet, kontakt, knopf):
    vorhandene = InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld__name="Bauhof")
    seite = text(angemeldet(kontakt).post(NEU, daten(vorhandene.aufgabenfeld, **knopf)))
    assert "Für „Bauhof“ hat Musterstadt schon eine Interessenbekundung" in seite
    assert 'href="#id_feld"' in seite
    assert f'<a href="/interessen/{vorhandene.pk}/">Zur vorhandenen Interessenbekundung</a>' in seite
    assert Interessenbekundung.objects.count() == 1


def test_double_of_a_draft_leads_to_the_draft(angemeldet, kontakt):
    entwurf = InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)
    seite = text(angemeldet(kontakt).post(NEU, daten(entwurf.aufgabenfeld)))
    assert f'<a href="/interessen/{entwurf.pk}/bearbeiten/">Am vorhandenen Entwurf weiterschreiben</a>' in seite
    assert Interessenbekundung.objects.count() == 1


# --- hostile ----------------------------------------------------------------------------------------------------------
def test_person_of_another_kommune_is_refused(angemeldet, kontakt, fremder_kontakt):
    seite = text(angemeldet(kontakt).post(NEU, daten(AufgabenfeldFactory(), kontakt=fremder_kontakt.pk)))
    assert "Diese Person können Sie nicht nennen." in seite
    assert not Interessenbekundung.objects.exists()


def test_field_that_was_deleted_meanwhile_is_refused_and_the_text_stays(angemeldet, kontakt):
    feld = AufgabenfeldFactory()
    client = angemeldet(kontakt)
    client.get(NEU)
    type(feld).objects.filter(pk=feld.pk).delete()
    seite = text(client.post(NEU, daten(feld, wofuer="Mein langer Text")))
    assert "Dieses Feld gibt es nicht. Bitte wählen Sie eines aus der Liste." in seite
    assert "Mein langer Text" in seite
    assert not Interessenbekundung.objects.exists()


@pytest.mark.parametrize(
    "falsches",
    [
        {"wofuer": NUL},
        {"bietet": "x" * 2001},
        {"art": NUL},
        {"stufe": ""},
        {"kontakt": NUL},
        {"kontakt": "99999999999999999999"},
        {"feld": "kooperationsfeld-99999999999999999999"},
        {"gueltig_bis": "2026-02-30"},
        {"gueltig_bis": NUL},
        {"kommune": NUL},
    ],
)
@pytest.mark.parametrize("knopf", [{}, {"entwurf": "1"}])
def test_nonsense_shows_the_form_again_and_writes_nothing(angemeldet, kontakt, falsches, knopf):
    antwort = angemeldet(kontakt).post(NEU, daten(AufgabenfeldFactory()) | falsches | knopf)
    assert antwort.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in text(antwort)
    assert not Interessenbekundung.objects.exists()


def test_draft_takes_nothing_that_the_form_does_not_ask(angemeldet, kontakt, fremder_kontakt):
    fremdes = {
        "durch": fremder_kontakt.pk,
        "status": "bestaetigt",
        "runde": "1",
        "bestaetigung_noetig": "on",
        "vermerk": "x",
        "anschluss_an": "1",
        "version": "7",
    }
    angemeldet(kontakt).post(NEU, daten(AufgabenfeldFactory(), entwurf="1", **fremdes))
    entwurf = Interessenbekundung.objects.get()
    assert (entwurf.status, entwurf.durch, entwurf.runde, entwurf.version) == ("entwurf", kontakt, None, 1)
    assert (entwurf.bestaetigung_noetig, entwurf.vermerk, entwurf.anschluss_an) == (False, "", None)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_form_needs_the_same_queries_for_any_number(angemeldet, kontakt, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        KooperationsfeldFactory()
        KontoFactory(kommune=kontakt.kommune)
        InteressenbekundungFactory(kommune=kontakt.kommune)
    client = angemeldet(kontakt)
    with django_assert_num_queries(8):
        client.get(NEU)
