"""The steps of a declaration by its page: raising the Stufe, discarding a draft; who may, what is refused and how."""

from datetime import date

import pytest
import time_machine

from bestandsaufnahme.auswahl import InteresseStatus, Stufe
from bestandsaufnahme.models import Interessenaenderung, Interessenbekundung
from kommunen.auswahl import Meldeanlass
from kommunen.models import Meldung
from tests.fabriken.bestandsaufnahme import BestaetigungspflichtFactory, InteressenbekundungFactory
from tests.fabriken.kommunen import VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

NICHT_GUELTIG = [
    {"zurueckgezogen": True},
    {"status": InteresseStatus.ABGELAUFEN},
    {"gueltig_bis": date(2026, 1, 14)},
    {"entwurf": True},
]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


@pytest.fixture
def interesse(kommune):
    return InteressenbekundungFactory(kommune=kommune, aufgabenfeld__name="Bauhof", wofuer="Mehr Kraft.")


def url(interesse, rest):
    return f"/interessen/{interesse.pk}/{rest}/"


def text(antwort):
    return antwort.content.decode()


# --- raising the Stufe ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("stufe", [Stufe.RESSOURCEN, Stufe.FEDERFUEHRUNG])
def test_raising_changes_the_stufe_and_nothing_else(angemeldet, kontakt, interesse, stufe):
    daten = {
        "stufe": stufe,
        "wofuer": "Untergeschoben",
        "status": "bestaetigt",
        "grund": "x",
        "gueltig_bis": "2020-01-01",
    }
    antwort = angemeldet(kontakt).post(url(interesse, "anheben"), daten, follow=True)
    assert antwort.redirect_chain == [(interesse.get_absolute_url(), 302)]
    assert f"Die Stufe ist jetzt „{stufe.label}“." in text(antwort)
    interesse.refresh_from_db()
    assert (interesse.stufe, interesse.wofuer, interesse.status) == (stufe, "Mehr Kraft.", "abgegeben")
    aenderung = Interessenaenderung.objects.get()
    assert (aenderung.stufe_von, aenderung.stufe_nach, aenderung.durch, aenderung.am, aenderung.grund) == (
        Stufe.INTERESSE,
        stufe,
        kontakt,
        date(2026, 1, 15),
        "",
    )


@pytest.mark.parametrize(
    ("vorher", "stufe"),
    [
        (Stufe.RESSOURCEN, Stufe.INTERESSE),
        (Stufe.RESSOURCEN, Stufe.RESSOURCEN),
        (Stufe.FEDERFUEHRUNG, Stufe.RESSOURCEN),
    ],
)
def test_raising_to_what_is_not_higher_is_refused(angemeldet, kontakt, kommune, vorher, stufe):
    interesse = InteressenbekundungFactory(kommune=kommune, stufe=vorher)
    antwort = angemeldet(kontakt).post(url(interesse, "anheben"), {"stufe": stufe}, follow=True)
    assert "Das ist keine höhere Stufe." in text(antwort)
    interesse.refresh_from_db()
    assert interesse.stufe == vorher
    assert not Interessenaenderung.objects.exists()


@pytest.mark.parametrize("daten", [{}, {"stufe": "chef"}, {"stufe": "\x00"}, {"stufe": "x" * 9999}])
def test_raising_with_bad_input_is_refused(angemeldet, kontakt, interesse, daten):
    antwort = angemeldet(kontakt).post(url(interesse, "anheben"), daten, follow=True)
    assert "Bitte laden Sie die Seite neu." in text(antwort)
    assert not Interessenaenderung.objects.exists()


@pytest.mark.parametrize("zustand", NICHT_GUELTIG)
def test_raising_what_is_not_valid_is_refused(angemeldet, kontakt, kommune, zustand):
    interesse = InteressenbekundungFactory(kommune=kommune, **zustand)
    antwort = angemeldet(kontakt).post(url(interesse, "anheben"), {"stufe": Stufe.RESSOURCEN}, follow=True)
    assert "Diese Interessenbekundung" in " ".join(str(satz) for satz in antwort.context["messages"])
    interesse.refresh_from_db()
    assert interesse.stufe == Stufe.INTERESSE


@pytest.mark.parametrize(("wer", "code"), [("fremder_kontakt", 403), ("geschaeftsstelle", 403), ("lesend", 403)])
def test_raising_is_for_the_own_kommune_alone(request, angemeldet, interesse, wer, code):
    antwort = angemeldet(request.getfixturevalue(wer)).post(url(interesse, "anheben"), {"stufe": Stufe.RESSOURCEN})
    assert antwort.status_code == code
    assert "Die Stufe hebt nur die Kommune selbst an." in text(antwort)
    interesse.refresh_from_db()
    assert interesse.stufe == Stufe.INTERESSE


