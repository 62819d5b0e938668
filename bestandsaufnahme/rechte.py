"""Who may see and do what with the matrix, the Erhebungen and the declarations of interest."""

from django.db.models import Case, Q, QuerySet, Value, When

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
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from kommunen.models import Kommune
from kommunen.rechte import Betrachter, handelt_fuer, ist_angemeldet, ist_geschaeftsstelle, spitze_von


def sichtbare_aufgabenfelder(konto: Betrachter) -> QuerySet[Aufgabenfeld]:
    return Aufgabenfeld.objects.all()


def sichtbare_kooperationsfelder(konto: Betrachter) -> QuerySet[Kooperationsfeld]:
    return Kooperationsfeld.objects.all()


def sichtbare_kooperationen(konto: Betrachter) -> QuerySet[Kooperation]:
    """The public sees what is published; whoever is signed in sees all."""
    return Kooperation.objects.all() if ist_angemeldet(konto) else Kooperation.objects.filter(veroeffentlicht=True)


def sichtbare_beteiligungen(konto: Betrachter) -> BeteiligungQuerySet:
    if ist_angemeldet(konto):
        return Beteiligung.objects.all()
    return Beteiligung.objects.filter(kooperation__veroeffentlicht=True)


def sichtbare_erhebungen(konto: Betrachter) -> QuerySet[Erhebung]:
    if ist_angemeldet(konto):
        return Erhebung.objects.all()
    return Erhebung.objects.filter(veroeffentlicht=True, beispiel=False)


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
    """Those that the ranking may count: for the public neither examples nor those of a round that isn't published."""
    abgegebene = Interessenbekundung.objects.exclude(status=InteresseStatus.ENTWURF)
    if ist_angemeldet(konto):
        return abgegebene
    return abgegebene.filter(Q(runde__isnull=True) | Q(runde__veroeffentlicht=True), beispiel=False)


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


# --- the record -------------------------------------------------------------------------------------------------------
def darf_verlauf_der_kooperation_sehen(konto: Betrachter, kooperation: Kooperation) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_verlauf_des_interesses_sehen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    """The Geschäftsstelle, the head of the Kommune, and who filed it."""
    if ist_geschaeftsstelle(konto) or interesse.kommune_id in spitze_von(konto):
        return True
    return ist_angemeldet(konto) and interesse.durch_id == konto.pk


def sichtbare_aenderungen(konto: Betrachter) -> AenderungQuerySet:
    """The record without the drafts of other Kommunen: what somebody may not read of an object, it doesn't tell.

    `verdeckt` marks the step that files a draft: what it was before stays hidden.
    """
    eigene = Q(stand__kommune_id__in=list(handelt_fuer(konto)))
    bekundung = Q(tabelle=Interessenbekundung._meta.db_table)
    abgabe = bekundung & Q(vorher__status=InteresseStatus.ENTWURF)
    return Aenderung.objects.filter(~bekundung | ~Q(stand__status=InteresseStatus.ENTWURF) | eigene).annotate(
        verdeckt=Case(When(abgabe & ~eigene, then=Value(True)), default=Value(False))
    )
