"""Single sign-on in a real browser: the Content-Security-Policy lets the way to another site pass, and back."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kommunen.models import Konto
from tests import anbieter as idp
from tests.anbieter import PERSON, Anbieter
from tests.browser.zugaenglich import REGELN


@pytest.fixture
def anbieter(portal: str, settings: Any) -> Iterator[Anbieter]:
    """The portal is at localhost, the provider at 127.0.0.1: for a browser another site."""
    with idp.anbieter(settings) as server:
        settings.BASE_URL = portal
        server.person = {**PERSON, "ikz_rolle": "kontakt", "ikz_kommune": "06433008"}
        yield server


def test_new_person_signs_in_by_the_button_and_lands_where_they_wanted_to(
    seite: Page, portal: str, anbieter: Anbieter
) -> None:
    seite.goto(f"{portal}/berichte/")
    seite.get_by_role("button", name="Weiter mit „Kreis-Anmeldung“").click()

    expect(seite).to_have_url(f"{portal}/berichte/")
    expect(seite.get_by_role("heading", level=1, name="Berichte")).to_be_visible()
    assert anbieter.gefragt.count("auth") == 1
    assert Konto.objects.get(email="neu@ikz.example").name == "Neu Hier"


@pytest.mark.parametrize("breite", [320, 1280])
def test_person_without_a_role_is_told_so(page: Page, portal: str, anbieter: Anbieter, breite: int) -> None:
    anbieter.person |= {"ikz_rolle": None}
    page.set_viewport_size({"width": breite, "height": 800})
    page.goto(f"{portal}/konto/anmelden/")

    page.get_by_role("button", name="Weiter mit „Kreis-Anmeldung“").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sie können sich hier nicht anmelden")
    expect(page.get_by_text("Ihnen ist dort keine Rolle für das IKZ-Portal zugeordnet.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert Axe().run(page, options=REGELN).response["violations"] == []
