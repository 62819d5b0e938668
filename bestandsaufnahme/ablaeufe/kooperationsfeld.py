"""Rows of the matrix: named by whoever enters the first Kooperation in them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bestandsaufnahme.models import Aufgabenfeld, Kooperationsfeld


@dataclass(frozen=True, slots=True)
class NeuesFeld:
    aufgabenfeld: Aufgabenfeld
    name: str


@transaction.atomic
def anlegen(neues: NeuesFeld) -> Kooperationsfeld:
    """Add it as the last one of its Aufgabenfeld; the one of that name, whatever its case, if it is there already."""
    gesperrt = Aufgabenfeld.objects.select_for_update(no_key=True).get(pk=neues.aufgabenfeld.pk)
    name = " ".join(neues.name.split())
    if vorhandenes := gesperrt.kooperationsfelder.filter(name__iexact=name).first():
        return vorhandenes
    letzte = gesperrt.kooperationsfelder.aggregate(letzte=Max("reihenfolge"))["letzte"] or 0
    feld = Kooperationsfeld(aufgabenfeld=gesperrt, name=name, reihenfolge=letzte + 1)
    try:
        feld.full_clean()
    except ValidationError as fehler:
        raise ValidationError({"neues_feld": fehler.messages}) from fehler
    feld.save()
    return feld
