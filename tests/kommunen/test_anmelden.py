"""Signing in: by e-mail address, without telling whether an account exists; only by POST out again."""

import pytest
from django.test import Client

from kommunen.models import Konto
from tests.fabriken.kommunen import KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

PASSWORT = "ein-langes-passwort-2026"
FALSCH = "E-Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides."


@pytest.fixture
def konto(lesend: Konto) -> Konto:
    lesend.set_password(PASSWORT)
    lesend.save()
    return lesend


def anmelden(client: Client, email: str, passwort: str):
    return client.post("/konto/anmelden/", {"login": email, "password": passwort})


def test_anmelden_right_password_leads_to_the_dashboard(client: Client, konto: Konto) -> None:
    antwort = anmelden(client, konto.email.upper(), PASSWORT)

    assert (antwort.status_code, antwort.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("email", ["bekannt", "niemand"])
def test_anmelden_wrong_password_and_unknown_address_answer_alike(client: Client, konto: Konto, email: str) -> None:
    adresse = konto.email if email == "bekannt" else "niemand@ikz.example"

    antwort = anmelden(client, adresse, "falsch")

    assert FALSCH in antwort.content.decode()


def test_anmelden_deactivated_account_gets_no_session(client: Client) -> None:
    konto = KontoFactory(lesend=True, is_active=False)
    konto.set_password(PASSWORT)
    konto.save()

    anmelden(client, konto.email, PASSWORT)

    assert "_auth_user_id" not in client.session


def test_abmelden_by_post_ends_the_session(client: Client, konto: Konto) -> None:
    client.force_login(konto)

    client.post("/konto/abmelden/")

    assert "_auth_user_id" not in client.session


def test_abmelden_by_get_changes_nothing(client: Client, konto: Konto) -> None:
    client.force_login(konto)

    client.get("/konto/abmelden/")

    assert "_auth_user_id" in client.session


def test_internal_page_signed_out_leads_to_sign_in(client: Client) -> None:
    antwort = client.get("/berichte/")

    assert antwort.headers["Location"] == "/konto/anmelden/?next=/berichte/"


def test_password_is_kept_as_argon2(konto: Konto) -> None:
    assert konto.password.startswith("argon2$")
