"""Who may see and declare interest."""

from django.db.models import Q, QuerySet

from bestandsaufnahme.auswahl import (
    InteresseStatus,
)
from bestandsaufnahme.models import (
    Interessenbekundung,
    Interessenrunde,
)
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte.erhebung import geheime_erhebungen
from kommunen.models import Kommune
from kommunen.rechte import (
    Betrachter,
    handelt_fuer,
    ist_angemeldet,
)


def sichtbare_runden(konto: Betrachter) -> QuerySet[Interessenrunde]:
    if ist_angemeldet(konto):
        return Interessenrunde.objects.all()
    return Interessenrunde.objects.filter(veroeffentlicht=True)


def darf_interessen_sehen(konto: Betrachter) -> bool:
    """Declarations one by one; the public reads the ranking only."""
    return ist_angemeldet(konto)


def sichtbare_interessen(konto: Betrachter) -> InteressenbekundungQuerySet:
    """Filed ones for all who are signed in, the public sees the ranking only.

    A draft is the own Kommune's alone: not even the Geschäftsstelle reads it.
    """
    if not ist_angemeldet(konto):
        return Interessenbekundung.objects.none()
    return Interessenbekundung.objects.filter(~Q(status=InteresseStatus.ENTWURF) | Q(kommune__in=handelt_fuer(konto)))


def zaehlbare_interessen(konto: Betrachter) -> InteressenbekundungQuerySet:
    """Those that the ranking may count: for the public neither examples nor what a round says that isn't public."""
    abgegebene = Interessenbekundung.objects.exclude(status=InteresseStatus.ENTWURF)
    if ist_angemeldet(konto):
        return abgegebene
    oeffentliche = Q(erhebung__isnull=True) | ~Q(erhebung__in=geheime_erhebungen(konto))
    return abgegebene.filter(oeffentliche, Q(runde__isnull=True) | Q(runde__veroeffentlicht=True), beispiel=False)


def bekundbare_kommunen(konto: Betrachter) -> QuerySet[Kommune]:
    """Those it may declare for: the own one as contact or head, and those whose head it stands in for.

    The Geschäftsstelle files on behalf by a form of its own.
    """
    return Kommune.objects.filter(pk__in=handelt_fuer(konto))


def darf_interesse_abgeben(konto: Betrachter) -> bool:
    return bool(handelt_fuer(konto))


def darf_interesse_bekunden_fuer(konto: Betrachter, kommune: Kommune) -> bool:
    return kommune.pk in handelt_fuer(konto)


def darf_interesse_zurueckziehen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    return interesse.kommune_id in handelt_fuer(konto)
