"""A survey round as each role lives it, and how its pages are built."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bestandsaufnahme.models import Erhebung
from tests.browser.test_geschichte import GESCHAEFTSSTELLE, anmelden
from tests.browser.zugaenglich import maengel

KREIS, MOERFELDEN, NAUHEIM, RAUNHEIM = "06433", "06433008", "06433009", "06433010"
BESTAND = "/bestandsaufnahme/"
SEITEN = {
    GESCHAEFTSSTELLE: [
        f"{BESTAND}?ansicht=kommunen",
        f"{BESTAND}?ansicht=waerme",
        f"{BESTAND}?ansicht=netz",
        f"{BESTAND}vergleich/?von=2013-06-29&bis=2013-06-30",
        f"{BESTAND}kooperationen/",
        f"{BESTAND}kooperationen/neu/",
        f"{BESTAND}einlesen/",
        f"{BESTAND}erhebungen/",
        f"{BESTAND}erhebungen/neu/",
        "{runde}",
        f"{{runde}}{NAUHEIM}/pruefung/",
        "{runde}widersprueche/",
    ],
    "buergermeister.raunheim@ikz.example": [
        f"{{runde}}{RAUNHEIM}/",
        f"{{runde}}{RAUNHEIM}/interessen/",
        f"{{runde}}{RAUNHEIM}/antworten/neu/",
    ],
}


@pytest.fixture
def runde(portal: str) -> Erhebung:
    return Erhebung.objects.get(beispiel=True)


def test_head_finishes_an_unchanged_round_with_one_confirmation(seite: Page, portal: str, runde: Erhebung) -> None:
    seite.set_viewport_size({"width": 320, "height": 800})
    anmelden(seite, portal, "landrat@ikz.example")

    seite.get_by_role("link", name="Fragebogen Kreis Groß-Gerau").click()
    seite.get_by_role("button", name="Alles unverändert").click()

    expect(seite.get_by_text("Alles ist bestätigt, der Fragebogen ist freigegeben.")).to_be_visible()
    assert runde.frageboegen.get(kommune__ags=KREIS).freigegeben_durch.email == "landrat@ikz.example"


def test_geschaeftsstelle_takes_answers_over_and_the_matrix_of_2013_stays(
    seite: Page, portal: str, runde: Erhebung
) -> None:
    anmelden(seite, portal, GESCHAEFTSSTELLE)

    seite.goto(f"{portal}{runde.get_absolute_url()}{MOERFELDEN}/pruefung/")
    seite.get_by_role("button", name="3-mal „gilt noch“ annehmen").click()
    seite.get_by_role("button", name="Übernehmen, wie angegeben").click()
    seite.locator("form[action$='abschliessen/'] button").click()
    seite.locator("form[action$='uebernehmen/'] button").click()
    expect(seite.get_by_text("Die Angaben von Mörfelden-Walldorf stehen in der Matrix.")).to_be_visible()

    for tag, anzahl in ((runde.stichtag.isoformat(), 43), ("2013-06-30", 44)):
        seite.goto(f"{portal}{BESTAND}?stichtag={tag}")
        expect(seite.get_by_text(f"{anzahl} Markierungen").first).to_be_visible()


def test_publishing_the_postverbund_anonymised_is_refused_by_name(seite: Page, portal: str, runde: Erhebung) -> None:
    anmelden(seite, portal, GESCHAEFTSSTELLE)

    ueberliefert = Erhebung.objects.get(beispiel=False)
    seite.goto(f"{portal}{ueberliefert.get_absolute_url()}veroeffentlichungen/neu/")
    seite.get_by_label("anonymisiert").check()
    seite.locator("form.formular button.btn-primary").click()
    # the answer is a page with status 409, which the browser notes as an error: asked without it
    antwort = seite.request.post(
        seite.locator("form[action$='freigeben/']").evaluate("formular => formular.action"),
        form={"csrfmiddlewaretoken": seite.locator("input[name=csrfmiddlewaretoken]").first.input_value()},
        headers={"Referer": seite.url},
    )

    assert antwort.status == 409
    assert "Die Fußnote nennt Mörfelden-Walldorf und Rüsselsheim am Main." in antwort.text()


@pytest.mark.parametrize("bildschirm", [(320, "dark"), (1280, "light")])
@pytest.mark.parametrize("email", SEITEN)
def test_pages_of_the_round_are_accessible_and_fit_the_screen(
    seite: Page, portal: str, runde: Erhebung, bildschirm: tuple[int, Any], email: str
) -> None:
    breite, schema = bildschirm
    seite.set_viewport_size({"width": breite, "height": 800})
    seite.emulate_media(color_scheme=schema)
    anmelden(seite, portal, email)

    befunde = {}
    for pfad in SEITEN[email]:
        seite.goto(portal + pfad.format(runde=runde.get_absolute_url()))
        befunde[pfad] = maengel(seite)
    assert {pfad: befund for pfad, befund in befunde.items() if befund} == {}
