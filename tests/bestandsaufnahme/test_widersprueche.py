"""Where released Fragebögen of a round contradict each other."""

import pytest

from bestandsaufnahme.abfragen.kooperation.aehnlichkeit import aehnlichkeit
from bestandsaufnahme.abfragen.pruefung.widersprueche import rueckmeldungen, widersprueche
from bestandsaufnahme.auswahl import Aussage, BeteiligungRolle, Rechtsform
from tests.bestandsaufnahme.pruefhilfen import antwort, beteiligt, bogen, freigeben, neu, runde
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, KooperationFactory
from tests.fabriken.kommunen import KommuneFactory

pytestmark = pytest.mark.django_db

ADRESSE = "/bestandsaufnahme/erhebungen/{}/widersprueche/"


@pytest.fixture
def erhebung():
    return runde()


@pytest.fixture
def boegen(erhebung, kommune, andere_kommune):
    return bogen(kommune, erhebung), bogen(andere_kommune, erhebung)


@pytest.fixture
def postverbund(kommune, andere_kommune):
    gegenstand = KooperationFactory(bezeichnung="Postverbund", rechtsform=Rechtsform.KAG)
    for eine in (kommune, andere_kommune):
        beteiligt(eine, gegenstand)
    return gegenstand


def funde(erhebung, *boegen):
    for fragebogen in boegen:
        freigeben(fragebogen)
    return [(fund.was, fund.satz) for fund in widersprueche(rueckmeldungen(erhebung))]


@pytest.mark.parametrize("aussage", [Aussage.GILT_NOCH, Aussage.GEAENDERT])
def test_beendet_against_who_stays(erhebung, boegen, postverbund, aussage):
    erste = antwort(boegen[0], Aussage.BEENDET, postverbund)
    zweite = antwort(boegen[1], aussage, postverbund)
    assert funde(erhebung, *boegen) == [
        (
            "Beendet oder nicht",
            (
                "Für Musterstadt ist sie beendet, für Nachbarstadt nicht. "
                "Endet die Kooperation, oder scheidet nur ein Teil aus?"
            ),
        )
    ]
    (fund,) = widersprueche(rueckmeldungen(erhebung))
    assert (fund.worum, fund.antworten) == ("Postverbund", {erste.pk, zweite.pk})
    assert [stimme.aussage for stimme in fund.stimmen] == [Aussage.BEENDET, aussage]


def test_all_who_end_it_agree(erhebung, boegen, postverbund):
    for fragebogen in boegen:
        antwort(fragebogen, Aussage.BEENDET, postverbund)
    assert funde(erhebung, *boegen) == []


def test_what_is_not_released_is_nobody_elses(erhebung, boegen, postverbund):
    antwort(boegen[0], Aussage.BEENDET, postverbund)
    antwort(boegen[1], Aussage.GILT_NOCH, postverbund)
    assert funde(erhebung, boegen[0]) == []


@pytest.mark.parametrize(
    ("formen", "anzahl"),
    [(("zv", "priv"), 1), (("zv", ""), 1), (("kag", ""), 0), (("unbekannt", "zv"), 0), (("zv", "zv"), 0)],
)
def test_rechtsform(erhebung, boegen, postverbund, formen, anzahl):
    eine, andere = formen
    antwort(boegen[0], Aussage.GEAENDERT, postverbund, rechtsform=eine)
    if andere:
        antwort(boegen[1], Aussage.GEAENDERT, postverbund, rechtsform=andere)
    else:
        antwort(boegen[1], Aussage.GILT_NOCH, postverbund)
    gefunden = funde(erhebung, *boegen)
    assert gefunden == [("Rechtsform", "Die Kommunen nennen verschiedene Rechtsformen.")] * anzahl


def test_two_federfuehrend_one_of_them_by_the_matrix(erhebung, boegen, kommune, andere_kommune):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand, rolle=BeteiligungRolle.FEDERFUEHREND)
    beteiligt(andere_kommune, gegenstand)
    antwort(boegen[0], Aussage.GILT_NOCH, gegenstand)
    antwort(boegen[1], Aussage.GEAENDERT, gegenstand, rolle="federfuehrend")
    assert funde(erhebung, *boegen) == [
        ("Federführung", "Musterstadt und Nachbarstadt nennen sich beide federführend.")
    ]


def test_three_federfuehrend(erhebung, boegen, postverbund):
    dritte = bogen(KommuneFactory(name="Waldstadt"), erhebung)
    for fragebogen in (*boegen, dritte):
        antwort(fragebogen, Aussage.GEAENDERT, postverbund, rolle="federfuehrend")
    assert funde(erhebung, *boegen, dritte) == [
        ("Federführung", "3 Kommunen nennen sich federführend: Musterstadt, Nachbarstadt und Waldstadt.")
    ]


