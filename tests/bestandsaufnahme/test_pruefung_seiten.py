"""The pages on which the Geschäftsstelle examines a Fragebogen."""

from datetime import date
from http import HTTPStatus

import pytest
import time_machine

from bestandsaufnahme.ablaeufe.uebernahme import uebernehmen
from bestandsaufnahme.auswahl import AntwortArt, Aussage, Entscheidung, FragebogenStatus
from bestandsaufnahme.models import Beteiligung, Fragebogen, Kooperation, Pruefung
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
    runde,
)
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    FragebogenantwortFactory,
    HemmnisFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def am_tag():
    with time_machine.travel(HEUTE, tick=False):
        yield


@pytest.fixture
def fragebogen(kommune):
    """Return a released one: gilt noch, geändert, beendet, new, interested."""
    offen = bogen(kommune)
    for name, aussage in (("Post", Aussage.GILT_NOCH), ("Recht", Aussage.GEAENDERT), ("DV", Aussage.BEENDET)):
        gegenstand = KooperationFactory(bezeichnung=name)
        beteiligt(kommune, gegenstand)
        rolle = "federfuehrend" if aussage == Aussage.GEAENDERT else ""
        antwort(offen, aussage, gegenstand, rolle=rolle)
    neu(offen, aufgabenfeld=AufgabenfeldFactory(name="Bauhof"), feldvorschlag="Geräte")
    interesse(offen, Aussage.JA, AufgabenfeldFactory())
    return freigeben(offen)


@pytest.fixture
def client(geschaeftsstelle, angemeldet):
    return angemeldet(geschaeftsstelle)


def adresse(fragebogen, rest=""):
    return f"/bestandsaufnahme/erhebungen/{fragebogen.erhebung_id}/{fragebogen.kommune.ags}/{rest}"


def zu(fragebogen, eine):
    return adresse(fragebogen, f"pruefung/{eine.pk}/")


def antwort_zu(fragebogen, aussage):
    return fragebogen.antworten.get(aussage=aussage)


# --- who --------------------------------------------------------------------------------------------------------------
WEGE = [("pruefung/", "get"), ("zurueckgeben/", "get")] + [
    (weg, "post")
    for weg in (
        *("pruefung/unveraenderte/", "pruefung/abschliessen/", "pruefung/wieder-oeffnen/"),
        *("uebernehmen/", "zurueckgeben/"),
    )
]


@pytest.mark.parametrize("schritt", WEGE)
def test_examining_is_the_geschaeftsstelles(fragebogen, kontakt, fremder_kontakt, angemeldet, schritt):
    weg, art = schritt
    erwartet = [(kontakt, HTTPStatus.FORBIDDEN), (fremder_kontakt, HTTPStatus.NOT_FOUND)]
    for konto, status in erwartet:
        assert getattr(angemeldet(konto), art)(adresse(fragebogen, weg)).status_code == status
    fragebogen.refresh_from_db()
    assert fragebogen.status == FragebogenStatus.FREIGEGEBEN


def test_what_is_not_released_is_not_shown(fragebogen, client):
    Fragebogen.objects.update(status=FragebogenStatus.IN_BEARBEITUNG, freigegeben_am=None)
    assert client.get(adresse(fragebogen, "pruefung/")).status_code == HTTPStatus.FORBIDDEN
    eine = antwort_zu(fragebogen, Aussage.BEENDET)
    assert client.get(zu(fragebogen, eine)).status_code == HTTPStatus.FORBIDDEN


def test_an_answer_of_another_fragebogen_is_unknown(fragebogen, andere_kommune, client):
    anderer = freigeben(bogen(andere_kommune, fragebogen.erhebung))
    assert client.get(zu(anderer, fragebogen.antworten.first())).status_code == HTTPStatus.NOT_FOUND


# --- the whole --------------------------------------------------------------------------------------------------------
def test_page_shows_today_beside_the_proposal(fragebogen, client):
    seite = client.get(adresse(fragebogen, "pruefung/"))
    karten = {karte.worum: karte for gruppe in seite.context["seite"].gruppen for karte in gruppe.karten}
    zeilen = {name: [(z.name, z.heute, z.vorschlag, z.anders) for z in k.zeilen] for name, k in karten.items()}
    assert zeilen["Post"] == [("Beteiligung", "besteht, beteiligt", "besteht, beteiligt", False)]
    assert zeilen["Recht"] == [
        ("Status", "besteht", "besteht", False),
        ("Rolle", "beteiligt", "federführend", True),
        ("Gilt ab", "", "30.06.2026", False),
    ]
    assert zeilen["DV"] == [("Beteiligung", "besteht, beteiligt", "endet am 29.06.2026", True)]
    assert karten["Gemeinsamer Bauhof"].fehlt
    assert karten["Gemeinsamer Bauhof"].feld == "Bauhof: Geräte (neues Feld)"
    text = seite.content.decode()
    assert "1-mal „gilt noch“ annehmen" in text
    assert "0 von 5" in text


