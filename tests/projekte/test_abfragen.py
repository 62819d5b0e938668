from datetime import date

import pytest

from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.models import Statuswechsel
from projekte.abfragen import auftrag as auftraege
from projekte.abfragen import portfolio
from projekte.abfragen import projekt as projekte
from projekte.abfragen.meilensteine import hinweise, meilensteine_je_projekt, naechster
from projekte.abfragen.teilnahme import Teilnahmestand, teilnahmestand
from projekte.auswahl import BEENDETE, Antwort, MeilensteinStand, ProjektStatus
from projekte.models import Projekt
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.projekte import (
    ErgebnisFactory,
    GeleitzugFactory,
    MeilensteinFactory,
    ProjektauftragFactory,
    ProjektFactory,
    TeilnahmeFactory,
)

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 6, 1)


def stand() -> Teilnahmestand:
    return teilnahmestand(Projekt.objects.mit_teilnahme().get())


def zeilen() -> list[portfolio.PortfolioZeile]:
    return portfolio.zeilen(portfolio.portfolio(Projekt.objects.all(), heute=HEUTE))


# --- n von m ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("quelle", "text"), [("Vortrag 2022", "nicht überliefert"), ("", "noch keine Antworten")])
def test_without_any_figure_a_source_hands_nothing_down_and_ours_has_no_answers(quelle, text):
    ProjektFactory(quelle=quelle)
    assert stand() == Teilnahmestand(quelle=quelle)
    assert stand().text == text
    assert stand().zusatz == ""


def test_quoted_figure_tells_its_source_and_day():
    ProjektFactory(zitiert=True)
    assert stand() == Teilnahmestand(
        zustimmungen=14, von=15, zitiert=True, stand=date(2022, 5, 19), quelle="Vortrag 2022"
    )
    assert stand().text == "14 von 15"
    assert stand().zusatz == "laut Quelle, Stand 19.05.2022"


def test_answers_take_the_place_of_the_quoted_figure():
    projekt = ProjektFactory(zitiert=True)
    for antwort in Antwort:
        TeilnahmeFactory(projekt=projekt, antwort=antwort)
    assert stand() == Teilnahmestand(zustimmungen=2, von=6, beschluss_noetig=1, offen=1)
    assert stand().text == "2 von 6"
    assert (stand().herkunft, stand().zusatz) == ("", "1 Gremienbeschluss steht aus, 1 Antwort offen")


@pytest.mark.parametrize(
    ("noetig", "offen", "satz"),
    [
        (0, 0, ""),
        (2, 0, "2 Gremienbeschlüsse stehen aus"),
        (0, 2, "2 Antworten offen"),
        (1, 3, "1 Gremienbeschluss steht aus, 3 Antworten offen"),
    ],
)
def test_what_is_missing_agrees_in_number(noetig, offen, satz):
    assert Teilnahmestand(zustimmungen=0, von=9, beschluss_noetig=noetig, offen=offen).ausstehend == satz


def test_one_open_answer_is_a_figure_already():
    projekt = ProjektFactory(zitiert=True)
    TeilnahmeFactory(projekt=projekt, antwort=Antwort.OFFEN)
    assert stand().text == "0 von 1"


# --- Meilensteine -----------------------------------------------------------------------------------------------------


def test_meilensteine_of_many_projekte_take_one_query(django_assert_num_queries):
    mit, ohne = ProjektFactory(), ProjektFactory()
    MeilensteinFactory(projekt=mit, name="zweiter", geplant=date(2026, 8, 1))
    MeilensteinFactory(projekt=mit, name="erster", verantwortlich=KommuneFactory(kurzname="Musterstadt"))
    with django_assert_num_queries(1):
        gefunden = meilensteine_je_projekt([mit.pk, ohne.pk], tag=HEUTE)
    assert [zeile.name for zeile in gefunden[mit.pk]] == ["erster", "zweiter"]
    assert [zeile.verantwortlich for zeile in gefunden[mit.pk]] == ["Musterstadt", ""]
    assert gefunden[ohne.pk] == []


def test_a_day_in_the_past_does_not_see_what_came_later():
    projekt = MeilensteinFactory(geplant=date(2026, 5, 1), erreicht=date(2026, 6, 10)).projekt
    frueher = meilensteine_je_projekt([projekt.pk], tag=HEUTE)[projekt.pk][0]
    spaeter = meilensteine_je_projekt([projekt.pk], tag=date(2026, 6, 10))[projekt.pk][0]
    assert (frueher.stand, frueher.erreicht) == (MeilensteinStand.UEBERFAELLIG, None)
    assert (spaeter.stand, spaeter.erreicht) == (MeilensteinStand.ERREICHT, date(2026, 6, 10))
    assert frueher.als_plan().ueberfaellig
    assert not spaeter.als_plan().ueberfaellig


