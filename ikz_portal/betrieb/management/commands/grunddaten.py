from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ikz_portal.basis import protokoll
from ikz_portal.basis.zeit import heute
from ikz_portal.betrieb.grunddaten.laden import lade


class Command(BaseCommand):
    help = "Lädt die Grunddaten oder frischt sie auf; mit IKZ_DEMO auch Beispieldaten und Demokonten."

    def handle(self, *_args: Any, **optionen: Any) -> None:
        with protokoll.umstaende(quelle="manage.py grunddaten"):
            schreiber = lade(demo=settings.IKZ_DEMO, heute=heute())
        if optionen["verbosity"]:
            self.stdout.write(schreiber.zusammenfassung())
