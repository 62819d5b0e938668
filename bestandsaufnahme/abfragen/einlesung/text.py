"""Reading a CSV file: semicolons as the portal writes them, tabs or commas where the headings leave no doubt."""

import csv
import io

from django.core.exceptions import ValidationError

from bestandsaufnahme.abfragen.einlesung.blatt import (
    KOPF_SUCHEN_BIS,
    SPALTEN_HOECHSTENS,
    ZEILEN_HOECHSTENS,
    Blatt,
    Wert,
)
from bestandsaufnahme.abfragen.einlesung.xlsx import zu_viele_spalten, zu_viele_zeilen
from ikz_portal.basis.export import FORMELZEICHEN

TRENNZEICHEN = (";", "\t", ",")


def lies(inhalt: bytes) -> Blatt:
    """Return the rows of this file; ValidationError if it can't be read as a table."""
    text = _text(inhalt)
    try:
        zeilen = list(csv.reader(io.StringIO(text, newline=""), delimiter=_trennzeichen(text), strict=True))
    except csv.Error as fehler:
        raise ValidationError(
            "Die Datei lässt sich nicht als CSV-Tabelle lesen: Anführungszeichen stehen nicht paarweise, oder eine "
            "Zelle ist sehr lang. Bitte speichern Sie sie neu, am besten im Format xlsx.",
            code="unlesbar",
        ) from fehler
    if len(zeilen) > ZEILEN_HOECHSTENS + KOPF_SUCHEN_BIS + 1:
        raise zu_viele_zeilen()
    werte: list[list[Wert]] = [[_ohne_schutz(zelle) for zelle in zeile] for zeile in zeilen]
    if any(any(zelle != "" for zelle in zeile[SPALTEN_HOECHSTENS:]) for zeile in werte):
        raise zu_viele_spalten()
    return Blatt("", werte)


def _text(inhalt: bytes) -> str:
    try:
        return inhalt.decode("utf-8-sig")
    except UnicodeDecodeError:
        return inhalt.decode("cp1252", errors="replace")


def _trennzeichen(text: str) -> str:
    """Return what separates the cells: the first of these that the row of headings holds."""
    for zeile in text.splitlines()[:KOPF_SUCHEN_BIS]:
        if "kooperationsfeld" in zeile.casefold():
            return next((zeichen for zeichen in TRENNZEICHEN if zeichen in zeile), ";")
    return ";"


def _ohne_schutz(zelle: str) -> str:
    """Undo what the portal's own export puts before a cell that a spreadsheet would take for a formula."""
    return zelle[1:] if zelle.startswith("'") and zelle[1:].startswith(FORMELZEICHEN) else zelle
