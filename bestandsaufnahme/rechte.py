"""Who may see and do what with the matrix, the Erhebungen and the declarations of interest."""

from django.db.models import Q, QuerySet

from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beteiligung,
    Erhebung,
    Interessenbekundung,
    Interessenrunde,
    Kooperation,
    Kooperationsfeld,
)
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE
from kommunen.models import Kommune, Konto
from kommunen.rechte import Betrachter, ist_geschaeftsstelle


def sichtbare_aufgabenfelder(konto: Betrachter) -> QuerySet[Aufgabenfeld]:
    return Aufgabenfeld.objects.all()


def sichtbare_kooperationsfelder(konto: Betrachter) -> QuerySet[Kooperationsfeld]:
    return Kooperationsfeld.objects.all()


def sichtbare_kooperationen(konto: Betrachter) -> QuerySet[Kooperation]:
    """The public sees what is published; whoever is signed in sees all."""
    return Kooperation.objects.all() if konto.is_authenticated else Kooperation.objects.filter(veroeffentlicht=True)


def sichtbare_beteiligungen(konto: Betrachter) -> BeteiligungQuerySet:
    if konto.is_authenticated:
        return Beteiligung.objects.all()
    return Beteiligung.objects.filter(kooperation__veroeffentlicht=True)


def sichtbare_erhebungen(konto: Betrachter) -> QuerySet[Erhebung]:
    if konto.is_authenticated:
        return Erhebung.objects.all()
    return Erhebung.objects.filter(veroeffentlicht=True, beispiel=False)


def sichtbare_runden(konto: Betrachter) -> QuerySet[Interessenrunde]:
    if konto.is_authenticated:
        return Interessenrunde.objects.all()
    return Interessenrunde.objects.filter(veroeffentlicht=True)


def sichtbare_interessen(konto: Betrachter) -> InteressenbekundungQuerySet:
    """Filed ones for all who are signed in, the public sees the ranking only.

    Drafts are for those who act for their Kommune, and for the Geschäftsstelle.
    """
    if not isinstance(konto, Konto):
        return Interessenbekundung.objects.none()
    if ist_geschaeftsstelle(konto):
        return Interessenbekundung.objects.all()
    sichtbar = ~Q(status=InteresseStatus.ENTWURF)
    if konto.rolle in ROLLEN_EINER_KOMMUNE:
        sichtbar |= Q(kommune=konto.kommune_id)
    return Interessenbekundung.objects.filter(sichtbar)


def zaehlbare_interessen(konto: Betrachter) -> InteressenbekundungQuerySet:
    """Those that the ranking may count: for the public neither examples nor those of a round that isn't published."""
    if konto.is_authenticated:
        return Interessenbekundung.objects.all()
    return Interessenbekundung.objects.filter(Q(runde__isnull=True) | Q(runde__veroeffentlicht=True), beispiel=False)


def bekundende_kommune(konto: Betrachter) -> Kommune | None:
    """Return the Kommune that this Konto may declare for: always the own one."""
    return konto.kommune if isinstance(konto, Konto) and darf_interesse_abgeben(konto) else None


def darf_interesse_abgeben(konto: Betrachter) -> bool:
    """A Kontakt or the head, for the own Kommune. The Geschäftsstelle files on behalf by a form of its own."""
    return isinstance(konto, Konto) and konto.is_active and konto.rolle in ROLLEN_EINER_KOMMUNE


def darf_interesse_bekunden_fuer(konto: Betrachter, kommune: Kommune) -> bool:
    return isinstance(konto, Konto) and darf_interesse_abgeben(konto) and konto.kommune_id == kommune.pk


def darf_interesse_zurueckziehen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    return darf_interesse_bekunden_fuer(konto, interesse.kommune)
