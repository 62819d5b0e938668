"""Runs the portal's processes as one: starts web server, worker and beat, keeps them alive, ends them in order."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from django.conf import settings

from ikz_portal.dienste import Dienst, DiensteFehler, kind

TAKT = 0.25
RUHIG = 60.0  # seconds: who lived so long starts again without delay
LAENGSTE_PAUSE = 30.0
VORSPRUNG = 15.0  # seconds the web server has for itself, so that it answers soon
FRIST = 4.0  # seconds until a process that was asked to end is killed
KIND = Path(kind.__file__)


@dataclass
class Prozess:
    """One of the portal's processes; `ende` ends it quickly but in order, `tod` comes when the starter was killed."""

    titel: str
    befehl: list[str]
    ende: signal.Signals
    tod: signal.Signals
    lauf: "subprocess.Popen[bytes] | None" = None
    beginn: float = 0.0
    wieder: float = 0.0
    pause: float = field(default=0.0)

    def starten(self) -> None:
        auftrag = json.dumps({"signal": self.tod, "elternteil": os.getpid()})
        self.lauf = subprocess.Popen(  # noqa: S603  # commands of ours
            [sys.executable, "-I", "-S", str(KIND), auftrag, *self.befehl],
            cwd=settings.WURZEL,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the starter alone, which ends them in order
        )
        self.beginn = time.monotonic()

    def nachsehen(self, melden: Callable[[str], None]) -> None:
        """Start it again when it has died, after a pause that grows with every time."""
        jetzt = time.monotonic()
        if self.lauf is not None and (status := self.lauf.poll()) is not None:
            self.pause = 0.5 if jetzt - self.beginn > RUHIG else min(max(0.5, self.pause * 2), LAENGSTE_PAUSE)
            self.lauf, self.wieder = None, jetzt + self.pause
            grund = f"Signal {-status}" if status < 0 else f"Status {status}"
            melden(f"{self.titel} ist ausgefallen ({grund}) und wird neu gestartet.")
        if self.lauf is None and jetzt >= self.wieder:
            self.starten()

    def beenden(self) -> None:
        if self.lauf is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.lauf.send_signal(self.ende)
        try:
            self.lauf.wait(FRIST)
        except subprocess.TimeoutExpired:
            self.lauf.kill()
            self.lauf.wait()
        with contextlib.suppress(ProcessLookupError):  # what it left of its own children
            os.killpg(self.lauf.pid, signal.SIGKILL)


class Leitstand:
    """Supervises until SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, prozesse: list[Prozess], dienste: list[Dienst], melden: Callable[[str], None]) -> None:
        self.prozesse = prozesse
        self.dienste = dienste
        self.melden = melden
        self.ende = False
        self.gelesen = {dienst.name: _groesse(dienst.meldungen) for dienst in dienste}

    def laufen(self, ist_bereit: Callable[[], bool], wenn_bereit: Callable[[], None]) -> None:
        """Start all, call `wenn_bereit` once, keep all alive, and end them in this order whatever happens."""
        for nummer in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(nummer, self._beenden)
        bereit, beginn = False, time.monotonic()
        try:
            while not self.ende:
                alle = bereit or time.monotonic() - beginn > VORSPRUNG
                for prozess in self.prozesse if alle else self.prozesse[:1]:
                    prozess.nachsehen(self.melden)
                self._dienste_nachsehen()
                if not bereit and ist_bereit():
                    bereit = True
                    wenn_bereit()
                time.sleep(TAKT)
        finally:
            for prozess in self.prozesse:
                prozess.beenden()

    def _beenden(self, _nummer: int, _rahmen: FrameType | None) -> None:
        self.ende = True

    def _dienste_nachsehen(self) -> None:
        for dienst in self.dienste:
            try:
                if dienst.erneuern():
                    self.melden(f"{dienst.titel} war samt Wächter ausgefallen und ist neu gestartet.")
            except DiensteFehler as fehler:
                self.melden(str(fehler))
            for zeile in self._neue_zeilen(dienst):
                self.melden(zeile)

    def _neue_zeilen(self, dienst: Dienst) -> list[str]:
        if _groesse(dienst.meldungen) <= self.gelesen[dienst.name]:
            return []
        with open(dienst.meldungen, "rb") as datei:
            datei.seek(self.gelesen[dienst.name])
            neu = datei.read()
        self.gelesen[dienst.name] += len(neu)
        return neu.decode(errors="replace").splitlines()


def portalprozesse(rechner: str, port: int) -> list[Prozess]:
    """Return web server, worker and beat, in the order in which they end."""
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges"]
    celery = [*python, "-m", "celery", "-q", "-A", "ikz_portal"]
    adresse = f"[{rechner}]:{port}" if ":" in rechner else f"{rechner}:{port}"
    web = [*python, "-m", "gunicorn", "ikz_portal.wsgi", "--bind", adresse, "--workers", "3", "--timeout", "60"]
    web += ["--graceful-timeout", "3", "--log-level", "warning", "--no-control-socket"]
    worker = [*celery, "worker", "--concurrency", "2", "--without-mingle", "--without-gossip", "--loglevel", "WARNING"]
    beat = [*celery, "beat", "--pidfile", "", "--loglevel", "WARNING"]
    return [
        Prozess("Der Webserver", web, ende=signal.SIGTERM, tod=signal.SIGQUIT),
        Prozess("Der Worker", worker, ende=signal.SIGQUIT, tod=signal.SIGKILL),
        Prozess("Der Zeitgeber", beat, ende=signal.SIGTERM, tod=signal.SIGKILL),
    ]


def antwortet(rechner: str, port: int) -> bool:
    """Tell whether the web server says that it is ready."""
    verbindung = HTTPConnection("127.0.0.1" if rechner == "0.0.0.0" else rechner, port, timeout=3)  # noqa: S104  # compared, not bound
    try:
        verbindung.request("GET", "/gesund/bereit/")
        return verbindung.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        verbindung.close()


def _groesse(pfad: Path) -> int:
    return pfad.stat().st_size if pfad.exists() else 0
