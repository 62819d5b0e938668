"""The data folder: its places, its secrets, and the user who may reach them."""

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import secrets
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ikz_portal.dienste.fehler import DiensteFehler

SOCKELGRENZE = 107  # bytes of a unix socket's path
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


@dataclass(frozen=True)
class Benutzer:
    """Who runs the servers: `uid` 0 is „as started“; `recht` is the capability that opens closed folders above."""

    uid: int = 0
    gid: int = 0
    recht: int = 0


class Ordner:
    """The data folder of one portal (IKZ_DATEN)."""

    def __init__(self, wurzel: Path) -> None:
        self.wurzel = wurzel.resolve()
        self.kennung = hashlib.sha256(os.fsencode(self.wurzel)).hexdigest()[:10]
        self.dienste = self.wurzel / "dienste"

    def anlegen(self) -> None:
        try:
            if not self.wurzel.exists():
                self.wurzel.mkdir(parents=True)
                self.wurzel.chmod(0o700 if os.geteuid() else 0o711)  # the servers' user passes through
            self.dienste.mkdir(mode=0o700, exist_ok=True)
        except OSError as fehler:
            raise DiensteFehler(
                f"Der Datenordner {self.wurzel} ist nicht beschreibbar ({fehler.strerror})."
            ) from fehler

    def geheimnis(self, name: str) -> str:
        """Return the secret kept under this name, made at the first call."""
        pfad = self.wurzel / name
        try:
            if not pfad.exists():
                self.anlegen()
                griff, neu = tempfile.mkstemp(dir=pfad.parent, prefix=f".{pfad.name}-")  # 0600
                with open(griff, "w", encoding="ascii") as datei:
                    datei.write(secrets.token_urlsafe(48))
                    datei.flush()
                    os.fsync(datei.fileno())
                with contextlib.suppress(FileExistsError):
                    os.link(neu, pfad)
                os.unlink(neu)
            return pfad.read_text(encoding="ascii").strip()
        except OSError as fehler:
            raise DiensteFehler(f"{pfad} ist nicht lesbar oder nicht anzulegen ({fehler.strerror}).") from fehler

    def benutzer(self, *wege: Path) -> Benutzer:
        """Return who runs the servers; `wege` are the folders it has to reach besides the data folder."""
        if os.geteuid():
            return Benutzer()
        uid, gid = _unprivilegiert(self.wurzel / "postgres", self.wurzel)
        if all(_erreichbar(weg, uid, gid) for weg in (self.wurzel, *wege)):
            return Benutzer(uid, gid)
        for recht in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
            if _eigene_rechte() >> recht & 1:
                return Benutzer(uid, gid, recht)
        raise DiensteFehler(
            f"Der Benutzer mit der Nummer {uid}, unter dem die Datenbank läuft, erreicht {self.wurzel} oder {wege[0]} "
            "nicht: Die Ordner darüber für andere öffnen (chmod o+x) oder das Portal nicht als root starten."
        )

    def sockel(self, benutzer: Benutzer) -> Path:
        """Return the sockets' folder: in the data folder, or where that is too long or can't hold any, in /tmp."""
        ordner = self.wurzel / "sockel"
        laengster = os.fsencode(ordner / ".s.PGSQL.5432")
        if len(laengster) <= SOCKELGRENZE and re.fullmatch(r"[\w./+@ -]+", str(ordner), re.ASCII):
            eigenen_ordner(ordner, benutzer)
            if _traegt_sockel(ordner):
                return ordner
        ordner = Path("/tmp", f"ikz-{os.geteuid()}-{self.kennung}")  # noqa: S108 - its owner and mode are checked
        eigenen_ordner(ordner, benutzer)
        angaben = ordner.lstat()
        if (
            not stat.S_ISDIR(angaben.st_mode)
            or angaben.st_mode & 0o077
            or angaben.st_uid != (benutzer.uid or os.geteuid())
        ):
            raise DiensteFehler(
                f"{ordner} gehört einem anderen Benutzer; bitte entfernen oder IKZ_DATEN kürzer wählen."
            )
        return ordner


def eigenen_ordner(pfad: Path, benutzer: Benutzer) -> None:
    """Make this folder if it is missing, readable for the servers' user alone."""
    try:
        with contextlib.suppress(FileExistsError):
            pfad.mkdir(mode=0o700)
            if benutzer.uid:
                os.chown(pfad, benutzer.uid, benutzer.gid, follow_symlinks=False)
    except OSError as fehler:
        raise DiensteFehler(f"{pfad} lässt sich nicht anlegen ({fehler.strerror}).") from fehler


@contextlib.contextmanager
def gesperrt(datei: int, frist: float = 90) -> Iterator[None]:
    """Hold the exclusive lock of this open file; DiensteFehler if another process doesn't give it up in time."""
    ende = time.monotonic() + frist
    while not sperren(datei):
        if time.monotonic() > ende:
            raise DiensteFehler(
                "Ein anderer Befehl startet oder beendet die mitgelieferten Server und wird nicht fertig."
            )
        time.sleep(0.02)
    try:
        yield
    finally:
        fcntl.flock(datei, fcntl.LOCK_UN)


def sperren(datei: int, art: int = fcntl.LOCK_EX) -> bool:
    """Take the lock of this open file without waiting; False if somebody else's stands against it."""
    try:
        fcntl.flock(datei, art | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unprivilegiert(*vorhandene: Path) -> tuple[int, int]:
    """Return user and group: of the first of these folders that isn't root's, else nobody's."""
    for pfad in vorhandene:
        if pfad.exists() and (uid := pfad.stat().st_uid):
            with contextlib.suppress(KeyError):  # initdb wants a user that has a name
                return uid, pwd.getpwuid(uid).pw_gid
    try:
        niemand = pwd.getpwnam("nobody")
    except KeyError:
        raise DiensteFehler(
            "Als root läuft PostgreSQL nicht, und einen Benutzer „nobody“ gibt es hier nicht."
        ) from None
    return niemand.pw_uid, niemand.pw_gid


def _erreichbar(pfad: Path, uid: int, gid: int) -> bool:
    for teil in (pfad, *pfad.parents):
        angaben = teil.stat()
        recht = 0o100 if angaben.st_uid == uid else 0o010 if angaben.st_gid == gid else 0o001
        if not angaben.st_mode & recht:
            return False
    return True


def _eigene_rechte() -> int:
    zeilen = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next((int(zeile.split()[1], 16) for zeile in zeilen if zeile.startswith("CapPrm:")), 0)


def _traegt_sockel(ordner: Path) -> bool:
    """Tell whether unix sockets can be made here; some shared or network file systems can't."""
    probe = ordner / ".probe"
    with socket.socket(socket.AF_UNIX) as sockel:
        try:
            probe.unlink(missing_ok=True)
            sockel.bind(str(probe))
        except OSError:
            return False
    probe.unlink(missing_ok=True)
    return True
