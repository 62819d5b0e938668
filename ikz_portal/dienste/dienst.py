"""What both embedded servers have in common: attach to the running one or start it, and end it with its last user."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ikz_portal.dienste.fehler import DiensteFehler
from ikz_portal.dienste.ordner import Benutzer, Ordner, gesperrt, sperren

GEDULD = 60.0  # seconds until a server that is starting has to answer: recovery after a crash takes its time
PROTOKOLLGRENZE = 5_000_000
WAECHTER = Path(__file__).with_name("waechter.py")
KIND = Path(__file__).with_name("kind.py")


def kind_auftrag(angaben: dict[str, Any]) -> str:
    """Return the order that kind.py takes as its first argument, for a child of this process."""
    return json.dumps({**angaben, "elternteil": os.getpid()})


class Dienst(ABC):
    """One embedded server of one data folder. What differs is below in postgres.py and valkey.py."""

    name = ""
    titel = ""
    paket = ""
    variable = ""
    ende: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    tod = signal.SIGKILL
    letzter = False  # ends last, and so clears away a folder that is not to be kept

    def __init__(self, ordner: Ordner, *, fluechtig: bool = False) -> None:
        self.ordner = ordner
        self.fluechtig = fluechtig  # for tests: fast instead of safe, and gone afterwards
        self.wurzel = ordner.dienste / self.name
        self.programme = self._programme()
        ordner.anlegen()
        self.benutzer: Benutzer = ordner.benutzer(self.programme)
        self.sockel = Path()
        self._sperre = self._nutzer = -1

    @abstractmethod
    def vorbereiten(self) -> None:
        """Make what the server needs on disk, where it isn't there yet."""

    @abstractmethod
    def befehl(self) -> list[str]:
        """Return the command that runs the server in the foreground."""

    @abstractmethod
    def antwortet(self) -> bool:
        """Tell whether it takes connections."""

    @abstractmethod
    def adresse(self) -> str:
        """Return the address for the environment variable."""

    @abstractmethod
    def programmordner(self, paket: Path) -> Path:
        """Return where the wheel keeps the server's programs."""

    @property
    def meldungen(self) -> Path:
        return self.wurzel / "meldungen"

    @property
    def protokoll(self) -> Path:
        return self.wurzel / "protokoll"

    @contextlib.contextmanager
    def laufend(self) -> Iterator[None]:
        """Have the server for as long as this lasts; it ends with its last user, however that one ends."""
        self._oeffnen()
        try:
            with gesperrt(self._sperre):
                fcntl.flock(self._nutzer, fcntl.LOCK_SH)
                self.sicherstellen()
            yield
        finally:
            try:
                self._verlassen()
            finally:
                os.close(self._nutzer)
                os.close(self._sperre)

    def sicherstellen(self) -> None:
        """Start the server if it doesn't run, and wait until it answers. Only for who holds the lock."""
        self.sockel = self.ordner.sockel(self.benutzer)
        if not self.bewacht():
            self.vorbereiten()
            self._bewachen_lassen()
        ende = time.monotonic() + GEDULD
        while not self.antwortet():
            if not self.bewacht() or time.monotonic() > ende:
                raise DiensteFehler(f"{self.titel} startet nicht: {self._letzte_zeile()} (Protokoll: {self.protokoll})")
            time.sleep(0.02)

    def erneuern(self) -> bool:
        """Start the guardian again if even that has died; True if it had to be."""
        if self.bewacht():
            return False
        with gesperrt(self._sperre):
            self.sicherstellen()
        return True

    def bewacht(self) -> bool:
        """Tell whether the server's guardian lives."""
        try:
            griff = os.open(self.wurzel / "waechter", os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # the whole folder is gone
            return False
        try:
            return not sperren(griff, fcntl.LOCK_SH)
        finally:
            os.close(griff)

    def als_kind(self) -> dict[str, Any]:
        """Return how the server's process is to be started, in the words of kind.py."""
        nutzer = self.benutzer
        return {"signal": self.tod, "uid": nutzer.uid, "gid": nutzer.gid, "recht": nutzer.recht}

    def _programme(self) -> Path:
        paket = find_spec(self.paket)
        if paket is None or not paket.submodule_search_locations:
            raise DiensteFehler(
                f"{self.titel} ist nicht eingerichtet: {self.variable} setzen oder das Paket "
                f"{self.paket.replace('_', '-')} installieren (requirements-eingebettet.lock)."
            )
        return self.programmordner(Path(paket.submodule_search_locations[0]))

    def _oeffnen(self) -> None:
        try:
            self.wurzel.mkdir(mode=0o700, exist_ok=True)
            self._sperre = os.open(self.wurzel / "sperre", os.O_RDWR | os.O_CREAT, 0o600)
            self._nutzer = os.open(self.wurzel / "nutzer", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fehler:
            raise DiensteFehler(f"{self.wurzel} ist nicht beschreibbar ({fehler.strerror}).") from fehler

    def _bewachen_lassen(self) -> None:
        if self.protokoll.exists() and self.protokoll.stat().st_size > PROTOKOLLGRENZE:
            self.protokoll.replace(self.protokoll.with_suffix(".alt"))
        auftrag = {
            **{name: str(self.wurzel / name) for name in ("sperre", "nutzer", "waechter", "meldungen", "protokoll")},
            "titel": self.titel,
            "befehl": self.befehl(),
            "umgebung": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            "kind": self.als_kind(),
            "ende": self.ende,
            "wegwerfen": [str(self.ordner.wurzel)] * (self.fluechtig and self.letzter),
        }
        befehl = [sys.executable, "-I", "-S", str(WAECHTER), str(self.wurzel)]  # the folder only for who looks at ps
        lauf = subprocess.run(befehl, input=json.dumps(auftrag).encode(), capture_output=True, check=False)
        if lauf.returncode:
            raise DiensteFehler(
                f"Der Wächter von {self.titel} startet nicht: {lauf.stderr.decode(errors='replace')[-300:]}"
            )

    def _verlassen(self) -> None:
        """Give up the use of the server; the last one ends it and waits for that."""
        with gesperrt(self._sperre):
            if not sperren(self._nutzer):
                return
            if self.bewacht():
                with contextlib.suppress(OSError, ValueError):
                    os.kill(int((self.wurzel / "waechter").read_text(encoding="ascii")), signal.SIGTERM)
            ende = time.monotonic() + 30
            while self.bewacht() and time.monotonic() < ende:
                time.sleep(0.01)
            if self.sockel.parent == Path("/tmp"):  # noqa: S108  # its owner and mode are checked
                with contextlib.suppress(OSError):
                    self.sockel.rmdir()

    def _letzte_zeile(self) -> str:
        with contextlib.suppress(OSError):
            zeilen = self.protokoll.read_text(encoding="utf-8", errors="replace").split("\n")
            return next((zeile for zeile in reversed(zeilen) if zeile.strip()), "keine Ausgabe")
        return "keine Ausgabe"
