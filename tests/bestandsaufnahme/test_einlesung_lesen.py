"""Reading the file: which sheet, which rows, how much, and what a cell may hold."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bestandsaufnahme.abfragen.einlesung import tafel, werte
from bestandsaufnahme.abfragen.einlesung.angabe import SPALTEN_DER_LISTE
from bestandsaufnahme.abfragen.einlesung.blatt import Unpassend, buchstaben
from bestandsaufnahme.abfragen.einlesung.plan import lies
from bestandsaufnahme.abfragen.matrix import ausgabe
from tests.fabriken.tabellen import KOPF, Formel, mappe, mit_teil, semikola

BLATT1 = "xl/worksheets/sheet1.xml"


def test_list_has_the_columns_that_the_matrix_exports() -> None:
    assert SPALTEN_DER_LISTE == ausgabe.SPALTEN == tuple(KOPF)


# --- workbooks --------------------------------------------------------------------------------------------------------
def test_sheet_called_liste_is_read_and_the_others_are_named() -> None:
    inhalt = mappe([["a"]], davor=["Vorwort"], danach=["Notizen"], versteckte=["Notizen"])

    blatt = lies(inhalt, "a.xlsx")

    assert (blatt.name, blatt.zeilen) == ("Liste", [["a"]])
    assert blatt.hinweise == ["Gelesen wird nur das Blatt „Liste“. Nicht gelesen: „Vorwort“, „Notizen“ (ausgeblendet)."]


def test_first_visible_sheet_is_read_without_one_called_liste() -> None:
    inhalt = mappe([["a"]], blatt="Meine", davor=["Versteckt"], versteckte=["Versteckt"])

    blatt = lies(inhalt, "a.xlsx")

    assert (blatt.name, blatt.zeilen) == ("Meine", [["a"]])


def test_second_sheet_of_a_template_needs_no_telling() -> None:
    assert lies(mappe([["a"]], danach=["Hinweise"]), "a.xlsx").hinweise == []


def test_error_values_and_formulas_without_result_are_known_by_their_cell() -> None:
    inhalt = mappe([["a", Formel("=Z!A1", "#REF!"), Formel("=1+1", 2)]])
    ohne = mit_teil(inhalt, BLATT1, "<v>2</v>", "")

    gelesen, ungerechnet = lies(inhalt, "a.xlsx"), lies(ohne, "a.xlsx")

    assert gelesen.zeilen[0][2] == 2
    assert list(gelesen.stoerungen) == [(0, 1)]
    assert gelesen.stoerungen[0, 1].startswith("In der Zelle steht der Fehlerwert „#REF!“.")
    assert list(ungerechnet.stoerungen) == [(0, 1), (0, 2)]
    assert ungerechnet.stoerungen[0, 2].startswith("Die Formel hat kein gespeichertes Ergebnis.")


def test_cells_merged_downwards_hold_in_every_row_and_sideways_are_a_fault() -> None:
    inhalt = mappe([["Feld", "x"], ["", "y"], ["breit", "", "z"]], verbunden=[(0, 0, 1, 0), (2, 0, 2, 1)])

    blatt = lies(inhalt, "a.xlsx")

    assert [zeile[0] for zeile in blatt.zeilen][:2] == ["Feld", "Feld"]
    assert blatt.stoerungen == {
        (2, 0): "Hier sind Zellen über mehrere Spalten verbunden (A3:B3). Bitte heben Sie die Verbindung auf und "
        "tragen Sie den Wert in jede Zelle ein, für die er gilt."
    }


def test_cell_in_the_last_corner_is_refused_before_room_is_made_for_it() -> None:
    weit_rechts = mit_teil(mappe([["a", 7]]), BLATT1, 'r="B1"', 'r="XFD1"')
    weit_unten = mit_teil(mappe([["a", 7]]), BLATT1, 'r="B1"', 'r="B1048576"')

    with pytest.raises(ValidationError, match="mehr als 60 Spalten"):
        lies(weit_rechts, "a.xlsx")
    with pytest.raises(ValidationError, match=r"mehr als 20\.000 Zeilen.* nach Aufgabenfeldern"):
        lies(weit_unten, "a.xlsx")


def test_cells_that_are_only_coloured_do_not_count() -> None:
    bunt = mit_teil(mappe([["a"]]), BLATT1, "</row>", '<c r="XFD1" s="1"/></row>')

    assert lies(bunt, "a.xlsx").zeilen == [["a"]]


def test_workbook_that_cannot_be_read_is_refused_with_the_way_out() -> None:
    kaputt = mit_teil(mappe([["a"]]), BLATT1, "</sheetData>", "</sheetData")

    with pytest.raises(ValidationError, match="lässt sich nicht als Excel-Tabelle lesen"):
        lies(kaputt, "a.xlsx")


# --- CSV --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("trenner", [";", ",", "\t"])
@pytest.mark.parametrize("kodierung", ["utf-8-sig", "utf-8", "cp1252"])
def test_csv_is_read_whatever_parts_its_cells_and_encodes_its_letters(trenner: str, kodierung: str) -> None:
    zeilen = [["Kooperationsfeld", "Größe"], ["Straßen, Wege; Plätze", "ä"]]

    assert lies(semikola(zeilen, trenner=trenner, kodierung=kodierung), "a.csv").zeilen == zeilen


def test_csv_loses_the_sign_that_the_export_puts_before_formulas() -> None:
    assert lies(semikola([["Kooperationsfeld", "'+", "'=1", "'n Abend", "'"]]), "a.csv").zeilen == [
        ["Kooperationsfeld", "+", "=1", "'n Abend", "'"]
    ]


def test_csv_beyond_the_limits_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"mehr als 20\.000 Zeilen"):
        lies(semikola([["a"]] * 20_022), "a.csv")
    with pytest.raises(ValidationError, match="mehr als 60 Spalten"):
        lies(semikola([[*[""] * 60, "a"]]), "a.csv")
    with pytest.raises(ValidationError, match="Anführungszeichen stehen nicht paarweise"):
        lies(b'Kooperationsfeld\n"offen', "a.csv")


# --- words and days ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wert", "tag"),
    [
        ("", None),
        ("30.06.2013", date(2013, 6, 30)),
        ("1.7.2013", date(2013, 7, 1)),
        (" 30. 6. 2013 ", None),
        ("2013-06-30", date(2013, 6, 30)),
        (date(2013, 6, 30), date(2013, 6, 30)),
        (datetime(2013, 6, 30, 12, 30, tzinfo=UTC), date(2013, 6, 30)),
        (41455.0, date(2013, 6, 30)),
    ],
)
def test_day_in_each_of_its_forms(wert: Any, tag: date | None) -> None:
    if isinstance(wert, str) and wert.startswith(" "):
        assert werte.tag(wert) == date(2013, 6, 30)
    else:
        assert werte.tag(wert) == tag


@pytest.mark.parametrize(
    ("wert", "satz"),
    [
        ("Sommer", "„Sommer“ ist kein Tag. Bitte schreiben Sie ihn so: 30.06.2013."),
        ("30.06.13", "„30.06.13“ ist kein Tag. Bitte schreiben Sie ihn so: 30.06.2013."),
        ("31.06.2013", "Den Tag „31.06.2013“ gibt es im Kalender nicht."),
        (2013.0, "„2013“ ist kein Tag. Bitte schreiben Sie ihn so: 30.06.2013."),
        (float("nan"), "„nan“ ist kein Tag. Bitte schreiben Sie ihn so: 30.06.2013."),
        (1e300, None),
        (True, "„ja“ ist kein Tag. Bitte schreiben Sie ihn so: 30.06.2013."),
        ("01.01.0001", "01.01.0001 liegt außerhalb der Jahre 1945 bis 2200. Bitte prüfen Sie das Jahr."),
        (date(2999, 1, 1), "01.01.2999 liegt außerhalb der Jahre 1945 bis 2200. Bitte prüfen Sie das Jahr."),
    ],
)
def test_what_is_no_day_is_refused_with_the_right_form(wert: Any, satz: str | None) -> None:
    with pytest.raises(Unpassend) as grund:
        werte.tag(wert)

    assert satz is None or grund.value.satz == satz


def test_text_is_smoothed_and_what_cannot_be_kept_refused() -> None:
    assert werte.text("  zwei \n Zeilen\xa0hier ") == "zwei Zeilen hier"
    assert werte.text(12.0) == "12"
    with pytest.raises(Unpassend, match="nicht gespeichert werden kann"):
        werte.text("a\x00b")
    with pytest.raises(Unpassend, match="Der Text hat 300 Zeichen, möglich sind 200"):
        werte.text("x" * 300, 200)
    with pytest.raises(Unpassend, match="Fehlerwert „#BEZUG!“"):
        werte.text("#BEZUG!")


@pytest.mark.parametrize(
    ("worte", "erwartet"),
    [
        ("", (None, "unbekannt", "")),
        ("nicht bekannt", (None, "unbekannt", "")),
        ("2012", (date(2012, 1, 1), "jahr", "")),
        ("Mai 2016", (date(2016, 5, 1), "monat", "")),
        ("01.05.2016", (date(2016, 5, 1), "tag", "")),
        ("im Sommer 2022", (None, "unbekannt", "im Sommer 2022")),
        ("Mai 1000", (None, "unbekannt", "Mai 1000")),
    ],
)
def test_begin_in_words_becomes_a_day_with_its_precision(worte: str, erwartet: tuple[date | None, str, str]) -> None:
    assert werte.beginn(worte) == erwartet


def test_columns_are_named_as_the_spreadsheet_does() -> None:
    assert [buchstaben(nummer) for nummer in (0, 25, 26, 59, 701, 702)] == ["A", "Z", "AA", "BH", "ZZ", "AAA"]


# --- the marks in a cell of the plain sheet ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zelle", "erwartet"),
    [
        ("", []),
        ("–", []),
        ("x", [("", "besteht", "")]),
        ("X", [("", "besteht", "")]),
        ("ja", [("", "besteht", "")]),
        ("v", [("", "vorgesehen", "")]),
        ("e", [("", "erwogen", "")]),
        ("?", [("", "unbekannt", "")]),
        ("F", [("", "besteht", "federfuehrend")]),
        ("xF", [("", "besteht", "federfuehrend")]),
        ("vL", [("", "vorgesehen", "leistungsempfaenger")]),
        ("federführend", [("", "besteht", "federfuehrend")]),
        ("erwogen, nicht zustande gekommen", [("", "erwogen", "")]),
        ("■", [("■", "besteht", "")]),
        ("■□", [("■", "besteht", ""), ("□", "besteht", "")]),
        ("■ (v), □ (F)", [("■", "vorgesehen", ""), ("□", "besteht", "federfuehrend")]),
        ("■(v,F) +", [("■", "vorgesehen", "federfuehrend"), ("+", "besteht", "")]),
        ("■ (vorgesehen)", [("■", "vorgesehen", "")]),
        ("■ (erwogen federführend)", [("■", "erwogen", "federfuehrend")]),
        ("F G", [("F", "besteht", ""), ("G", "besteht", "")]),  # marks of this field, not letters
    ],
)
def test_cell_says_of_each_kooperation_status_and_rolle(zelle: str, erwartet: list[tuple[str, str, str]]) -> None:
    bekannte = {"F", "G"} if zelle == "F G" else set()

    eintraege = tafel.zelle(zelle, bekannte)

    assert [(eintrag.zeichen, eintrag.status, eintrag.rolle) for eintrag in eintraege] == erwartet


@pytest.mark.parametrize(
    ("zelle", "satz"),
    [
        ("nein", "„Nein“ wird nicht gelesen"),
        ("vielleicht", "„vielleicht“ lässt sich nicht lesen. Möglich sind ein Zeichen"),
        ("■ (bald)", "„■ (bald)“ lässt sich nicht lesen"),
        ("■ (v", "„■ (v“ lässt sich nicht lesen"),
        ("■□ (v)", "Bitte trennen Sie die Zeichen"),
        ("G", "„G“ lässt sich nicht lesen"),
        ("(", "„(“ lässt sich nicht lesen"),
    ],
)
def test_cell_that_says_something_else_is_refused(zelle: str, satz: str) -> None:
    with pytest.raises(Unpassend) as grund:
        tafel.zelle(zelle, set())

    assert grund.value.satz.startswith(satz)
