"""Reading a workbook: its size is looked at before any of it is laid out in memory.

The reader makes room for the whole rectangle up to the last cell: one cell in the last corner of a sheet would ask for
500 GB and end the process. And it gives error values and formulas without a result as empty cells. So the XML of the
sheet is looked through first.
"""

import io
import re
from typing import Any
from xml.parsers import expat

from django.core.exceptions import ValidationError
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from bestandsaufnahme.abfragen.einlesung.blatt import (
    KOPF_SUCHEN_BIS,
    SPALTEN_HOECHSTENS,
    ZEILEN_HOECHSTENS,
    Blatt,
    Wert,
    buchstaben,
)
from ikz_portal.basis.schleuse.archiv import Archiv

MAPPE, BEZUEGE = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ENTPACKT_HOECHSTENS = 100 << 20
BLATT = "Liste"
BEGLEITBLATT = "Hinweise"  # of the portal's own templates; that it isn't read needs no telling
STELLE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,8})")
OHNE_ERGEBNIS = (
    "Die Formel hat kein gespeichertes Ergebnis. Bitte öffnen Sie die Datei in Excel, speichern Sie sie und laden Sie "
    "sie noch einmal hoch."
)
UNLESBAR = ValidationError(
    "Die Datei lässt sich nicht als Excel-Tabelle lesen. Bitte öffnen Sie sie, speichern Sie sie neu im Format xlsx "
    "und laden Sie die neue Datei hoch.",
    code="unlesbar",
)


def lies(inhalt: bytes) -> Blatt:
    """Return the sheet „Liste“ of this workbook, or else the first that isn't hidden; ValidationError if it can't."""
    archiv = Archiv(inhalt)
    if sum(glied.groesse for glied in archiv.glieder.values()) > ENTPACKT_HOECHSTENS:
        raise _zu_gross("Die Datei wird beim Öffnen sehr groß.")
    try:
        mappe = CalamineWorkbook.from_filelike(io.BytesIO(inhalt))
        name, hinweise = _auswahl(mappe)
        durchsicht = _Durchsicht(archiv.ganz(_teil(archiv, name), hoechstens=ENTPACKT_HOECHSTENS))
        blatt = mappe.get_sheet_by_name(name)
    except (CalamineError, expat.ExpatError, KeyError) as fehler:
        raise UNLESBAR from fehler
    zeilen: list[list[Wert]] = blatt.to_python(skip_empty_area=False)
    stoerungen = durchsicht.stoerungen | _verbundene_aufloesen(zeilen, blatt)
    return Blatt(name, zeilen, stoerungen, hinweise)


def _auswahl(mappe: CalamineWorkbook) -> tuple[str, list[str]]:
    """Return the name of the sheet that is read, and a sentence about those that are not."""
    tabellen = [blatt for blatt in mappe.sheets_metadata if blatt.typ == SheetTypeEnum.WorkSheet]
    sichtbare = [blatt.name for blatt in tabellen if blatt.visible == SheetVisibleEnum.Visible]
    if not sichtbare:
        raise UNLESBAR
    name = BLATT if BLATT in sichtbare else sichtbare[0]
    andere = [
        f"„{blatt.name}“" + ("" if blatt.visible == SheetVisibleEnum.Visible else " (ausgeblendet)")
        for blatt in tabellen
        if blatt.name not in {name, BEGLEITBLATT}
    ]
    if not andere:
        return name, []
    return name, [f"Gelesen wird nur das Blatt „{name}“. Nicht gelesen: {', '.join(andere)}."]


def _teil(archiv: Archiv, name: str) -> str:
    """Return the part of the file that holds this sheet, as the reader finds it."""
    blatt = next(blatt for blatt in _elemente(archiv, MAPPE, "sheet") if blatt.get("name") == name)
    kennung = next((wert for schluessel, wert in blatt.items() if schluessel.rpartition(":")[2] == "id"), "")
    ziele = {bezug.get("Id"): bezug.get("Target", "") for bezug in _elemente(archiv, BEZUEGE, "Relationship")}
    ziel = ziele[kennung]
    return ziel.lstrip("/") if ziel.startswith(("/", "xl/")) else f"xl/{ziel}"


def _elemente(archiv: Archiv, name: str, gesucht: str) -> list[dict[str, str]]:
    gefunden: list[dict[str, str]] = []

    def element(voll: str, attribute: dict[str, str]) -> None:
        if voll.rpartition(":")[2] == gesucht:
            gefunden.append(attribute)

    leser = expat.ParserCreate()
    leser.StartElementHandler = element
    leser.Parse(archiv.ganz(name, hoechstens=ENTPACKT_HOECHSTENS), True)
    return gefunden


