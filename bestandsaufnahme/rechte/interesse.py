"""Who may see and declare interest."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from bestandsaufnahme.auswahl import InteresseStatus, RundeStatus
from bestandsaufnahme.models import (
    Beobachtung,
    Interessenbekundung,
    Interessenrunde,
    Rundenrueckmeldung,
)
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte.erhebung import geheime_erhebungen
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, Meldeanlass, Rolle
from kommunen.models import Kommune, Konto, Vertretung
from kommunen.rechte import (
    Betrachter,
    handelt_fuer,
    ist_angemeldet,
    ist_geschaeftsstelle,
    spitze_von,
)


def sichtbare_runden(konto: Betrachter) -> QuerySet[Interessenrunde]:
    """One in preparation is the Geschäftsstelle's alone; the public sees published results."""
    if ist_geschaeftsstelle(konto):
        return Interessenrunde.objects.all()
    if ist_angemeldet(konto):
        return Interessenrunde.objects.exclude(status=RundeStatus.VORBEREITUNG)
    return Interessenrunde.objects.filter(veroeffentlicht=True, beispiel=False)


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
    return abgegebene.filter(
        oeffentliche, Q(runde__isnull=True) | Q(runde__veroeffentlicht=True) | Q(runde__beispiel=True), beispiel=False
    )


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


def darf_interesse_bearbeiten(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    """The Kommune itself, and the Geschäftsstelle what is filed, with a reason."""
    if interesse.kommune_id in handelt_fuer(konto):
        return True
    return ist_geschaeftsstelle(konto) and interesse.status != InteresseStatus.ENTWURF


def muss_grund_nennen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    """Whoever changes another's declaration says why."""
    return interesse.kommune_id not in handelt_fuer(konto)


def darf_interesse_anheben(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    """By a button, without a reason: the Kommune itself. The Geschäftsstelle changes it by the form and says why."""
    return interesse.kommune_id in handelt_fuer(konto)


def darf_interesse_anschliessen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    """Who acts for another Kommune than the one that declared it."""
    return bool(handelt_fuer(konto) - {interesse.kommune_id})


def sichtbare_folgen(konto: Betrachter, interesse: Interessenbekundung) -> QuerySet[Any]:
    """What became of it (the reverse side of a relation of `projekte`); whoever is signed in sees all Projekte."""
    alle: Any = interesse.starthilfen
    return alle.all() if ist_angemeldet(konto) else alle.none()


def darf_interesse_bestaetigen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    return interesse.kommune_id in spitze_von(konto)


def bestaetigbare_interessen(konto: Betrachter, tag: date) -> InteressenbekundungQuerySet:
    """Those that wait for it on the day, as head of their Kommune or in the place of the head."""
    eigene = sichtbare_interessen(konto).filter(kommune__in=spitze_von(konto))
    return eigene.laufende(tag).unbestaetigte()


def darf_bestaetigungen_sehen(konto: Betrachter) -> bool:
    """What waits for a head: the heads, who confirm, and the Geschäftsstelle, which sees how much that is."""
    return ist_geschaeftsstelle(konto) or bool(spitze_von(konto))


def bestaetigende(kommune: Kommune, tag: date) -> QuerySet[Konto]:
    """Those that may confirm its declarations on the day: the head, and who stands in for it."""
    vertretungen = Vertretung.objects.wirksame(tag).filter(sitz__isnull=True, vertretener__kommune=kommune)
    spitze = Q(kommune=kommune, rolle=Rolle.BUERGERMEISTER)
    return Konto.objects.filter(spitze | Q(pk__in=vertretungen.values("vertreter")), is_active=True)


def regelbare_kommunen(konto: Betrachter) -> QuerySet[Kommune]:
    """Those for which it may say whether the head confirms: the own one as head, all for the Geschäftsstelle."""
    if ist_geschaeftsstelle(konto):
        return Kommune.objects.all()
    return Kommune.objects.filter(pk__in=spitze_von(konto))


def waehlbare_kontakte(kommunen: QuerySet[Kommune]) -> QuerySet[Konto]:
    """Whom a declaration of one of these Kommunen may name to talk to."""
    return Konto.objects.filter(kommune__in=kommunen, rolle__in=ROLLEN_EINER_KOMMUNE, is_active=True)


def darf_fuer_andere_bekunden(konto: Betrachter) -> bool:
    """On behalf of a Kommune, with a note of how it said so."""
    return ist_geschaeftsstelle(konto)


def darf_beleg_sehen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    """What a Kommune handed in: the Geschäftsstelle and the Kommune itself."""
    return ist_geschaeftsstelle(konto) or interesse.kommune_id in handelt_fuer(konto)


# --- rounds -----------------------------------------------------------------------------------------------------------
def darf_runden_leiten(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_rueckmelden(konto: Betrachter) -> bool:
    """Answer in a round: who acts for a Kommune, and the Geschäftsstelle on behalf, with a note."""
    return ist_geschaeftsstelle(konto) or bool(handelt_fuer(konto))


def sichtbare_rueckmeldungen(konto: Betrachter) -> QuerySet[Rundenrueckmeldung]:
    """Who has answered: the Geschäftsstelle sees all, a Kommune its own."""
    if ist_geschaeftsstelle(konto):
        return Rundenrueckmeldung.objects.all()
    return Rundenrueckmeldung.objects.filter(kommune__in=handelt_fuer(konto))


# --- matching ---------------------------------------------------------------------------------------------------------
def darf_konstellationen_sehen(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto) or bool(handelt_fuer(konto))


def sieht_alle_konstellationen(konto: Betrachter) -> bool:
    """A Kommune sees those that it is part of (`handelt_fuer`), the Geschäftsstelle all."""
    return ist_geschaeftsstelle(konto)


# --- following a field ------------------------------------------------------------------------------------------------
def darf_feld_beobachten(konto: Betrachter) -> bool:
    return ist_angemeldet(konto)


def eigene_beobachtungen(konto: Betrachter) -> QuerySet[Beobachtung]:
    return Beobachtung.objects.filter(konto=konto.pk) if ist_angemeldet(konto) else Beobachtung.objects.none()


# --- telling ----------------------------------------------------------------------------------------------------------
def betreffende_anlaesse(konto: Betrachter) -> list[Meldeanlass]:
    """Return of what it may be told at all, and therefore chooses how: who acts for no Kommune has nothing filed."""
    handelnd = bool(handelt_fuer(konto))
    betrifft = {
        Meldeanlass.INTERESSE_NEU: darf_feld_beobachten(konto),
        Meldeanlass.ANSCHLUSS: handelnd,
        Meldeanlass.KONSTELLATION: handelnd,
        Meldeanlass.ABLAUF: handelnd,
        Meldeanlass.BESTAETIGUNG: bool(spitze_von(konto)),
        Meldeanlass.PROJEKTIDEE: handelnd,
        Meldeanlass.EINTRAG: handelnd,
    }
    return [anlass for anlass, trifft_zu in betrifft.items() if trifft_zu]
