"""Components for PDFs. On paper a symbol is drawn in place, its colour an attribute: no CSS reaches into SVG."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ikz_portal.basis.auswahl import MarkenChoices

register = template.Library()

# Those of static/css/pdf.css.
FARBEN = {"gruen": "#1e7a45", "gelb": "#8a5a00", "rot": "#b3261e", "blau": "#1f6fb5", "neutral": "#556070"}
_SYMBOL = re.compile(r'<symbol id="([\w-]+)"(.*?)</symbol>', re.DOTALL)


@cache
def _symbole() -> dict[str, str]:
    """Return the drawings of the sprite by name: what follows the id, up to the end of the symbol."""
    datei = finders.find("bilder/symbole.svg")
    return dict(_SYMBOL.findall(Path(str(datei)).read_text(encoding="utf-8")))


@register.simple_tag
def papiermarke(glied: MarkenChoices) -> SafeString:
    """A badge on paper: symbol and word. KeyError if the sprite lacks the symbol."""
    zeichnung = _symbole()[glied.symbol].replace("currentColor", FARBEN[glied.farbe])
    return format_html(
        '<span class="marke marke-{}">{}{}</span>',
        glied.farbe,
        mark_safe(f'<svg xmlns="http://www.w3.org/2000/svg"{zeichnung}</svg>'),  # noqa: S308  # our own sprite
        glied.label,
    )
