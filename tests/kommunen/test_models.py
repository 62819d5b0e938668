from datetime import date

import pytest
from django.db import IntegrityError, connection

from kommunen.auswahl import GremiumArt, Rolle
from kommunen.models import Gremium, Kommune, Konto
from kommunen.models.kommune import groessenklasse
from tests.fabriken.kommunen import (
    EinwohnerstandFactory,
    GremiumFactory,
    KommuneFactory,
    KontoFactory,
    SitzFactory,
    VerbundFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ags", ["1234567", "06433", "0643301a", ""])
def test_kommune_refuses_ags_that_has_not_eight_digits(ags):
    with pytest.raises(IntegrityError, match="ags_gueltig"):
        KommuneFactory(ags=ags)


def test_kreis_refuses_ags_of_a_town():
    with pytest.raises(IntegrityError, match="ags_gueltig"):
        KommuneFactory(kreis=True, ags="06433001")


def test_ags_is_checked_against_raw_sql():
    kommune = KommuneFactory()
    with pytest.raises(IntegrityError, match="ags_gueltig"), connection.cursor() as cursor:
        cursor.execute("UPDATE kommunen_kommune SET ags = '42' WHERE id = %s", [kommune.pk])


def test_kommunen_stand_in_german_order_with_the_kreis_last():
    KommuneFactory(kreis=True, name="Aa-Kreis")
    for name in ("Zell", "Öhringen", "Ober-Olm"):
        KommuneFactory(name=name)
    assert [kommune.name for kommune in Kommune.objects.all()] == ["Ober-Olm", "Öhringen", "Zell", "Aa-Kreis"]


def test_kachel_holds_one_kommune():
    KommuneFactory(kachel_zeile=1, kachel_spalte=1)
    with pytest.raises(IntegrityError, match="kachel_eindeutig"):
        KommuneFactory(kachel_zeile=1, kachel_spalte=1)


def test_einwohnerstand_is_one_per_kommune_and_day():
    stand = EinwohnerstandFactory()
    with pytest.raises(IntegrityError, match="stichtag_eindeutig"):
        EinwohnerstandFactory(kommune=stand.kommune, stichtag=stand.stichtag)


def test_mit_einwohnern_takes_the_newest_figure_up_to_the_day():
    kommune = KommuneFactory()
    for jahr, zahl in ((2019, 100), (2021, 300), (2020, 200)):
        EinwohnerstandFactory(kommune=kommune, stichtag=date(jahr, 12, 31), einwohner=zahl)
    assert Kommune.objects.mit_einwohnern().get().einwohner == 300
    assert Kommune.objects.mit_einwohnern(date(2020, 12, 31)).get().einwohner == 200
    assert Kommune.objects.mit_einwohnern(date(2018, 1, 1)).get().einwohner is None


@pytest.mark.parametrize(
    ("einwohner", "klasse"),
    [
        (None, "nicht bekannt"),
        (4_999, "unter 5.000"),
        (5_000, "5.000 bis 9.999"),
        (49_999, "20.000 bis 49.999"),
        (50_000, "50.000 und mehr"),
    ],
)
def test_groessenklasse_at_its_bounds(einwohner, klasse):
    assert groessenklasse(einwohner) == klasse


def test_kommune_has_one_active_head():
    spitze = KontoFactory(buergermeister=True)
    with pytest.raises(IntegrityError, match="eine_spitze"):
        KontoFactory(buergermeister=True, kommune=spitze.kommune)


def test_kommune_may_have_a_new_head_when_the_old_one_is_inactive():
    alte = KontoFactory(buergermeister=True, is_active=False)
    KontoFactory(buergermeister=True, kommune=alte.kommune)
    assert Konto.objects.filter(rolle=Rolle.BUERGERMEISTER).count() == 2


@pytest.mark.parametrize("rolle", [Rolle.KONTAKT, Rolle.BUERGERMEISTER])
def test_konto_that_acts_for_a_kommune_has_one(rolle):
    with pytest.raises(IntegrityError, match="rolle_mit_kommune"):
        KontoFactory(rolle=rolle, kommune=None)


def test_email_is_unique_whatever_its_case():
    KontoFactory(email="kontakt@ikz.example")
    with pytest.raises(IntegrityError, match="email_eindeutig"):
        KontoFactory(email="Kontakt@ikz.example")


def test_verbund_is_one():
    VerbundFactory()
    with pytest.raises(IntegrityError, match="nur_einer"):
        VerbundFactory(id=2)


def test_sitze_of_the_same_kommune_do_not_overlap():
    sitz = SitzFactory(von=date(2020, 1, 1), bis=date(2022, 1, 1))
    with pytest.raises(IntegrityError, match="ueberschneidungsfrei"):
        SitzFactory(gremium=sitz.gremium, kommune=sitz.kommune, von=date(2021, 12, 31))


def test_sitz_may_begin_when_the_one_before_ends():
    sitz = SitzFactory(von=date(2020, 1, 1), bis=date(2022, 1, 1))
    neuer = SitzFactory(gremium=sitz.gremium, kommune=sitz.kommune, von=date(2022, 1, 1))
    assert list(sitz.gremium.sitze.am(date(2021, 12, 31))) == [sitz]
    assert list(sitz.gremium.sitze.am(date(2022, 1, 1))) == [neuer]


def test_second_sitz_is_for_the_stammgruppe_only():
    sitz = SitzFactory(gremium=GremiumFactory(art=GremiumArt.LENKUNGSGRUPPE))
    with pytest.raises(IntegrityError, match="Nur die Stammgruppe"):
        SitzFactory(gremium=sitz.gremium, kommune=sitz.kommune, nummer=2)


def test_stammgruppe_has_two_sitze_but_no_third():
    stammgruppe = GremiumFactory(art=GremiumArt.STAMMGRUPPE)
    sitz = SitzFactory(gremium=stammgruppe)
    SitzFactory(gremium=stammgruppe, kommune=sitz.kommune, nummer=2)
    assert stammgruppe.sitze.count() == 2
    with pytest.raises(IntegrityError, match="hoechstens_zwei"):
        SitzFactory(gremium=stammgruppe, kommune=sitz.kommune, nummer=3)


@pytest.mark.parametrize(
    ("tag", "genauigkeit"),
    [
        (None, "tag"),
        (date(2015, 3, 2), "unbekannt"),
        (date(2015, 3, 2), "monat"),
        (date(2015, 3, 1), "jahr"),
        (None, "offen"),
    ],
)
def test_gremium_refuses_a_day_that_contradicts_its_precision(tag, genauigkeit):
    with pytest.raises(IntegrityError, match="gebildet_genau"):
        GremiumFactory(gebildet=tag, gebildet_genauigkeit=genauigkeit)


@pytest.mark.parametrize(
    ("tag", "genauigkeit"),
    [(None, "unbekannt"), (date(2015, 3, 2), "tag"), (date(2015, 3, 1), "monat"), (date(2015, 1, 1), "jahr")],
)
def test_gremium_takes_a_day_that_fits_its_precision(tag, genauigkeit):
    GremiumFactory(gebildet=tag, gebildet_genauigkeit=genauigkeit)
    assert Gremium.objects.get().gebildet == tag
