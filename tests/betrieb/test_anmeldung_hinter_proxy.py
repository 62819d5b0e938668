"""Limits of attempts: per person, not per proxy; and no flood of addresses makes the portal forget them."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from tests.betrieb.prozesse import verwalten

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

PROXY = "10.0.0.1"
ANGREIFER, ANDERE = "203.0.113.7", "198.51.100.9"
GESPERRT = "Zu viele Versuche. Bitte versuchen Sie es in einigen Minuten erneut."
FALSCH = "E-Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides."


@pytest.fixture(autouse=True)
def _zaehler() -> None:
    call_command("createcachetable", verbosity=0)
    cache.clear()


def versuch(email: str, herkunft: str, *, weitergereicht: str | None = None) -> str:
    """Try a wrong password from this address through the proxy, which appends it to what the client sent."""
    kopf = {"HTTP_X_FORWARDED_FOR": ", ".join(filter(None, [weitergereicht, herkunft]))}
    antwort = Client(REMOTE_ADDR=PROXY, **kopf).post("/konto/anmelden/", {"login": email, "password": "falsch"})
    return antwort.content.decode()


def test_ten_wrong_passwords_of_one_lock_out_one(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for nummer in range(10):
        assert FALSCH in versuch(f"niemand{nummer}@ikz.example", ANGREIFER)

    assert GESPERRT in versuch("noch.jemand@ikz.example", ANGREIFER)
    assert FALSCH in versuch("kollegin@ikz.example", ANDERE)


def test_own_header_of_the_client_buys_no_new_counter(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for nummer in range(10):
        versuch(f"niemand{nummer}@ikz.example", ANGREIFER, weitergereicht=f"192.0.2.{nummer}")

    assert GESPERRT in versuch("noch.jemand@ikz.example", ANGREIFER, weitergereicht="192.0.2.99")


def test_without_proxy_the_header_counts_for_nothing(settings: Settings) -> None:
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
    for nummer in range(10):
        versuch(f"niemand{nummer}@ikz.example", f"192.0.2.{nummer}")

    assert GESPERRT in versuch("noch.jemand@ikz.example", ANDERE)


def test_trying_many_addresses_evicts_no_counter() -> None:
    cache.set("zaehler", [1.0], 300)
    for nummer in range(400):
        cache.set(f"a{nummer}", [1.0], 300)

    assert cache.get("zaehler") == [1.0]


def test_number_of_proxies_comes_from_the_environment(tmp_path: Path) -> None:
    umfeld = {"PROXY_ANZAHL": "2", "DATABASE_URL": "postgresql://ikz@127.0.0.1:1/ikz"}

    ergebnis = verwalten(tmp_path, "diffsettings", **umfeld)

    assert "ALLAUTH_TRUSTED_PROXY_COUNT = 2 " in ergebnis.stdout
