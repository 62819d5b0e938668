"""The two formats: headings in any order and place, and the plain sheet with its marks."""

from typing import Any

import pytest

from bestandsaufnahme.abfragen.einlesung.plan import lies, planen
from bestandsaufnahme.models import Kooperation
from kommunen.models import Kommune
from tests.bestandsaufnahme.einlesehilfen import STAND, TAG, eine, fehler, plan, was
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.tabellen import mappe

pytestmark = pytest.mark.django_db


@pytest.fixture
def musterstadt() -> Kommune:
    return KommuneFactory(name="Musterstadt", kuerzel="Mu", ags="06999010")


@pytest.fixture
def post(musterstadt: Kommune) -> Kooperation:
    """A Kooperation in the field „Post“ of „Zentrales“; nobody takes part yet."""
    feld = KooperationsfeldFactory(aufgabenfeld__name="Zentrales", aufgabenfeld__aliase=["Innere"], name="Post")
    return KooperationFactory(kooperationsfeld=feld, symbol="■", bezeichnung="Postverbund")


# --- headings ---------------------------------------------------------------------------------------------------------
def test_headings_may_stand_lower_and_in_any_order_and_some_may_be_missing(post: Kooperation) -> None:
    inhalt = mappe(
        [
            ["Meine Liste"],
            [],
            ["Status", "Kommune", "Bemerkung", "Kooperation", "Aufgabenfeld", "KOOPERATIONSFELD *", "Quelle"],
            ["besteht", "Mu", "egal", "Postverbund", "Zentrales", "Post", "auch"],
            [],
            ["", " "],
        ]
    )

    gelesen = planen(lies(inhalt, "a.xlsx"), ab=TAG, herkunft="fussnote")

    assert was(gelesen) == [("neu", "ab 01.01.2020 besteht")]
    assert gelesen.zeilen[0].stelle == "Zeile 4"
    assert gelesen.zahlen["zeilen"] == 1
    assert gelesen.hinweise == [
        "Die Spalte C „Bemerkung“ wird nicht gelesen.",
        "Die Spalte G „Quelle“ wird nicht gelesen.",
    ]


@pytest.mark.parametrize(
    ("kopf", "erwartet"),
    [
        ([], [("Zeile 1", "Die Tabelle ist leer.")]),
        (
            ["Name", "Ort"],
            [
                (
                    "Zeile 1",
                    (
                        "In den ersten 20 Zeilen stehen keine Überschriften. Erwartet wird eine Zeile mit "
                        "„Aufgabenfeld“, „Kooperationsfeld“ und entweder „Kommune“ und „Status“ oder den Namen der "
                        "Kommunen."
                    ),
                )
            ],
        ),
        (
            ["Kooperationsfeld", "Kommune"],
            [("Zeile 1", "Die Spalte „Aufgabenfeld“ fehlt."), ("Zeile 1", "Die Spalte „Status“ fehlt.")],
        ),
        (
            ["Aufgabenfeld", "Kooperationsfeld", "Status"],
            [("Zeile 1", "Die Spalte „AGS“ fehlt.")],
        ),
        (
            ["Aufgabenfeld", "Kooperationsfeld", "Status", "AGS", "AGS"],
            [("Zeile 1, Spalte E „AGS“", "Die Spalte „AGS“ steht zweimal da. Bitte löschen Sie eine.")],
        ),
        (
            ["Aufgabenfeld", "Kooperationsfeld", "Status", "AGS", "Belegt abb"],
            [("Zeile 1, Spalte E „Belegt abb“", "Diese Überschrift gibt es nicht. Gemeint ist wohl „Belegt ab“.")],
        ),
        (
            ["Aufgabenfeld", "Kooperationsfeld"],
            [("Zeile 1", "Es fehlen die Spalten der Kommunen. Bitte überschreiben Sie sie mit deren Namen.")],
        ),
        (
            ["Aufgabenfeld", "Kooperationsfeld", "Musterstadt", "Mu", "Mustersatdt"],
            [
                (
                    "Zeile 1, Spalte D „Mu“",
                    "Die Spalte für Musterstadt steht zweimal da. Bitte löschen Sie eine.",
                ),
                (
                    "Zeile 1, Spalte E „Mustersatdt“",
                    "„Mustersatdt“ ist keine Kommune dieses Verbunds. Gemeint ist vielleicht „Musterstadt“.",
                ),
            ],
        ),
    ],
)
def test_headings_that_do_not_fit_are_told(musterstadt: Kommune, kopf: list[str], erwartet: list[Any]) -> None:
    gefunden = [paar for paar in fehler(plan(kopf=kopf)) if paar[1] != "Unter den Überschriften steht nichts."]

    assert gefunden == erwartet


def test_file_with_headings_alone_is_a_fault(musterstadt: Kommune) -> None:
    assert fehler(plan()) == [("Zeile 1", "Unter den Überschriften steht nichts.")]
    leere_matrix = plan(["Zentrales", "Post"], kopf=["Aufgabenfeld", "Kooperationsfeld", "Mu"])
    AufgabenfeldFactory(name="Zentrales")
    leer = plan(["Zentrales", "Post"], kopf=["Aufgabenfeld", "Kooperationsfeld", "Mu"])

    assert fehler(leere_matrix) == [("Zeile 2, Spalte A „Aufgabenfeld“", "Das Aufgabenfeld „Zentrales“ gibt es nicht.")]
    assert fehler(leer) == [("Zeile 1", "In keiner Zelle unter den Kommunen steht ein Zeichen.")]


