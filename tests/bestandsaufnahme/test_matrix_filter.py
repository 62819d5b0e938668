"""What the filters of the matrix ask of a Kooperation, they ask of the words of the Stichtag."""

from datetime import date

import pytest

from bestandsaufnahme.ablaeufe import kooperation as ablaeufe
from bestandsaufnahme.auswahl import BeteiligungRolle, Rechtsform
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)

pytestmark = pytest.mark.django_db
URL = "/bestandsaufnahme/"
STAND, AENDERUNG = date(2013, 6, 30), date(2020, 1, 1)


@pytest.fixture(autouse=True)
def erhebung(verbund):
    return ErhebungFactory(stichtag=STAND)


def namen(client, frage):
    antwort = client.get(f"{URL}?{frage}")
    matrix = antwort.context.get("matrix")
    return [fussnote.bezeichnung for fussnote in matrix.fussnoten] if matrix else []


def mit_marke(kommune, **werte):
    kooperation = KooperationFactory(**werte)
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    return kooperation


def geaendert(kooperation, durch, *, erhebung=None, **neu):
    """Describe the Kooperation otherwise from 2020 on."""
    kooperation.refresh_from_db()
    partner = neu.pop("externe_partner", list(kooperation.externe_partner.all()))
    worte = {"bezeichnung": kooperation.bezeichnung, "rechtsform": kooperation.rechtsform, **neu}
    angaben = ablaeufe.KooperationAngaben(
        kooperationsfeld=kooperation.kooperationsfeld,
        symbol=kooperation.symbol,
        externe_partner=partner,
        veroeffentlicht=True,
        **worte,
    )
    ablaeufe.bearbeiten(
        kooperation=kooperation,
        version=kooperation.version,
        angaben=angaben,
        ab=AENDERUNG,
        erhebung=erhebung,
        durch=durch,
    )


def test_rechtsform_is_that_of_the_stichtag(client, kommune, geschaeftsstelle):
    kooperation = mit_marke(kommune, bezeichnung="Vergabestelle", rechtsform=Rechtsform.INFORMELL)
    geaendert(kooperation, geschaeftsstelle, rechtsform=Rechtsform.ZV)
    assert namen(client, "rechtsform=informell") == ["Vergabestelle"]
    assert namen(client, "rechtsform=zv") == []
    assert namen(client, "rechtsform=informell&stichtag=2020-01-01") == []
    assert namen(client, "rechtsform=zv&stichtag=2020-01-01") == ["Vergabestelle"]


def test_words_and_partners_are_those_of_the_stichtag(client, kommune, geschaeftsstelle):
    kooperation = mit_marke(kommune, bezeichnung="Postverbund", externe_partner=[ExternerPartnerFactory(name="Bote")])
    geaendert(kooperation, geschaeftsstelle, bezeichnung="Briefzentrum", externe_partner=[])
    assert namen(client, "q=postverbund") == ["Postverbund"]
    assert namen(client, "q=bote") == ["Postverbund"]
    assert namen(client, "extern=ja") == ["Postverbund"]
    assert namen(client, "q=briefzentrum") == []
    spaeter = "stichtag=2020-01-01"
    assert namen(client, f"q=briefzentrum&{spaeter}") == ["Briefzentrum"]
    assert namen(client, f"q=postverbund&{spaeter}") == []
    assert namen(client, f"q=bote&{spaeter}") == []
    assert namen(client, f"extern=ja&{spaeter}") == []


def test_words_of_a_round_that_is_not_public_are_found_by_those_signed_in_only(
    client, angemeldet, lesend, kommune, geschaeftsstelle
):
    kooperation = mit_marke(kommune, bezeichnung="Postverbund", rechtsform=Rechtsform.INFORMELL)
    geheime = ErhebungFactory(stichtag=date(2019, 12, 31), veroeffentlicht=False)
    geaendert(kooperation, geschaeftsstelle, erhebung=geheime, bezeichnung="Briefzentrum", rechtsform=Rechtsform.ZV)
    tag = "stichtag=2021-01-01"
    assert namen(client, f"q=briefzentrum&{tag}") == namen(client, f"rechtsform=zv&{tag}") == []
    assert namen(client, f"q=postverbund&{tag}") == ["Postverbund"]
    assert namen(angemeldet(lesend), f"q=briefzentrum&rechtsform=zv&{tag}") == ["Briefzentrum"]


