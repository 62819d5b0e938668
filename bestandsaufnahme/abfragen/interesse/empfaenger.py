"""Whom news about a declaration concerns."""

from django.db.models import QuerySet

from bestandsaufnahme.models import Interessenbekundung
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE
from kommunen.models import Konto


def beobachtende(interesse: Interessenbekundung) -> QuerySet[Konto]:
    """Return the persons that follow its field."""
    feld = interesse.kooperationsfeld.aufgabenfeld_id if interesse.kooperationsfeld else interesse.aufgabenfeld_id
    return Konto.objects.filter(beobachtungen__aufgabenfeld=feld, is_active=True)


def autoren(interesse: Interessenbekundung) -> QuerySet[Konto]:
    """Return who stands behind it: its author and its Ansprechperson; if they are gone, all who act for the Kommune."""
    aktive = Konto.objects.filter(kommune=interesse.kommune_id, rolle__in=ROLLEN_EINER_KOMMUNE, is_active=True)
    genannte = aktive.filter(pk__in=[pk for pk in (interesse.durch_id, interesse.kontakt_id) if pk])
    return genannte if genannte.exists() else aktive
