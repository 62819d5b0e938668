"""What an object was in the version that somebody read: taken back from now, change by change, out of the record."""

import copy
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Subquery

from ikz_portal.basis.auswahl import AenderungArt
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.models.aenderung import AenderungQuerySet

Zeile = TypeVar("Zeile", bound=models.Model)


class Veraltet(ValidationError):
    """Somebody saved since the version that was read: the page answers with both editions, not with „correct it“."""


def seit(objekt: models.Model, version: int) -> AenderungQuerySet:
    """Return what was changed of the object and its parts since that version, the newest first.

    Its operations write the object itself first, so that its next version stands before the parts changed with it.
    """
    alle = Aenderung.objects.von(objekt)
    spaetere = alle.filter(tabelle=objekt._meta.db_table, objekt=str(objekt.pk), stand__version__gt=version)
    return alle.filter(pk__gte=Subquery(spaetere.order_by("pk").values("pk")[:1]))


def seit_der_zeile(zeile: models.Model, version: int) -> AenderungQuerySet:
    """The same for a row that is itself a part of something, and has no parts."""
    return Aenderung.objects.filter(tabelle=zeile._meta.db_table, objekt=str(zeile.pk), stand__version__gt=version)


def vorher(modell: type[Zeile], heutige: Iterable[Zeile], aenderungen: Iterable[Aenderung]) -> list[Zeile]:
    """Return the rows of this model as they were before these changes, which come newest first."""
    zeilen = {str(zeile.pk): copy.copy(zeile) for zeile in heutige}
    for aenderung in aenderungen:
        if aenderung.tabelle != modell._meta.db_table:
            continue
        if aenderung.art == AenderungArt.ANLAGE:
            zeilen.pop(aenderung.objekt, None)
        else:
            zeile = zeilen.setdefault(aenderung.objekt, modell())
            _setzen(zeile, aenderung.stand if aenderung.art == AenderungArt.LOESCHUNG else aenderung.vorher or {})
    return list(zeilen.values())


def _setzen(zeile: models.Model, stand: dict[str, Any]) -> None:
    for feld in zeile._meta.concrete_fields:
        if feld.column in stand:
            setattr(zeile, feld.attname, feld.to_python(stand[feld.column]))