def test_filter_shows_what_is_left(fragebogen, geschaeftsstelle, client):
    entscheiden(antwort_zu(fragebogen, Aussage.GILT_NOCH), geschaeftsstelle)
    seite = client.get(adresse(fragebogen, "pruefung/?nur=offen")).context["seite"]
    namen = [karte.worum for gruppe in seite.gruppen for karte in gruppe.karten]
    assert "Post" not in namen
    assert (len(namen), seite.offene, seite.entschiedene) == (4, 4, 1)


def test_what_changes_nothing_is_told_at_the_end(kommune, client):
    offen = bogen(kommune)
    interesse(offen, Aussage.NEIN, AufgabenfeldFactory(name="Kultur"))
    FragebogenantwortFactory(
        fragebogen=offen,
        art=AntwortArt.ALLGEMEIN,
        kooperation=None,
        schluessel="arbeitsgruppe",
        aussage=Aussage.BEANTWORTET,
        angaben={"arbeitsgruppe": "ja"},
    )
    seite = client.get(adresse(freigeben(offen), "pruefung/")).context["seite"]
    assert seite.zur_kenntnis == [
        ("Kein Interesse an", "Kultur"),
        ("Möchten Sie in der Arbeitsgruppe IKZ mitarbeiten?", "ja"),
    ]
    assert (seite.gruppen, seite.noetige) == ([], 0)


def test_a_mark_changed_since_the_stichtag_is_told(kommune, client):
    offen, gegenstand = bogen(kommune), KooperationFactory()
    beteiligt(kommune, gegenstand, gilt_bis=date(2026, 8, 1))
    beteiligt(kommune, gegenstand, gilt_ab=date(2026, 8, 1), rolle="federfuehrend")
    antwort(offen, Aussage.GILT_NOCH, gegenstand)
    seite = client.get(adresse(freigeben(offen), "pruefung/")).context["seite"]
    ((karte,),) = (gruppe.karten for gruppe in seite.gruppen)
    assert karte.hinweise[0].startswith("Die Matrix wurde seither geändert: Am 30.06.2026 stand dort „besteht, bet")
    assert (karte.schnell, seite.unveraenderte) == (False, 0)


def test_contradictions_stand_at_the_answer_and_at_who_is_silent(fragebogen, andere_kommune, client):
    anderer = bogen(andere_kommune, fragebogen.erhebung)
    gegenstand = Kooperation.objects.get(bezeichnung="DV")
    antwort(anderer, Aussage.GILT_NOCH, gegenstand)
    dritte = KooperationFactory(bezeichnung="Musikschule")
    antwort(anderer, Aussage.GILT_NOCH, dritte, angaben={"partner_im_kreis": [fragebogen.kommune.ags]})
    freigeben(anderer)
    seite = client.get(adresse(fragebogen, "pruefung/")).context["seite"]
    karten = {karte.worum: karte for gruppe in seite.gruppen for karte in gruppe.karten}
    assert [fund.was for fund in karten["DV"].widersprueche] == ["Beendet oder nicht"]
    assert [fund.worum for fund in seite.stumme] == ["Musikschule"]


ALLE_WORTE = {"partner_im_kreis": ["06999999"], "erfolgsfaktoren": ["EF01"], "hemmnisse": ["SG01"]}


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_queries(kommune, geschaeftsstelle, client, django_assert_num_queries, anzahl):
    """With all that may be asked for: names of all kinds, others concerned, interests, one that is to be joined."""
    offen = bogen(kommune)
    for _ in range(anzahl):
        gegenstand = KooperationFactory()
        beteiligt(kommune, gegenstand)
        antwort(offen, Aussage.GEAENDERT, gegenstand, rolle="federfuehrend", bezeichnung="Neu", angaben=ALLE_WORTE)
        interesse(offen, Aussage.JA, AufgabenfeldFactory())
    neue = neu(offen)
    freigeben(offen)
    entscheiden(neue, geschaeftsstelle, werte={"ziel": KooperationFactory().pk})
    weg = adresse(offen, "pruefung/")
    with django_assert_num_queries(15):
        client.get(weg)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_decision_page_queries(kommune, andere_kommune, client, django_assert_num_queries, anzahl):
    offen = bogen(kommune)
    eine = neu(offen, angaben=ALLE_WORTE)
    for _ in range(anzahl):
        beteiligt(andere_kommune, KooperationFactory(bezeichnung="Gemeinsamer Bauhof"))
        neu(offen, bezeichnung="Noch eine")
        HemmnisFactory()
    freigeben(offen)
    weg = zu(offen, eine)
    with django_assert_num_queries(12):
        client.get(weg)


