"""Tile map: every Kommune a square of the same size, about where it lies."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from ikz_portal.basis.diagramme import svg

SEITE = 80
ABSTAND = 8
RAND = 4
STUFEN = 5

# Tints of the accent on white; from the fourth step on the text is white. Same steps as .d-stufe-… in diagramme.css.
_FLAECHEN = ("#ffffff", "#dfe6ef", "#b3c3d8", "#5075a5", "#1f4e8c")
_KACHELN = [
    svg.stil(f"d-kachel d-stufe-{stufe}", fill=farbe, stroke=svg.LINIE if stufe == 0 else farbe, stroke_width=1.0)
    for stufe, farbe in enumerate(_FLAECHEN)
]
_ABGESETZT = [
    svg.stil(
        f"d-kachel d-abgesetzt d-stufe-{stufe}",
        fill=farbe,
        stroke=svg.AKZENT if stufe < STUFEN - 1 else svg.TEXT,
        stroke_width=1.6,
        stroke_dasharray="5 3",
    )
    for stufe, farbe in enumerate(_FLAECHEN)
]


def _schriften(klasse: str, groesse: int, gewicht: int) -> list[str]:
    return [
        svg.stil(
            f"{klasse} d-auf-stufe-{stufe}",
            fill=svg.TEXT if stufe < STUFEN - 2 else svg.FLAECHE,
            font_size=float(groesse),
            font_weight=str(gewicht),
            text_anchor="middle",
        )
        for stufe in range(STUFEN)
    ]


_KUERZEL = _schriften("d-kuerzel", 21, 500)
_WERT = _schriften("d-wert", 15, 400)


@dataclass(frozen=True)
class Kachel:
    zeile: int
    spalte: int
    kuerzel: str
    name: str
    wert: str = ""
    stufe: int = 0
    url: str = ""
    abgesetzt: bool = False


def kachelkarte(kacheln: Iterable[Kachel], *, kennung: str, titel: str, beschreibung: str) -> SafeString:
    """Return the map; rows and columns may start at any number, `stufe` runs from 0 (none) to 4 (most)."""
    alle = sorted(kacheln, key=lambda kachel: (kachel.zeile, kachel.spalte))
    oben = min((kachel.zeile for kachel in alle), default=0)
    links = min((kachel.spalte for kachel in alle), default=0)
    zeilen = max((kachel.zeile for kachel in alle), default=0) - oben + 1
    spalten = max((kachel.spalte for kachel in alle), default=0) - links + 1
    verweise = any(kachel.url for kachel in alle)
    teile = [_kachel(kachel, kachel.spalte - links, kachel.zeile - oben, verweise) for kachel in alle]
    return svg.diagramm(
        [svg.gruppe("".join(teile), rolle="list" if verweise and teile else "")],
        breite=_laenge(spalten),
        hoehe=_laenge(zeilen),
        kennung=kennung,
        titel=titel,
        beschreibung=beschreibung,
        klasse="diagramm-kacheln",
        verweise=verweise,
    )


def _laenge(anzahl: int) -> int:
    return anzahl * (SEITE + ABSTAND) - ABSTAND + 2 * RAND


def _kachel(kachel: Kachel, spalte: int, zeile: int, verweise: bool) -> str:
    x, y = RAND + spalte * (SEITE + ABSTAND), RAND + zeile * (SEITE + ABSTAND)
    stufe = min(max(kachel.stufe, 0), STUFEN - 1)
    name = f"{kachel.name}: {kachel.wert}" if kachel.wert else kachel.name
    mitte = x + SEITE / 2
    teile = [svg.rechteck(x, y, SEITE, SEITE, (_ABGESETZT if kachel.abgesetzt else _KACHELN)[stufe], rundung=4)]
    kuerzel = svg.gekuerzt(kachel.kuerzel, SEITE - 8, 21)
    teile.append(svg.schrift(mitte, y + (39 if kachel.wert else 47), kuerzel, _KUERZEL[stufe]))
    if kachel.wert:
        teile.append(svg.schrift(mitte, y + 61, svg.gekuerzt(kachel.wert, SEITE - 8, 15), _WERT[stufe]))
    inhalt = "".join(teile)
    if kachel.url:
        inhalt = svg.verweis(inhalt, url=kachel.url, name=name)
    return svg.gruppe(inhalt, titel="" if kachel.url else name, rolle="listitem" if verweise else "")
