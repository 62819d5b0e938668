"""A real browser (Debian's Chromium), a real server, a real worker on the same database."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page
from psycopg.conninfo import make_conninfo

WURZEL = Path(__file__).resolve().parents[2]
PASSWORT = "ikz-demo-2022"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the browser, and keep it on one worker: two cores carry one Chromium at a time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    assert chromium, "Für die Browsertests fehlt Chromium. Unter Debian: apt-get install chromium"
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": ["--no-sandbox", "--lang=de-DE", "--disable-background-networking", "--disable-component-update"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "de-DE", "timezone_id": "Europe/Berlin"}


@pytest.fixture
def portal(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The portal with facts, example set and demo accounts; its address."""
    settings.IKZ_DEMO = True
    monkeypatch.setenv("IKZ_DEMO_PASSWORT", PASSWORT)
    call_command("createcachetable")
    call_command("grunddaten", verbosity=0)
    return live_server.url


@pytest.fixture
def worker(portal: str) -> Iterator[None]:
    """A Celery worker on the test's database, as `make start` runs it."""
    werte = connection.settings_dict
    adresse = make_conninfo(
        host=werte["HOST"],
        port=werte["PORT"] or None,
        user=werte["USER"],
        password=werte["PASSWORD"],
        dbname=werte["NAME"],
    )
    umgebung = os.environ | {"DATABASE_URL": adresse, "IKZ_DEMO": "1", "IKZ_DATEN": str(settings.DATEN)}
    prozess = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "ikz_portal",
            "worker",
            "-P",
            "solo",
            "--without-mingle",
            "--without-gossip",
        ],
        cwd=WURZEL,
        env=umgebung,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    prozess.terminate()
    prozess.wait(timeout=20)


@pytest.fixture
def seite(page: Page) -> Iterator[Page]:
    """A page whose console stays clean: no error of a script, nothing that the CSP refused."""
    page.set_default_timeout(10_000)
    meldungen: list[str] = []
    page.on("console", lambda meldung: meldungen.append(meldung.text) if meldung.type == "error" else None)
    page.on("pageerror", lambda fehler: meldungen.append(str(fehler)))
    yield page
    assert meldungen == []
