"""From the invitation to the first declaration of interest, with a second factor, as the invited person lives it."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bestandsaufnahme.models import Interessenbekundung
from kommunen.ablaeufe.einladung import einladen
from kommunen.auswahl import Rolle
from kommunen.models import Kommune, Konto
from tests.browser.conftest import PASSWORT as DEMOPASSWORT
from tests.browser.zugaenglich import maengel
from tests.kommunen.konto_hilfen import code, letzte_post, pfad_aus

EMAIL = "eingeladen@ikz.example"
PASSWORT = "ein-langes-passwort-2026"
LESEN = "lesen@ikz.example"
# What the browser answers when the person closes its question.
ABBRUCH = "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
GERAET = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def einladung(portal: str, settings: Any) -> str:
    """The link of an invitation as contact of a Kommune."""
    settings.BASE_URL = portal
    _, link = einladen(
        email=EMAIL,
        name="Erika Beispiel",
        rolle=Rolle.KONTAKT,
        kommune=Kommune.objects.get(ags="06433010"),
        durch=Konto.objects.get(email="geschaeftsstelle@ikz.example"),
        jetzt=timezone.now(),
    )
    return link


@pytest.fixture
def geraet(seite: Page) -> None:
    """Give the browser a device with passkeys, whose owner always agrees."""
    sitzung = seite.context.new_cdp_session(seite)
    sitzung.send("WebAuthn.enable")
    sitzung.send("WebAuthn.addVirtualAuthenticator", {"options": GERAET})


def anmelden(seite: Page, portal: str, email: str, passwort: str) -> None:
    seite.goto(f"{portal}/konto/anmelden/")
    seite.get_by_label("E-Mail-Adresse").fill(email)
    seite.get_by_label("Passwort").fill(passwort)
    seite.get_by_role("button", name="Anmelden").click()


def abmelden(seite: Page, portal: str) -> None:
    seite.goto(f"{portal}/konto/")
    seite.get_by_role("main").get_by_role("button", name="Abmelden").click()
    expect(seite.get_by_role("link", name="Anmelden").first).to_be_visible()


def app_einrichten(seite: Page, portal: str) -> str:
    """Set up an app by the key that the page shows, and return the key."""
    seite.goto(f"{portal}/konto/zweiter-faktor/")
    seite.get_by_role("link", name="App einrichten").click()
    seed = seite.locator("#schluessel").inner_text().replace(" ", "")
    expect(seite.get_by_role("img", name="QR-Code")).to_be_visible()
    seite.get_by_label("Code").fill(code(seed))
    seite.get_by_role("button", name="App einrichten").click()
    expect(seite.get_by_role("heading", level=1, name="Notfallcodes")).to_be_visible()
    return seed


def test_invited_person_gets_in_with_second_factor_and_declares_interest(
    seite: Page, portal: str, einladung: str
) -> None:
    seite.goto(einladung)
    seite.get_by_label("Passwort").first.fill(PASSWORT)
    seite.get_by_label("Passwort").last.fill(PASSWORT)
    seite.get_by_role("button", name="Konto einrichten").click()
    expect(seite.locator(".konto-name")).to_have_text("Erika Beispiel")

    seed = app_einrichten(seite, portal)
    abmelden(seite, portal)

    anmelden(seite, portal, EMAIL, PASSWORT)
    expect(seite.get_by_role("heading", level=1)).to_have_text("Noch ein Schritt")
    seite.get_by_label("Code").fill(code(seed))
    seite.get_by_role("button", name="Anmelden").click()
    expect(seite.locator(".konto-name")).to_have_text("Erika Beispiel")

    seite.goto(f"{portal}/interessen/neu/")
    seite.get_by_role("combobox", name="Aufgabenfeld oder Kooperationsfeld").fill("bauhof")
    seite.get_by_role("option", name="Bauhof (ganzes Aufgabenfeld)").click()
    seite.get_by_label("Wofür möchten Sie zusammenarbeiten?").fill("Wir möchten Maschinen gemeinsam nutzen.")
    seite.get_by_role("button", name="Interesse bekunden").click()
    expect(seite.get_by_text("Das Interesse von Raunheim ist eingetragen")).to_be_visible()

    bekundung = Interessenbekundung.objects.latest("pk")
    assert (bekundung.kommune.ags, bekundung.wofuer) == ("06433010", "Wir möchten Maschinen gemeinsam nutzen.")


@pytest.mark.usefixtures("geraet")
def test_passkey_is_set_up_cancelled_once_and_then_signs_in(seite: Page, portal: str) -> None:
    anmelden(seite, portal, LESEN, DEMOPASSWORT)
    seite.goto(f"{portal}/konto/zweiter-faktor/")
    seite.get_by_role("link", name="Passkey einrichten").click()
    seite.get_by_label("Name").fill("Diensthandy")
    seite.get_by_role("button", name="Passkey einrichten").click()
    expect(seite.get_by_role("heading", level=1, name="Notfallcodes")).to_be_visible()
    seite.goto(f"{portal}/konto/zweiter-faktor/passkeys/")
    expect(seite.get_by_role("rowheader", name="Diensthandy")).to_be_visible()
    abmelden(seite, portal)

    anmelden(seite, portal, LESEN, DEMOPASSWORT)
    expect(seite.get_by_role("heading", level=1)).to_have_text("Noch ein Schritt")
    passkey = seite.get_by_role("button", name="Mit Passkey anmelden")
    seite.evaluate(ABBRUCH)
    passkey.click()
    expect(seite.get_by_text("Es wurde abgebrochen oder hat zu lange gedauert.")).to_be_visible()
    seite.reload()
    passkey.click()
    expect(seite.locator(".konto-name")).to_have_text("Lesezugang")

    seite.goto(f"{portal}/konto/zweiter-faktor/passkeys/pruefen/?next=/konto/zweiter-faktor/passkeys/")
    seite.get_by_role("button", name="Mit Passkey bestätigen").click()
    expect(seite.get_by_role("heading", level=1, name="Passkeys")).to_be_visible()
    seite.get_by_role("link", name="Entfernen").click()
    seite.get_by_role("button", name="Passkey entfernen").click()
    expect(seite.get_by_text("Noch kein Passkey")).to_be_visible()


@pytest.mark.parametrize(("breite", "farben"), [(320, "light"), (1280, "dark")])
def test_pages_of_the_own_konto_are_accessible(seite: Page, portal: str, breite: int, farben: Any) -> None:
    seite.set_viewport_size({"width": breite, "height": 900})
    seite.emulate_media(color_scheme=farben, reduced_motion="reduce")
    gefunden = {}
    for pfad in ("passwort/vergessen/", "passwort/vergessen/verschickt/", "passwort/neu/1-abc/", "deaktiviert/"):
        seite.goto(f"{portal}/konto/{pfad}")
        gefunden[pfad] = maengel(seite)
    anmelden(seite, portal, LESEN, DEMOPASSWORT)
    expect(seite.get_by_role("heading", level=1)).to_be_visible()
    for pfad in ("", "passwort/", "adresse/", "zweiter-faktor/", "zweiter-faktor/app/einrichten/", "pruefen/"):
        seite.goto(f"{portal}/konto/{pfad}")
        gefunden[pfad] = maengel(seite)
    app_einrichten(seite, portal)
    gefunden["notfallcodes"] = maengel(seite)
    for pfad in ("", "passkeys/", "passkeys/neu/", "app/entfernen/", "notfallcodes/neu/", "pruefen/"):
        seite.goto(f"{portal}/konto/zweiter-faktor/{pfad}")
        gefunden[f"mit Faktor {pfad}"] = maengel(seite)
    abmelden(seite, portal)
    anmelden(seite, portal, LESEN, DEMOPASSWORT)
    gefunden["eingeben"] = maengel(seite)

    assert {pfad: was for pfad, was in gefunden.items() if was} == {}


def test_forgotten_password_is_set_anew_by_the_link(seite: Page, portal: str, settings: Any) -> None:
    settings.BASE_URL = portal
    seite.goto(f"{portal}/konto/anmelden/")
    seite.get_by_role("link", name="Passwort vergessen?").click()
    seite.get_by_label("E-Mail-Adresse").fill(LESEN)
    seite.get_by_role("button", name="Link anfordern").click()
    expect(seite.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")

    seite.goto(f"{portal}{pfad_aus(letzte_post(LESEN))}")
    seite.get_by_label("Neues Passwort").first.fill(PASSWORT)
    seite.get_by_label("Neues Passwort, noch einmal").fill(PASSWORT)
    seite.get_by_role("button", name="Passwort speichern").click()
    seite.get_by_role("link", name="Zur Anmeldung").click()
    anmelden(seite, portal, LESEN, PASSWORT)

    expect(seite.locator(".konto-name")).to_have_text("Lesezugang")


def test_new_address_is_confirmed_by_the_link(seite: Page, portal: str, settings: Any) -> None:
    settings.BASE_URL = portal
    anmelden(seite, portal, LESEN, DEMOPASSWORT)
    expect(seite.locator(".konto-name")).to_have_text("Lesezugang")
    seite.goto(f"{portal}/konto/adresse/")
    seite.get_by_label("Neue E-Mail-Adresse").fill(EMAIL)
    seite.get_by_role("button", name="Neue Adresse bestätigen lassen").click()
    expect(seite.get_by_text("Die neue Adresse ist noch nicht bestätigt")).to_be_visible()

    seite.goto(f"{portal}{pfad_aus(letzte_post(EMAIL))}")
    seite.get_by_role("button", name="Adresse ändern").click()

    expect(seite.get_by_text(f"Ihre neue E-Mail-Adresse gilt jetzt: {EMAIL}.")).to_be_visible()
