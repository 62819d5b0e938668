"""What is new to the matrix comes in by taking over: Kooperationen, and interest that is declared."""

import pytest
from django.core.exceptions import ValidationError

from bestandsaufnahme.auswahl import (
    Aussage,
    BeteiligungRolle,
    Herkunft,
    InteresseStatus,
)
from bestandsaufnahme.models import (
    Bestaetigung,
    Interessenbekundung,
    Kooperation,
    Kooperationsfeld,
)
from tests.bestandsaufnahme.pruefhilfen import (
    HEUTE,
    SEIT,
    STICHTAG,
    abschliessen,
    alles,
    beteiligt,
    bogen,
    entscheiden,
    freigeben,
    neu,
    runde,
    spannen,
    uebernehmen,
)
from tests.bestandsaufnahme.pruefhilfen import interesse as interesse_antwort
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    HemmnisFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)

pytestmark = pytest.mark.django_db


# --- something new ----------------------------------------------------------------------------------------------------
def test_neu_makes_a_kooperation_in_a_new_field_and_marks_ticked_partners(kommune, andere_kommune, geschaeftsstelle):
    oben = AufgabenfeldFactory()
    fragebogen = bogen(kommune)
    neu(fragebogen, rolle="federfuehrend", aufgabenfeld=oben, feldvorschlag="Geräte")
    freigeben(fragebogen)
    werte = {
        "ziel": None,
        "kooperationsfeld": None,
        "neues_feld": "Geräte",
        "aufgabenfeld": oben.pk,
        "partner": [andere_kommune.ags],
        "veroeffentlicht": True,
    }
    alles(fragebogen, geschaeftsstelle, werte=werte)
    neue = Kooperation.objects.get()
    assert (neue.kooperationsfeld.name, neue.kooperationsfeld.aufgabenfeld) == ("Geräte", oben)
    assert (neue.bezeichnung, neue.symbol, neue.rechtsform, neue.veroeffentlicht) == (
        "Gemeinsamer Bauhof",
        "■",
        "oerv_m",
        True,
    )
    assert spannen(kommune, neue) == [(STICHTAG, None, "besteht", "federfuehrend", "Erhebung 2026")]
    assert spannen(andere_kommune, neue) == [(STICHTAG, None, "besteht", "beteiligt", "Erhebung 2026")]
    assert set(neue.beteiligungen.values_list("herkunft", flat=True)) == {Herkunft.ERHEBUNG}
    assert list(Bestaetigung.objects.values_list("kommune", flat=True)) == [kommune.pk]


def test_neu_joins_a_kooperation_and_leaves_the_partner_who_has_a_mark(kommune, andere_kommune, geschaeftsstelle):
    gegenstand = KooperationFactory()
    beteiligt(andere_kommune, gegenstand, rolle=BeteiligungRolle.FEDERFUEHREND)
    fragebogen = bogen(kommune)
    neu(fragebogen)
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle, werte={"ziel": gegenstand.pk, "partner": [andere_kommune.ags]})
    assert Kooperation.objects.count() == 1
    assert spannen(kommune, gegenstand) == [(STICHTAG, None, "besteht", "beteiligt", "Erhebung 2026")]
    assert spannen(andere_kommune, gegenstand) == [(SEIT, None, "besteht", "federfuehrend", None)]


def test_neu_that_was_considered_stays_on_record_with_year_reason_and_hemmnisse(kommune, geschaeftsstelle):
    feld, hemmnis = KooperationsfeldFactory(), HemmnisFactory()
    fragebogen = bogen(kommune)
    angaben = {"jahr": "2024", "grund": "Zu teuer.", "hemmnisse": [hemmnis.kuerzel]}
    neu(fragebogen, status="erwogen", kooperationsfeld=feld, angaben=angaben)
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle, werte={"kooperationsfeld": feld.pk})
    neue = Kooperation.objects.get()
    assert (neue.gescheitert_jahr, neue.gescheitert_grund, [*neue.hemmnisse.all()]) == (2024, "Zu teuer.", [hemmnis])
    assert spannen(kommune, neue)[0][2] == "erwogen"
    assert Bestaetigung.objects.count() == 0


def test_neu_without_a_field_is_refused(kommune, geschaeftsstelle):
    fragebogen = bogen(kommune)
    eine = neu(fragebogen)
    freigeben(fragebogen)
    with pytest.raises(ValidationError, match="Bitte wählen Sie das Kooperationsfeld"):
        entscheiden(eine, geschaeftsstelle)


