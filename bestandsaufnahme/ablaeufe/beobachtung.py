"""Following an Aufgabenfeld: whoever does is told of new declarations in it. Asked for twice, it stays as it is."""

from datetime import date

from django.db import transaction

from bestandsaufnahme.models import Aufgabenfeld, Beobachtung
from kommunen.models import Konto


@transaction.atomic
def beobachten(*, aufgabenfeld: Aufgabenfeld, durch: Konto, heute: date) -> Beobachtung:
    beobachtung, _ = Beobachtung.objects.get_or_create(konto=durch, aufgabenfeld=aufgabenfeld, defaults={"seit": heute})
    return beobachtung


@transaction.atomic
def nicht_mehr_beobachten(*, aufgabenfeld: Aufgabenfeld, durch: Konto) -> None:
    Beobachtung.objects.filter(konto=durch, aufgabenfeld=aufgabenfeld).delete()
