"""Horizontal bars: name and value above each bar, so that long names and narrow screens get along."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from ikz_portal.basis.diagramme import svg

BREITE = 400
GROESSE = 13.5
GROESSE_SCHMAL = 16.5  # what diagramme.css makes of it on a phone; lines are broken for this size
ZEILE = 19
ZEILEN = 4
DICKE = 10
ABSTAND = 13
OHNE_WERT = "nicht aufgeführt"

_NAME = svg.stil("d-name", fill=svg.TEXT, font_size=GROESSE)
_NAME_VERWEIS = svg.stil("d-name", fill=svg.AKZENT, font_size=GROESSE)
_WERT = svg.stil("d-balkenwert", fill=svg.TEXT, font_size=GROESSE, font_weight="500", text_anchor="end")
_OHNE = svg.stil("d-ohne", fill=svg.LEISE, font_size=GROESSE, font_style="italic", text_anchor="end")
_BAHN = svg.stil("d-bahn", fill="#edf0f4")
_BALKEN = svg.stil("d-balken", fill=svg.AKZENT)
_LEER = svg.stil("d-leer", fill=svg.LEISE, font_size=GROESSE)


@dataclass(frozen=True)
class Balken:
    """`wert` None is not the same as 0: the source doesn't name it. `zusatz` follows the value, as in „14 von 15“."""

    name: str
    wert: int | None
    url: str = ""
    zusatz: str = ""


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
    laenge = BREITE * min(max(zeile.wert, 0), spanne) / spanne
    bahn = svg.rechteck(0, grund + 1, BREITE, DICKE, _BAHN, rundung=2)
    strich = svg.rechteck(0, grund + 1, laenge, DICKE, _BALKEN, rundung=2) if laenge else ""
    return texte + bahn + strich, grund + 1 + DICKE - y


def _wert(zeile: Balken) -> str:
    if zeile.wert is None:
        return OHNE_WERT
    return f"{zeile.wert:,} {zeile.zusatz}".replace(",", ".", f"{zeile.wert:,}".count(",")).strip()


def _ansage(zeile: Balken) -> str:
    return f"{zeile.name}: {_wert(zeile)}"
