"""The only door to saved views: the filters of a list page that a person keeps under a name."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict

from ikz_portal.basis.models import GespeicherteAnsicht

# What belongs to one look at the list, not to the view of it.
FLUECHTIG = ("seite", "format", "csrfmiddlewaretoken")


def ansichten(konto: AbstractBaseUser | AnonymousUser, *, seite: str) -> QuerySet[GespeicherteAnsicht]:
    """Return the person's views of this list page, none for the public."""
    return GespeicherteAnsicht.objects.filter(konto=konto.pk, seite=seite) if konto.pk else _keine()


@transaction.atomic
def speichern(*, durch: AbstractBaseUser, seite: str, name: str, parameter: str) -> GespeicherteAnsicht:
    """Keep the filters; ValidationError where the name is missing, too long or taken, or nothing is filtered."""
    ansicht = GespeicherteAnsicht(konto_id=durch.pk, seite=seite, name=name.strip(), parameter=bereinigt(parameter))
    if not ansicht.name:
        raise ValidationError("Bitte geben Sie der Ansicht einen Namen.")
    if not ansicht.parameter:
        raise ValidationError("Es ist kein Filter gesetzt. Bitte filtern Sie die Liste zuerst.")
    ansicht.full_clean()
    try:
        with transaction.atomic():
            ansicht.save()
    except IntegrityError as fehler:
        raise ValidationError("Eine Ansicht mit diesem Namen haben Sie schon.") from fehler
    return ansicht


@transaction.atomic
def loeschen(*, ansicht: GespeicherteAnsicht) -> None:
    ansicht.delete()


def _keine() -> QuerySet[GespeicherteAnsicht]:
    return GespeicherteAnsicht.objects.none()


def bereinigt(parameter: str) -> str:
    """Return the filters alone, without what is empty or belongs to one look at the list."""
    abfrage = QueryDict(parameter, mutable=True)
    for name in FLUECHTIG:
        abfrage.pop(name, None)
    return "&".join(teil for teil in abfrage.urlencode().split("&") if not teil.endswith("="))
