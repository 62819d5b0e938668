from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ikz_portal.basis import protokoll
from ikz_portal.basis.formate import tag_lang
from kommunen.ablaeufe import einladung as ablauf
from kommunen.auswahl import Rolle
from kommunen.models import Kommune


class Command(BaseCommand):
    help = (
        "Lädt zu einem Konto ein, zum Beispiel zum ersten auf einem leeren System: schickt die E-Mail und gibt den "
        "Link aus, mit dem die Person ein Passwort wählt. Noch einmal aufgerufen, gilt nur der neue Link."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--rolle", default="", help=", ".join(Rolle.values))
        parser.add_argument("--kommune", default="", metavar="AGS", help="bei Rollen, die zu einer Kommune gehören")
        parser.add_argument("--name", default="", help="Vorgabe: die E-Mail-Adresse")
        parser.add_argument("--funktion", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        rolle, kommune = self._rolle(options["rolle"]), self._kommune(options["kommune"])
        email = options["email"].strip().lower()
        try:
            with protokoll.umstaende(quelle="manage.py konto_einladen"):
                einladung, link = ablauf.einladen(
                    email=email,
                    name=options["name"].strip() or email,
                    funktion=options["funktion"],
                    rolle=rolle,
                    kommune=kommune,
                    durch=None,
                    jetzt=timezone.now(),
                )
        except ValidationError as fehler:
            raise CommandError(" ".join(fehler.messages)) from fehler
        self.stdout.write(
            f"{einladung.email} ist eingeladen ({einladung.get_rolle_display()}). Der Link gilt ein Mal, bis zum "
            f"{tag_lang(einladung.gueltig_bis)}; eine E-Mail damit ist vorgemerkt:\n{link}"
        )

    @staticmethod
    def _rolle(rolle: str) -> Rolle:
        if rolle not in Rolle.values:
            grund = f"Die Rolle „{rolle}“ gibt es nicht" if rolle else "--rolle fehlt"
            raise CommandError(f"{grund}: {', '.join(Rolle.values)}.")
        return Rolle(rolle)

    @staticmethod
    def _kommune(ags: str) -> Kommune | None:
        if not ags:
            return None
        kommune = Kommune.objects.filter(ags=ags).first()
        if kommune is None:
            raise CommandError(f"Eine Kommune mit dem AGS „{ags}“ gibt es nicht.")
        return kommune