def test_two_who_name_the_same_as_new_do_not_make_it_twice(kommune, andere_kommune, geschaeftsstelle):
    feld, erhebung = KooperationsfeldFactory(), runde()
    boegen = [bogen(eine, erhebung) for eine in (kommune, andere_kommune)]
    for fragebogen in boegen:
        neu(fragebogen)
        freigeben(fragebogen)
        entscheiden(fragebogen.antworten.get(), geschaeftsstelle, werte={"kooperationsfeld": feld.pk})
        abschliessen(fragebogen, geschaeftsstelle)
    uebernehmen(boegen[0], geschaeftsstelle)
    with pytest.raises(ValidationError, match="inzwischen eine Kooperation dieses Namens"):
        uebernehmen(boegen[1], geschaeftsstelle)
    assert Kooperation.objects.count() == 1


def test_two_new_ones_of_the_same_new_field_share_it(kommune, andere_kommune, geschaeftsstelle):
    oben, erhebung = AufgabenfeldFactory(), runde()
    for eine, name in ((kommune, "Kehrmaschine"), (andere_kommune, "Hubsteiger")):
        fragebogen = bogen(eine, erhebung)
        neu(fragebogen, bezeichnung=name)
        freigeben(fragebogen)
        alles(fragebogen, geschaeftsstelle, werte={"neues_feld": "Geräte", "aufgabenfeld": oben.pk})
    assert Kooperationsfeld.objects.get().kooperationen.count() == 2


def test_an_example_round_publishes_nothing(kommune, geschaeftsstelle):
    feld = KooperationsfeldFactory()
    fragebogen = bogen(kommune, runde(beispiel=True))
    neu(fragebogen)
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle, werte={"kooperationsfeld": feld.pk, "veroeffentlicht": True})
    assert Kooperation.objects.get().veroeffentlicht is False


# --- interest ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("aussage", "worte"), [(Aussage.JA, "als Interesse"), (Aussage.BEDINGT, "bedingtes Interesse")]
)
def test_interest_is_filed_in_the_name_of_who_released(kommune, buergermeister, geschaeftsstelle, aussage, worte):
    feld = AufgabenfeldFactory()
    fragebogen = bogen(kommune, runde(beispiel=True))
    interesse_antwort(fragebogen, aussage, feld, erlaeuterung="Fahrzeuge teilen")
    freigeben(fragebogen, buergermeister)
    alles(fragebogen, geschaeftsstelle)
    bekundung = Interessenbekundung.objects.get()
    assert (bekundung.kommune, bekundung.aufgabenfeld, bekundung.durch) == (kommune, feld, buergermeister)
    assert (bekundung.status, bekundung.abgegeben_am, bekundung.beispiel) == (InteresseStatus.ABGEGEBEN, HEUTE, True)
    assert bekundung.wofuer.startswith("Fahrzeuge teilen\n\n")
    assert "Erhebung 2026" in bekundung.wofuer
    assert worte in bekundung.wofuer


def test_interest_that_the_head_released_is_filed_beside_a_colleagues_draft(kommune, buergermeister, geschaeftsstelle):
    feld = AufgabenfeldFactory()
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, entwurf=True)
    InteressenrundeFactory(laufend=True)
    fragebogen = bogen(kommune, runde())
    interesse_antwort(fragebogen, Aussage.JA, feld)
    freigeben(fragebogen, buergermeister)
    alles(fragebogen, geschaeftsstelle)
    abgegebene = Interessenbekundung.objects.get(status=InteresseStatus.ABGEGEBEN)
    # and it is no answer to the Interessenrunde that happens to run
    assert (abgegebene.durch, abgegebene.runde) == (buergermeister, None)


def test_interest_that_stands_already_is_not_doubled(kommune, geschaeftsstelle):
    feld = AufgabenfeldFactory()
    vorhandene = InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld)
    fragebogen = bogen(kommune)
    interesse_antwort(fragebogen, Aussage.JA, feld)
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle)
    assert list(Interessenbekundung.objects.all()) == [vorhandene]


def test_no_interest_needs_no_decision(kommune, geschaeftsstelle):
    fragebogen = bogen(kommune)
    eine = interesse_antwort(fragebogen, Aussage.NEIN, AufgabenfeldFactory())
    freigeben(fragebogen)
    with pytest.raises(ValidationError, match="ändert nichts"):
        entscheiden(eine, geschaeftsstelle)
    abschliessen(fragebogen, geschaeftsstelle)
    uebernehmen(fragebogen, geschaeftsstelle)
    assert Interessenbekundung.objects.count() == 0
