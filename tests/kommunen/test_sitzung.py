"""Sessions begin anew at the sign-in and end by themselves; passwords are one text, however long or typed."""

import unicodedata
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ikz_portal.basis.passwort import Argon2
from kommunen.models import Konto
from tests.kommunen.konto_hilfen import FALSCH, NEUES_PASSWORT, PASSWORT, angemeldeter, anmelden, konto_mit_passwort

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def _zaehler() -> None:
    call_command("createcachetable", verbosity=0)


@pytest.fixture
def konto(db: None) -> Konto:
    return konto_mit_passwort(lesend=True)


def schluessel(client: Client, settings: Settings) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_session_of_before_is_none_after_the_sign_in(konto: Konto, settings: Settings) -> None:
    """Whoever slipped somebody a session key can't use it afterwards."""
    opfer = Client()
    sitzung = opfer.session
    sitzung["untergeschoben"] = "ja"
    sitzung.save()
    untergeschoben = schluessel(opfer, settings)

    anmelden(opfer, konto.email)

    assert schluessel(opfer, settings) != untergeschoben
    assert not Session.objects.filter(session_key=untergeschoben).exists()
    angreifer = Client()
    angreifer.cookies[settings.SESSION_COOKIE_NAME] = untergeschoben
    assert angreifer.get("/berichte/").status_code == 302


def test_session_of_another_person_leaves_nothing(konto: Konto, settings: Settings) -> None:
    client = angemeldeter(konto)
    sitzung = client.session
    sitzung["gemerkt"] = "vom ersten"
    sitzung.save()

    client.post("/konto/abmelden/")
    anmelden(client, konto_mit_passwort(lesend=True).email)

    assert "gemerkt" not in client.session


def test_session_is_gone_after_signing_out(konto: Konto, settings: Settings) -> None:
    client = angemeldeter(konto)
    vorher = schluessel(client, settings)

    client.post("/konto/abmelden/")

    assert schluessel(client, settings) == ""
    assert not Session.objects.filter(session_key=vorher).exists()


def test_session_ends_after_ten_hours(konto: Konto, settings: Settings) -> None:
    beginn = timezone.now()
    with time_machine.travel(beginn, tick=False) as uhr:
        client = angemeldeter(konto)
        uhr.move_to(beginn + timedelta(hours=9, minutes=59))
        assert client.get("/berichte/").status_code == 200
        uhr.move_to(beginn + timedelta(hours=10, minutes=1))
        assert client.get("/berichte/").status_code == 302
    assert settings.SESSION_COOKIE_AGE == 36_000


def test_other_sessions_end_when_the_password_changes(konto: Konto) -> None:
    hier, anderswo = angemeldeter(konto), angemeldeter(konto)

    hier.post(
        "/konto/passwort/",
        {"oldpassword": PASSWORT, "password1": NEUES_PASSWORT, "password2": NEUES_PASSWORT},
    )

    assert hier.get("/berichte/").status_code == 200
    assert anderswo.get("/berichte/").status_code == 302


# --- passwords --------------------------------------------------------------------------------------------------------


def test_hash_is_argon2id_with_costs_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of other tests are lowered (tests/conftest.py)."""
    monkeypatch.delattr(Argon2, "time_cost")
    monkeypatch.delattr(Argon2, "memory_cost")
    gehasht = make_password(PASSWORT)
    art = identify_hasher(gehasht).decode(gehasht)

    assert (art["algorithm"], art["variety"]) == ("argon2", "argon2id")
    assert (art["memory_cost"], art["time_cost"]) == (102_400, 2)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_password_is_the_same_however_it_was_typed(form) -> None:
    gehasht = make_password("Grüße aus Büttelborn")

    assert check_password(unicodedata.normalize(form, "Grüße aus Büttelborn"), gehasht)
    assert not check_password("Grusse aus Buttelborn", gehasht)


def test_sign_in_takes_the_other_spelling_of_a_letter(client: Client) -> None:
    konto = konto_mit_passwort(lesend=True)
    konto.set_password("Grüße aus Büttelborn")
    konto.save()

    assert anmelden(client, konto.email, unicodedata.normalize("NFD", "Grüße aus Büttelborn")).status_code == 302


@pytest.mark.parametrize("bekannt", [True, False], ids=["own account", "no account"])
def test_password_of_a_megabyte_is_just_wrong(client: Client, konto: Konto, bekannt: bool) -> None:
    antwort = anmelden(client, konto.email if bekannt else "niemand@ikz.example", "x" * (1 << 20))

    assert antwort.status_code == 200
    assert FALSCH in antwort.content.decode()


@pytest.mark.parametrize("passwort", ["ikz-demo-2022", "IKZ-Demo-2022", " ikz-demo-2022", "ein-anderes-der-demo"])
def test_password_of_the_demo_is_nobodys(monkeypatch: pytest.MonkeyPatch, passwort: str) -> None:
    monkeypatch.setenv("IKZ_DEMO_PASSWORT", "ein-anderes-der-demo")

    with pytest.raises(ValidationError) as abgelehnt:
        validate_password(passwort)

    assert abgelehnt.value.messages == ["Dieses Passwort ist öffentlich bekannt. Bitte wählen Sie ein anderes."]
