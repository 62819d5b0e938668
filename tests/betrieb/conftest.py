"""The portal with its Grunddaten, loaded once per module."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from ikz_portal.basis.models import Statuswechsel
from tests.betrieb.fristen import BEGINN

FACHAPPS = ("kommunen", "bestandsaufnahme", "projekte", "wissen")
LADETAG = date(2026, 3, 2)


def laden(tag: date = LADETAG) -> str:
    """Run the command on that day and return its line."""
    ausgabe = StringIO()
    with time_machine.travel(datetime(tag.year, tag.month, tag.day, 12, tzinfo=UTC), tick=False):
        call_command("grunddaten", stdout=ausgabe)
    return ausgabe.getvalue().strip()


def alle_zeilen() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table of the domain, with versions and times."""
    modelle = [apps.get_app_config(app).get_models(include_auto_created=True) for app in FACHAPPS]
    gefunden = [Statuswechsel, *[modell for der_app in modelle for modell in der_app]]
    return {modell._meta.label: list(modell._default_manager.order_by("pk").values()) for modell in gefunden}


@dataclass
class Geladen:
    ohne_demo: dict[str, list[dict[str, Any]]]
    erste_zeile: str


@pytest.fixture(scope="module")
def geladen(django_db_setup: None, django_db_blocker: Any) -> Iterator[Geladen]:
    """Load the facts alone on an empty database, then the demo; every test runs in a savepoint on top."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(IKZ_DEMO=False):
            zeile = laden()
        ohne_demo = alle_zeilen()
        with override_settings(IKZ_DEMO=True):
            laden()
        yield Geladen(ohne_demo=ohne_demo, erste_zeile=zeile)
        transaction.set_rollback(True)


@pytest.fixture
def uhr() -> Iterator[Callable[[timedelta], None]]:
    """Stand at BEGINN; called, go to that time after it."""
    with time_machine.travel(BEGINN, tick=False) as reise:
        yield lambda dauer: reise.move_to(BEGINN + dauer)