def test_next_is_what_is_due_first_and_not_reached():
    projekt = ProjektFactory()
    MeilensteinFactory(projekt=projekt, geplant=date(2026, 1, 1), erreicht=date(2026, 1, 2))
    MeilensteinFactory(projekt=projekt, name="verschoben", geplant=date(2026, 2, 1), prognose=date(2026, 9, 1))
    MeilensteinFactory(projekt=projekt, name="als nächstes", geplant=date(2026, 7, 1))
    offene = meilensteine_je_projekt([projekt.pk], tag=HEUTE)[projekt.pk]
    assert naechster(offene).name == "als nächstes"
    assert naechster(offene[:1]) is None


@pytest.mark.parametrize("status", BEENDETE)
def test_in_a_projekt_that_is_over_nothing_is_next_or_overdue(status):
    projekt = ProjektFactory(status=status)
    MeilensteinFactory(projekt=projekt, geplant=date(2026, 2, 1))
    MeilensteinFactory(projekt=projekt, geplant=date(2026, 9, 1))
    gefunden = meilensteine_je_projekt([projekt.pk], tag=HEUTE)[projekt.pk]
    assert [zeile.stand for zeile in gefunden] == [MeilensteinStand.OFFEN] * 2
    assert naechster(gefunden) is None
    [zeile] = zeilen()
    assert (zeile.termin, zeile.ueberfaellig) == (None, 0)


def test_a_projekt_that_is_not_begun_has_a_next_meilenstein_but_no_overdue_one():
    projekt = ProjektFactory(status=ProjektStatus.IDEE)
    MeilensteinFactory(projekt=projekt, name="Beschluss", geplant=date(2026, 2, 1))
    gefunden = meilensteine_je_projekt([projekt.pk], tag=HEUTE)[projekt.pk]
    assert naechster(gefunden).stand == MeilensteinStand.GEPLANT
    [zeile] = zeilen()
    assert (zeile.termin, zeile.ueberfaellig) == (portfolio.Termin("Beschluss", date(2026, 2, 1), False), 0)


@pytest.mark.parametrize(
    ("zeit", "fremde"),
    [
        ({"ende": date(2026, 6, 1), "ende_genauigkeit": "tag"}, ["früh", "Juni", "Jahr", "spät"]),
        ({"ende": date(2026, 6, 1), "ende_genauigkeit": "monat"}, ["früh", "Jahr", "spät"]),
        ({"ende": date(2026, 1, 1), "ende_genauigkeit": "jahr"}, ["früh", "spät"]),
        ({}, ["früh"]),
        ({"beginn": None, "beginn_genauigkeit": "unbekannt"}, []),
    ],
)
def test_meilensteine_outside_of_the_span_are_told(zeit, fremde):
    projekt = ProjektFactory(**zeit)
    MeilensteinFactory(projekt=projekt, name="früh", geplant=date(2025, 2, 28))
    MeilensteinFactory(projekt=projekt, name="Juni", geplant=date(2026, 6, 30))
    MeilensteinFactory(projekt=projekt, name="Jahr", geplant=date(2026, 1, 1), prognose=date(2026, 12, 31))
    MeilensteinFactory(projekt=projekt, name="spät", geplant=date(2027, 1, 1))
    saetze = hinweise(projekt, beendet=False)
    assert len(saetze) == bool(fremde)
    assert [name for name in ("früh", "Juni", "Jahr", "spät") if f"„{name}“" in "".join(saetze)] == fremde


@pytest.mark.parametrize(
    ("anzahl", "saetze"),
    [(0, []), (1, ["1 Meilenstein ist nicht erreicht."]), (2, ["2 Meilensteine sind nicht erreicht."])],
)
def test_unreached_ones_are_told_when_the_projekt_ends(anzahl, saetze):
    projekt = MeilensteinFactory(erreicht=date(2025, 6, 30)).projekt
    MeilensteinFactory.create_batch(anzahl, projekt=projekt)
    assert hinweise(projekt, beendet=True) == saetze
    assert hinweise(projekt, beendet=False) == []


# --- portfolio --------------------------------------------------------------------------------------------------------


