"""Drafts of declarations: the own Kommune's alone, until somebody of it files them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.ablaeufe.interesse import (
    Angaben,
    einreichen,
    einsetzen,
    gesperrte,
    in_vertretung,
    platz_machen,
    sichern,
    vermerken,
)
from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Kommune, Konto


@transaction.atomic
def entwerfen(
    *,
    kommune: Kommune,
    angaben: Angaben,
    durch: Konto,
    heute: date,
) -> Interessenbekundung:
    """Keep it for the Kommune alone, until somebody of it files it; it may still lack what it is for."""
    interesse = Interessenbekundung(kommune=kommune, durch=durch)
    interesse.fuer = in_vertretung(durch, kommune)
    einsetzen(interesse, angaben, heute=heute)
    platz_machen(interesse, durch=durch, heute=heute)
    sichern(interesse, durch=durch)
    vermerken(interesse, von="", durch=durch, fuer=interesse.fuer, heute=heute)
    return interesse


@transaction.atomic
def bearbeiten(
    *, interesse: Interessenbekundung, version: int, angaben: Angaben, durch: Konto, heute: date
) -> Interessenbekundung:
    """Change a draft that was read in this version; Veraltet if somebody was faster."""
    gesperrt = _entwurf(interesse, version)
    in_vertretung(durch, gesperrt.kommune)
    einsetzen(gesperrt, angaben, heute=heute)
    platz_machen(gesperrt, durch=durch, heute=heute)
    return sichern(gesperrt, durch=durch)


@transaction.atomic
def abgeben(
    *,
    interesse: Interessenbekundung,
    version: int,
    angaben: Angaben,
    durch: Konto,
    heute: date,
) -> Interessenbekundung:
    """File a draft with what the form says now."""
    gesperrt = _entwurf(interesse, version)
    gesperrt.durch, gesperrt.fuer = durch, in_vertretung(durch, gesperrt.kommune)
    einsetzen(gesperrt, angaben, heute=heute)
    return einreichen(gesperrt, von=InteresseStatus.ENTWURF, durch=durch, heute=heute)


@transaction.atomic
def verwerfen(*, interesse: Interessenbekundung, version: int, durch: Konto) -> None:
    """Delete a draft as it was read. What was filed once is withdrawn instead, and stays."""
    gesperrt = gesperrte(interesse)
    if gesperrt.status != InteresseStatus.ENTWURF:
        raise ValidationError("Nur ein Entwurf lässt sich verwerfen. Ziehen Sie das Interesse stattdessen zurück.")
    if gesperrt.version != version:
        raise Veraltet(
            "Der Entwurf wurde inzwischen geändert. Bitte lesen Sie ihn noch einmal, bevor Sie ihn verwerfen."
        )
    in_vertretung(durch, gesperrt.kommune)
    gesperrt.delete()


def _entwurf(interesse: Interessenbekundung, version: int) -> Interessenbekundung:
    gesperrt = gesperrte(interesse)
    if gesperrt.status != InteresseStatus.ENTWURF:
        raise ValidationError("Diese Interessenbekundung ist schon abgegeben.")
    if gesperrt.version != version:
        raise Veraltet("Der Entwurf wurde inzwischen geändert.")
    return gesperrt
