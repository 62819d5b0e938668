"""How a session that came by single sign-on differs from one with a password."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from ikz_portal.basis.models import Postausgang
from kommunen.auswahl import Rolle
from kommunen.models import Kommune, Konto
from tests import anbieter as idp
from tests.anbieter import PERSON, Anbieter, anmelden
from tests.fabriken.kommunen import KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

PASSWORT = "ein-langes-passwort-2026"


@pytest.fixture
def anbieter(settings: Any) -> Iterator[Anbieter]:
    with idp.anbieter(settings) as server:
        server.person = {**PERSON, "ikz_rolle": "geschaeftsstelle"}
        yield server


# --- second factor ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("beim_anbieter", "status"), [(False, 302), (True, 200)])
def test_geschaeftsstelle_from_a_provider_that_asks_for_a_factor_needs_none_here(
    client: Client, anbieter: Anbieter, settings: Any, beim_anbieter: bool, status: int
) -> None:
    settings.OIDC_ZWEITER_FAKTOR = beim_anbieter
    anmelden(client)

    assert client.get("/projekte/").status_code == status


def test_geschaeftsstelle_in_a_browser_where_somebody_else_was_signed_in_needs_none_either(
    client: Client, anbieter: Anbieter, settings: Any, lesend: Konto
) -> None:
    settings.OIDC_ZWEITER_FAKTOR = True
    client.force_login(lesend)
    anmelden(client)

    assert client.get("/projekte/").status_code == 200


def test_geschaeftsstelle_with_a_password_needs_a_factor_whatever_the_provider_does(
    anbieter: Anbieter, settings: Any, angemeldet: Callable[[Konto], Client]
) -> None:
    settings.OIDC_ZWEITER_FAKTOR = True
    konto = KontoFactory(rolle=Rolle.GESCHAEFTSSTELLE, kommune=None)

    assert angemeldet(konto).get("/projekte/").headers["Location"] == "/konto/zweiter-faktor/"


def test_password_after_single_sign_on_in_the_same_browser_needs_a_factor(
    client: Client, anbieter: Anbieter, settings: Any
) -> None:
    settings.OIDC_ZWEITER_FAKTOR = True
    konto = KontoFactory(email="neu@ikz.example", rolle=Rolle.GESCHAEFTSSTELLE, kommune=None, passwort=PASSWORT)
    anmelden(client)
    client.post("/konto/abmelden/")

    client.post("/konto/anmelden/", {"login": konto.email, "password": PASSWORT})

    assert client.get("/projekte/").headers["Location"] == "/konto/zweiter-faktor/"


def test_factor_that_was_set_up_here_is_asked_for_here(
    client: Client, anbieter: Anbieter, settings: Any, geschaeftsstelle: Konto
) -> None:
    settings.OIDC_ZWEITER_FAKTOR = True
    anbieter.person |= {"email": geschaeftsstelle.email}

    antwort = anmelden(client)

    assert antwort.headers["Location"] == "/konto/zweiter-faktor/eingeben/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("spaeter", [0, 60])
def test_factor_can_be_set_up_without_a_password(client: Client, anbieter: Anbieter, spaeter: int) -> None:
    anmelden(client)

    with time_machine.travel(timezone.now() + timedelta(minutes=spaeter)):
        assert client.get("/konto/zweiter-faktor/app/einrichten/").status_code == 200


@pytest.mark.parametrize(
    "seite", ["/konto/pruefen/", "/konto/zweiter-faktor/pruefen/", "/konto/zweiter-faktor/passkeys/pruefen/"]
)
@pytest.mark.parametrize(("next_", "ziel"), [("", "/konto/"), ("/konto/daten/", "/konto/daten/")])
def test_page_that_asks_again_leads_on_who_has_nothing_to_be_asked_for(
    client: Client, anbieter: Anbieter, seite: str, next_: str, ziel: str
) -> None:
    anmelden(client)

    assert client.get(seite, {"next": next_}).headers["Location"] == ziel


# --- password ---------------------------------------------------------------------------------------------------------


def test_passwort_of_who_comes_by_the_provider_alone_cannot_be_set(client: Client, anbieter: Anbieter) -> None:
    anmelden(client)

    antwort = client.get("/konto/passwort/", follow=True)
    client.post("/konto/passwort/setzen/", {"password1": PASSWORT, "password2": PASSWORT})

    assert "Sie melden sich über „Kreis-Anmeldung“ an." in antwort.content.decode()
    assert not Konto.objects.get().has_usable_password()


def test_passwort_vergessen_tells_who_has_none_where_to_sign_in(client: Client, anbieter: Anbieter) -> None:
    anmelden(client)
    client.logout()

    client.post("/konto/passwort/vergessen/", {"email": "neu@ikz.example"})

    nachricht = Postausgang.objects.latest("pk")
    assert (nachricht.an, nachricht.geheimnis) == ("neu@ikz.example", "")
    assert "Melden Sie sich über „Kreis-Anmeldung“ an.\nhttp://testserver/konto/anmelden/" in nachricht.text


def test_passwort_vergessen_sends_a_link_once_the_provider_is_gone(
    client: Client, anbieter: Anbieter, settings: Any
) -> None:
    anmelden(client)
    client.logout()
    settings.OIDC_ISSUER = ""

    client.post("/konto/passwort/vergessen/", {"email": "neu@ikz.example"})

    assert Postausgang.objects.latest("pk").geheimnis != ""


def test_passwort_of_a_linked_konto_still_works(client: Client, anbieter: Anbieter, kommune: Kommune) -> None:
    konto = KontoFactory(email="neu@ikz.example", passwort=PASSWORT, kommune=kommune)
    anbieter.person |= {"ikz_rolle": "kontakt", "ikz_kommune": kommune.ags}
    anmelden(client)
    client.logout()

    client.post("/konto/anmelden/", {"login": konto.email, "password": PASSWORT})

    assert client.session["_auth_user_id"] == str(konto.pk)
