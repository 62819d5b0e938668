"""A thousand rows with thirty deliberate errors of many kinds: each is told with its cell, and nothing is written."""

from datetime import date
from typing import Any

import pytest

from bestandsaufnahme.abfragen.einlesung.plan import Plan, lies, planen
from bestandsaufnahme.models import Beteiligung, Kooperation
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.tabellen import KOPF, Formel, mappe, zeile

pytestmark = pytest.mark.django_db

STAND = date(2013, 6, 30)
ZEILEN = 1000
SPALTE = {titel: stelle for stelle, titel in enumerate(KOPF)}
LANG = "x" * 300

# Row of the file, heading of the column, what is put there, and how the sentence begins.
FEHLER: list[tuple[int, str, Any, str]] = [
    (17, "AGS", "0699900l", "0699900l ist keine Kommune dieses Verbunds."),
    (30, "AGS", "06999199", "06999199 ist keine Kommune dieses Verbunds. Gemeint ist vielleicht 06999113 (Stadt 13)."),
    (41, "AGS", "", "Der AGS fehlt"),  # replaced below: AGS and Kommune both empty
    (55, "Kommune", "Anderswo", "Der AGS 06999108 gehört zu Stadt 08, hier steht „Anderswo“."),
    (70, "Aufgabenfeld", "Zentrale", "Das Aufgabenfeld „Zentrale“ gibt es nicht. Gemeint ist vielleicht „Zentrales“."),
    (88, "Aufgabenfeld", "", "Bitte nennen Sie das Aufgabenfeld."),
    (101, "Kooperationsfeld", "", "Bitte nennen Sie das Kooperationsfeld."),
    (120, "Kooperationsfeld", LANG, "Der Text hat 300 Zeichen, möglich sind 150."),
    (137, "Kooperation", LANG, "Der Text hat 300 Zeichen, möglich sind 200."),
    (150, "Kooperation", "Ganz anders", "In diesem Kooperationsfeld steht"),
    (163, "Zeichen", "Stern", "„Stern“ ist kein Zeichen."),
    (190, "Status", "exisitert", "„exisitert“ ist kein Status. Möglich sind: „besteht“, „vorgesehen“,"),
    (208, "Status", "", "Bitte nennen Sie den Status"),
    (230, "Rolle", "Chef", "„Chef“ ist keine Rolle. Möglich sind:"),
    (255, "Bekannt durch", "vom Hörensagen", "„vom Hörensagen“ ist keine Herkunft."),
    (270, "Bekannt durch", "laut Erhebung", "Zum 01.01.2020 gibt es keine Erhebung."),
    (299, "Belegt ab", "31.02.2020", "Den Tag „31.02.2020“ gibt es im Kalender nicht."),
    (333, "Belegt ab", "demnächst", "„demnächst“ ist kein Tag."),
    (350, "Belegt ab", 2013, "„2013“ ist kein Tag."),
    (366, "Belegt ab", date(9999, 1, 1), "01.01.9999 liegt außerhalb der Jahre"),
    (400, "Belegt bis (ausschließlich)", date(2019, 12, 31), "Das Ende (31.12.2019) liegt nicht nach dem Beginn"),
    (431, "Belegt bis (ausschließlich)", "2021", "„2021“ ist kein Tag."),
    (470, "Vorgesehen bis", date(2021, 1, 1), "Ein Datum „Vorgesehen bis“ hat nur, was vorgesehen ist."),
    (512, "Rechtsform", "Verein e. V.", "„Verein e. V.“ ist keine Rechtsform."),
    (600, "Rechtsform", "Zweckverband", "Für dieselbe neue Kooperation steht in Zeile"),
    (650, "Externe Partner", LANG, "Der Name „xxxx"),
    (700, "Status", Formel("=Z!A1", "#REF!"), "In der Zelle steht der Fehlerwert „#REF!“."),
    (777, "Beispiel", "ja", "Beispiele werden nicht eingelesen."),
    (850, "Rolle", "a\x00b", "Der Text enthält ein Zeichen, das nicht gespeichert werden kann."),
    (1001, "Seit", Formel("=1/0", "#DIV/0!"), "In der Zelle steht der Fehlerwert „#DIV/0!“."),
]


