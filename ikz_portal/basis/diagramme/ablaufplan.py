"""Projektablaufplan: a row for each milestone, planned, forecast and reached as shapes on one time axis."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from django.utils.safestring import SafeString

from ikz_portal.basis.diagramme import svg
from ikz_portal.basis.diagramme.zeitachse import Zeitachse

BREITE = 860  # at least as many pixels on the screen (diagramme.css), so that the smallest type stays at 12 px
NAMEN = 180  # width of the column at left: on a phone the axis still begins beside it
KLEIN = 12.0
RAND = 14  # room for half a mark at both ends of the axis
KOPF = 46
ZEILE = 26  # and so much more for each further line of text
WEITERE_ZEILE = 14
LAUFZEIT = 40
LEGENDE = 46
NEBEN_MARKE = 13  # from the middle of a mark to its text
OHNE_TERMIN = "nicht terminiert"

_NAME = svg.stil("d-name", fill=svg.TEXT, font_size=13.0)
_NAME_FETT = svg.stil("d-name", fill=svg.TEXT, font_size=13.0, font_weight="500")
_NEBEN = svg.stil("d-neben", fill=svg.LEISE, font_size=12.0)
_TERMIN = svg.stil("d-termin", fill=svg.LEISE, font_size=12.0)
_WARNUNG = svg.stil("d-warnung", fill=svg.ROT, font_size=12.0, font_weight="500")
_OHNE = svg.stil("d-ohne", fill=svg.LEISE, font_size=12.0, font_style="italic")
_JAHR = svg.stil("d-jahr", fill=svg.TEXT, font_size=12.0, font_weight="500")
_SPALTE = svg.stil("d-spalte", fill=svg.LEISE, font_size=12.0)
_GITTER = svg.stil("d-gitter", fill="none", stroke="#e6eaef", stroke_width=1.0)
_TEILER = svg.stil("d-teiler", fill="none", stroke=svg.LINIE, stroke_width=1.0)
_HEUTE = svg.stil("d-heute", fill="none", stroke=svg.AKZENT, stroke_width=1.5)
_HEUTE_WORT = svg.stil("d-heute-wort", fill=svg.AKZENT, font_size=12.0, font_weight="500")
_GRUND = svg.stil("d-grund", fill=svg.FLAECHE)
_LAUFZEIT = svg.stil("d-laufzeit", fill="#c3d0e1")
_GEPLANT = svg.stil("d-geplant", fill=svg.FLAECHE, stroke=svg.TEXT, stroke_width=1.5)
_PROGNOSE = svg.stil("d-prognose", fill=svg.BLAU, stroke=svg.BLAU, stroke_width=1.0)
_ERREICHT = svg.stil("d-erreicht", fill=svg.GRUEN, stroke=svg.GRUEN, stroke_width=1.0)
_HAKEN = svg.stil("d-haken", fill="none", stroke=svg.FLAECHE, stroke_width=1.7, stroke_linecap="round")
_DREIECK = svg.stil("d-ueberfaellig", fill=svg.ROT, stroke=svg.ROT, stroke_width=1.5, stroke_linejoin="round")
_VERZUG = svg.stil("d-verzug", fill="none", stroke=svg.BLAU, stroke_width=1.5, stroke_dasharray="1.5 3")
_WEG = svg.stil("d-weg", fill="none", stroke=svg.GRUEN, stroke_width=1.5)


@dataclass(frozen=True)
class PlanZeile:
    name: str
    geplant: date | None
    prognose: date | None = None
    erreicht: date | None = None
    ueberfaellig: bool = False
    verantwortlich: str = ""

    @property
    def tage(self) -> list[date]:
        return [tag for tag in (self.geplant, self.prognose, self.erreicht) if tag]


def ablaufplan(
    zeilen: Iterable[PlanZeile],
    *,
    kennung: str,
    titel: str,
    beschreibung: str,
    heute: date,
    beginn: date | None = None,
    ende: date | None = None,
) -> SafeString:
    """Return the plan; rows stay in the given order, `beginn` and `ende` draw the project's span above them."""
    alle = list(zeilen)
    achse = Zeitachse.ueber(_tage(alle, beginn, ende), heute, links=NAMEN + RAND, breite=BREITE - NAMEN - 2 * RAND)
    laufzeit = [_laufzeit(achse, beginn, ende)] if beginn or ende else []
    oben = KOPF + LAUFZEIT * len(laufzeit)
    kanten = list(accumulate((_hoehe(zeile) for zeile in alle), initial=oben))
    unten = max(kanten[-1], oben + ZEILE)
    teile = [*_gitter(achse, unten), *_heute(achse, heute, unten), *laufzeit, *_zeilen(alle, achse, kanten)]
    teile.append(f'<g transform="translate(0 {unten + 35})">{_LEGENDE}</g>')
    return svg.diagramm(
        teile,
        breite=BREITE,
        hoehe=unten + LEGENDE,
        kennung=kennung,
        titel=titel,
        beschreibung=beschreibung,
        klasse="diagramm-plan",
    )


