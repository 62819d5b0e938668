from datetime import date

import pytest

from kommunen.abfragen.kommune import gemeinsamer_stichtag, kacheln, liste, passt_zur_klasse, untergrenzen
from kommunen.models import Kommune
from tests.fabriken.kommunen import EinwohnerstandFactory, KommuneFactory

TAG = date(2021, 12, 31)


@pytest.mark.parametrize(
    ("klasse", "einwohner", "passt"),
    [
        ("15.001–17.000", 17_000, True),
        ("15.001–17.000", 17_001, False),
        ("15.001–17.000", 15_000, False),
        ("34.000", 34_641, True),
        ("63.000", 66_125, False),
        ("groß", 1, False),
    ],
)
def test_passt_zur_klasse(klasse, einwohner, passt):
    assert passt_zur_klasse(klasse, einwohner) is passt


def test_untergrenzen_pair_bounds_with_names():
    assert untergrenzen()[:2] == [(0, "unter 5.000"), (5_000, "5.000 bis 9.999")]
    assert untergrenzen()[-1] == (50_000, "50.000 und mehr")


@pytest.mark.django_db
def test_gemeinsamer_stichtag_is_the_day_most_have_a_figure_for(kommune, andere_kommune):
    for eine in (kommune, andere_kommune):
        EinwohnerstandFactory(kommune=eine, stichtag=date(2019, 12, 31))
        EinwohnerstandFactory(kommune=eine, stichtag=TAG)
    EinwohnerstandFactory(kommune=kommune, stichtag=date(2023, 12, 31))
    assert gemeinsamer_stichtag(Kommune.objects.all()) == TAG


@pytest.mark.django_db
def test_gemeinsamer_stichtag_without_figures_is_none(kommune):
    assert gemeinsamer_stichtag(Kommune.objects.all()) is None


@pytest.mark.django_db
def test_liste_sums_the_towns_and_never_adds_the_kreis():
    for zahl, flaeche in ((10_000, "10.25"), (20_500, "1.50")):
        EinwohnerstandFactory(kommune=KommuneFactory(flaeche_km2=flaeche), einwohner=zahl)
    EinwohnerstandFactory(kommune=KommuneFactory(kreis=True, name="Der Kreis"), einwohner=30_500)
    ergebnis = liste(Kommune.objects.mit_einwohnern(TAG), stichtag=TAG)
    assert ergebnis.summe_einwohner == "30.500"
    assert ergebnis.summe_flaeche == "11,75"
    assert [zeile.name for zeile in ergebnis.kreis] == ["Der Kreis"]
    assert [zeile.klasse for zeile in ergebnis.kreis] == [""]
    assert len(ergebnis.staedte) == 2


@pytest.mark.django_db
def test_liste_marks_those_that_left_the_class_of_the_talk():
    EinwohnerstandFactory(kommune=KommuneFactory(name="A", groessenklasse_vortrag="10.000–15.000"), einwohner=15_001)
    EinwohnerstandFactory(kommune=KommuneFactory(name="B", groessenklasse_vortrag="10.000–15.000"), einwohner=15_000)
    EinwohnerstandFactory(kommune=KommuneFactory(name="C"), einwohner=15_000)
    ergebnis = liste(Kommune.objects.mit_einwohnern(), stichtag=TAG)
    assert {zeile.name: zeile.weicht_ab for zeile in ergebnis.staedte} == {"A": True, "B": False, "C": False}
    assert ergebnis.abweichungen == 1


@pytest.mark.django_db
def test_liste_names_the_day_of_a_figure_that_is_older():
    EinwohnerstandFactory(kommune=KommuneFactory(name="A"), stichtag=TAG)
    EinwohnerstandFactory(kommune=KommuneFactory(name="B"), stichtag=date(2019, 12, 31))
    KommuneFactory(name="C")
    ergebnis = liste(Kommune.objects.mit_einwohnern(TAG), stichtag=TAG)
    assert [(zeile.stand, zeile.einwohner) for zeile in ergebnis.staedte] == [
        ("", "12.000"),
        ("31.12.2019", "12.000"),
        ("", "–"),
    ]


@pytest.mark.django_db
def test_kacheln_are_tinted_by_size_class_and_the_kreis_is_apart():
    for name, zahl in (("A", 4_999), ("B", 66_125)):
        EinwohnerstandFactory(kommune=KommuneFactory(name=name), einwohner=zahl)
    EinwohnerstandFactory(kommune=KommuneFactory(kreis=True), einwohner=276_307)
    KommuneFactory(name="C")
    bild = kacheln(Kommune.objects.mit_einwohnern())
    assert [(kachel.wert, kachel.stufe, kachel.abgesetzt) for kachel in bild] == [
        ("4.999", 0, False),
        ("66.125", 4, False),
        ("", 0, False),
        ("276.307", 0, True),
    ]
