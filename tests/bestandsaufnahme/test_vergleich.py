"""What became of the matrix between two days: the operations change it, the comparison tells it."""

import re
from datetime import date
from typing import Any

import pytest

from bestandsaufnahme.abfragen.vergleich import vergleich as abfragen
from bestandsaufnahme.abfragen.vergleich import vergleich_zeilen
from bestandsaufnahme.ablaeufe import beteiligung, kooperation
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft, Rechtsform, Veraenderung
from bestandsaufnahme.models import Beteiligung, Kooperation, Kooperationsstand
from ikz_portal.basis.auswahl import Genauigkeit
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
)
from tests.fabriken.kommunen import KommuneFactory

pytestmark = pytest.mark.django_db
VON, TAG, BIS = date(2013, 6, 30), date(2019, 1, 1), date(2022, 5, 19)
NEU, WEG, GEAENDERT = Veraenderung.NEU, Veraenderung.WEGGEFALLEN, Veraenderung.GEAENDERT


@pytest.fixture
def post() -> Kooperation:
    return KooperationFactory(bezeichnung="Postverbund", rechtsform=Rechtsform.INFORMELL)


def vergleichen(*kommunen: Kommune, von: date = VON, bis: date = BIS, geheime: tuple[int, ...] = ()) -> Any:
    gefragte = kommunen or tuple(Kommune.objects.all())
    spannen = Beteiligung.objects.mit_ende(ohne=geheime).exclude(erhebung__in=geheime)
    return abfragen.vergleich(spannen.am(von) | spannen.am(bis), von=von, bis=bis, kommunen=gefragte, geheime=geheime)


def erzaehlt(bild: abfragen.Vergleich) -> list[tuple[str, str, str, str]]:
    """Return what the list says, row by row."""
    gruppen = vergleich_zeilen.gruppen(bild.aenderungen, list(Kommune.objects.all()))
    return [
        (satz.art.value, satz.wer, satz.vorher, satz.nachher)
        for gruppe in gruppen
        for zeile in gruppe.zeilen
        for satz in zeile.saetze
    ]


def eintragen(post: Kooperation, kommune: Kommune, durch: Konto, **werte: Any) -> None:
    beteiligung.eintragen(
        **{
            "kooperation": post,
            "kommune": kommune,
            "ab": TAG,
            "status": BeteiligungStatus.BESTEHT,
            "rolle": BeteiligungRolle.BETEILIGT,
            "herkunft": Herkunft.BESCHLUSS,
            "durch": durch,
            **werte,
        }
    )


# --- marks ------------------------------------------------------------------------------------------------------------
def test_joining_is_new(post, kommune, andere_kommune, geschaeftsstelle):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    eintragen(post, andere_kommune, geschaeftsstelle, status="vorgesehen", vorgesehen_bis=date(2026, 12, 31))

    bild = vergleichen()

    assert erzaehlt(bild) == [("neu", "Nachbarstadt", "", "vorgesehen bis 31.12.2026")]
    assert (bild.satz, bild.gleiche) == ("1 Zeichen neu", 1)


def test_leaving_is_gone_from_the_day_after(post, kommune, andere_kommune, geschaeftsstelle):
    BeteiligungFactory(kooperation=post, kommune=andere_kommune)
    BeteiligungFactory(kooperation=post, kommune=kommune, rolle=BeteiligungRolle.FEDERFUEHREND)
    beteiligung.beenden(kooperation=post, kommune=kommune, letzter_tag=TAG, durch=geschaeftsstelle)

    assert erzaehlt(vergleichen(bis=TAG)) == []
    assert erzaehlt(vergleichen(bis=date(2019, 1, 2))) == [("weggefallen", "Musterstadt", "besteht, federführend", "")]


