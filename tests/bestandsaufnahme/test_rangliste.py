from datetime import date

import pytest

from bestandsaufnahme.abfragen.interesse import rangliste_ausgabe, staende
from bestandsaufnahme.abfragen.interesse.rangliste import mit_innen, mit_vergleich, nur, rangliste, rangliste_der_runde
from bestandsaufnahme.abfragen.interesse.stimmen import Stimme, Zahlen, aus_runde, von_heute
from bestandsaufnahme.auswahl import InteresseArt, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung, Interessenrunde, Rundennennung
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationsfeldFactory,
    RundenergebnisFactory,
    RundennennungFactory,
)

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 1, 15)
ENDE = date(2025, 12, 1)


def heutige():
    stimmen = von_heute(Interessenbekundung.objects.all(), heute=HEUTE)
    return rangliste(stimmen, felder=list(Aufgabenfeld.objects.all()))


def heutige_mit_innen():
    felder = list(Aufgabenfeld.objects.all())
    stimmen = von_heute(Interessenbekundung.objects.all(), heute=HEUTE)
    return mit_innen(rangliste(stimmen, felder=felder), stimmen, felder=felder, kommunen=list(Kommune.objects.all()))


def der_runde(runde, **weiteres):
    (summen,) = staende.summen([runde]).values()
    return rangliste_der_runde(runde, summen, felder=list(Aufgabenfeld.objects.all()), **weiteres)


def zahlen(liste):
    """Return the numbers of Kommunen: of any Art, of either Art, and those that only an example names."""
    return {rang.feld: (rang.kommunen, *rang.zahlen[1:4]) for rang in liste.raenge}


# --- today ------------------------------------------------------------------------------------------------------------


def test_rangliste_counts_kommunen_and_not_declarations(kommune, andere_kommune):
    feld = AufgabenfeldFactory(name="Bauhof")
    teile = [KooperationsfeldFactory(aufgabenfeld=feld) for _ in range(2)]
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld)
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, art=InteresseArt.INFO_AUSTAUSCH)
    for teil in teile:
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)
    InteressenbekundungFactory(
        kommune=andere_kommune, aufgabenfeld=None, kooperationsfeld=teile[0], art=InteresseArt.INFO_AUSTAUSCH
    )
    assert zahlen(heutige()) == {"Bauhof": (2, 1, 2, 0)}


def test_rangliste_orders_by_number_shares_places_and_includes_fields_with_none(kommune):
    felder = {name: AufgabenfeldFactory(name=name) for name in ("Leer", "Eins", "Auch eins", "Zwei")}
    for name in ("Eins", "Auch eins", "Zwei"):
        InteressenbekundungFactory(aufgabenfeld=felder[name])
    InteressenbekundungFactory(aufgabenfeld=felder["Zwei"])
    raenge = [(rang.platz, rang.feld, rang.kommunen) for rang in heutige().raenge]
    assert raenge == [(1, "Zwei", 2), (2, "Eins", 1), (2, "Auch eins", 1), (4, "Leer", 0)]


def test_rangliste_leaves_out_what_is_not_valid_today():
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(aufgabenfeld=feld, entwurf=True)
    InteressenbekundungFactory(aufgabenfeld=feld, zurueckgezogen=True)
    InteressenbekundungFactory(aufgabenfeld=feld, gueltig_bis=date(2026, 1, 14))
    liste = heutige()
    assert zahlen(liste) == {"Bauhof": (0, 0, 0, 0)}
    assert (liste.leer, liste.wartend) == (True, 0)


def test_rangliste_tells_those_that_wait_and_does_not_count_them(kommune):
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, unbestaetigt=True)
    InteressenbekundungFactory(aufgabenfeld=feld, unbestaetigt=True, gueltig_bis=date(2026, 1, 14))
    InteressenbekundungFactory(aufgabenfeld=feld, bestaetigt=True, bestaetigung_noetig=True)
    liste = heutige()
    assert zahlen(liste) == {"Bauhof": (1, 1, 0, 0)}
    assert liste.wartend == 1
    assert liste.raenge[0].dazu == "1 wartet auf Bestätigung"


def test_rangliste_keeps_examples_apart(kommune):
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(aufgabenfeld=feld, beispiel=True)
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune)
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, art=InteresseArt.INFO_AUSTAUSCH, beispiel=True)
    liste = heutige()
    assert zahlen(liste) == {"Bauhof": (1, 1, 0, 1)}
    assert liste.mit_beispielen
    assert liste.raenge[0].dazu == "dazu 1 als Beispiel"


def test_rangliste_puts_examples_first_among_equals_that_share_a_place():
    AufgabenfeldFactory(name="Ohne")
    InteressenbekundungFactory(aufgabenfeld=AufgabenfeldFactory(name="Beispielhaft"), beispiel=True)
    assert [(rang.platz, rang.feld) for rang in heutige().raenge] == [(1, "Beispielhaft"), (1, "Ohne")]


