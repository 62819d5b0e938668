"""The page /interessen/: the list of declarations, and the files of both."""

from datetime import date

import pytest
import time_machine

from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus
from tests.bestandsaufnahme.ranglistenhilfen import (
    LISTE,
    abgeschlossene_runde,
    hauptteil,
    zeilen_der_datei,
)
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenbekundungFactory,
    KooperationsfeldFactory,
    RundenergebnisFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


# --- the list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frage", "namen"),
    [
        ("status=abgegeben", ["gilt", "gilt bis heute", "wartet"]),
        ("gueltig=wartet", ["wartet"]),
        ("status=bestaetigt", ["bestätigt"]),
        ("status=abgelaufen", ["gestern abgelaufen", "abgelaufen vermerkt"]),
        ("status=zurueckgezogen", ["zurückgezogen"]),
        ("status=entwurf", []),
        ("gueltig=ja", ["gilt", "gilt bis heute", "bestätigt"]),
        ("gueltig=ja&kommune=06433042", ["gilt"]),
        ("gueltig=ja&status=abgelaufen", []),
    ],
)
def test_list_filters_by_the_status_that_it_shows(angemeldet, lesend, frage, namen):
    gestern = date(2026, 1, 14)
    for name, zustand in {
        "gilt": {"kommune__ags": "06433042"},
        "gilt bis heute": {"gueltig_bis": date(2026, 1, 15)},
        "wartet": {"unbestaetigt": True},
        "bestätigt": {"status": InteresseStatus.BESTAETIGT},
        "gestern abgelaufen": {"gueltig_bis": gestern},
        "abgelaufen vermerkt": {"gueltig_bis": gestern, "status": InteresseStatus.ABGELAUFEN},
        "zurückgezogen": {"zurueckgezogen": True},
    }.items():
        InteressenbekundungFactory(aufgabenfeld__name=name, **zustand)
    antwort = angemeldet(lesend).get(f"{LISTE}?{frage}")
    assert [zeile.feld for zeile in reversed(antwort.context["interessen"])] == namen


def test_list_names_the_filter_for_valid_ones(angemeldet, lesend):
    antwort = angemeldet(lesend).get(f"{LISTE}?gueltig=ja&art=info_austausch")
    assert antwort.context["angewandte_filter"] == [
        ("Art: Info-Austausch", "?gueltig=ja"),
        ("Gültigkeit: nur gültige", "?art=info_austausch"),
    ]


@pytest.mark.parametrize(
    "frage",
    [
        "aufgabenfeld=x",
        "kommune=1",
        "art=x",
        "stufe=x",
        "status=x",
        "gueltig=nein",
        "beispiel=x",
        "stand=x",
        "format=x",
    ],
)
def test_list_answers_bad_input_with_400(angemeldet, lesend, frage):
    assert angemeldet(lesend).get(f"{LISTE}?{frage}").status_code == 400


@pytest.mark.parametrize(("frage", "anzahl"), [("beispiel=ja", 1), ("beispiel=nein", 2), ("", 3)])
def test_list_tells_examples_apart(angemeldet, lesend, frage, anzahl):
    InteressenbekundungFactory(beispiel=True)
    InteressenbekundungFactory.create_batch(2)
    assert len(angemeldet(lesend).get(f"{LISTE}?{frage}").context["interessen"]) == anzahl


def test_list_shows_drafts_to_the_own_kommune_alone(angemeldet, kontakt, fremder_kontakt):
    InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)
    assert len(angemeldet(kontakt).get(LISTE).context["interessen"]) == 1
    assert len(angemeldet(fremder_kontakt).get(LISTE).context["interessen"]) == 0


def test_list_tells_what_is_past_its_date(angemeldet, lesend):
    InteressenbekundungFactory(gueltig_bis="2026-01-14")
    (zeile,) = angemeldet(lesend).get(LISTE).context["interessen"]
    assert zeile.stand == InteresseStatus.ABGELAUFEN


def test_export_of_the_public_is_the_ranking(client, kommune):
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=AufgabenfeldFactory(name="Bauhof"))
    antwort = client.get(f"{LISTE}?format=csv")
    assert antwort["Content-Disposition"] == 'attachment; filename="rangliste.csv"'
    assert antwort.content.decode("utf-8-sig").splitlines()[1:] == ["1;Bauhof;1;1;0"]


def test_export_of_those_signed_in_is_the_list(angemeldet, lesend, kommune):
    teil = KooperationsfeldFactory(name="Winterdienst", aufgabenfeld__name="Bauhof")
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)
    antwort = angemeldet(lesend).get(f"{LISTE}?format=csv")
    assert antwort["Content-Disposition"] == 'attachment; filename="interessen.csv"'
    (zeile,) = antwort.content.decode("utf-8-sig").splitlines()[1:]
    assert zeile.startswith("Musterstadt;Bauhof;Winterdienst;Kooperationswille;hat Interesse;abgegeben;19.05.2022;;")


def test_export_of_the_public_with_a_round_beside_has_its_numbers(client, kommune):
    ergebnis = RundenergebnisFactory(anzahl=8, runde__name="Früher", aufgabenfeld__name="Bauhof")
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=ergebnis.aufgabenfeld)
    kopf, zeile = zeilen_der_datei(client.get(f"{LISTE}?format=csv&tabelle=liste"))
    assert kopf == "Platz;Aufgabenfeld;Kommunen;davon Kooperationswille;davon Info-Austausch;Früher"
    assert zeile == "1;Bauhof;1;1;0;8"


def test_export_of_a_round_for_the_public_has_its_totals_alone(client):
    runde = abgeschlossene_runde(InteressenbekundungFactory(aufgabenfeld__name="Bauhof", zurueckgezogen=True))
    assert zeilen_der_datei(client.get(f"{LISTE}?format=csv&stand={runde.pk}")) == [
        "Platz;Aufgabenfeld;Kommunen;Heute",
        "1;Bauhof;1;0",
    ]


def test_export_of_the_ranking_for_those_signed_in_has_the_parts_as_filtered(angemeldet, lesend, kommune):
    teil = KooperationsfeldFactory(name="Winterdienst", aufgabenfeld__name="Bauhof")
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)
    InteressenbekundungFactory(aufgabenfeld=teil.aufgabenfeld, art=InteresseArt.INFO_AUSTAUSCH)
    InteressenbekundungFactory(aufgabenfeld=teil.aufgabenfeld, unbestaetigt=True)
    antwort = angemeldet(lesend).get(f"{LISTE}?format=csv&tabelle=rangliste&art=kooperationswille")
    assert antwort["Content-Disposition"] == 'attachment; filename="rangliste.csv"'
    assert zeilen_der_datei(antwort)[1:] == [
        "1;Bauhof;;1;1;0;0;1",
        ";Bauhof;Winterdienst;1;1;0;0;0",
        ";Bauhof;ganzes Aufgabenfeld;0;0;0;0;1",
    ]


def test_export_of_an_unknown_table_is_400(client, angemeldet, lesend):
    for wer in (client, angemeldet(lesend)):
        assert wer.get(f"{LISTE}?format=csv&tabelle=x").status_code == 400


def test_links_to_files_take_the_filters_along(angemeldet, lesend):
    InteressenbekundungFactory()
    seite = hauptteil(angemeldet(lesend).get(f"{LISTE}?art=kooperationswille&fremd=x"))
    for tabelle in ("rangliste", "liste"):
        assert f'href="?art=kooperationswille&amp;tabelle={tabelle}&amp;format=xlsx"' in seite
    assert "fremd=x&amp;tabelle" not in seite
