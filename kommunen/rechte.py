"""Who may see and do what with Kommunen, Gremien and Konten."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from kommunen.auswahl import Rolle
from kommunen.models import Kommune, Konto
from kommunen.models.kommune import KommuneQuerySet

# Whoever looks at a page: signed in, or the public.
Betrachter = Konto | AnonymousUser


def angemeldetes(betrachter: Betrachter) -> Konto:
    """Return the Konto that is signed in; PermissionDenied for the public."""
    if not isinstance(betrachter, Konto):
        raise PermissionDenied
    return betrachter


def ist_geschaeftsstelle(konto: Betrachter) -> bool:
    return isinstance(konto, Konto) and konto.is_active and konto.rolle == Rolle.GESCHAEFTSSTELLE


def sichtbare_kommunen(konto: Betrachter) -> KommuneQuerySet:
    """Everybody sees all of them: who takes part is public."""
    return Kommune.objects.all()


def darf_sitze_sehen(konto: Betrachter) -> bool:
    return konto.is_authenticated
