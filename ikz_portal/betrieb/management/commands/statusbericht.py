from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ikz_portal import checks
from ikz_portal.basis.zeit import heute
from kommunen.models import Verbund
from projekte import berichte
from projekte.abfragen.bericht import portfolio
from projekte.models import Projekt


class Command(BaseCommand):
    help = "Erstellt den Statusbericht für die Lenkungsgruppe als PDF, ohne Browser."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stichtag", metavar="JJJJ-MM-TT", help="Vorgabe: heute")
        parser.add_argument("--datei", type=Path, help="Vorgabe: IKZ-Statusbericht-<Stichtag>.pdf im aktuellen Ordner")

    def handle(self, *args: Any, **options: Any) -> None:
        stichtag = self._stichtag(options["stichtag"])
        self._voraussetzungen()
        datei = options["datei"] or Path(berichte.dateiname(stichtag))
        schnappschuss = portfolio(Projekt.objects.all(), stichtag=stichtag, heute=heute())
        inhalt = berichte.pdf(berichte.portfolio_html(schnappschuss, demo=settings.IKZ_DEMO))
        try:
            datei.write_bytes(inhalt)
        except OSError as fehler:
            raise CommandError(f"Die Datei {datei} lässt sich nicht schreiben: {fehler.strerror}.") from fehler
        self.stdout.write(f"Statusbericht zum {stichtag:%d.%m.%Y}: {datei} ({len(inhalt) // 1024} kB)")

    @staticmethod
    def _voraussetzungen() -> None:
        if fehler := checks.pangofehler():
            raise CommandError(str(fehler[0].msg))
        if not Verbund.objects.exists():
            raise CommandError("Es sind noch keine Grunddaten geladen: python manage.py grunddaten")

    @staticmethod
    def _stichtag(text: str | None) -> date:
        if text is None:
            return heute()
        try:
            stichtag = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
        except ValueError as fehler:
            raise CommandError(f"„{text}“ ist kein Datum in der Form JJJJ-MM-TT.") from fehler
        if stichtag > heute():
            raise CommandError("Der Stichtag liegt in der Zukunft.")
        return stichtag
