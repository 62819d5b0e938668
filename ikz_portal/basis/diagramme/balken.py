"""Horizontal bars: name and value above each bar, so that long names and narrow screens get along."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from ikz_portal.basis.diagramme import svg

BREITE = 400
GROESSE = 13.5
GROESSE_SCHMAL = 19  # what diagramme.css makes of it on a phone; lines are broken for this size
ZEILE = 22
ZEILEN = 4
DICKE = 10
ABSTAND = 13
RAND_DER_MARKE = 3  # so far the stroke of a comparison stands out above and below its bar
OHNE_WERT = "nicht aufgeführt"

_NAME = svg.stil("d-name", fill=svg.TEXT, font_size=GROESSE)
_NAME_VERWEIS = svg.stil("d-name", fill=svg.AKZENT, font_size=GROESSE)
_WERT = svg.stil("d-balkenwert", fill=svg.TEXT, font_size=GROESSE, font_weight="500", text_anchor="end")
_OHNE = svg.stil("d-ohne", fill=svg.LEISE, font_size=GROESSE, font_style="italic", text_anchor="end")
_BAHN = svg.stil("d-bahn", fill="#edf0f4")
_BALKEN = svg.stil("d-balken", fill=svg.AKZENT)
_DAZU = svg.stil("d-dazu", fill=svg.FLAECHE, stroke=svg.LEISE, stroke_width=1.0, stroke_dasharray="3 2")
_HOF = svg.stil("d-hof", fill="none", stroke=svg.FLAECHE, stroke_width=6.0)
_MARKE = svg.stil("d-vergleich", fill="none", stroke=svg.TEXT, stroke_width=2.5)
_LEER = svg.stil("d-leer", fill=svg.LEISE, font_size=GROESSE)


@dataclass(frozen=True)
class Balken:
    """`wert` None is not the same as 0: the source doesn't name it. `zusatz` follows the value, as in „14 von 15“.

    `dazu` is what doesn't count and stands behind the bar in dashes; `vergleich` a value to compare with, a stroke
    across the bar, none for 0. Both are said in words by `zusatz` and `ansage`, which is read out after name and value.
    """

    name: str
    wert: int | None
    url: str = ""
    zusatz: str = ""
    dazu: int = 0
    vergleich: int | None = None
    ansage: str = ""


def balkendiagramm(
    balken: Iterable[Balken], *, kennung: str, titel: str, beschreibung: str, hoechstwert: int | None = None
) -> SafeString:
    """Return the chart; the longest bar is `hoechstwert`, without one the greatest value."""
    alle = list(balken)
    spanne = hoechstwert or max((zeile.wert or 0 for zeile in alle), default=0) or 1
    verweise = any(zeile.url for zeile in alle)
    teile, y = _zeilen(alle, spanne, verweise)
    return svg.diagramm(
        [svg.gruppe("".join(teile), rolle="list" if verweise else "")],
        breite=BREITE,
        hoehe=y - ABSTAND + 2,
        kennung=kennung,
        titel=titel,
        beschreibung=beschreibung,
        klasse="diagramm-balken",
        verweise=verweise,
    )


def balkenstrich(zeile: Balken, *, hoechstwert: int) -> SafeString:
    """Return the bar alone, for a row whose words stand beside it: nothing that a screen reader would need."""
    teile = _strich(zeile, RAND_DER_MARKE, max(hoechstwert, 1))
    hoehe = svg.zahl(DICKE + 2 * RAND_DER_MARKE)
    return mark_safe(  # noqa: S308  # numbers only
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagramm diagramm-balken" viewBox="0 0 {BREITE} {hoehe}"'
        f' aria-hidden="true" focusable="false">{teile}</svg>'
    )


def _zeilen(balken: list[Balken], spanne: int, verweise: bool) -> tuple[list[str], float]:
    """Return the bars below each other, and where the next one would stand."""
    if not balken:
        return [svg.schrift(0, 15, "Keine Angaben", _LEER)], ZEILE + ABSTAND
    teile, y = [], 0.0
    for zeile in balken:
        inhalt, hoehe = _zeile(zeile, y, spanne)
        titel = "" if zeile.url else _ansage(zeile)
        teile.append(svg.gruppe(inhalt, titel=titel, rolle="listitem" if verweise else ""))
        y += hoehe + ABSTAND
    return teile, y


def _zeile(zeile: Balken, y: float, spanne: int) -> tuple[str, float]:
    """Return one bar with its texts, and its height."""
    wert = _wert(zeile)
    namen = svg.umbruch(zeile.name, BREITE - svg.textbreite(wert, GROESSE_SCHMAL) - 16, GROESSE_SCHMAL, ZEILEN)
    stil = _NAME_VERWEIS if zeile.url else _NAME
    texte = "".join(svg.schrift(0, y + 14 + nummer * ZEILE, name, stil) for nummer, name in enumerate(namen))
    if zeile.url:
        texte = svg.verweis(texte, url=zeile.url, name=_ansage(zeile))
    grund = y + len(namen) * ZEILE
    texte += svg.schrift(BREITE, grund - 5, wert, _OHNE if zeile.wert is None else _WERT)
    if zeile.wert is None:
        return texte, grund - y
    return texte + _strich(zeile, grund + 1, spanne), grund + 1 + DICKE - y


def _strich(zeile: Balken, y: float, spanne: int) -> str:
    """Return the track, the bar on it, behind it what doesn't count, and across it the value to compare with."""
    laenge, gesamt = (_laenge(wert, spanne) for wert in (zeile.wert or 0, (zeile.wert or 0) + zeile.dazu))
    teile = svg.rechteck(0, y, BREITE, DICKE, _BAHN, rundung=2)
    if gesamt > laenge:
        teile += svg.rechteck(laenge + 0.5, y + 0.5, gesamt - laenge - 1, DICKE - 1, _DAZU, rundung=2)
    if laenge:
        teile += svg.rechteck(0, y, laenge, DICKE, _BALKEN, rundung=2)
    if zeile.vergleich:
        x = min(_laenge(zeile.vergleich, spanne), BREITE - 1.5)
        teile += svg.linie(x, y, x, y + DICKE, _HOF)
        teile += svg.linie(x, y - RAND_DER_MARKE, x, y + DICKE + RAND_DER_MARKE, _MARKE)
    return teile


def _laenge(wert: int, spanne: int) -> float:
    return BREITE * min(max(wert, 0), spanne) / spanne


def _wert(zeile: Balken) -> str:
    if zeile.wert is None:
        return OHNE_WERT
    return f"{zeile.wert:,} {zeile.zusatz}".replace(",", ".", f"{zeile.wert:,}".count(",")).strip()


def _ansage(zeile: Balken) -> str:
    return f"{zeile.name}: {', '.join(filter(None, (_wert(zeile), zeile.ansage)))}"
