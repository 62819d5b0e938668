"""Whatever is sent to the pages of the own Konto: the form again in German, or on to a page, and never an error."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from kommunen.models import Konto
from tests.kommunen.konto_hilfen import EINGEBEN, angemeldeter, anmelden, code, konto_mit_passwort, mit_app, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "zaehler")]
FAKTOR = "/konto/zweiter-faktor/"
FELDER = ("login", "email", "password", "oldpassword", "password1", "password2", "code", "name", "funktion")
UNFUG = {
    "nullbyte": "a\x00b",
    "lang": "a" * 10_000,
    "ersatzzeichen": "\ufffd\u202e\U0001f600",
    "leer": "",
    "spitz": "<script>alert(1)</script>{{ 7|add:7 }}",
}
OEFFENTLICH = ("/konto/anmelden/", "/konto/passwort/vergessen/", "/konto/passwort/neu/1-set-password/")
EIGENE = (
    "/konto/",
    "/konto/passwort/",
    "/konto/adresse/",
    "/konto/pruefen/",
    f"{FAKTOR}app/einrichten/",
    f"{FAKTOR}notfallcodes/neu/",
    f"{FAKTOR}passkeys/neu/",
)
MIT_FAKTOR = (f"{FAKTOR}pruefen/", f"{FAKTOR}app/entfernen/")

TIEF = "[" * 100_000 + "]" * 100_000
KREDENZ = {"id": "YQ", "rawId": "YQ", "type": "public-key", "clientExtensionResults": {}}
ANTWORTEN: dict[str, Any] = {
    "nichts": "",
    "kein JSON": "{",
    "Liste": "[]",
    "Zahl": "1",
    "null": "null",
    "tief": TIEF,
    "lang": json.dumps({"id": "a" * 50_000}),
    "Nullbyte": '{"id": "\\u0000"}',
    "halbes Zeichen": '{"id": "\\ud800"}',
    "Umlaut": '{"id": "ä"}',
    "leeres Ding": "{}",
    "ohne Antwort": json.dumps(KREDENZ),
    "Antwort als Text": json.dumps(KREDENZ | {"response": "x"}),
    "Antwort als Liste": json.dumps(KREDENZ | {"response": [1]}),
    "leere Antwort": json.dumps(KREDENZ | {"response": {}}),
    "Zahl als Kennung": json.dumps(KREDENZ | {"id": 7, "rawId": 7, "response": {"clientDataJSON": 7}}),
    "kein base64": json.dumps(
        KREDENZ | {"rawId": "***", "response": {"clientDataJSON": "*", "attestationObject": "*"}}
    ),
    "kein CBOR": json.dumps(
        KREDENZ | {"response": {"clientDataJSON": "e30", "attestationObject": "_____w", "authenticatorData": "YQ"}}
    ),
    "tiefes CBOR": json.dumps(
        KREDENZ | {"response": {"clientDataJSON": "e30", "attestationObject": "gYGB" * 2000, "authenticatorData": "YQ"}}
    ),
    "kurz": json.dumps(
        KREDENZ
        | {"response": {"clientDataJSON": "e30", "attestationObject": "oA", "authenticatorData": "", "signature": ""}}
    ),
}


def kurz(wert: str | bytes) -> str:
    """Name a case; the whole of a long one would fill the screen."""
    return repr(wert)[:20]


def senden(client: Client, pfad: str, wert: str | bytes) -> Any:
    if isinstance(wert, bytes):
        rumpf = b"&".join(b"%s=%s" % (feld.encode(), wert) for feld in FELDER)
        return client.post(pfad, rumpf + b"&action_add=1&version=1", content_type="application/x-www-form-urlencoded")
    return client.post(pfad, dict.fromkeys(FELDER, wert) | {"action_add": "1", "version": "1"})


def gutmuetig(antwort: Any) -> bool:
    """Tell whether it is a page in German or leads to one."""
    return antwort.status_code in {302, 404} or (
        antwort.status_code in {200, 429} and '<html lang="de">' in text(antwort)
    )


@pytest.mark.parametrize("wert", [*UNFUG.values(), b"%ff%fe%80", b"%ED%A0%80", b"\xff\xfe"], ids=kurz)
def test_signed_out_pages_take_whatever_is_sent(wert: str | bytes) -> None:
    antworten = {pfad: senden(Client(), pfad, wert) for pfad in OEFFENTLICH}

    assert [pfad for pfad, antwort in antworten.items() if not gutmuetig(antwort)] == []


@pytest.mark.parametrize("wert", [*UNFUG.values(), b"%ff%fe%80", b"%ED%A0%80"], ids=kurz)
def test_signed_in_pages_take_whatever_is_sent(wert: str | bytes) -> None:
    client = angemeldeter(konto_mit_passwort())

    antworten = {pfad: senden(client, pfad, wert) for pfad in EIGENE}

    assert [pfad for pfad, antwort in antworten.items() if not gutmuetig(antwort)] == []


@pytest.mark.parametrize("wert", [*UNFUG.values(), b"%ff%fe%80"], ids=kurz)
def test_pages_of_the_second_factor_take_whatever_is_sent(wert: str | bytes) -> None:
    konto = konto_mit_passwort()
    seed = mit_app(konto)
    client = Client()
    anmelden(client, konto.email)
    davor = senden(client, EINGEBEN, wert)
    client.post(EINGEBEN, {"code": code(seed)})

    antworten = {pfad: senden(client, pfad, wert) for pfad in MIT_FAKTOR}

    assert gutmuetig(davor)
    assert [pfad for pfad, antwort in antworten.items() if not gutmuetig(antwort)] == []


@pytest.fixture
def mit_passkey() -> Konto:
    """A Konto whose passkey is there in name alone; who needs a real one asks the browser (tests/browser)."""
    konto = konto_mit_passwort()
    mit_app(konto)
    return konto


@pytest.mark.parametrize("antwort", ANTWORTEN.values(), ids=ANTWORTEN)
def test_passkey_made_up_answers_are_refused_when_it_is_set_up(antwort: str) -> None:
    konto = konto_mit_passwort()
    client = angemeldeter(konto)
    client.get(f"{FAKTOR}passkeys/neu/")

    seite = client.post(f"{FAKTOR}passkeys/neu/", {"name": "x", "credential": antwort})

    assert (seite.status_code, "Bitte prüfen Sie Ihre Angaben" in text(seite)) == (200, True)
    assert not Authenticator.objects.filter(user=konto).exists()


@pytest.mark.parametrize("antwort", ANTWORTEN.values(), ids=ANTWORTEN)
def test_passkey_made_up_answers_are_refused_at_sign_in(mit_passkey: Konto, antwort: str) -> None:
    client = Client()
    anmelden(client, mit_passkey.email)
    client.get(EINGEBEN)

    seite = client.post(EINGEBEN, {"credential": antwort})

    assert (seite.status_code, "Bitte prüfen Sie Ihre Angaben" in text(seite)) == (200, True)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "pfad", ["passkeys/99/entfernen/", f"passkeys/{'9' * 40}/entfernen/", "passkeys/99/umbenennen/"]
)
def test_passkey_that_is_not_the_own_one_is_not_found(pfad: str) -> None:
    assert angemeldeter(konto_mit_passwort()).post(f"{FAKTOR}{pfad}", {"name": "x"}).status_code == 404