@pytest.mark.parametrize("begriff", ["Müll", "müll", "MUELL", "muell", "mull", "müll strasse", "Straße", "50%", "_"])
def test_search_takes_umlauts_in_every_spelling(client, kommune, begriff):
    mit_marke(kommune, bezeichnung="Müllabfuhr", erlaeuterung="In jeder Straße, zu 50% billiger, a_b")
    mit_marke(kommune, bezeichnung="Bauhof")
    assert namen(client, f"q={begriff.replace('%', '%25')}") == ["Müllabfuhr"]


def test_search_wants_every_word_and_reads_the_field_too(client, kommune):
    mit_marke(kommune, bezeichnung="Gemeinsame Stelle", kooperationsfeld=KooperationsfeldFactory(name="Vergabe"))
    mit_marke(kommune, bezeichnung="Gemeinsame Kasse", kooperationsfeld=KooperationsfeldFactory(name="Finanzen"))
    assert namen(client, "q=vergabe gemeinsame") == ["Gemeinsame Stelle"]
    assert namen(client, "q=gemeinsame") == ["Gemeinsame Stelle", "Gemeinsame Kasse"]
    assert namen(client, "q=vergabe kasse") == []


def test_search_for_a_word_with_ae_that_is_no_umlaut_finds_it(client, kommune):
    mit_marke(kommune, bezeichnung="Aktuelle Software")
    assert namen(client, "q=aktuell") == ["Aktuelle Software"]


def test_federfuehrung_is_that_of_the_day_and_shows_all_who_take_part(client, kommune, andere_kommune):
    gefuehrt = mit_marke(kommune, bezeichnung="Gefuehrt")
    fuehrung = {"rolle": BeteiligungRolle.FEDERFUEHREND, "gilt_bis": AENDERUNG}
    BeteiligungFactory(kooperation=gefuehrt, kommune=andere_kommune, **fuehrung)
    mit_marke(kommune, bezeichnung="Ohne Fuehrung")
    antwort = client.get(f"{URL}?federfuehrung=ja")
    assert antwort.context["treffer"] == "2 Markierungen, 1 Kooperation"
    assert namen(client, f"federfuehrung={andere_kommune.ags}") == ["Gefuehrt"]
    assert namen(client, f"federfuehrung={kommune.ags}") == []
    assert namen(client, "federfuehrung=ja&stichtag=2020-01-01") == []


def test_federfuehrung_that_the_public_may_not_know_finds_nothing_for_it(client, angemeldet, lesend, kommune):
    geheime = ErhebungFactory(stichtag=date(2014, 1, 1), veroeffentlicht=False)
    kooperation = mit_marke(kommune, bezeichnung="Gefuehrt")
    BeteiligungFactory(kooperation=kooperation, rolle=BeteiligungRolle.FEDERFUEHREND, erhebung=geheime)
    assert namen(client, "federfuehrung=ja") == []
    assert namen(angemeldet(lesend), "federfuehrung=ja") == ["Gefuehrt"]


def test_export_tells_the_words_of_the_stichtag(client, kommune, geschaeftsstelle):
    kooperation = mit_marke(kommune, bezeichnung="Postverbund", rechtsform=Rechtsform.INFORMELL)
    geaendert(kooperation, geschaeftsstelle, bezeichnung="Briefzentrum", rechtsform=Rechtsform.ZV)
    damals, heute = (
        client.get(f"{URL}?format=csv&stichtag={tag}").content.decode().splitlines()[1].split(";")
        for tag in ("2013-06-30", "2020-01-01")
    )
    assert (damals[3], damals[12]) == ("Postverbund", Rechtsform.INFORMELL.label)
    assert (heute[3], heute[12]) == ("Briefzentrum", Rechtsform.ZV.label)
