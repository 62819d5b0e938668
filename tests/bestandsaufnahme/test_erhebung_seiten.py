"""The pages of survey rounds: who sees which, preparing one, and its steps."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.auswahl import ErhebungStatus
from bestandsaufnahme.fragenkatalog import NACH_SCHLUESSEL
from bestandsaufnahme.models import Erhebung
from kommunen.models import Konto
from tests.fabriken.bestandsaufnahme import ErhebungFactory, FragebogenFactory, VeroeffentlichungFactory
from tests.fabriken.kommunen import KommuneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

Anmelden = Callable[[Konto], Client]
LISTE = "/bestandsaufnahme/erhebungen/"
HEUTE = time_machine.travel("2026-09-01 10:00+02:00", tick=False)


@pytest.fixture(autouse=True)
def heute():
    with HEUTE:
        yield


@pytest.fixture
def runde(db: None) -> Erhebung:
    return ErhebungFactory(laufend=True, name="Laufende Runde", frist=date(2026, 9, 6))


@pytest.fixture
def geplante(db: None) -> Erhebung:
    return ErhebungFactory(
        status=ErhebungStatus.VORBEREITUNG, name="Geplante Runde", frist=date(2026, 10, 1), veroeffentlicht=False
    )


def namen(client: Client, frage: str = "") -> list[str]:
    return [zeile.name for zeile in client.get(f"{LISTE}{frage}").context["zeilen"]]


def meldungen(antwort: Any) -> list[str]:
    return [str(meldung) for meldung in antwort.context["messages"]]


def eingaben(**andere: Any) -> dict[str, Any]:
    felder = {"name": "Erhebung 2026", "stichtag": "2026-06-30", "frist": "2026-10-01", "anschreiben": "Bitte."}
    return {**felder, "je_kooperation": ["kosten"], "einmal": ["interesse", "aufsicht"], **andere}


# --- who sees which ---------------------------------------------------------------------------------------------------
def test_public_sees_published_rounds_alone(client: Client, runde: Erhebung) -> None:
    ErhebungFactory(name="Veröffentlichte")
    spaetere = ErhebungFactory(name="Gesperrte", veroeffentlicht=False)
    VeroeffentlichungFactory(erhebung=spaetere, oeffentlich_ab=date(2026, 9, 2))

    assert namen(client) == ["Veröffentlichte"]
    assert client.get(runde.get_absolute_url()).status_code == 404


def test_round_tells_how_to_read_it_with_headings_and_tables(client: Client) -> None:
    erhebung = ErhebungFactory(lesehinweis="## So gedruckt\n\n| Feld | Rü |\n| --- | --- |\n| Rechtsamt | □ |")

    seite = client.get(erhebung.get_absolute_url()).content.decode()

    assert "## So gedruckt" not in seite
    assert "<td>Rechtsamt</td>" in seite


def test_kontakt_sees_a_round_only_when_invited_or_published(
    angemeldet: Anmelden, kontakt: Konto, fremder_kontakt: Konto, runde: Erhebung, geplante: Erhebung
) -> None:
    ErhebungFactory(name="Veröffentlichte")
    FragebogenFactory(erhebung=runde, kommune=kontakt.kommune)

    assert namen(angemeldet(kontakt)) == ["Laufende Runde", "Veröffentlichte"]
    assert namen(angemeldet(fremder_kontakt)) == ["Veröffentlichte"]
    seiten = [angemeldet(konto).get(runde.get_absolute_url()).status_code for konto in (kontakt, fremder_kontakt)]
    assert seiten == [200, 404]


def test_list_counts_all_kommunen_also_for_one_of_them(angemeldet: Anmelden, kontakt: Konto, runde: Erhebung) -> None:
    FragebogenFactory(erhebung=runde, kommune=kontakt.kommune)
    FragebogenFactory.create_batch(2, erhebung=runde, freigegeben=True)

    (zeile,) = angemeldet(kontakt).get(LISTE).context["zeilen"]

    assert (zeile.zurueck, zeile.gesamt, zeile.faellig) == (2, 3, "fällig in 5 Tagen")


@pytest.mark.usefixtures("runde", "geplante")
def test_list_filters_and_exports(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    client = angemeldet(geschaeftsstelle)

    assert namen(client, "?status=laeuft") == ["Laufende Runde"]
    zeilen = client.get(f"{LISTE}?status=vorbereitung&format=csv").content.decode("utf-8-sig").splitlines()
    assert [zeile.split(";")[0] for zeile in zeilen] == ["Name", "Geplante Runde"]
    assert zeilen[0].endswith("Fragebögen;davon freigegeben;Beispiel")


def test_public_export_has_no_numbers_of_the_return(client: Client) -> None:
    ErhebungFactory()

    kopf = client.get(f"{LISTE}?format=csv").content.decode("utf-8-sig").splitlines()[0]

    assert kopf == "Name;Status;Stichtag;Rückmeldefrist;Rücklauf geschlossen;Beispiel"


@pytest.mark.parametrize("frage", ["?status=x", "?format=pdf", "?status=%00", "?seite=99"])
def test_list_answers_bad_input_with_4xx(client: Client, frage: str) -> None:
    assert client.get(f"{LISTE}{frage}").status_code in {400, 404}


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    angemeldet: Anmelden, geschaeftsstelle: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        FragebogenFactory(erhebung=ErhebungFactory(laufend=True))
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(6):
        client.get(LISTE)


# --- preparing --------------------------------------------------------------------------------------------------------
def test_neu_suggests_questions_for_both_anlagen(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    antwort = angemeldet(geschaeftsstelle).get(f"{LISTE}neu/")

    eins, zwei = antwort.context["vorschau"]
    assert [eins.titel, zwei.titel] == ["Anlage 1: Städte und Gemeinden", "Anlage 2: Kreis"]
    assert "Welche Leistungen erbringt der Kreis für Städte und Gemeinden?" not in [frage for frage, *_ in eins.einmal]
    assert "Welche Leistungen erbringt der Kreis für Städte und Gemeinden?" in [frage for frage, *_ in zwei.einmal]


def test_neu_creates_a_round(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"{LISTE}neu/", eingaben())

    erhebung = Erhebung.objects.get()
    assert antwort.headers["Location"] == erhebung.get_absolute_url()
    assert erhebung.fragen == ["kosten", "interesse", "aufsicht"]


def test_neu_shows_the_preview_of_what_is_chosen_and_writes_nothing(
    angemeldet: Anmelden, geschaeftsstelle: Konto
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"{LISTE}neu/", {**eingaben(name=""), "vorschau": "1"})

    eins, zwei = antwort.context["vorschau"]
    assert [frage for frage, *_ in eins.je_kooperation[2:]] == ["Kosten und ihre Verteilung"]
    assert (len(eins.einmal), len(zwei.einmal)) == (1, 2)
    assert antwort.context["form"].errors == {}
    assert not Erhebung.objects.exists()


@pytest.mark.parametrize(
    ("andere", "feld"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"stichtag": "gestern"}, "stichtag"),
        ({"stichtag": "0013-06-30"}, "stichtag"),
        ({"frist": "2026-08-31"}, "frist"),
        ({"frist": "9999-12-31"}, "frist"),
        ({"einmal": ["was_ganz_anderes"]}, "einmal"),
        ({"je_kooperation": ["interesse"]}, "je_kooperation"),
    ],
)
def test_neu_says_what_is_wrong_at_the_field(
    angemeldet: Anmelden, geschaeftsstelle: Konto, andere: dict[str, Any], feld: str
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"{LISTE}neu/", eingaben(**andere))

    assert list(antwort.context["form"].errors) == [feld]
    assert not Erhebung.objects.exists()


@pytest.mark.parametrize("wer", ["kontakt", "buergermeister", "lesend"])
def test_others_neither_prepare_nor_take_a_step(
    angemeldet: Anmelden, request: pytest.FixtureRequest, runde: Erhebung, wer: str
) -> None:
    konto = request.getfixturevalue(wer)
    FragebogenFactory(erhebung=runde, kommune=konto.kommune or KommuneFactory())
    client, ziel = angemeldet(konto), runde.get_absolute_url()

    assert client.get(f"{LISTE}neu/").status_code == 403
    assert client.get(f"{ziel}bearbeiten/").status_code == 403
    for schritt in ("eroeffnen", "erinnern", "verlaengern", "auswerten", "wieder-oeffnen", "abschliessen"):
        assert client.post(f"{ziel}{schritt}/").status_code == 403
        assert client.get(f"{ziel}{schritt}/").status_code == 405


def test_bearbeiten_changes_a_round_that_is_prepared(
    angemeldet: Anmelden, geschaeftsstelle: Konto, geplante: Erhebung
) -> None:
    ziel = f"{geplante.get_absolute_url()}bearbeiten/"

    antwort = angemeldet(geschaeftsstelle).post(ziel, eingaben(version=1))

    geplante.refresh_from_db()
    assert antwort.headers["Location"] == geplante.get_absolute_url()
    assert (geplante.name, geplante.fragen) == ("Erhebung 2026", ["kosten", "interesse", "aufsicht"])


def test_bearbeiten_shows_both_editions_where_somebody_was_faster(
    angemeldet: Anmelden, geschaeftsstelle: Konto, geplante: Erhebung
) -> None:
    client, ziel = angemeldet(geschaeftsstelle), f"{geplante.get_absolute_url()}bearbeiten/"
    client.post(ziel, eingaben(version=1))

    antwort = client.post(ziel, eingaben(version=1, anschreiben="Anders.", einmal=["interesse"]))

    assert antwort.status_code == 409
    zeilen = {zeile.feld: (zeile.gespeichert, zeile.eingabe) for zeile in antwort.context["abgleich"].unterschiede}
    assert zeilen["Anschreiben"] == ("Bitte.", "Anders.")
    interesse, aufsicht = (NACH_SCHLUESSEL[schluessel].text for schluessel in ("interesse", "aufsicht"))
    beide = f"{interesse}, {aufsicht} (nur Anlage 2, Kreis)"
    assert zeilen["Fragen, die einmal gestellt werden"] == (beide, interesse)
    assert len(zeilen) == 2


def test_bearbeiten_keeps_the_saved_questions_where_that_is_chosen(
    angemeldet: Anmelden, geschaeftsstelle: Konto, geplante: Erhebung
) -> None:
    client, ziel = angemeldet(geschaeftsstelle), f"{geplante.get_absolute_url()}bearbeiten/"
    client.post(ziel, eingaben(version=1))
    wahl = {"gewaehlt": "1", "wahl-einmal": "gespeichert", "wahl-anschreiben": "eingabe"}

    client.post(ziel, {**eingaben(version=2, anschreiben="Anders.", einmal=[]), **wahl})

    geplante.refresh_from_db()
    assert (geplante.anschreiben, geplante.fragen) == ("Anders.", ["kosten", "interesse", "aufsicht"])


def test_bearbeiten_says_that_the_round_was_opened_meanwhile(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(
        f"{runde.get_absolute_url()}bearbeiten/", eingaben(version=7), follow=True
    )

    runde.refresh_from_db()
    assert runde.name == "Laufende Runde"
    assert meldungen(antwort)[0].startswith("Die Erhebung ist inzwischen eröffnet")


def test_bearbeiten_once_open_changes_what_is_said_about_it(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung
) -> None:
    client, ziel = angemeldet(geschaeftsstelle), f"{runde.get_absolute_url()}bearbeiten/"
    assert list(client.get(ziel).context["form"].fields) == ["name", "lesehinweis", "quelle", "version"]

    client.post(ziel, {"name": "Neuer Name", "lesehinweis": "So.", "quelle": "", "version": 1})

    runde.refresh_from_db()
    assert (runde.name, runde.lesehinweis) == ("Neuer Name", "So.")
    assert client.post(ziel, {"name": "Noch einer", "version": 1}).status_code == 409
