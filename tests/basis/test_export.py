import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from ikz_portal.basis import export

KOPF = ["Name", "Tag", "Zahl"]
ZEILEN = [["Groß-Gerau", date(2022, 5, 19), Decimal("1234.5")], ["=1+1", None, 3]]


def test_tabelle_csv_is_semicolon_with_bom_and_german_values() -> None:
    text = export.tabelle("csv", kopf=KOPF, zeilen=ZEILEN).decode("utf-8-sig")

    assert text.splitlines() == ["Name;Tag;Zahl", "Groß-Gerau;19.05.2022;1234,5", "'=1+1;;3"]


def test_tabelle_csv_begins_with_the_byte_order_mark() -> None:
    assert export.tabelle("csv", kopf=KOPF, zeilen=[]).startswith(b"\xef\xbb\xbf")


def test_tabelle_xlsx_keeps_days_numbers_and_harmless_text() -> None:
    mappe = CalamineWorkbook.from_filelike(io.BytesIO(export.tabelle("xlsx", kopf=KOPF, zeilen=ZEILEN)))

    assert mappe.get_sheet_by_index(0).to_python() == [
        KOPF,
        ["Groß-Gerau", date(2022, 5, 19), 1234.5],
        ["=1+1", "", 3.0],
    ]


@pytest.mark.parametrize("zeichen", export.FORMELZEICHEN)
def test_tabelle_csv_formula_characters_are_escaped(zeichen: str) -> None:
    text = export.tabelle("csv", kopf=["A"], zeilen=[[f"{zeichen}cmd"]]).decode("utf-8-sig")

    assert text.split("\r\n", 1)[1].lstrip('"').startswith("'")
