"""What a file would do: the Kooperation that a row means, and one Kommune's spans through time."""

from datetime import date
from typing import Any

import pytest

from bestandsaufnahme.abfragen.einlesung.plan import lies, planen
from bestandsaufnahme.auswahl import BeteiligungStatus, Herkunft
from bestandsaufnahme.models import Kooperation, Kooperationsstand
from kommunen.models import Kommune
from tests.bestandsaufnahme.einlesehilfen import STAND, TAG, eine, fehler, plan, was
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.tabellen import KOPF, mappe

pytestmark = pytest.mark.django_db


@pytest.fixture
def musterstadt() -> Kommune:
    return KommuneFactory(name="Musterstadt", kuerzel="Mu", ags="06999010")


@pytest.fixture
def post(musterstadt: Kommune) -> Kooperation:
    """A Kooperation in the field „Post“ of „Zentrales“; nobody takes part yet."""
    feld = KooperationsfeldFactory(aufgabenfeld__name="Zentrales", aufgabenfeld__aliase=["Innere"], name="Post")
    return KooperationFactory(kooperationsfeld=feld, symbol="■", bezeichnung="Postverbund")


# --- through time -----------------------------------------------------------------------------------------------------
def test_row_about_nobody_yet_is_a_new_beteiligung(post: Kooperation) -> None:
    gelesen = plan(eine(rolle="federführend", status="vorgesehen", vorgesehen_bis="31.12.2021"))

    assert was(gelesen) == [("neu", "ab 01.01.2020 vorgesehen bis 31.12.2021, federführend")]
    assert gelesen.zahlen["neue_beteiligungen"] == 1


def test_row_that_says_what_is_known_changes_nothing(post: Kooperation, musterstadt: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=STAND)

    assert was(plan(eine(belegt_ab=STAND))) == [("unveraendert", "gilt so seit 30.06.2013")]
    assert was(plan(eine())) == [("unveraendert", "gilt so seit 30.06.2013")]
    assert not plan(eine()).aendert_etwas


def test_later_day_is_a_dated_change_and_lends_its_end(post: Kooperation, musterstadt: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=STAND, gilt_bis=date(2025, 1, 1))

    gelesen = plan(eine(status="vorgesehen", rolle="federführend"))

    assert was(gelesen) == [
        (
            "geaendert",
            "ab 01.01.2020 bis vor 01.01.2025 vorgesehen, federführend statt besteht (seit 30.06.2013)",
        )
    ]
    assert [(s.ab, s.bis, s.status) for _, s in gelesen.spannen] == [
        (STAND, TAG, "besteht"),
        (TAG, date(2025, 1, 1), "vorgesehen"),
    ]


def test_same_day_is_a_correction_and_names_both_values(post: Kooperation, musterstadt: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=STAND)

    gelesen = plan(
        eine(status="unbekannt", bekannt_durch="laut Beschluss", belegt_ab=STAND, belegt_bis=date(2016, 1, 1))
    )

    assert was(gelesen) == [
        (
            "geaendert",
            (
                "ab 30.06.2013 – Status: Status nicht überliefert statt besteht; "
                "Bekannt durch: laut Beschluss statt laut Fußnote; Belegt bis: 01.01.2016 statt offen"
            ),
        )
    ]


def test_empty_cells_leave_role_end_and_planned_day_as_they_are(post: Kooperation, musterstadt: Kommune) -> None:
    BeteiligungFactory(
        kooperation=post,
        kommune=musterstadt,
        gilt_ab=STAND,
        gilt_bis=TAG,
        rolle="federfuehrend",
        status=BeteiligungStatus.VORGESEHEN,
        vorgesehen_bis=TAG,
    )

    assert was(plan(eine(status="vorgesehen", belegt_ab=STAND))) == [("unveraendert", "gilt so seit 30.06.2013")]


def test_end_alone_ends_what_runs(post: Kooperation, musterstadt: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=STAND)

    assert was(plan(eine(belegt_ab=date(2015, 1, 1), belegt_bis=TAG))) == [
        ("geaendert", "Die Angabe ab 30.06.2013 – Belegt bis: 01.01.2020 statt offen")
    ]