def test_row_tells_the_overdue_meilenstein_first():
    projekt = ProjektFactory(name="Archiv", beginn=date(2025, 3, 1), beginn_genauigkeit=Genauigkeit.MONAT)
    MeilensteinFactory(projekt=projekt, name="bald", geplant=date(2026, 7, 1))
    MeilensteinFactory(projekt=projekt, name="längst", geplant=date(2026, 2, 1))
    MeilensteinFactory(projekt=projekt, name="gestern", geplant=date(2026, 5, 31))
    [zeile] = zeilen()
    assert zeile.termin == portfolio.Termin("längst", date(2026, 2, 1), True)
    assert zeile.ueberfaellig == 2
    assert zeile.zeitraum == "seit März 2025"
    assert zeile.status == ProjektStatus.BEARBEITUNG


def test_row_without_meilensteine_has_no_date():
    ProjektFactory()
    [zeile] = zeilen()
    assert (zeile.termin, zeile.ueberfaellig, zeile.aufgegangen_in) == (None, 0, "")


def test_span_in_words_has_its_begin_too():
    ProjektFactory(beginn=date(2020, 1, 1), beginn_genauigkeit="jahr", zeit_hinweis="Sommer 2022")
    [zeile] = zeilen()
    assert zeile.zeitraum == "2020 – Sommer 2022"


def test_absorbed_row_names_its_successors_in_order():
    pilot = ProjektFactory(name="Pilot")
    pilot.aufgegangen_in.set([ProjektFactory(name="Vergabe"), ProjektFactory(name="Äpfel")])
    assert {zeile.name: zeile.aufgegangen_in for zeile in zeilen()} == {
        "Pilot": "Äpfel und Vergabe", "Vergabe": "", "Äpfel": "",
    }  # fmt: skip


def test_rows_cost_the_same_for_one_and_three(django_assert_num_queries):
    for _ in range(3):
        TeilnahmeFactory(projekt=MeilensteinFactory().projekt)
    with django_assert_num_queries(1):
        assert len(zeilen()) == 3


def test_counts_leave_examples_out():
    ProjektFactory.create_batch(2, status=ProjektStatus.ABGESCHLOSSEN)
    ProjektFactory()
    ProjektFactory(beispiel=True)
    zahlen = portfolio.zahlen(Projekt.objects.all())
    assert zahlen.je_status == [(ProjektStatus.BEARBEITUNG, 1), (ProjektStatus.ABGESCHLOSSEN, 2)]
    assert (zahlen.fakten, zahlen.beispiele, zahlen.alle) == (3, 1, 4)


# --- one Projekt ------------------------------------------------------------------------------------------------------


def test_relatives_are_told_by_how_they_are_tied(django_assert_num_queries):
    frueher = ProjektFactory(name="früher")
    projekt = ProjektFactory(name="dieses", vorgaenger=frueher)
    ProjektFactory(name="später", vorgaenger=projekt)
    pilot = ProjektFactory(name="Pilot")
    pilot.aufgegangen_in.add(projekt)
    with django_assert_num_queries(1):
        gefunden = projekte.verwandte(projekt, Projekt.objects.all())
    assert [(anderes.art, anderes.name) for anderes in gefunden] == [
        ("folgt auf", "früher"), ("fortgesetzt in", "später"), ("hervorgegangen aus", "Pilot"),
    ]  # fmt: skip
    assert [anderes.art for anderes in projekte.verwandte(pilot, Projekt.objects.all())] == ["aufgegangen in"]


def test_relatives_that_may_not_be_seen_are_not_named():
    projekt = ProjektFactory(vorgaenger=ProjektFactory())
    assert projekte.verwandte(projekt, Projekt.objects.none()) == []


def test_history_has_the_newest_change_first(geschaeftsstelle):
    projekt = ProjektFactory()
    Statuswechsel.objects.create(objekt=projekt, nach="idee", gueltig_ab=date(2025, 1, 1))
    Statuswechsel.objects.create(
        objekt=projekt, von="idee", nach="bearbeitung", gueltig_ab=date(2025, 3, 1), durch=geschaeftsstelle, grund="LG"
    )
    Statuswechsel.objects.create(objekt=ProjektFactory(), nach="idee", gueltig_ab=date(2025, 1, 1))
    assert projekte.verlauf(projekt) == [
        projekte.Wechsel(ProjektStatus.IDEE, ProjektStatus.BEARBEITUNG, date(2025, 3, 1), geschaeftsstelle.name, "LG"),
        projekte.Wechsel(None, ProjektStatus.IDEE, date(2025, 1, 1), "", ""),
    ]


