"""What the tests of the pages of rounds share."""

from collections.abc import Callable
from datetime import date

from django.test import Client

from bestandsaufnahme.models import Interessenrunde
from kommunen.models import Konto

Anmelden = Callable[[Konto], Client]
LISTE = "/interessen/runden/"
FRIST = date(2026, 12, 31)


def adresse(runde: Interessenrunde, schritt: str = "") -> str:
    return f"{LISTE}{runde.pk}/{schritt}"