def test_new_span_before_a_later_one_ends_where_that_begins(post: Kooperation, musterstadt: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=date(2022, 1, 1))

    assert was(plan(eine())) == [("neu", "ab 01.01.2020 bis vor 01.01.2022 besteht")]
    assert fehler(plan(eine(belegt_bis=date(2023, 1, 1)))) == [
        (
            "Zeile 2, Spalte K „Belegt bis (ausschließlich)“",
            (
                "Ab 01.01.2022 steht in der Matrix schon eine andere Angabe. Bitte tragen Sie höchstens 01.01.2022 "
                "ein, oder nehmen Sie auch diese Angabe in die Datei auf."
            ),
        )
    ]


def test_several_spans_of_a_file_follow_each_other_in_any_order(post: Kooperation, musterstadt: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=STAND)

    gelesen = plan(
        eine(status="vorgesehen", belegt_ab=date(2018, 1, 1)),
        eine(belegt_ab=STAND, belegt_bis=date(2015, 1, 1)),
        eine(status="erwogen", belegt_ab=date(2015, 1, 1), belegt_bis=date(2017, 1, 1)),
    )

    assert was(gelesen) == [
        ("neu", "ab 01.01.2018 vorgesehen"),
        ("geaendert", "ab 30.06.2013 – Belegt bis: 01.01.2015 statt offen"),
        ("neu", "ab 01.01.2015 bis vor 01.01.2017 erwogen, nicht zustande gekommen"),
    ]


def test_overlap_within_the_file_names_the_other_row_and_the_way_out(post: Kooperation) -> None:
    gelesen = plan(
        eine(belegt_ab=STAND, belegt_bis=date(2016, 1, 1)),
        eine(belegt_ab=date(2015, 1, 1), belegt_bis=date(2018, 1, 1)),
        eine(belegt_ab=date(2018, 1, 1)),
        eine(belegt_ab=date(2019, 1, 1)),
    )

    assert fehler(gelesen) == [
        (
            "Zeile 2, Spalte K „Belegt bis (ausschließlich)“",
            (
                "Die Zeit überschneidet sich mit Zeile 3: Diese Angabe gilt bis 01.01.2016, die andere gilt ab "
                "01.01.2015. Bitte tragen Sie hier höchstens 01.01.2015 ein."
            ),
        ),
        (
            "Zeile 4, Spalte K „Belegt bis (ausschließlich)“",
            (
                "Die Zeit überschneidet sich mit Zeile 5: Diese Angabe hat kein Ende, die andere gilt ab 01.01.2019. "
                "Bitte tragen Sie hier höchstens 01.01.2019 ein."
            ),
        ),
    ]


def test_row_that_stands_twice_is_told_at_the_second(post: Kooperation) -> None:
    gelesen = plan(eine(), eine(status="vorgesehen"))

    assert fehler(gelesen) == [
        (
            "Zeile 3, Spalte J „Belegt ab“",
            (
                "Die Angabe steht doppelt da: In Zeile 2 stehen schon dieselbe Kooperation, dieselbe Kommune und "
                "derselbe Tag (01.01.2020). Bitte löschen Sie eine der beiden."
            ),
        )
    ]


def test_nobody_joins_a_kooperation_that_is_over(post: Kooperation) -> None:
    Kooperation.objects.filter(pk=post.pk).update(bis=date(2019, 1, 1), bis_genauigkeit="jahr")

    assert was(plan(eine(belegt_ab=STAND))) == [("neu", "ab 30.06.2013 bis vor 01.01.2020 besteht")]
    assert fehler(plan(eine())) == [
        (
            "Zeile 2, Spalte J „Belegt ab“",
            "Die Kooperation ist am 31.12.2019 beendet. Bitte nennen Sie einen früheren Tag.",
        )
    ]
    assert fehler(plan(eine(belegt_ab=STAND, belegt_bis=date(2020, 1, 2)))) == [
        (
            "Zeile 2, Spalte K „Belegt bis (ausschließlich)“",
            "Die Kooperation ist am 31.12.2019 beendet. Bitte tragen Sie höchstens 01.01.2020 ein.",
        )
    ]


