"""A demo account is good for the demo alone, whatever the start could check; and who is who stands in the fixture."""

import pytest
from django.test import Client
from pytest_django import Settings

from ikz_portal.betrieb import demokonten
from kommunen.models import Konto
from tests.fabriken.kommunen import KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

PASSWORT = "ein-langes-passwort-2026"


@pytest.fixture
def demokonto() -> Konto:
    konto = KontoFactory(lesend=True, demo=True)
    konto.set_password(PASSWORT)
    konto.save()
    return konto


def anmelden(client: Client, konto: Konto) -> bool:
    client.post("/konto/anmelden/", {"login": konto.email, "password": PASSWORT})
    return "_auth_user_id" in client.session


def test_demo_account_signs_in_with_the_demo(client: Client, demokonto: Konto, settings: Settings) -> None:
    settings.IKZ_DEMO = True

    assert anmelden(client, demokonto)


def test_demo_account_does_not_sign_in_without(client: Client, demokonto: Konto, settings: Settings) -> None:
    settings.IKZ_DEMO = False

    assert not anmelden(client, demokonto)


def test_session_of_the_demo_ends_with_it(client: Client, demokonto: Konto, settings: Settings) -> None:
    settings.IKZ_DEMO = True
    assert anmelden(client, demokonto)

    settings.IKZ_DEMO = False

    assert client.get("/berichte/").headers["Location"] == "/konto/anmelden/?next=/berichte/"


def test_real_account_signs_in_without_the_demo(client: Client, settings: Settings) -> None:
    settings.IKZ_DEMO = False
    konto = KontoFactory(lesend=True)
    konto.set_password(PASSWORT)
    konto.save()

    assert anmelden(client, konto)


def test_liste_tells_address_and_person_of_each() -> None:
    konten = demokonten.liste()

    assert len(konten) == 9
    assert konten[0] == ("geschaeftsstelle@ikz.example", "Geschäftsstelle")
    assert konten[4] == ("landrat@ikz.example", "Landrätin/Landrat, „15. Kommune“")