def _tage(zeilen: list[PlanZeile], *rahmen: date | None) -> list[date]:
    return [tag for zeile in zeilen for tag in zeile.tage] + [tag for tag in rahmen if tag]


def _zeilen(zeilen: list[PlanZeile], achse: Zeitachse, kanten: list[float]) -> list[str]:
    if not zeilen:
        return [svg.schrift(0, kanten[0] + ZEILE / 2 + 4, "Keine Meilensteine", _OHNE)]
    return [_zeile(zeile, achse, oben, unten) for zeile, (oben, unten) in zip(zeilen, pairwise(kanten), strict=True)]


def _texte(zeile: PlanZeile) -> list[tuple[str, str]]:
    """Return the lines of the left column with their styles: the name in two at most, then who is responsible."""
    texte = [(text, _NAME) for text in svg.umbruch(zeile.name, NAMEN - 8, 13)]
    if zeile.verantwortlich:
        texte.append((svg.gekuerzt(zeile.verantwortlich, NAMEN - 8, KLEIN), _NEBEN))
    return texte


def _hoehe(zeile: PlanZeile) -> float:
    return ZEILE + WEITERE_ZEILE * (len(_texte(zeile)) - 1)


# --- axis -------------------------------------------------------------------------------------------------------------


def _gitter(achse: Zeitachse, unten: float) -> list[str]:
    zweistufig = achse.schritt < 12
    teile = []
    for links, platz, name in achse.spalten():
        teile.append(svg.linie(links, KOPF - 20 if zweistufig else KOPF - 26, links, unten, _GITTER))
        if name and platz > svg.textbreite(name, KLEIN):
            stil = _SPALTE if zweistufig else _JAHR
            teile.append(svg.schrift(links + 5, KOPF - 7, name, stil))
    if zweistufig:
        for links, platz, name in achse.jahre():
            teile.append(svg.linie(links, KOPF - 40, links, KOPF - 20, _TEILER))
            if platz > svg.textbreite(name, KLEIN) + 5:
                teile.append(svg.schrift(links + 5, KOPF - 26, name, _JAHR))
    teile.append(svg.linie(0, KOPF, BREITE, KOPF, _TEILER))
    return teile


def _heute(achse: Zeitachse, heute: date, unten: float) -> list[str]:
    """Draw today's line down to its label, or an arrow at the side where today lies beyond the axis."""
    breite = svg.textbreite("heute", KLEIN)
    if achse.enthaelt(heute):
        x = achse.x(heute)
        return [
            svg.linie(x, KOPF - 4, x, unten + 4, _HEUTE),
            svg.schrift(x - breite / 2, unten + 15, "heute", _HEUTE_WORT),
        ]
    y = unten + 15
    if heute < achse.von:
        pfeil = svg.pfad(achse.links + 8, y - 4, "h-8m3 -3l-3 3 3 3", _HEUTE)
        return [pfeil, svg.schrift(achse.links + 13, y, "heute", _HEUTE_WORT)]
    rechts = achse.links + achse.breite
    pfeil = svg.pfad(rechts - 8, y - 4, "h8m-3 -3l3 3 -3 3", _HEUTE)
    return [pfeil, svg.schrift(rechts - 13 - breite, y, "heute", _HEUTE_WORT)]


