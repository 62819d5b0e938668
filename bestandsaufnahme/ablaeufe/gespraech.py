"""Interviews of a round: fixed, moved, noted down."""

from datetime import datetime

from django.db import transaction

from bestandsaufnahme.models import Erhebung, Gespraech
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Kommune, Konto


@transaction.atomic
def anlegen(
    *, erhebung: Erhebung, kommune: Kommune, am: datetime, ort: str, anwesende: str, notizen: str, durch: Konto
) -> Gespraech:
    gespraech = Gespraech(erhebung=erhebung, durch=durch)
    return _uebernehmen(gespraech, kommune=kommune, am=am, ort=ort, anwesende=anwesende, notizen=notizen)


@transaction.atomic
def bearbeiten(
    *,
    gespraech: Gespraech,
    version: int,
    kommune: Kommune,
    am: datetime,
    ort: str,
    anwesende: str,
    notizen: str,
    durch: Konto,
) -> Gespraech:
    """Change what was read in this version; Veraltet if somebody was faster."""
    gesperrt = Gespraech.objects.select_for_update().get(pk=gespraech.pk)
    if gesperrt.version != version:
        raise Veraltet("Das Gespräch wurde inzwischen geändert.")
    return _uebernehmen(gesperrt, kommune=kommune, am=am, ort=ort, anwesende=anwesende, notizen=notizen)


def _uebernehmen(gespraech: Gespraech, **angaben: object) -> Gespraech:
    for feld, wert in angaben.items():
        setattr(gespraech, feld, wert)
    gespraech.full_clean(exclude=["durch"])  # of what was handed down it isn't known
    gespraech.save()
    return gespraech