# --- how it is known --------------------------------------------------------------------------------------------------
def test_laut_erhebung_takes_the_round_of_that_stichtag(post: Kooperation) -> None:
    erhebung = ErhebungFactory(stichtag=STAND)

    gelesen = plan(eine(bekannt_durch="laut Erhebung", belegt_ab=STAND))

    assert [(s.herkunft, s.erhebung) for _, s in gelesen.spannen] == [("erhebung", erhebung.pk)]


def test_laut_erhebung_keeps_the_round_there_was(post: Kooperation, musterstadt: Kommune) -> None:
    andere = ErhebungFactory(stichtag=date(2014, 1, 1))
    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=STAND, herkunft="erhebung", erhebung=andere)

    gelesen = plan(eine(bekannt_durch="laut Erhebung", belegt_ab=STAND, status="vorgesehen"))

    assert [(s.status, s.erhebung) for _, s in gelesen.spannen] == [("vorgesehen", andere.pk)]


def test_laut_erhebung_without_a_round_says_what_to_write(post: Kooperation) -> None:
    ErhebungFactory(stichtag=STAND)
    ErhebungFactory(stichtag=TAG, beispiel=True)

    assert fehler(plan(eine(bekannt_durch="laut Erhebung"))) == [
        (
            "Zeile 2, Spalte I „Bekannt durch“",
            (
                "Zum 01.01.2020 gibt es keine Erhebung. Bitte tragen Sie in „Belegt ab“ den Stichtag einer Erhebung "
                "ein (30.06.2013), oder hier „laut Fußnote“ oder „laut Beschluss“."
            ),
        )
    ]


def test_herkunft_of_the_upload_holds_where_the_row_names_none(post: Kooperation) -> None:
    gelesen = plan(eine(), herkunft=Herkunft.BESCHLUSS)

    assert [s.herkunft for _, s in gelesen.spannen] == ["beschluss"]


def test_examples_are_not_taken_in_but_may_stand_there_unchanged(post: Kooperation, musterstadt: Kommune) -> None:
    assert fehler(plan(eine(beispiel="ja"))) == [
        ("Zeile 2, Spalte Q „Beispiel“", "Beispiele werden nicht eingelesen. Bitte löschen Sie die Zeile.")
    ]

    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=TAG)
    assert was(plan(eine(beispiel="ja"))) == [("unveraendert", "gilt so seit 01.01.2020")]


# --- which Kooperation ------------------------------------------------------------------------------------------------
def test_aufgabenfeld_is_known_by_its_alias_and_kommune_by_each_of_its_names(post: Kooperation) -> None:
    for name in ("Mu", "musterstadt", "6999010"):
        assert was(plan(eine(aufgabenfeld="innere", ags="", kommune=name))) == [("neu", "ab 01.01.2020 besteht")]


def test_kooperation_is_found_by_name_where_no_mark_is_given(post: Kooperation) -> None:
    (zeile,) = plan(eine(zeichen="", kooperation="postverbund")).zeilen

    assert (zeile.art, zeile.zeichen, zeile.kooperation) == ("neu", "■", "Postverbund")


def test_mark_of_another_kooperation_is_refused(post: Kooperation) -> None:
    assert fehler(plan(eine(kooperation="Rechtsamt"))) == [
        (
            "Zeile 2, Spalte D „Kooperation“",
            (
                "In diesem Kooperationsfeld steht ■ für „Postverbund“. Ist diese gemeint, schreiben Sie sie bitte so; "
                "sonst wählen Sie ein freies Zeichen, zum Beispiel □."
            ),
        )
    ]
    assert fehler(plan(eine(zeichen="□"))) == [
        (
            "Zeile 2, Spalte C „Zeichen“",
            "„Postverbund“ hat in diesem Kooperationsfeld das Zeichen ■, nicht □.",
        )
    ]


def test_earlier_name_of_a_kooperation_is_known(post: Kooperation) -> None:
    Kooperationsstand.objects.create(
        kooperation=post, bis=TAG, bezeichnung="Poststelle", rechtsform="kag", externe_partner=["Post AG"]
    )

    (zeile,) = plan(eine(kooperation="Poststelle", rechtsform="kommunale Arbeitsgemeinschaft")).zeilen

    assert (zeile.kooperation, zeile.hinweis) == ("Postverbund", "")


