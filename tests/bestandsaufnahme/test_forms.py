from datetime import date

import pytest

from bestandsaufnahme.forms.interesse import InteresseForm
from bestandsaufnahme.forms.interesse_schritte import RueckzugForm
from bestandsaufnahme.models import Aufgabenfeld
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, KooperationsfeldFactory
from tests.fabriken.kommunen import KommuneFactory

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 1, 15)


@pytest.fixture(autouse=True)
def musterstadt():
    return KommuneFactory(ags="06433001", name="Musterstadt")


def form(**daten):
    felder = Aufgabenfeld.objects.prefetch_related("kooperationsfelder")
    werte = {"art": "kooperationswille", "stufe": "interesse", "wofuer": "Gemeinsam ausbilden."}
    return InteresseForm(werte | daten, kommunen=Kommune.objects.all(), felder=felder, heute=HEUTE)


def test_feld_offers_each_aufgabenfeld_as_a_group_with_the_whole_first():
    feld = AufgabenfeldFactory(name="Bauhof")
    teil = KooperationsfeldFactory(aufgabenfeld=feld, name="Winterdienst")
    assert form().fields["feld"].choices == [
        ("", "Bitte wählen"),
        ("ohne", "ohne bestimmtes Feld (nur Info-Austausch)"),
        (
            "Bauhof",
            [
                (f"aufgabenfeld-{feld.pk}", "Bauhof (ganzes Aufgabenfeld)"),
                (f"kooperationsfeld-{teil.pk}", "Winterdienst"),
            ],
        ),
    ]


def test_feld_becomes_aufgabenfeld_or_kooperationsfeld():
    teil = KooperationsfeldFactory()
    ganzes = form(feld=f"aufgabenfeld-{teil.aufgabenfeld_id}")
    genaues = form(feld=f"kooperationsfeld-{teil.pk}")
    assert ganzes.is_valid()
    assert genaues.is_valid()
    assert (ganzes.cleaned_data["aufgabenfeld"], ganzes.cleaned_data["kooperationsfeld"]) == (teil.aufgabenfeld, None)
    assert (genaues.cleaned_data["aufgabenfeld"], genaues.cleaned_data["kooperationsfeld"]) == (None, teil)


def test_info_austausch_may_go_without_a_field():
    ohne = form(feld="ohne", art="info_austausch")
    assert ohne.is_valid()
    assert (ohne.cleaned_data["aufgabenfeld"], ohne.cleaned_data["kooperationsfeld"]) == (None, None)


@pytest.mark.parametrize(
    ("daten", "feld", "satz"),
    [
        ({"feld": ""}, "feld", "Bitte wählen Sie ein Aufgabenfeld oder ein Kooperationsfeld."),
        ({"feld": "aufgabenfeld-0"}, "feld", "Dieses Feld gibt es nicht. Bitte wählen Sie eines aus der Liste."),
        (
            {"feld": "ohne"},
            "feld",
            "Ein Kooperationswille gilt einem Aufgabenfeld oder einem Kooperationsfeld. Bitte wählen Sie eines.",
        ),
        (
            {"gueltig_bis": "2026-01-14"},
            "gueltig_bis",
            "Der Tag liegt in der Vergangenheit. Bitte wählen Sie einen späteren.",
        ),
        ({"wofuer": " "}, "wofuer", "Bitte schreiben Sie, wofür Ihre Kommune zusammenarbeiten möchte."),
    ],
)
def test_form_tells_what_is_wrong_at_the_field(daten, feld, satz):
    assert form(**daten).errors[feld] == [satz]


@pytest.mark.parametrize("name", ["art", "stufe"])
def test_form_refuses_choices_that_do_not_exist(name):
    assert name in form(**{name: "quatsch"}).errors


def test_form_takes_neither_kommune_nor_status(musterstadt):
    eingabe = form(feld=f"aufgabenfeld-{AufgabenfeldFactory().pk}", kommune=musterstadt.ags)
    assert set(eingabe.fields) == {"feld", "art", "stufe", "wofuer", "bietet", "sucht", "gueltig_bis"}
    assert eingabe.is_valid()
    assert eingabe.cleaned_data["kommune"] == musterstadt


@pytest.mark.parametrize("wert", ["", "06433002", "quatsch\0"])
def test_form_refuses_another_kommune_than_the_only_one(wert):
    assert form(kommune=wert).non_field_errors() == [
        "Sie können nur für Musterstadt ein Interesse bekunden. Bitte laden Sie die Seite neu."
    ]


def test_form_lets_who_acts_for_several_choose_among_these(musterstadt):
    andere = KommuneFactory(ags="06433002")
    eingabe = form(feld=f"aufgabenfeld-{AufgabenfeldFactory().pk}", kommune=andere.ags)
    assert set(eingabe.fields["kommune"].queryset) == {musterstadt, andere}
    assert eingabe.is_valid()
    assert eingabe.cleaned_data["kommune"] == andere
    assert form(kommune="06433003").errors["kommune"] == ["Bitte wählen Sie einen der angebotenen Werte."]
    assert form().errors["kommune"] == ["Bitte füllen Sie dieses Feld aus."]


def test_gueltig_bis_today_is_fine():
    feld = AufgabenfeldFactory()
    assert form(feld=f"aufgabenfeld-{feld.pk}", gueltig_bis="2026-01-15").is_valid()


def test_rueckzug_asks_for_the_reason():
    assert RueckzugForm({"grund": " "}).errors["grund"] == [
        "Bitte nennen Sie den Grund, warum Sie das Interesse zurückziehen."
    ]
