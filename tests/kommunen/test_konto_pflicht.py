"""A second factor is compulsory for the Geschäftsstelle outside the demo: whoever has none is led to its set-up."""

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from kommunen.models import Kommune, Konto
from tests.fabriken.kommunen import FaktorFactory, KontoFactory
from tests.kommunen.konto_hilfen import (
    PASSWORT,
    angemeldeter,
    code,
    ist_angemeldet,
    konto_mit_passwort,
    schluessel,
    text,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "zaehler", "ohne_warteschlange")]
FAKTOR = "/konto/zweiter-faktor/"
EINRICHTEN = f"{FAKTOR}app/einrichten/"


@pytest.fixture
def ohne_faktor() -> Konto:
    konto = KontoFactory(geschaeftsstelle=True, passwort=PASSWORT)
    Authenticator.objects.filter(user=konto).delete()
    return konto


@pytest.mark.parametrize("pfad", ["/", "/projekte/", "/projekte/neu/", "/interessen/", "/berichte/", "/gibt-es-nicht/"])
def test_geschaeftsstelle_without_factor_is_led_to_the_set_up(ohne_faktor: Konto, pfad: str) -> None:
    client = angemeldeter(ohne_faktor)

    assert (client.get(pfad).headers.get("Location"), client.post(pfad).headers.get("Location")) == (FAKTOR, FAKTOR)


@pytest.mark.parametrize("anfang", ["/konto", "/static", "/hilfe"])
def test_geschaeftsstelle_without_factor_gets_no_further_by_a_prefix(ohne_faktor: Konto, anfang: str) -> None:
    """gunicorn takes SCRIPT_NAME from a header, so that /konto/konten/ would be /konten/ behind a path that is free."""
    antwort = angemeldeter(ohne_faktor).get("/konten/", SCRIPT_NAME=anfang)

    assert (antwort.status_code, antwort.headers.get("Location")) == (302, FAKTOR)


@pytest.mark.parametrize("pfad", ["/konto/", FAKTOR, EINRICHTEN, "/konto/passwort/", "/hilfe/", "/impressum/"])
def test_geschaeftsstelle_without_factor_reaches_its_konto_and_help(ohne_faktor: Konto, pfad: str) -> None:
    assert angemeldeter(ohne_faktor).get(pfad).status_code == 200


def test_geschaeftsstelle_without_factor_is_told_why_and_leaves_by_post(ohne_faktor: Konto) -> None:
    client = angemeldeter(ohne_faktor)
    assert "Bitte richten Sie jetzt einen zweiten Faktor ein" in text(client.get(FAKTOR))

    client.post("/konto/abmelden/")

    assert not ist_angemeldet(client)


def test_geschaeftsstelle_works_as_soon_as_it_has_one(ohne_faktor: Konto) -> None:
    client = angemeldeter(ohne_faktor)

    client.post(EINRICHTEN, {"code": code(schluessel(text(client.get(EINRICHTEN))))})

    assert client.get("/projekte/").status_code == 200
    assert "Bitte richten Sie jetzt" not in text(client.get(FAKTOR))


def test_geschaeftsstelle_emergency_codes_alone_are_no_factor(ohne_faktor: Konto) -> None:
    FaktorFactory(user=ohne_faktor, type=Authenticator.Type.RECOVERY_CODES)

    assert angemeldeter(ohne_faktor).get("/projekte/").headers["Location"] == FAKTOR


def test_geschaeftsstelle_in_the_demo_works_without(ohne_faktor: Konto, settings: Settings) -> None:
    settings.IKZ_DEMO = True
    client = angemeldeter(ohne_faktor)

    assert client.get("/projekte/").status_code == 200
    assert "Bitte richten Sie jetzt" not in text(client.get(FAKTOR))


def test_kontakt_works_without(kommune: Kommune) -> None:
    assert angemeldeter(konto_mit_passwort(kommune=kommune)).get("/projekte/").status_code == 200
