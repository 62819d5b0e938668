import re
from datetime import date
from io import BytesIO

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory

pytestmark = pytest.mark.django_db
URL = "/bestandsaufnahme/"
STAND = date(2013, 6, 30)


@pytest.fixture
def erhebung(verbund):
    return ErhebungFactory(name="Bestandsaufnahme 2013", stichtag=STAND, lesehinweis="Die Farbe ist verloren.")


@pytest.fixture
def kooperation(erhebung):
    return KooperationFactory(bezeichnung="Postverbund", symbol="■", bestaetigt=STAND)


def text(antwort):
    return antwort.content.decode()


def ansagen(antwort):
    return re.findall(r'<span class="zeichen-worte">([^<]*: [^<]*) – [^<]*</span></a></td>', text(antwort))


def test_matrix_opens_on_the_day_of_the_last_published_erhebung(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, rolle=BeteiligungRolle.FEDERFUEHREND)
    antwort = client.get(URL)
    assert antwort.context["stichtag"] == STAND
    assert antwort.context["treffer"] == "1 Markierung, 1 Kooperation"
    assert ansagen(antwort) == ["Musterstadt: besteht, federführend"]
    assert "Die Farbe ist verloren." in text(antwort)
    assert 'id="fussnote-1"' in text(antwort)
    assert "zuletzt bestätigt" not in text(antwort)


