import os
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from ikz_portal import dienste, umgebung
from ikz_portal.betrieb import demokonten, leitstand, vorbereitung
from ikz_portal.dienste import kind, ordner


class Command(BaseCommand):
    help = "Startet das ganze Portal: Datenbank, Grunddaten, Webserver, Worker und Zeitgeber. Strg-C beendet alles."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mit-aufrufer-enden", action="store_true", help="auch enden, wenn der Aufrufer stirbt")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mit_aufrufer_enden"]:
            kind.mit_elternteil_enden(signal.SIGTERM)
        rechner, port = umgebung.text("HOST", "127.0.0.1"), umgebung.zahl("PORT", 8000)
        Path(settings.DATEN).mkdir(parents=True, exist_ok=True)
        griff = os.open(Path(settings.DATEN) / "starten.sperre", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not ordner.sperren(griff):
                raise CommandError(f"Das Portal läuft schon mit dem Datenordner {settings.DATEN}.")
            vorbereitung.pruefen(rechner, port)
            vorbereitung.vorbereiten(self.stdout)
            self._laufen(rechner, port)
        finally:
            os.close(griff)

    def _laufen(self, rechner: str, port: int) -> None:
        self.stdout.write("Webserver, Worker und Zeitgeber starten …")
        stand = leitstand.Leitstand(leitstand.portalprozesse(rechner, port), dienste.laufende(), self._melden)
        stand.laufen(lambda: leitstand.antwortet(rechner, port), lambda: self._begruessen(rechner, port))
        self._melden("Das Portal ist beendet.")

    def _begruessen(self, rechner: str, port: int) -> None:
        name = "localhost" if rechner in {"127.0.0.1", "0.0.0.0", "::1"} else rechner  # noqa: S104  # compared, not bound
        zeilen = ["", f"Das IKZ-Portal läuft: http://{name}:{port}/", ""]
        if settings.IKZ_DEMO:
            zeilen.append(f"Demokonten, Passwort von allen: {demokonten.kennwort()}")
            zeilen += [f"  {adresse:<48} {wer}" for adresse, wer in demokonten.liste()]
            zeilen.append("")
        zeilen.append("Strg-C beendet alles. Die Daten bleiben in " + str(settings.DATEN))
        self._melden("\n".join(zeilen))

    def _melden(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
