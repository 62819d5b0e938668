"""Joining, changing, leaving: a Kommune's part in a Kooperation changes from a day on, and what was before stays."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft
from bestandsaufnahme.models import Bestaetigung, Beteiligung, Erhebung, Kooperation
from ikz_portal.basis.formate import tag
from kommunen.models import Kommune, Konto

BESCHREIBEND = ("status", "rolle", "vorgesehen_bis")


@transaction.atomic
def eintragen(
    *,
    kooperation: Kooperation,
    kommune: Kommune,
    ab: date,
    status: BeteiligungStatus | str,
    rolle: BeteiligungRolle | str,
    herkunft: Herkunft | str,
    vorgesehen_bis: date | None = None,
    erhebung: Erhebung | None = None,
    durch: Konto,
) -> Beteiligung:
    """Let the Kommune take part so from this day on: the span of the day ends the day before, a later one stays.

    A span that begins on the very day is corrected; one that says the same already goes on. ValidationError where a
    rule is broken.
    """
    _sperren(kooperation)
    spannen = kooperation.beteiligungen.filter(kommune=kommune).order_by("gilt_ab")
    bisherige = spannen.am(ab).first()
    neu = {"status": str(status), "rolle": str(rolle), "vorgesehen_bis": vorgesehen_bis}
    if bisherige and all(getattr(bisherige, feld) == wert for feld, wert in neu.items()):
        return bisherige
    belege = {"herkunft": herkunft, "erhebung": erhebung}
    if bisherige and bisherige.gilt_ab == ab:
        return _sichern(bisherige, **neu, **belege)
    naechste = spannen.filter(gilt_ab__gt=ab).first()
    ende: dict[str, Any] = {"gilt_bis": naechste.gilt_ab if naechste else None, "beendet_durch": None}
    if bisherige:
        ende = {"gilt_bis": bisherige.gilt_bis, "beendet_durch": bisherige.beendet_durch}
        _sichern(bisherige, gilt_bis=ab, beendet_durch=erhebung)
    return _sichern(Beteiligung(kooperation=kooperation, kommune=kommune, gilt_ab=ab), **neu, **belege, **ende)


@transaction.atomic
def beenden(
    *, kooperation: Kooperation, kommune: Kommune, letzter_tag: date, erhebung: Erhebung | None = None, durch: Konto
) -> None:
    """Let the Kommune take part up to this day, and no more. ValidationError where it takes no part on it."""
    _sperren(kooperation)
    laufende = kooperation.beteiligungen.filter(kommune=kommune).am(letzter_tag).first()
    if laufende is None:
        raise ValidationError(f"{kommune} ist am {tag(letzter_tag)} nicht an „{kooperation}“ beteiligt.")
    _sichern(laufende, gilt_bis=am_tag_danach(letzter_tag), beendet_durch=erhebung)


@transaction.atomic
def bestaetigen(
    *,
    kooperation: Kooperation,
    kommune: Kommune | None,
    am: date,
    erhebung: Erhebung | None = None,
    durch: Konto | None,
    fuer: Konto | None = None,
) -> Bestaetigung:
    """Put on record that the Kommune confirms the Kooperation on this day; twice a day is once."""
    bestaetigung, _ = Bestaetigung.objects.get_or_create(
        kooperation=kooperation,
        kommune=kommune,
        am=am,
        defaults={"erhebung": erhebung, "durch": durch, "fuer": fuer},
    )
    return bestaetigung


def am_tag_danach(letzter_tag: date) -> date:
    """Return the first day on which something no longer holds, as spans are stored."""
    return date.fromordinal(letzter_tag.toordinal() + 1)


def _sperren(kooperation: Kooperation) -> None:
    Kooperation.objects.select_for_update().get(pk=kooperation.pk)


def _sichern(beteiligung: Beteiligung, **werte: object) -> Beteiligung:
    for feld, wert in werte.items():
        setattr(beteiligung, feld, wert)
    try:
        beteiligung.full_clean()
        with transaction.atomic():
            beteiligung.save()
    except IntegrityError as fehler:
        raise ValidationError("Diese Kommune ist in der Zeit schon an der Kooperation beteiligt.") from fehler
    return beteiligung
