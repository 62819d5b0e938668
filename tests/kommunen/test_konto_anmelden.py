"""Who comes in, who doesn't, and what the log of sign-ins keeps of it."""

from datetime import UTC, datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kommunen.ablaeufe import konto as ablauf
from kommunen.models import Anmeldung
from tests.fabriken.kommunen import KontoFactory
from tests.kommunen.konto_hilfen import (
    EINGEBEN,
    FALSCH,
    GESPERRT,
    PASSWORT,
    angemeldeter,
    anmelden,
    code,
    ist_angemeldet,
    konto_mit_passwort,
    mit_app,
    text,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "zaehler")]
JETZT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEHR_LANG_HER = datetime(2026, 3, 2, 9, 6, tzinfo=UTC)


def protokoll() -> list[tuple]:
    return list(Anmeldung.objects.order_by("pk").values_list("konto", "ip", "gelungen"))


# --- the log --------------------------------------------------------------------------------------------------------


def test_anmeldung_success_is_logged_with_konto_and_address_of_the_network(client: Client) -> None:
    konto = konto_mit_passwort()

    anmelden(client, konto.email)

    assert protokoll() == [(konto.pk, "127.0.0.1", True)]


def test_anmeldung_wrong_password_is_logged_as_refused(client: Client) -> None:
    konto = konto_mit_passwort()

    anmelden(client, konto.email.upper(), "falsch")

    assert protokoll() == [(konto.pk, "127.0.0.1", False)]


def test_anmeldung_of_an_unknown_address_keeps_no_address(client: Client) -> None:
    anmelden(client, "niemand@ikz.example", "falsch")

    assert protokoll() == [(None, "127.0.0.1", False)]


def test_anmeldung_with_second_factor_succeeds_when_the_code_is_right(client: Client) -> None:
    konto = konto_mit_passwort()
    seed = mit_app(konto)
    anmelden(client, konto.email)
    assert protokoll() == []

    client.post(EINGEBEN, {"code": "abc"})
    client.post(EINGEBEN, {"code": code(seed)})

    assert protokoll() == [(konto.pk, "127.0.0.1", False), (konto.pk, "127.0.0.1", True)]


def test_anmeldung_of_a_deactivated_konto_is_logged_as_refused(client: Client) -> None:
    konto = konto_mit_passwort(is_active=False)

    anmelden(client, konto.email)

    assert protokoll() == [(konto.pk, "127.0.0.1", False)]


# --- brute force ----------------------------------------------------------------------------------------------------


def test_brute_force_one_konto_is_closed_after_five_and_open_again_after_five_minutes() -> None:
    konto = konto_mit_passwort()
    with time_machine.travel(JETZT, tick=False):
        antworten = [text(anmelden(Client(REMOTE_ADDR=f"192.0.2.{n}"), konto.email, "falsch")) for n in range(5)]
        assert all(FALSCH in antwort for antwort in antworten)
        richtig = Client(REMOTE_ADDR="198.51.100.1")
        assert GESPERRT in text(anmelden(richtig, konto.email))
    with time_machine.travel(SEHR_LANG_HER, tick=False):
        anmelden(richtig, konto.email)
        assert ist_angemeldet(richtig)


def test_brute_force_upper_case_and_spaces_are_the_same_konto() -> None:
    konto = konto_mit_passwort()
    schreibweisen = [konto.email, konto.email.upper(), f" {konto.email}", f"{konto.email} ", konto.email.title()]
    for nummer, email in enumerate(schreibweisen):
        anmelden(Client(REMOTE_ADDR=f"192.0.2.{nummer}"), email, "falsch")

    assert GESPERRT in text(anmelden(Client(REMOTE_ADDR="198.51.100.1"), konto.email))