class _Durchsicht:
    """Where the sheet ends, and which cells hold an error or a formula that nobody has calculated."""

    def __init__(self, xml: bytes) -> None:
        self.stoerungen: dict[tuple[int, int], str] = {}
        self._zeile = self._spalte = -1
        self._formel = self._wert = self._fehlerwert = self._sammelt = False
        self._text = ""
        leser = expat.ParserCreate()
        leser.buffer_text = True
        leser.StartElementHandler, leser.EndElementHandler = self._auf, self._zu
        leser.CharacterDataHandler = self._zeichen
        leser.Parse(xml, True)

    def _auf(self, voll: str, attribute: dict[str, str]) -> None:
        name = voll.rpartition(":")[2]
        if name == "c":
            self._zelle(attribute)
        elif name == "row":
            self._zeile = int(attribute["r"]) - 1 if attribute.get("r", "").isdecimal() else self._zeile + 1
            self._spalte = -1
        elif name in {"v", "is", "f"}:
            _grenzen_pruefen(self._zeile, self._spalte)
            self._formel |= name == "f"
            self._wert |= name != "f"
            self._sammelt = name == "v" and self._fehlerwert

    def _zelle(self, attribute: dict[str, str]) -> None:
        stelle = STELLE.fullmatch(attribute.get("r", ""))
        self._spalte = _nummer(stelle[1]) if stelle else self._spalte + 1
        if stelle:
            self._zeile = int(stelle[2]) - 1
        self._formel = self._wert = self._sammelt = False
        self._fehlerwert = attribute.get("t") == "e"
        self._text = ""

    def _zu(self, voll: str) -> None:
        name = voll.rpartition(":")[2]
        if name == "v":
            self._sammelt = False
        elif name == "c" and self._fehlerwert and self._wert:
            self.stoerungen[self._zeile, self._spalte] = fehlerwert(self._text)
        elif name == "c" and self._formel and not self._wert:
            self.stoerungen[self._zeile, self._spalte] = OHNE_ERGEBNIS

    def _zeichen(self, text: str) -> None:
        if self._sammelt:
            self._text += text[:20]


def fehlerwert(text: str) -> str:
    """Return the sentence for a cell that holds an error of the spreadsheet."""
    return f"In der Zelle steht der Fehlerwert „{text}“. Bitte berichtigen Sie die Formel oder tragen Sie den Wert ein."


def _nummer(name: str) -> int:
    nummer = 0
    for zeichen in name.upper():
        nummer = nummer * 26 + ord(zeichen) - ord("A") + 1
    return nummer - 1


def _grenzen_pruefen(zeile: int, spalte: int) -> None:
    if zeile > ZEILEN_HOECHSTENS + KOPF_SUCHEN_BIS:
        raise zu_viele_zeilen()
    if spalte >= SPALTEN_HOECHSTENS:
        raise zu_viele_spalten()


def zu_viele_zeilen() -> ValidationError:
    grenze = f"{ZEILEN_HOECHSTENS:,}".replace(",", ".")
    return _zu_gross(f"Die Tabelle hat mehr als {grenze} Zeilen.")


def zu_viele_spalten() -> ValidationError:
    letzte = buchstaben(SPALTEN_HOECHSTENS - 1)
    return ValidationError(
        f"Die Tabelle hat mehr als {SPALTEN_HOECHSTENS} Spalten. Bitte löschen Sie, was rechts von Spalte {letzte} "
        "steht, und laden Sie die Datei noch einmal hoch.",
        code="zu_viele_spalten",
    )


def _zu_gross(was: str) -> ValidationError:
    return ValidationError(
        f"{was} Bitte teilen Sie sie auf mehrere Dateien auf, zum Beispiel nach Aufgabenfeldern.", code="zu_gross"
    )


def _verbundene_aufloesen(zeilen: list[list[Wert]], blatt: CalamineSheet) -> dict[tuple[int, int], str]:
    """Let a value that stands once for several rows stand in each; say which cells go over several columns."""
    stoerungen: dict[tuple[int, int], str] = {}
    for (oben, links), (unten, rechts) in blatt.merged_cell_ranges or []:
        wert: Any = zeilen[oben][links] if oben < len(zeilen) and links < len(zeilen[oben]) else ""
        if wert == "":
            continue
        if links != rechts:
            bereich = f"{buchstaben(links)}{oben + 1}:{buchstaben(rechts)}{unten + 1}"
            stoerungen[oben, links] = (
                f"Hier sind Zellen über mehrere Spalten verbunden ({bereich}). Bitte heben Sie die Verbindung auf und "
                "tragen Sie den Wert in jede Zelle ein, für die er gilt."
            )
            continue
        for zeile in zeilen[oben + 1 : unten + 1]:
            if zeile[links] == "":
                zeile[links] = wert
    return stoerungen
