"""Joining, changing, leaving are dated; a typing error is put right; nothing ever overlaps."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from bestandsaufnahme.abfragen.kooperation.beteiligung import fassung
from bestandsaufnahme.ablaeufe import beteiligung as ablauf
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft
from bestandsaufnahme.models import Bestaetigung, Beteiligung, Kooperation
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Aenderung, Statuswechsel
from ikz_portal.basis.zeit import tag_danach
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import BeteiligungFactory, ErhebungFactory, KooperationFactory
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

pytestmark = pytest.mark.django_db

BESTEHT = {"status": BeteiligungStatus.BESTEHT, "rolle": BeteiligungRolle.BETEILIGT, "herkunft": Herkunft.BESCHLUSS}
FUEHRT = BESTEHT | {"rolle": BeteiligungRolle.FEDERFUEHREND}
VORGESEHEN = BESTEHT | {"status": BeteiligungStatus.VORGESEHEN}


def tag(jahr: int, monat: int = 1, tag_: int = 1) -> date:
    return date(jahr, monat, tag_)


@pytest.fixture
def kooperation(db: None) -> Kooperation:
    return KooperationFactory(bezeichnung="Postverbund")


@pytest.fixture
def eintragen(kooperation: Kooperation, kommune: Kommune, geschaeftsstelle: Konto) -> Any:
    def tun(ab: date, **angaben: Any) -> Beteiligung:
        werte = {"kooperation": kooperation, "kommune": kommune, "durch": geschaeftsstelle, **BESTEHT, **angaben}
        return ablauf.eintragen(ab=ab, **werte)

    return tun


def spannen(kooperation: Kooperation) -> list[tuple[str, str, date, date | None]]:
    werte = kooperation.beteiligungen.order_by("kommune__name", "gilt_ab")
    return [(eine.status, eine.rolle, eine.gilt_ab, eine.gilt_bis) for eine in werte]


def ueberschneidung() -> Any:
    return pytest.raises(IntegrityError, match="ueberschneidungsfrei")


def saetze(fehler: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    return fehler.value.messages


# --- from a day on ----------------------------------------------------------------------------------------------------
def test_eintragen_ends_what_was_before_and_keeps_it(kooperation: Kooperation, eintragen: Any) -> None:
    eintragen(tag(2013))
    eintragen(tag(2020), **FUEHRT)

    assert spannen(kooperation) == [
        ("besteht", "beteiligt", tag(2013), tag(2020)),
        ("besteht", "federfuehrend", tag(2020), None),
    ]


def test_eintragen_what_holds_already_changes_nothing(kooperation: Kooperation, eintragen: Any) -> None:
    erste = eintragen(tag(2013))
    vorher = Aenderung.objects.count()

    assert eintragen(tag(2020), herkunft=Herkunft.FUSSNOTE) == erste
    assert Aenderung.objects.count() == vorher
    assert spannen(kooperation) == [("besteht", "beteiligt", tag(2013), None)]


def test_eintragen_on_the_first_day_of_a_span_corrects_it(kooperation: Kooperation, eintragen: Any) -> None:
    eintragen(tag(2013))
    eintragen(tag(2013), **FUEHRT)

    assert spannen(kooperation) == [("besteht", "federfuehrend", tag(2013), None)]


def test_eintragen_before_a_later_span_lasts_until_it(kooperation: Kooperation, eintragen: Any) -> None:
    eintragen(tag(2020))
    eintragen(tag(2013), **VORGESEHEN)

    assert spannen(kooperation) == [
        ("vorgesehen", "beteiligt", tag(2013), tag(2020)),
        ("besteht", "beteiligt", tag(2020), None),
    ]


def test_eintragen_within_a_span_keeps_its_end(kooperation: Kooperation, eintragen: Any, kommune: Kommune) -> None:
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, gilt_ab=tag(2013), gilt_bis=tag(2020))
    eintragen(tag(2015), **FUEHRT)

    assert spannen(kooperation) == [
        ("besteht", "beteiligt", tag(2013), tag(2015)),
        ("besteht", "federfuehrend", tag(2015), tag(2020)),
    ]


def test_eintragen_before_a_span_of_a_round_is_ended_by_that_round(
    kooperation: Kooperation, eintragen: Any, kommune: Kommune
) -> None:
    """Else its end would tell when the round says that something changes."""
    runde = ErhebungFactory(veroeffentlicht=False)
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, gilt_ab=tag(2020), erhebung=runde)

    neue = eintragen(tag(2013), **VORGESEHEN)

    assert (neue.gilt_bis, neue.beendet_durch) == (tag(2020), runde)


def test_eintragen_after_the_end_of_the_kooperation_is_refused(kooperation: Kooperation, eintragen: Any) -> None:
    Kooperation.objects.update(bis=tag(2015, 6, 30), bis_genauigkeit="tag")

    with pytest.raises(ValidationError) as fehler:
        eintragen(tag(2015, 7, 1))
    assert fehler.value.message_dict == {
        "ab": ["Die Kooperation ist am 30.06.2015 beendet. Bitte nennen Sie einen früheren Tag."]
    }
    eintragen(tag(2015, 6, 30))
    assert spannen(kooperation) == [("besteht", "beteiligt", tag(2015, 6, 30), tag(2015, 7, 1))]


@pytest.mark.parametrize(
    ("genauigkeit", "ende"), [("tag", tag(2015, 2, 1)), ("monat", tag(2015, 2, 28)), ("jahr", tag(2015, 12, 31))]
)
def test_a_span_entered_later_lasts_no_longer_than_the_kooperation(
    kooperation: Kooperation, eintragen: Any, genauigkeit: str, ende: date
) -> None:
    bis = tag(2015) if genauigkeit == "jahr" else tag(2015, 2)
    Kooperation.objects.update(bis=bis, bis_genauigkeit=genauigkeit)

    assert eintragen(tag(2013)).gilt_bis == tag_danach(ende)


@pytest.mark.parametrize(
    ("angaben", "satz"),
    [
        ({"herkunft": Herkunft.ERHEBUNG}, "Bitte nennen Sie die Erhebung, aus der die Angabe stammt."),
        ({"vorgesehen_bis": tag(2014)}, "Ein Datum „vorgesehen bis“ hat nur, was vorgesehen ist."),
        ({"rolle": "chef"}, "Bitte wählen Sie einen der angebotenen Werte."),
    ],
)
def test_eintragen_refuses_what_breaks_a_rule(eintragen: Any, angaben: dict[str, Any], satz: str) -> None:
    with pytest.raises(ValidationError) as fehler:
        eintragen(tag(2013), **angaben)
    assert satz in saetze(fehler)
    assert not Beteiligung.objects.exists()


# --- join, change, leave ----------------------------------------------------------------------------------------------
def test_aufnehmen_refuses_who_takes_part_already(
    kooperation: Kooperation, kommune: Kommune, geschaeftsstelle: Konto, eintragen: Any
) -> None:
    eintragen(tag(2013))

    with pytest.raises(ValidationError) as fehler:
        ablauf.aufnehmen(kooperation=kooperation, kommune=kommune, ab=tag(2020), durch=geschaeftsstelle, **FUEHRT)
    assert list(fehler.value.message_dict) == ["kommune"]
    assert spannen(kooperation) == [("besteht", "beteiligt", tag(2013), None)]


def test_a_kommune_may_leave_and_join_again(
    kooperation: Kooperation, kommune: Kommune, geschaeftsstelle: Konto, eintragen: Any
) -> None:
    werte = {"kooperation": kooperation, "kommune": kommune, "durch": geschaeftsstelle}
    eintragen(tag(2013))
    ablauf.beenden(letzter_tag=tag(2015, 12, 31), **werte)
    ablauf.aufnehmen(ab=tag(2020), **werte, **FUEHRT)

    assert spannen(kooperation) == [
        ("besteht", "beteiligt", tag(2013), tag(2016)),
        ("besteht", "federfuehrend", tag(2020), None),
    ]


def test_aendern_from_a_day_on(kooperation: Kooperation, geschaeftsstelle: Konto, eintragen: Any) -> None:
    erste = eintragen(tag(2013), **VORGESEHEN, vorgesehen_bis=tag(2014))
    ablauf.aendern(beteiligung=erste, gelesen=fassung(erste), ab=tag(2014, 5, 1), durch=geschaeftsstelle, **BESTEHT)

    assert spannen(kooperation) == [
        ("vorgesehen", "beteiligt", tag(2013), tag(2014, 5, 1)),
        ("besteht", "beteiligt", tag(2014, 5, 1), None),
    ]


@pytest.mark.parametrize(
    ("ab", "satz"),
    [
        (tag(2013), "Bitte nennen Sie einen Tag nach dem 01.01.2013 und vor dem 01.01.2020."),
        (tag(2012), "Bitte nennen Sie einen Tag nach dem 01.01.2013 und vor dem 01.01.2020."),
        (tag(2020), "Bitte nennen Sie einen Tag nach dem 01.01.2013 und vor dem 01.01.2020."),
    ],
)
def test_aendern_outside_of_the_span_is_refused(geschaeftsstelle: Konto, ab: date, satz: str) -> None:
    eine = BeteiligungFactory(gilt_ab=tag(2013), gilt_bis=tag(2020))

    with pytest.raises(ValidationError) as fehler:
        ablauf.aendern(beteiligung=eine, gelesen=fassung(eine), ab=ab, durch=geschaeftsstelle, **FUEHRT)
    assert fehler.value.message_dict == {"ab": [satz]}


def test_aendern_without_a_change_is_refused(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(gilt_ab=tag(2013))

    with pytest.raises(ValidationError, match="Es hat sich nichts geändert"):
        ablauf.aendern(beteiligung=eine, gelesen=fassung(eine), ab=tag(2014), durch=geschaeftsstelle, **BESTEHT)


def test_beenden_keeps_the_last_day(kooperation: Kooperation, kommune: Kommune, geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(kooperation=kooperation, kommune=kommune, gilt_ab=tag(2013))
    ablauf.austreten(beteiligung=eine, gelesen=fassung(eine), letzter_tag=tag(2015, 12, 31), durch=geschaeftsstelle)

    am = [kooperation.beteiligungen.am(t).exists() for t in (tag(2015, 12, 31), tag(2016))]
    assert am == [True, False]


@pytest.mark.parametrize("letzter_tag", [tag(2012, 12, 31), tag(2020)])
def test_austreten_outside_of_the_span_is_refused(geschaeftsstelle: Konto, letzter_tag: date) -> None:
    eine = BeteiligungFactory(gilt_ab=tag(2013), gilt_bis=tag(2020))

    with pytest.raises(ValidationError) as fehler:
        ablauf.austreten(beteiligung=eine, gelesen=fassung(eine), letzter_tag=letzter_tag, durch=geschaeftsstelle)
    assert fehler.value.message_dict == {
        "letzter_tag": ["Bitte nennen Sie einen Tag ab dem 01.01.2013, vor dem 01.01.2020."]
    }


def test_beenden_of_who_takes_no_part_is_refused(
    kooperation: Kooperation, kommune: Kommune, geschaeftsstelle: Konto
) -> None:
    with pytest.raises(ValidationError, match=r"Musterstadt ist am 01.01.2015 nicht an „Postverbund“ beteiligt\."):
        ablauf.beenden(kooperation=kooperation, kommune=kommune, letzter_tag=tag(2015), durch=geschaeftsstelle)


def test_beenden_before_a_change_that_follows_at_once_is_refused(
    kooperation: Kooperation, kommune: Kommune, geschaeftsstelle: Konto, eintragen: Any
) -> None:
    """Whoever leaves doesn't come back by a change that was entered for later."""
    eintragen(tag(2013))
    eintragen(tag(2020), **FUEHRT)

    with pytest.raises(ValidationError, match=r"ab dem 01.01.2020 schon eine weitere Beteiligung"):
        ablauf.beenden(kooperation=kooperation, kommune=kommune, letzter_tag=tag(2015), durch=geschaeftsstelle)
    assert spannen(kooperation)[0][3] == tag(2020)


