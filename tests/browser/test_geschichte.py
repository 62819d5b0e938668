"""The story of the first release, from sign-in to the downloaded PDF, as each role lives it."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projekte.auswahl import LAUFENDE
from projekte.models import Projekt
from tests.browser.conftest import PASSWORT
from tests.browser.zugaenglich import maengel

GESCHAEFTSSTELLE = "geschaeftsstelle@ikz.example"
SEITEN = [
    "/",
    "/kommunen/",
    "/kommunen/06433010/",
    "/bestandsaufnahme/",
    "/interessen/",
    "/projekte/",
    "/projekte/e-akte-dms/",
    "/projekte/beispiel-gemeinsame-terminvergabe/",
    "/projekte/beispiel-gemeinsame-terminvergabe/auftrag/",
    "/projekte/beispiel-gemeinsame-terminvergabe/ablaufplan/",
    "/wissen/",
    "/berichte/",
    "/hilfe/",
]


# The one page of each that the other may not see.
FORMULAR = {GESCHAEFTSSTELLE: "/projekte/neu/", "kontakt.raunheim@ikz.example": "/interessen/neu/"}


def anmelden(seite: Page, portal: str, email: str) -> None:
    seite.goto(f"{portal}/konto/anmelden/")
    seite.get_by_label("E-Mail").fill(email)
    seite.get_by_label("Passwort").fill(PASSWORT)
    seite.get_by_role("button", name="Anmelden").click()
    expect(seite.get_by_role("heading", level=1)).to_be_visible()


def text_des_pdf(datei: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", datei, "-"], capture_output=True, text=True, check=True).stdout


def test_geschaeftsstelle_walks_from_sign_in_to_the_pdf(seite: Page, portal: str, worker: None, tmp_path: Path) -> None:
    anmelden(seite, portal, GESCHAEFTSSTELLE)

    seite.get_by_role("link", name="Kommunen", exact=True).first.click()
    expect(seite.get_by_role("cell", name="276.307").first).to_be_visible()

    seite.get_by_role("link", name="Bestandsaufnahme", exact=True).first.click()
    expect(seite.get_by_text("44 Markierungen").first).to_be_visible()

    seite.get_by_role("link", name="Projekte", exact=True).first.click()
    expect(seite.get_by_role("link", name="Einführung der E-Akte/DMS").first).to_be_visible()

    seite.get_by_role("link", name="Berichte", exact=True).first.click()
    seite.get_by_role("button", name="Statusbericht erstellen").click()
    herunterladen = seite.get_by_role("link", name="PDF herunterladen")
    expect(herunterladen).to_be_visible(timeout=60_000)  # the page follows the worker without a reload
    expect(seite.get_by_text("Prüfsumme (SHA-256)")).to_be_visible()

    with seite.expect_download() as ladung:
        herunterladen.click()
    datei = tmp_path / "bericht.pdf"
    ladung.value.save_as(datei)

    text = text_des_pdf(datei)
    laufende = Projekt.objects.fakten().eigenstaendige().filter(status__in=LAUFENDE).values_list("name", flat=True)
    einzeilig = " ".join(text.split())
    assert [name for name in laufende if name not in einzeilig] == []
    assert "14 von 15" in text
    assert f"{timezone.localdate():%d.%m.%Y}" in text
    assert "Seite 1 von" in text


def test_geschaeftsstelle_creates_a_projekt_with_a_milestone(seite: Page, portal: str) -> None:
    anmelden(seite, portal, GESCHAEFTSSTELLE)

    seite.goto(f"{portal}/projekte/neu/")
    seite.get_by_label("Name").first.fill("Gemeinsames Archiv")
    seite.get_by_label("Aufgabenfeld").select_option(label="Bauhof")
    seite.locator("input[name$='-name']").first.fill("Kick-off")
    seite.locator("input[name$='-geplant']").first.fill((timezone.localdate() + timedelta(days=40)).isoformat())
    seite.get_by_role("button", name="Projekt anlegen").click()

    expect(seite.get_by_role("heading", level=1, name="Gemeinsames Archiv")).to_be_visible()
    expect(seite.get_by_text("Kick-off").first).to_be_visible()


def test_kontakt_files_an_interest(seite: Page, portal: str) -> None:
    anmelden(seite, portal, "kontakt.nauheim@ikz.example")

    seite.get_by_role("link", name="Interesse bekunden").first.click()
    seite.get_by_placeholder("Tippen Sie zum Suchen").fill("Wirtschaft")
    seite.get_by_role("option", name="Wirtschaft und Tourismus (ganzes Aufgabenfeld)").click()
    seite.get_by_label("Wofür").fill("Gemeinsamer Veranstaltungskalender")
    seite.get_by_role("button", name="Interesse bekunden").click()

    expect(seite.get_by_text("Gemeinsamer Veranstaltungskalender")).to_be_visible()


def test_head_of_a_kommune_sees_what_waits(seite: Page, portal: str) -> None:
    anmelden(seite, portal, "buergermeister.nauheim@ikz.example")

    expect(seite.get_by_role("heading", level=1, name="Nauheim")).to_be_visible()
    expect(seite.get_by_role("heading", name="Das wartet auf Ihre Kommune")).to_be_visible()


@pytest.mark.parametrize("breite", [320, 1280])
@pytest.mark.parametrize(("email", "schema"), [*zip(FORMULAR, ["light", "dark"], strict=True)])
def test_pages_are_accessible_and_never_wider_than_the_screen(
    seite: Page, portal: str, breite: int, email: str, schema: str
) -> None:
    seite.set_viewport_size({"width": breite, "height": 800})
    seite.emulate_media(color_scheme=schema)
    anmelden(seite, portal, email)

    befunde = {}
    for pfad in [*SEITEN, FORMULAR[email]]:
        seite.goto(f"{portal}{pfad}")
        befunde[pfad] = maengel(seite)
    assert {pfad: befund for pfad, befund in befunde.items() if befund} == {}
