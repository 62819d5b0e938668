"""A new address counts when its owner has confirmed it, signed in; nobody learns whether another has it already."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from ikz_portal.basis.models import Aenderung, Postausgang
from kommunen.models import Konto
from tests.fabriken.kommunen import KontoFactory
from tests.kommunen.konto_hilfen import (
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
ADRESSE = "/konto/adresse/"
NEU = "neu@ikz.example"
GILT_NICHT = "Mit diesem Link lässt sich keine Adresse bestätigen."
JETZT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def konto(kommune) -> Konto:
    return konto_mit_passwort(kommune=kommune)


def aendern(client: Client, email: str = NEU):
    return client.post(ADRESSE, {"action_add": "1", "email": email})


def link_nach(email: str = NEU) -> str:
    return pfad_aus(letzte_post(email))


def adresse(konto: Konto) -> str:
    konto.refresh_from_db()
    return konto.email


def test_aendern_old_address_counts_until_the_new_one_is_confirmed(konto: Konto) -> None:
    alt, client = konto.email, angemeldeter(konto)

    aendern(client)

    seite = text(client.get(ADRESSE))
    assert "Die neue Adresse ist noch nicht bestätigt" in seite
    assert adresse(konto) == alt
    assert not ist_angemeldet_mit(NEU)
    assert ist_angemeldet_mit(alt)


def ist_angemeldet_mit(email: str) -> bool:
    client = Client()
    anmelden(client, email, PASSWORT)
    return ist_angemeldet(client)


def test_bestaetigen_makes_it_the_address_to_sign_in_with_and_tells_the_old_one(konto: Konto) -> None:
    alt, client = konto.email, angemeldeter(konto)
    aendern(client)
    link = link_nach()

    seite = client.get(link)
    antwort = client.post(link)

    assert "Neue Adresse bestätigen" in text(seite)
    assert antwort.headers["Location"] == "/konto/"
    assert adresse(konto) == NEU
    assert list(EmailAddress.objects.filter(user=konto).values_list("email", "verified", "primary")) == [
        (NEU, True, True)
    ]
    assert (ist_angemeldet(client), ist_angemeldet_mit(NEU), ist_angemeldet_mit(alt)) == (True, True, False)
    assert letzte_post(alt).betreff == "Ihre E-Mail-Adresse wurde geändert"


def test_bestaetigen_leaves_no_key_in_the_record(konto: Konto) -> None:
    client = angemeldeter(konto)
    aendern(client)

    client.post(link_nach())

    aenderung = Aenderung.objects.filter(tabelle=Konto._meta.db_table, vorher__has_key="email").get()
    assert (aenderung.konto, aenderung.quelle) == (konto, "/konto/adresse/…/")


def test_bestaetigen_by_get_changes_nothing(konto: Konto) -> None:
    alt, client = konto.email, angemeldeter(konto)
    aendern(client)

    client.get(link_nach())

    assert adresse(konto) == alt


def test_bestaetigen_signed_out_asks_to_sign_in_first(konto: Konto) -> None:
    alt = konto.email
    aendern(angemeldeter(konto))
    link = link_nach()

    antwort = Client().post(link)

    assert antwort.headers["Location"].startswith("/konto/anmelden/?next=/konto/adresse/")
    assert adresse(konto) == alt


@pytest.mark.parametrize("methode", ["get", "post"])
def test_bestaetigen_by_a_stranger_is_refused_and_leaves_that_session_alone(konto: Konto, methode: str) -> None:
    alt, fremdes = konto.email, konto_mit_passwort()
    aendern(angemeldeter(konto))
    fremd = angemeldeter(fremdes)

    antwort = getattr(fremd, methode)(link_nach())

    assert (antwort.status_code, GILT_NICHT in text(antwort)) == (404, True)
    assert NEU not in text(antwort)
    assert ist_angemeldet(fremd)
    assert (adresse(konto), adresse(fremdes) == fremdes.email) == (alt, True)


@pytest.mark.parametrize("methode", ["get", "post"])
def test_bestaetigen_used_link_is_refused_kindly(konto: Konto, methode: str) -> None:
    client = angemeldeter(konto)
    aendern(client)
    link = link_nach()
    client.post(link)

    antwort = getattr(client, methode)(link)

    assert (antwort.status_code, GILT_NICHT in text(antwort)) == (404, True)


@pytest.mark.parametrize(("tage", "gilt"), [(2.9, True), (3.1, False)])
def test_bestaetigen_link_expires_after_three_days(konto: Konto, tage: float, gilt: bool) -> None:
    with time_machine.travel(JETZT, tick=False):
        aendern(angemeldeter(konto))
    with time_machine.travel(JETZT + timedelta(days=tage), tick=False):
        antwort = angemeldeter(konto).post(link_nach())

    assert (antwort.status_code == 302, adresse(konto) == NEU) == (gilt, gilt)


@pytest.mark.parametrize("schluessel", ["abc", "MQ:1abc:def", "a" * 5_000, "1:2:3", "-", "ä:ö:ü", ":::"])
def test_bestaetigen_garbage_is_refused_kindly(konto: Konto, schluessel: str) -> None:
    client = angemeldeter(konto)

    antworten = [client.get(f"{ADRESSE}{schluessel}/"), client.post(f"{ADRESSE}{schluessel}/")]

    assert [(antwort.status_code, GILT_NICHT in text(antwort)) for antwort in antworten] == [(404, True)] * 2


def test_bestaetigen_link_of_a_cancelled_change_opens_nothing(konto: Konto) -> None:
    alt, client = konto.email, angemeldeter(konto)
    aendern(client)
    link = link_nach()

    client.post(ADRESSE, {"action_remove": "1", "email": NEU})

    assert client.post(link).status_code == 404
    assert adresse(konto) == alt
    assert "noch nicht bestätigt" not in text(client.get(ADRESSE))


def test_bestaetigen_link_of_a_replaced_change_opens_nothing(konto: Konto) -> None:
    client = angemeldeter(konto)
    aendern(client)
    link = link_nach()

    aendern(client, "neuer@ikz.example")

    assert client.post(link).status_code == 404
    assert EmailAddress.objects.filter(user=konto).count() == 2


def test_noch_einmal_schicken_waits_three_minutes(konto: Konto) -> None:
    with time_machine.travel(JETZT, tick=False) as uhr:
        client = angemeldeter(konto)
        aendern(client)
        client.post(ADRESSE, {"action_send": "1", "email": NEU})
        assert Postausgang.objects.filter(an=NEU).count() == 1
        uhr.shift(timedelta(seconds=181))
        client.post(ADRESSE, {"action_send": "1", "email": NEU})
        assert Postausgang.objects.filter(an=NEU).count() == 2


def test_aendern_to_the_address_of_another_reveals_nothing(konto: Konto) -> None:
    fremdes = KontoFactory()
    eins, zwei = angemeldeter(konto), angemeldeter(konto_mit_passwort())

    frei = aendern(eins, "frei@ikz.example")
    vergeben = aendern(zwei, fremdes.email.upper())

    assert (frei.status_code, frei.headers["Location"]) == (vergeben.status_code, vergeben.headers["Location"])
    genannt = [text(eins.get(ADRESSE)).count("frei@ikz.example"), text(zwei.get(ADRESSE)).count(fremdes.email)]
    assert genannt == [3, 3]


def test_vergessen_sends_no_link_to_an_unconfirmed_address(konto: Konto) -> None:
    aendern(angemeldeter(konto))

    Client().post("/konto/passwort/vergessen/", {"email": NEU})

    assert [post.betreff for post in Postausgang.objects.filter(an=NEU)] == [
        "Bitte bestätigen Sie Ihre neue E-Mail-Adresse"
    ]


def test_bestaetigen_the_address_of_another_is_refused(konto: Konto) -> None:
    alt, fremdes = konto.email, KontoFactory()
    client = angemeldeter(konto)
    aendern(client, fremdes.email)

    link = link_nach(fremdes.email)
    seite = client.get(link)
    client.post(link)

    assert GILT_NICHT in text(seite)
    assert (adresse(konto), adresse(fremdes)) == (alt, fremdes.email)
    assert EmailAddress.objects.filter(email=fremdes.email, verified=True).get().user == fremdes


def test_bestaetigen_an_address_that_only_the_konto_table_knows_is_refused_as_a_whole(konto: Konto) -> None:
    alt, fremdes = konto.email, KontoFactory(adresse=None)
    client = angemeldeter(konto)
    aendern(client, fremdes.email)

    antwort = client.post(link_nach(fremdes.email), follow=True)

    assert "Diese E-Mail-Adresse können Sie nicht verwenden." in text(antwort)
    assert adresse(konto) == alt
    assert EmailAddress.objects.get(user=konto, primary=True).email == alt


@pytest.mark.parametrize(
    ("email", "satz"),
    [
        ("", "Bitte füllen Sie dieses Feld aus."),
        ("keine", "Bitte geben Sie eine vollständige E-Mail-Adresse an"),
        (f"{'a' * 250}@ikz.example", "Bitte kürzen Sie den Text auf höchstens 254 Zeichen"),
        ("null\x00@ikz.example", "nicht gespeichert werden kann"),
    ],
)
def test_aendern_bad_address_is_told(konto: Konto, email: str, satz: str) -> None:
    antwort = aendern(angemeldeter(konto), email)

    assert (antwort.status_code, satz in text(antwort)) == (200, True)
    assert EmailAddress.objects.filter(user=konto).count() == 1


def test_aendern_to_the_own_one_is_told(konto: Konto) -> None:
    antwort = aendern(angemeldeter(konto), konto.email.upper())

    assert "Das ist schon Ihre E-Mail-Adresse." in text(antwort)


def test_aendern_a_while_after_the_sign_in_asks_for_the_password_first(konto: Konto) -> None:
    with time_machine.travel(JETZT, tick=False) as uhr:
        client = angemeldeter(konto)
        uhr.shift(timedelta(minutes=6))
        antwort = aendern(client)
        assert antwort.headers["Location"] == "/konto/pruefen/?next=%2Fkonto%2Fadresse%2F"
        assert EmailAddress.objects.filter(user=konto).count() == 1

        falsch = client.post(antwort.headers["Location"], {"password": "falsch"})
        assert "Das Passwort stimmt nicht." in text(falsch)
        client.post(antwort.headers["Location"], {"password": PASSWORT, "next": ADRESSE})

    assert EmailAddress.objects.filter(user=konto, email=NEU).exists()


def test_entfernen_the_address_in_use_is_refused(konto: Konto) -> None:
    client = angemeldeter(konto)

    antwort = client.post(ADRESSE, {"action_remove": "1", "email": konto.email}, follow=True)

    assert "lässt sich nicht entfernen" in text(antwort)
    assert EmailAddress.objects.get(user=konto).email == konto.email