@pytest.mark.parametrize(
    ("fall", "erwartet"), [((None, "neue"), None), (("alte", "neue"), "alte"), (("alte", None), None)]
)
def test_who_ended_a_span_first_is_remembered_but_an_open_word_makes_it_known(
    kooperation: Kooperation, kommune: Kommune, geschaeftsstelle: Konto, fall: tuple[Any, Any], erwartet: Any
) -> None:
    vorher, nachher = fall
    runden = {"alte": ErhebungFactory(name="alte"), "neue": ErhebungFactory(name="neue"), None: None}
    eine = BeteiligungFactory(
        kooperation=kooperation, kommune=kommune, gilt_bis=tag(2020), beendet_durch=runden[vorher]
    )
    ablauf.beenden(
        kooperation=kooperation,
        kommune=kommune,
        letzter_tag=tag(2019, 12, 31),
        erhebung=runden[nachher],
        durch=geschaeftsstelle,
    )
    eine.refresh_from_db()
    assert eine.beendet_durch == runden[erwartet]


# --- corrected --------------------------------------------------------------------------------------------------------
def test_berichtigen_changes_this_row_as_if_it_always_was_so(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(gilt_ab=tag(2013), gilt_bis=tag(2020), beendet_durch=ErhebungFactory())
    ablauf.berichtigen(
        beteiligung=eine,
        gelesen=fassung(eine),
        gilt_ab=tag(2012),
        letzter_tag=tag(2018, 12, 31),
        durch=geschaeftsstelle,
        **FUEHRT,
    )
    eine.refresh_from_db()
    assert (eine.rolle, eine.gilt_ab, eine.gilt_bis, eine.beendet_durch) == (
        "federfuehrend",
        tag(2012),
        tag(2019),
        None,
    )


def test_berichtigen_keeps_the_round_that_ended_it_where_the_end_stays(geschaeftsstelle: Konto) -> None:
    runde = ErhebungFactory()
    eine = BeteiligungFactory(gilt_ab=tag(2013), gilt_bis=tag(2020), beendet_durch=runde)
    ablauf.berichtigen(
        beteiligung=eine,
        gelesen=fassung(eine),
        gilt_ab=tag(2013),
        letzter_tag=tag(2019, 12, 31),
        durch=geschaeftsstelle,
        **FUEHRT,
    )
    eine.refresh_from_db()
    assert eine.beendet_durch == runde


@pytest.mark.parametrize(
    ("gilt_ab", "letzter_tag", "satz"),
    [
        (tag(2014), tag(2013), "Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide."),
        (tag(2014), None, "Diese Kommune ist in der Zeit schon an der Kooperation beteiligt."),
        (tag(2014), tag(2020), "Diese Kommune ist in der Zeit schon an der Kooperation beteiligt."),
    ],
)
def test_berichtigen_refuses_an_impossible_span(
    geschaeftsstelle: Konto, gilt_ab: date, letzter_tag: date | None, satz: str
) -> None:
    eine = BeteiligungFactory(gilt_ab=tag(2013), gilt_bis=tag(2015))
    BeteiligungFactory(kooperation=eine.kooperation, kommune=eine.kommune, gilt_ab=tag(2020))

    with pytest.raises(ValidationError) as fehler:
        ablauf.berichtigen(
            beteiligung=eine,
            gelesen=fassung(eine),
            gilt_ab=gilt_ab,
            letzter_tag=letzter_tag,
            durch=geschaeftsstelle,
            **BESTEHT,
        )
    assert saetze(fehler) == [satz]


def test_berichtigen_does_not_outlast_the_kooperation(geschaeftsstelle: Konto) -> None:
    kooperation = KooperationFactory(bis=tag(2015), bis_genauigkeit="jahr")
    eine = BeteiligungFactory(kooperation=kooperation, gilt_ab=tag(2013), gilt_bis=tag(2016))
    werte = {"beteiligung": eine, "gelesen": fassung(eine), "gilt_ab": tag(2013), "durch": geschaeftsstelle, **BESTEHT}

    for letzter_tag in (None, tag(2016)):
        with pytest.raises(ValidationError, match=r"Die Kooperation endet am 31.12.2015\."):
            ablauf.berichtigen(letzter_tag=letzter_tag, **werte)
    assert ablauf.berichtigen(letzter_tag=tag(2014), **werte).gilt_bis == tag(2014, 1, 2)


def test_entfernen_takes_the_row_away_and_keeps_the_reason(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(kommune=kommune)
    schluessel = eine.pk
    with protokoll.umstaende(quelle="/", konto=geschaeftsstelle.pk):
        ablauf.entfernen(
            beteiligung=eine,
            gelesen=fassung(eine),
            grund=" In die falsche Spalte geraten. ",
            durch=geschaeftsstelle,
            heute=tag(2026),
        )
    assert not Beteiligung.objects.exists()
    wechsel = Statuswechsel.objects.get(objekt_id=schluessel)
    assert (wechsel.von, wechsel.nach, wechsel.gueltig_ab) == ("besteht", "entfernt", tag(2026))
    assert (wechsel.durch, wechsel.grund) == (geschaeftsstelle, "In die falsche Spalte geraten.")
    geloescht = Aenderung.objects.von(eine.kooperation).get(art="loeschung")
    assert (geloescht.konto, geloescht.stand["kommune_id"]) == (geschaeftsstelle, kommune.pk)


def test_entfernen_asks_for_a_reason(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory()
    with pytest.raises(ValidationError) as fehler:
        ablauf.entfernen(beteiligung=eine, gelesen=fassung(eine), grund="  ", durch=geschaeftsstelle, heute=tag(2026))
    assert list(fehler.value.message_dict) == ["grund"]
    assert Beteiligung.objects.exists()


def test_no_step_overwrites_what_was_not_read(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(gilt_ab=tag(2013))
    werte: dict[str, Any] = {"beteiligung": eine, "gelesen": fassung(eine), "durch": geschaeftsstelle}
    Beteiligung.objects.update(rolle=BeteiligungRolle.LEISTUNGSEMPFAENGER)

    for tun in (
        lambda: ablauf.aendern(ab=tag(2014), **werte, **FUEHRT),
        lambda: ablauf.austreten(letzter_tag=tag(2014), **werte),
        lambda: ablauf.berichtigen(gilt_ab=tag(2012), letzter_tag=None, **werte, **FUEHRT),
        lambda: ablauf.entfernen(grund="Irrtum", heute=tag(2026), **werte),
    ):
        with pytest.raises(ValidationError) as fehler:
            tun()
        assert fehler.value.code == "veraltet"
    assert spannen(eine.kooperation) == [("besteht", "leistungsempfaenger", tag(2013), None)]


def test_a_row_that_is_gone_is_refused_too(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory()
    gelesen = fassung(eine)
    Beteiligung.objects.all().delete()

    with pytest.raises(ValidationError, match="inzwischen geändert"):
        ablauf.austreten(beteiligung=eine, gelesen=gelesen, letzter_tag=tag(2014), durch=geschaeftsstelle)


# --- confirmed --------------------------------------------------------------------------------------------------------
def test_gilt_noch_is_on_record_once_a_day(kommune: Kommune, buergermeister: Konto) -> None:
    eine = BeteiligungFactory(kommune=kommune)
    for _ in range(2):
        ablauf.gilt_noch(kooperation=eine.kooperation, kommune=kommune, durch=buergermeister, heute=tag(2026))

    bestaetigung = Bestaetigung.objects.get()
    assert (bestaetigung.kommune, bestaetigung.am, bestaetigung.erhebung) == (kommune, tag(2026), None)
    assert (bestaetigung.durch, bestaetigung.fuer) == (buergermeister, None)


def test_gilt_noch_in_the_place_of_the_head_names_both(kommune: Kommune, buergermeister: Konto) -> None:
    vertreter = KontoFactory(kommune=kommune)
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)
    eine = BeteiligungFactory(kommune=kommune)
    with protokoll.umstaende(quelle="/", konto=vertreter.pk):
        ablauf.gilt_noch(kooperation=eine.kooperation, kommune=kommune, durch=vertreter, heute=tag(2026))

    bestaetigung = Bestaetigung.objects.get()
    assert (bestaetigung.durch, bestaetigung.fuer) == (vertreter, buergermeister)
    eintrag = Aenderung.objects.filter(tabelle=Bestaetigung._meta.db_table).get()
    assert (eintrag.konto, eintrag.fuer) == (vertreter, buergermeister)


@pytest.mark.parametrize("spanne", [{"gilt_ab": tag(2027)}, {"gilt_ab": tag(2013), "gilt_bis": tag(2026)}])
def test_gilt_noch_of_who_takes_no_part_today_is_refused(
    kommune: Kommune, buergermeister: Konto, spanne: dict[str, date]
) -> None:
    eine = BeteiligungFactory(kommune=kommune, **spanne)

    with pytest.raises(ValidationError, match="Musterstadt ist heute nicht an"):
        ablauf.gilt_noch(kooperation=eine.kooperation, kommune=kommune, durch=buergermeister, heute=tag(2026))
    assert not Bestaetigung.objects.exists()


# --- the database has the last word -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ab", "bis"), [("2019-12-31", None), ("2012-01-01", "2013-01-02"), ("2014-01-01", "2015-01-01")]
)
def test_overlapping_spans_are_refused_in_raw_sql(ab: str, bis: str | None) -> None:
    erste = BeteiligungFactory(gilt_ab=tag(2013), gilt_bis=tag(2020))
    befehl = (
        "INSERT INTO bestandsaufnahme_beteiligung (kooperation_id, kommune_id, status, rolle, herkunft, gilt_ab, "
        "gilt_bis) VALUES (%s, %s, 'besteht', 'beteiligt', 'fussnote', %s, %s)"
    )
    with (
        pytest.raises(IntegrityError, match="ueberschneidungsfrei"),
        transaction.atomic(),
        connection.cursor() as zeiger,
    ):
        zeiger.execute(befehl, [erste.kooperation_id, erste.kommune_id, ab, bis])
    assert Beteiligung.objects.count() == 1


def test_an_overlap_by_update_is_refused_in_raw_sql() -> None:
    erste = BeteiligungFactory(gilt_ab=tag(2013), gilt_bis=tag(2015))
    BeteiligungFactory(kooperation=erste.kooperation, kommune=erste.kommune, gilt_ab=tag(2015))
    befehl = "UPDATE bestandsaufnahme_beteiligung SET gilt_bis = NULL WHERE id = %s"

    with (
        pytest.raises(IntegrityError, match="ueberschneidungsfrei"),
        transaction.atomic(),
        connection.cursor() as zeiger,
    ):
        zeiger.execute(befehl, [erste.pk])


# --- what a round that isn't public did -------------------------------------------------------------------------------
def test_ende_without_a_secret_round_lasts_until_the_next_known_row() -> None:
    runde = ErhebungFactory(veroeffentlicht=False)
    erste = BeteiligungFactory(gilt_ab=tag(2013), gilt_bis=tag(2020), beendet_durch=runde)
    werte = {"kooperation": erste.kooperation, "kommune": erste.kommune}
    BeteiligungFactory(**werte, gilt_ab=tag(2020), gilt_bis=tag(2022), erhebung=runde)
    dritte = BeteiligungFactory(**werte, gilt_ab=tag(2022))

    bekannte = Beteiligung.objects.exclude(erhebung=runde.pk).mit_ende(ohne=[runde.pk]).order_by("gilt_ab")
    assert [(eine.pk, eine.ende) for eine in bekannte] == [(erste.pk, tag(2022)), (dritte.pk, None)]
    assert [eine.pk for eine in bekannte.am(tag(2021))] == [erste.pk]
    assert [eine.pk for eine in bekannte.am(tag(2023))] == [dritte.pk]