# --- the steps --------------------------------------------------------------------------------------------------------
def test_from_released_to_taken_over(fragebogen, client, kommune):
    """All that the Geschäftsstelle clicks, in its order."""
    client.post(adresse(fragebogen, "pruefung/unveraenderte/"))
    geaendert = antwort_zu(fragebogen, Aussage.GEAENDERT)
    ziel = client.post(zu(fragebogen, geaendert), {"entscheidung": "angenommen", "version": 0})
    beendet = antwort_zu(fragebogen, Aussage.BEENDET)
    assert ziel.url == zu(fragebogen, beendet)
    client.post(zu(fragebogen, beendet), {"entscheidung": "abgelehnt", "grund": GRUND, "version": 0})
    neue = antwort_zu(fragebogen, Aussage.NEU)
    werte = {"entscheidung": "angenommen", "version": 0, "neues_feld": "Geräte", "aufgabenfeld": neue.aufgabenfeld_id}
    client.post(zu(fragebogen, neue), werte)
    interessiert = antwort_zu(fragebogen, Aussage.JA)
    ziel = client.post(zu(fragebogen, interessiert), {"entscheidung": "angenommen", "version": 0})
    assert ziel.url == f"{adresse(fragebogen, 'pruefung/')}#antwort-{interessiert.pk}"
    assert Beteiligung.objects.filter(erhebung__isnull=False).count() == 0
    client.post(adresse(fragebogen, "pruefung/abschliessen/"))
    seite = client.get(adresse(fragebogen, "pruefung/")).content.decode()
    assert "In die Matrix übernehmen" in seite
    client.post(adresse(fragebogen, "uebernehmen/"))
    fragebogen.refresh_from_db()
    assert fragebogen.status == FragebogenStatus.UEBERNOMMEN
    assert Kooperation.objects.filter(bezeichnung="Gemeinsamer Bauhof", beteiligungen__kommune=kommune).count() == 1
    seite = client.get(adresse(fragebogen, "pruefung/")).content.decode()
    assert "In die Matrix übernehmen" not in seite


def test_steps_refused_say_why(fragebogen, client):
    antwort_der_seite = client.post(adresse(fragebogen, "uebernehmen/"), follow=True)
    assert "Übernehmen lässt sich nur ein geprüfter Fragebogen" in antwort_der_seite.content.decode()
    antwort_der_seite = client.post(adresse(fragebogen, "pruefung/abschliessen/"), follow=True)
    assert "Noch zu entscheiden: „Post“" in antwort_der_seite.content.decode()


def test_giving_back_needs_a_reason(fragebogen, client):
    seite = client.post(adresse(fragebogen, "zurueckgeben/"), {"grund": " "})
    assert "Bitte nennen Sie den Grund" in seite.content.decode()
    client.post(adresse(fragebogen, "zurueckgeben/"), {"grund": "Es fehlt ein Jahr."})
    fragebogen.refresh_from_db()
    assert fragebogen.status == FragebogenStatus.IN_BEARBEITUNG


# --- one decision -----------------------------------------------------------------------------------------------------
def test_decision_page_needs_one(fragebogen, client):
    eine = antwort_zu(fragebogen, Aussage.GEAENDERT)
    seite = client.post(zu(fragebogen, eine), {"version": 0}).content.decode()
    assert "Bitte entscheiden Sie sich." in seite
    seite = client.post(zu(fragebogen, eine), {"version": 0, "entscheidung": "abgelehnt"}).content.decode()
    assert "Bitte nennen Sie den Grund, warum die Angabe nicht übernommen wird." in seite
    assert Pruefung.objects.count() == 0


