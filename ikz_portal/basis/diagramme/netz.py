"""Network: everybody on a circle, a line between any two who have something in common, the thicker the more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from django.utils.safestring import SafeString

from ikz_portal.basis.diagramme import svg

BREITE = 800
RADIUS = 210
RAND = 44
MITTE_X, MITTE_Y = BREITE / 2, RADIUS + RAND
SCHLUESSEL = 34  # height of the line that explains the lines
GROESSE = 14
PUNKT_KLEIN, PUNKT_GROSS = 5.0, 12.0

# Thickness and tint of the lines, from the fewest to the most in common.
_FAEDEN = [
    svg.stil(f"d-faden d-faden-{nummer}", stroke=farbe, stroke_width=dicke, fill="none", stroke_linecap="round")
    for nummer, (farbe, dicke) in enumerate(
        (("#c5cfdb", 1.0), ("#9db3cd", 2.2), ("#5e83b3", 4.0), (svg.AKZENT, 6.5)), start=1
    )
]
_KNOTEN = svg.stil("d-knoten", fill=svg.AKZENT, stroke=svg.FLAECHE, stroke_width=1.5)
_NAMEN = {
    anker: svg.stil("d-name", fill=svg.TEXT, font_size=float(GROESSE), text_anchor=anker)
    for anker in ("start", "middle", "end")
}
_WORT = svg.stil("d-neben", fill=svg.LEISE, font_size=13.0)
_LEER = svg.stil("d-leer", fill=svg.LEISE, font_size=float(GROESSE), text_anchor="middle")


@dataclass(frozen=True)
class Knoten:
    """`wert` makes the dot larger and is told with the name."""

    name: str
    wert: int
    url: str = ""


@dataclass(frozen=True)
class Faden:
    """A line between two places in the circle; `anzahl` is what both have in common."""

    von: int
    nach: int
    anzahl: int


def netzbild(
    knoten: Sequence[Knoten],
    faeden: Iterable[Faden],
    *,
    kennung: str,
    titel: str,
    beschreibung: str,
    was: str = "gemeinsame Kooperationen",
) -> SafeString:
    """Return the network; the thinnest lines are drawn first, so that they cover nothing."""
    alle = sorted(faeden, key=lambda faden: faden.anzahl)
    stufen = stufen_je_anzahl([faden.anzahl for faden in alle])
    orte = [_ort(nummer, len(knoten)) for nummer in range(len(knoten))]
    striche = [_faden(faden, knoten, orte, stufen, was) for faden in alle]
    groesster = max((punkt.wert for punkt in knoten), default=0)
    punkte = [_knoten(punkt, orte[nummer], groesster) for nummer, punkt in enumerate(knoten)]
    verweise = any(punkt.url for punkt in knoten)
    return svg.diagramm(
        [
            svg.gruppe("".join(striche), klasse="d-faeden"),
            svg.gruppe("".join(punkte), rolle="list" if verweise else ""),
            _schluessel(stufen, was),
        ],
        breite=BREITE,
        hoehe=2 * MITTE_Y + SCHLUESSEL,
        kennung=kennung,
        titel=titel,
        beschreibung=beschreibung,
        klasse="diagramm-netz",
        verweise=verweise,
    )


def stufen_je_anzahl(anzahlen: Iterable[int]) -> dict[int, int]:
    """Return the step (0 to 3) of every number that occurs: the lowest is thin, the highest thick, by their rank."""
    werte = sorted(set(anzahlen))
    letzte = len(_FAEDEN) - 1
    if len(werte) == 1:
        return {werte[0]: 1}
    return {wert: round(rang * letzte / (len(werte) - 1)) for rang, wert in enumerate(werte)}


def _ort(nummer: int, anzahl: int) -> tuple[float, float]:
    """Return a place on the circle, clockwise from the top."""
    winkel = 2 * pi * nummer / anzahl - pi / 2
    return MITTE_X + RADIUS * cos(winkel), MITTE_Y + RADIUS * sin(winkel)


def _faden(
    faden: Faden, knoten: Sequence[Knoten], orte: Sequence[tuple[float, float]], stufen: dict[int, int], was: str
) -> str:
    strich = svg.linie(*orte[faden.von], *orte[faden.nach], _FAEDEN[stufen[faden.anzahl]])
    return svg.gruppe(strich, titel=f"{knoten[faden.von].name} – {knoten[faden.nach].name}: {faden.anzahl} {was}")


def _knoten(punkt: Knoten, ort: tuple[float, float], groesster: int) -> str:
    """Draw the dot, its name outside of the circle."""
    x, y = ort
    r = PUNKT_KLEIN + (PUNKT_GROSS - PUNKT_KLEIN) * sqrt(max(punkt.wert, 0) / groesster if groesster else 0)
    kreis = f'<circle cx="{svg.zahl(x)}" cy="{svg.zahl(y)}" r="{svg.zahl(r)}"{_KNOTEN}/>'
    seite = (x - MITTE_X) / RADIUS
    hoehe = (y - MITTE_Y) / RADIUS
    anker = "middle" if abs(seite) < 0.1 else ("start" if seite > 0 else "end")
    text_x = x + (r + 7) * (0 if anker == "middle" else seite / abs(seite))
    text_y = y + GROESSE / 3 + (r + 12) * hoehe * (1 if anker == "middle" else 0.5)
    wert = f" {punkt.wert}"
    platz = BREITE - 2 * RAND if anker == "middle" else (BREITE - text_x if seite > 0 else text_x)
    breite = platz - svg.textbreite(wert, GROESSE)
    name = svg.schrift(text_x, text_y, svg.gekuerzt(punkt.name, breite, GROESSE) + wert, _NAMEN[anker])
    ansage = f"{punkt.name}: {punkt.wert}"
    if punkt.url:
        return svg.gruppe(svg.verweis(kreis + name, url=punkt.url, name=ansage), rolle="listitem")
    return svg.gruppe(kreis + name, titel=ansage)


def _schluessel(stufen: dict[int, int], was: str) -> str:
    """Explain the lines in one row below the circle: a piece of each with its numbers."""
    y = 2 * MITTE_Y + SCHLUESSEL / 2
    if not stufen:
        return svg.schrift(MITTE_X, MITTE_Y, f"Keine {was}", _LEER)
    teile, x = [], RAND / 2
    for stufe in sorted(set(stufen.values())):
        zahlen = [anzahl for anzahl, seine in stufen.items() if seine == stufe]
        worte = f"{min(zahlen)}" if len(zahlen) == 1 else f"{min(zahlen)} bis {max(zahlen)}"
        teile.append(svg.linie(x, y, x + 32, y, _FAEDEN[stufe]) + svg.schrift(x + 40, y + 4.5, worte, _WORT))
        x += 40 + svg.textbreite(worte, 13) + 22
    return svg.gruppe("".join(teile) + svg.schrift(x, y + 4.5, was, _WORT))
