"""The page /interessen/: ranking, what stands behind it, list, filters, files."""

import re

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus, Stufe
from tests.bestandsaufnahme.ranglistenhilfen import (
    LISTE,
    abgeschlossene_runde,
    hauptteil,
    raenge,
    text,
)
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationsfeldFactory,
    RundenergebnisFactory,
)
from tests.fabriken.kommunen import KommuneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


# --- the ranking, for the public --------------------------------------------------------------------------------------


def test_public_sees_the_ranking_and_no_declaration(client, kommune):
    feld = AufgabenfeldFactory(name="Bauhof", slug="bauhof")
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, stufe=Stufe.FEDERFUEHRUNG)
    InteressenbekundungFactory(aufgabenfeld=feld, beispiel=True)
    antwort = client.get(LISTE)
    assert raenge(antwort) == [("Bauhof", 1, 0)]
    assert '<a href="/aufgabenfelder/bauhof/">Bauhof</a>' in text(antwort)
    assert [
        wort for wort in ("Musterstadt", "Interesse bekunden", "Beispiel", "<summary>Bauhof") if wort in text(antwort)
    ] == []
    assert '<details class="rang">' not in text(antwort)


def test_public_is_not_told_of_those_that_wait(client, kommune):
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, unbestaetigt=True)
    antwort = client.get(LISTE)
    assert raenge(antwort) == [("Bauhof", 0, 0)]
    assert antwort.context["rangliste"].wartend == 0
    assert "Bestätigung" not in text(antwort)


@pytest.mark.parametrize("veroeffentlicht", [True, False])
def test_public_sees_only_what_a_published_round_says(client, veroeffentlicht):
    interesse = InteressenbekundungFactory(aufgabenfeld__name="Bauhof", zurueckgezogen=True)
    runde = abgeschlossene_runde(interesse, veroeffentlicht=veroeffentlicht, name="Runde 2025")
    InteressenbekundungFactory(aufgabenfeld=interesse.aufgabenfeld, runde=runde)
    antwort = client.get(LISTE)
    assert ("Runde 2025" in text(antwort)) is veroeffentlicht
    assert raenge(antwort) == [("Bauhof", 1 if veroeffentlicht else 0, 0)]
    assert client.get(f"{LISTE}?stand={runde.pk}").status_code == (200 if veroeffentlicht else 400)


def test_public_sees_the_totals_of_a_round_and_not_who_it_was(client, kommune):
    interesse = InteressenbekundungFactory(
        kommune=kommune, aufgabenfeld__name="Bauhof", art=InteresseArt.INFO_AUSTAUSCH
    )
    runde = abgeschlossene_runde(interesse)
    antwort = client.get(f"{LISTE}?stand={runde.pk}&art=kooperationswille")
    liste = antwort.context["rangliste"]
    assert raenge(antwort) == [("Bauhof", 1, 0)]
    assert (liste.mit_arten, liste.raenge[0].zahlen.austausch, liste.raenge[0].innen) == (False, 0, None)
    assert "Musterstadt" not in text(antwort)


def test_example_round_is_no_stand_for_the_public(client, angemeldet, lesend):
    runde = abgeschlossene_runde(InteressenbekundungFactory(beispiel=True), beispiel=True, veroeffentlicht=False)
    assert client.get(f"{LISTE}?stand={runde.pk}").status_code == 400
    antwort = angemeldet(lesend).get(f"{LISTE}?stand={runde.pk}")
    assert [rang.kommunen for rang in antwort.context["rangliste"].raenge] == [1]
    assert antwort.context["rangliste"].beispiel


@pytest.mark.parametrize("frage", ["kommune", "aufgabenfeld", "stufe", "status", "gueltig", "beispiel"])
def test_public_cannot_find_out_by_filters_who_declared(client, kommune, frage):
    """Every value of a filter that would tell Kommunen apart gives the same page and the same file."""
    interesse = InteressenbekundungFactory(
        kommune=kommune, aufgabenfeld__slug="bauhof", stufe=Stufe.FEDERFUEHRUNG, bestaetigt=True
    )
    InteressenbekundungFactory(aufgabenfeld=interesse.aufgabenfeld)
    werte = [kommune.ags, "bauhof", "federfuehrung", "bestaetigt", "ja", "wartet", "x", "\x00"]
    ohne = client.get(LISTE)
    datei = client.get(f"{LISTE}?format=csv").content
    assert raenge(ohne)[0][1] == 2
    for wert in werte:
        mit = client.get(LISTE, {frage: wert})
        assert hauptteil(mit) == hauptteil(ohne)
        assert client.get(LISTE, {frage: wert, "format": "csv"}).content == datei