def test_adjusted_values_are_checked(fragebogen, client):
    eine = antwort_zu(fragebogen, Aussage.GEAENDERT)
    werte = {"version": 0, "entscheidung": "angepasst", "status": "besteht", "rolle": "quatsch", "ab": "32.13.2026"}
    seite = client.post(zu(fragebogen, eine), {**werte, "vorgesehen_bis": "2027-01-01"}).content.decode()
    assert "Bitte wählen Sie einen der angebotenen Werte." in seite
    assert "Bitte geben Sie ein gültiges Datum an" in seite
    assert "Einen Tag „vorgesehen bis“ hat nur" in seite
    assert Pruefung.objects.count() == 0


def test_a_day_before_all_days_is_refused(fragebogen, client):
    eine = antwort_zu(fragebogen, Aussage.BEENDET)
    seite = client.post(zu(fragebogen, eine), {"version": 0, "entscheidung": "angepasst", "ab": "0001-01-01"})
    assert seite.status_code == HTTPStatus.OK
    assert "Bitte geben Sie ein Jahr von 1945 bis 2200 an." in seite.content.decode()
    assert Pruefung.objects.count() == 0


def test_adjusted_values_are_kept_and_shown_again(fragebogen, client):
    eine = antwort_zu(fragebogen, Aussage.GEAENDERT)
    werte = {"entscheidung": "angepasst", "status": "besteht", "rolle": "leistungsempfaenger", "ab": "2026-06-30"}
    client.post(zu(fragebogen, eine), {**werte, "version": 0})
    assert Pruefung.objects.get().werte["rolle"] == "leistungsempfaenger"
    seite = client.get(zu(fragebogen, eine))
    assert seite.context["formulare"].angaben["rolle"].value() == "leistungsempfaenger"
    assert "Rolle: Leistungsempfänger (angegeben: federführend)" in seite.content.decode()


def test_two_deciding_at_once_see_each_other(fragebogen, client):
    eine = antwort_zu(fragebogen, Aussage.GEAENDERT)
    client.post(zu(fragebogen, eine), {"entscheidung": "angenommen", "version": 0})
    zweite = client.post(zu(fragebogen, eine), {"entscheidung": "abgelehnt", "grund": GRUND, "version": 0})
    assert zweite.status_code == HTTPStatus.CONFLICT
    text = zweite.content.decode()
    assert "Geschäftsstelle hat über diese Angabe inzwischen entschieden" in text
    assert GRUND in text
    version = zweite.context["formulare"].entscheidung["version"].value()
    client.post(zu(fragebogen, eine), {"entscheidung": "abgelehnt", "grund": GRUND, "version": version})
    assert Pruefung.objects.get().entscheidung == Entscheidung.ABGELEHNT


def test_the_tick_for_a_changed_description_names_the_others(kommune, andere_kommune, client):
    offen, gegenstand = bogen(kommune), KooperationFactory()
    for beteiligte in (kommune, andere_kommune):
        beteiligt(beteiligte, gegenstand)
    eine = antwort(offen, Aussage.GEAENDERT, gegenstand, bezeichnung="Neuer Name", rolle="beteiligt")
    freigeben(offen)
    seite = client.get(zu(offen, eine))
    assert list(seite.context["formulare"].umsetzung.fields) == ["beschreibung"]
    assert "Sie gilt dann auch für Nachbarstadt." in seite.content.decode()
    client.post(zu(offen, eine), {"entscheidung": "angenommen", "version": 0, "beschreibung": "on"})
    assert Pruefung.objects.get().werte["beschreibung"] is True


def test_ending_the_whole_is_offered_to_the_last_one_only(fragebogen, andere_kommune, client):
    eine = antwort_zu(fragebogen, Aussage.BEENDET)
    assert list(client.get(zu(fragebogen, eine)).context["formulare"].umsetzung.fields) == ["kooperation_beenden"]
    beteiligt(andere_kommune, eine.kooperation)
    assert list(client.get(zu(fragebogen, eine)).context["formulare"].umsetzung.fields) == []


def test_new_ones_are_compared_with_the_matrix(kommune, andere_kommune, client):
    erhebung, feld = runde(), KooperationsfeldFactory(name="Bauhof")
    aehnliche = KooperationFactory(bezeichnung="Gemeinsamer Bauhof der Nachbarn", kooperationsfeld=feld)
    KooperationFactory(bezeichnung="Musikschule")
    offen, anderer = bogen(kommune, erhebung), bogen(andere_kommune, erhebung)
    eine = neu(offen, kooperationsfeld=feld, angaben={"partner_im_kreis": [andere_kommune.ags]})
    neu(anderer, bezeichnung="Gemeinsamer Bauhof")
    freigeben(offen)
    seite = client.get(zu(offen, eine))
    wahl = seite.context["wahl"]
    assert [vorschlag.name for vorschlag in wahl.aehnliche] == ["Gemeinsamer Bauhof der Nachbarn"]
    assert wahl.ziel == aehnliche.pk
    assert [(partner.name, partner.auch) for partner in wahl.partner] == [("Nachbarstadt", False)]
    freigeben(anderer)
    assert client.get(zu(offen, eine)).context["formulare"].umsetzung["partner"].value() == [andere_kommune.ags]


