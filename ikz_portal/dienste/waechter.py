"""The guardian of one embedded server: starts it again when it dies, ends it when its last user has gone.

A script of the standard library, run by path with its order as JSON on stdin. It detaches itself from its starter.
Users hold a shared lock on `nutzer`; the kernel drops it even after SIGKILL, so a look every quarter second finds out.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SIGNALE = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
TAKT = 0.25
KURZ = 5.0  # seconds: who ends sooner by itself, failed to start
VERSUCHE = 4
KIND = Path(__file__).with_name("kind.py")


def belegt(datei: int) -> bool:
    """Tell whether somebody else holds a lock on this open file."""
    try:
        fcntl.flock(datei, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


class Waechter:
    def __init__(self, auftrag: dict[str, Any]) -> None:
        self.auftrag = auftrag
        self.sperre = os.open(auftrag["sperre"], os.O_RDWR)
        self.nutzer = os.open(auftrag["nutzer"], os.O_RDWR)
        self.prozess: subprocess.Popen[bytes] | None = None

    def melden(self, text: str) -> None:
        with contextlib.suppress(OSError), open(self.auftrag["meldungen"], "a", encoding="utf-8") as datei:
            datei.write(f"{self.auftrag['titel']} {text}\n")

    def starten(self) -> subprocess.Popen[bytes]:
        kind = json.dumps({**self.auftrag["kind"], "elternteil": os.getpid()})
        with open(self.auftrag["protokoll"], "ab") as protokoll:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", str(KIND), kind, *self.auftrag["befehl"]],
                cwd="/",
                env=self.auftrag["umgebung"],
                stdin=subprocess.DEVNULL,
                stdout=protokoll,
                stderr=subprocess.STDOUT,
            )

    def verlassen(self) -> bool:
        """Tell whether no user is left; if so, keep the lock, so that none can come before the server has ended."""
        if belegt(self.sperre):
            return False
        if belegt(self.nutzer):
            fcntl.flock(self.sperre, fcntl.LOCK_UN)
            return False
        return True

    def warten(self, frist: float | None = None) -> bool:
        """Return True as soon as it shall end, False when the server has ended by itself or the time is over."""
        ende = None if frist is None else time.monotonic() + frist
        while ende is None or time.monotonic() < ende:
            nachricht = signal.sigtimedwait(SIGNALE, TAKT)
            if nachricht and nachricht.si_signo != signal.SIGCHLD:
                return True
            if ende is None and self.prozess and self.prozess.poll() is not None:
                return False
            if self.verlassen():
                return True
        return False

    def beenden(self) -> None:
        if not self.prozess:
            return
        for nummer in (*self.auftrag["ende"], signal.SIGKILL):
            if self.prozess.poll() is None:
                self.prozess.send_signal(nummer)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.prozess.wait(8)

    def bewachen(self) -> int:
        gescheitert = 0
        while True:
            beginn = time.monotonic()
            self.prozess = self.starten()
            if self.warten():
                self.beenden()
                return 0
            status = self.prozess.wait()
            gescheitert = gescheitert + 1 if status > 0 and time.monotonic() - beginn < KURZ else 0
            if gescheitert >= VERSUCHE:
                self.melden(f"startet nicht (Status {status}).")
                return 1
            grund = f"Signal {-status}" if status < 0 else f"Status {status}"
            self.melden(f"ist ausgefallen ({grund}) und wird neu gestartet.")
            if self.warten(0.2 * (gescheitert + 1)):
                return 0


def main() -> int:
    auftrag = json.load(sys.stdin)
    waechter = os.open(auftrag["waechter"], os.O_RDWR)
    for _ in range(100):  # somebody may just be looking whether this lock is held
        if not belegt(waechter):
            break
        time.sleep(0.02)
    else:
        return 2
    if kind := os.fork():
        os.truncate(waechter, 0)
        os.write(waechter, str(kind).encode())
        os._exit(0)
    os.setsid()
    os.umask(0o077)
    leer = os.open(os.devnull, os.O_RDWR)
    for strom in range(3):
        os.dup2(leer, strom)
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALE)
    status = Waechter(auftrag).bewachen()
    for pfad in auftrag["wegwerfen"]:
        shutil.rmtree(pfad, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
