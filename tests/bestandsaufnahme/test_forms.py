from datetime import date

import pytest

from bestandsaufnahme.ablaeufe.interesse import Angaben
from bestandsaufnahme.auswahl import InteresseArt, Stufe
from bestandsaufnahme.forms.interesse import (
    AenderungForm,
    EntwurfForm,
    InteresseForm,
    in_einem_jahr,
)
from bestandsaufnahme.forms.interesse_fuer_andere import FuerAndereForm
from bestandsaufnahme.forms.interesse_schritte import RueckzugForm
from bestandsaufnahme.models import Aufgabenfeld
from bestandsaufnahme.rechte import waehlbare_kontakte
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, InteressenbekundungFactory, KooperationsfeldFactory
from tests.fabriken.kommunen import KommuneFactory, KontoFactory

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 1, 15)
NUL = "Mit\0Null"


@pytest.fixture(autouse=True)
def musterstadt():
    return KommuneFactory(ags="06433001", name="Musterstadt")


def gemeinsames():
    kommunen = Kommune.objects.all()
    return {"kontakte": waehlbare_kontakte(kommunen).select_related("kommune"), "heute": HEUTE}


def form(klasse=InteresseForm, entwurf=False, **daten):
    felder = Aufgabenfeld.objects.prefetch_related("kooperationsfelder")
    werte = {"art": "kooperationswille", "stufe": "interesse", "wofuer": "Gemeinsam ausbilden."}
    return klasse(werte | daten, kommunen=Kommune.objects.all(), felder=felder, entwurf=entwurf, **gemeinsames())


def aenderung(interesse, mit_grund=False, **daten):
    werte = {"stufe": "interesse", "wofuer": "Gemeinsam ausbilden.", "version": interesse.version}
    return AenderungForm(werte | daten, interesse=interesse, mit_grund=mit_grund, **gemeinsames())


# --- the field --------------------------------------------------------------------------------------------------------
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


def test_feld_tells_by_each_option_its_page_and_its_other_names():
    feld = AufgabenfeldFactory(name="Bauhof", slug="bauhof", aliase=["Betriebshof", "Technische Betriebe"])
    teil = KooperationsfeldFactory(aufgabenfeld=feld, name="Winterdienst")
    html = str(form(feld=f"kooperationsfeld-{teil.pk}")["feld"])
    assert (
        f'<option value="aufgabenfeld-{feld.pk}" data-url="/aufgabenfelder/bauhof/" '
        'data-auch="Betriebshof|Technische Betriebe">' in html
    )
    assert (
        f'<option value="kooperationsfeld-{teil.pk}" selected '
        f'data-url="/aufgabenfelder/bauhof/?kooperationsfeld={teil.pk}">' in html
    )
    assert '<option value="ohne">' in html


def test_feld_becomes_aufgabenfeld_or_kooperationsfeld():
    teil = KooperationsfeldFactory()
    ganzes = form(feld=f"aufgabenfeld-{teil.aufgabenfeld_id}")
    genaues = form(feld=f"kooperationsfeld-{teil.pk}")
    assert ganzes.is_valid()
    assert genaues.is_valid()
    assert (ganzes.angaben().aufgabenfeld, ganzes.angaben().kooperationsfeld) == (teil.aufgabenfeld, None)
    assert (genaues.angaben().aufgabenfeld, genaues.angaben().kooperationsfeld) == (None, teil)


def test_info_austausch_may_go_without_a_field():
    ohne = form(feld="ohne", art="info_austausch")
    assert ohne.is_valid()
    assert (ohne.angaben().aufgabenfeld, ohne.angaben().kooperationsfeld) == (None, None)
    assert ohne.zu_beobachten() is None


def test_beobachten_follows_the_aufgabenfeld_of_a_kooperationsfeld():
    teil = KooperationsfeldFactory()
    mit = form(feld=f"kooperationsfeld-{teil.pk}", beobachten="on")
    ohne = form(feld=f"kooperationsfeld-{teil.pk}")
    assert mit.is_valid()
    assert ohne.is_valid()
    assert mit.zu_beobachten() == teil.aufgabenfeld
    assert ohne.zu_beobachten() is None


