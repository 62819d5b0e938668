"""`manage.py starten` from the outside: it answers, survives kills, ends all it began, and finds its data again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.betrieb.prozesse import WURZEL, pid, postmaster, uebrige, umgebung, verwalten, warten_bis

START = 90  # seconds, on a busy machine


@pytest.fixture
def daten() -> Iterator[Path]:
    ordner = Path(tempfile.mkdtemp(prefix="ikz-starten-"))
    ordner.chmod(0o711)
    yield ordner
    warten_bis(lambda: not uebrige(ordner))
    shutil.rmtree(ordner)


@pytest.fixture
def port() -> int:
    with socket.socket() as sockel:
        sockel.bind(("127.0.0.1", 0))
        return int(sockel.getsockname()[1])


class Portal:
    def __init__(self, daten: Path, port: int) -> None:
        self.daten, self.port = daten, port
        self.ausgabe = daten / "ausgabe"
        with open(self.ausgabe, "wb") as datei:
            self.lauf = subprocess.Popen(
                [sys.executable, str(WURZEL / "manage.py"), "starten"],
                env=umgebung(daten, PORT=str(port), IKZ_DEMO="1"),
                stdout=datei,
                stderr=subprocess.STDOUT,
                cwd=WURZEL,
            )

    def status(self, pfad: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{pfad}", timeout=10) as antwort:
                return int(antwort.status)
        except urllib.error.HTTPError as fehler:
            with fehler:
                return fehler.code
        except OSError:
            return 0

    def warten(self) -> None:
        warten_bis(lambda: self.status("/gesund/bereit/") == 200 or self.lauf.poll() is not None, START)
        assert self.lauf.poll() is None, self.ausgabe.read_text()
        warten_bis(lambda: len(self.kinder()) == 3)

    def kinder(self) -> list[int]:
        """Return the process ids of web server, worker and beat, as far as they run their own program."""
        return [kind for kind in kinder(self.lauf.pid) if b"kind.py" not in befehlszeile(kind)]

    def beenden(self, nummer: signal.Signals) -> int:
        self.lauf.send_signal(nummer)
        return self.lauf.wait(20)


def kinder(elternteil: int) -> list[int]:
    pfad = Path(f"/proc/{elternteil}/task/{elternteil}/children")
    return [int(kind) for kind in pfad.read_text().split()] if pfad.exists() else []


def befehlszeile(prozess: int) -> bytes:
    pfad = Path(f"/proc/{prozess}/cmdline")
    return pfad.read_bytes() if pfad.exists() else b""


def enkel(portal: Portal) -> list[int]:
    return [*portal.kinder(), *(enkelkind for kind in portal.kinder() for enkelkind in kinder(kind))]


def lebt(prozess: int) -> bool:
    return befehlszeile(prozess) != b""


@contextmanager
def gestartet(daten: Path, port: int) -> Iterator[Portal]:
    portal = Portal(daten, port)
    try:
        portal.warten()
        yield portal
    finally:
        if portal.lauf.poll() is None:
            portal.lauf.kill()
            portal.lauf.wait()


@pytest.mark.langsam
def test_starten_answers_tells_its_accounts_and_ends_all(daten: Path, port: int) -> None:
    with gestartet(daten, port) as portal:
        alle = enkel(portal)
        assert len(alle) >= 3 + 3
        assert portal.status("/") == 200
        warten_bis(lambda: "Strg-C beendet alles" in portal.ausgabe.read_text())

        zweites = verwalten(daten, "starten", PORT=str(port), IKZ_DEMO="1")
        assert (zweites.returncode, zweites.stderr) == (
            1,
            f"CommandError: Das Portal läuft schon mit dem Datenordner {daten}.\n",
        )

        assert portal.beenden(signal.SIGTERM) == 0
        assert uebrige(daten) == []
        assert [prozess for prozess in alle if lebt(prozess)] == []

    ausgabe = portal.ausgabe.read_text()
    assert f"Das IKZ-Portal läuft: http://localhost:{port}/" in ausgabe
    assert "Passwort von allen: ikz-demo-2022" in ausgabe
    assert "geschaeftsstelle@ikz.example" in ausgabe
    assert "Das Portal ist beendet." in ausgabe


@pytest.mark.langsam
def test_starten_survives_the_kill_of_every_part(daten: Path, port: int) -> None:
    with gestartet(daten, port) as portal:
        os.kill(postmaster(daten), signal.SIGKILL)
        warten_bis(lambda: portal.status("/gesund/bereit/") == 200 and portal.status("/") == 200, 15)
        for wache in ("postgres", "valkey"):
            os.kill(pid(daten, wache), signal.SIGKILL)
        warten_bis(lambda: "samt Wächter" in portal.ausgabe.read_text())
        warten_bis(lambda: portal.status("/gesund/bereit/") == 200, 15)
        alte = portal.kinder()
        for kind in alte:
            os.kill(kind, signal.SIGKILL)
        warten_bis(lambda: len(set(portal.kinder()) - set(alte)) == 3)
        warten_bis(lambda: portal.status("/gesund/bereit/") == 200, START)

        assert portal.beenden(signal.SIGINT) == 0

    ausgabe = portal.ausgabe.read_text()
    for teil in ("PostgreSQL ist", "PostgreSQL war", "Valkey war", "Der Webserver ist", "Der Worker ist"):
        assert f"{teil} " in ausgabe


@pytest.mark.langsam
def test_killed_starter_leaves_nothing_and_starts_again(daten: Path, port: int) -> None:
    with gestartet(daten, port) as portal:
        alle = enkel(portal)
        portal.lauf.kill()
        portal.lauf.wait()
        warten_bis(lambda: not uebrige(daten) and not [prozess for prozess in alle if lebt(prozess)])

    with gestartet(daten, port) as wieder:
        assert wieder.status("/") == 200
        assert wieder.beenden(signal.SIGTERM) == 0


def test_port_in_use_is_told(daten: Path, port: int) -> None:
    with socket.socket() as sockel:
        sockel.bind(("127.0.0.1", port))
        sockel.listen()

        ergebnis = verwalten(daten, "starten", PORT=str(port), IKZ_DEMO="1")

    assert ergebnis.returncode == 1
    assert ergebnis.stderr == (
        f"CommandError: Der Port {port} auf 127.0.0.1 ist belegt oder nicht erlaubt: "
        "mit PORT einen anderen wählen, etwa PORT=8001.\n"
    )


def test_starten_outside_of_the_demo_wants_its_own_servers(daten: Path, port: int) -> None:
    ergebnis = verwalten(daten, "starten", PORT=str(port))

    assert ergebnis.returncode == 1
    assert ergebnis.stderr.startswith("CommandError: SECRET_KEY fehlt")
    assert "Die mitgelieferte Datenbank ist nur für die Demo" in ergebnis.stderr
