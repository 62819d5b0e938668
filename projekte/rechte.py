"""Who may see and do what with Projekte and their orders."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kommunen.rechte import (
    Betrachter,
    handelt_fuer,
    ist_angemeldet,
    ist_geschaeftsstelle,
    ist_mitglied_der_lenkungsgruppe,
    spitze_von,
)
from projekte.auswahl import FESTE_AUFTRAEGE, ZUSTIMMENDE, AuftragStatus
from projekte.models import Bericht, Projekt, Projektauftrag, Starthilfe, Teilnahme
from projekte.models.projekt import ProjektQuerySet


def sichtbare_projekte(konto: Betrachter) -> ProjektQuerySet:
    """The public sees what is published and no example; whoever is signed in sees all."""
    if ist_angemeldet(konto):
        return Projekt.objects.all()
    return Projekt.objects.oeffentliche()


def darf_projekt_anlegen(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_projekt_bearbeiten(konto: Betrachter, projekt: Projekt) -> bool:
    return ist_geschaeftsstelle(konto) or leitet(konto, projekt)


def darf_projekt_freigeben(konto: Betrachter) -> bool:
    """Publish it, or end it before its goal: the Geschäftsstelle alone."""
    return ist_geschaeftsstelle(konto)


def leitet(konto: Betrachter, projekt: Projekt) -> bool:
    return ist_angemeldet(konto) and projekt.leitung_id == konto.pk


def darf_teilnahmen_sehen(konto: Betrachter) -> bool:
    """Which Kommune gave which answer; the public reads „n von m“ only."""
    return ist_angemeldet(konto)


def darf_herkunft_sehen(konto: Betrachter) -> bool:
    """From which declarations of interest a Projekt came: the public reads the ranking of these only."""
    return ist_angemeldet(konto)


def sichtbare_starthilfen(konto: Betrachter, projekt: Projekt) -> QuerySet[Starthilfe]:
    alle = Starthilfe.objects.filter(projekt=projekt)
    return alle if darf_herkunft_sehen(konto) else alle.none()


def sichtbare_auftraege(konto: Betrachter) -> QuerySet[Projektauftrag]:
    """Decided and handed down ones for all who see the Projekt; what is in the making for those whom it concerns.

    The Lenkungsgruppe reads it from submission on, a Kommune that is asked too, one that takes part the draft already.
    """
    alle = Projektauftrag.objects.filter(projekt__in=sichtbare_projekte(konto))
    if ist_geschaeftsstelle(konto):
        return alle
    sichtbar = Q(status__in=FESTE_AUFTRAEGE)
    if ist_angemeldet(konto):
        zeilen = Teilnahme.objects.filter(projekt=OuterRef("projekt"), kommune__in=handelt_fuer(konto))
        sichtbar |= Q(projekt__leitung=konto)
        sichtbar |= Q(Exists(zeilen.filter(antwort__in=ZUSTIMMENDE)), status=AuftragStatus.ENTWURF)
        gefragt = Q() if ist_mitglied_der_lenkungsgruppe(konto) else Q(Exists(zeilen))
        sichtbar |= gefragt & ~Q(status=AuftragStatus.ENTWURF)
    return alle.filter(sichtbar)


def darf_internen_auftrag_sehen(konto: Betrachter, auftrag: Projektauftrag) -> bool:
    """Points 4 to 6 of the order; the others are in the public edition too.

    Who sees one in the making reads all of it. In a fixed one a contact does if the Kommune takes part.
    """
    if not ist_angemeldet(konto):
        return False
    if auftrag.status not in FESTE_AUFTRAEGE:
        return sichtbare_auftraege(konto).filter(pk=auftrag.pk).exists()
    if ist_geschaeftsstelle(konto) or leitet(konto, auftrag.projekt) or spitze_von(konto):
        return True
    if ist_mitglied_der_lenkungsgruppe(konto):
        return True
    return auftrag.projekt.teilnahmen.filter(kommune__in=handelt_fuer(konto), antwort__in=ZUSTIMMENDE).exists()


def sichtbare_berichte(konto: Betrachter) -> QuerySet[Bericht]:
    """Geschäftsstelle and Lenkungsgruppe see all, whoever is signed in the released ones, the public none."""
    if ist_geschaeftsstelle(konto) or ist_mitglied_der_lenkungsgruppe(konto):
        return Bericht.objects.all()
    if ist_angemeldet(konto):
        return Bericht.objects.filter(freigegeben_am__isnull=False)
    return Bericht.objects.none()


def darf_bericht_anfordern(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_bericht_freigeben(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def sichtbare_beitraege(konto: Betrachter, projekt: Projekt) -> QuerySet[Any]:
    """What was learned in it, as far as it is published (the reverse side of a table in `wissen`)."""
    return projekt.beitraege.veroeffentlichte() if ist_angemeldet(konto) else projekt.beitraege.oeffentliche()


def darf_verlauf_des_projekts_sehen(konto: Betrachter, projekt: Projekt) -> bool:
    """Of the Projekt, its Meilensteine and its orders: the Geschäftsstelle and who leads it."""
    return ist_geschaeftsstelle(konto) or leitet(konto, projekt)


def darf_verlauf_des_berichts_sehen(konto: Betrachter, bericht: Bericht) -> bool:
    return ist_geschaeftsstelle(konto) or (ist_angemeldet(konto) and bericht.durch_id == konto.pk)