def test_waves_name_their_kommunen_as_far_as_known():
    projekt = ProjektFactory()
    erster = GeleitzugFactory(projekt=projekt, nummer=1, zeit_hinweis="2019 und 2020")
    GeleitzugFactory(projekt=projekt, nummer=2)
    TeilnahmeFactory(projekt=projekt, kommune=KommuneFactory(name="Musterstadt"), geleitzug=erster)
    antworten = projekte.antworten(projekt.teilnahmen.all())
    assert projekte.wellen(projekt.geleitzuege.all(), antworten) == [
        projekte.Welle(1, "2019 und 2020", ("Musterstadt",)),
        projekte.Welle(2, "nicht bekannt", ()),
    ]


def test_chart_gets_days_only_that_are_known_exactly():
    ungenau = ProjektFactory(beginn=date(2018, 1, 1), beginn_genauigkeit=Genauigkeit.JAHR)
    genau = ProjektFactory(ende=date(2026, 3, 1), ende_genauigkeit=Genauigkeit.TAG)
    assert projekte.genaue_laufzeit(ungenau) == (None, None)
    assert projekte.genaue_laufzeit(genau) == (date(2025, 3, 1), date(2026, 3, 1))


# --- orders -----------------------------------------------------------------------------------------------------------


def test_internal_edition_has_all_seven_points():
    blatt = auftraege.blatt(ProjektauftragFactory(vollstaendig=True, ergebnisse=["Konzept"]), intern=True)
    assert [(punkt.nummer, punkt.titel) for punkt in blatt.punkte] == [
        (1, "Projektziele"), (2, "Zu erarbeitende Ergebnisse"), (3, "Projektstart und -ende"), (4, "Projektkosten"),
        (5, "Projektleitung"), (6, "Projektgruppe"), (7, "Informationsmanagement"),
    ]  # fmt: skip
    assert [punkt.titel for punkt in blatt.vorspann] == ["Einleitung", "Rahmenbedingungen"]
    assert blatt.verborgen == ()
    assert not any(punkt.leer for punkt in [*blatt.vorspann, *blatt.punkte])


def test_public_edition_leaves_costs_and_people_out():
    blatt = auftraege.blatt(ProjektauftragFactory(vollstaendig=True), intern=False)
    assert [punkt.nummer for punkt in blatt.punkte] == [1, 2, 3, 7]
    assert blatt.verborgen == (4, 5, 6)


@pytest.mark.parametrize(
    ("punkt", "fassung_intern", "verborgen"),
    [
        ({"intern": True}, False, True),
        ({"intern": True}, True, False),
        ({"intern": False}, False, False),
        ({"intern": True, "leer": "nicht überliefert"}, False, False),
        ({"intern": True, "leer": "keine Angabe"}, False, True),
    ],
)
def test_point_is_hidden_from_the_public_edition_if_it_is_internal_and_handed_down(punkt, fassung_intern, verborgen):
    assert auftraege.Punkt(nummer=4, titel="Projektkosten", **punkt).ist_verborgen(fassung_intern) is verborgen


def test_what_is_not_handed_down_is_told_to_everybody():
    auftrag = ProjektauftragFactory(ueberliefert=True, projektkosten="10.000 €")
    blatt = auftraege.blatt(auftrag, intern=False)
    assert [punkt.nummer for punkt in blatt.punkte] == [1, 2, 3, 5, 6, 7]
    assert blatt.verborgen == (4,)


@pytest.mark.parametrize(
    ("status", "worte"),
    [("ueberliefert", "nicht überliefert"), ("beschlossen", "keine Angabe"), ("entwurf", "noch nicht ausgefüllt")],
)
def test_empty_point_says_why(status, worte):
    blatt = auftraege.blatt(ProjektauftragFactory(status=status, projektziele="Ziel"), intern=True)
    assert [punkt.leer for punkt in blatt.punkte] == ["", *[worte] * 6]


def test_results_become_a_tree_with_one_query(django_assert_num_queries):
    auftrag = ProjektauftragFactory()
    eins = ErgebnisFactory(auftrag=auftrag, reihenfolge=1, nummer="1.", text="Konzept")
    ErgebnisFactory(auftrag=auftrag, reihenfolge=4, nummer="2.", text="Schulung")
    a = ErgebnisFactory(auftrag=auftrag, reihenfolge=2, nummer="a)", text="Kosten", eltern=eins)
    ErgebnisFactory(auftrag=auftrag, reihenfolge=3, nummer="Variante A", text="zentral", eltern=a)
    with django_assert_num_queries(1):
        baum = auftraege.blatt(auftrag, intern=False).punkte[1].ergebnisse
    knoten = auftraege.ErgebnisKnoten
    assert baum == (
        knoten("1.", "Konzept", [knoten("a)", "Kosten", [knoten("Variante A", "zentral", [])])]),
        knoten("2.", "Schulung", []),
    )
