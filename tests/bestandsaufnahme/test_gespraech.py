"""Interviews: the Geschäftsstelle writes them down, the own Kommune reads its own."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.models import Erhebung, Gespraech
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import ErhebungFactory, FragebogenFactory, GespraechFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

Anmelden = Callable[[Konto], Client]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-09-01 10:00+02:00", tick=False):
        yield


@pytest.fixture
def runde(kontakt: Konto, fremder_kontakt: Konto) -> Erhebung:
    erhebung = ErhebungFactory(laufend=True)
    for konto in (kontakt, fremder_kontakt):
        FragebogenFactory(erhebung=erhebung, kommune=konto.kommune)
    return erhebung


def eingaben(kommune: Kommune, /, **andere: Any) -> dict[str, Any]:
    felder = {"tag": "2026-09-10", "uhrzeit": "14:30", "ort": "Rathaus", "anwesende": "Hauptamt", "notizen": "Gut."}
    return {"kommune": kommune.ags, **felder, **andere}


def test_neu_writes_down_a_date_in_local_time(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung, kommune: Kommune
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"{runde.get_absolute_url()}gespraeche/neu/", eingaben(kommune))

    gespraech = Gespraech.objects.get()
    assert antwort.headers["Location"] == runde.get_absolute_url()
    assert gespraech.am == datetime(2026, 9, 10, 12, 30, tzinfo=UTC)
    assert (gespraech.erhebung, gespraech.kommune, gespraech.durch) == (runde, kommune, geschaeftsstelle)


@pytest.mark.parametrize(
    ("andere", "feld"),
    [
        ({"kommune": ""}, "kommune"),
        ({"kommune": "06999999"}, "kommune"),
        ({"tag": "x"}, "tag"),
        ({"tag": "0001-01-01"}, "tag"),
        ({"tag": "9999-12-31"}, "tag"),
        ({"uhrzeit": "25:00"}, "uhrzeit"),
        ({"tag": "2026-03-29", "uhrzeit": "02:30"}, "uhrzeit"),  # the clocks leap over it
        ({"tag": "2026-10-25", "uhrzeit": "02:30"}, "uhrzeit"),  # and back
        ({"ort": "x" * 151}, "ort"),
        ({"notizen": "a\x00b"}, "notizen"),
    ],
)
def test_neu_says_what_is_wrong_at_the_field(
    *,
    angemeldet: Anmelden,
    geschaeftsstelle: Konto,
    runde: Erhebung,
    kommune: Kommune,
    andere: dict[str, Any],
    feld: str,
) -> None:
    ziel = f"{runde.get_absolute_url()}gespraeche/neu/"

    antwort = angemeldet(geschaeftsstelle).post(ziel, eingaben(kommune, **andere))

    assert list(antwort.context["form"].errors) == [feld]
    assert not Gespraech.objects.exists()


def test_neu_asks_for_functions_instead_of_names(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung
) -> None:
    felder = angemeldet(geschaeftsstelle).get(f"{runde.get_absolute_url()}gespraeche/neu/").context["form"].fields

    assert "keine Namen" in felder["anwesende"].help_text
    assert "keine Namen" in felder["notizen"].help_text


@pytest.mark.parametrize(("wer", "status"), [("kontakt", 403), ("buergermeister", 403), ("lesend", 403)])
def test_others_write_nothing(
    *, angemeldet: Anmelden, request: pytest.FixtureRequest, runde: Erhebung, kommune: Kommune, wer: str, status: int
) -> None:
    gespraech = GespraechFactory(erhebung=runde, kommune=kommune)
    client, ziel = angemeldet(request.getfixturevalue(wer)), f"{runde.get_absolute_url()}gespraeche/"

    for pfad in ("neu/", f"{gespraech.pk}/"):
        assert client.get(f"{ziel}{pfad}").status_code == status
        assert client.post(f"{ziel}{pfad}", eingaben(kommune)).status_code == status


def test_kommune_reads_its_own_alone(
    *,
    angemeldet: Anmelden,
    runde: Erhebung,
    kontakt: Konto,
    fremder_kontakt: Konto,
    lesend: Konto,
    geschaeftsstelle: Konto,
) -> None:
    GespraechFactory(erhebung=runde, kommune=kontakt.kommune, notizen="Nur für Musterstadt")
    GespraechFactory(kommune=kontakt.kommune)

    def gelesen(konto: Konto) -> list[str]:
        return [zeile.notizen for zeile in angemeldet(konto).get(runde.get_absolute_url()).context["gespraeche"]]

    assert gelesen(kontakt) == gelesen(geschaeftsstelle) == ["Nur für Musterstadt"]
    assert gelesen(fremder_kontakt) == gelesen(lesend) == []


def test_bearbeiten_changes_it(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung, kommune: Kommune
) -> None:
    gespraech = GespraechFactory(erhebung=runde, kommune=kommune)
    client, ziel = angemeldet(geschaeftsstelle), f"{runde.get_absolute_url()}gespraeche/{gespraech.pk}/"
    assert client.get(ziel).context["form"]["uhrzeit"].value() == "14:00"

    client.post(ziel, eingaben(kommune, version=1))

    gespraech.refresh_from_db()
    assert (gespraech.am, gespraech.ort) == (datetime(2026, 9, 10, 12, 30, tzinfo=UTC), "Rathaus")


def test_bearbeiten_shows_both_editions_where_somebody_was_faster(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung, kommune: Kommune
) -> None:
    gespraech = GespraechFactory(erhebung=runde, kommune=kommune, ort="Rathaus", anwesende="Hauptamt")
    client, ziel = angemeldet(geschaeftsstelle), f"{runde.get_absolute_url()}gespraeche/{gespraech.pk}/"
    client.post(ziel, eingaben(kommune, version=1))

    antwort = client.post(ziel, eingaben(kommune, version=1, ort="Landratsamt"))

    assert antwort.status_code == 409
    zeilen = antwort.context["abgleich"].unterschiede
    assert [(zeile.feld, zeile.gespeichert, zeile.eingabe) for zeile in zeilen] == [("Ort", "Rathaus", "Landratsamt")]


def test_bearbeiten_knows_it_in_its_own_round_alone(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung
) -> None:
    anderes = GespraechFactory()

    antwort = angemeldet(geschaeftsstelle).get(f"{runde.get_absolute_url()}gespraeche/{anderes.pk}/")

    assert antwort.status_code == 404