def test_rangliste_counts_a_kommune_that_would_lead_once(kommune):
    feld = AufgabenfeldFactory()
    for art in InteresseArt:
        InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, art=art, stufe=Stufe.FEDERFUEHRUNG)
    InteressenbekundungFactory(aufgabenfeld=feld, stufe=Stufe.FEDERFUEHRUNG)
    assert heutige().raenge[0].dazu == "2 würden federführen"


def test_rangliste_tells_those_without_a_field_apart():
    AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(aufgabenfeld=None, art=InteresseArt.INFO_AUSTAUSCH)
    liste = heutige()
    assert zahlen(liste) == {"Bauhof": (0, 0, 0, 0)}
    assert (liste.ohne.kommunen, liste.leer, liste.mit_beispielen) == (1, False, False)
    assert [rang.feld for rang in liste.mit_ohne] == ["Bauhof", "Info-Austausch ohne bestimmtes Feld"]


def test_rangliste_of_one_field_keeps_its_place():
    InteressenbekundungFactory(aufgabenfeld=AufgabenfeldFactory(slug="bauhof"))
    AufgabenfeldFactory(slug="kasse")
    assert [(rang.platz, rang.slug) for rang in nur(heutige(), "kasse").raenge] == [(2, "kasse")]


def test_rangliste_of_one_field_leaves_out_those_without_a_field():
    AufgabenfeldFactory(slug="kasse")
    InteressenbekundungFactory(aufgabenfeld=None, art=InteresseArt.INFO_AUSTAUSCH)
    eines = nur(heutige(), "kasse")
    assert ([rang.slug for rang in eines.mit_ohne], eines.leer) == (["kasse"], True)


def test_zahlen_of_nothing_are_zero():
    assert Zahlen.aus([]) == (0, 0, 0, 0, 0, 0)


def test_zahlen_do_not_count_a_kommune_as_example_that_counts():
    stimme = Stimme(1, None, None, 7, "kooperationswille", "interesse", beispiel=False, wartet=False, interesse=1)
    assert Zahlen.aus([stimme, stimme._replace(beispiel=True), stimme._replace(beispiel=True, kommune=8)])[:4] == (
        1,
        1,
        0,
        1,
    )


# --- what stands behind a number --------------------------------------------------------------------------------------


def test_innen_names_kommunen_by_how_far_they_would_go_and_their_fields_by_number(kommune, andere_kommune):
    feld = AufgabenfeldFactory(name="Bauhof", slug="bauhof")
    winter = KooperationsfeldFactory(aufgabenfeld=feld, name="Winterdienst")
    gruen = KooperationsfeldFactory(aufgabenfeld=feld, name="Grünpflege")
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld)
    erste = InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=winter)
    InteressenbekundungFactory(
        kommune=andere_kommune, aufgabenfeld=None, kooperationsfeld=winter, stufe=Stufe.FEDERFUEHRUNG
    )
    InteressenbekundungFactory(
        kommune=andere_kommune, aufgabenfeld=None, kooperationsfeld=gruen, unbestaetigt=True, stufe=Stufe.RESSOURCEN
    )

    innen = heutige_mit_innen().raenge[0].innen

    assert [(k.name, [(b.was, b.worte, b.unbestaetigt) for b in k.bekundungen]) for k in innen.kommunen] == [
        (
            "Nachbarstadt",
            [
                ("Winterdienst", "würde federführen, Kooperationswille", False),
                ("Grünpflege", "bringt Ressourcen ein, Kooperationswille", True),
            ],
        ),
        (
            "Musterstadt",
            [
                ("ganzes Aufgabenfeld", "hat Interesse, Kooperationswille", False),
                ("Winterdienst", "hat Interesse, Kooperationswille", False),
            ],
        ),
    ]
    assert innen.kommunen[1].bekundungen[1].url == f"/interessen/{erste.pk}/"
    assert [(teil.name, teil.text, teil.url) for teil in innen.teile] == [
        ("Winterdienst", "2 Kommunen", f"/aufgabenfelder/bauhof/?kooperationsfeld={winter.pk}"),
        ("ganzes Aufgabenfeld", "1 Kommune", ""),
        ("Grünpflege", "1 wartet auf Bestätigung", f"/aufgabenfelder/bauhof/?kooperationsfeld={gruen.pk}"),
    ]


def test_innen_names_so_many_and_tells_how_many_more(kommune):
    feld = AufgabenfeldFactory()
    for nummer in range(14):
        teil = KooperationsfeldFactory(aufgabenfeld=feld, name=f"Feld {nummer:02}")
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)
    innen = heutige_mit_innen().raenge[0].innen
    (genannte,) = innen.kommunen
    assert [bekundung.was for bekundung in genannte.bekundungen] == ["Feld 00", "Feld 01", "Feld 02"]
    assert (genannte.weitere, genannte.ags) == (11, kommune.ags)
    assert (len(innen.teile), innen.weitere) == (10, 4)