@pytest.fixture
def staedte() -> list[Kommune]:
    AufgabenfeldFactory(name="Zentrales")
    ErhebungFactory(stichtag=STAND)
    return [KommuneFactory(name=f"Stadt {n:02}", ags=f"06999{100 + n}") for n in range(15)]


def gute_zeilen(staedte: list[Kommune], anzahl: int) -> list[list[Any]]:
    """Rows about new Kooperationen, fifteen Kommunen in each."""
    zeilen = []
    for nummer in range(anzahl):
        koop, stadt = divmod(nummer, 15)
        zeilen.append(
            zeile(
                aufgabenfeld="Zentrales",
                kooperationsfeld=f"Feld {koop // 3:03}",
                zeichen="■□●"[koop % 3],
                kooperation=f"Kooperation {koop:03}",
                ags=staedte[stadt].ags,
                kommune=staedte[stadt].name,
                status="besteht",
                belegt_ab=date(2020, 1, 1),
                rechtsform="informell",
            )
        )
    return zeilen


def plan(zeilen: list[list[Any]]) -> Plan:
    inhalt = mappe([KOPF, *zeilen])
    return planen(lies(inhalt, "gross.xlsx"), ab=date(2020, 1, 1), herkunft="fussnote")


def test_thirty_errors_among_a_thousand_rows_are_told_with_their_cells(staedte: list[Kommune]) -> None:
    zeilen = gute_zeilen(staedte, ZEILEN)
    for nummer, spalte, wert, _ in FEHLER:
        zeilen[nummer - 2][SPALTE[spalte]] = wert
    zeilen[41 - 2][SPALTE["Kommune"]] = ""

    gelesen = plan(zeilen)

    gefunden = [(fehler.stelle, fehler.satz) for fehler in gelesen.fehler]
    assert len(gefunden) == len(FEHLER) == 30
    for (stelle, satz), (nummer, spalte, _, anfang) in zip(gefunden, FEHLER, strict=True):
        buchstabe = "ABCDEFGHIJKLMNOPQ"[SPALTE[spalte]]
        assert stelle == f"Zeile {nummer}, Spalte {buchstabe} „{spalte}“"
        assert satz.startswith("Bitte nennen Sie die Kommune." if nummer == 41 else anfang)
    assert gelesen.zahlen["zeilen"] == ZEILEN
    assert len(gelesen.zeilen) == ZEILEN - 30
    assert (Kooperation.objects.count(), Beteiligung.objects.count()) == (0, 0)


def test_the_same_thousand_rows_without_errors_are_understood(staedte: list[Kommune]) -> None:
    gelesen = plan(gute_zeilen(staedte, ZEILEN))

    assert gelesen.fehler == []
    assert gelesen.zahlen == {
        "zeilen": 1000,
        "fehler": 0,
        "neue_felder": 23,
        "neue_kooperationen": 67,
        "neue_beteiligungen": 1000,
        "geaenderte_angaben": 0,
        "unveraenderte": 0,
    }


def test_ten_thousand_rows_need_the_queries_of_one(staedte: list[Kommune], django_assert_num_queries: Any) -> None:
    feld = KooperationsfeldFactory(aufgabenfeld__name="Anderes")
    BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=feld), kommune=staedte[0])
    blatt = lies(mappe([KOPF, *gute_zeilen(staedte, 10_000)]), "gross.xlsx")

    with django_assert_num_queries(7):
        gelesen = planen(blatt, ab=STAND, herkunft="fussnote")

    assert gelesen.zahlen["neue_beteiligungen"] == 10_000
