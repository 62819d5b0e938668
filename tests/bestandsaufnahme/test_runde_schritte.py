"""The steps of a round of declarations, of the Geschäftsstelle and of a Kommune, and what people try in vain."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.models import Interessenrunde, Rundenrueckmeldung
from bestandsaufnahme.rechte import zaehlbare_interessen
from ikz_portal.basis.models import Postausgang
from kommunen.models import Kommune, Konto
from tests.bestandsaufnahme.rundenhilfen import FRIST, LISTE, Anmelden, adresse
from tests.fabriken.bestandsaufnahme import (
    InteressenbekundungFactory,
    InteressenrundeFactory,
    RundenergebnisFactory,
    RundenrueckmeldungFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-11-22 10:00+01:00", tick=False):
        yield


def meldungen(antwort: Any) -> list[str]:
    return [str(meldung) for meldung in antwort.context["messages"]]


# --- steps ------------------------------------------------------------------------------------------------------------
def test_eroeffnen_asks_and_tells(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, andere_kommune: Kommune, geplante: Interessenrunde
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(adresse(geplante, "eroeffnen/"), follow=True)

    assert meldungen(antwort) == [
        "Die Runde ist eröffnet. 1 E-Mail geht an 1 Kommune.",
        "Nicht per E-Mail erreichbar, weil niemand ein Konto hat: Nachbarstadt.",
    ]
    assert antwort.context["ruecklauf"].gesamt == 2


def test_eroeffnen_beside_another_says_why_not(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Interessenrunde, geplante: Interessenrunde
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(adresse(geplante, "eroeffnen/"), follow=True)

    assert meldungen(antwort) == ["Es läuft schon eine Runde. Bitte schließen Sie diese zuerst ab."]


def test_erinnern_and_verlaengern(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, fremder_kontakt: Konto, runde: Interessenrunde
) -> None:
    client = angemeldet(geschaeftsstelle)

    erinnert = client.post(adresse(runde, "erinnern/"), follow=True)
    verlaengert = client.post(adresse(runde, "verlaengern/"), {"frist": "2027-01-31"}, follow=True)

    assert meldungen(erinnert) == ["Die Erinnerung ist unterwegs. 1 E-Mail geht an 1 Kommune."]
    assert meldungen(verlaengert) == ["Die Frist läuft jetzt bis zum 31. Januar 2027. 1 E-Mail geht an 1 Kommune."]
    assert set(Postausgang.objects.values_list("an", flat=True)) == {kontakt.email}


@pytest.mark.parametrize("frist", ["2026-12-31", "2020-01-01", "", "x\x00"])
def test_verlaengern_shows_what_is_wrong_at_the_field(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Interessenrunde, frist: str
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(adresse(runde, "verlaengern/"), {"frist": frist})

    assert antwort.status_code == 200
    assert list(antwort.context["frist_form"].errors) == ["frist"]
    runde.refresh_from_db()
    assert runde.frist == FRIST


def test_abschliessen_wants_the_tick_and_then_shows_the_result(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Interessenrunde
) -> None:
    client, ziel = angemeldet(geschaeftsstelle), adresse(runde, "abschliessen/")
    InteressenbekundungFactory()

    ohne = client.post(ziel)
    mit = client.post(ziel, {"trotz_fehlender": "on"}, follow=True)

    assert list(ohne.context["abschluss_form"].errors) == ["trotz_fehlender"]
    assert meldungen(mit) == ["„Laufende Runde“ ist abgeschlossen. Das Ergebnis steht fest."]
    assert mit.context["ergebnis"].summe == 1
    assert "Ergebnis veröffentlichen" in mit.content.decode()


def test_veroeffentlichen_and_back(
    client: Client, angemeldet: Anmelden, geschaeftsstelle: Konto, historische: Interessenrunde
) -> None:
    stelle, ziel = angemeldet(geschaeftsstelle), adresse(historische, "veroeffentlichen/")

    stelle.post(ziel, {"veroeffentlicht": "nein"})
    assert client.get(adresse(historische)).status_code == 404
    stelle.post(ziel, {"veroeffentlicht": "ja"})
    assert client.get(adresse(historische)).status_code == 200
    assert stelle.post(ziel, {"veroeffentlicht": "vielleicht"}).status_code == 400


def test_example_is_never_published(angemeldet: Anmelden, geschaeftsstelle: Konto, client: Client) -> None:
    runde = RundenergebnisFactory(runde__beispiel=True, runde__veroeffentlicht=False).runde

    antwort = angemeldet(geschaeftsstelle).post(
        adresse(runde, "veroeffentlichen/"), {"veroeffentlicht": "ja"}, follow=True
    )

    assert meldungen(antwort) == ["Ein Beispiel wird nicht veröffentlicht."]
    assert client.get(adresse(runde)).status_code == 404


def test_example_round_hides_no_declaration_from_the_public(kommune: Kommune) -> None:
    runde = InteressenrundeFactory(beispiel=True, veroeffentlicht=False)
    interesse = InteressenbekundungFactory(kommune=kommune, runde=runde)
    InteressenbekundungFactory(kommune=kommune, runde=InteressenrundeFactory(veroeffentlicht=False))

    assert list(zaehlbare_interessen(Client().get("/").wsgi_request.user)) == [interesse]


# --- answering --------------------------------------------------------------------------------------------------------
def test_kommune_has_nothing_to_add(
    angemeldet: Anmelden, kontakt: Konto, kommune: Kommune, runde: Interessenrunde
) -> None:
    client, ziel = angemeldet(kontakt), adresse(runde, "zurueckmelden/")

    erste = client.post(ziel, {"kommune": kommune.ags, "vermerk": "untergeschoben"}, follow=True)
    zweite = client.post(ziel, {"kommune": kommune.ags}, follow=True)

    assert meldungen(erste) == ["Die Antwort von Musterstadt ist festgehalten."]
    assert meldungen(zweite) == ["Musterstadt hat schon am 22.11.2026 geantwortet."]
    anfrage = runde.rueckmeldungen.get(kommune=kommune)
    assert (anfrage.am, anfrage.durch, anfrage.vermerk) == (date(2026, 11, 22), kontakt, "")


def test_geschaeftsstelle_answers_on_behalf_with_a_note(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kommune: Kommune, runde: Interessenrunde
) -> None:
    client, ziel = angemeldet(geschaeftsstelle), adresse(runde, "zurueckmelden/")

    ohne = client.post(ziel, {"kommune": kommune.ags})
    mit = client.post(ziel, {"kommune": kommune.ags, "vermerk": "Anruf vom 20.11.2026"}, follow=True)

    assert list(ohne.context["rueckmeldung_form"].errors) == ["vermerk"]
    zeile = next(zeile for zeile in mit.context["ruecklauf"].zeilen if zeile.kommune == "Musterstadt")
    assert (zeile.am, zeile.vermerk) == ("22.11.2026", "Anruf vom 20.11.2026")


@pytest.mark.parametrize("wert", ["fremde", "06999999", "", "x" * 500, "a\x00b"])
def test_answer_for_a_foreign_kommune_writes_nothing(
    angemeldet: Anmelden, kontakt: Konto, runde: Interessenrunde, wert: str
) -> None:
    fremde = RundenrueckmeldungFactory(runde=runde)
    ags = fremde.kommune.ags if wert == "fremde" else wert

    antwort = angemeldet(kontakt).post(adresse(runde, "zurueckmelden/"), {"kommune": ags})

    assert antwort.status_code == 200
    assert list(antwort.context["rueckmeldung_form"].errors) == ["kommune"]
    assert Rundenrueckmeldung.objects.filter(am=date(2026, 11, 22)).count() == 0


@pytest.mark.parametrize(("fixture", "status"), [("geplante", 404), ("historische", 200)])
def test_answer_in_a_round_that_does_not_run(
    request: pytest.FixtureRequest, angemeldet: Anmelden, kontakt: Konto, fixture: str, status: int
) -> None:
    """One in preparation isn't even known to a Kommune."""
    runde = request.getfixturevalue(fixture)

    antwort = angemeldet(kontakt).post(adresse(runde, "zurueckmelden/"), {"kommune": kontakt.kommune.ags})

    assert antwort.status_code == status
    assert not Rundenrueckmeldung.objects.exists()


