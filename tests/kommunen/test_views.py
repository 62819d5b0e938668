from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests.fabriken.kommunen import EinwohnerstandFactory, KommuneFactory

pytestmark = pytest.mark.django_db
URL = "/kommunen/"


def test_liste_shows_towns_their_sum_and_the_kreis_apart(client, verbund):
    EinwohnerstandFactory(kommune=KommuneFactory(name="Musterstadt"), einwohner=12_345)
    EinwohnerstandFactory(kommune=KommuneFactory(kreis=True, name="Der Kreis"), einwohner=99_999)
    antwort = client.get(URL)
    text = antwort.content.decode()
    assert antwort.status_code == 200
    assert antwort.context["liste"].summe_einwohner == "12.345"
    assert "„2. Kommune“, nicht mitgezählt" in text
    assert "Einwohner 31.12.2021" in text
    assert antwort.context["treffer"] == "2 von 2 Kommunen"


def test_liste_shows_and_sums_all_of_them_on_one_page(client, verbund):
    for _ in range(51):
        EinwohnerstandFactory(einwohner=1_000)
    antwort = client.get(URL)
    assert len(antwort.context["liste"].staedte) == 51
    assert antwort.context["liste"].summe_einwohner == "51.000"
    assert antwort.context["treffer"] == "51 von 51 Kommunen"


def test_liste_says_in_words_who_left_the_class_of_the_talk(client):
    EinwohnerstandFactory(kommune=KommuneFactory(groessenklasse_vortrag="63.000"), einwohner=66_125)
    assert client.get(URL).content.decode().count("inzwischen außerhalb</span>") == 1


@pytest.mark.parametrize(
    ("frage", "namen"),
    [
        ("art=gemeinde", ["Auendorf"]),
        ("art=kreis", ["Der Kreis"]),
        ("klasse=5000", ["Auendorf"]),
        ("klasse=50000", []),
        ("klasse=10000", ["Bergstadt"]),
        ("q=berg", ["Bergstadt"]),
        ("q=AU", ["Auendorf"]),
        ("q=09999001", ["Auendorf"]),
        ("art=stadt&q=auen", []),
    ],
)
def test_liste_filters(client, frage, namen):
    auendorf = KommuneFactory(name="Auendorf", kuerzel="Au", art="gemeinde", ags="09999001")
    EinwohnerstandFactory(kommune=auendorf, einwohner=9_999)
    EinwohnerstandFactory(kommune=KommuneFactory(name="Bergstadt"), einwohner=10_000)
    EinwohnerstandFactory(kommune=KommuneFactory(kreis=True, name="Der Kreis"), einwohner=60_000)
    antwort = client.get(f"{URL}?{frage}")
    assert [kommune.name for kommune in antwort.context["kommunen"]] == namen


@pytest.mark.parametrize("frage", ["art=dorf", "klasse=7", "format=pdf", "q=%00"])
def test_liste_answers_bad_input_with_400(client, frage):
    assert client.get(f"{URL}?{frage}").status_code == 400


def test_liste_without_kommunen_says_why(client):
    assert "Noch keine Kommunen" in client.get(URL).content.decode()


def test_liste_exports_what_is_filtered(client):
    EinwohnerstandFactory(kommune=KommuneFactory(name="Bergstadt", ags="06433001"), einwohner=10_000)
    KommuneFactory(name="Auendorf", art="gemeinde")
    antwort = client.get(f"{URL}?art=stadt&format=csv")
    zeilen = antwort.content.decode("utf-8-sig").splitlines()
    assert len(zeilen) == 2
    assert zeilen[1] == "06433001;Bergstadt;Stadt;10000;31.12.2021;20,00;10.000 bis 19.999;"


def test_liste_exports_xlsx(client, kommune):
    antwort = client.get(f"{URL}?format=xlsx")
    zeilen = CalamineWorkbook.from_filelike(BytesIO(antwort.content)).get_sheet_by_index(0).to_python()
    assert [zeile[1] for zeile in zeilen] == ["Name", "Musterstadt"]


@pytest.mark.parametrize("anzahl", [1, 3])
def test_liste_needs_the_same_queries_for_any_number(client, verbund, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        EinwohnerstandFactory()
    with django_assert_num_queries(4):
        client.get(URL)
