"""Declaring interest: without JavaScript, by keyboard alone, from a phone; and what the searchable list does."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung, Kooperationsfeld
from ikz_portal.basis.zeit import heute
from tests.browser.test_geschichte import GESCHAEFTSSTELLE, anmelden
from tests.browser.zugaenglich import maengel

KONTAKT = "kontakt.nauheim@ikz.example"
TELEFON = {"width": 320, "height": 640}
FELD = "Aufgabenfeld oder Kooperationsfeld"
NEU = "/interessen/neu/"


@pytest.fixture
def ohne_skript(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page on a phone whose browser runs no script."""
    umgebung = browser.new_context(**{**browser_context_args, "viewport": TELEFON, "java_script_enabled": False})
    yield umgebung.new_page()
    umgebung.close()


@pytest.fixture
def formular(seite: Page, portal: str) -> Page:
    anmelden(seite, portal, KONTAKT)
    seite.goto(portal + NEU)
    return seite


def feldsuche(seite: Page) -> Locator:
    """Return what the script makes of the list: until it runs, that is a combobox of the same name."""
    return seite.get_by_role("combobox", name=FELD).and_(seite.locator("input"))


def treffer(seite: Page) -> list[str]:
    return seite.get_by_role("listbox").get_by_role("option").all_inner_texts()


def gewaehlt(seite: Page) -> str:
    return seite.locator("select[name=feld]").evaluate("auswahl => auswahl.value")