def test_innen_is_kept_from_whoever_may_not_know(kommune):
    InteressenbekundungFactory(kommune=kommune)
    assert heutige().raenge[0].innen is None


def test_innen_of_those_without_a_field_has_no_fields(kommune):
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, art=InteresseArt.INFO_AUSTAUSCH, beispiel=True)
    innen = heutige_mit_innen().ohne.innen
    (bekundung,) = innen.kommunen[0].bekundungen
    assert (bekundung.was, bekundung.beispiel, innen.teile) == ("ohne bestimmtes Feld", True, [])


# --- rounds -----------------------------------------------------------------------------------------------------------


def test_handed_down_round_orders_its_totals_and_tells_what_is_not_listed():
    runde = InteressenrundeFactory(name="Runde 2013")
    for name, anzahl in (("A", 4), ("B", None), ("C", 12), ("D", 4)):
        RundenergebnisFactory(runde=runde, aufgabenfeld=AufgabenfeldFactory(name=name), anzahl=anzahl)
    AufgabenfeldFactory(name="E, das es damals nicht gab")
    liste = der_runde(runde)
    assert [(rang.platz, rang.feld, rang.text) for rang in liste.raenge] == [
        (1, "C", "12"),
        (2, "A", "4"),
        (2, "D", "4"),
        (4, "B", "nicht aufgeführt"),
        (4, "E, das es damals nicht gab", "nicht aufgeführt"),
    ]
    assert (liste.titel, liste.summe, liste.genannt, liste.ohne_angabe) == ("Runde 2013", 20, 3, 2)
    assert (liste.ueberliefert, liste.mit_arten) == (True, False)


def test_handed_down_round_says_what_the_source_calls_a_field_where_it_differs():
    runde = InteressenrundeFactory()
    for name, bezeichnung in (("Bauhof", "Bauhof"), ("IuK", "Digitalisierung")):
        RundenergebnisFactory(runde=runde, aufgabenfeld=AufgabenfeldFactory(name=name), bezeichnung=bezeichnung)
    assert [rang.bezeichnung for rang in der_runde(runde).raenge] == ["", "Digitalisierung"]


def test_closed_round_keeps_stufe_and_number_of_then(kommune):
    runde = InteressenrundeFactory(abgeschlossen_am=ENDE)
    feld = AufgabenfeldFactory(name="Bauhof")
    zurueckgezogen = InteressenbekundungFactory(
        kommune=kommune, aufgabenfeld=feld, zurueckgezogen=True, stufe=Stufe.FEDERFUEHRUNG
    )
    RundennennungFactory(runde=runde, interesse=zurueckgezogen, stufe=Stufe.INTERESSE)
    RundenergebnisFactory(runde=runde, aufgabenfeld=feld, anzahl=1)
    liste = der_runde(runde, stimmen=aus_runde(Rundennennung.objects.all()))
    assert zahlen(liste) == {"Bauhof": (1, 1, 0, 0)}
    assert liste.raenge[0].zahlen.fuehrend == 0
    assert (liste.ueberliefert, liste.mit_arten, liste.wartend) == (False, True, 0)


def test_part_of_a_round_adds_up_its_own(kommune):
    runde = InteressenrundeFactory(abgeschlossen_am=ENDE)
    nennung = RundennennungFactory(runde=runde)
    RundennennungFactory(runde=runde)
    teil = aus_runde(Rundennennung.objects.filter(pk=nennung.pk))
    liste = rangliste_der_runde(runde, None, felder=list(Aufgabenfeld.objects.all()), stimmen=teil)
    assert [rang.kommunen for rang in liste.raenge] == [1, 0]


@pytest.mark.parametrize(("beispiel", "erwartet"), [(False, (0, 0, 0, 1)), (True, (1, 1, 0, 0))])
def test_examples_count_in_an_example_round_alone(beispiel, erwartet):
    runde = InteressenrundeFactory(abgeschlossen_am=ENDE, beispiel=beispiel, veroeffentlicht=False)
    nennung = RundennennungFactory(runde=runde, interesse__beispiel=True, interesse__aufgabenfeld__name="Bauhof")
    stimmen = aus_runde(Rundennennung.objects.filter(pk=nennung.pk))
    felder = list(Aufgabenfeld.objects.all())
    assert zahlen(rangliste_der_runde(runde, None, felder=felder, stimmen=stimmen)) == {"Bauhof": erwartet}


