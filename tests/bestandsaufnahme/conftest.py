"""Rounds of declarations that several tests of their pages begin with."""

from datetime import date

import pytest

from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenrunde
from kommunen.models import Kommune
from tests.bestandsaufnahme.rundenhilfen import FRIST
from tests.fabriken.bestandsaufnahme import InteressenrundeFactory, RundenergebnisFactory, RundenrueckmeldungFactory


@pytest.fixture
def runde(kommune: Kommune, andere_kommune: Kommune) -> Interessenrunde:
    """It runs; the own Kommune is missing, the other one has answered."""
    runde = InteressenrundeFactory(laufend=True, name="Laufende Runde", frist=FRIST, anschreiben="Bitte antworten.")
    RundenrueckmeldungFactory(runde=runde, kommune=kommune)
    RundenrueckmeldungFactory(runde=runde, kommune=andere_kommune, am=date(2026, 11, 20))
    return runde


@pytest.fixture
def geplante(db: None) -> Interessenrunde:
    return InteressenrundeFactory(
        status=RundeStatus.VORBEREITUNG, name="Geplante Runde", frist=FRIST, veroeffentlicht=False
    )


@pytest.fixture
def historische(db: None) -> Interessenrunde:
    runde = InteressenrundeFactory(name="Historische Runde", quelle="Vortrag", hinweis="Nur Summen.")
    RundenergebnisFactory(runde=runde, anzahl=12, aufgabenfeld__name="Personalmanagement")
    RundenergebnisFactory(runde=runde, anzahl=None, aufgabenfeld__name="Tourismus")
    return runde
