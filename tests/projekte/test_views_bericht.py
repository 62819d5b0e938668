"""Reports in the browser's eyes: who may ask, read, repeat and release; progress, file, and an absent broker."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from ikz_portal.basis import laeufe
from ikz_portal.basis.models import Lauf
from kommunen.models import Konto
from projekte import tasks
from projekte.ablaeufe import bericht as ablauf
from projekte.models import Bericht
from tests.fabriken.projekte import bericht_anfordern

Anmelden = Callable[[Konto], Client]

HEUTE = date(2026, 11, 22)
LISTE = "/berichte/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel(HEUTE):
        yield


@pytest.fixture
def bericht(geschaeftsstelle: Konto) -> Bericht:
    bericht, _ = bericht_anfordern(stichtag=HEUTE, durch=geschaeftsstelle, heute=HEUTE)
    return bericht


@pytest.fixture
def fertiger(bericht: Bericht) -> Bericht:
    tasks.bericht_erstellen(bericht.lauf_id)
    return Bericht.objects.get(pk=bericht.pk)


def text(antwort) -> str:
    return " ".join(antwort.content.decode().split())


# --- asking ---------------------------------------------------------------------------------------------------------


def test_list_empty_tells_the_geschaeftsstelle_what_to_do(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    seite = text(angemeldet(geschaeftsstelle).get(LISTE))

    assert "Statusbericht erstellen" in seite
    assert "Wählen Sie oben einen Stichtag." in seite


def test_list_offers_others_no_form(lesend: Konto, angemeldet: Anmelden) -> None:
    seite = text(angemeldet(lesend).get(LISTE))

    assert "Statusbericht erstellen" not in seite
    assert "sobald die Geschäftsstelle sie freigegeben hat" in seite


def test_ask_leads_to_the_progress(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    antwort = angemeldet(geschaeftsstelle).post(LISTE, {"stichtag": "2026-11-22"})

    assert antwort.headers["Location"] == f"/berichte/{Bericht.objects.get().pk}/"


def test_ask_rings_on_commit(geschaeftsstelle: Konto, angemeldet: Anmelden, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        angemeldet(geschaeftsstelle).post(LISTE, {"stichtag": "2026-11-22"})

    assert Lauf.objects.get().gemeldet_am is not None


def test_ask_twice_in_a_row_makes_one_report(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    client = angemeldet(geschaeftsstelle)
    client.post(LISTE, {"stichtag": "2026-11-22"})

    zweite = client.post(LISTE, {"stichtag": "2026-11-22"}, follow=True)

    assert Bericht.objects.count() == 1
    assert "wird bereits erstellt" in text(zweite)


@pytest.mark.parametrize(
    ("stichtag", "satz"),
    [
        ("2013-13-45", "Bitte geben Sie ein gültiges Datum an"),
        ("", "Bitte füllen Sie dieses Feld aus"),
        ("2026-11-23", "Der Stichtag liegt in der Zukunft."),
    ],
)
def test_ask_with_a_wrong_day_is_refused_in_german(
    geschaeftsstelle: Konto, angemeldet: Anmelden, stichtag: str, satz: str
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(LISTE, {"stichtag": stichtag})

    assert antwort.status_code == 400
    assert satz in text(antwort)
    assert Bericht.objects.count() == 0


def test_ask_without_the_right_is_forbidden(kontakt: Konto, angemeldet: Anmelden) -> None:
    assert angemeldet(kontakt).post(LISTE, {"stichtag": "2026-11-22"}).status_code == 403


def test_ask_without_broker_is_kept_and_said(
    geschaeftsstelle: Konto, angemeldet: Anmelden, ohne_warteschlange: None, django_capture_on_commit_callbacks
) -> None:
    client = angemeldet(geschaeftsstelle)
    with django_capture_on_commit_callbacks(execute=True):
        antwort = client.post(LISTE, {"stichtag": "2026-11-22"})

    assert "Ihr Bericht ist vorgemerkt" in text(client.get(antwort.headers["Location"]))


# --- following, reading ---------------------------------------------------------------------------------------------


def test_progress_shows_the_step_and_asks_again(bericht: Bericht, geschaeftsstelle, angemeldet: Anmelden) -> None:
    lauf = laeufe.beanspruchen(bericht.lauf_id)
    laeufe.melden(lauf, schritt="Seiten werden gesetzt", fortschritt=35)

    antwort = angemeldet(geschaeftsstelle).get(bericht.get_absolute_url(), headers={"HX-Request": "true"})

    assert "Seiten werden gesetzt" in text(antwort)
    assert 'hx-trigger="every 1s"' in text(antwort)
    assert "<html" not in text(antwort)


def test_finished_report_shows_checksum_and_stops_asking(fertiger: Bericht, geschaeftsstelle, angemeldet) -> None:
    seite = text(angemeldet(geschaeftsstelle).get(fertiger.get_absolute_url()))

    assert fertiger.fassung.pruefsumme in seite
    assert "hx-trigger" not in seite


def test_pdf_comes_as_a_file_and_unchanged_as_304(fertiger: Bericht, geschaeftsstelle, angemeldet: Anmelden) -> None:
    client, adresse = angemeldet(geschaeftsstelle), reverse("bericht_pdf", args=[fertiger.pk])

    antwort = client.get(adresse)
    inhalt = antwort.getvalue()
    noch_einmal = client.get(adresse, headers={"If-None-Match": antwort.headers["ETag"]})

    assert inhalt.startswith(b"%PDF-")
    assert antwort.headers["Content-Disposition"] == 'attachment; filename="IKZ-Statusbericht-2026-11-22.pdf"'
    assert noch_einmal.status_code == 304


def test_pdf_of_an_unfinished_report_is_not_found(bericht: Bericht, geschaeftsstelle, angemeldet: Anmelden) -> None:
    assert angemeldet(geschaeftsstelle).get(reverse("bericht_pdf", args=[bericht.pk])).status_code == 404


@pytest.mark.parametrize("name", ["bericht_detail", "bericht_pdf"])
def test_report_not_released_is_a_stranger_to_others(fertiger: Bericht, kontakt, angemeldet, name: str) -> None:
    assert angemeldet(kontakt).get(reverse(name, args=[fertiger.pk])).status_code == 404


def test_released_report_is_read_by_all_who_are_signed_in(
    fertiger: Bericht, geschaeftsstelle: Konto, lesend: Konto, angemeldet: Anmelden
) -> None:
    angemeldet(geschaeftsstelle).post(reverse("bericht_freigeben", args=[fertiger.pk]))

    assert "PDF herunterladen" in text(angemeldet(lesend).get(fertiger.get_absolute_url()))


def test_release_of_an_unfinished_report_says_why_not(bericht: Bericht, geschaeftsstelle, angemeldet) -> None:
    antwort = angemeldet(geschaeftsstelle).post(reverse("bericht_freigeben", args=[bericht.pk]), follow=True)

    assert "Freigeben können Sie nur einen fertigen Bericht." in text(antwort)


@pytest.mark.parametrize("name", ["bericht_freigeben", "bericht_wiederholen"])
def test_action_without_the_right_is_forbidden(fertiger: Bericht, geschaeftsstelle, lesend, angemeldet, name) -> None:
    ablauf.freigeben(bericht=fertiger, durch=geschaeftsstelle)

    assert angemeldet(lesend).post(reverse(name, args=[fertiger.pk])).status_code == 403


def test_failed_report_shows_the_reason_and_is_repeated(bericht: Bericht, geschaeftsstelle, angemeldet) -> None:
    laeufe.scheitern(laeufe.beanspruchen(bericht.lauf_id), "Der Speicher ist voll.")
    client = angemeldet(geschaeftsstelle)

    assert "Der Speicher ist voll." in text(client.get(bericht.get_absolute_url()))
    client.post(reverse("bericht_wiederholen", args=[bericht.pk]))
    bericht.lauf.refresh_from_db()
    assert bericht.lauf.ist_offen


def test_repeat_while_another_is_made_says_so(bericht: Bericht, geschaeftsstelle, angemeldet: Anmelden) -> None:
    laeufe.scheitern(laeufe.beanspruchen(bericht.lauf_id), "kaputt")
    bericht_anfordern(stichtag=HEUTE, durch=geschaeftsstelle, heute=HEUTE)

    antwort = angemeldet(geschaeftsstelle).post(reverse("bericht_wiederholen", args=[bericht.pk]), follow=True)

    assert "wird gerade ein anderer Bericht erstellt" in text(antwort)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_queries(geschaeftsstelle, angemeldet, django_assert_num_queries, anzahl: int) -> None:
    for tag in range(anzahl):
        bericht_anfordern(stichtag=date(2026, 11, 1 + tag), durch=geschaeftsstelle, heute=HEUTE)
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(4):
        client.get(LISTE)


def test_detail_queries(bericht: Bericht, geschaeftsstelle, angemeldet, django_assert_num_queries) -> None:
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(4):
        client.get(bericht.get_absolute_url())
