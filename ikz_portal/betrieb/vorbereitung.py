"""What `starten` does before the portal answers: checks, then the steps, each only as far as needed."""

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import connections

from ikz_portal import checks, umgebung


def pruefen(rechner: str, port: int) -> None:
    """CommandError with all that forbids to start, in one German line."""
    fehler = [*checks.pangofehler(), *checks.betriebsfehler()]
    if fehler:
        raise CommandError(" ".join(str(eintrag.msg) for eintrag in fehler))
    with socket.socket(socket.AF_INET6 if ":" in rechner else socket.AF_INET) as sockel:
        sockel.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sockel.bind((rechner, port))
        except (OSError, OverflowError) as grund:
            raise CommandError(
                f"Der Port {port} auf {rechner} ist belegt oder nicht erlaubt: "
                "mit PORT einen anderen wählen, etwa PORT=8001."
            ) from grund


def vorbereiten(ausgabe: OutputWrapper) -> None:
    """Bring database and static files up to this version, and load the seed data."""
    ausgabe.write("Datenbank wird vorbereitet …")
    _als_eigentuemer("migrate", interactive=False)
    _als_eigentuemer("createcachetable")
    _statische_dateien(ausgabe)
    ausgabe.write("Grunddaten werden geladen …")
    call_command("grunddaten", verbosity=0)
    for verbindung in connections.all(initialized_only=True):
        verbindung.close()
        if hasattr(verbindung, "close_pool"):
            verbindung.close_pool()


def _als_eigentuemer(name: str, **optionen: Any) -> None:
    """As the tables' owner where there is one: the settings take that role for commands of these names."""
    if not umgebung.text("DATABASE_URL_EIGENTUEMER"):
        call_command(name, verbosity=0, **optionen)
        return
    befehl = [sys.executable, str(settings.WURZEL / "manage.py"), name, "--verbosity", "0"]
    if subprocess.run(befehl, check=False).returncode:  # noqa: S603  # manage.py of ours
        raise CommandError("Die Datenbank ließ sich nicht auf den Stand dieser Fassung bringen.")


def _statische_dateien(ausgabe: OutputWrapper) -> None:
    """Collect them if any source has changed since the last time."""
    stempel = Path(settings.DATEN) / "static.stand"
    stand = _fingerabdruck()
    verzeichnis = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if verzeichnis.exists() and stempel.exists() and stempel.read_text(encoding="ascii") == stand:
        return
    ausgabe.write("Statische Dateien werden gesammelt …")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stempel.write_text(stand, encoding="ascii")


def _fingerabdruck() -> str:
    """Return a hash over name, size and time of every source of static files."""
    summe = hashlib.sha256(settings.VERSION.encode())
    for finder in get_finders():
        for name, lager in finder.list([]):
            angaben = os.stat(lager.path(name))
            summe.update(f"{name} {angaben.st_size} {angaben.st_mtime_ns}\n".encode())
    return summe.hexdigest()
