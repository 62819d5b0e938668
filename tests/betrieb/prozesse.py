"""Real processes for the tests of start and stop: a clean environment, a way to wait, and who is left."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ikz_portal.dienste import Ordner

WURZEL = Path(__file__).resolve().parents[2]
FREMD = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "IKZ_EINGEBETTET", "IKZ_SCHLUESSEL_ERZEUGT", "IKZ_DEMO"}
FREMD |= {"BASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE", "PORT"}
HALTER = """
import os, sys
from pathlib import Path
from ikz_portal.dienste import Ordner, eingebettet
from ikz_portal.dienste.postgres import Postgres
from ikz_portal.dienste.valkey import Valkey

with eingebettet(Ordner(Path(sys.argv[1])), Postgres, Valkey):
    print(os.environ["DATABASE_URL"], flush=True)
    sys.stdin.read()
"""


def umgebung(ordner: Path, **mehr: str) -> dict[str, str]:
    """Return the environment as a fresh shell would have it, for this data folder."""
    rest = {name: wert for name, wert in os.environ.items() if name not in FREMD}
    return {**rest, "IKZ_DATEN": str(ordner), "PYTHONUNBUFFERED": "1", **mehr}


def verwalten(ordner: Path, *worte: str, **mehr: str) -> "subprocess.CompletedProcess[str]":
    """Run this command of manage.py to its end."""
    befehl = [sys.executable, str(WURZEL / "manage.py"), *worte]
    return subprocess.run(
        befehl, env=umgebung(ordner, **mehr), capture_output=True, text=True, timeout=90, check=False, cwd=WURZEL
    )


class Halter:
    """A process that has the embedded servers in use until it is told to let go."""

    def __init__(self, ordner: Path) -> None:
        self.lauf = subprocess.Popen(
            [sys.executable, "-c", HALTER, str(ordner)],
            env=umgebung(ordner),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=WURZEL,
        )
        assert self.lauf.stdout
        self.adresse = self.lauf.stdout.readline().strip()
        assert self.adresse.startswith("postgresql://")

    def loslassen(self) -> None:
        self.lauf.communicate(timeout=30)
        assert self.lauf.returncode == 0

    def toeten(self) -> None:
        self.lauf.kill()
        self.lauf.communicate()


@contextmanager
def halter(ordner: Path) -> Iterator[Halter]:
    jemand = Halter(ordner)
    try:
        yield jemand
    finally:
        if jemand.lauf.poll() is None:
            jemand.toeten()


def warten_bis(bedingung: Callable[[], object], frist: float = 20) -> None:
    """Return as soon as the condition holds; fail after `frist` seconds."""
    ende = time.monotonic() + frist
    while not bedingung():
        assert time.monotonic() < ende, "nicht rechtzeitig eingetreten"
        time.sleep(0.05)


def uebrige(ordner: Path) -> list[str]:
    """Return the command lines of all processes that belong to this data folder."""
    merkmale = (os.fsencode(ordner), f"ikz-{Ordner(ordner).kennung}".encode())
    gefunden = []
    for eintrag in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            zeile = eintrag.read_bytes()
        except OSError:
            continue
        if int(eintrag.parent.name) != os.getpid() and any(merkmal in zeile for merkmal in merkmale):
            gefunden.append(zeile.replace(b"\0", b" ").decode(errors="replace"))
    return gefunden


def pid(ordner: Path, dienst: str) -> int:
    """Return the process id of the guardian of this service."""
    return int((ordner / "dienste" / dienst / "waechter").read_text())


def postmaster(ordner: Path) -> int:
    return int((ordner / "postgres" / "postmaster.pid").read_text().split()[0])
