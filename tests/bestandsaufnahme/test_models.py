from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.db.models import ProtectedError

from bestandsaufnahme.auswahl import BeteiligungStatus, Herkunft, InteresseArt, InteresseStatus
from bestandsaufnahme.models import Beteiligung, Interessenbekundung, Kooperation
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    InteressenbekundungFactory,
    KooperationFactory,
    KooperationsfeldFactory,
    RundenergebnisFactory,
)

pytestmark = pytest.mark.django_db


# --- fields and Kooperationen -----------------------------------------------------------------------------------------


def test_kooperationsfeld_is_named_once_within_its_aufgabenfeld():
    feld = KooperationsfeldFactory(name="Postverbund")
    KooperationsfeldFactory(name="Postverbund")
    with pytest.raises(IntegrityError, match="name_eindeutig"):
        KooperationsfeldFactory(name="Postverbund", aufgabenfeld=feld.aufgabenfeld)


def test_aufgabenfeld_with_kooperationsfelder_stays():
    feld = KooperationsfeldFactory()
    with pytest.raises(ProtectedError):
        feld.aufgabenfeld.delete()


def test_symbol_is_unique_within_its_kooperationsfeld():
    kooperation = KooperationFactory(symbol="■")
    KooperationFactory(symbol="■")
    with pytest.raises(IntegrityError, match="symbol_eindeutig"):
        KooperationFactory(symbol="■", kooperationsfeld=kooperation.kooperationsfeld)


@pytest.mark.parametrize(
    ("seit", "genauigkeit"),
    [(None, "jahr"), (date(2012, 5, 1), "jahr"), (date(2012, 5, 2), "monat"), (date(2012, 1, 1), "unbekannt")],
)
def test_kooperation_refuses_a_begin_that_contradicts_its_precision(seit, genauigkeit):
    with pytest.raises(IntegrityError, match="seit_genau"):
        KooperationFactory(seit=seit, seit_genauigkeit=genauigkeit)


def test_kooperation_may_run_with_an_open_end_but_not_begin_openly():
    assert KooperationFactory(bis_genauigkeit="offen").bis is None
    with pytest.raises(IntegrityError, match="seit_genau"):
        KooperationFactory(seit_genauigkeit="offen")


def test_kooperation_ends_after_its_begin():
    with pytest.raises(IntegrityError, match="seit_vor_bis"):
        KooperationFactory(seit=date(2012, 1, 1), seit_genauigkeit="jahr", bis=date(2011, 1, 1), bis_genauigkeit="jahr")


# --- Beteiligung ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gilt_ab", "gilt_bis"),
    [
        (date(2013, 1, 1), None),
        (date(2015, 12, 31), date(2016, 2, 1)),
        (date(2013, 7, 1), date(2013, 7, 2)),
        (date(2010, 1, 1), date(2013, 7, 1)),
    ],
)
def test_beteiligungen_of_a_kommune_never_overlap(gilt_ab, gilt_bis):
    erste = BeteiligungFactory(gilt_ab=date(2013, 6, 30), gilt_bis=date(2016, 1, 1))
    with pytest.raises(IntegrityError, match="ueberschneidungsfrei"):
        BeteiligungFactory(kooperation=erste.kooperation, kommune=erste.kommune, gilt_ab=gilt_ab, gilt_bis=gilt_bis)


def test_beteiligungen_overlap_is_refused_for_raw_sql():
    erste = BeteiligungFactory(gilt_ab=date(2013, 1, 1), gilt_bis=date(2014, 1, 1))
    zweite = BeteiligungFactory(kooperation=erste.kooperation, kommune=erste.kommune, gilt_ab=date(2014, 1, 1))
    with pytest.raises(IntegrityError, match="ueberschneidungsfrei"), connection.cursor() as cursor:
        cursor.execute("UPDATE bestandsaufnahme_beteiligung SET gilt_ab = '2013-12-31' WHERE id = %s", [zweite.pk])


def test_am_counts_the_first_day_and_not_the_last():
    beteiligung = BeteiligungFactory(gilt_ab=date(2013, 6, 30), gilt_bis=date(2015, 1, 1))
    assert [
        Beteiligung.objects.am(tag).filter(pk=beteiligung.pk).exists()
        for tag in (date(2013, 6, 29), date(2013, 6, 30), date(2014, 12, 31), date(2015, 1, 1))
    ] == [False, True, True, False]


def test_vorgesehen_bis_belongs_to_what_is_intended():
    BeteiligungFactory(status=BeteiligungStatus.VORGESEHEN, vorgesehen_bis=date(2013, 12, 31))
    with pytest.raises(IntegrityError, match="vorgesehen_bis_nur_dann"):
        BeteiligungFactory(status=BeteiligungStatus.BESTEHT, vorgesehen_bis=date(2013, 12, 31))


def test_beteiligung_from_an_erhebung_names_it():
    BeteiligungFactory(herkunft=Herkunft.ERHEBUNG, erhebung=ErhebungFactory())
    with pytest.raises(IntegrityError, match="aus_einer_erhebung"):
        BeteiligungFactory(herkunft=Herkunft.ERHEBUNG, erhebung=None)


@pytest.mark.parametrize("spalte", ["status", "rolle", "herkunft"])
def test_beteiligung_refuses_unknown_choices_in_raw_sql(spalte):
    beteiligung = BeteiligungFactory()
    with pytest.raises(IntegrityError, match=f"{spalte}_gueltig"), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE bestandsaufnahme_beteiligung SET {spalte} = 'quatsch' WHERE id = %s",  # noqa: S608  # a column name of ours
            [beteiligung.pk],
        )