def test_a_partner_who_says_nothing_about_it(erhebung, boegen, kommune, andere_kommune):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand)
    antwort(boegen[0], Aussage.GILT_NOCH, gegenstand, angaben={"partner_im_kreis": [andere_kommune.ags]})
    satz = "Musterstadt nennt Nachbarstadt als Partner. Nachbarstadt gibt dazu nichts an."
    assert funde(erhebung, *boegen) == [("Partner", satz)]
    (fund,) = widersprueche(rueckmeldungen(erhebung))
    assert [(stimme.kommune, stimme.antwort is None) for stimme in fund.stimmen] == [
        ("Musterstadt", False),
        ("Nachbarstadt", True),
    ]
    assert fund.betrifft(andere_kommune.ags)


def test_a_partner_who_has_not_released_yet_is_not_accused(erhebung, boegen, kommune, andere_kommune):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand)
    antwort(boegen[0], Aussage.GILT_NOCH, gegenstand, angaben={"partner_im_kreis": [andere_kommune.ags]})
    assert funde(erhebung, boegen[0]) == []


def test_new_ones_that_mean_the_same_are_compared(erhebung, boegen, kommune, andere_kommune):
    feld = AufgabenfeldFactory()
    neu(boegen[0], aufgabenfeld=feld, rolle="federfuehrend", angaben={"partner_im_kreis": [andere_kommune.ags]})
    neu(
        boegen[1],
        aufgabenfeld=feld,
        bezeichnung="Bauhof, gemeinsam betrieben",
        rolle="federfuehrend",
        rechtsform="zv",
    )
    assert [was for was, _ in funde(erhebung, *boegen)] == ["Rechtsform", "Federführung"]


def test_a_new_one_whose_partner_names_another(erhebung, boegen, andere_kommune):
    neu(boegen[0], angaben={"partner_im_kreis": [andere_kommune.ags]})
    neu(boegen[1], bezeichnung="Musikschule")
    assert [was for was, _ in funde(erhebung, *boegen)] == ["Partner"]


@pytest.mark.parametrize(
    ("einer", "anderer", "wert"),
    [
        ("Gemeinsamer Bauhof", "gemeinsame Bauhöfe", 0.5),
        ("Gemeinsamer Bauhof", "Musikschule", 0.0),
        ("IT", "IT", 0.0),
        ("Postverbund", "Postverbund der Städte", 1.0),
    ],
)
def test_aehnlichkeit(einer, anderer, wert):
    assert aehnlichkeit(einer, anderer) == wert


# --- the page ---------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("verbund")
def test_page_shows_both_sides(erhebung, boegen, postverbund, geschaeftsstelle, angemeldet):
    erste = antwort(boegen[0], Aussage.BEENDET, postverbund, erlaeuterung="")
    antwort(boegen[1], Aussage.GEAENDERT, postverbund, erlaeuterung="Jetzt auch Pakete", status="besteht")
    funde(erhebung, *boegen)
    seite = angemeldet(geschaeftsstelle).get(ADRESSE.format(erhebung.pk)).content.decode()
    assert "1 Widerspruch in den freigegebenen" in seite
    assert f'pruefung/#antwort-{erste.pk}">Musterstadt</a>' in seite
    assert "besteht, Jetzt auch Pakete" in seite


@pytest.mark.usefixtures("verbund")
def test_page_without_any(erhebung, geschaeftsstelle, angemeldet):
    seite = angemeldet(geschaeftsstelle).get(ADRESSE.format(erhebung.pk)).content.decode()
    assert "Keine Widersprüche" in seite


@pytest.mark.usefixtures("verbund")
def test_page_is_the_geschaeftsstelles(erhebung, boegen, kontakt, fremder_kontakt, angemeldet):
    dritter = runde(stichtag="2025-06-30", name="Andere")
    assert angemeldet(kontakt).get(ADRESSE.format(erhebung.pk)).status_code == 403
    assert angemeldet(fremder_kontakt).get(ADRESSE.format(erhebung.pk)).status_code == 403
    assert angemeldet(kontakt).get(ADRESSE.format(dritter.pk)).status_code == 404


@pytest.mark.usefixtures("verbund")
@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_queries(boegen, geschaeftsstelle, angemeldet, django_assert_num_queries, anzahl):
    erhebung = boegen[0].erhebung
    for nummer in range(anzahl):
        gegenstand = KooperationFactory(bezeichnung=f"Verbund {nummer}")
        antwort(boegen[0], Aussage.BEENDET, gegenstand)
        antwort(boegen[1], Aussage.GILT_NOCH, gegenstand)
    funde(erhebung, *boegen)
    client = angemeldet(geschaeftsstelle)
    with django_assert_num_queries(7):
        antwort_der_seite = client.get(ADRESSE.format(erhebung.pk))
    assert len(antwort_der_seite.context["funde"]) == anzahl
