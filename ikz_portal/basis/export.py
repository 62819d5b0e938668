"""Lists as files: XLSX for people, CSV (semicolon, UTF-8 with BOM) for machines."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from xlsxwriter import Workbook

INHALTSTYPEN = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
# What a spreadsheet would take for a formula when it opens a CSV file.
FORMELZEICHEN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full width counts too


def tabelle(art: str, *, kopf: Sequence[str], zeilen: Iterable[Sequence[Any]]) -> bytes:
    """Return the rows as a file of this kind („xlsx“ or „csv“)."""
    return _xlsx(kopf, zeilen) if art == "xlsx" else _csv(kopf, zeilen)


def _csv(kopf: Sequence[str], zeilen: Iterable[Sequence[Any]]) -> bytes:
    puffer = io.StringIO()
    schreiber = csv.writer(puffer, delimiter=";", lineterminator="\r\n")
    schreiber.writerow(kopf)
    schreiber.writerows([_entschaerft(_text(wert)) for wert in zeile] for zeile in zeilen)
    return b"\xef\xbb\xbf" + puffer.getvalue().encode()


def _text(wert: Any) -> str:
    if isinstance(wert, datetime):
        return f"{timezone.localtime(wert):%d.%m.%Y %H:%M}"
    if isinstance(wert, date):
        return f"{wert:%d.%m.%Y}"
    if isinstance(wert, Decimal):
        return str(wert).replace(".", ",")
    return "" if wert is None else str(wert)


def _entschaerft(text: str) -> str:
    return f"'{text}" if text.startswith(FORMELZEICHEN) else text


def _xlsx(kopf: Sequence[str], zeilen: Iterable[Sequence[Any]]) -> bytes:
    puffer = io.BytesIO()
    with Workbook(puffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as mappe:
        blatt = mappe.add_worksheet("Liste")
        formate = {
            "kopf": mappe.add_format({"bold": True, "bottom": 1}),
            "tag": mappe.add_format({"num_format": "dd.mm.yyyy"}),
        }
        blatt.write_row(0, 0, kopf, formate["kopf"])
        blatt.freeze_panes(1, 0)
        for nummer, zeile in enumerate(zeilen, start=1):
            for spalte, wert in enumerate(zeile):
                _zelle(blatt, nummer, spalte, wert, formate)
        blatt.autofit()
    return puffer.getvalue()


def _zelle(blatt: Any, zeile: int, spalte: int, wert: Any, formate: dict[str, Any]) -> None:
    if isinstance(wert, datetime):
        blatt.write_string(zeile, spalte, _text(wert))
    elif isinstance(wert, date):
        blatt.write_datetime(zeile, spalte, wert, formate["tag"])
    elif isinstance(wert, int | float | Decimal):
        blatt.write_number(zeile, spalte, wert)
    else:
        blatt.write_string(zeile, spalte, _text(wert))
