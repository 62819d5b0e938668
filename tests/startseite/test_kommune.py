from datetime import date

import pytest
import time_machine

from bestandsaufnahme.auswahl import BeteiligungStatus
from projekte.auswahl import Antwort
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    InteressenbekundungFactory,
    KooperationFactory,
)
from tests.fabriken.kommunen import EinwohnerstandFactory, GremiumFactory, KommuneFactory, SitzFactory
from tests.fabriken.projekte import ProjektFactory, TeilnahmeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


def url(kommune):
    return f"/kommunen/{kommune.ags}/"


def text(antwort):
    return antwort.content.decode()


def test_kommune_shows_facts_series_and_neighbours(client, kommune, andere_kommune):
    kommune.nachbarn.add(andere_kommune)
    EinwohnerstandFactory(kommune=kommune, stichtag=date(2019, 12, 31), einwohner=9_000)
    EinwohnerstandFactory(kommune=kommune, stichtag=date(2021, 12, 31), einwohner=12_345)
    seite = client.get(url(kommune)).context["seite"]
    assert ("Größenklasse", "10.000 bis 19.999") in seite.fakten
    assert ("Fläche", "20 km²") in seite.fakten or ("Fläche", "20,00 km²") in seite.fakten
    assert [zeile[:2] for zeile in seite.einwohner] == [("31.12.2021", "12.345"), ("31.12.2019", "9.000")]
    assert seite.nachbarn == [("Nachbarstadt", url(andere_kommune))]


def test_kommune_shows_its_kooperationen_on_the_day_of_the_matrix(client, kommune):
    for stichtag in (date(2013, 6, 30), date(2026, 12, 31)):
        ErhebungFactory(stichtag=stichtag)
    BeteiligungFactory(kommune=kommune, kooperation__bezeichnung="Postverbund")
    BeteiligungFactory(kommune=kommune, gilt_ab=date(2014, 1, 1))
    BeteiligungFactory(kommune=kommune, kooperation=KooperationFactory(veroeffentlicht=False))
    BeteiligungFactory()
    seite = client.get(url(kommune)).context["seite"]
    assert seite.stichtag == date(2013, 6, 30)
    assert [(zeile.kooperation, zeile.status) for zeile in seite.kooperationen] == [
        ("Postverbund", BeteiligungStatus.BESTEHT)
    ]


def test_public_sees_neither_declarations_nor_answers_nor_seats(client, kommune):
    InteressenbekundungFactory(kommune=kommune)
    TeilnahmeFactory(kommune=kommune)
    SitzFactory(kommune=kommune)
    antwort = client.get(url(kommune))
    seite = antwort.context["seite"]
    assert (seite.interessen, seite.projekte, seite.sitze) == (None, None, None)
    assert "sehen Sie nach der Anmeldung" in text(antwort)


def test_signed_in_see_declarations_answers_and_seats(angemeldet, lesend, kommune):
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld__name="Bauhof")
    InteressenbekundungFactory(kommune=kommune, entwurf=True)
    projekt = ProjektFactory(name="E-Akte")
    TeilnahmeFactory(kommune=kommune, projekt=projekt, antwort=Antwort.STIMMT_ZU, am=date(2025, 5, 2))
    SitzFactory(kommune=kommune, gremium=GremiumFactory(name="Lenkungsgruppe"))
    SitzFactory(kommune=kommune, gremium=GremiumFactory(name="Frühere"), bis=date(2020, 1, 1))
    seite = angemeldet(lesend).get(url(kommune)).context["seite"]
    assert [zeile.feld for zeile in seite.interessen] == ["Bauhof"]
    assert [(zeile.projekt, zeile.antwort, zeile.am) for zeile in seite.projekte] == [
        ("E-Akte", Antwort.STIMMT_ZU, "02.05.2025")
    ]
    assert [(zeile.gremium, zeile.konto) for zeile in seite.sitze] == [("Lenkungsgruppe", "nicht besetzt")]


def test_only_the_own_kommune_is_invited_to_declare(angemeldet, kontakt, fremder_kontakt):
    assert "Interesse bekunden" in text(angemeldet(kontakt).get(url(kontakt.kommune)))
    assert "Interesse bekunden" not in text(angemeldet(fremder_kontakt).get(url(kontakt.kommune)))


def test_kreis_has_no_size_class(client):
    kreis = KommuneFactory(kreis=True)
    EinwohnerstandFactory(kommune=kreis, einwohner=276_307)
    assert "Größenklasse" not in dict(client.get(url(kreis)).context["seite"].fakten)


@pytest.mark.parametrize("ags", ["99999999", "abc", "%00", "0643301%30x", "²"])
def test_unknown_ags_is_404_in_german(client, ags):
    antwort = client.get(f"/kommunen/{ags}/")
    assert antwort.status_code == 404
    assert "nicht" in text(antwort)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_kommune_needs_the_same_queries_for_any_number(angemeldet, kontakt, kommune, django_assert_num_queries, anzahl):
    ErhebungFactory(stichtag=date(2013, 6, 30))
    for jahr in range(anzahl):
        EinwohnerstandFactory(kommune=kommune, stichtag=date(2019 + jahr, 12, 31))
        BeteiligungFactory(kommune=kommune)
        InteressenbekundungFactory(kommune=kommune)
        TeilnahmeFactory(kommune=kommune, projekt=ProjektFactory())
        SitzFactory(kommune=kommune, gremium=GremiumFactory())
        kommune.nachbarn.add(KommuneFactory())
    client = angemeldet(kontakt)
    with django_assert_num_queries(11):
        client.get(url(kommune))