def test_public_may_ask_for_one_art(client):
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory.create_batch(2, aufgabenfeld=feld)
    InteressenbekundungFactory(aufgabenfeld=feld, art=InteresseArt.INFO_AUSTAUSCH)
    antwort = client.get(f"{LISTE}?art=info_austausch")
    assert raenge(antwort) == [("Bauhof", 1, 0)]
    assert antwort.context["angewandte_filter"] == [("Art: Info-Austausch", "?")]
    assert "davon" not in text(antwort)


@pytest.mark.parametrize("frage", ["art=x", "stand=x", "stand=999999999999999999999", "stand=%00", "format=x"])
def test_bad_input_of_the_public_is_answered_with_400(client, frage):
    assert client.get(f"{LISTE}?{frage}").status_code == 400


# --- the ranking, for those who are signed in ------------------------------------------------------------------------


def test_signed_in_see_examples_apart_and_badged(angemeldet, lesend):
    InteressenbekundungFactory(aufgabenfeld=AufgabenfeldFactory(name="Bauhof"), beispiel=True)
    antwort = angemeldet(lesend).get(LISTE)
    assert raenge(antwort) == [("Bauhof", 0, 1)]
    assert [zeile.beispiel for zeile in antwort.context["interessen"]] == [True]
    assert "Beispiele zählen nicht mit" in text(antwort)


def test_signed_in_unfold_a_field_to_its_kommunen_and_parts(angemeldet, lesend, kommune):
    teil = KooperationsfeldFactory(name="Winterdienst", aufgabenfeld__name="Bauhof", aufgabenfeld__slug="bauhof")
    interesse = InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)
    seite = re.sub(r"\s+", " ", text(angemeldet(lesend).get(LISTE)))
    innen = seite[seite.index('<details class="rang">') :]
    innen = innen[: innen.index("</details>")]
    assert "<strong>Musterstadt</strong>" in innen
    assert f'<a href="/interessen/{interesse.pk}/">Winterdienst</a>: hat Interesse, Kooperationswille' in innen
    assert f'<a href="/aufgabenfelder/bauhof/?kooperationsfeld={teil.pk}">Winterdienst</a>: 1 Kommune' in innen
    assert '<a href="/aufgabenfelder/bauhof/">Alles zu „Bauhof“</a>' in innen


def test_signed_in_are_told_how_many_wait(angemeldet, lesend):
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory.create_batch(2, aufgabenfeld=feld, unbestaetigt=True)
    antwort = angemeldet(lesend).get(LISTE)
    assert raenge(antwort) == [("Bauhof", 0, 0)]
    assert "2 Interessenbekundungen warten</a> auf Bestätigung und zählen noch nicht." in text(antwort)
    assert "wartet auf Bestätigung, zählt noch nicht" in text(antwort)
    assert len(angemeldet(lesend).get(f"{LISTE}?gueltig=wartet").context["interessen"]) == 2


def test_withdrawing_lowers_the_count_and_the_declaration_stays_in_the_list(angemeldet, kontakt):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld__name="Bauhof")
    client = angemeldet(kontakt)
    assert raenge(client.get(LISTE)) == [("Bauhof", 1, 0)]
    client.post(f"/interessen/{interesse.pk}/zurueckziehen/", {"grund": "Anders entschieden."})
    danach = client.get(LISTE)
    assert raenge(danach) == [("Bauhof", 0, 0)]
    assert [zeile.stand for zeile in danach.context["interessen"]] == [InteresseStatus.ZURUECKGEZOGEN]


def test_round_shows_who_it_was_and_how_far_they_would_have_gone_then(angemeldet, lesend, kommune):
    interesse = InteressenbekundungFactory(kommune=kommune, aufgabenfeld__name="Bauhof", stufe=Stufe.RESSOURCEN)
    runde = abgeschlossene_runde(interesse, name="Runde 2025")
    interesse.stufe = Stufe.FEDERFUEHRUNG
    interesse.save()
    antwort = angemeldet(lesend).get(f"{LISTE}?stand={runde.pk}")
    (rang,) = antwort.context["rangliste"].raenge
    assert [(kommune.name, kommune.bekundungen[0].worte) for kommune in rang.innen.kommunen] == [
        ("Musterstadt", "bringt Ressourcen ein, Kooperationswille")
    ]
    assert f'<a href="?stand={runde.pk}" aria-current="page">Runde 2025</a>' in text(antwort)


# --- beside the historical round --------------------------------------------------------------------------------------


def test_historical_round_stands_beside_today(client):
    ergebnis = RundenergebnisFactory(anzahl=12)
    RundenergebnisFactory(runde=ergebnis.runde, anzahl=None)
    antwort = client.get(LISTE)
    assert antwort.context["runde"].summe == 12
    assert "12 Nennungen in 1 Aufgabenfeld; 1 Aufgabenfeld führt die Quelle nicht auf." in text(antwort)
    assert "Das Jahr ist nicht überliefert, ebenso, welche Kommunen es waren." in text(antwort)
    assert [rang.text_daneben for rang in antwort.context["rangliste"].raenge] == ["12", "nicht aufgeführt"]


