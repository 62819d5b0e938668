"""Deciding on the answers of a released Fragebogen, one by one or all that are unchanged at once."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from bestandsaufnahme.abfragen.pruefung.ergebnis import ergebnisse
from bestandsaufnahme.ablaeufe import beteiligung, pruefung, uebernahme
from bestandsaufnahme.auswahl import (
    OFFENE_FRAGEBOEGEN,
    AntwortArt,
    Aussage,
    Entscheidung,
    ErhebungStatus,
    FragebogenStatus,
)
from bestandsaufnahme.models import Bestaetigung, Beteiligung, Erhebung, Fragebogen, Pruefung
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from tests.bestandsaufnahme.pruefhilfen import (
    GRUND,
    HEUTE,
    abschliessen,
    antwort,
    beteiligt,
    bogen,
    entscheiden,
    freigeben,
    interesse,
    neu,
)
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    FragebogenantwortFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gegenstand(kommune):
    eine = KooperationFactory(bezeichnung="Postverbund")
    beteiligt(kommune, eine)
    return eine


@pytest.fixture
def geaendert(kommune, gegenstand):
    """Return the one answer of a released Fragebogen: the Kommune says that it leads now."""
    fragebogen = bogen(kommune)
    eine = antwort(fragebogen, Aussage.GEAENDERT, gegenstand, status="besteht", rolle="federfuehrend")
    freigeben(fragebogen)
    return eine


def setzen(fragebogen, status):
    am = None if status in OFFENE_FRAGEBOEGEN else fragebogen.freigegeben_am
    Fragebogen.objects.update(status=status, freigegeben_am=am)


# --- one decision -----------------------------------------------------------------------------------------------------
def test_accepting_keeps_who_and_nothing_of_the_values(geaendert, geschaeftsstelle):
    entschieden = entscheiden(geaendert, geschaeftsstelle)
    assert (entschieden.entscheidung, entschieden.durch) == (Entscheidung.ANGENOMMEN, geschaeftsstelle)
    assert set(entschieden.werte) == {"stand"}
    assert (Beteiligung.objects.count(), Bestaetigung.objects.count()) == (1, 0)


def test_adjusting_keeps_what_differs(geaendert, geschaeftsstelle):
    werte = {"ab": "2026-01-01", "status": "besteht", "rolle": "federfuehrend", "vorgesehen_bis": None}
    entschieden = entscheiden(geaendert, geschaeftsstelle, entscheidung=Entscheidung.ANGEPASST, werte=werte)
    assert entschieden.entscheidung == Entscheidung.ANGEPASST
    assert entschieden.werte["ab"] == "2026-01-01"
    assert set(entschieden.werte) == {"ab", "stand"}


def test_adjusting_without_a_difference_is_accepting(geaendert, geschaeftsstelle):
    werte = {"ab": "2026-06-30", "status": "besteht", "rolle": "federfuehrend", "vorgesehen_bis": None}
    entschieden = entscheiden(geaendert, geschaeftsstelle, entscheidung=Entscheidung.ANGEPASST, werte=werte)
    assert entschieden.entscheidung == Entscheidung.ANGENOMMEN


def test_refusing_needs_a_reason(geaendert, geschaeftsstelle):
    with pytest.raises(ValidationError, match="Bitte nennen Sie den Grund"):
        entscheiden(geaendert, geschaeftsstelle, entscheidung=Entscheidung.ABGELEHNT, grund="  ")
    entschieden = entscheiden(geaendert, geschaeftsstelle, entscheidung=Entscheidung.ABGELEHNT, grund=f" {GRUND} ")
    assert (entschieden.grund, entschieden.werte) == (GRUND, {})


def test_what_the_matrix_cannot_take_is_refused(geaendert, geschaeftsstelle):
    werte = {"ab": "2001-01-01", "status": "besteht", "rolle": "beteiligt", "vorgesehen_bis": None}
    with pytest.raises(ValidationError, match=r"Musterstadt ist am 01\.01\.2001 nicht an der Kooperation beteiligt"):
        entscheiden(geaendert, geschaeftsstelle, entscheidung=Entscheidung.ANGEPASST, werte=werte)


def test_a_later_mark_stands_against_beendet(kommune, gegenstand, geschaeftsstelle):
    fragebogen = bogen(kommune)
    eine = antwort(fragebogen, Aussage.BEENDET, gegenstand)
    freigeben(fragebogen)
    beteiligung.eintragen(
        kooperation=gegenstand,
        kommune=kommune,
        ab=date(2026, 8, 1),
        status="besteht",
        rolle="federfuehrend",
        herkunft="beschluss",
        durch=geschaeftsstelle,
    )
    with pytest.raises(ValidationError, match=r"steht ab dem 01\.08\.2026 eine spätere Angabe"):
        entscheiden(eine, geschaeftsstelle)


def test_who_read_an_older_decision_is_told(geaendert, geschaeftsstelle):
    entscheiden(geaendert, geschaeftsstelle)
    with pytest.raises(Veraltet):
        entscheiden(geaendert, geschaeftsstelle, version=0)
    entscheiden(geaendert, geschaeftsstelle, version=1, entscheidung=Entscheidung.ABGELEHNT, grund=GRUND)
    assert Pruefung.objects.get().version == 2


@pytest.mark.parametrize("status", [s for s in FragebogenStatus if s != FragebogenStatus.FREIGEGEBEN])
def test_deciding_is_for_released_ones(geaendert, geschaeftsstelle, status):
    am = (
        None
        if status in {FragebogenStatus.OFFEN, FragebogenStatus.IN_BEARBEITUNG}
        else geaendert.fragebogen.freigegeben_am
    )
    Fragebogen.objects.update(status=status, freigegeben_am=am)
    with pytest.raises(ValidationError, match="nur über einen freigegebenen"):
        entscheiden(geaendert, geschaeftsstelle)
    assert Pruefung.objects.count() == 0


# --- all that is unchanged --------------------------------------------------------------------------------------------
def test_all_unchanged_are_accepted_at_once(kommune, gegenstand, geschaeftsstelle):
    fragebogen = bogen(kommune)
    zweite, gegangene, spaetere = (KooperationFactory() for _ in range(3))
    beteiligt(kommune, zweite)
    beteiligt(kommune, spaetere, gilt_bis=date(2026, 8, 1))
    beteiligt(kommune, spaetere, gilt_ab=date(2026, 8, 1), rolle="federfuehrend")
    antworten = [antwort(fragebogen, Aussage.GILT_NOCH, k) for k in (gegenstand, zweite, gegangene, spaetere)]
    antwort(fragebogen, Aussage.GEAENDERT, KooperationFactory(), rolle="beteiligt")
    freigeben(fragebogen)
    erste = entscheiden(antworten[0], geschaeftsstelle, entscheidung=Entscheidung.ABGELEHNT, grund=GRUND)
    anzahl = pruefung.unveraenderte_annehmen(fragebogen=fragebogen, durch=geschaeftsstelle, heute=HEUTE)
    assert anzahl == 1
    assert list(Pruefung.objects.exclude(pk=erste.pk).values_list("antwort", flat=True)) == [antworten[1].pk]
    erste.refresh_from_db()
    assert erste.entscheidung == Entscheidung.ABGELEHNT


# --- finishing, and opening again -------------------------------------------------------------------------------------
def test_finishing_names_what_is_left(geaendert, geschaeftsstelle):
    with pytest.raises(ValidationError, match="Noch zu entscheiden: „Postverbund“"):
        abschliessen(geaendert.fragebogen, geschaeftsstelle)
    entscheiden(geaendert, geschaeftsstelle)
    assert abschliessen(geaendert.fragebogen, geschaeftsstelle).status == FragebogenStatus.GEPRUEFT
    wechsel = Statuswechsel.objects.get()
    assert (wechsel.von, wechsel.nach, wechsel.durch) == ("freigegeben", "geprueft", geschaeftsstelle)


def test_general_answers_and_unanswered_ones_need_no_decision(kommune, geschaeftsstelle):
    fragebogen = bogen(kommune)
    FragebogenantwortFactory(
        fragebogen=fragebogen,
        art=AntwortArt.ALLGEMEIN,
        kooperation=None,
        schluessel="arbeitsgruppe",
        aussage=Aussage.BEANTWORTET,
        angaben={"arbeitsgruppe": "ja"},
    )
    interesse(fragebogen, Aussage.OFFEN, AufgabenfeldFactory())
    freigeben(fragebogen)
    assert abschliessen(fragebogen, geschaeftsstelle).status == FragebogenStatus.GEPRUEFT


@pytest.mark.parametrize("status", [s for s in FragebogenStatus if s != FragebogenStatus.GEPRUEFT])
def test_opening_again_is_for_examined_ones(geaendert, geschaeftsstelle, status):
    am = (
        None
        if status in {FragebogenStatus.OFFEN, FragebogenStatus.IN_BEARBEITUNG}
        else geaendert.fragebogen.freigegeben_am
    )
    Fragebogen.objects.update(status=status, freigegeben_am=am)
    with pytest.raises(ValidationError, match="nur eine abgeschlossene Prüfung"):
        pruefung.wieder_oeffnen(fragebogen=geaendert.fragebogen, durch=geschaeftsstelle, heute=HEUTE)


def test_opened_again_the_decisions_stay(geaendert, geschaeftsstelle):
    entscheiden(geaendert, geschaeftsstelle)
    abschliessen(geaendert.fragebogen, geschaeftsstelle)
    wieder = pruefung.wieder_oeffnen(fragebogen=geaendert.fragebogen, durch=geschaeftsstelle, heute=HEUTE)
    assert wieder.status == FragebogenStatus.FREIGEGEBEN
    assert Pruefung.objects.count() == 1


def test_a_closed_round_is_not_examined(geaendert, geschaeftsstelle):
    Erhebung.objects.update(status=ErhebungStatus.ABGESCHLOSSEN)
    with pytest.raises(ValidationError, match="ist abgeschlossen"):
        entscheiden(geaendert, geschaeftsstelle)


# --- what the Kommune reads afterwards --------------------------------------------------------------------------------
def test_the_result_tells_how_and_why(kommune, gegenstand, geschaeftsstelle):
    feld, fragebogen = KooperationsfeldFactory(name="Geräte"), bogen(kommune)
    zweite = KooperationFactory(bezeichnung="Rechtsamt")
    beteiligt(kommune, zweite)
    angepasste = antwort(fragebogen, Aussage.GEAENDERT, gegenstand, bezeichnung="Post", rolle="federfuehrend")
    abgelehnte = antwort(fragebogen, Aussage.BEENDET, zweite)
    neue = neu(fragebogen)
    freigeben(fragebogen)
    werte = {"rolle": "leistungsempfaenger", "beschreibung": False}
    entscheiden(angepasste, geschaeftsstelle, entscheidung=Entscheidung.ANGEPASST, werte=werte)
    entscheiden(abgelehnte, geschaeftsstelle, entscheidung=Entscheidung.ABGELEHNT, grund=GRUND)
    entscheiden(neue, geschaeftsstelle, werte={"kooperationsfeld": feld.pk})
    abschliessen(fragebogen, geschaeftsstelle)
    fragebogen.refresh_from_db()
    assert ergebnisse(fragebogen) == []
    uebernahme.uebernehmen(fragebogen=fragebogen, durch=geschaeftsstelle, heute=HEUTE)
    fragebogen.refresh_from_db()
    zeilen = [(z.worum, z.was, z.wie, z.grund) for z in ergebnisse(fragebogen)]
    assert zeilen == [
        (
            "Postverbund",
            "angepasst übernommen",
            [
                "Rolle: Leistungsempfänger (angegeben: federführend)",
                "Die Beschreibung der Kooperation bleibt, wie sie ist.",
            ],
            "",
        ),
        ("Rechtsamt", "nicht übernommen", [], GRUND),
        ("Gemeinsamer Bauhof", "übernommen", ["Eingetragen als neue Kooperation im Feld „Geräte“."], ""),
    ]


def test_the_result_names_the_kooperation_that_was_joined(kommune, gegenstand, geschaeftsstelle, kontakt, angemeldet):
    fragebogen = bogen(kommune)
    ziel = KooperationFactory(bezeichnung="Bauhof")
    neu(fragebogen)
    freigeben(fragebogen, KontoFactory(kommune=kommune))
    entscheiden(fragebogen.antworten.get(), geschaeftsstelle, werte={"ziel": ziel.pk})
    abschliessen(fragebogen, geschaeftsstelle)
    uebernahme.uebernehmen(fragebogen=fragebogen, durch=geschaeftsstelle, heute=HEUTE)
    fragebogen.refresh_from_db()
    assert [zeile.wie for zeile in ergebnisse(fragebogen)] == [["Eingetragen als Beteiligung an „Bauhof“."]]