def test_brute_force_one_address_is_closed_after_ten_and_open_again_after_a_minute(client: Client) -> None:
    konto = konto_mit_passwort()
    with time_machine.travel(JETZT, tick=False):
        for nummer in range(10):
            assert FALSCH in text(anmelden(client, f"niemand{nummer}@ikz.example", "falsch"))
        assert GESPERRT in text(anmelden(client, konto.email))
    with time_machine.travel(JETZT.replace(minute=1, second=1), tick=False):
        anmelden(client, konto.email)
        assert ist_angemeldet(client)


def test_brute_force_own_success_in_between_does_not_reset_the_counter(client: Client) -> None:
    eigenes, fremdes = konto_mit_passwort(), konto_mit_passwort()
    for _ in range(5):
        anmelden(Client(), fremdes.email, "falsch")
        anmelden(Client(), eigenes.email)

    assert GESPERRT in text(anmelden(client, fremdes.email))


# --- deactivated, demo ----------------------------------------------------------------------------------------------


def test_deactivated_konto_right_password_is_told_kindly_and_gets_no_session(client: Client) -> None:
    konto = konto_mit_passwort(is_active=False)

    antwort = client.post("/konto/anmelden/", {"login": konto.email, "password": PASSWORT}, follow=True)

    assert antwort.redirect_chain == [("/konto/deaktiviert/", 302)]
    assert "Dieses Konto ist deaktiviert" in text(antwort)
    assert not ist_angemeldet(client)


def test_deactivated_konto_wrong_password_answers_like_any_other(client: Client) -> None:
    konto = konto_mit_passwort(is_active=False)

    assert FALSCH in text(anmelden(client, konto.email, "falsch"))


def test_deactivating_ends_open_sessions_at_once(geschaeftsstelle) -> None:
    konto = konto_mit_passwort()
    client = angemeldeter(konto)

    ablauf.deaktivieren(konto=konto, durch=geschaeftsstelle, jetzt=timezone.now())

    assert not ist_angemeldet(client)


def test_deactivated_between_password_and_code_gets_no_session(client: Client, geschaeftsstelle) -> None:
    konto = konto_mit_passwort()
    seed = mit_app(konto)
    anmelden(client, konto.email)
    ablauf.deaktivieren(konto=konto, durch=geschaeftsstelle, jetzt=timezone.now())

    antwort = client.post(EINGEBEN, {"code": code(seed)})

    assert antwort.headers["Location"] == "/konto/deaktiviert/"
    assert "_auth_user_id" not in client.session


def test_demo_konto_signs_in_in_the_demo_alone(settings: Settings, client: Client) -> None:
    konto = konto_mit_passwort(demo=True)

    assert FALSCH in text(anmelden(client, konto.email))
    settings.IKZ_DEMO = True
    anmelden(client, konto.email)
    assert ist_angemeldet(client)
    settings.IKZ_DEMO = False
    assert not ist_angemeldet(client)


# --- where to -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ziel", "nach"),
    [
        ("/projekte/", "/projekte/"),
        ("https://boese.example/", "/"),
        ("//boese.example/", "/"),
        ("/\\boese.example", "/"),
        ("javascript:los()", "/"),
        ("\x00", "/"),
    ],
)
def test_anmelden_goes_on_to_the_own_page_only(client: Client, ziel: str, nach: str) -> None:
    konto = konto_mit_passwort()

    antwort = client.post("/konto/anmelden/", {"login": konto.email, "password": PASSWORT, "next": ziel})

    assert antwort.headers["Location"] == nach


def test_anmelden_offers_the_way_to_a_new_password(client: Client) -> None:
    assert '<a href="/konto/passwort/vergessen/">Passwort vergessen?</a>' in text(client.get("/konto/anmelden/"))


def test_anmelden_second_unconfirmed_address_does_not_sign_in(client: Client) -> None:
    konto = konto_mit_passwort()
    fremdes = KontoFactory()
    EmailAddress.objects.create(user=konto, email=fremdes.email)

    anmelden(client, fremdes.email)

    assert not ist_angemeldet(client)
