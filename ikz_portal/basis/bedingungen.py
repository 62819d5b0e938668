"""Constraints that many models share, each with the German sentence that a form shows when it is broken."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import CheckConstraint, F, Func, Q
from django.db.models.expressions import Combinable

from ikz_portal.basis.auswahl import Genauigkeit


class Zeitspanne(Func):
    """daterange(von, bis), the end excluded; an open end is NULL."""

    function = "DATERANGE"
    output_field = DateRangeField()


def auswahl_gilt(feld: str, auswahl: type[models.TextChoices]) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(**{f"{feld}__in": auswahl.values}),
        name=f"%(app_label)s_%(class)s_{feld}_gueltig",
        violation_error_message="Bitte wählen Sie einen der vorgesehenen Werte.",
    )


def genauigkeit_passt(feld: str, *, offen: bool = False) -> CheckConstraint:
    """Day and precision say the same: unknown has no day, a month is its first day, a year its 1 January."""
    genau = f"{feld}_genauigkeit"
    ohne_tag = [Genauigkeit.UNBEKANNT, *[Genauigkeit.OFFEN] * offen]
    mit_tag = Q(**{f"{feld}__isnull": False})
    return CheckConstraint(
        condition=(
            Q(**{f"{feld}__isnull": True, f"{genau}__in": ohne_tag})
            | mit_tag & Q(**{genau: Genauigkeit.TAG})
            | mit_tag & Q(**{genau: Genauigkeit.MONAT, f"{feld}__day": 1})
            | mit_tag & Q(**{genau: Genauigkeit.JAHR, f"{feld}__day": 1, f"{feld}__month": 1})
        ),
        name=f"%(app_label)s_%(class)s_{feld}_genau",
        violation_error_message="Datum und Genauigkeit passen nicht zusammen.",
    )


def reihenfolge_stimmt(von: str, bis: str, *, ausschliesslich: bool = False) -> CheckConstraint:
    """The end is not before the begin; where the last day is excluded, it is after it."""
    vergleich = "gt" if ausschliesslich else "gte"
    return CheckConstraint(
        condition=Q(**{f"{von}__isnull": True}) | Q(**{f"{bis}__isnull": True}) | Q(**{f"{bis}__{vergleich}": F(von)}),
        name=f"%(app_label)s_%(class)s_{von}_vor_{bis}",
        violation_error_message="Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Daten.",
    )


def beides_oder_keins(eins: str, zwei: str) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(**{f"{eins}__isnull": True, f"{zwei}__isnull": True})
        | Q(**{f"{eins}__isnull": False, f"{zwei}__isnull": False}),
        name=f"%(app_label)s_%(class)s_{eins}_mit_{zwei}",
        violation_error_message="Zwei Angaben gehören zusammen: Bitte nennen Sie beide oder keine.",
    )


def ueberschneidungsfrei(*felder: str | Combinable, von: str, bis: str, meldung: str) -> ExclusionConstraint:
    """Rows with the same values in these columns never overlap in time (from the first day, up to before the last)."""
    return ExclusionConstraint(
        name="%(app_label)s_%(class)s_ueberschneidungsfrei",
        expressions=[
            *[(feld, RangeOperators.EQUAL) for feld in felder],
            (Zeitspanne(von, bis), RangeOperators.OVERLAPS),
        ],
        violation_error_message=meldung,
    )