def test_other_status_and_role_are_a_change(post, kommune, geschaeftsstelle):
    BeteiligungFactory(kooperation=post, kommune=kommune, status=BeteiligungStatus.VORGESEHEN)
    eintragen(post, kommune, geschaeftsstelle, rolle=BeteiligungRolle.LEISTUNGSEMPFAENGER)

    bild = vergleichen()

    assert erzaehlt(bild) == [("geaendert", "Musterstadt", "vorgesehen", "besteht, Leistungsempfänger")]
    assert bild.satz == "1 Zeichen geändert"


def test_other_date_of_what_is_planned_is_a_change(post, kommune, geschaeftsstelle):
    plan = {"status": BeteiligungStatus.VORGESEHEN}
    BeteiligungFactory(kooperation=post, kommune=kommune, vorgesehen_bis=date(2020, 1, 1), **plan)
    eintragen(post, kommune, geschaeftsstelle, vorgesehen_bis=date(2024, 1, 1), **plan)

    assert erzaehlt(vergleichen()) == [
        ("geaendert", "Musterstadt", "vorgesehen bis 01.01.2020", "vorgesehen bis 01.01.2024")
    ]


def test_same_state_in_another_span_is_no_change(post, kommune):
    BeteiligungFactory(kooperation=post, kommune=kommune, gilt_bis=TAG)
    BeteiligungFactory(kooperation=post, kommune=kommune, gilt_ab=TAG, herkunft=Herkunft.BESCHLUSS)

    assert vergleichen().aenderungen == []


def test_what_came_and_went_in_between_is_no_change(post, kommune, andere_kommune):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    BeteiligungFactory(kooperation=post, kommune=andere_kommune, gilt_ab=TAG, gilt_bis=date(2020, 1, 1))

    assert vergleichen().aenderungen == []


def test_kommunen_to_whom_the_same_happened_are_told_together(post, kommune, andere_kommune, geschaeftsstelle):
    for eine in (kommune, andere_kommune):
        eintragen(post, eine, geschaeftsstelle)

    bild = vergleichen()

    assert erzaehlt(bild) == [("neu", "Musterstadt, Nachbarstadt", "", "besteht")]
    assert bild.satz == "2 Zeichen neu; 1 Kooperation neu"


# --- rows -------------------------------------------------------------------------------------------------------------
def test_kooperation_with_its_first_mark_is_new_and_with_it_its_field(post, kommune, geschaeftsstelle):
    eintragen(post, kommune, geschaeftsstelle)

    (eine,) = vergleichen().aenderungen
    assert (eine.art, eine.im_feld) == (NEU, NEU)


def test_second_kooperation_of_a_field_is_new_and_the_field_is_not(post, kommune, geschaeftsstelle):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    zweite = KooperationFactory(kooperationsfeld=post.kooperationsfeld, symbol="□")
    eintragen(zweite, kommune, geschaeftsstelle)

    (eine,) = vergleichen().aenderungen
    assert (eine.art, eine.im_feld, eine.gezeigt) == (NEU, None, zweite)


def test_ended_kooperation_is_gone_and_told_as_it_was(post, kommune, geschaeftsstelle):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    Kooperationsstand.objects.create(kooperation=post, bis=TAG, bezeichnung="Alte Post", rechtsform=post.rechtsform)
    kooperation.beenden(kooperation=post, letzter_tag=date(2020, 12, 31), durch=geschaeftsstelle)

    bild = vergleichen()

    (eine,) = bild.aenderungen
    assert (eine.art, eine.im_feld, eine.gezeigt.bezeichnung, eine.beschreibung) == (WEG, WEG, "Alte Post", [])
    assert bild.satz == "1 Zeichen weggefallen; 1 Kooperation weggefallen"


