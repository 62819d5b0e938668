"""The second factor: set up with proof of who is there, asked for at sign-in, compulsory for the Geschäftsstelle."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from kommunen.models import Konto
from tests.kommunen.konto_hilfen import (
    CODE_FALSCH,
    EINGEBEN,
    GESPERRT,
    PASSWORT,
    angemeldeter,
    anmelden,
    code,
    falscher_code,
    ist_angemeldet,
    konto_mit_passwort,
    letzte_post,
    mit_app,
    notfallcodes,
    schluessel,
    text,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "zaehler", "ohne_warteschlange")]
FAKTOR = "/konto/zweiter-faktor/"
EINRICHTEN, ENTFERNEN = f"{FAKTOR}app/einrichten/", f"{FAKTOR}app/entfernen/"
CODES = f"{FAKTOR}notfallcodes/"
JETZT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def konto(kommune) -> Konto:
    return konto_mit_passwort(kommune=kommune)


def vor_dem_code(konto: Konto) -> Client:
    client = Client()
    assert anmelden(client, konto.email).headers["Location"] == EINGEBEN
    return client


# --- setting it up --------------------------------------------------------------------------------------------------


def test_einrichten_keeps_the_seed_encrypted_and_shows_the_codes(
    konto: Konto, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = angemeldeter(konto)
    seed = schluessel(text(client.get(EINRICHTEN)))

    with django_capture_on_commit_callbacks(execute=True):
        antwort = client.post(EINRICHTEN, {"code": code(seed)})

    assert antwort.headers["Location"] == CODES
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator WHERE user_id = %s", [konto.pk])
        gespeichert = cursor.fetchone()[0]
    assert seed not in gespeichert
    assert seed not in str(dict(client.session.items()))
    assert len(notfallcodes(konto)) == 10
    assert all(einer in text(client.get(CODES)) for einer in notfallcodes(konto))
    assert letzte_post(konto.email).betreff == "Zweiter Faktor eingerichtet"


def test_einrichten_shows_picture_and_key(konto: Konto) -> None:
    seite = text(angemeldeter(konto).get(EINRICHTEN))

    assert '<img class="qr" src="data:image/svg+xml;base64,' in seite
    assert len(schluessel(seite)) == 32


def test_einrichten_wrong_code_is_told_and_the_key_stays(konto: Konto) -> None:
    client = angemeldeter(konto)
    seed = schluessel(text(client.get(EINRICHTEN)))

    antwort = client.post(EINRICHTEN, {"code": falscher_code(seed)})

    assert CODE_FALSCH in text(antwort)
    assert schluessel(text(antwort)) == seed
    assert not Authenticator.objects.filter(user=konto).exists()


def test_einrichten_a_while_after_the_sign_in_asks_for_the_password_first(konto: Konto) -> None:
    with time_machine.travel(JETZT, tick=False) as uhr:
        client = angemeldeter(konto)
        assert client.get(EINRICHTEN).status_code == 200
        uhr.shift(timedelta(minutes=6))
        antwort = client.get(EINRICHTEN)
        assert antwort.headers["Location"].startswith("/konto/pruefen/?next=")
        client.post(antwort.headers["Location"], {"password": PASSWORT})
        assert client.get(EINRICHTEN).status_code == 200


def test_einrichten_without_a_recent_sign_in_posts_nothing(konto: Konto, angemeldet: Callable) -> None:
    client = angemeldet(konto)

    antwort = client.post(EINRICHTEN, {"code": "123456"})

    assert antwort.headers["Location"].startswith("/konto/pruefen/?next=")


def test_einrichten_during_a_change_of_address_says_what_to_do(konto: Konto) -> None:
    client = angemeldeter(konto)
    client.post("/konto/adresse/", {"action_add": "1", "email": "neu@ikz.example"})

    antwort = client.get(EINRICHTEN, follow=True)

    assert "Bitte bestätigen Sie zuerst die neue Adresse, oder brechen Sie die Änderung ab." in text(antwort)


# --- signing in -----------------------------------------------------------------------------------------------------


def test_anmelden_asks_for_the_code_and_lets_in_with_it(konto: Konto) -> None:
    seed = mit_app(konto)
    client = vor_dem_code(konto)
    assert not ist_angemeldet(client)

    antwort = client.post(EINGEBEN, {"code": code(seed)})

    assert antwort.headers["Location"] == "/"
    assert ist_angemeldet(client)


def test_anmelden_code_of_the_half_minute_before_counts(konto: Konto) -> None:
    seed = mit_app(konto)
    client = vor_dem_code(konto)

    client.post(EINGEBEN, {"code": code(seed, zuvor=1)})

    assert ist_angemeldet(client)


def test_anmelden_code_works_once_as_long_as_it_is_valid(konto: Konto) -> None:
    with time_machine.travel(JETZT, tick=False) as uhr:
        einer = code(mit_app(konto))
        vor_dem_code(konto).post(EINGEBEN, {"code": einer})
        uhr.shift(timedelta(seconds=40))

        antwort = vor_dem_code(konto).post(EINGEBEN, {"code": f"{einer[:3]} {einer[3:]}"})

    assert CODE_FALSCH in text(antwort)


def test_anmelden_emergency_code_works_once(konto: Konto) -> None:
    mit_app(konto)
    einer = notfallcodes(konto)[0]
    client = vor_dem_code(konto)
    client.post(EINGEBEN, {"code": einer})
    assert ist_angemeldet(client)

    antwort = vor_dem_code(konto).post(EINGEBEN, {"code": einer})

    assert CODE_FALSCH in text(antwort)
    assert len(notfallcodes(konto)) == 9


@pytest.mark.parametrize(
    ("eingabe", "satz"),
    [
        ("", "Bitte füllen Sie dieses Feld aus."),
        ("٠١٢٣٤٥", CODE_FALSCH),
        ("ä", CODE_FALSCH),
        ("1" * 10_000, "Bitte kürzen Sie den Text auf höchstens 20 Zeichen"),
        ("12\x0034", "nicht gespeichert werden kann"),
    ],
)
def test_anmelden_bad_code_is_told(konto: Konto, eingabe: str, satz: str) -> None:
    mit_app(konto)

    antwort = vor_dem_code(konto).post(EINGEBEN, {"code": eingabe})

    assert (antwort.status_code, satz in text(antwort)) == (200, True)


def test_anmelden_guessing_codes_is_stopped_after_five_and_open_again_after_five_minutes(konto: Konto) -> None:
    seed = mit_app(konto)
    with time_machine.travel(JETZT, tick=False) as uhr:
        client = vor_dem_code(konto)
        for nummer in range(5):
            client.defaults["REMOTE_ADDR"] = f"192.0.2.{nummer}"
            assert CODE_FALSCH in text(client.post(EINGEBEN, {"code": falscher_code(seed)}))
        client.defaults["REMOTE_ADDR"] = "198.51.100.1"
        assert GESPERRT in text(client.post(EINGEBEN, {"code": code(seed)}))

        uhr.shift(timedelta(minutes=5, seconds=1))
        client.post(EINGEBEN, {"code": code(seed)})
        assert ist_angemeldet(client)


def test_anmelden_guessing_goes_on_in_no_second_session(konto: Konto) -> None:
    seed = mit_app(konto)
    for nummer in range(5):
        client = vor_dem_code(konto)
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{nummer}"
        client.post(EINGEBEN, {"code": falscher_code(seed)})

    assert GESPERRT in text(vor_dem_code(konto).post(EINGEBEN, {"code": code(seed)}))


def test_anmelden_code_page_without_password_leads_back(client: Client) -> None:
    assert client.get(EINGEBEN).headers["Location"] == "/konto/anmelden/"
    assert client.post(EINGEBEN, {"code": "123456"}).headers["Location"] == "/konto/anmelden/"


def test_anmelden_seed_of_a_lost_key_is_told_and_no_error(konto: Konto, settings: Settings) -> None:
    seed = mit_app(konto)
    settings.SECRET_KEY = "ein-ganz-anderer-schluessel-0123456789-0123456789-0123456789"

    antwort = vor_dem_code(konto).post(EINGEBEN, {"code": code(seed)})

    assert "Ihr zweiter Faktor lässt sich nicht mehr prüfen." in text(antwort)


# --- emergency codes, taking it away ----------------------------------------------------------------------------------


def angemeldeter_mit_code(konto: Konto, seed: str) -> Client:
    client = vor_dem_code(konto)
    client.post(EINGEBEN, {"code": code(seed)})
    return client


def test_notfallcodes_as_a_file(konto: Konto) -> None:
    client = angemeldeter_mit_code(konto, mit_app(konto))

    antwort = client.get(f"{CODES}datei/")

    assert antwort.headers["Content-Disposition"] == 'attachment; filename="ikz-portal-notfallcodes.txt"'
    assert text(antwort).split()[-10:] == notfallcodes(konto)


@pytest.mark.parametrize("seite", ["", "datei/"])
def test_notfallcodes_of_a_lost_key_are_told_and_no_error(konto: Konto, seite: str) -> None:
    client = angemeldeter_mit_code(konto, mit_app(konto))
    unlesbar = Authenticator.objects.filter(user=konto, type=Authenticator.Type.RECOVERY_CODES).get()
    unlesbar.data["seed"] = "mit-einem-anderen-schluessel"
    unlesbar.save()

    antwort = client.get(f"{CODES}{seite}", follow=True)

    assert "Diese Notfallcodes sind nicht mehr lesbar." in text(antwort)


def test_notfallcodes_new_ones_end_the_former(
    konto: Konto, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = angemeldeter_mit_code(konto, mit_app(konto))
    frueher = notfallcodes(konto)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{CODES}neu/")

    assert set(notfallcodes(konto)).isdisjoint(frueher)
    assert letzte_post(konto.email).betreff == "Neue Notfallcodes"


def test_notfallcodes_without_a_factor_say_what_is_missing(konto: Konto) -> None:
    antwort = angemeldeter(konto).post(f"{CODES}neu/")

    assert "Notfallcodes gibt es erst, wenn eine App oder ein Passkey eingerichtet ist." in text(antwort)


def test_entfernen_takes_app_and_codes_away_and_tells_the_owner(konto: Konto) -> None:
    client = angemeldeter_mit_code(konto, mit_app(konto))

    client.post(ENTFERNEN)

    assert not Authenticator.objects.filter(user=konto).exists()
    assert letzte_post(konto.email).betreff == "Zweiter Faktor entfernt"


def test_entfernen_by_get_changes_nothing(konto: Konto) -> None:
    client = angemeldeter_mit_code(konto, mit_app(konto))

    client.get(ENTFERNEN)

    assert Authenticator.objects.filter(user=konto).count() == 2
