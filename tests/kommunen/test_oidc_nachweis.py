"""Answers of the provider that prove nothing: forged, stale, meant for somebody else, or no answer at all."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
import time_machine
from django.test import Client
from django.utils import timezone

from kommunen.models import Kommune, Konto
from tests import anbieter as idp
from tests.anbieter import HIN, PERSON, ZURUECK, Anbieter, anmelden, beginnen, beim_anbieter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

TIEF = ("[" * 100_000).encode()


@pytest.fixture
def anbieter(settings: Any, kommune: Kommune) -> Iterator[Anbieter]:
    with idp.anbieter(settings) as server:
        server.person = {**PERSON, "ikz_rolle": "kontakt", "ikz_kommune": kommune.ags}
        yield server


def gescheitert(client: Client, adresse: str) -> tuple[int, str]:
    """Come back; return status and reason, having seen that nobody is signed in and no secret logged or shown."""
    with structlog.testing.capture_logs() as zeilen:
        antwort = client.get(adresse)

    assert "_auth_user_id" not in client.session
    assert Konto.objects.count() == 0
    sichtbar = antwort.content.decode() + str(zeilen)
    assert not [wort for wort in (idp.GEHEIMNIS, "zugriff-geheim", "Traceback", "eyJ") if wort in sichtbar]
    (zeile,) = [zeile for zeile in zeilen if zeile["event"] == "einmalanmeldung_gescheitert"]
    return antwort.status_code, zeile["grund"]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "von-woanders"},
        {"nonce": None},
        {"iss": "https://boese.example"},
        {"iss": None},
        {"aud": "andere-anwendung"},
        {"aud": ["ikz-portal", "andere-anwendung"]},
        {"azp": "andere-anwendung"},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"iat": 9_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a\x00"},
        {"sub": "x" * 192},
    ],
)
def test_zurueck_proof_that_is_not_for_this_attempt_is_refused(
    client: Client, anbieter: Anbieter, claims: dict[str, Any]
) -> None:
    anbieter.person |= claims

    assert gescheitert(client, beim_anbieter(beginnen(client))) == (403, "nachweis")


@pytest.mark.parametrize(
    ("schluessel", "verfahren", "kid"),
    [
        (idp.FREMDER_SCHLUESSEL, "RS256", "eins"),
        (idp.FREMDER_SCHLUESSEL, "RS256", "zwei"),
        (idp.SCHLUESSEL, "RS256", "drei"),
        (idp.SCHLUESSEL, "RS512", "eins"),
        (idp.GEHEIMNIS.ljust(32, "-"), "HS256", "eins"),
        (None, "none", "eins"),
    ],
)
def test_zurueck_proof_with_another_signature_is_refused(
    client: Client, anbieter: Anbieter, schluessel: Any, verfahren: str, kid: str
) -> None:
    anbieter.schluessel, anbieter.verfahren, anbieter.kopf = schluessel, verfahren, {"kid": kid}

    assert gescheitert(client, beim_anbieter(beginnen(client))) == (403, "nachweis")


def test_zurueck_key_without_a_name_is_taken_where_it_is_the_only_one(client: Client, anbieter: Anbieter) -> None:
    anbieter.kopf = {}

    anmelden(client)

    assert "_auth_user_id" in client.session


def test_zurueck_twice_with_one_state_is_refused(client: Client, anbieter: Anbieter) -> None:
    adresse = beim_anbieter(beginnen(client))
    client.get(adresse)
    client.logout()
    Konto.objects.all().delete()

    assert gescheitert(client, adresse) == (400, "zustand")


@pytest.mark.parametrize("anfrage", ["", "?state=", "?state=fremd&code=x", "?code=x", "?state=%00&code=%00"])
def test_zurueck_without_an_own_state_is_refused(client: Client, anbieter: Anbieter, anfrage: str) -> None:
    assert gescheitert(client, ZURUECK + anfrage) == (400, "zustand")
    assert anbieter.gefragt == []


def test_zurueck_in_another_browser_is_refused(client: Client, anbieter: Anbieter) -> None:
    adresse = beim_anbieter(beginnen(client))

    assert gescheitert(Client(), adresse) == (400, "zustand")


def test_zurueck_after_too_long_is_refused(client: Client, anbieter: Anbieter) -> None:
    adresse = beim_anbieter(beginnen(client))

    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert gescheitert(client, adresse) == (400, "zustand")


@pytest.mark.parametrize("code", ["erfunden", "", "%00"])
def test_zurueck_invented_code_is_refused(client: Client, anbieter: Anbieter, code: str) -> None:
    state = parse_qs(urlsplit(beginnen(client)).query)["state"][0]

    assert gescheitert(client, f"{ZURUECK}?state={state}&code={code}") == (403, "abgelehnt")


def test_zurueck_cancelled_leads_back_to_the_login_page(client: Client, anbieter: Anbieter) -> None:
    state = parse_qs(urlsplit(beginnen(client)).query)["state"][0]

    antwort = client.get(f"{ZURUECK}?state={state}&error=access_denied", follow=True)

    assert antwort.redirect_chain == [("/konto/anmelden/", 302)]
    assert "Sie haben die Anmeldung über „Kreis-Anmeldung“ abgebrochen." in antwort.content.decode()


def test_zurueck_other_error_of_the_provider_shows_none_of_its_words(client: Client, anbieter: Anbieter) -> None:
    state = parse_qs(urlsplit(beginnen(client)).query)["state"][0]
    adresse = f"{ZURUECK}?state={state}&error=server_error&error_description=Kaufen+Sie+jetzt"

    assert gescheitert(client, adresse) == (403, "abgelehnt")


MUELL = [
    (500, "text/html", b"<h1>kaputt</h1>"),
    (200, "text/html", b"<h1>Wartung</h1>"),
    (200, "application/json", b"[]"),
    (200, "application/json", b"{}"),
    (200, "application/json", b'{"issuer": "https://boese.example"}'),
    (200, "application/json", b'{"keys": ["a"]}'),
    (200, "application/json", b'"access_token id_token"'),
    (200, "application/json", b"\xff\xfe"),
    (200, "application/json", TIEF),
    (200, "application/json", b'{"access_token": 1, "id_token": {"a": 1}}'),
    (200, "application/json", b'{"access_token": "a", "id_token": "a.b.c"}'),
]


@pytest.mark.parametrize("muell", MUELL)
def test_anmelden_garbage_instead_of_its_description_is_said(
    client: Client, anbieter: Anbieter, muell: tuple[int, str, bytes]
) -> None:
    anbieter.antworten[".well-known/openid-configuration"] = muell

    antwort = client.post(HIN)

    assert antwort.status_code == 503
    assert "gerade nicht erreichbar oder gestört" in antwort.content.decode()


@pytest.mark.parametrize("muell", MUELL)
@pytest.mark.parametrize("pfad", [".well-known/openid-configuration", "token", "certs"])
def test_zurueck_garbage_from_the_provider_is_no_proof(
    client: Client, anbieter: Anbieter, pfad: str, muell: tuple[int, str, bytes]
) -> None:
    adresse = beim_anbieter(beginnen(client))
    anbieter.antworten[pfad] = muell

    status, _ = gescheitert(client, adresse)

    assert status in {403, 503}


@pytest.mark.parametrize(
    "angaben",
    [
        {"issuer": "https://boese.example"},
        *[
            {"authorization_endpoint": adresse}
            for adresse in ("javascript:alert(1)", "ftp://a.example/", "http://", "http://[", 7, None, "//a.example/")
        ],
    ],
)
def test_anmelden_provider_that_describes_itself_wrongly_is_not_followed(
    client: Client, anbieter: Anbieter, angaben: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    beschreibung = anbieter.beschreibung() | angaben
    monkeypatch.setattr(anbieter, "beschreibung", lambda: beschreibung)

    assert client.post(HIN).status_code == 503


def test_provider_that_is_away_is_said(client: Client, anbieter: Anbieter, settings: Any) -> None:
    with socket.socket() as niemand:
        niemand.bind(("127.0.0.1", 0))
        settings.OIDC_ISSUER = f"http://127.0.0.1:{niemand.getsockname()[1]}"

        assert client.post(HIN).status_code == 503


def test_provider_that_never_answers_is_said(client: Client, anbieter: Anbieter, settings: Any) -> None:
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.1
    with socket.create_server(("127.0.0.1", 0)) as schweigend:
        settings.OIDC_ISSUER = f"http://127.0.0.1:{schweigend.getsockname()[1]}"

        assert client.post(HIN).status_code == 503
