"""The people and the Kommunen that most tests are about."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from ikz_portal import celery_app
from ikz_portal.basis.passwort import Argon2
from kommunen.models import Kommune, Konto, Verbund
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VerbundFactory


@pytest.fixture(autouse=True)
def statische_dateien(settings: Any) -> None:
    """Static files by their own names: what `collectstatic` does to them has its own test."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="session", autouse=True)
def billige_pruefwerte() -> Iterator[None]:
    """The portal's own hasher, with the least costs: its real ones, a fifth of a second each, have their own test."""
    with pytest.MonkeyPatch.context() as umstellung:
        umstellung.setattr(Argon2, "time_cost", 1)
        umstellung.setattr(Argon2, "memory_cost", 8 * Argon2.parallelism)
        yield


@pytest.fixture
def verbund(db: None) -> Verbund:
    return VerbundFactory()


@pytest.fixture
def kommune(db: None) -> Kommune:
    return KommuneFactory(name="Musterstadt", kuerzel="Mu")


@pytest.fixture
def andere_kommune(db: None) -> Kommune:
    return KommuneFactory(name="Nachbarstadt", kuerzel="Nb")


@pytest.fixture
def kontakt(kommune: Kommune) -> Konto:
    return KontoFactory(name="Kontakt", kommune=kommune)


@pytest.fixture
def fremder_kontakt(andere_kommune: Kommune) -> Konto:
    return KontoFactory(name="Fremder Kontakt", kommune=andere_kommune)


@pytest.fixture
def buergermeister(kommune: Kommune) -> Konto:
    return KontoFactory(name="Verwaltungsspitze", kommune=kommune, buergermeister=True)


@pytest.fixture
def geschaeftsstelle(db: None) -> Konto:
    return KontoFactory(name="Geschäftsstelle", geschaeftsstelle=True)


@pytest.fixture
def lesend(db: None) -> Konto:
    return KontoFactory(name="Lesend", lesend=True)


@pytest.fixture
def angemeldet() -> Callable[[Konto], Client]:
    """Return a client that is signed in as this Konto."""

    def anmelden(konto: Konto) -> Client:
        client = Client()
        client.force_login(konto)
        return client

    return anmelden


@pytest.fixture
def ohne_warteschlange(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker is away: nobody listens at its address."""
    monkeypatch.setattr(celery_app.conf, "broker_url", "redis://127.0.0.1:9/0")
    monkeypatch.setattr(celery_app, "_pool", None)
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell how much of the access table ran: a table that nobody counts can shrink unseen."""
    zeilen = {
        ausgang: sum(
            "test_zugriff.py::test_zugriff[" in bericht.nodeid for bericht in terminalreporter.getreports(ausgang)
        )
        for ausgang in ("passed", "failed")
    }
    if gelaufen := sum(zeilen.values()):
        terminalreporter.write_line(
            f"Zugriffstabelle: {gelaufen} Zeilen x 10 Personen x GET und POST, {zeilen['failed']} falsch"
        )
