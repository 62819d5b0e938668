from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ikz_portal.basis import protokoll
from ikz_portal.betrieb import fristen


class Command(BaseCommand):
    help = (
        "Löscht und pseudonymisiert, was nach den Fristen in docs/datenschutz.md fällig ist, und sagt, was. "
        "Läuft mit der Rolle, der die Tabellen gehören (DATABASE_URL_EIGENTUEMER)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--trocken",
            action="store_true",
            help="nur zählen; was eine Regel einer späteren erst zu tun gibt, zählt dabei nicht mit",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with protokoll.umstaende(quelle="manage.py fristen_anwenden"):
            ergebnis = fristen.anwenden(jetzt=timezone.now(), trocken=options["trocken"])
        for satz in ergebnis.saetze:
            self.stdout.write(satz)
        if not (ergebnis.saetze or ergebnis.gescheitert or ergebnis.wartende):
            self.stdout.write("Nichts fällig.")
        maengel = []
        if ergebnis.gescheitert:
            maengel.append(f"Nicht angewendet: {', '.join(ergebnis.gescheitert)}; der Grund steht im Log.")
        if ergebnis.wartende:
            maengel.append(
                f"{ergebnis.wartende} Einträge im Protokoll sind fällig, diese Datenbankrolle darf sie aber nicht "
                "ändern: DATABASE_URL_EIGENTUEMER setzen."
            )
        if maengel:
            raise CommandError(" ".join(maengel))