# --- wrong persons ----------------------------------------------------------------------------------------------------
SCHRITTE = ("eroeffnen", "erinnern", "verlaengern", "abschliessen", "veroeffentlichen", "bearbeiten")


@pytest.mark.parametrize("wer", ["kontakt", "fremder_kontakt", "buergermeister", "lesend"])
def test_steps_are_the_geschaeftsstelles(
    request: pytest.FixtureRequest, angemeldet: Anmelden, runde: Interessenrunde, geplante: Interessenrunde, wer: str
) -> None:
    client = angemeldet(request.getfixturevalue(wer))

    antworten = {
        (eine.name, client.post(adresse(eine, f"{schritt}/"), {"frist": "2027-01-31"}).status_code)
        for eine in (runde, geplante)
        for schritt in SCHRITTE
    }

    assert antworten == {(runde.name, 403), (geplante.name, 404)}
    assert client.get(f"{LISTE}neu/").status_code == 403
    runde.refresh_from_db()
    assert (runde.status, runde.frist) == ("laeuft", FRIST)


def test_answering_is_for_kommunen(
    angemeldet: Anmelden, lesend: Konto, kommune: Kommune, runde: Interessenrunde
) -> None:
    antwort = angemeldet(lesend).post(adresse(runde, "zurueckmelden/"), {"kommune": kommune.ags})

    assert antwort.status_code == 403


@pytest.mark.parametrize("schritt", ["eroeffnen", "verlaengern", "abschliessen", "erinnern"])
def test_closed_round_cannot_be_changed(
    angemeldet: Anmelden, geschaeftsstelle: Konto, historische: Interessenrunde, schritt: str
) -> None:
    client = angemeldet(geschaeftsstelle)

    antwort = client.post(
        adresse(historische, f"{schritt}/"), {"frist": "2027-01-31", "trotz_fehlender": "on"}, follow=True
    )

    (satz,) = meldungen(antwort)
    assert satz.endswith("Sie ist abgeschlossen.")
    historische.refresh_from_db()
    assert (historische.status, historische.frist, historische.ergebnisse.count()) == ("abgeschlossen", None, 2)


def test_unknown_round(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    client = angemeldet(geschaeftsstelle)

    assert client.get(f"{LISTE}999999/").status_code == 404
    assert client.get(f"{LISTE}99999999999999999999/").status_code == 404
    assert client.post(f"{LISTE}999999/eroeffnen/").status_code == 404