def test_historical_round_keeps_its_own_order_beside_another(client):
    felder = [AufgabenfeldFactory(name=name) for name in ("A", "B")]
    runde = InteressenrundeFactory(jahr=None)
    for feld, anzahl in zip(felder, (4, 12), strict=True):
        RundenergebnisFactory(runde=runde, aufgabenfeld=feld, anzahl=anzahl)
    InteressenbekundungFactory(aufgabenfeld=felder[0])
    antwort = client.get(LISTE)
    assert raenge(antwort) == [("A", 1, 0), ("B", 0, 0)]
    assert raenge(antwort, "runde") == [("B", 12, 0), ("A", 4, 0)]


@pytest.mark.parametrize("wer", [None, "lesend"])
def test_historical_round_says_that_it_is_not_known_who_it_was_and_has_today_beside(request, client, angemeldet, wer):
    client = angemeldet(request.getfixturevalue(wer)) if wer else client
    ergebnis = RundenergebnisFactory(anzahl=12, aufgabenfeld__name="Bauhof", runde__name="Früher")
    InteressenbekundungFactory(aufgabenfeld=ergebnis.aufgabenfeld)
    antwort = client.get(f"{LISTE}?stand={ergebnis.runde_id}")
    assert raenge(antwort) == [("Bauhof", 12, 0)]
    assert raenge(antwort, "runde") == [("Bauhof", 1, 0)]
    assert antwort.context["rangliste"].raenge[0].innen is None
    assert "ebenso, welche Kommunen es waren" in text(antwort)


def test_page_without_any_round_has_today_alone(client):
    AufgabenfeldFactory(name="Bauhof")
    antwort = client.get(LISTE)
    assert antwort.context["runde"] is None
    assert "zum Vergleich" not in text(antwort)
    assert 'class="staende"' not in text(antwort)


# --- filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frage", "anzahl", "gezaehlt"),
    [
        ("aufgabenfeld=bauhof", 2, {"Bauhof": 2}),
        ("kommune=06433042", 1, {"Bauhof": 1, "Kasse": 0}),
        ("art=info_austausch", 1, {"Bauhof": 1, "Kasse": 0}),
        ("stufe=federfuehrung", 1, {"Bauhof": 0, "Kasse": 1}),
        ("stufe=ressourcen", 2, {"Bauhof": 1, "Kasse": 1}),
        ("stufe=interesse", 4, {"Bauhof": 2, "Kasse": 1}),
        ("status=zurueckgezogen", 1, {"Bauhof": 0, "Kasse": 0}),
        ("aufgabenfeld=bauhof&art=kooperationswille", 1, {"Bauhof": 1}),
        ("", 4, {"Bauhof": 2, "Kasse": 1}),
    ],
)
def test_filters_choose_in_list_and_ranking_alike(angemeldet, lesend, frage, anzahl, gezaehlt):
    feld = AufgabenfeldFactory(slug="bauhof", name="Bauhof")
    InteressenbekundungFactory(kommune__ags="06433042", aufgabenfeld=feld)
    teil = KooperationsfeldFactory(aufgabenfeld=feld)
    InteressenbekundungFactory(
        aufgabenfeld=None, kooperationsfeld=teil, art=InteresseArt.INFO_AUSTAUSCH, stufe=Stufe.RESSOURCEN
    )
    kasse = InteressenbekundungFactory(stufe="federfuehrung", aufgabenfeld__name="Kasse").aufgabenfeld
    InteressenbekundungFactory(zurueckgezogen=True, aufgabenfeld=kasse)
    antwort = angemeldet(lesend).get(f"{LISTE}?{frage}")
    assert len(antwort.context["interessen"]) == anzahl
    assert antwort.context["treffer"] == f"{anzahl} von 4 Interessenbekundungen"
    assert {feld: kommunen for feld, kommunen, _ in raenge(antwort)} == gezaehlt


@pytest.mark.parametrize(
    ("frage", "kommunen"),
    [("", 2), ("&kommune=06433042", 1), ("&stufe=ressourcen", 1), ("&art=info_austausch", 0), ("&status=abgegeben", 1)],
)
def test_filters_of_a_round_ask_for_the_stufe_of_then(angemeldet, lesend, frage, kommunen):
    feld = AufgabenfeldFactory()
    damals = InteressenbekundungFactory(aufgabenfeld=feld, kommune__ags="06433042", stufe=Stufe.RESSOURCEN)
    andere = InteressenbekundungFactory(aufgabenfeld=feld, zurueckgezogen=True)
    runde = abgeschlossene_runde(damals, andere)
    damals.stufe, andere.stufe = Stufe.INTERESSE, Stufe.FEDERFUEHRUNG
    damals.save()
    andere.save()
    antwort = angemeldet(lesend).get(f"{LISTE}?stand={runde.pk}{frage}")
    assert [rang.kommunen for rang in antwort.context["rangliste"].raenge] == [kommunen]