def _laufzeit(achse: Zeitachse, beginn: date | None, ende: date | None) -> str:
    """Draw the project's span; where an end is missing the bar runs to the edge of the axis."""
    links, rechts = achse.x(beginn or achse.von), achse.x(ende or achse.bis)
    if beginn and ende:
        worte = f"{_tag(beginn)} – {_tag(ende)}"
    else:
        worte = f"seit {_tag(beginn)}" if beginn else f"bis {_tag(ende)}" if ende else ""
    mitte = KOPF + LAUFZEIT / 2
    teile = [
        svg.schrift(0, mitte - 3, "Projektlaufzeit", _NAME_FETT),
        svg.schrift(0, mitte + 12, worte, _NEBEN),
        svg.rechteck(links, mitte - 5, max(rechts - links, 3), 10, _LAUFZEIT, rundung=2),
        svg.linie(0, KOPF + LAUFZEIT, BREITE, KOPF + LAUFZEIT, _TEILER),
    ]
    return svg.gruppe("".join(teile), titel=f"Projektlaufzeit {worte}")


# --- rows -------------------------------------------------------------------------------------------------------------


def _zeile(zeile: PlanZeile, achse: Zeitachse, oben: float, unten: float) -> str:
    mitte = (oben + unten) / 2
    texte = _texte(zeile)
    erste = mitte + 4 - WEITERE_ZEILE / 2 * (len(texte) - 1)
    teile = [svg.schrift(0, erste + nummer * WEITERE_ZEILE, *text) for nummer, text in enumerate(texte)]
    teile += _verbindungen(zeile, achse, mitte)
    teile += _marken(zeile, achse, mitte)
    teile.append(_beschriftung(zeile, achse, mitte))
    teile.append(svg.linie(0, unten, BREITE, unten, _GITTER))
    return svg.gruppe("".join(teile), titel=_ansage(zeile))


def _verbindungen(zeile: PlanZeile, achse: Zeitachse, y: float) -> list[str]:
    if not zeile.geplant:
        return []
    start = achse.x(zeile.geplant)
    if zeile.erreicht:
        return [svg.linie(start, y, achse.x(zeile.erreicht), y, _WEG)]
    if zeile.prognose:
        return [svg.linie(start, y, achse.x(zeile.prognose), y, _VERZUG)]
    return []


def _marken(zeile: PlanZeile, achse: Zeitachse, y: float) -> list[str]:
    """Draw what counts last on top: a forecast that has been reached is no longer shown."""
    geplant = [_raute(achse.x(zeile.geplant), y, _GEPLANT)] if zeile.geplant else []
    if zeile.erreicht:
        return [*geplant, _erreicht(achse.x(zeile.erreicht), y)]
    if zeile.ueberfaellig:
        return _ueberfaellige_marken(zeile, achse, y)
    return geplant + _prognose(zeile, achse, y)


def _ueberfaellige_marken(zeile: PlanZeile, achse: Zeitachse, y: float) -> list[str]:
    """A triangle on the day that was missed; a forecast beside it if there was a plan."""
    if zeile.geplant:
        return [_dreieck(achse.x(zeile.geplant), y), *_prognose(zeile, achse, y)]
    return [_dreieck(achse.x(zeile.prognose), y)] if zeile.prognose else []


def _prognose(zeile: PlanZeile, achse: Zeitachse, y: float) -> list[str]:
    return [_raute(achse.x(zeile.prognose), y, _PROGNOSE, 4.5)] if zeile.prognose else []


