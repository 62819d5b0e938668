"""Who may see and do what with Projekte and their orders."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, Rolle
from kommunen.models import Konto
from kommunen.rechte import Betrachter, ist_geschaeftsstelle
from projekte.auswahl import FESTE_AUFTRAEGE, ZUSTIMMENDE, AuftragStatus
from projekte.models import Bericht, Projekt, Projektauftrag, Teilnahme
from projekte.models.projekt import ProjektQuerySet


def sichtbare_projekte(konto: Betrachter) -> ProjektQuerySet:
    """The public sees what is published and no example; whoever is signed in sees all."""
    if konto.is_authenticated:
        return Projekt.objects.all()
    return Projekt.objects.filter(veroeffentlicht=True, beispiel=False)


def darf_projekt_anlegen(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_projekt_bearbeiten(konto: Betrachter, projekt: Projekt) -> bool:
    return ist_geschaeftsstelle(konto) or leitet(konto, projekt)


def darf_projekt_freigeben(konto: Betrachter) -> bool:
    """Publish it, or end it before its goal: the Geschäftsstelle alone."""
    return ist_geschaeftsstelle(konto)


def leitet(konto: Betrachter, projekt: Projekt) -> bool:
    return isinstance(konto, Konto) and konto.is_active and projekt.leitung_id == konto.pk


def darf_teilnahmen_sehen(konto: Betrachter) -> bool:
    """Which Kommune gave which answer; the public reads „n von m“ only."""
    return konto.is_authenticated


def sichtbare_auftraege(konto: Betrachter) -> QuerySet[Projektauftrag]:
    """Decided and handed down ones for all who see the Projekt; what is in the making for those whom it concerns."""
    alle = Projektauftrag.objects.filter(projekt__in=sichtbare_projekte(konto))
    if ist_geschaeftsstelle(konto):
        return alle
    sichtbar = Q(status__in=FESTE_AUFTRAEGE)
    if isinstance(konto, Konto):
        sichtbar |= Q(projekt__leitung=konto)
        if konto.rolle in ROLLEN_EINER_KOMMUNE:
            zeilen = Teilnahme.objects.filter(projekt=OuterRef("projekt"), kommune=konto.kommune_id)
            sichtbar |= ~Q(status=AuftragStatus.ENTWURF) & Q(Exists(zeilen))
            sichtbar |= Q(Exists(zeilen.filter(antwort__in=ZUSTIMMENDE)), status=AuftragStatus.ENTWURF)
    return alle.filter(sichtbar)


def darf_internen_auftrag_sehen(konto: Betrachter, projekt: Projekt) -> bool:
    """Points 4 to 6 of the order; the others are in the public edition too."""
    if not isinstance(konto, Konto) or not konto.is_active:
        return False
    if konto.rolle in {Rolle.GESCHAEFTSSTELLE, Rolle.BUERGERMEISTER} or leitet(konto, projekt):
        return True
    return konto.rolle == Rolle.KONTAKT and projekt.teilnahmen.filter(kommune=konto.kommune_id).exists()


def sichtbare_berichte(konto: Betrachter) -> QuerySet[Bericht]:
    """The Geschäftsstelle sees all, whoever is signed in the released ones, the public none."""
    if ist_geschaeftsstelle(konto):
        return Bericht.objects.all()
    if konto.is_authenticated:
        return Bericht.objects.filter(freigegeben_am__isnull=False)
    return Bericht.objects.none()


def darf_bericht_anfordern(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_bericht_freigeben(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def sichtbare_beitraege(konto: Betrachter, projekt: Projekt) -> QuerySet[Any]:
    """What was learned in it, as far as it is published (the reverse side of a table in `wissen`)."""
    return projekt.beitraege.veroeffentlichte() if konto.is_authenticated else projekt.beitraege.oeffentliche()
