"""The steps that the Geschäftsstelle takes with a round: told beforehand with numbers, refused with a reason."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.auswahl import ErhebungStatus
from bestandsaufnahme.models import Erhebung
from ikz_portal.basis.models import Postausgang
from kommunen.models import Konto
from tests.fabriken.bestandsaufnahme import ErhebungFactory, FragebogenFactory
from tests.fabriken.kommunen import KommuneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

Anmelden = Callable[[Konto], Client]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-09-01 10:00+02:00", tick=False):
        yield


@pytest.fixture
def runde(db: None) -> Erhebung:
    return ErhebungFactory(laufend=True, name="Laufende Runde", frist=date(2026, 9, 6))


@pytest.fixture
def geplante(db: None) -> Erhebung:
    return ErhebungFactory(
        status=ErhebungStatus.VORBEREITUNG, name="Geplante Runde", frist=date(2026, 10, 1), veroeffentlicht=False
    )


def meldungen(antwort: Any) -> list[str]:
    return [str(meldung) for meldung in antwort.context["messages"]]


def test_eroeffnen_is_told_with_numbers_and_then_done(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, geplante: Erhebung
) -> None:
    KommuneFactory(name="Stummstadt")
    client, ziel = angemeldet(geschaeftsstelle), geplante.get_absolute_url()
    vorher = client.get(ziel)
    assert (vorher.context["adressaten"].kommunen, vorher.context["adressaten"].mails) == (2, 1)
    assert "<strong>2 Kommunen</strong> erhalten einen Fragebogen, <strong>1 Konto</strong>" in vorher.content.decode()

    antwort = client.post(f"{ziel}eroeffnen/", follow=True)

    assert meldungen(antwort) == [
        "Die Erhebung ist eröffnet. 1 E-Mail geht an 1 Kommune.",
        "Nicht per E-Mail erreichbar, weil niemand ein Konto hat: Stummstadt.",
    ]
    assert Postausgang.objects.get().an == kontakt.email
    zweites = client.post(f"{ziel}eroeffnen/", follow=True)
    assert meldungen(zweites) == ["Die Erhebung lässt sich jetzt nicht eröffnen. Sie läuft schon."]


def test_erinnern_tells_how_many_mails_beforehand(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, runde: Erhebung
) -> None:
    FragebogenFactory(erhebung=runde, kommune=kontakt.kommune)
    client, ziel = angemeldet(geschaeftsstelle), runde.get_absolute_url()
    assert "Jetzt erinnern: 1 E-Mail<" in client.get(ziel).content.decode()

    antwort = client.post(f"{ziel}erinnern/", follow=True)

    assert meldungen(antwort) == ["Die Erinnerung ist unterwegs. 1 E-Mail geht an 1 Kommune."]
    assert "Jetzt erinnern" not in antwort.content.decode()


@pytest.mark.parametrize("frist", ["", "2026-09-01", "x", "2026-09-06"])
def test_verlaengern_says_at_the_field_what_is_wrong(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung, frist: str
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"{runde.get_absolute_url()}verlaengern/", {"frist": frist})

    assert list(antwort.context["frist_form"].errors) == ["frist"]
    assert "Laufende Runde" in antwort.content.decode()


def test_round_goes_its_way_to_the_end(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, runde: Erhebung
) -> None:
    FragebogenFactory(erhebung=runde, kommune=kontakt.kommune)
    client, ziel = angemeldet(geschaeftsstelle), runde.get_absolute_url()

    client.post(f"{ziel}verlaengern/", {"frist": "2026-09-20"})
    client.post(f"{ziel}auswerten/")
    client.post(f"{ziel}wieder-oeffnen/", {"frist": "2026-09-30"})
    client.post(f"{ziel}auswerten/")
    unbestaetigt = client.post(f"{ziel}abschliessen/")
    assert list(unbestaetigt.context["abschluss_form"].errors) == ["trotz_fehlender"]
    client.post(f"{ziel}abschliessen/", {"trotz_fehlender": "on"})

    runde.refresh_from_db()
    assert (runde.status, runde.frist, runde.ende) == ("abgeschlossen", date(2026, 9, 30), date(2026, 9, 1))
    nochmal = client.post(f"{ziel}wieder-oeffnen/", {"frist": "2026-10-30"}, follow=True)
    assert meldungen(nochmal)[-1] == "Die Erhebung lässt sich jetzt nicht wieder öffnen. Sie ist abgeschlossen."
