import json
from pathlib import Path

import pytest
from django.conf import settings as einstellungen
from django.db import connection
from django.test import Client
from kombu import Connection
from pytest_django import Settings

from ikz_portal import celery_app

FREMDER_RECHNER = {"HTTP_HOST": "10.0.0.7:8000"}  # as a container's probe asks


def test_lebt_asks_nobody(client: Client) -> None:
    antwort = client.get("/gesund/lebt/", **FREMDER_RECHNER)

    assert (antwort.status_code, antwort.content, antwort["Cache-Control"]) == (200, b"lebt", "no-store")


@pytest.mark.django_db
def test_bereit_tells_all_parts(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "dateien"

    antwort = client.get("/gesund/bereit/", **FREMDER_RECHNER)

    assert antwort.status_code == 200
    assert json.loads(antwort.content) == {
        "datenbank": "ok",
        "migrationen": "ok",
        "ablage": "ok",
        "warteschlange": "ok",
        "version": einstellungen.VERSION,
    }


@pytest.mark.django_db
def test_bereit_without_session_and_sign_in(client: Client) -> None:
    antwort = client.get("/gesund/bereit/")

    assert antwort.status_code == 200
    assert not antwort.cookies


def test_bereit_without_database_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    antwort = client.get("/gesund/bereit/")

    assert antwort.status_code == 503
    assert json.loads(antwort.content)["datenbank"] == "fehlt"


@pytest.mark.django_db
def test_bereit_without_storage_is_503(client: Client, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "datei").touch()
    settings.MEDIA_ROOT = tmp_path / "datei" / "dateien"

    antwort = client.get("/gesund/bereit/")

    assert antwort.status_code == 503
    assert json.loads(antwort.content)["ablage"] == "fehlt"


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["redis://127.0.0.1:1/0", "redis+socket:///gibt/es/nicht.sock"])
def test_bereit_without_broker_is_told_with_200(client: Client, monkeypatch: pytest.MonkeyPatch, adresse: str) -> None:
    monkeypatch.setattr(celery_app, "connection_for_write", lambda **_: Connection(adresse))

    antwort = client.get("/gesund/bereit/")

    assert antwort.status_code == 200
    assert json.loads(antwort.content)["warteschlange"] == "nicht erreichbar"


@pytest.mark.django_db
def test_bereit_tells_pending_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ikz_portal.betrieb.gesund._vorhandene_migrationen", lambda: frozenset({("basis", "9999_neu")}))

    antwort = client.get("/gesund/bereit/")

    assert antwort.status_code == 200
    assert json.loads(antwort.content)["migrationen"] == "ausstehend"