def test_nennung_of_a_kooperationsfeld_counts_for_its_aufgabenfeld():
    teil = KooperationsfeldFactory(aufgabenfeld__name="Bauhof", name="Winterdienst")
    nennung = RundennennungFactory(interesse__aufgabenfeld=None, interesse__kooperationsfeld=teil)
    (stimme,) = aus_runde(Rundennennung.objects.filter(pk=nennung.pk))
    assert (stimme.feld, stimme.teil, stimme.teil_name) == (teil.aufgabenfeld_id, teil.pk, "Winterdienst")


def test_mit_vergleich_sets_the_numbers_of_the_other_beside():
    ergebnis = RundenergebnisFactory(aufgabenfeld=AufgabenfeldFactory(name="Bauhof"), anzahl=8)
    AufgabenfeldFactory(name="Kasse")
    liste = mit_vergleich(heutige(), der_runde(ergebnis.runde))
    assert [(rang.feld, rang.text, rang.daneben, rang.text_daneben) for rang in liste.raenge] == [
        ("Bauhof", "0", 8, "8"),
        ("Kasse", "0", None, "nicht aufgeführt"),
    ]


# --- which rounds -----------------------------------------------------------------------------------------------------


def test_rounds_to_choose_are_finished_and_have_totals_the_newest_first():
    for name, jahr in (("ohne Jahr", None), ("2020", 2020), ("2024", 2024)):
        RundenergebnisFactory(runde=InteressenrundeFactory(jahr=jahr, name=name))
    InteressenrundeFactory(jahr=2025, name="ohne Summen")
    RundenergebnisFactory(runde=InteressenrundeFactory(laufend=True, name="läuft"))
    runden = staende.runden_mit_ergebnis(Interessenrunde.objects.all())
    assert [runde.name for runde in runden] == ["2024", "2020", "ohne Jahr"]
    assert staende.runden_mit_ergebnis(Interessenrunde.objects.none()) == []


def test_historical_round_stands_beside_every_other_and_today_beside_it():
    neu, alt = InteressenrundeFactory(abgeschlossen_am=ENDE), InteressenrundeFactory(jahr=None)
    runden = [neu, alt]
    assert staende.vergleichsrunde(runden, None) == alt
    assert staende.vergleichsrunde(runden, neu) == alt
    assert staende.vergleichsrunde(runden, alt) is None


def test_without_a_historical_round_the_newest_other_stands_beside():
    neu, davor = (InteressenrundeFactory(abgeschlossen_am=ENDE) for _ in range(2))
    assert staende.vergleichsrunde([neu, davor], None) == neu
    assert staende.vergleichsrunde([neu, davor], neu) == davor
    assert staende.vergleichsrunde([neu], neu) is None
    assert staende.vergleichsrunde([], None) is None


# --- the file ---------------------------------------------------------------------------------------------------------


def datei(liste, **weiteres):
    spalten = rangliste_ausgabe.spalten(liste, **weiteres)
    zeilen = rangliste_ausgabe.zeilen(liste, mit_teilen=weiteres["mit_teilen"])
    return [[name for name, _ in spalten], *([wert(zeile) for _, wert in spalten] for zeile in zeilen)]


def test_file_of_a_handed_down_round_has_its_totals_alone():
    ergebnis = RundenergebnisFactory(anzahl=None, aufgabenfeld__name="Bauhof")
    assert datei(der_runde(ergebnis.runde), daneben="", mit_teilen=False) == [
        ["Platz", "Aufgabenfeld", "Kommunen"],
        [1, "Bauhof", "nicht aufgeführt"],
    ]


def test_file_with_parts_has_a_row_for_each_kooperationsfeld(kommune):
    teil = KooperationsfeldFactory(aufgabenfeld__name="Bauhof", name="Winterdienst")
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, art=InteresseArt.INFO_AUSTAUSCH)
    assert datei(heutige_mit_innen(), daneben="Früher", mit_teilen=True) == [
        [
            "Platz",
            "Aufgabenfeld",
            "Kooperationsfeld",
            "Kommunen",
            "davon Kooperationswille",
            "davon Info-Austausch",
            "nur als Beispiel",
            "warten auf Bestätigung",
            "Früher",
        ],
        [1, "Bauhof", "", 1, 1, 0, 0, 0, "nicht aufgeführt"],
        ["", "Bauhof", "Winterdienst", 1, 1, 0, 0, 0, ""],
        ["", "Info-Austausch ohne bestimmtes Feld", "", 1, 0, 1, 0, 0, ""],
    ]


def test_file_tells_of_those_without_a_field_that_do_not_count():
    InteressenbekundungFactory(aufgabenfeld=None, art=InteresseArt.INFO_AUSTAUSCH, beispiel=True)
    *_, letzte = datei(heutige_mit_innen(), daneben="", mit_teilen=True)
    assert letzte == ["", "Info-Austausch ohne bestimmtes Feld", "", 0, 0, 0, 1, 0]