def test_a_new_one_needs_a_field(fragebogen, client):
    eine = antwort_zu(fragebogen, Aussage.NEU)
    seite = client.post(zu(fragebogen, eine), {"entscheidung": "angenommen", "version": 0}).content.decode()
    assert "Bitte wählen Sie ein Kooperationsfeld, oder nennen Sie ein neues." in seite
    werte = {"entscheidung": "angenommen", "version": 0, "neues_feld": "Geräte"}
    assert "zu welchem Aufgabenfeld" in client.post(zu(fragebogen, eine), werte).content.decode()


def test_a_considered_one_needs_its_year(fragebogen, client):
    eine = antwort_zu(fragebogen, Aussage.NEU)
    werte = {
        "entscheidung": "angepasst",
        "version": 0,
        "bezeichnung": "Bauhof",
        "status": "erwogen",
        "rolle": "beteiligt",
        "rechtsform": "unbekannt",
        "seit_genauigkeit": "unbekannt",
        "ab": "2026-06-30",
        "kooperationsfeld": KooperationsfeldFactory().pk,
    }
    seite = client.post(zu(fragebogen, eine), werte)
    assert list(seite.context["formulare"].angaben.errors) == ["gescheitert_jahr"]
    client.post(zu(fragebogen, eine), {**werte, "gescheitert_jahr": "2024", "gescheitert_grund": "Zu teuer."})
    assert Pruefung.objects.get().werte["gescheitert_jahr"] == 2024


@pytest.mark.parametrize(
    "boeses",
    [
        {"entscheidung": "\x00"},
        {"entscheidung": "angenommen", "version": "99999999999999999999"},
        {"entscheidung": "angenommen", "version": "0", "ziel": "9999999"},
        {"entscheidung": "angenommen", "version": "0", "partner": ["x", "\x00"]},
        {"entscheidung": "abgelehnt", "version": "0", "grund": "x" * 2001},
    ],
)
def test_bad_input_comes_back(fragebogen, client, boeses):
    seite = client.post(zu(fragebogen, antwort_zu(fragebogen, Aussage.NEU)), boeses)
    assert seite.status_code == HTTPStatus.OK
    assert "Bitte prüfen Sie Ihre Angaben" in seite.content.decode()
    assert Pruefung.objects.count() == 0


# --- what the Kommune reads -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("anzahl", [1, 3])
def test_the_kommune_reads_what_became_of_its_answers(
    kontakt, geschaeftsstelle, angemeldet, django_assert_max_num_queries, anzahl
):
    offen = bogen(kontakt.kommune)
    for nummer in range(anzahl):
        gegenstand = KooperationFactory(bezeichnung=f"Verbund {nummer}")
        beteiligt(kontakt.kommune, gegenstand)
        antwort(offen, Aussage.GEAENDERT, gegenstand, rolle="federfuehrend")
        neu(offen, bezeichnung=f"Neue {nummer}")
    freigeben(offen)
    feld = KooperationsfeldFactory()
    for eine in offen.antworten.filter(art=AntwortArt.KOOPERATION):
        entscheiden(eine, geschaeftsstelle, entscheidung=Entscheidung.ABGELEHNT, grund=GRUND)
    for eine in offen.antworten.filter(art=AntwortArt.NEU):
        entscheiden(eine, geschaeftsstelle, werte={"kooperationsfeld": feld.pk})
    client = angemeldet(kontakt)
    weg = adresse(offen)
    assert "Was aus Ihren Angaben geworden ist" not in client.get(weg).content.decode()
    abschliessen(offen, geschaeftsstelle)
    uebernehmen(fragebogen=offen, durch=geschaeftsstelle, heute=HEUTE)
    with django_assert_max_num_queries(15):
        seite = client.get(weg).content.decode()
    assert "Was aus Ihren Angaben geworden ist" in seite
    assert seite.count(f"Grund: {GRUND}") == anzahl
    assert seite.count("Eingetragen als neue Kooperation im Feld") == anzahl
    assert "Fragebogen prüfen" not in seite
