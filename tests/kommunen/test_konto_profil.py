"""The page of the own Konto, and what all its pages have in common: German, quick, no foreign name."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.auswahl import GremiumArt
from kommunen.models import Konto
from tests.fabriken.kommunen import GremiumFactory, SitzFactory, VertretungFactory
from tests.kommunen.konto_hilfen import EINGEBEN, FREMD, angemeldeter, anmelden, code, konto_mit_passwort, mit_app, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "zaehler")]
PROFIL, FAKTOR = "/konto/", "/konto/zweiter-faktor/"


def sichtbar(seite: str) -> str:
    """Return the words that a person reads: no tags, addresses or data for scripts."""
    ohne = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", " ", seite, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", ohne)


# --- the profile ----------------------------------------------------------------------------------------------------


def test_profil_shows_who_it_is_and_which_offices_it_holds(
    kontakt: Konto, buergermeister: Konto, angemeldet: Callable[[Konto], Client]
) -> None:
    gremium = GremiumFactory(name="Lenkungsgruppe", art=GremiumArt.LENKUNGSGRUPPE)
    SitzFactory(gremium=gremium, kommune=kontakt.kommune, konto=kontakt)
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt, von=date(2020, 1, 1))

    seite = text(angemeldet(kontakt).get(PROFIL))

    assert kontakt.email in seite
    assert "<dd>Kontakt</dd>" in seite
    assert f'<a href="/kommunen/{kontakt.kommune.ags}/">Musterstadt</a>' in seite
    assert "Lenkungsgruppe, Sitz von Musterstadt</dd>" in seite
    assert "Verwaltungsspitze von Musterstadt, in Vertretung für Verwaltungsspitze</dd>" in seite


def test_profil_changes_name_and_function_and_nothing_else(
    kontakt: Konto, angemeldet: Callable[[Konto], Client]
) -> None:
    felder = {"name": "Neuer Name", "funktion": "Hauptamt", "rolle": "geschaeftsstelle", "email": "x@ikz.example"}

    antwort = angemeldet(kontakt).post(PROFIL, {**felder, "kommune": "", "version": kontakt.version}, follow=True)

    vorher = (kontakt.rolle, kontakt.email, kontakt.kommune)
    kontakt.refresh_from_db()
    assert (kontakt.name, kontakt.funktion) == ("Neuer Name", "Hauptamt")
    assert (kontakt.rolle, kontakt.email, kontakt.kommune) == vorher
    assert "Ihre Angaben sind gespeichert." in text(antwort)


def test_profil_without_a_name_is_told_and_the_head_keeps_it(
    kontakt: Konto, angemeldet: Callable[[Konto], Client]
) -> None:
    antwort = angemeldet(kontakt).post(PROFIL, {"name": ""})

    assert "Bitte füllen Sie dieses Feld aus." in text(antwort)
    assert '<span class="konto-name">Kontakt</span>' in text(antwort)


def test_profil_changed_by_the_geschaeftsstelle_meanwhile_shows_both_and_merges(
    kontakt: Konto, geschaeftsstelle: Konto, angemeldet: Callable[[Konto], Client]
) -> None:
    meine = {"name": "Neuer Name", "funktion": "", "version": kontakt.version}
    konto_ablauf.bearbeiten(
        konto=kontakt,
        version=kontakt.version,
        name="Kontakt",
        funktion="Hauptamt",
        rolle=kontakt.rolle,
        kommune=kontakt.kommune,
        durch=geschaeftsstelle,
        heute=date(2026, 5, 19),
    )
    client = angemeldet(kontakt)

    antwort = client.post(PROFIL, meine)

    assert antwort.status_code == 409
    assert "Jemand anderes hat Ihre Angaben inzwischen geändert" in text(antwort)
    kontakt.refresh_from_db()
    assert (kontakt.name, kontakt.funktion) == ("Kontakt", "Hauptamt")

    wahl = {"gewaehlt": "1", "wahl-name": "eingabe", "wahl-funktion": "gespeichert", "version": kontakt.version}
    client.post(PROFIL, {**meine, **wahl})

    kontakt.refresh_from_db()
    assert (kontakt.name, kontakt.funktion) == ("Neuer Name", "Hauptamt")


def test_profil_signed_out_leads_to_sign_in(client: Client) -> None:
    assert client.get(PROFIL).headers["Location"] == "/konto/anmelden/?next=/konto/"


def test_menu_links_the_profile(kontakt: Konto, angemeldet: Callable[[Konto], Client]) -> None:
    assert '<a class="konto-punkt" href="/konto/">Mein Konto</a>' in text(angemeldet(kontakt).get("/"))


@pytest.mark.parametrize("aemter", [1, 3])
def test_profil_queries(
    aemter: int,
    kontakt: Konto,
    angemeldet: Callable[[Konto], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(aemter):
        SitzFactory(konto=kontakt, kommune=kontakt.kommune)
    client = angemeldet(kontakt)

    with django_assert_num_queries(6):
        client.get(PROFIL)


# --- all pages ------------------------------------------------------------------------------------------------------

SEITEN = {
    "/konto/passwort/": 6,
    "/konto/adresse/": 9,
    FAKTOR: 6,
    f"{FAKTOR}app/entfernen/": 8,
    f"{FAKTOR}notfallcodes/": 8,
    f"{FAKTOR}notfallcodes/neu/": 7,
    f"{FAKTOR}passkeys/": 4,
    f"{FAKTOR}passkeys/neu/": 12,
    f"{FAKTOR}pruefen/": 10,
    "/konto/pruefen/": 10,
    "/konto/abmelden/": 4,
}
OEFFENTLICHE = {
    "/konto/anmelden/": 3,
    "/konto/passwort/vergessen/": 1,
    "/konto/passwort/vergessen/verschickt/": 1,
    "/konto/passwort/neu/1-abc/": 2,
    "/konto/passwort/geaendert/": 1,
    "/konto/deaktiviert/": 1,
}


@pytest.fixture
def mit_code(kommune) -> Client:
    konto = konto_mit_passwort(kommune=kommune, name="Erika Beispiel")
    seed = mit_app(konto)
    client = Client()
    anmelden(client, konto.email)
    client.post(EINGEBEN, {"code": code(seed)})
    client.get("/")
    return client


@pytest.mark.parametrize("pfad", SEITEN)
def test_page_is_german_and_quick(mit_code: Client, pfad: str, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(SEITEN[pfad]):
        antwort = mit_code.get(pfad)

    assert antwort.status_code == 200
    assert FREMD.findall(sichtbar(text(antwort))) == []
    assert text(antwort).count("<h1") == 1


@pytest.mark.parametrize("pfad", OEFFENTLICHE)
def test_public_page_is_german_and_quick(client: Client, pfad: str, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(OEFFENTLICHE[pfad]):
        antwort = client.get(pfad)

    assert antwort.status_code == 200
    assert FREMD.findall(sichtbar(text(antwort))) == []


def test_set_up_page_is_german_and_names_the_portal(mit_code: Client, settings: Settings) -> None:
    konto = konto_mit_passwort()
    client = angemeldeter(konto)

    seite = sichtbar(text(client.get(f"{FAKTOR}app/einrichten/")))

    assert FREMD.findall(seite) == []


def test_code_page_is_german(client: Client) -> None:
    konto = konto_mit_passwort()
    mit_app(konto)
    anmelden(client, konto.email)

    seite = text(client.get(EINGEBEN))

    assert FREMD.findall(sichtbar(seite)) == []
    assert "Mit Passkey anmelden" not in seite