# --- what is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("daten", "feld", "satz"),
    [
        ({"feld": ""}, "feld", "Bitte wählen Sie ein Aufgabenfeld oder ein Kooperationsfeld."),
        ({"feld": "aufgabenfeld-0"}, "feld", "Dieses Feld gibt es nicht. Bitte wählen Sie eines aus der Liste."),
        ({"feld": "aufgabenfeld-\0"}, "feld", "Dieses Feld gibt es nicht. Bitte wählen Sie eines aus der Liste."),
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
        ({"gueltig_bis": "0026-01-15"}, "gueltig_bis", "Bitte geben Sie das Jahr mit vier Ziffern an."),
        (
            {"gueltig_bis": "2206-01-15"},
            "gueltig_bis",
            "Der Tag liegt mehr als 10 Jahre voraus. Bitte wählen Sie einen früheren.",
        ),
        (
            {"gueltig_bis": "irgendwann"},
            "gueltig_bis",
            "Bitte geben Sie ein gültiges Datum an, zum Beispiel 19.05.2026.",
        ),
        ({"wofuer": " "}, "wofuer", "Bitte schreiben Sie, wofür Ihre Kommune zusammenarbeiten möchte."),
        (
            {"wofuer": "x" * 2001},
            "wofuer",
            "Bitte kürzen Sie den Text auf höchstens 2000 Zeichen (jetzt 2001).",
        ),
        *(
            (
                {name: NUL},
                name,
                "Der Text enthält ein Zeichen, das nicht gespeichert werden kann. Bitte geben Sie ihn neu ein.",
            )
            for name in ("wofuer", "bietet", "sucht")
        ),
        ({"kontakt": "0"}, "kontakt", "Diese Person können Sie nicht nennen. Bitte wählen Sie eine andere."),
        ({"art": "quatsch"}, "art", "Bitte wählen Sie einen der angebotenen Werte."),
        ({"stufe": "quatsch"}, "stufe", "Bitte wählen Sie einen der angebotenen Werte."),
    ],
)
def test_form_tells_what_is_wrong_at_the_field(daten, feld, satz):
    assert form(**daten).errors[feld] == [satz]


def test_gueltig_bis_today_is_fine():
    assert form(feld=f"aufgabenfeld-{AufgabenfeldFactory().pk}", gueltig_bis="2026-01-15").is_valid()


