"""Who may see and do what on the pages of the operation."""

from django.db.models import QuerySet

from ikz_portal.basis.models import Postausgang
from kommunen.rechte import Betrachter, ist_geschaeftsstelle


def darf_nachrichten_sehen(konto: Betrachter) -> bool:
    """All mails, to whomever they went; one's own ones stand on the page of one's own data."""
    return ist_geschaeftsstelle(konto)


def sichtbare_nachrichten(konto: Betrachter) -> QuerySet[Postausgang]:
    return Postausgang.objects.all() if darf_nachrichten_sehen(konto) else Postausgang.objects.none()
