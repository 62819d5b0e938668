"""Which groups are proposed, with what reasons, and what they rest on."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bestandsaufnahme.abfragen.interesse.konstellation import konstellationen, noch_vorhanden, suchen
from bestandsaufnahme.abfragen.konstellation import worte as woerter
from bestandsaufnahme.abfragen.konstellation.schluessel import ags_aus, aufgabenfeld_aus, feld_aus, schluessel
from bestandsaufnahme.abfragen.konstellation.worte import gemeinsames_wort, worte
from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.auswahl import Aussicht, BeteiligungStatus, InteresseArt, Stufe
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    InteressenbekundungFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import EinwohnerstandFactory, KommuneFactory

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 11, 23)


def kommunen(namen: str, einwohner: dict[str, int] | None = None) -> dict[str, Kommune]:
    gefunden = {name: KommuneFactory(name=name) for name in namen.split()}
    for name, zahl in (einwohner or {}).items():
        EinwohnerstandFactory(kommune=gefunden[name], einwohner=zahl)
    return gefunden


def wollen(feld, wer, **werte):
    return [InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, **werte) for kommune in wer]


def vorschlaege(mindestens=3, **werte):
    return konstellationen(heute=HEUTE, mindestens=mindestens, **werte)


def namen(eine):
    return " ".join(mitglied.name for mitglied in eine.kommunen)


def gruende(eine):
    return {grund.text: grund.punkte for grund in eine.gruende}


# --- who --------------------------------------------------------------------------------------------------------------
def test_konstellation_arises_with_the_third_kommune():
    orte = kommunen("A B C")
    feld = AufgabenfeldFactory(name="Bauhof")
    wollen(feld, [orte["A"], orte["B"]])
    assert vorschlaege() == []
    wollen(feld, [orte["C"]])
    (eine,) = vorschlaege()
    assert (eine.feld, namen(eine), eine.punkte) == ("Bauhof", "A B C", 3)
    assert gruende(eine) == {"A, B und C haben Interesse.": 3}
    assert eine.fehlt == ("Noch keine Kommune würde federführen.",)
    assert eine.aussicht == Aussicht.DENKBAR


@pytest.mark.parametrize(
    "werte",
    [
        {"entwurf": True},
        {"zurueckgezogen": True},
        {"unbestaetigt": True},
        {"gueltig_bis": date(2026, 11, 22)},
        {"art": InteresseArt.INFO_AUSTAUSCH},
    ],
)
def test_konstellation_counts_only_what_holds_today(werte):
    orte = kommunen("A B C")
    feld = AufgabenfeldFactory()
    wollen(feld, [orte["A"], orte["B"]])
    wollen(feld, [orte["C"]], **werte)
    assert vorschlaege() == []


def test_withdrawing_takes_a_kommune_out(kontakt):
    orte = kommunen("A B C")
    feld = AufgabenfeldFactory()
    wollen(feld, orte.values())
    (eigenes,) = wollen(feld, [kontakt.kommune])
    assert namen(vorschlaege()[0]) == "A B C Musterstadt"
    ablauf.zurueckziehen(interesse=eigenes, grund="Kein Bedarf mehr.", durch=kontakt, heute=HEUTE)
    assert [namen(eine) for eine in vorschlaege()] == ["A B C"]


def test_konstellation_of_a_kooperationsfeld_is_told_there_and_not_again_for_the_whole_field():
    orte = kommunen("A B C D")
    feld = AufgabenfeldFactory(name="Bauhof")
    teil = KooperationsfeldFactory(aufgabenfeld=feld, name="Winterdienst")
    for ort in ("A", "B", "C"):
        InteressenbekundungFactory(kommune=orte[ort], aufgabenfeld=None, kooperationsfeld=teil)
    assert [(eine.feld, namen(eine)) for eine in vorschlaege()] == [("Winterdienst", "A B C")]
    wollen(feld, [orte["D"]])
    assert [(eine.feld, namen(eine)) for eine in vorschlaege()] == [("Bauhof", "A B C D"), ("Winterdienst", "A B C")]


def test_konstellation_is_found_for_the_kommunen_and_fields_asked_for():
    orte = kommunen("A B C D E F")
    bauhof, personal = AufgabenfeldFactory(name="Bauhof"), AufgabenfeldFactory(name="Personal")
    wollen(bauhof, [orte["A"], orte["B"], orte["C"]])
    wollen(personal, [orte["D"], orte["E"], orte["F"]])
    assert [eine.feld for eine in vorschlaege()] == ["Bauhof", "Personal"]
    assert [eine.feld for eine in vorschlaege(kommunen=[orte["D"].pk])] == ["Personal"]
    assert [eine.feld for eine in vorschlaege(felder=[bauhof.pk])] == ["Bauhof"]
    assert vorschlaege(kommunen=[]) == []
    assert vorschlaege(felder=[]) == []


def test_konstellation_with_an_example_is_marked_and_displaces_nothing_real():
    orte = kommunen("A B C D")
    feld = AufgabenfeldFactory()
    wollen(feld, [orte["A"], orte["B"], orte["C"]])
    wollen(feld, [orte["D"]], beispiel=True, stufe=Stufe.FEDERFUEHRUNG)
    assert [(namen(eine), eine.beispiel) for eine in vorschlaege()] == [("A B C D", True), ("A B C", False)]


def test_example_of_a_kommune_that_has_spoken_itself_does_not_count():
    orte = kommunen("A B C")
    feld = AufgabenfeldFactory()
    teil = KooperationsfeldFactory(aufgabenfeld=feld)
    wollen(feld, orte.values())
    InteressenbekundungFactory(
        kommune=orte["A"], aufgabenfeld=None, kooperationsfeld=teil, stufe=Stufe.FEDERFUEHRUNG, beispiel=True
    )
    (eine,) = vorschlaege()
    assert (eine.beispiel, eine.federfuehrung, len(eine.kommunen[0].interessen)) == (False, (), 1)


def test_konstellation_tells_the_declarations_of_each_kommune_the_furthest_first():
    orte = kommunen("A B C")
    feld = AufgabenfeldFactory()
    teil = KooperationsfeldFactory(aufgabenfeld=feld, name="Winterdienst")
    wollen(feld, orte.values())
    weiter = InteressenbekundungFactory(
        kommune=orte["B"], aufgabenfeld=None, kooperationsfeld=teil, stufe=Stufe.RESSOURCEN
    )
    mitglied = vorschlaege()[0].kommunen[1]
    assert (mitglied.name, mitglied.stufe, mitglied.url) == ("B", Stufe.RESSOURCEN, orte["B"].get_absolute_url())
    assert [bekundung.feld for bekundung in mitglied.interessen] == ["Winterdienst", ""]
    assert mitglied.interessen[0].url == weiter.get_absolute_url()


# --- why --------------------------------------------------------------------------------------------------------------
def test_stufen_weigh_more_the_further_they_go():
    orte = kommunen("A B C D")
    feld = AufgabenfeldFactory()
    wollen(feld, [orte["A"], orte["B"]], stufe=Stufe.FEDERFUEHRUNG)
    wollen(feld, [orte["C"]], stufe=Stufe.RESSOURCEN)
    wollen(feld, [orte["D"]])
    (eine,) = vorschlaege()
    assert gruende(eine) == {
        "A und B würden federführen.": 20,
        "C bringt Ressourcen ein.": 3,
        "D hat Interesse.": 1,
    }
    assert (eine.federfuehrung, eine.fehlt) == (("A", "B"), ())


def test_offer_meets_need_in_another_form_of_the_word():
    orte = kommunen("A B C")
    feld = AufgabenfeldFactory()
    wollen(feld, [orte["A"]], bietet="Wir haben zwei Kehrmaschinen.")
    wollen(feld, [orte["B"]], sucht="eine Kehrmaschine für den Herbst")
    wollen(feld, [orte["C"]], sucht="eine Beispiel-Kommune")
    (eine,) = vorschlaege()
    assert gruende(eine)["A bietet, was B sucht: „Kehrmaschine“."] == 4
    assert not any("C" in fehlt for fehlt in eine.fehlt)  # it says nothing that could be met


def test_own_offer_meets_no_own_need_and_what_nobody_offers_is_missing():
    orte = kommunen("A B C")
    feld = AufgabenfeldFactory()
    wollen(feld, [orte["A"]], bietet="Kehrmaschine", sucht="Kehrmaschine, Häcksler")
    wollen(feld, [orte["B"], orte["C"]], sucht="Streusalz")
    (eine,) = vorschlaege()
    assert [grund.text for grund in eine.gruende] == ["A, B und C haben Interesse."]
    assert eine.fehlt[1:] == ("Zu dem, was A, B und C suchen, fehlt noch ein passendes Angebot.",)


def test_neighbours_are_a_reason_and_a_group_of_their_own():
    orte = kommunen("A B C D")
    feld = AufgabenfeldFactory()
    orte["A"].nachbarn.add(orte["B"])
    orte["B"].nachbarn.add(orte["C"])
    wollen(feld, orte.values())
    nachbarn, alle = vorschlaege()
    assert (namen(nachbarn), namen(alle)) == ("A B C", "A B C D")
    assert gruende(nachbarn)["A, B und C sind benachbart und hängen räumlich zusammen."] == 10
    assert gruende(alle)["A, B und C sind benachbart; D liegt davon entfernt."] == 5


def test_similar_size_is_a_reason_and_the_kreis_is_left_out_of_it():
    orte = kommunen("A B", {"A": 10_400, "B": 19_000})
    kreis = KommuneFactory(kreis=True, name="Kreis")
    EinwohnerstandFactory(kommune=kreis, einwohner=276_307)
    feld = AufgabenfeldFactory()
    wollen(feld, [*orte.values(), kreis])
    (eine,) = vorschlaege()
    satz = "Ähnlich groß (ohne den Kreis): 10.400 bis 19.000 Einwohner, alle in der Größenklasse 10.000 bis 19.999."
    assert gruende(eine)[satz] == 8


@pytest.mark.parametrize(("groesste", "aehnlich"), [(9_000, True), (12_000, True), (12_001, False), (None, False)])
def test_similar_size_ends_at_twice_the_inhabitants(groesste, aehnlich):
    orte = kommunen("A B C", {"A": 6_000, "B": 7_000} | ({"C": groesste} if groesste else {}))
    feld = AufgabenfeldFactory()
    wollen(feld, orte.values())
    assert any("Ähnlich groß" in grund for grund in gruende(vorschlaege()[0])) is aehnlich


def test_running_kooperation_is_a_reason_that_leads_there_and_weighs_little_where_most_take_part():
    orte = kommunen("A B C D E F G")
    feld = AufgabenfeldFactory()
    teil = KooperationsfeldFactory(aufgabenfeld=feld)
    kleine = KooperationFactory(kooperationsfeld=teil, bezeichnung="Gemeinsamer Winterdienst")
    grosse = KooperationFactory(kooperationsfeld=teil, bezeichnung="Gemeinsame Datenverarbeitung", symbol="□")
    for ort in ("A", "B"):
        BeteiligungFactory(kooperation=kleine, kommune=orte[ort])
    for ort in orte.values():
        BeteiligungFactory(kooperation=grosse, kommune=ort)
    wollen(feld, [orte["A"], orte["B"], orte["C"]])
    (eine,) = vorschlaege()
    assert gruende(eine)["A und B arbeiten hier schon zusammen: Gemeinsamer Winterdienst."] == 6
    assert gruende(eine)["A, B und C arbeiten hier schon zusammen: Gemeinsame Datenverarbeitung."] == 1
    assert eine.gruende[0].url == kleine.get_absolute_url()


@pytest.mark.parametrize(
    ("kooperation", "beteiligung"),
    [
        ({"gescheitert_jahr": 2015}, {}),
        ({"bis": date(2020, 12, 31), "bis_genauigkeit": "tag"}, {}),
        ({}, {"status": BeteiligungStatus.VORGESEHEN}),
        ({}, {"status": BeteiligungStatus.ERWOGEN}),
        ({}, {"gilt_bis": date(2026, 11, 23)}),
    ],
)
def test_kooperation_that_does_not_run_is_no_reason(kooperation, beteiligung):
    orte = kommunen("A B C")
    feld = AufgabenfeldFactory()
    eine = KooperationFactory(kooperationsfeld__aufgabenfeld=feld, **kooperation)
    for ort in orte.values():
        BeteiligungFactory(kooperation=eine, kommune=ort, **beteiligung)
    wollen(feld, orte.values())
    assert gruende(vorschlaege()[0]) == {"A, B und C haben Interesse.": 3}


def test_would_be_lead_gathers_those_that_it_can_help():
    orte = kommunen("A B C D E F")
    feld = AufgabenfeldFactory()
    orte["D"].nachbarn.add(orte["E"])
    wollen(feld, [orte["A"]], stufe=Stufe.FEDERFUEHRUNG, bietet="Kehrmaschine und Häcksler")
    wollen(feld, [orte["B"]], sucht="Kehrmaschine")
    wollen(feld, [orte["C"]], sucht="Häcksler")
    wollen(feld, [orte["D"], orte["E"], orte["F"]])
    EinwohnerstandFactory(kommune=orte["A"], einwohner=10_000)
    EinwohnerstandFactory(kommune=orte["B"], einwohner=12_000)
    EinwohnerstandFactory(kommune=orte["C"], einwohner=14_000)
    assert [namen(eine) for eine in vorschlaege()] == ["A B C", "A B C D E F"]


def test_smaller_group_without_more_points_is_no_proposal_of_its_own():
    orte = kommunen("A B C D")
    feld = AufgabenfeldFactory()
    for eins, zwei in ("AB", "BC", "CD"):
        orte[eins].nachbarn.add(orte[zwei])
    wollen(feld, orte.values())
    assert [namen(eine) for eine in vorschlaege()] == ["A B C D"]


# --- keys, numbers, near misses ---------------------------------------------------------------------------------------
def test_knapp_tells_in_which_fields_how_many_are_missing():
    orte = kommunen("A B C")
    einer, zwei, voll = (AufgabenfeldFactory(name=name) for name in ("Archiv", "Bauhof", "Personal"))
    wollen(einer, [orte["A"]], beispiel=True)
    wollen(zwei, [orte["A"], orte["B"]])
    wollen(voll, orte.values())
    alle = suchen(heute=HEUTE, mindestens=3).knapp
    assert [(k.feld.name, k.kommunen, k.fehlen, k.beispiel) for k in alle] == [
        ("Bauhof", ("A", "B"), 1, False),
        ("Archiv", ("A",), 2, True),
    ]
    assert [k.feld.name for k in suchen(heute=HEUTE, mindestens=3, kommunen=[orte["B"].pk]).knapp] == ["Bauhof"]


def test_schluessel_names_field_and_kommunen_and_stays_short():
    kurz = schluessel(3, 17, ["06433002", "06433", "06433001"])
    assert kurz == "3/17:06433,06433001,06433002"
    assert (aufgabenfeld_aus(kurz), feld_aus(kurz)) == (3, "3/17")
    assert ags_aus(kurz) == {"06433", "06433001", "06433002"}
    viele = [f"0643{nummer:04}" for nummer in range(60)]
    langer, anderer = schluessel(3, 0, viele), schluessel(3, 0, viele[:-1])
    assert (len(langer), len(anderer), langer != anderer, ags_aus(langer)) == (200, 200, True, frozenset())
    assert aufgabenfeld_aus("kein Schlüssel") is None
    assert aufgabenfeld_aus("²/0:") is None


def test_schluessel_of_fifteen_kommunen_names_them_all():
    assert len(ags_aus(schluessel(99999, 99999, [f"0643{nummer:04}" for nummer in range(15)]))) == 15


def test_noch_vorhanden_as_long_as_the_proposal_holds(kontakt):
    orte = kommunen("A B")
    feld = AufgabenfeldFactory()
    interessen = wollen(feld, [*orte.values(), kontakt.kommune])
    (eine,) = vorschlaege()
    gefunden = noch_vorhanden(eine.schluessel, [kontakt.kommune_id], HEUTE)
    assert gefunden is not None
    assert (gefunden.schluessel, gefunden.punkte) == (eine.schluessel, eine.punkte)
    assert noch_vorhanden(eine.schluessel, [KommuneFactory().pk], HEUTE) is None
    assert noch_vorhanden("Unsinn", [kontakt.kommune_id], HEUTE) is None
    ablauf.zurueckziehen(interesse=interessen[2], grund="Kein Bedarf mehr.", durch=kontakt, heute=HEUTE)
    assert noch_vorhanden(eine.schluessel, [orte["A"].pk], HEUTE) is None


def test_noch_vorhanden_gives_way_to_a_larger_group_that_fits_better():
    orte = kommunen("A B C D")
    feld = AufgabenfeldFactory()
    for eins, zwei in ("AB", "BC"):
        orte[eins].nachbarn.add(orte[zwei])
    wollen(feld, [orte["A"], orte["B"], orte["C"]])
    (kleine,) = vorschlaege()
    wollen(feld, [orte["D"]])  # far away: the smaller one is the better
    assert noch_vorhanden(kleine.schluessel, [orte["A"].pk], HEUTE) is not None
    orte["D"].interessen.update(stufe=Stufe.FEDERFUEHRUNG)
    assert noch_vorhanden(kleine.schluessel, [orte["A"].pk], HEUTE) is None


def test_order_in_which_it_was_declared_changes_nothing():
    orte = kommunen("A B C D E")
    feld = AufgabenfeldFactory()
    orte["A"].nachbarn.add(orte["B"], orte["C"])
    interessen = wollen(feld, orte.values(), bietet="Kehrmaschinen", sucht="Häcksler und Kehrmaschine")
    vorher = [(eine.schluessel, eine.gruende, eine.fehlt) for eine in vorschlaege()]
    for interesse in interessen:
        interesse.delete()
    wollen(feld, reversed(orte.values()), bietet="Kehrmaschinen", sucht="Häcksler und Kehrmaschine")
    assert [(eine.schluessel, eine.gruende, eine.fehlt) for eine in vorschlaege()] == vorher


@pytest.mark.parametrize("felder", [1, 12])
def test_konstellationen_ask_the_same_seven_questions(felder, monkeypatch):
    monkeypatch.setattr(woerter, "_gelesen", {})
    orte = kommunen("A B C")
    for nummer in range(felder):
        teil = KooperationsfeldFactory()
        BeteiligungFactory(kooperation__kooperationsfeld=teil)
        wollen(teil.aufgabenfeld, orte.values(), bietet=f"Kehrmaschine {nummer}", sucht="Häcksler")
        for ort in orte.values():
            InteressenbekundungFactory(kommune=ort, aufgabenfeld=None, kooperationsfeld=teil)
    with CaptureQueriesContext(connection) as abfragen:
        gefunden = [(eine.gruende, eine.kommunen, eine.fehlt, eine.url_projektidee) for eine in vorschlaege()]
    assert (len(gefunden), len(abfragen)) == (felder, 7)


# --- words ------------------------------------------------------------------------------------------------------------
def test_words_are_compared_by_their_german_stems():
    gesucht, geboten = worte(["Häcksler, Ausbildungsplätze und E-Akte", "freier Ausbildungsplatz; die e-akten"])
    assert gemeinsames_wort(gesucht, geboten) == "Ausbildungsplätze"
    assert gemeinsames_wort({"akt": "Akte"}, geboten) == "Akte"
    assert gemeinsames_wort({"hacksl": "Häcksler"}, geboten) is None


@pytest.mark.parametrize("text", ["", "und für die mit einem", "Beispiel: Beispiele für Kommunen", "12 34 ab", "\n\t;"])
def test_words_that_say_nothing_never_match(text):
    assert worte([text]) == [{}]


def test_words_read_before_are_not_asked_for_again(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(woerter, "_gelesen", {})
    monkeypatch.setattr(woerter, "GEMERKT_HOECHSTENS", 2)
    with django_assert_num_queries(1):
        erste = worte(["Häcksler", "Kehrmaschine"])
    with django_assert_num_queries(0):
        assert worte(["Häcksler", "Kehrmaschine"]) == erste
    with django_assert_num_queries(1):
        assert worte(["Kehrmaschine", "Streusalz"])[0] == erste[1]
    assert len(woerter._gelesen) == 2