# --- declarations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [InteresseStatus.ABGEGEBEN, InteresseStatus.BESTAETIGT])
def test_second_active_declaration_for_a_field_is_refused(status):
    erste = InteressenbekundungFactory(status=status)
    with pytest.raises(IntegrityError, match="eine_aktive"):
        InteressenbekundungFactory(kommune=erste.kommune, aufgabenfeld=erste.aufgabenfeld)


def test_second_draft_for_a_field_is_refused_but_a_draft_beside_a_filed_one_is_not():
    erster = InteressenbekundungFactory(entwurf=True)
    InteressenbekundungFactory(kommune=erster.kommune, aufgabenfeld=erster.aufgabenfeld)
    with pytest.raises(IntegrityError, match="ein_entwurf"):
        InteressenbekundungFactory(kommune=erster.kommune, aufgabenfeld=erster.aufgabenfeld, entwurf=True)


def test_second_active_declaration_without_any_field_is_refused():
    erste = InteressenbekundungFactory(art=InteresseArt.INFO_AUSTAUSCH, aufgabenfeld=None)
    with pytest.raises(IntegrityError, match="eine_aktive"):
        InteressenbekundungFactory(kommune=erste.kommune, art=InteresseArt.INFO_AUSTAUSCH, aufgabenfeld=None)


def test_second_declaration_may_differ_in_art_field_or_be_withdrawn():
    erste = InteressenbekundungFactory()
    InteressenbekundungFactory(kommune=erste.kommune, aufgabenfeld=erste.aufgabenfeld, art=InteresseArt.INFO_AUSTAUSCH)
    teil = KooperationsfeldFactory(aufgabenfeld=erste.aufgabenfeld)
    InteressenbekundungFactory(kommune=erste.kommune, aufgabenfeld=None, kooperationsfeld=teil)
    InteressenbekundungFactory(kommune=erste.kommune, aufgabenfeld=erste.aufgabenfeld, zurueckgezogen=True)
    assert Interessenbekundung.objects.count() == 4


def test_declaration_names_one_kind_of_field():
    with pytest.raises(IntegrityError, match="ein_feld"):
        InteressenbekundungFactory(kooperationsfeld=KooperationsfeldFactory())


def test_kooperationswille_names_a_field():
    with pytest.raises(IntegrityError, match="wille_mit_feld"):
        InteressenbekundungFactory(aufgabenfeld=None)


def test_filed_declaration_has_its_day():
    with pytest.raises(IntegrityError, match="abgegeben_mit_tag"):
        InteressenbekundungFactory(abgegeben_am=None)


@pytest.mark.parametrize("ohne", [{"grund": ""}, {"zurueckgezogen_am": None}, {"status": InteresseStatus.ABGEGEBEN}])
def test_withdrawal_has_day_and_reason_and_nothing_else_has(ohne):
    with pytest.raises(IntegrityError, match="rueckzug_mit_grund"):
        InteressenbekundungFactory(zurueckgezogen=True, **ohne)


def test_rundenergebnis_is_one_per_field():
    ergebnis = RundenergebnisFactory()
    with pytest.raises(IntegrityError, match="feld_eindeutig"):
        RundenergebnisFactory(runde=ergebnis.runde, aufgabenfeld=ergebnis.aufgabenfeld)


def test_gueltige_ends_with_the_day_it_names():
    heute = date(2026, 1, 15)
    gueltig = InteressenbekundungFactory(gueltig_bis=heute)
    unbefristet = InteressenbekundungFactory(status=InteresseStatus.BESTAETIGT)
    InteressenbekundungFactory(gueltig_bis=date(2026, 1, 14))
    InteressenbekundungFactory(entwurf=True)
    InteressenbekundungFactory(zurueckgezogen=True)
    assert set(Interessenbekundung.objects.gueltige(heute)) == {gueltig, unbefristet}


def test_mit_feld_finds_the_aufgabenfeld_either_way():
    feld = AufgabenfeldFactory()
    InteressenbekundungFactory(aufgabenfeld=feld)
    teil = KooperationsfeldFactory(aufgabenfeld=feld)
    InteressenbekundungFactory(aufgabenfeld=None, kooperationsfeld=teil)
    assert set(Interessenbekundung.objects.mit_feld().values_list("feld_id", flat=True)) == {feld.pk}


def test_kooperation_goes_with_its_beteiligungen():
    beteiligung = BeteiligungFactory()
    beteiligung.kooperation.delete()
    assert not Kooperation.objects.exists()
    assert not Beteiligung.objects.exists()


def test_names_of_rows_tell_what_they_are(kommune):
    kooperation = KooperationFactory(bezeichnung="Postverbund")
    assert str(BeteiligungFactory(kooperation=kooperation, kommune=kommune)) == "Musterstadt: Postverbund"
    assert str(InteressenbekundungFactory(kommune=kommune, aufgabenfeld__name="Bauhof")) == "Musterstadt: Bauhof"
    ohne_feld = InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, art=InteresseArt.INFO_AUSTAUSCH)
    assert str(ohne_feld) == "Musterstadt: Info-Austausch"
    assert str(RundenergebnisFactory(runde__name="Runde", aufgabenfeld__name="Kasse")) == "Runde: Kasse"
    assert str(ErhebungFactory(name="Erhebung 2013")) == "Erhebung 2013"