def test_other_words_about_a_known_kooperation_are_told_and_not_taken(post: Kooperation) -> None:
    post.externe_partner.set([ExternerPartnerFactory(name="Post AG")])

    gleich = plan(eine(rechtsform="nicht bekannt", externe_partner="post ag"))
    anders = plan(eine(rechtsform="Zweckverband", externe_partner="Post AG; Bahn AG"))

    assert [zeile.hinweis for zeile in gleich.zeilen] == [""]
    (zeile,) = anders.zeilen
    assert zeile.hinweis == (
        "Die Rechtsform ist im Portal eine andere und bleibt so. "
        "Die Liste der externen Partner ist im Portal eine andere und bleibt so."
    )


def test_new_kooperation_and_field_are_told_once_and_take_the_next_mark(post: Kooperation) -> None:
    KommuneFactory(name="Nachbarstadt", ags="06999011")

    gelesen = plan(
        eine(zeichen="", kooperation="Paketdienst", rechtsform="zv"),
        eine(zeichen="", kooperation="Paketdienst", ags="06999011"),
        eine(kooperationsfeld="Posten", kooperation="Andere"),
    )

    assert was(gelesen) == [
        ("neue_kooperation", "neue Kooperation; ab 01.01.2020 besteht"),
        ("neu", "ab 01.01.2020 besteht"),
        ("neue_kooperation", "neues Kooperationsfeld, neue Kooperation; ab 01.01.2020 besteht"),
    ]
    assert [(koop.zeichen, koop.bezeichnung) for koop in gelesen.neue_kooperationen] == [
        ("□", "Paketdienst"),
        ("■", "Andere"),
    ]
    assert gelesen.zeilen[2].hinweis == "Ein ähnliches Kooperationsfeld gibt es schon: „Post“."
    assert [gelesen.zahlen[name] for name in ("neue_felder", "neue_kooperationen", "neue_beteiligungen")] == [1, 2, 3]


def test_new_kooperation_needs_a_name_and_agreeing_rows(post: Kooperation) -> None:
    KommuneFactory(ags="06999011")

    assert fehler(plan(eine(zeichen="□", kooperation=""))) == [
        (
            "Zeile 2, Spalte D „Kooperation“",
            "Diese Kooperation gibt es noch nicht. Bitte nennen Sie ihren Namen.",
        )
    ]
    assert fehler(
        plan(
            eine(zeichen="□", kooperation="Neu", rechtsform="Zweckverband", seit="2012"),
            eine(zeichen="□", kooperation="Neu", rechtsform="kag", ags="06999011"),
        )
    ) == [
        (
            "Zeile 3, Spalte M „Rechtsform“",
            (
                "Für dieselbe neue Kooperation steht in Zeile 2 „Zweckverband (§§ 5 ff. KGG)“. "
                "Bitte schreiben Sie es in allen Zeilen gleich."
            ),
        )
    ]


# --- always the same --------------------------------------------------------------------------------------------------
def test_sum_is_that_of_what_is_shown(post: Kooperation, musterstadt: Kommune) -> None:
    vorher = plan(eine()).pruefsumme

    assert plan(eine()).pruefsumme == vorher
    BeteiligungFactory(gilt_ab=STAND)
    assert plan(eine()).pruefsumme == vorher
    BeteiligungFactory(kooperation=post, kommune=musterstadt, gilt_ab=STAND)
    assert plan(eine()).pruefsumme != vorher


@pytest.mark.parametrize("anzahl", [1, 60])
def test_dry_run_needs_seven_queries_for_any_number_of_rows(
    post: Kooperation, django_assert_num_queries: Any, anzahl: int
) -> None:
    zeilen = [eine(zeichen="", kooperation=f"Neu {nummer}") for nummer in range(anzahl)]
    for nummer in range(anzahl):
        BeteiligungFactory(kooperation__externe_partner=[ExternerPartnerFactory(name=f"Partner {nummer}")])
    blatt = lies(mappe([KOPF, *zeilen]), "a.xlsx")

    with django_assert_num_queries(7):
        gelesen = planen(blatt, ab=TAG, herkunft="fussnote")

    assert len(gelesen.zeilen) == anzahl
