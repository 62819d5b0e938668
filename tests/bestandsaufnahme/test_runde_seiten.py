"""The pages of a round of declarations: who sees which, preparing one, its result."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.ablaeufe import interessenrunde as ablauf
from bestandsaufnahme.models import Interessenrunde
from kommunen.models import Kommune, Konto
from tests.bestandsaufnahme.rundenhilfen import FRIST, LISTE, Anmelden, adresse
from tests.fabriken.bestandsaufnahme import (
    InteressenbekundungFactory,
    InteressenrundeFactory,
    RundenergebnisFactory,
    RundennennungFactory,
    RundenrueckmeldungFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-11-22 10:00+01:00", tick=False):
        yield


def namen(client: Client, frage: str = "") -> list[str]:
    return [zeile.name for zeile in client.get(f"{LISTE}{frage}").context["zeilen"]]


def meldungen(antwort: Any) -> list[str]:
    return [str(meldung) for meldung in antwort.context["messages"]]


def eingaben(**andere: Any) -> dict[str, Any]:
    return {"name": "Interessenrunde 2026", "frist": "2026-12-31", "anschreiben": "Bitte.", **andere}


# --- who sees which ---------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("runde", "geplante", "historische")
def test_list_shows_what_each_may_see(
    client: Client, angemeldet: Anmelden, kontakt: Konto, geschaeftsstelle: Konto
) -> None:
    InteressenrundeFactory(name="Beispielrunde", beispiel=True, veroeffentlicht=False)

    assert namen(client) == ["Historische Runde"]
    assert namen(angemeldet(kontakt)) == ["Laufende Runde", "Beispielrunde", "Historische Runde"]
    assert "Geplante Runde" in namen(angemeldet(geschaeftsstelle))


def test_list_tells_what_waits_for_the_own_kommune(
    angemeldet: Anmelden, kontakt: Konto, fremder_kontakt: Konto, geschaeftsstelle: Konto, runde: Interessenrunde
) -> None:
    gezeigt = {wer: angemeldet(wer).get(LISTE) for wer in (kontakt, fremder_kontakt, geschaeftsstelle)}

    (zeile,) = gezeigt[kontakt].context["wartende"]
    assert (zeile.kommune, zeile.url) == ("Musterstadt", runde.get_absolute_url())
    assert zeile.frist == "31.12.2026, fällig in 39 Tagen"
    assert [gezeigt[wer].context["wartende"] for wer in (fremder_kontakt, geschaeftsstelle)] == [[], []]
    (laufende,) = gezeigt[fremder_kontakt].context["zeilen"]
    assert (laufende.zurueck, laufende.gesamt) == (1, 2)


def test_list_without_any_round(client: Client, angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    assert "Noch keine Interessenrunde" in client.get(LISTE).content.decode()
    assert "Erste Runde anlegen" in angemeldet(geschaeftsstelle).get(LISTE).content.decode()


@pytest.mark.usefixtures("runde", "geplante")
def test_list_filters_and_exports(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    client = angemeldet(geschaeftsstelle)

    assert namen(client, "?status=laeuft") == ["Laufende Runde"]
    zeilen = client.get(f"{LISTE}?status=laeuft&format=csv").content.decode("utf-8-sig").splitlines()
    assert zeilen[1].split(";")[:2] == ["Laufende Runde", "läuft"]
    assert zeilen[1].split(";")[6:8] == ["2", "1"]


def test_public_export_has_no_numbers_of_answers(client: Client, historische: Interessenrunde) -> None:
    zeilen = client.get(f"{LISTE}?format=csv").content.decode("utf-8-sig").splitlines()

    assert zeilen[0] == "Name;Status;Jahr;Eröffnet am;Frist;Abgeschlossen am;Nennungen;Veröffentlicht;Beispiel"
    assert len(zeilen) == 2


@pytest.mark.parametrize("frage", ["?status=x", "?format=pdf", "?status=%00", "?seite=99", "?status=laeuft&seite=abc"])
def test_list_answers_bad_input_with_4xx(client: Client, frage: str) -> None:
    assert client.get(f"{LISTE}{frage}").status_code in {400, 404}


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_queries(
    angemeldet: Anmelden, geschaeftsstelle: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        RundenergebnisFactory()
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(6):
        client.get(LISTE)


# --- the page of a round ----------------------------------------------------------------------------------------------
def test_public_reads_the_totals_of_a_published_round_alone(
    client: Client, runde: Interessenrunde, geplante: Interessenrunde, historische: Interessenrunde
) -> None:
    antwort = client.get(adresse(historische))

    assert [(zeile.feld, zeile.text) for zeile in antwort.context["ergebnis"].zeilen] == [
        ("Personalmanagement", "12"),
        ("Tourismus", "nicht aufgeführt"),
    ]
    seite = antwort.content.decode()
    assert "12 Nennungen in 1 Aufgabenfeld; 1 Aufgabenfeld führt die Quelle nicht auf" in seite
    assert f"/interessen/?stand={historische.pk}" in seite
    assert [client.get(adresse(eine)).status_code for eine in (runde, geplante)] == [404, 404]


def test_public_reads_neither_names_nor_letter_of_a_published_round(
    client: Client, geschaeftsstelle: Konto, runde: Interessenrunde, kommune: Kommune
) -> None:
    InteressenbekundungFactory(kommune=kommune)
    ablauf.abschliessen(runde=runde, trotz_fehlender=True, durch=geschaeftsstelle, heute=date(2026, 11, 22))
    ablauf.veroeffentlichen(runde=runde, durch=geschaeftsstelle)

    seite = client.get(adresse(runde)).content.decode()

    assert "1 Nennung in 1 Aufgabenfeld." in seite
    for internes in ("Musterstadt", "Nachbarstadt", "Bitte antworten.", "Nächste Schritte", "Stand je Kommune"):
        assert internes not in seite


def test_kommune_reads_what_is_asked_and_what_it_has_declared(
    angemeldet: Anmelden, kontakt: Konto, runde: Interessenrunde
) -> None:
    InteressenbekundungFactory(kommune=kontakt.kommune)
    InteressenbekundungFactory(kommune=kontakt.kommune, runde=runde, aufgabenfeld__name="Bauhof")
    InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)

    antwort = angemeldet(kontakt).get(adresse(runde))

    (eigene,) = antwort.context["eigene"]
    assert (eigene.kommune, eigene.am, eigene.fruehere) == ("Musterstadt", "", 1)
    assert [zeile.feld for zeile in eigene.bekundungen] == ["Bauhof"]
    seite = antwort.content.decode()
    assert "/interessen/neu/" in seite
    assert "Nichts hinzuzufügen: Frühere gelten weiter" in seite
    assert "Nachbarstadt" not in seite
    assert "Stand je Kommune" not in seite


def test_who_acts_for_no_kommune_reads_how_many_have_answered(
    angemeldet: Anmelden, lesend: Konto, runde: Interessenrunde
) -> None:
    antwort = angemeldet(lesend).get(adresse(runde))

    assert "<strong>1 von 2</strong> Kommunen haben geantwortet." in antwort.content.decode()
    assert "eigene" not in antwort.context


def test_deputy_of_two_kommunen_sees_both(
    angemeldet: Anmelden, fremder_kontakt: Konto, buergermeister: Konto, runde: Interessenrunde
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)

    eigene = angemeldet(fremder_kontakt).get(adresse(runde)).context["eigene"]

    assert [(antwort.kommune, bool(antwort.am)) for antwort in eigene] == [
        ("Musterstadt", False),
        ("Nachbarstadt", True),
    ]


def test_geschaeftsstelle_sees_who_has_answered_how(
    angemeldet: Anmelden,
    geschaeftsstelle: Konto,
    runde: Interessenrunde,
    kontakt: Konto,
    fremder_kontakt: Konto,
) -> None:
    InteressenbekundungFactory(kommune=fremder_kontakt.kommune, runde=runde)
    InteressenbekundungFactory(kommune=fremder_kontakt.kommune, unbestaetigt=True)
    InteressenbekundungFactory(beispiel=True)
    RundenrueckmeldungFactory(runde=runde, kommune=KommuneFactory(name="Stummstadt"), am=date(2026, 11, 21))

    antwort = angemeldet(geschaeftsstelle).get(adresse(runde))

    ruecklauf, zaehlung = antwort.context["ruecklauf"], antwort.context["zaehlung"]
    assert (ruecklauf.zurueck, ruecklauf.gesamt, ruecklauf.fehlend) == (2, 3, ["Musterstadt"])
    assert (ruecklauf.mit_bekundung, ruecklauf.nichts_hinzuzufuegen) == (1, 1)
    assert ruecklauf.teile == ["bekundet", "nichts", "offen"]
    assert [zeile.kommune for zeile in ruecklauf.zeilen if zeile.ohne_konto] == ["Stummstadt"]
    assert (zaehlung.bekundungen, zaehlung.kommunen, zaehlung.fruehere, zaehlung.unbestaetigte) == (1, 1, 0, 1)
    assert "<strong>2 von 3</strong> haben geantwortet, 1 fehlt noch" in antwort.content.decode()


def test_closed_round_tells_what_counted_then(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, fremder_kontakt: Konto, runde: Interessenrunde
) -> None:
    InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld__name="Bauhof")
    ablauf.abschliessen(runde=runde, trotz_fehlender=True, durch=geschaeftsstelle, heute=date(2026, 11, 22))
    InteressenbekundungFactory(kommune=kontakt.kommune)

    gezeigt = {wer: angemeldet(wer).get(adresse(runde)) for wer in (geschaeftsstelle, kontakt, fremder_kontakt)}

    zeilen = {zeile.kommune: zeile.fruehere for zeile in gezeigt[geschaeftsstelle].context["ruecklauf"].zeilen}
    assert zeilen == {"Musterstadt": 1, "Nachbarstadt": 0}
    assert "Nicht geantwortet haben 1 von 2: Musterstadt." in gezeigt[geschaeftsstelle].content.decode()
    assert [zeile.feld for zeile in gezeigt[kontakt].context["gezaehlte"]] == ["Bauhof"]
    assert gezeigt[fremder_kontakt].context["gezaehlte"] == []
    assert "Nicht geantwortet" not in gezeigt[fremder_kontakt].content.decode()


def test_preparation_tells_whom_it_will_ask(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, andere_kommune: Kommune, geplante: Interessenrunde
) -> None:
    antwort = angemeldet(geschaeftsstelle).get(adresse(geplante))

    adressaten = antwort.context["adressaten"]
    assert (adressaten.kommunen, adressaten.mails, adressaten.ohne_konto) == (2, 1, ["Nachbarstadt"])
    assert "<strong>2 Kommunen</strong> werden gefragt, <strong>1 Konto</strong> erhält" in antwort.content.decode()


def test_preparation_beside_a_running_round_names_it(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Interessenrunde, geplante: Interessenrunde
) -> None:
    seite = angemeldet(geschaeftsstelle).get(adresse(geplante)).content.decode()

    assert f'Schließen Sie zuerst diese ab: <a href="{runde.get_absolute_url()}">' in seite
    assert "Runde eröffnen" not in seite


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_of_the_geschaeftsstelle_queries(
    angemeldet: Anmelden, geschaeftsstelle: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    runde = InteressenrundeFactory(laufend=True)
    for konto in KontoFactory.create_batch(anzahl):
        RundenrueckmeldungFactory(runde=runde, kommune=konto.kommune)
        InteressenbekundungFactory(runde=runde, kommune=konto.kommune)
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(13):
        client.get(adresse(runde))


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_of_a_kommune_queries(
    angemeldet: Anmelden, kontakt: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    runde = InteressenrundeFactory(laufend=True)
    RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune)
    InteressenbekundungFactory.create_batch(anzahl, runde=runde, kommune=kontakt.kommune)
    client = angemeldet(kontakt)

    with django_assert_num_queries(7):
        client.get(adresse(runde))


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_of_a_result_queries(
    angemeldet: Anmelden, kontakt: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    runde = InteressenrundeFactory()
    for _ in range(anzahl):
        RundenergebnisFactory(runde=runde)
        RundennennungFactory(runde=runde, interesse__kommune=kontakt.kommune)
    client = angemeldet(kontakt)

    with django_assert_num_queries(7):
        client.get(adresse(runde))


# --- preparing --------------------------------------------------------------------------------------------------------
def test_neu_suggests_name_frist_and_letter(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    form = angemeldet(geschaeftsstelle).get(f"{LISTE}neu/").context["form"]

    assert (form["name"].value(), form["frist"].value()) == ("Interessenrunde 2026", date(2027, 1, 3))
    assert "verpflichtet zu nichts" in form["anschreiben"].value()


def test_neu_saves(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"{LISTE}neu/", eingaben(status="laeuft", veroeffentlicht="on"))

    runde = Interessenrunde.objects.get()
    assert antwort.url == runde.get_absolute_url()
    assert (runde.status, runde.frist, runde.veroeffentlicht) == ("vorbereitung", FRIST, False)


@pytest.mark.parametrize(
    ("feld", "wert", "satz"),
    [
        ("frist", "2026-11-21", "Die Frist liegt nicht nach heute. Bitte wählen Sie einen späteren Tag."),
        ("frist", "31.2.2027", "Bitte geben Sie ein gültiges Datum an, zum Beispiel 19.05.2026."),
        ("frist", "9999-12-31", "Der Tag liegt mehr als 10 Jahre voraus. Bitte wählen Sie einen früheren."),
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("name", "x" * 121, "Bitte kürzen Sie den Text auf höchstens 120 Zeichen (jetzt 121)."),
        ("anschreiben", "a\x00b", "Der Text enthält ein Zeichen, das nicht gespeichert werden kann."),
    ],
)
def test_neu_refuses_in_german(angemeldet: Anmelden, geschaeftsstelle: Konto, feld: str, wert: str, satz: str) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"{LISTE}neu/", eingaben(**{feld: wert}))

    assert antwort.context["form"].errors[feld][0].startswith(satz)
    assert not Interessenrunde.objects.exists()


def test_bearbeiten_saves_and_shows_both_editions_to_who_comes_late(
    angemeldet: Anmelden, geschaeftsstelle: Konto, geplante: Interessenrunde
) -> None:
    client, ziel = angemeldet(geschaeftsstelle), adresse(geplante, "bearbeiten/")

    assert client.post(ziel, eingaben(name="Erste", version=1)).status_code == 302
    spaeter = client.post(ziel, eingaben(name="Zweite", version=1))

    assert spaeter.status_code == 409
    (unterschied,) = (zeile for zeile in spaeter.context["abgleich"].unterschiede if zeile.feld == "Name")
    assert (unterschied.gespeichert, unterschied.eingabe) == ("Erste", "Zweite")
    geplante.refresh_from_db()
    assert geplante.name == "Erste"


def test_bearbeiten_of_a_round_that_was_opened_meanwhile(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Interessenrunde
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(
        adresse(runde, "bearbeiten/"), eingaben(version=runde.version), follow=True
    )

    assert meldungen(antwort) == [
        "Die Runde lässt sich nicht mehr bearbeiten. Sie läuft schon. Es ist nichts gespeichert."
    ]
    runde.refresh_from_db()
    assert runde.name == "Laufende Runde"


# --- elsewhere --------------------------------------------------------------------------------------------------------
def test_start_page_tells_the_kommune_that_its_answer_is_missing(
    angemeldet: Anmelden, kontakt: Konto, fremder_kontakt: Konto, lesend: Konto, runde: Interessenrunde
) -> None:
    gezeigt = {wer: angemeldet(wer).get("/") for wer in (kontakt, fremder_kontakt, lesend)}

    (zeile,) = gezeigt[kontakt].context["wartende_runden"]
    assert (zeile.runde, zeile.kommune, zeile.url) == ("Laufende Runde", "Musterstadt", runde.get_absolute_url())
    assert runde.get_absolute_url() in gezeigt[kontakt].content.decode()
    assert [gezeigt[wer].context["wartende_runden"] for wer in (fremder_kontakt, lesend)] == [[], []]


def test_start_page_tells_the_geschaeftsstelle_what_has_come_back(
    angemeldet: Anmelden, geschaeftsstelle: Konto, lesend: Konto, runde: Interessenrunde
) -> None:
    seite = angemeldet(geschaeftsstelle).get("/").content.decode()

    assert "Laufende Runde</a>: 1 von 2 Kommunen haben geantwortet. Frist 31.12.2026, fällig in 39 Tagen" in seite
    assert "Kommunen haben geantwortet" not in angemeldet(lesend).get("/").content.decode()


def test_verlauf_is_the_geschaeftsstelles(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, fremder_kontakt: Konto, geplante: Interessenrunde
) -> None:
    ziel = f"/verlauf/interessenrunde/{geplante.pk}/"
    antworten = [angemeldet(wer).get(ziel).status_code for wer in (geschaeftsstelle, kontakt, fremder_kontakt)]

    assert antworten == [200, 404, 404]