@pytest.mark.parametrize(
    ("heute", "in_einem"),
    [
        (date(2026, 1, 15), date(2027, 1, 15)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_year_from_today_is_proposed(heute, in_einem):
    assert in_einem_jahr(heute) == in_einem


# --- drafts -----------------------------------------------------------------------------------------------------------
def test_draft_needs_the_field_alone():
    feld = AufgabenfeldFactory()
    entwurf = form(entwurf=True, feld=f"aufgabenfeld-{feld.pk}", wofuer="")
    assert entwurf.is_valid()
    assert entwurf.angaben() == Angaben(
        art=InteresseArt.KOOPERATIONSWILLE, stufe=Stufe.INTERESSE, wofuer="", aufgabenfeld=feld
    )
    assert form(entwurf=True, feld="").errors["feld"] == [
        "Bitte wählen Sie ein Aufgabenfeld oder ein Kooperationsfeld."
    ]


def test_draft_with_errors_still_marks_what_filing_will_need():
    entwurf = form(entwurf=True, feld="", wofuer="")
    assert not entwurf.is_valid()
    assert entwurf.fields["wofuer"].required


def test_form_over_a_draft_begins_with_what_it_says():
    teil = KooperationsfeldFactory()
    person = KontoFactory(kommune=Kommune.objects.get())
    entwurf = InteressenbekundungFactory(
        entwurf=True, kommune=person.kommune, aufgabenfeld=None, kooperationsfeld=teil, wofuer="", kontakt=person
    )
    felder = Aufgabenfeld.objects.prefetch_related("kooperationsfelder")
    eingabe = EntwurfForm(interesse=entwurf, kommunen=Kommune.objects.all(), felder=felder, **gemeinsames())
    werte = {name: eingabe[name].value() for name in ("feld", "art", "kontakt", "gueltig_bis", "version")}
    assert werte == {
        "feld": f"kooperationsfeld-{teil.pk}",
        "art": "kooperationswille",
        "kontakt": person.pk,
        "gueltig_bis": None,
        "version": 1,
    }


# --- Kommune and person -----------------------------------------------------------------------------------------------
def test_form_takes_neither_kommune_nor_status(musterstadt):
    eingabe = form(feld=f"aufgabenfeld-{AufgabenfeldFactory().pk}", kommune=musterstadt.ags)
    assert set(eingabe.fields) == {
        "feld",
        "art",
        "stufe",
        "wofuer",
        "bietet",
        "sucht",
        "kontakt",
        "gueltig_bis",
        "beobachten",
    }
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


def test_kontakt_offers_those_of_the_kommune_with_their_function(musterstadt):
    eine = KontoFactory(kommune=musterstadt, name="Kim", funktion="Hauptamt")
    spitze = KontoFactory(kommune=musterstadt, name="Spitze", buergermeister=True)
    KontoFactory(kommune=musterstadt, is_active=False)
    KontoFactory(lesend=True)
    assert form().fields["kontakt"].choices == [
        ("", "keine bestimmte Person"),
        (str(eine.pk), "Kim, Hauptamt"),
        (str(spitze.pk), "Spitze"),
    ]


def test_kontakt_of_several_kommunen_stand_in_groups(musterstadt):
    eine, andere = (
        KontoFactory(kommune=musterstadt, name="Kim"),
        KontoFactory(name="Alex", kommune__name="Nachbarstadt"),
    )
    assert form().fields["kontakt"].choices[1:] == [
        ("Musterstadt", [(str(eine.pk), "Kim")]),
        ("Nachbarstadt", [(str(andere.pk), "Alex")]),
    ]


def test_kontakt_of_another_kommune_is_refused_at_the_field(musterstadt):
    fremde = KontoFactory(name="Alex", kommune__name="Nachbarstadt")
    assert form(kommune=musterstadt.ags, kontakt=str(fremde.pk)).errors["kontakt"] == [
        "Alex gehört nicht zu Musterstadt. Bitte wählen Sie eine Person von Musterstadt, oder keine."
    ]


# --- on behalf, changes, steps ----------------------------------------------------------------------------------------
def test_form_on_behalf_asks_for_a_note_and_proposes_nobody(musterstadt):
    KommuneFactory(ags="06433002")
    eingabe = form(FuerAndereForm)
    assert eingabe.errors["vermerk"] == ["Bitte vermerken Sie, wie die Kommune Ihnen das Interesse mitgeteilt hat."]
    assert eingabe.errors["kommune"] == ["Bitte wählen Sie die Kommune, für die Sie eintragen."]
    assert eingabe.fields["kommune"].empty_label == "Bitte wählen"
    assert "beobachten" not in eingabe.fields


def test_change_leaves_field_and_art_alone():
    interesse = InteressenbekundungFactory()
    eingabe = aenderung(interesse, art="info_austausch", feld="ohne")
    assert set(eingabe.fields) == {
        *("stufe", "wofuer", "bietet", "sucht", "kontakt", "gueltig_bis"),
        *("grund", "version"),
    }
    assert eingabe.is_valid()


def test_change_by_others_asks_for_the_reason():
    interesse = InteressenbekundungFactory()
    assert aenderung(interesse, mit_grund=True).errors["grund"] == [
        "Bitte nennen Sie den Grund der Änderung. Er bleibt sichtbar."
    ]
    assert aenderung(interesse).is_valid()


def test_rueckzug_asks_for_the_reason():
    assert RueckzugForm({"grund": " "}).errors["grund"] == [
        "Bitte nennen Sie den Grund, warum Sie das Interesse zurückziehen."
    ]