def test_matrix_head_names_the_kommunen_in_full_and_leads_to_their_pages(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    kopf = (
        f'<a class="d-none d-md-block py-1" href="/kommunen/{kommune.ags}/" title="Musterstadt">'
        '<span aria-hidden="true">Mu</span><span class="visually-hidden">Musterstadt</span></a>'
    )
    assert kopf in text(client.get(URL))


def test_matrix_on_a_later_day_says_when_it_was_confirmed(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    antwort = client.get(f"{URL}?stichtag=2020-01-01")
    assert "1 von 1 Kooperationen ist zuletzt am 30.06.2013 bestätigt." in text(antwort)
    assert ansagen(antwort) == ["Musterstadt: besteht, zuletzt bestätigt 30.06.2013"]
    assert text(antwort).count("zuletzt bestätigt 30.06.2013</span>") == 1  # at its footnote
    assert ("Stichtag: 01.01.2020", "?") in antwort.context["angewandte_filter"]


def test_matrix_before_the_first_fact_leads_to_it(client, kooperation):
    BeteiligungFactory(kooperation=kooperation)
    antwort = client.get(f"{URL}?stichtag=2013-06-29")
    assert antwort.status_code == 200
    assert "Für diesen Tag ist nichts erfasst" in text(antwort)
    assert 'href="?stichtag=2013-06-30"' in text(antwort)


def test_matrix_without_anything_says_why(client, verbund):
    assert "Noch keine Kooperation erfasst" in text(client.get(URL))


@time_machine.travel("2026-01-15")
def test_matrix_without_erhebung_shows_today(client, verbund):
    BeteiligungFactory()
    assert client.get(URL).context["stichtag"] == date(2026, 1, 15)


def test_matrix_filters_by_aufgabenfeld_kommune_and_status(client, erhebung, kommune, andere_kommune):
    eine, andere = KooperationFactory(), KooperationFactory()
    BeteiligungFactory(kooperation=eine, kommune=kommune)
    BeteiligungFactory(kooperation=eine, kommune=andere_kommune, status=BeteiligungStatus.VORGESEHEN)
    BeteiligungFactory(kooperation=andere, kommune=andere_kommune)
    slug = eine.kooperationsfeld.aufgabenfeld.slug
    assert ansagen(client.get(f"{URL}?aufgabenfeld={slug}")) == ["Musterstadt: besteht", "Nachbarstadt: vorgesehen"]
    assert ansagen(client.get(f"{URL}?kommune={kommune.ags}")) == ["Musterstadt: besteht"]
    assert ansagen(client.get(f"{URL}?status=vorgesehen")) == ["Nachbarstadt: vorgesehen"]
    nichts = client.get(f"{URL}?status=vorgesehen&kommune={kommune.ags}")
    assert "Keine Markierung passt zu diesen Filtern" in text(nichts)


def test_matrix_shows_rows_without_marks_unless_filtered(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    KooperationsfeldFactory(name="Winterdienst")
    assert "Winterdienst" in text(client.get(URL))
    assert "Winterdienst" not in text(client.get(f"{URL}?kommune={kommune.ags}"))


@pytest.mark.parametrize(
    ("frage", "satz"),
    [
        ("stichtag=2013-13-45", "Der Stichtag ist kein Datum"),
        ("stichtag=gestern", "Der Stichtag ist kein Datum"),
        ("aufgabenfeld=zauberei", "Das Aufgabenfeld „zauberei“ gibt es nicht."),
        ("kommune=99999999", "Eine Kommune mit dem AGS „99999999“ gibt es nicht."),
        ("status=kaputt", "Den Status „kaputt“ gibt es nicht."),
        ("format=pdf", "Dieses Dateiformat gibt es nicht."),
        ("stichtag=%00", "Der Stichtag ist kein Datum"),
    ],
)
def test_matrix_answers_bad_input_with_400_and_a_sentence(client, kooperation, frage, satz):
    antwort = client.get(f"{URL}?{frage}")
    assert antwort.status_code == 400
    assert satz in text(antwort)


def test_matrix_of_the_public_leaves_out_what_is_not_published(client, angemeldet, lesend, erhebung, kommune):
    BeteiligungFactory(kooperation=KooperationFactory(veroeffentlicht=False), kommune=kommune)
    assert ansagen(client.get(URL)) == []
    assert ansagen(angemeldet(lesend).get(URL)) == ["Musterstadt: besteht"]


def test_matrix_exports_the_marks_that_are_filtered(client, kooperation, kommune, andere_kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    BeteiligungFactory(kooperation=kooperation, kommune=andere_kommune)
    antwort = client.get(f"{URL}?kommune={kommune.ags}&format=csv")
    kopf, zeile = antwort.content.decode("utf-8-sig").splitlines()
    assert kopf.startswith("Aufgabenfeld;Kooperationsfeld;Zeichen;Kooperation;AGS;Kommune;Status")
    assert zeile.split(";")[2:7] == ["■", "Postverbund", kommune.ags, "Musterstadt", "besteht"]
    assert zeile.endswith("30.06.2013;")


def test_matrix_exports_xlsx(client, kooperation):
    BeteiligungFactory(kooperation=kooperation)
    antwort = client.get(f"{URL}?format=xlsx")
    zeilen = CalamineWorkbook.from_filelike(BytesIO(antwort.content)).get_sheet_by_index(0).to_python()
    assert [zeile[3] for zeile in zeilen] == ["Kooperation", "Postverbund"]


@pytest.mark.parametrize("anzahl", [1, 3])
def test_matrix_needs_the_same_queries_for_any_number(angemeldet, lesend, erhebung, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        kooperation = KooperationFactory(externe_partner=[ExternerPartnerFactory()])
        BeteiligungFactory(kooperation=kooperation)
        BeteiligungFactory(kooperation=kooperation)
    client = angemeldet(lesend)
    with django_assert_num_queries(12):
        client.get(URL)


def test_kooperation_tells_who_takes_part(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, status=BeteiligungStatus.UNBEKANNT)
    antwort = client.get(f"{URL}kooperationen/{kooperation.pk}/")
    assert [(z.kommune, z.status) for z in antwort.context["beteiligte"]] == [
        ("Musterstadt", BeteiligungStatus.UNBEKANNT)
    ]
    assert f"/kommunen/{kommune.ags}/" in text(antwort)
    assert "Status nicht überliefert" in text(antwort)


def test_kooperation_without_kommunen_says_so(client, kooperation):
    assert "Keine Kommune eingetragen" in text(client.get(f"{URL}kooperationen/{kooperation.pk}/"))


def test_kooperation_that_is_not_published_is_404_for_the_public(client, angemeldet, lesend):
    kooperation = KooperationFactory(veroeffentlicht=False)
    url = f"{URL}kooperationen/{kooperation.pk}/"
    assert client.get(url).status_code == 404
    assert "noch nicht veröffentlicht" in text(angemeldet(lesend).get(url))


@pytest.mark.parametrize("anzahl", [1, 3])
def test_kooperation_needs_the_same_queries_for_any_number(client, kooperation, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        BeteiligungFactory(kooperation=kooperation, kommune=KommuneFactory())
    with django_assert_num_queries(6):
        client.get(f"{URL}kooperationen/{kooperation.pk}/")


def test_matrix_of_a_day_to_come_is_refused(client, kooperation):
    antwort = client.get(f"{URL}?stichtag=2999-01-01")
    assert antwort.status_code == 400
    assert "Der Stichtag liegt in der Zukunft." in text(antwort)


def test_footnote_keeps_its_number_whatever_is_shown(client, kommune, andere_kommune):
    BeteiligungFactory(kooperation=KooperationFactory(veroeffentlicht=True), kommune=kommune)
    BeteiligungFactory(kooperation=KooperationFactory(veroeffentlicht=True), kommune=andere_kommune)
    tag = "stichtag=2013-06-30"
    alle = client.get(f"{URL}?{tag}").context["matrix"].fussnoten
    [eine] = client.get(f"{URL}?{tag}&kommune={andere_kommune.ags}").context["matrix"].fussnoten
    assert [fussnote.nummer for fussnote in alle] == [1, 2]
    assert eine.nummer == 2