def _beschriftung(zeile: PlanZeile, achse: Zeitachse, y: float) -> str:
    """Write the day that counts beside the marks, at left where there is no room at right."""
    worte, stil = _termin(zeile)
    if not zeile.tage:
        return svg.schrift(achse.links + 6, y + 4, worte, stil)
    breite = svg.textbreite(worte, KLEIN)
    x = _stelle([achse.x(tag) for tag in zeile.tage], breite, achse.links)
    return svg.rechteck(x - 2, y - 7, breite + 4, 14, _GRUND) + svg.schrift(x, y + 4, worte, stil)


def _termin(zeile: PlanZeile) -> tuple[str, str]:
    """Return the words for the day that counts; it is named where it differs from the planned one."""
    if zeile.ueberfaellig and not zeile.erreicht:
        if zeile.prognose and zeile.geplant:
            return f"überfällig, Prognose {_tag(zeile.prognose)}", _WARNUNG
        faellig = zeile.geplant or zeile.prognose
        return f"überfällig seit {_tag(faellig)}" if faellig else "überfällig", _WARNUNG
    if zeile.erreicht:
        return "erreicht " * (zeile.geplant not in (None, zeile.erreicht)) + _tag(zeile.erreicht), _TERMIN
    if zeile.prognose:
        return "Prognose " * (zeile.geplant != zeile.prognose) + _tag(zeile.prognose), _TERMIN
    return (_tag(zeile.geplant), _TERMIN) if zeile.geplant else (OHNE_TERMIN, _OHNE)


def _stelle(marken: list[float], breite: float, links: float) -> float:
    """Return where a text of this width starts: right of all marks, left of all, or between the last two."""
    rechts = max(marken) + NEBEN_MARKE
    if rechts + breite <= BREITE:
        return rechts
    vorne = min(marken) - NEBEN_MARKE - breite
    return vorne if vorne >= links else max(marken) - NEBEN_MARKE - breite


def _ansage(zeile: PlanZeile) -> str:
    """Return the row as a sentence, with the full name."""
    teile = [
        f"{wort} {_tag(tag)}"
        for wort, tag in (("geplant", zeile.geplant), ("Prognose", zeile.prognose), ("erreicht", zeile.erreicht))
        if tag
    ] or [OHNE_TERMIN]
    if zeile.ueberfaellig and not zeile.erreicht:
        teile.append("überfällig")
    if zeile.verantwortlich:
        teile.append(f"verantwortlich: {zeile.verantwortlich}")
    return f"{zeile.name}: {', '.join(teile)}"


def _tag(tag: date | None) -> str:
    return f"{tag:%d.%m.%Y}" if tag else ""


# --- marks ------------------------------------------------------------------------------------------------------------


def _raute(x: float, y: float, stil: str, radius: float = 6.5) -> str:
    r = svg.zahl(radius)
    return svg.pfad(x, y - radius, f"l{r} {r} -{r} {r} -{r} -{r}z", stil)


def _erreicht(x: float, y: float) -> str:
    return _raute(x, y, _ERREICHT, 8) + svg.pfad(x - 3, y + 0.2, "l2.2 2.4 4 -4.8", _HAKEN)


def _dreieck(x: float, y: float) -> str:
    return svg.pfad(x, y - 7, "l7.5 13 -15 0z", _DREIECK) + svg.pfad(x, y - 2.5, "v4m0 2.3v0.4", _HAKEN)


def _legende() -> str:
    """Return the legend; it is the same below every plan, so it is made once and moved into place."""
    marken = (
        (_raute(0, 0, _GEPLANT), 14, "geplant"),
        (svg.linie(-6, 0, 10, 0, _VERZUG) + _raute(10, 0, _PROGNOSE, 4.5), 22, "Prognose"),
        (_erreicht(0, 0), 14, "erreicht"),
        (_dreieck(0, 0), 14, "überfällig"),
    )
    teile, x = [], 8.0
    for marke, versatz, wort in marken:
        teile.append(f'<g transform="translate({svg.zahl(x)} 0)">{marke}{svg.schrift(versatz, 4, wort, _NEBEN)}</g>')
        x += versatz + svg.textbreite(wort, KLEIN) + 26
    return svg.gruppe("".join(teile), klasse="d-legende")


_LEGENDE = _legende()
