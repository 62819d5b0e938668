"""From declarations to a Projektidee, the head's confirmation, a round; and how these pages are built."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bestandsaufnahme.models import Interessenbekundung, Interessenrunde
from projekte.models import Projekt
from tests.browser.test_geschichte import GESCHAEFTSSTELLE, anmelden
from tests.browser.zugaenglich import maengel

KONTAKT = "kontakt.raunheim@ikz.example"
SPITZE = "buergermeister.moerfelden-walldorf@ikz.example"
FELD = "/aufgabenfelder/personalmanagement/"
SEITEN = {
    GESCHAEFTSSTELLE: [
        "/interessen/",
        "/interessen/bestaetigungen/",
        "/interessen/konstellationen/",
        "/interessen/runden/",
        "/interessen/runden/neu/",
        "{runde}",
        f"{FELD}projektidee/?kommunen=06433009,06433010",
    ],
    KONTAKT: [
        "/interessen/?stand={runde_pk}",
        "/interessen/eigene/",
        "/interessen/konstellationen/",
        "{interesse}",
        FELD,
        "/konto/benachrichtigungen/",
    ],
    SPITZE: ["/", "/interessen/bestaetigungen/"],
    "": ["/interessen/", FELD],
}


def test_geschaeftsstelle_makes_a_projektidee_once_the_earlier_attempt_is_read(seite: Page, portal: str) -> None:
    anmelden(seite, portal, GESCHAEFTSSTELLE)
    seite.goto(f"{portal}/interessen/konstellationen/")

    vorschlag = seite.locator("li").filter(has=seite.get_by_role("link", name="Personalmanagement")).first
    vorschlag.get_by_role("link", name="Projektidee daraus machen").click()
    expect(seite.get_by_role("group", name="Woran es früher scheiterte")).to_be_visible()
    seite.get_by_label("Name der Projektidee").fill("Gemeinsame Ausbildung")
    seite.get_by_role("button", name="Projektidee anlegen").click()

    expect(seite.locator(".formular-fehler, .alert, [role=alert]").first).to_contain_text("Fortbildungskalender")
    assert not Projekt.objects.filter(name="Gemeinsame Ausbildung").exists()

    seite.get_by_label("Ich habe „Beispiel: Gemeinsamer Fortbildungskalender“ gelesen").check()
    seite.get_by_role("button", name="Projektidee anlegen").click()

    expect(seite.get_by_role("heading", level=1, name="Gemeinsame Ausbildung")).to_be_visible()
    projekt = Projekt.objects.get(name="Gemeinsame Ausbildung")
    assert (projekt.status, projekt.beispiel, projekt.starthilfen.count()) == ("idee", True, 4)
    interesse = Interessenbekundung.objects.get(kommune__kurzname="Nauheim", aufgabenfeld__slug="personalmanagement")
    seite.goto(portal + interesse.get_absolute_url())
    expect(seite.get_by_role("heading", name="Was daraus wurde")).to_be_visible()


def test_head_confirms_on_a_phone_what_waits(seite: Page, portal: str) -> None:
    seite.set_viewport_size({"width": 320, "height": 800})
    anmelden(seite, portal, SPITZE)

    seite.get_by_role("link", name="Bestätig").first.click()
    seite.get_by_role("button", name="Bestätigen").click()

    expect(seite.get_by_text("Nichts wartet auf Ihre Bestätigung")).to_be_visible()
    assert not Interessenbekundung.objects.unbestaetigte().exists()


def test_round_goes_from_the_invitation_to_a_public_result(seite: Page, portal: str) -> None:
    anmelden(seite, portal, GESCHAEFTSSTELLE)
    seite.goto(f"{portal}/interessen/runden/neu/")
    seite.get_by_label("Name").fill("Interessensbündelung im Herbst")
    seite.get_by_label("Frist").fill("2030-01-31")
    seite.locator("form.formular button.btn-primary").click()
    seite.get_by_role("button", name="Runde eröffnen").click()
    expect(seite.get_by_text("0 von 15").first).to_be_visible()

    seite.locator("summary", has_text="Runde abschließen").click()
    seite.get_by_label("ohne die fehlenden").check()
    seite.get_by_role("button", name="Runde abschließen").click()
    seite.get_by_role("button", name="Ergebnis veröffentlichen").click()

    runde = Interessenrunde.objects.get(name="Interessensbündelung im Herbst")
    assert (runde.status, runde.veroeffentlicht, runde.ergebnisse.count()) == ("abgeschlossen", True, 15)


@pytest.mark.parametrize("bildschirm", [(320, "dark"), (1280, "light")])
@pytest.mark.parametrize("email", SEITEN)
def test_pages_of_interests_are_accessible_and_fit_the_screen(
    seite: Page, portal: str, bildschirm: tuple[int, Any], email: str
) -> None:
    breite, schema = bildschirm
    seite.set_viewport_size({"width": breite, "height": 800})
    seite.emulate_media(color_scheme=schema)
    if email:
        anmelden(seite, portal, email)
    runde = Interessenrunde.objects.get(beispiel=True)
    interesse = Interessenbekundung.objects.get(kommune__kurzname="Nauheim", aufgabenfeld__slug="personalmanagement")

    befunde = {}
    for pfad in SEITEN[email]:
        seite.goto(
            portal
            + pfad.format(runde=runde.get_absolute_url(), runde_pk=runde.pk, interesse=interesse.get_absolute_url())
        )
        befunde[pfad] = maengel(seite)
    assert {pfad: befund for pfad, befund in befunde.items() if befund} == {}