def test_other_words_are_told_with_both_states(post, kommune):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    post.externe_partner.set([ExternerPartnerFactory(name="Zustelldienst"), ExternerPartnerFactory(name="Amtspost")])
    Kooperationsstand.objects.create(
        kooperation=post, bis=TAG, bezeichnung="Briefverbund", rechtsform=Rechtsform.ZV, externe_partner=["Amtspost"]
    )

    bild = vergleichen()

    assert bild.satz == "1 Kooperation geändert"
    assert erzaehlt(bild) == [
        ("geaendert", "Bezeichnung", "Briefverbund", "Postverbund"),
        ("geaendert", "Rechtsform", Rechtsform.ZV.label, Rechtsform.INFORMELL.label),
        ("geaendert", "Externe Partner", "Amtspost", "Amtspost, Zustelldienst"),
    ]


def test_another_begin_that_a_round_told_is_a_change(post, kommune):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    Kooperation.objects.filter(pk=post.pk).update(seit=date(2015, 1, 1), seit_genauigkeit=Genauigkeit.JAHR)
    Kooperationsstand.objects.create(
        kooperation=post,
        bis=TAG,
        bezeichnung=post.bezeichnung,
        rechtsform=post.rechtsform,
        seit=date(2012, 1, 1),
        seit_genauigkeit=Genauigkeit.JAHR,
    )

    assert erzaehlt(vergleichen()) == [("geaendert", "Seit", "2012", "2015")]


@pytest.mark.parametrize(
    ("bis", "unterschiede"), [(date(2013, 6, 30), 0), (date(2013, 7, 1), 1), (BIS, 1), (date(2022, 5, 20), 0)]
)
def test_description_changes_on_its_day(post, kommune, bis, unterschiede):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    Kooperationsstand.objects.create(kooperation=post, bis=bis, bezeichnung="Briefverbund", rechtsform=post.rechtsform)

    assert len(vergleichen().aenderungen) == unterschiede


def test_description_that_changed_and_changed_back_is_no_change(post, kommune):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    for bis, name in ((TAG, "Postverbund"), (date(2020, 1, 1), "Briefverbund")):
        Kooperationsstand.objects.create(kooperation=post, bis=bis, bezeichnung=name, rechtsform=post.rechtsform)

    assert vergleichen().aenderungen == []


def test_order_is_that_of_the_matrix(post, kommune, geschaeftsstelle):
    spaeter = KooperationFactory(kooperationsfeld__aufgabenfeld__reihenfolge=30_000)
    frueher = KooperationFactory(kooperationsfeld__aufgabenfeld__reihenfolge=1)
    for eine in (spaeter, post, frueher):
        eintragen(eine, kommune, geschaeftsstelle)

    assert [eine.heute for eine in vergleichen().aenderungen] == [frueher, post, spaeter]


# --- one Kommune ------------------------------------------------------------------------------------------------------
def test_of_one_kommune_only_its_marks_are_told_and_the_kooperation_is_not_new(
    post, kommune, andere_kommune, geschaeftsstelle
):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    eintragen(post, andere_kommune, geschaeftsstelle)

    (eine,) = vergleichen(andere_kommune).aenderungen
    assert (eine.art, list(eine.zellen)) == (None, [andere_kommune.pk])
    assert vergleichen(kommune).aenderungen == []


def test_other_words_concern_those_who_take_part(post, kommune, andere_kommune):
    BeteiligungFactory(kooperation=post, kommune=kommune)
    BeteiligungFactory(kommune=andere_kommune)
    Kooperationsstand.objects.create(kooperation=post, bis=TAG, bezeichnung="Briefverbund", rechtsform=post.rechtsform)

    assert len(vergleichen(kommune).aenderungen) == 1
    assert vergleichen(andere_kommune).aenderungen == []


