"""Health for whoever supervises the portal: `/gesund/lebt/` asks nobody, `/gesund/bereit/` asks all it depends on.

First in the middleware: no session, no sign-in, no check of the Host header, which a container's probe can't know.
"""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
from celery import current_app
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu.exceptions import OperationalError
from psycopg import sql

GEDULD = 2  # seconds for each of them


class GesundMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/gesund/lebt/":
            antwort = HttpResponse("lebt", content_type="text/plain; charset=utf-8")
        elif request.path_info == "/gesund/bereit/":
            stand = bereitschaft()
            fehlt = "fehlt" in (stand["datenbank"], stand["ablage"])
            antwort = JsonResponse(stand, status=503 if fehlt else 200)
        else:
            return self.get_response(request)
        antwort["Cache-Control"] = "no-store"
        return antwort


def bereitschaft() -> dict[str, str]:
    """Return the state of everything the portal depends on, in German words."""
    angewendet = _angewendete_migrationen()
    return {
        "datenbank": "fehlt" if angewendet is None else "ok",
        "migrationen": "ok" if angewendet is not None and _vorhandene_migrationen() <= angewendet else "ausstehend",
        "ablage": "ok" if _ablage_beschreibbar() else "fehlt",
        "warteschlange": "ok" if warteschlange_erreichbar() else "nicht erreichbar",
        "version": settings.VERSION,
    }


def warteschlange_erreichbar() -> bool:
    """Ask the broker; False where it doesn't answer in time."""
    try:
        with current_app.connection_for_write(connect_timeout=GEDULD) as verbindung:
            verbindung.ensure_connection(max_retries=1, interval_start=0, timeout=GEDULD)
    except (OperationalError, OSError):
        return False
    return True


def _angewendete_migrationen() -> set[tuple[str, str]] | None:
    """Return (app, name) of each, on a connection beside the pool, which would let us wait longer; None if it fails."""
    try:
        parameter = {**connection.get_connection_params(), "connect_timeout": GEDULD}
        with psycopg.connect(**parameter) as verbindung:
            verbindung.execute(sql.SQL("SET statement_timeout = {}").format(GEDULD * 1000))
            vorhanden = verbindung.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
            if not vorhanden or not vorhanden[0]:
                return set()
            return set(verbindung.execute("SELECT app, name FROM django_migrations").fetchall())
    except (psycopg.Error, ImproperlyConfigured):
        return None


@cache
def _vorhandene_migrationen() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _ablage_beschreibbar() -> bool:
    ordner = Path(settings.MEDIA_ROOT)
    try:
        ordner.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=ordner) as probe:
            probe.write(b"ok")
    except OSError:
        return False
    return True
