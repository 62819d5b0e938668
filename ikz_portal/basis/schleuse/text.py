"""Plain text and CSV: readable characters only, nothing a browser or Excel would act upon."""

import codecs
import re

from ikz_portal.basis.schleuse.befund import Abgewiesen, Daten
from ikz_portal.basis.schleuse.inhalt import SEITE

BLOCK = 1 << 20
STEUERZEICHEN = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# =cmd|'…'!A1 and its like start a program from a table („DDE“). No class holds what a match begins with: that keeps
# the search linear.
PROGRAMMAUFRUF = re.compile(
    rb"(?:^|[;,\t\"]) {0,5}[=+@-][^;,\t\r\n|\"]{0,200}\w {0,5}\|[^;,\t\r\n|!]{1,200}!", re.MULTILINE
)


def pruefen(daten: Daten, *, tabelle: bool) -> str:
    """Return the charset that it is read in."""
    if STEUERZEICHEN.search(daten):
        raise Abgewiesen(
            "Die Datei enthält Zeichen, die in keinem Text vorkommen. Bitte speichern Sie sie als reinen Text (UTF-8).",
            "kein_text",
        )
    if SEITE.search(daten[:1024]):
        raise Abgewiesen(
            "Die Datei ist eine Webseite oder Vektorgrafik, kein reiner Text. Bitte speichern Sie sie als PDF.",
            "webseite",
        )
    if tabelle and PROGRAMMAUFRUF.search(daten):
        raise Abgewiesen(
            "Eine Zelle der Tabelle würde beim Öffnen ein Programm aufrufen. "
            "Bitte löschen Sie Zellen, die mit =, +, - oder @ beginnen und einen senkrechten Strich enthalten.",
            "programmaufruf",
        )
    return "utf-8" if _lesbar_als(daten, "utf-8") else _windows(daten)


def _windows(daten: Daten) -> str:
    if _lesbar_als(daten, "cp1252"):
        return "windows-1252"
    raise Abgewiesen(
        "Der Zeichensatz der Datei ist nicht lesbar. Bitte speichern Sie sie mit der Kodierung UTF-8.", "zeichensatz"
    )


def _lesbar_als(daten: Daten, zeichensatz: str) -> bool:
    leser = codecs.getincrementaldecoder(zeichensatz)()
    try:
        for stelle in range(0, len(daten), BLOCK):
            leser.decode(daten[stelle : stelle + BLOCK])
        leser.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