def test_part_of_today_is_not_compared_with_the_whole_of_a_round(angemeldet, lesend):
    ergebnis = RundenergebnisFactory(anzahl=12, runde__name="Früher")
    antwort = angemeldet(lesend).get(f"{LISTE}?art=info_austausch")
    assert antwort.context["vergleich"] == ""
    assert raenge(antwort, "runde") == [(ergebnis.aufgabenfeld.name, 12, 0)]
    assert "„Früher“ bleibt vollständig" in text(antwort)


def test_stand_stays_when_filters_change(angemeldet, lesend):
    runde = abgeschlossene_runde(InteressenbekundungFactory())
    antwort = angemeldet(lesend).get(f"{LISTE}?stand={runde.pk}&art=info_austausch&seite=1")
    assert antwort.context["angewandte_filter"] == [("Art: Info-Austausch", f"?stand={runde.pk}")]
    assert antwort.context["ohne_filter"] == f"?stand={runde.pk}"
    assert f'<input type="hidden" name="stand" value="{runde.pk}"' in text(antwort)
    assert '<a href="?art=info_austausch">Heute</a>' in text(antwort)


# --- the ways on ------------------------------------------------------------------------------------------------------


def wege(antwort):
    navigation = re.search(r'<nav class="unterwege".*?</nav>', text(antwort), re.DOTALL)
    return re.findall(r'href="([^"]+)"', navigation[0]) if navigation else []


def hauptaktionen(antwort):
    return re.findall(r'<a class="btn btn-primary" href="([^"]+)"', text(antwort))


@pytest.mark.parametrize(
    ("wer", "aktion", "erwartet"),
    [
        (None, [], []),
        ("lesend", [], ["/interessen/", "/interessen/runden/"]),
        (
            "kontakt",
            ["/interessen/neu/"],
            ["/interessen/", "/interessen/eigene/", "/interessen/konstellationen/", "/interessen/runden/"],
        ),
        (
            "buergermeister",
            ["/interessen/neu/"],
            [
                "/interessen/",
                "/interessen/eigene/",
                "/interessen/konstellationen/",
                "/interessen/runden/",
                "/interessen/bestaetigungen/",
            ],
        ),
        (
            "geschaeftsstelle",
            ["/interessen/fuer-andere/"],
            ["/interessen/", "/interessen/konstellationen/", "/interessen/runden/", "/interessen/bestaetigungen/"],
        ),
    ],
)
def test_page_offers_one_main_action_and_the_ways_that_one_may_go(request, angemeldet, wer, aktion, erwartet):
    client = angemeldet(request.getfixturevalue(wer)) if wer else Client()
    antwort = client.get(LISTE)
    assert hauptaktionen(antwort) == aktion
    assert wege(antwort) == erwartet


# --- the cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_needs_the_same_queries_for_any_number(angemeldet, kontakt, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        InteressenbekundungFactory(aufgabenfeld=None, kooperationsfeld=KooperationsfeldFactory())
        RundenergebnisFactory()
    client = angemeldet(kontakt)
    with django_assert_num_queries(11):
        client.get(LISTE)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_public_ranking_needs_the_same_queries_for_any_number(client, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        InteressenbekundungFactory()
        RundenergebnisFactory()
    with django_assert_num_queries(6):
        client.get(LISTE)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_ranking_of_a_round_needs_the_same_queries_for_any_number(
    angemeldet, kontakt, django_assert_num_queries, anzahl
):
    runde = abgeschlossene_runde(*InteressenbekundungFactory.create_batch(anzahl))
    RundenergebnisFactory()
    client = angemeldet(kontakt)
    with django_assert_num_queries(11):
        client.get(f"{LISTE}?stand={runde.pk}&art=kooperationswille")


def test_many_declarations_need_no_more_queries(angemeldet, kontakt, django_assert_num_queries):
    kommunen = [kontakt.kommune, *KommuneFactory.create_batch(9)]
    teile = [
        KooperationsfeldFactory(aufgabenfeld=feld) for feld in AufgabenfeldFactory.create_batch(5) for _ in range(6)
    ]
    for kommune in kommunen:
        for teil in teile:
            InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)
    RundenergebnisFactory()
    client = angemeldet(kontakt)
    with django_assert_num_queries(11):
        antwort = client.get(LISTE)
    assert antwort.context["paginator"].count == 300
    assert [rang.kommunen for rang in antwort.context["rangliste"].raenge] == [10, 10, 10, 10, 10, 0]
