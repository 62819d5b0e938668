"""German forms of numbers, sums, persons, days and spans, and of Markdown: pure functions, no locale, no request."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import nh3
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ikz_portal.basis.auswahl import Genauigkeit

LEER = "–"
MONATE = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
OHNE_TAG = {"", Genauigkeit.UNBEKANNT, Genauigkeit.OFFEN}

Zahl = int | float | Decimal
Tag = date | datetime

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(["table", "strikethrough"])
_ERLAUBT = (
    {"p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre"}
    | {"a", "strong", "em", "s", "code"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
# A table that is wider than the screen scrolls by itself, by keyboard too: like the component `tabelle`.
_TABELLE_AUF = '<div class="tabelle" role="region" tabindex="0" aria-label="Tabelle"><table'
_ATTRIBUTE = {"a": {"href", "title"}, "ol": {"start"}}
_TIEFSTE_UEBERSCHRIFT = 6


# --- numbers ---------------------------------------------------------------------------------------------------------
def zahl(wert: Zahl | str | None) -> str:
    """Return 276.307 or 453,04, with as many places as the number has; a dash for nothing."""
    if wert is None or wert == "":
        return LEER
    text = f"{Decimal(str(wert)):,f}".translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def geld(wert: Zahl | str | None) -> str:
    """Return 1.234,56 €, a dash for nothing."""
    if wert is None or wert == "":
        return LEER
    return f"{zahl(round(Decimal(str(wert)), 2) + Decimal('0.00'))} €"


# --- persons ---------------------------------------------------------------------------------------------------------
def beide_namen(durch: object | None, fuer: object | None = None) -> str:
    """Return who did something, with both names where it was done in the place of another; nothing for nobody."""
    return f"{durch} in Vertretung für {fuer}" if fuer else str(durch or "")


def aufzaehlung(worte: Iterable[str]) -> str:
    """Return „A, B und C“, nothing for nothing."""
    *erste, letztes = [*worte] or [""]
    return f"{', '.join(erste)} und {letztes}" if erste else letztes


# --- days ------------------------------------------------------------------------------------------------------------
def _ortszeit(wert: Tag) -> Tag:
    return timezone.localtime(wert) if isinstance(wert, datetime) and timezone.is_aware(wert) else wert


def tag(wert: Tag | None) -> str:
    """Return 19.05.2026, the form for tables."""
    return f"{_ortszeit(wert):%d.%m.%Y}" if wert else LEER


def tag_lang(wert: Tag | None) -> str:
    """Return 19. Mai 2026, the form for running text."""
    if not wert:
        return LEER
    ort = _ortszeit(wert)
    return f"{ort.day}. {monat(ort)}"


def monat(wert: Tag) -> str:
    """Return Mai 2026."""
    return f"{MONATE[wert.month - 1]} {wert.year:04}"


def zeitpunkt(wert: datetime | None) -> str:
    """Return 19.05.2026, 14:05 Uhr in local time."""
    return f"{tag(wert)}, {_ortszeit(wert):%H:%M} Uhr" if wert else LEER


def ungefaehr(wert: Tag | None, genauigkeit: str, hinweis: str = "") -> str:
    """Return a day as precisely as it is known; the source's own words (hinweis) win."""
    if hinweis:
        return hinweis
    if genauigkeit == Genauigkeit.OFFEN:
        return str(Genauigkeit.OFFEN.label)
    if wert is None or genauigkeit in OHNE_TAG:
        return str(Genauigkeit.UNBEKANNT.label)
    if genauigkeit == Genauigkeit.JAHR:
        return f"{wert.year:04}"
    return monat(wert) if genauigkeit == Genauigkeit.MONAT else tag(wert)


def zeitraum(  # noqa: PLR0917  # the six columns of a span, in their order
    von: Tag | None,
    von_genauigkeit: str,
    bis: Tag | None,
    bis_genauigkeit: str,
    von_hinweis: str = "",
    bis_hinweis: str = "",
) -> str:
    """Return 2016 – 2018, seit 2016, bis 2018: whatever of the two ends is known."""
    beginn, ende = ungefaehr(von, von_genauigkeit, von_hinweis), ungefaehr(bis, bis_genauigkeit, bis_hinweis)
    beginn_bekannt, ende_bekannt = beginn != Genauigkeit.UNBEKANNT.label, ende != Genauigkeit.UNBEKANNT.label
    if ende == Genauigkeit.OFFEN.label:
        return f"seit {beginn}" if beginn_bekannt else "läuft, Beginn nicht bekannt"
    if beginn_bekannt and ende_bekannt:
        return beginn if beginn == ende else f"{beginn} – {ende}"
    if beginn_bekannt:
        return f"ab {beginn}, Ende nicht bekannt"
    return f"bis {ende}" if ende_bekannt else beginn


# --- Markdown --------------------------------------------------------------------------------------------------------
def _ueberschriften_einordnen(marken: list[Token]) -> None:
    """Let headings begin at h2 and leave no level out, since the page has its own h1."""
    darueber: list[str] = []
    for marke in marken:
        if marke.type == "heading_open":
            darueber = [*(stufe for stufe in darueber if stufe < marke.tag), marke.tag]
        if marke.type in {"heading_open", "heading_close"}:
            marke.tag = f"h{min(len(darueber) + 1, _TIEFSTE_UEBERSCHRIFT)}"


def markdown(text: str | None) -> SafeString:
    """Return the HTML of Markdown text: raw HTML is shown as text, and what is left is cleaned once more."""
    marken = _MARKDOWN.parse(text or "")
    _ueberschriften_einordnen(marken)
    html = nh3.clean(
        _MARKDOWN.renderer.render(marken, _MARKDOWN.options, {}),
        tags=_ERLAUBT,
        attributes=_ATTRIBUTE,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"table": {"class": "table"}},
    )
    html = html.replace("<table", _TABELLE_AUF).replace("</table>", "</table></div>")
    return mark_safe(html)  # noqa: S308 - cleaned above


# --- spans -----------------------------------------------------------------------------------------------------------
MONAT_IN_TAGEN, JAHR_IN_TAGEN = 365.25 / 12, 365.25


def dauer(tage: int) -> str:
    """Return „6 Monate“, „3 Jahre“ where the number of days stands for that, else the days."""
    for laenge, einzahl, mehrzahl in ((JAHR_IN_TAGEN, "Jahr", "Jahre"), (MONAT_IN_TAGEN, "Monat", "Monate")):
        anzahl = round(tage / laenge)
        if anzahl and tage > 100 and abs(tage - anzahl * laenge) < 1:
            return f"{anzahl} {einzahl if anzahl == 1 else mehrzahl}"
    return "1 Tag" if tage == 1 else f"{tage} Tage"