def test_raising_by_a_deputy_notes_both_names(angemeldet, fremder_kontakt, buergermeister, interesse):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    angemeldet(fremder_kontakt).post(url(interesse, "anheben"), {"stufe": Stufe.RESSOURCEN})
    aenderung = Interessenaenderung.objects.get()
    assert (aenderung.durch, aenderung.fuer) == (fremder_kontakt, buergermeister)


def test_raising_a_confirmed_one_says_that_it_waits(angemeldet, kontakt, buergermeister, kommune):
    BestaetigungspflichtFactory(kommune=kommune)
    interesse = InteressenbekundungFactory(kommune=kommune, bestaetigt=True)
    antwort = angemeldet(kontakt).post(url(interesse, "anheben"), {"stufe": Stufe.RESSOURCEN}, follow=True)
    assert "Das Interesse zählt, sobald die Verwaltungsspitze es so bestätigt hat." in text(antwort)
    assert Meldung.objects.get(anlass=Meldeanlass.BESTAETIGUNG).konto == buergermeister


# --- discarding a draft -----------------------------------------------------------------------------------------------
@pytest.fixture
def entwurf(kommune):
    return InteressenbekundungFactory(kommune=kommune, aufgabenfeld__name="Bauhof", entwurf=True, wofuer="Zehn Worte.")


def test_discarding_tells_before_what_is_lost_and_then_does_it(angemeldet, kontakt, entwurf):
    client = angemeldet(kontakt)
    assert "Der Entwurf für „Bauhof“ mit seinem Text (11 Zeichen) wird gelöscht." in text(
        client.get(entwurf.get_absolute_url())
    )
    antwort = client.post(url(entwurf, "verwerfen"), {"version": entwurf.version}, follow=True)
    assert antwort.redirect_chain == [("/interessen/eigene/", 302)]
    assert "Der Entwurf „Bauhof“ ist verworfen." in text(antwort)
    assert not Interessenbekundung.objects.exists()


def test_discarding_what_somebody_wrote_on_is_refused(angemeldet, kontakt, entwurf):
    Interessenbekundung.objects.update(bietet="Noch mehr")
    antwort = angemeldet(kontakt).post(url(entwurf, "verwerfen"), {"version": entwurf.version}, follow=True)
    assert "Der Entwurf wurde inzwischen geändert." in text(antwort)
    assert Interessenbekundung.objects.exists()


@pytest.mark.parametrize("daten", [{}, {"version": "x"}, {"version": "\x00"}])
def test_discarding_with_bad_input_is_refused(angemeldet, kontakt, entwurf, daten):
    antwort = angemeldet(kontakt).post(url(entwurf, "verwerfen"), daten, follow=True)
    assert "Bitte laden Sie die Seite neu." in text(antwort)
    assert Interessenbekundung.objects.exists()


@pytest.mark.parametrize("wer", ["fremder_kontakt", "geschaeftsstelle", "lesend"])
def test_discarding_a_foreign_draft_is_404(request, angemeldet, entwurf, wer):
    antwort = angemeldet(request.getfixturevalue(wer)).post(url(entwurf, "verwerfen"), {"version": entwurf.version})
    assert antwort.status_code == 404
    assert Interessenbekundung.objects.exists()


@pytest.mark.parametrize("zustand", [{}, *NICHT_GUELTIG[:3]])
def test_discarding_what_was_filed_is_refused(angemeldet, kontakt, kommune, zustand):
    interesse = InteressenbekundungFactory(kommune=kommune, **zustand)
    antwort = angemeldet(kontakt).post(url(interesse, "verwerfen"), {"version": interesse.version}, follow=True)
    assert "Nur ein Entwurf lässt sich verwerfen." in text(antwort)
    assert Interessenbekundung.objects.exists()


@pytest.mark.parametrize("wer", ["fremder_kontakt", "geschaeftsstelle"])
def test_discarding_what_another_kommune_filed_is_403(request, angemeldet, interesse, wer):
    antwort = angemeldet(request.getfixturevalue(wer)).post(url(interesse, "verwerfen"), {"version": 1})
    assert antwort.status_code == 403


@pytest.mark.parametrize("schritt", ["anheben", "verwerfen"])
def test_steps_are_not_taken_by_get_nor_signed_out(client, angemeldet, kontakt, entwurf, schritt):
    assert angemeldet(kontakt).get(url(entwurf, schritt)).status_code == 405
    antwort = client.post(url(entwurf, schritt), {"version": 1, "stufe": Stufe.RESSOURCEN})
    assert antwort.headers["Location"].startswith("/konto/anmelden/")
    assert Interessenbekundung.objects.exists()