def test_reading_ends_after_a_thousand_errors(musterstadt: Kommune) -> None:
    gelesen = plan(*[eine(aufgabenfeld="Unsinn")] * 1200)

    assert len(gelesen.fehler) == 1000
    assert gelesen.hinweise == ["Nach 1.000 Fehlern wurde nicht weitergelesen."]


# --- the plain sheet --------------------------------------------------------------------------------------------------
MATRIX = ["Aufgabenfeld", "Kooperationsfeld", "Musterstadt", "06999011"]


@pytest.fixture
def nachbarstadt(post: Kooperation) -> Kommune:
    return KommuneFactory(name="Nachbarstadt", ags="06999011")


def test_plain_sheet_takes_the_one_kooperation_of_the_field(post: Kooperation, nachbarstadt: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=nachbarstadt, gilt_ab=STAND)

    gelesen = plan(["Zentrales", "Post", "xF", "v"], kopf=MATRIX)

    assert gelesen.art == "Matrix"
    assert [(zeile.stelle, zeile.art, zeile.was) for zeile in gelesen.zeilen] == [
        ("Zeile 2, Spalte C „Musterstadt“", "neu", "ab 01.01.2020 besteht, federführend"),
        ("Zeile 2, Spalte D „06999011“", "geaendert", "ab 01.01.2020 vorgesehen statt besteht (seit 30.06.2013)"),
    ]


def test_plain_sheet_with_several_marks_in_a_cell(post: Kooperation, nachbarstadt: Kommune) -> None:
    KooperationFactory(kooperationsfeld=post.kooperationsfeld, symbol="□", bezeichnung="Rechtsamt")

    gelesen = plan(["Zentrales", "Post", "■ □ (v) ●", ""], kopf=MATRIX)

    assert [(zeile.zeichen, zeile.kooperation, zeile.art, zeile.was) for zeile in gelesen.zeilen] == [
        ("■", "Postverbund", "neu", "ab 01.01.2020 besteht"),
        ("□", "Rechtsamt", "neu", "ab 01.01.2020 vorgesehen"),
        ("●", "Post (●)", "neue_kooperation", "neue Kooperation; ab 01.01.2020 besteht"),
    ]


def test_plain_sheet_asks_for_the_mark_where_several_could_be_meant(post: Kooperation, nachbarstadt: Kommune) -> None:
    KooperationFactory(kooperationsfeld=post.kooperationsfeld, symbol="□", bezeichnung="Rechtsamt")

    assert fehler(plan(["Zentrales", "Post", "x", "bald"], kopf=MATRIX)) == [
        (
            "Zeile 2, Spalte C „Musterstadt“",
            "Gemeint sein können mehrere: ■ „Postverbund“, □ „Rechtsamt“. Bitte nennen Sie das Zeichen.",
        ),
        (
            "Zeile 2, Spalte D „06999011“",
            (
                "„bald“ lässt sich nicht lesen. Möglich sind ein Zeichen (■ □ ● ⊕ +), x, v (vorgesehen), e (erwogen), "
                "? (nicht überliefert), dazu F (federführend) oder L (Leistungsempfänger)."
            ),
        ),
    ]


def test_plain_sheet_row_of_a_new_field_is_named_after_it(post: Kooperation, nachbarstadt: Kommune) -> None:
    gelesen = plan(["Zentrales", "Bauhof", "x", "x"], kopf=MATRIX)

    assert was(gelesen) == [
        ("neue_kooperation", "neues Kooperationsfeld, neue Kooperation; ab 01.01.2020 besteht"),
        ("neu", "ab 01.01.2020 besteht"),
    ]
    assert [(koop.zeichen, koop.bezeichnung) for koop in gelesen.neue_kooperationen] == [("■", "Bauhof")]
    mehrere = plan(["Zentrales", "Bauhof", "■ □", ""], kopf=MATRIX)
    assert was(mehrere) == [
        ("neue_kooperation", "neues Kooperationsfeld, neue Kooperation; ab 01.01.2020 besteht"),
        ("neue_kooperation", "neue Kooperation; ab 01.01.2020 besteht"),
    ]


def test_plain_sheet_row_of_one_kooperation_with_its_source(post: Kooperation, nachbarstadt: Kommune) -> None:
    kopf = ["Aufgabenfeld", "Kooperationsfeld", "Zeichen", "Kooperation", "Bekannt durch", "Musterstadt", "06999011"]

    gelesen = plan(["Zentrales", "Post", "□", "Rechtsamt", "laut Beschluss", "□ (v)", "x"], kopf=kopf)
    falsch = plan(["Zentrales", "Post", "□", "Rechtsamt", "laut Erhebung", "■", "xF x"], kopf=kopf)

    assert [(zeile.kooperation, zeile.was) for zeile in gelesen.zeilen] == [
        ("Rechtsamt", "neue Kooperation; ab 01.01.2020 vorgesehen"),
        ("Rechtsamt", "ab 01.01.2020 besteht"),
    ]
    assert [spanne.herkunft for _, spanne in gelesen.spannen] == ["beschluss", "beschluss"]
    assert fehler(falsch) == [
        ("Zeile 2, Spalte F „Musterstadt“", "Die Zeile ist die von „□“, in der Zelle steht „■“."),
        ("Zeile 2, Spalte G „06999011“", "In der Zelle steht dieselbe Kooperation zweimal."),
    ]


def test_installation_without_kommunen_says_so_for_every_row(db: None) -> None:
    assert [stelle for stelle, _ in fehler(plan(eine()))] == [
        "Zeile 2, Spalte A „Aufgabenfeld“",
        "Zeile 2, Spalte E „AGS“",
    ]