def breiter(seite: Page) -> int:
    return seite.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def bis_fokus(seite: Page, ziel: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(60):
        if ziel.evaluate("element => element === document.activeElement"):
            return
        seite.keyboard.press("Tab")
    raise AssertionError(f"Mit der Tabulatortaste nicht zu erreichen: {ziel}")


# --- filing -----------------------------------------------------------------------------------------------------------
def test_filing_works_without_script_on_a_phone(ohne_skript: Page, portal: str) -> None:
    anmelden(ohne_skript, portal, KONTAKT)
    ohne_skript.goto(portal + NEU)

    ohne_skript.get_by_text("Was es in den Feldern schon gibt").click()
    expect(ohne_skript.get_by_role("link", name="Wirtschaft und Tourismus", exact=True)).to_be_visible()
    ohne_skript.get_by_label(FELD).select_option(label="Wirtschaft und Tourismus (ganzes Aufgabenfeld)")
    ohne_skript.get_by_label("bringt Ressourcen ein").check()
    ohne_skript.get_by_label("Wofür").fill("Gemeinsamer Veranstaltungskalender")
    ohne_skript.get_by_role("button", name="Interesse bekunden").click()

    expect(ohne_skript.get_by_text("Das Interesse von Nauheim ist eingetragen")).to_be_visible()
    abgegebene = Interessenbekundung.objects.get(wofuer="Gemeinsamer Veranstaltungskalender")
    assert (abgegebene.feld.name, abgegebene.stufe, abgegebene.status) == (
        "Wirtschaft und Tourismus",
        "ressourcen",
        "abgegeben",
    )


def test_filing_works_by_keyboard_alone_on_a_phone(seite: Page, portal: str) -> None:
    seite.set_viewport_size(TELEFON)
    anmelden(seite, portal, KONTAKT)
    seite.goto(portal + NEU)
    tasten = seite.keyboard

    bis_fokus(seite, feldsuche(seite))
    tasten.type("tourismus")
    tasten.press("ArrowDown")
    tasten.press("Enter")
    expect(feldsuche(seite)).to_have_value("Wirtschaft und Tourismus (ganzes Aufgabenfeld)")
    expect(seite.get_by_role("heading", name="Das gibt es schon")).to_be_visible()
    bis_fokus(seite, seite.get_by_label("hat Interesse"))
    tasten.press("ArrowDown")
    bis_fokus(seite, seite.get_by_label("Wofür"))
    tasten.type("Gemeinsamer Veranstaltungskalender")
    assert breiter(seite) == 0
    bis_fokus(seite, seite.get_by_role("button", name="Interesse bekunden"))
    tasten.press("Enter")

    expect(seite.get_by_text("Das Interesse von Nauheim ist eingetragen")).to_be_visible()
    assert Interessenbekundung.objects.get(wofuer="Gemeinsamer Veranstaltungskalender").stufe == "ressourcen"


def test_draft_is_kept_gone_on_with_and_filed(formular: Page) -> None:
    feldsuche(formular).fill("bauhof")
    formular.get_by_role("option", name="Bauhof (ganzes Aufgabenfeld)").click()
    formular.get_by_role("button", name="Als Entwurf speichern").click()
    expect(formular.get_by_text("Der Entwurf zu „Bauhof“ ist gespeichert.")).to_be_visible()

    entwurf = Interessenbekundung.objects.get(status="entwurf", aufgabenfeld__name="Bauhof", kommune__name="Nauheim")
    formular.goto(formular.url.split("/interessen/")[0] + f"/interessen/{entwurf.pk}/bearbeiten/")
    expect(feldsuche(formular)).to_have_value("Bauhof (ganzes Aufgabenfeld)")
    formular.get_by_label("Wofür").fill("Gemeinsam streuen")
    formular.get_by_role("button", name="Interesse bekunden").click()

    expect(formular.get_by_text("Das Interesse von Nauheim ist eingetragen: Bauhof.")).to_be_visible()


def test_errors_lead_to_the_searchable_field(formular: Page) -> None:
    formular.get_by_role("button", name="Interesse bekunden").click()

    formular.get_by_role("link", name="Bitte wählen Sie ein Aufgabenfeld").click()

    expect(feldsuche(formular)).to_be_focused()


def test_another_kommune_is_joined(formular: Page, portal: str) -> None:
    offene = Interessenbekundung.objects.laufende(heute()).exclude(kommune__name="Nauheim")
    eigene = Interessenbekundung.objects.filter(kommune__name="Nauheim").values("aufgabenfeld")
    andere = offene.filter(aufgabenfeld__isnull=False).exclude(aufgabenfeld__in=eigene)[0]

    formular.goto(f"{portal}/interessen/{andere.pk}/anschliessen/")
    formular.get_by_label("Wofür").fill("Das wollen wir auch")
    formular.get_by_role("button", name="Dem Interesse anschließen").click()

    expect(formular.get_by_text("Das Interesse von Nauheim ist eingetragen")).to_be_visible()
    assert Interessenbekundung.objects.get(wofuer="Das wollen wir auch").anschluss_an == andere


# --- the searchable list ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("eingabe", ["räumliche", "RAEUMLICHE planung", "raumliche", "wohnen räum"])
def test_list_is_searched_whatever_the_spelling(formular: Page, eingabe: str) -> None:
    feldsuche(formular).press_sequentially(eingabe)

    assert treffer(formular) == ["Räumliche Planung und Entwicklung, Bauverwaltung, Wohnen (ganzes Aufgabenfeld)"]
    expect(formular.get_by_role("status").filter(has_text="1 Treffer")).to_have_count(1)


def test_list_finds_a_field_by_its_other_name(seite: Page, portal: str) -> None:
    feld = Aufgabenfeld.objects.get(name="Bauhof")
    Aufgabenfeld.objects.filter(pk=feld.pk).update(aliase=["Technische Betriebe"])
    anmelden(seite, portal, KONTAKT)
    seite.goto(portal + NEU)

    feldsuche(seite).press_sequentially("technische b")
    assert treffer(seite) == ["Bauhof (ganzes Aufgabenfeld)\nauch: Technische Betriebe"]
    seite.keyboard.press("Enter")

    assert gewaehlt(seite) == f"aufgabenfeld-{feld.pk}"


def test_list_shows_a_part_below_its_aufgabenfeld(formular: Page) -> None:
    teil = Kooperationsfeld.objects.first()

    feldsuche(formular).press_sequentially(teil.name)

    gruppe = formular.get_by_role("group", name=teil.aufgabenfeld.name)
    expect(gruppe.get_by_role("option", name=teil.name).first).to_be_visible()


def test_tab_leaves_the_open_list_for_the_next_field(formular: Page) -> None:
    feldsuche(formular).click()
    expect(formular.get_by_role("listbox")).to_be_visible()

    formular.keyboard.press("Tab")

    expect(formular.get_by_role("listbox")).to_be_hidden()
    expect(formular.get_by_label("Kooperationswille")).to_be_focused()


def test_list_is_walked_closed_and_emptied_by_keys(formular: Page) -> None:
    feld = feldsuche(formular)
    feld.focus()
    feld.press("ArrowDown")
    expect(feld).to_have_attribute("aria-expanded", "true")
    erste = formular.get_by_role("option").first
    expect(feld).to_have_attribute("aria-activedescendant", erste.get_attribute("id"))
    feld.press("ArrowUp")
    expect(feld).to_have_attribute("aria-activedescendant", formular.get_by_role("option").last.get_attribute("id"))
    feld.press("Enter")
    expect(feld).to_have_attribute("aria-expanded", "false")
    assert gewaehlt(formular) != ""
    feld.press("Escape")
    expect(feld).to_have_value("")
    assert gewaehlt(formular) == ""
    expect(formular.get_by_text("Bitte prüfen Sie Ihre Angaben")).to_have_count(0)  # Enter never sent the form


def test_words_that_are_no_field_choose_nothing_and_say_so(formular: Page) -> None:
    feld = feldsuche(formular)
    feld.press_sequentially("bauhof")
    feld.press("Tab")
    assert gewaehlt(formular) != ""  # the very name of a field means it

    feld.fill("Einhornzucht")
    expect(formular.get_by_text("Zu „Einhornzucht“ gibt es nichts in der Liste.")).to_be_visible()
    feld.press("Tab")
    expect(formular.get_by_text("„Einhornzucht“ steht nicht in der Liste.")).to_be_visible()
    expect(feld).to_have_value("")
    assert gewaehlt(formular) == ""
    expect(formular.locator(".vorhanden")).to_be_hidden()


def test_excerpt_that_does_not_come_leaves_a_link(page: Page, portal: str) -> None:
    feld = Aufgabenfeld.objects.get(name="Bauhof")
    anmelden(page, portal, KONTAKT)
    page.route("**/aufgabenfelder/**", lambda weg: weg.abort())

    page.goto(f"{portal}{NEU}?feld=aufgabenfeld-{feld.pk}")

    bereich = page.locator(".vorhanden")
    expect(bereich).to_contain_text("lässt sich gerade nicht anzeigen")
    assert bereich.get_by_role("link", name="Zur Seite des Feldes").get_attribute("href") == feld.get_absolute_url()


# --- looks ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("bildschirm", [(320, "dark"), (1280, "light")])
@pytest.mark.parametrize(
    ("email", "pfade"),
    [
        (KONTAKT, [f"{NEU}?feld={{feld}}", "/interessen/{andere}/anschliessen/"]),
        (GESCHAEFTSSTELLE, ["/interessen/fuer-andere/?feld={feld}", "/interessen/{andere}/bearbeiten/"]),
    ],
)
def test_pages_are_accessible_and_fit_the_screen(
    seite: Page, portal: str, bildschirm: tuple[int, Any], email: str, pfade: list[str]
) -> None:
    breite, schema = bildschirm
    seite.set_viewport_size({"width": breite, "height": 800})
    seite.emulate_media(color_scheme=schema)
    teil = Kooperationsfeld.objects.first()
    andere = Interessenbekundung.objects.laufende(heute()).exclude(kommune__name="Nauheim")[0]
    anmelden(seite, portal, email)

    befunde = {}
    for pfad in pfade:
        seite.goto(portal + pfad.format(feld=f"kooperationsfeld-{teil.pk}", andere=andere.pk))
        if "feld" in pfad:
            expect(seite.locator(".vorhanden")).to_contain_text(teil.name)
            feldsuche(seite).click()
        befunde[pfad] = maengel(seite)
    assert {pfad: befund for pfad, befund in befunde.items() if befund} == {}