# --- what a round said that isn't public yet --------------------------------------------------------------------------
def test_round_that_is_secret_changed_nothing(post, kommune, andere_kommune, geschaeftsstelle):
    runde = ErhebungFactory(veroeffentlicht=False)
    BeteiligungFactory(kooperation=post, kommune=kommune)
    eintragen(post, andere_kommune, geschaeftsstelle, erhebung=runde, herkunft=Herkunft.ERHEBUNG)
    beteiligung.beenden(kooperation=post, kommune=kommune, letzter_tag=TAG, erhebung=runde, durch=geschaeftsstelle)
    Kooperationsstand.objects.create(
        kooperation=post, bis=TAG, bezeichnung="Briefverbund", rechtsform=post.rechtsform, erhebung=runde
    )

    assert vergleichen(geheime=(runde.pk,)).aenderungen == []
    assert vergleichen().satz == "1 Zeichen neu, 1 weggefallen; 1 Kooperation geändert"


# --- the cells and the file -------------------------------------------------------------------------------------------
def test_cell_says_what_happened_in_sign_and_words(post, kommune, andere_kommune, geschaeftsstelle):
    BeteiligungFactory(kooperation=post, kommune=andere_kommune)
    eintragen(post, kommune, geschaeftsstelle, rolle=BeteiligungRolle.FEDERFUEHREND)
    kommunen = [kommune, andere_kommune]

    ((zeile,),) = [gruppe.zeilen for gruppe in vergleich_zeilen.gruppen(vergleichen().aenderungen, kommunen)]

    neu, gleich = re.findall(r"<td>(.+?)</td>", zeile.zellen)
    assert f'class="zeichen vergleich-neu zeichen-federfuehrend" href="#geschehen-{post.pk}"' in neu
    assert re.findall(r"#([a-z-]+)\"/>", neu) == ["plus", "quadrat"]
    assert '<span class="zeichen-worte">Musterstadt: neu, besteht, federführend</span>' in neu
    assert 'class="zeichen vergleich-gleich"' in gleich
    assert re.findall(r"#([a-z-]+)\"/>", gleich) == ["quadrat"]
    assert "Nachbarstadt: unverändert, besteht" in gleich


def test_names_in_cells_are_text(post, geschaeftsstelle):
    eintragen(post, KommuneFactory(name="<b>Dorf"), geschaeftsstelle)

    ((zeile,),) = [
        gruppe.zeilen for gruppe in vergleich_zeilen.gruppen(vergleichen().aenderungen, list(Kommune.objects.all()))
    ]

    assert "&lt;b&gt;Dorf: neu" in zeile.zellen


def test_mark_of_an_example_round_says_so(post, kommune, andere_kommune, geschaeftsstelle):
    BeteiligungFactory(kooperation=post, kommune=andere_kommune)
    runde = ErhebungFactory(beispiel=True)
    eintragen(post, kommune, geschaeftsstelle, erhebung=runde, herkunft=Herkunft.ERHEBUNG)

    assert erzaehlt(vergleichen()) == [("neu", "Musterstadt", "", "besteht, Beispiel")]


def test_file_has_a_row_for_each_thing_with_both_states(post, kommune, andere_kommune, geschaeftsstelle):
    BeteiligungFactory(kooperation=post, kommune=kommune, status=BeteiligungStatus.VORGESEHEN)
    eintragen(post, kommune, geschaeftsstelle, rolle=BeteiligungRolle.FEDERFUEHREND)
    eintragen(post, andere_kommune, geschaeftsstelle)
    Kooperationsstand.objects.create(kooperation=post, bis=TAG, bezeichnung="Brief", rechtsform=post.rechtsform)

    zeilen = vergleich_zeilen.dateizeilen(vergleichen().aenderungen, [kommune, andere_kommune])

    assert [zeile[4:] for zeile in zeilen] == [
        (kommune.ags, "Musterstadt", "geändert", "Status", "vorgesehen", "besteht"),
        (kommune.ags, "Musterstadt", "geändert", "Rolle", "beteiligt", "federführend"),
        (andere_kommune.ags, "Nachbarstadt", "neu", "Beteiligung", "", "besteht"),
        ("", "", "geändert", "Bezeichnung", "Brief", "Postverbund"),
    ]
