"""Heat map: rows by columns, each cell tinted by its number, which stands in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.safestring import SafeString

from ikz_portal.basis.diagramme import svg

NAMEN = 310
ZELLE = 36
SUMME = 58
HOEHE = 34
ZEILE = 15  # a name has two lines
GROESSE = 13
RAND = 6
KOPF_HOECHSTENS = 170
STUFEN = 4

# Tints of the accent on white as in the tile map; from the third step on the number is white.
_FLAECHEN = ("#ffffff", "#dfe6ef", "#b3c3d8", "#5075a5", "#1f4e8c")
_ZELLEN = [
    svg.stil(f"d-zelle d-stufe-{stufe}", fill=farbe, stroke=svg.LINIE if stufe == 0 else farbe, stroke_width=1.0)
    for stufe, farbe in enumerate(_FLAECHEN)
]
_WERTE = [
    svg.stil(
        f"d-wert d-auf-stufe-{stufe}" if stufe else "d-null",
        fill=(svg.LEISE if stufe == 0 else svg.TEXT) if stufe < 3 else svg.FLAECHE,
        font_size=float(GROESSE),
        text_anchor="middle",
    )
    for stufe in range(STUFEN + 1)
]
_NAME = svg.stil("d-name", fill=svg.TEXT, font_size=float(GROESSE))
_GRUPPE = svg.stil("d-name d-gruppe", fill=svg.TEXT, font_size=float(GROESSE), font_weight="600")
_SPALTE = svg.stil("d-spaltenname", fill=svg.TEXT, font_size=float(GROESSE))
_SUMME = svg.stil("d-summe", fill=svg.TEXT, font_size=float(GROESSE), font_weight="600", text_anchor="middle")
_LEER = svg.stil("d-leer", fill=svg.LEISE, font_size=float(GROESSE))
_TEILER = svg.stil("d-teiler", stroke=svg.LINIE, stroke_width=1.0, fill="none")


@dataclass(frozen=True)
class Waermereihe:
    """A row of numbers with what stands at its end; the head of a group is told in bold, without tint."""

    name: str
    werte: Sequence[int]
    summe: int
    url: str = ""
    kopf: bool = False


def waermebild(
    reihen: Iterable[Waermereihe],
    *,
    spalten: Sequence[str],
    kennung: str,
    titel: str,
    beschreibung: str,
    summe: str = "gesamt",
) -> SafeString:
    """Return the map with the names of the columns upright over them. The strongest tint is the highest number."""
    alle = list(reihen)
    hoechster = max((wert for reihe in alle if not reihe.kopf for wert in reihe.werte), default=0)
    oben = min(max((svg.textbreite(name, GROESSE) for name in (*spalten, summe)), default=0), KOPF_HOECHSTENS) + 12
    verweise = any(reihe.url for reihe in alle)
    teile = [_kopf(spalten, summe, oben)] if alle else [svg.schrift(RAND, 20, "Keine Angaben", _LEER)]
    zeilen = [_reihe(reihe, oben + nummer * HOEHE, hoechster, spalten) for nummer, reihe in enumerate(alle)]
    return svg.diagramm(
        [*teile, svg.gruppe("".join(zeilen), rolle="list" if verweise else "")],
        breite=NAMEN + len(spalten) * ZELLE + SUMME + RAND,
        hoehe=oben + len(alle) * HOEHE + RAND,
        kennung=kennung,
        titel=titel,
        beschreibung=beschreibung,
        klasse="diagramm-waerme",
        verweise=verweise,
    )


def stufe(wert: int, hoechster: int) -> int:
    """Return 0 for none, else 1 to 4 by quarters of the highest number; a few are few, even where nobody has more."""
    return min(ceil(max(wert, 0) * STUFEN / max(hoechster, STUFEN)), STUFEN)


def _kopf(spalten: Sequence[str], summe: str, unten: float) -> str:
    stellen = [NAMEN + nummer * ZELLE + ZELLE / 2 for nummer in range(len(spalten))]
    stellen.append(NAMEN + len(spalten) * ZELLE + SUMME / 2)
    return "".join(
        f'<g transform="translate({svg.zahl(x + GROESSE / 3)} {svg.zahl(unten - 8)}) rotate(-90)">'
        f"{svg.schrift(0, 0, svg.gekuerzt(name, KOPF_HOECHSTENS, GROESSE), _SPALTE)}</g>"
        for x, name in zip(stellen, (*spalten, summe), strict=True)
    )


def _reihe(reihe: Waermereihe, y: float, hoechster: int, spalten: Sequence[str]) -> str:
    mitte = y + HOEHE / 2 + GROESSE / 3
    name = _name(reihe, mitte)
    ansage = f"{reihe.name}: {reihe.summe}"
    teile = [svg.verweis(name, url=reihe.url, name=ansage) if reihe.url else svg.gruppe(name, titel=ansage)]
    if reihe.kopf:
        teile.append(svg.linie(0, y + 0.5, NAMEN + len(spalten) * ZELLE + SUMME, y + 0.5, _TEILER))
    for nummer, (wert, spalte) in enumerate(zip(reihe.werte, spalten, strict=True)):
        x = NAMEN + nummer * ZELLE
        if reihe.kopf:
            teile.append(svg.schrift(x + ZELLE / 2, mitte, f"{wert}", _SUMME))
        else:
            teile.append(_zelle(x, y, wert, stufe(wert, hoechster), f"{reihe.name}, {spalte}: {wert}"))
    teile.append(svg.schrift(NAMEN + len(spalten) * ZELLE + SUMME / 2, mitte, f"{reihe.summe}", _SUMME))
    return svg.gruppe("".join(teile), rolle="listitem" if reihe.url else "")


def _name(reihe: Waermereihe, mitte: float) -> str:
    """Return the name in up to two lines, in bold type a little wider than measured."""
    x, breit = (RAND, 1.06) if reihe.kopf else (RAND + 10, 1)
    zeilen = svg.umbruch(reihe.name, (NAMEN - x - 10) / breit, GROESSE)
    oben = mitte - (len(zeilen) - 1) * ZEILE / 2
    stil = _GRUPPE if reihe.kopf else _NAME
    return "".join(svg.schrift(x, oben + nummer * ZEILE, zeile, stil) for nummer, zeile in enumerate(zeilen))


def _zelle(x: float, y: float, wert: int, grad: int, titel: str) -> str:
    feld = svg.rechteck(x + 1, y + 1, ZELLE - 2, HOEHE - 2, _ZELLEN[grad], rundung=3)
    zahl = svg.schrift(x + ZELLE / 2, y + HOEHE / 2 + GROESSE / 3, f"{wert}", _WERTE[grad])
    return svg.gruppe(feld + zahl, titel=titel)
