"""Images: whole from the first to the last byte, of a size that can be shown, with nothing behind their end.

Nothing is decoded: parts, checksums and measures are read where the formats say they stand.
"""

import re
import zlib

from ikz_portal.basis.schleuse.befund import Abgewiesen, Daten, unlesbar
from ikz_portal.basis.schleuse.inhalt import SKRIPT

PUNKTE = 50_000_000  # pixels; more than a telephone's camera has, and 150 MB when shown
DURCHGAENGE = 100  # scans of a progressive JPEG: many of them keep a viewer busy for minutes
ABSCHNITTE = 20_000  # chunks or segments
BILDER_JE_DATEI = 20  # telephones append previews and brightness maps to a JPEG

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
OHNE_LAENGE = {0x01, *range(0xD0, 0xD8)}
RAHMEN = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# In the data of a scan FF is followed by 00, a restart mark or another FF; anything else ends it.
NAECHSTE_MARKE = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
FUELLUNG = re.compile(rb"\xff+")
NULLEN = re.compile(rb"\x00*")


def png_pruefen(daten: Daten) -> None:
    """Walk through the chunks, from IHDR to IEND."""
    stelle, art = 8, b""
    for nummer in range(ABSCHNITTE):
        laenge, art = int.from_bytes(daten[stelle : stelle + 4], "big"), daten[stelle + 4 : stelle + 8]
        ende = stelle + 12 + laenge
        if ende > len(daten) or len(art) < 4:
            raise unlesbar("das Ende des Bildes fehlt")
        if zlib.crc32(daten[stelle + 4 : ende - 4]) != int.from_bytes(daten[ende - 4 : ende], "big"):
            raise unlesbar("ein Teil des Bildes stimmt nicht mit seiner Prüfzahl überein")
        if (nummer == 0) != (art == b"IHDR"):
            raise unlesbar("der Kopf des Bildes fehlt")
        if nummer == 0:
            _groesse_pruefen(daten[stelle + 8 : stelle + 12], daten[stelle + 12 : stelle + 16])
        stelle = ende
        if art == b"IEND":
            break
    else:
        raise unlesbar("ungewöhnlich aufgebaut")
    _schluss_pruefen(daten, stelle)


def jpeg_pruefen(daten: Daten) -> None:
    """Walk through the segments; behind the end only further JPEGs may stand."""
    stelle = 0
    for _ in range(BILDER_JE_DATEI):
        if daten[stelle : stelle + 2] != b"\xff\xd8":
            break
        ende = NULLEN.match(daten, _ein_jpeg(daten, stelle + 2))
        stelle = ende.end() if ende else len(daten)
    _schluss_pruefen(daten, stelle)


def _ein_jpeg(daten: Daten, stelle: int) -> int:
    """Return where this picture ends."""
    durchgaenge, gemessen = 0, False
    for _ in range(ABSCHNITTE):
        marke, stelle = _marke(daten, stelle)
        if marke == EOI and gemessen and durchgaenge:
            return stelle
        if marke in OHNE_LAENGE:
            continue
        laenge = int.from_bytes(daten[stelle : stelle + 2], "big")
        if marke in {SOI, EOI} or laenge < 2:
            raise unlesbar("das Bild bricht ab")
        if marke in RAHMEN:
            _groesse_pruefen(daten[stelle + 5 : stelle + 7], daten[stelle + 3 : stelle + 5])
            gemessen = True
        stelle += laenge
        if marke == SOS:
            durchgaenge += 1
            stelle = _hinter_dem_durchgang(daten, stelle)
        if durchgaenge > DURCHGAENGE:
            break
    raise unlesbar("ungewöhnlich aufgebaut")


def _marke(daten: Daten, stelle: int) -> tuple[int, int]:
    fuellung = FUELLUNG.match(daten, stelle)
    if fuellung is None or fuellung.end() >= len(daten):
        raise unlesbar("das Bild bricht ab")
    return daten[fuellung.end()], fuellung.end() + 1


def _hinter_dem_durchgang(daten: Daten, stelle: int) -> int:
    treffer = NAECHSTE_MARKE.search(daten, stelle)
    if treffer is None:
        raise unlesbar("das Ende des Bildes fehlt")
    return treffer.start()


def _groesse_pruefen(breite: bytes, hoehe: bytes) -> None:
    b, h = int.from_bytes(breite, "big"), int.from_bytes(hoehe, "big")
    if not b or not h:
        raise unlesbar("das Bild hat keine Größe")
    if b * h > PUNKTE:
        raise Abgewiesen(
            f"Das Bild hat {b} × {h} Bildpunkte und ist damit zu groß. "
            f"Bitte verkleinern Sie es auf höchstens {PUNKTE // 1_000_000} Millionen Bildpunkte.",
            "zu_viele_bildpunkte",
        )


def _schluss_pruefen(daten: Daten, ende: int) -> None:
    if ende != len(daten):
        raise _neu_speichern("Hinter dem Ende des Bildes stehen weitere Daten.", "angehaengt")
    if SKRIPT.search(daten):
        raise _neu_speichern("Das Bild enthält Text, der als Programm gelesen werden könnte.", "mehrdeutig")


def _neu_speichern(grund: str, code: str) -> Abgewiesen:
    return Abgewiesen(f"{grund} Bitte öffnen Sie es in einem Bildprogramm und speichern Sie es neu.", code)
