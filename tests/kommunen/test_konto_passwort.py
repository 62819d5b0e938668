"""Forgotten and changed passwords: nobody learns who has a Konto, a link works once, other sessions end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ikz_portal import celery_app
from ikz_portal.basis import post
from ikz_portal.basis.models import Postausgang
from kommunen.ablaeufe import konto as ablauf
from kommunen.models import Konto
from tests.fabriken.kommunen import KontoFactory
from tests.kommunen.konto_hilfen import (
    FALSCH,
    NEUES_PASSWORT,
    PASSWORT,
    angemeldeter,
    anmelden,
    ist_angemeldet,
    konto_mit_passwort,
    letzte_post,
    pfad_aus,
    text,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "zaehler")]
VERGESSEN, AENDERN = "/konto/passwort/vergessen/", "/konto/passwort/"
GILT_NICHT = "Der Link gilt nicht mehr"
JETZT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEU = {"password1": NEUES_PASSWORT, "password2": NEUES_PASSWORT}


def link_fuer(konto: Konto) -> str:
    Client().post(VERGESSEN, {"email": konto.email})
    return pfad_aus(letzte_post(konto.email))


def mit_link(client: Client, link: str, **felder: str):
    """Open the link, which leads to the form, and send it."""
    formular = client.get(link)
    assert formular.status_code == 302, text(formular)
    return client.post(formular.headers["Location"], {**NEU, **felder})


# --- asking for the link --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wer", ["bekannt", "unbekannt"])
def test_vergessen_rings_the_same_bell_whoever_asks(
    client: Client, wer: str, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """The broker takes its time, seconds where it is away: asked only for those with a Konto, it would tell them."""
    gelaeutet: list[str] = []
    monkeypatch.setattr(celery_app, "send_task", lambda name, **_: gelaeutet.append(name))
    email = KontoFactory().email if wer == "bekannt" else "niemand@ikz.example"

    with django_capture_on_commit_callbacks(execute=True):
        client.post(VERGESSEN, {"email": email})

    assert gelaeutet == ["ikz_portal.basis.tasks.laeufe_kehren"]


@pytest.mark.parametrize("wer", ["bekannt", "unbekannt", "deaktiviert", "demo"])
def test_vergessen_answers_the_same_whoever_asks(client: Client, wer: str) -> None:
    konto = KontoFactory(is_active=wer != "deaktiviert", demo=wer == "demo")
    email = "niemand@ikz.example" if wer == "unbekannt" else konto.email

    antwort = client.post(VERGESSEN, {"email": email})

    assert (antwort.status_code, antwort.headers["Location"]) == (302, f"{VERGESSEN}verschickt/")
    assert Postausgang.objects.count() == (1 if wer == "bekannt" else 0)
    assert client.session.keys() == set()


def test_vergessen_mail_carries_the_link_encrypted_and_not_in_the_text(client: Client, settings: Settings) -> None:
    konto = KontoFactory()

    client.post(VERGESSEN, {"email": konto.email.upper()}, headers={"host": "localhost"})

    nachricht = letzte_post(konto.email)
    assert nachricht.betreff == "Ein neues Passwort für das IKZ-Portal"
    assert post.PERSOENLICHER_LINK in nachricht.text
    assert "/konto/passwort/neu/" not in nachricht.text + nachricht.geheimnis
    assert f"{settings.BASE_URL}/konto/passwort/neu/" in post.mit_link(nachricht)


def test_vergessen_more_than_three_an_hour_for_one_address_are_refused_known_or_not() -> None:
    konto = KontoFactory()
    for email in (konto.email, "niemand@ikz.example"):
        with time_machine.travel(JETZT, tick=False):
            ergebnisse = [Client().post(VERGESSEN, {"email": email}).status_code for _ in range(4)]
        assert ergebnisse == [302, 302, 302, 429]
    with time_machine.travel(JETZT + timedelta(minutes=61), tick=False):
        assert Client().post(VERGESSEN, {"email": konto.email}).status_code == 302
    assert Postausgang.objects.count() == 4


def test_vergessen_more_than_ten_an_hour_from_one_place_are_refused() -> None:
    with time_machine.travel(JETZT, tick=False):
        ergebnisse = [Client().post(VERGESSEN, {"email": f"n{nummer}@ikz.example"}) for nummer in range(11)]

    assert [antwort.status_code for antwort in ergebnisse] == [302] * 10 + [429]
    assert "Zu viele Versuche" in text(ergebnisse[-1])


# --- the link -------------------------------------------------------------------------------------------------------


def test_link_sets_the_password_once(client: Client) -> None:
    konto = konto_mit_passwort()
    link = link_fuer(konto)

    antwort = mit_link(client, link)

    assert antwort.headers["Location"] == "/konto/passwort/geaendert/"
    assert not ist_angemeldet(client)
    assert FALSCH in text(anmelden(client, konto.email, PASSWORT))
    angemeldet = Client()
    anmelden(angemeldet, konto.email, NEUES_PASSWORT)
    assert ist_angemeldet(angemeldet)
    assert GILT_NICHT in text(Client().get(link))


def test_link_tells_the_owner_of_the_change(client: Client) -> None:
    konto = KontoFactory()

    mit_link(client, link_fuer(konto))

    assert letzte_post(konto.email).betreff == "Ihr Passwort wurde neu gesetzt"


@pytest.mark.parametrize(("minuten", "gilt"), [(239, True), (241, False)])
def test_link_expires_after_four_hours(client: Client, minuten: int, gilt: bool) -> None:
    konto = KontoFactory()
    with time_machine.travel(JETZT, tick=False):
        link = link_fuer(konto)
    with time_machine.travel(JETZT + timedelta(minutes=minuten), tick=False):
        antwort = client.get(link)

    assert (antwort.status_code == 302) is gilt
    assert (GILT_NICHT in text(antwort)) is not gilt


def test_link_only_the_newest_works_after_one_was_used(client: Client) -> None:
    konto = KontoFactory()
    erster, zweiter = link_fuer(konto), link_fuer(konto)

    mit_link(client, zweiter)

    assert GILT_NICHT in text(Client().get(erster))


def test_link_of_a_konto_deactivated_meanwhile_opens_nothing(client: Client, geschaeftsstelle: Konto) -> None:
    konto = konto_mit_passwort()
    link = link_fuer(konto)
    ablauf.deaktivieren(konto=konto, durch=geschaeftsstelle, jetzt=timezone.now())

    mit_link(client, link)
    anmelden(client, konto.email, NEUES_PASSWORT)

    assert not ist_angemeldet(client)


@pytest.mark.parametrize(
    "schluessel",
    [
        "1-abc",
        "1-set-password",
        "zzzzzzzzzzzzz-abc-def",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-abc",
        "0-%00",
        "1-%ff%fe",
        "1-" + "a" * 5_000,
        "1-a/b/../c",
        "1-ä ö ü",
        "1--",
    ],
)
@pytest.mark.parametrize("methode", ["get", "post"])
def test_link_garbage_gets_a_german_page(client: Client, schluessel: str, methode: str) -> None:
    antwort = getattr(client, methode)(f"/konto/passwort/neu/{schluessel}/", NEU if methode == "post" else {})

    assert (antwort.status_code, GILT_NICHT in text(antwort)) == (200, True)


def test_link_key_of_one_does_not_open_another(client: Client) -> None:
    eigenes, fremdes = KontoFactory(), konto_mit_passwort()
    kennung, schluessel = link_fuer(eigenes).split("/")[-2].split("-", 1)

    fremde_kennung = link_fuer(fremdes).split("/")[-2].split("-", 1)[0]

    assert kennung != fremde_kennung
    assert GILT_NICHT in text(client.get(f"/konto/passwort/neu/{fremde_kennung}-{schluessel}/"))


@pytest.mark.parametrize(
    ("felder", "satz"),
    [
        ({"password2": "etwas-ganz-anderes"}, "Die beiden Passwörter sind verschieden."),
        ({"password1": "kurz", "password2": "kurz"}, "zu kurz"),
        ({"password1": "123456qwerty", "password2": "123456qwerty"}, "zu üblich"),
        ({"password1": "a" * 10_000, "password2": "a" * 10_000}, "Bitte kürzen Sie den Text auf höchstens 200 Zeichen"),
        ({"password1": "null\x00null-null", "password2": "null\x00null-null"}, "nicht gespeichert werden kann"),
    ],
)
def test_link_bad_password_is_told_and_changes_nothing(client: Client, felder: dict, satz: str) -> None:
    konto = konto_mit_passwort()

    antwort = mit_link(client, link_fuer(konto), **felder)

    konto.refresh_from_db()
    assert (antwort.status_code, satz in text(antwort), konto.check_password(PASSWORT)) == (200, True, True)


# --- changing it ----------------------------------------------------------------------------------------------------


def aendern(client: Client, **felder: str):
    return client.post(AENDERN, {"oldpassword": PASSWORT, **NEU, **felder})


def test_aendern_keeps_this_session_and_ends_the_others() -> None:
    konto = konto_mit_passwort()
    hier, anderswo = angemeldeter(konto), angemeldeter(konto)

    antwort = aendern(hier)

    assert antwort.headers["Location"] == "/konto/"
    assert (ist_angemeldet(hier), ist_angemeldet(anderswo)) == (True, False)
    assert letzte_post(konto.email).betreff == "Ihr Passwort wurde geändert"


def test_link_ends_every_session(client: Client) -> None:
    konto = konto_mit_passwort()
    hier, anderswo = angemeldeter(konto), angemeldeter(konto)

    mit_link(hier, link_fuer(konto))

    assert (ist_angemeldet(hier), ist_angemeldet(anderswo)) == (False, False)


@pytest.mark.parametrize(
    ("felder", "satz"),
    [
        ({"oldpassword": "falsch"}, "Bitte geben Sie Ihr jetziges Passwort ein."),
        ({"oldpassword": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"password2": "etwas-ganz-anderes"}, "Die beiden Passwörter sind verschieden."),
    ],
)
def test_aendern_mistake_is_told_and_changes_nothing(felder: dict, satz: str) -> None:
    konto = konto_mit_passwort()

    antwort = aendern(angemeldeter(konto), **felder)

    konto.refresh_from_db()
    assert (antwort.status_code, satz in text(antwort), konto.check_password(PASSWORT)) == (200, True, True)


def test_aendern_guessing_the_old_one_is_stopped_after_five() -> None:
    client = angemeldeter(konto_mit_passwort())

    ergebnisse = [aendern(client, oldpassword="falsch").status_code for _ in range(6)]

    assert ergebnisse == [200] * 5 + [429]


def test_setzen_without_a_password_so_far(angemeldet) -> None:
    konto = KontoFactory(password="!")
    client = angemeldet(konto)
    assert client.get(AENDERN).headers["Location"] == "/konto/passwort/setzen/"

    client.post("/konto/passwort/setzen/", NEU)

    konto.refresh_from_db()
    assert konto.check_password(NEUES_PASSWORT)
    assert ist_angemeldet(client)
    assert letzte_post(konto.email).betreff == "Ihr Konto hat jetzt ein Passwort"
