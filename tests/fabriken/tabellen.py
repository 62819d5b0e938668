"""Files with a matrix, as people make them: rows in, bytes out."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter import Workbook

KOPF = [
    *("Aufgabenfeld", "Kooperationsfeld", "Zeichen", "Kooperation", "AGS", "Kommune", "Status", "Rolle"),
    *("Bekannt durch", "Belegt ab", "Belegt bis (ausschließlich)", "Vorgesehen bis", "Rechtsform"),
    *("Externe Partner", "Seit", "Zuletzt bestätigt", "Beispiel"),
]


@dataclass(frozen=True)
class Formel:
    """A cell with a formula, and what it came to when the file was saved."""

    text: str
    ergebnis: Any


def mappe(
    zeilen: Sequence[Sequence[Any]],
    *,
    blatt: str = "Liste",
    davor: Sequence[str] = (),
    danach: Sequence[str] = (),
    versteckte: Sequence[str] = (),
    verbunden: Sequence[tuple[int, int, int, int]] = (),
) -> bytes:
    """Return a workbook: the rows stand on the sheet of this name, others are before and behind it."""
    puffer = io.BytesIO()
    with Workbook(puffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as buch:
        tag = buch.add_format({"num_format": "dd.mm.yyyy"})
        blaetter = {name: buch.add_worksheet(name) for name in (*davor, blatt, *danach)}
        for name in versteckte:
            blaetter[name].hide()
        blaetter[blatt].activate()
        blaetter[blatt].set_first_sheet()
        for nummer, zeile in enumerate(zeilen):
            for spalte, wert in enumerate(zeile):
                _schreibe(blaetter[blatt], nummer, spalte, wert, tag)
        for oben, links, unten, rechts in verbunden:
            blaetter[blatt].merge_range(oben, links, unten, rechts, zeilen[oben][links])
    return puffer.getvalue()


def _schreibe(blatt: Any, zeile: int, spalte: int, wert: Any, tag: Any) -> None:
    if isinstance(wert, Formel):
        blatt.write_formula(zeile, spalte, wert.text, None, wert.ergebnis)
    elif isinstance(wert, date):
        blatt.write_datetime(zeile, spalte, wert, tag)
    elif isinstance(wert, int | float):
        blatt.write_number(zeile, spalte, wert)
    elif wert:
        blatt.write_string(zeile, spalte, wert)


def semikola(zeilen: Iterable[Sequence[Any]], *, trenner: str = ";", kodierung: str = "utf-8-sig") -> bytes:
    """Return a CSV file."""
    puffer = io.StringIO()
    schreiber = csv.writer(puffer, delimiter=trenner, lineterminator="\r\n")
    schreiber.writerows([f"{w:%d.%m.%Y}" if isinstance(w, date) else w for w in zeile] for zeile in zeilen)
    return puffer.getvalue().encode(kodierung)


def mit_teil(inhalt: bytes, name: str, alt: str, neu: str) -> bytes:
    """Return the workbook with a text of one of its parts replaced, as no program would write it."""
    puffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(inhalt)) as quelle, zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as ziel:
        for teil in quelle.namelist():
            text = quelle.read(teil)
            if teil == name:
                assert alt.encode() in text
                text = text.replace(alt.encode(), neu.encode())
            ziel.writestr(teil, text)
    return puffer.getvalue()


def zeile(**angaben: Any) -> list[Any]:
    """Return a row of the list with these values, named by the beginning of the heading in lower case."""
    namen = {_name(titel): stelle for stelle, titel in enumerate(KOPF)}
    werte: list[Any] = [""] * len(KOPF)
    for name, wert in angaben.items():
        werte[namen[name]] = wert
    return werte


def _name(titel: str) -> str:
    return titel.lower().split(" (", maxsplit=1)[0].replace(" ", "_").replace("ä", "ae").replace("ß", "ss")
