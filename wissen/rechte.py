"""Who may see which Beiträge."""

from django.db.models import QuerySet

from kommunen.rechte import Betrachter, ist_angemeldet, ist_geschaeftsstelle
from wissen.models import Beitrag


def sichtbare_beitraege(konto: Betrachter) -> QuerySet[Beitrag]:
    """Published ones for all who are signed in, of these the public ones without examples for everybody; drafts for
    the Geschäftsstelle alone."""
    if ist_geschaeftsstelle(konto):
        return Beitrag.objects.all()
    return Beitrag.objects.veroeffentlichte() if ist_angemeldet(konto) else Beitrag.objects.oeffentliche()


def darf_verlauf_des_beitrags_sehen(konto: Betrachter, beitrag: Beitrag) -> bool:
    return ist_geschaeftsstelle(konto)
