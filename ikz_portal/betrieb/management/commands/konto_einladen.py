import sys
from argparse import ArgumentParser
from collections.abc import Callable
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from ikz_portal import umgebung
from kommunen.auswahl import Rolle
from kommunen.models import Kommune, Konto


class Command(BaseCommand):
    help = (
        "Legt ein Konto an, zum Beispiel das erste auf einem leeren System. Fragt das Passwort zweimal am Terminal ab; "
        "für Skripte steht es in KONTO_PASSWORT oder der Datei KONTO_PASSWORT_FILE."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--rolle", default="", help=", ".join(Rolle.values))
        parser.add_argument("--kommune", default="", metavar="AGS", help="bei Rollen, die zu einer Kommune gehören")
        parser.add_argument("--name", default="", help="Vorgabe: die E-Mail-Adresse")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        konto = Konto(
            email=email,
            name=options["name"].strip() or email,
            rolle=self._rolle(options["rolle"]),
            kommune=self._kommune(options["kommune"]),
        )
        if Konto.objects.filter(email__iexact=email).exists():
            raise CommandError("Für diese E-Mail-Adresse gibt es schon ein Konto.")
        konto.set_unusable_password()
        self._pruefen(konto.full_clean)
        passwort = self._passwort()
        self._pruefen(lambda: validate_password(passwort, konto))
        konto.set_password(passwort)
        konto.save()
        self.stdout.write(f"Das Konto {konto.email} ist angelegt ({konto.get_rolle_display()}).")

    @staticmethod
    def _rolle(rolle: str) -> str:
        if rolle not in Rolle.values:
            grund = f"Die Rolle „{rolle}“ gibt es nicht" if rolle else "--rolle fehlt"
            raise CommandError(f"{grund}: {', '.join(Rolle.values)}.")
        return rolle

    @staticmethod
    def _kommune(ags: str) -> Kommune | None:
        if not ags:
            return None
        kommune = Kommune.objects.filter(ags=ags).first()
        if kommune is None:
            raise CommandError(f"Eine Kommune mit dem AGS „{ags}“ gibt es nicht.")
        return kommune

    @staticmethod
    def _passwort() -> str:
        if passwort := umgebung.text("KONTO_PASSWORT"):
            return passwort
        if not sys.stdin.isatty():
            raise CommandError("Ohne Terminal wird das Passwort in KONTO_PASSWORT_FILE oder KONTO_PASSWORT erwartet.")
        passwort = getpass("Passwort: ")
        if getpass("Passwort wiederholen: ") != passwort:
            raise CommandError("Die beiden Passwörter sind verschieden.")
        return passwort

    @staticmethod
    def _pruefen(pruefung: Callable[[], object]) -> None:
        try:
            pruefung()
        except ValidationError as fehler:
            raise CommandError(" ".join(fehler.messages)) from fehler
