"""What a page must never have: a breach of WCAG 2.2 AA that a machine can find, or more width than the screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

REGELN = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def maengel(seite: Page) -> list[str]:
    """Return what is wrong with the page as it is shown now."""
    gefunden = Axe().run(seite, options=REGELN).response["violations"]
    breite = seite.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    regeln = [f"{regel['id']}: {regel['nodes'][0]['html'][:200]}" for regel in gefunden]
    return regeln + [f"zu breit: {breite}"] * (breite > 0)
