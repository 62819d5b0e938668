"""The few SVG elements that the charts are made of, as strings.

A style is a ready string of attributes, made once at import by `stil`; texts and addresses are escaped at run time.
"""

import re
from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

# Print and fallback values; the same names without prefix as the tokens --ikz-… in diagramme.css.
AKZENT = "#1f4e8c"
TEXT = "#1b232e"
LEISE = "#556070"
LINIE = "#d3d9e1"
FLAECHE = "#ffffff"
GRUEN = "#1e7a45"
ROT = "#b3261e"
BLAU = "#1f6fb5"

SCHRIFT = "Fira Sans"
AUSLASSUNG = "…"

_KENNUNG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BEDENKLICH = re.compile("[&<>\"'\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_NICHT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADRESSE = re.compile(r"(https?://|/(?![/\\])|[?#]|\./)", re.IGNORECASE)

# Advance widths of Fira Sans Regular in thousandths of an em; what is missing here counts as 560.
_BREITEN = {
    zeichen: breite
    for breite, gruppe in (
        (250, " '!,.:;·"),
        (300, "()IJ[]`ijl{}"),
        (350, "ft"),
        (400, '"-r|„“'),
        (450, "*17?sz"),
        (500, "#+/2359<=>FLTZ\\_cgkvxy~–"),
        (550, "$0468ACESVXY^aeäÄ§éè"),
        (600, "BKPRbdhnopquöüß€"),
        (660, "DGUÜ"),
        (700, "HNOQwÖ"),
        (760, "&…"),
        (850, "%WMm@"),
    )
    for zeichen in gruppe
}


def zahl(wert: float) -> str:
    """Return a number as SVG wants it, whatever the locale: a dot, one decimal at most."""
    return f"{wert:.1f}".removesuffix(".0")


def maskiert(text: str) -> str:
    """Return the text for content and attributes, without the characters that XML doesn't know."""
    return escape(_NICHT_XML.sub("", text)) if _BEDENKLICH.search(text) else text


def stil(klasse: str, **attribute: str | float) -> str:
    """Return class and presentation attributes as one string; only for constants, once at import."""
    paare = {"class": klasse, **{name.rstrip("_").replace("_", "-"): wert for name, wert in attribute.items()}}
    return "".join(f' {name}="{wert if isinstance(wert, str) else zahl(wert)}"' for name, wert in paare.items())


def rechteck(x: float, y: float, breite: float, hoehe: float, stil: str, *, rundung: float = 0) -> str:
    return (
        f'<rect x="{zahl(x)}" y="{zahl(y)}" width="{zahl(max(breite, 0))}" height="{zahl(hoehe)}"'
        f' rx="{zahl(rundung)}"{stil}/>'
    )


def linie(x1: float, y1: float, x2: float, y2: float, stil: str) -> str:
    return f'<path d="M{zahl(x1)} {zahl(y1)}L{zahl(x2)} {zahl(y2)}"{stil}/>'


def pfad(x: float, y: float, form: str, stil: str) -> str:
    """Draw a shape given by relative commands, starting at this point."""
    return f'<path d="M{zahl(x)} {zahl(y)}{form}"{stil}/>'


def schrift(x: float, y: float, text: str, stil: str) -> str:
    return f'<text x="{zahl(x)}" y="{zahl(y)}"{stil}>{maskiert(text)}</text>'


def gruppe(inhalt: str, *, titel: str = "", klasse: str = "", rolle: str = "") -> str:
    attribute = f' class="{klasse}"' * bool(klasse) + f' role="{rolle}"' * bool(rolle)
    kopf = f"<title>{maskiert(titel)}</title>" if titel else ""
    return f"<g{attribute}>{kopf}{inhalt}</g>"


def verweis(inhalt: str, *, url: str, name: str) -> str:
    """Wrap into a link with this accessible name; an address that isn't http(s) or of this site stays without one."""
    if not _ADRESSE.match(url):
        return gruppe(inhalt, titel=name)
    kopf = f"<title>{maskiert(name)}</title>"
    return f'<a class="d-verweis" href="{maskiert(url)}" aria-label="{maskiert(name)}">{kopf}{inhalt}</a>'


def diagramm(
    teile: Iterable[str],
    *,
    breite: float,
    hoehe: float,
    kennung: str,
    titel: str,
    beschreibung: str,
    klasse: str,
    verweise: bool = False,
) -> SafeString:
    """Return the whole chart. With links it is a group, not an image, so that they can be reached."""
    if not _KENNUNG.fullmatch(kennung):
        raise ValueError(f"Keine Kennung für ein Diagramm: {kennung!r}")
    return mark_safe(  # noqa: S308  # every text in it went through maskiert()
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagramm {klasse}" viewBox="0 0 {zahl(breite)} {zahl(hoehe)}"'
        f' role="{"group" if verweise else "img"}" aria-labelledby="{kennung}-titel"'
        f' aria-describedby="{kennung}-beschreibung" font-family="{SCHRIFT}" font-size="13" fill="{TEXT}">'
        f'<title id="{kennung}-titel">{maskiert(titel)}</title>'
        f'<desc id="{kennung}-beschreibung">{maskiert(beschreibung)}</desc>'
        f"{''.join(teile)}</svg>"
    )


# --- fitting texts ----------------------------------------------------------------------------------------------------


def textbreite(text: str, groesse: float) -> float:
    """Return about how wide the text is set in Fira Sans Regular."""
    return sum(_BREITEN.get(zeichen, 560) for zeichen in text) * groesse / 1000


def gekuerzt(text: str, breite: float, groesse: float) -> str:
    """Return the text, or as much of it as fits with an ellipsis."""
    if textbreite(text, groesse) <= breite:
        return text
    rest = (breite - textbreite(AUSLASSUNG, groesse)) * 1000 / groesse
    for stelle, zeichen in enumerate(text):
        rest -= _BREITEN.get(zeichen, 560)
        if rest < 0:
            return text[:stelle].rstrip(" ,;–-") + AUSLASSUNG
    return text


def umbruch(text: str, breite: float, groesse: float, zeilen: int = 2) -> list[str]:
    """Return the text in at most so many lines, broken at spaces; the last one is shortened."""
    ergebnis = [""]
    worte = text.split()
    while worte and len(ergebnis) <= zeilen:
        versuch = f"{ergebnis[-1]} {worte[0]}".strip()
        if ergebnis[-1] and textbreite(versuch, groesse) > breite:
            if len(ergebnis) == zeilen:
                break
            ergebnis.append("")
            continue
        ergebnis[-1] = versuch
        worte.pop(0)
    ergebnis[-1] = " ".join([ergebnis[-1], *worte])
    return [gekuerzt(zeile, breite, groesse) for zeile in ergebnis]
