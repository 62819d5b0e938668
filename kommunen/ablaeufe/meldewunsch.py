"""How somebody wants to be told: chosen on the own page, or unsubscribed by the link that every such mail carries."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.db import transaction

from ikz_portal.basis import laeufe
from kommunen.abfragen.meldung import gewuenschte_rhythmen
from kommunen.ablaeufe.meldung import SOFORT_SENDEN
from kommunen.auswahl import Meldeanlass, Rhythmus
from kommunen.models import Konto, Meldewunsch

# Keeps the signature of these links apart from all others that the same key makes.
SALZ = "kommunen.abbestellen"


@dataclass(frozen=True, slots=True)
class Abbestellung:
    """What a link unsubscribes: these Anlässe of this Konto (key)."""

    konto: int
    anlaesse: tuple[Meldeanlass, ...]


@transaction.atomic
def wuenschen(*, rhythmen: Mapping[Meldeanlass, Rhythmus], durch: Konto) -> int:
    """Note how the person itself wants to be told, and return for how many Anlässe that is new.

    What waits and is now wanted at once is sent at once.
    """
    bisherige = gewuenschte_rhythmen(durch)
    neue = {anlass: rhythmus for anlass, rhythmus in rhythmen.items() if rhythmus != bisherige[anlass]}
    _festhalten(durch, neue)
    sofortige = [anlass for anlass, rhythmus in neue.items() if rhythmus == Rhythmus.SOFORT]
    if durch.meldungen.wartende().filter(anlass__in=sofortige).exists():
        laeufe.einreihen(art=SOFORT_SENDEN, schluessel=str(uuid.uuid4()))
    return len(neue)


# --- unsubscribing ----------------------------------------------------------------------------------------------------
def token(konto: Konto, anlaesse: Iterable[Meldeanlass]) -> str:
    """Return what a link carries that unsubscribes these: signed, so that nobody makes one for another person.

    It never expires, since a mail may be read late, and holds nothing but the number of the Konto.
    """
    return Signer(salt=SALZ).sign_object([konto.pk, sorted(set(anlaesse))])


def gelesen(zeichen: str) -> Abbestellung | None:
    """Return what the token unsubscribes, None if it isn't one of ours. No query."""
    try:
        konto, anlaesse = Signer(salt=SALZ).unsign_object(zeichen)
    except BadSignature:
        return None
    bekannte = tuple(anlass for anlass in Meldeanlass if anlass in anlaesse)
    return Abbestellung(konto, bekannte) if bekannte else None


@transaction.atomic
def abbestellen(*, abbestellung: Abbestellung) -> bool:
    """Tell that person of these no more, however often it is asked. False if there is no such Konto.

    Without `durch`: the token alone says who it is, nobody is signed in.
    """
    konto = Konto.objects.filter(pk=abbestellung.konto).first()
    if konto is None:
        return False
    _festhalten(konto, dict.fromkeys(abbestellung.anlaesse, Rhythmus.NIE))
    return True


def _festhalten(konto: Konto, rhythmen: Mapping[Meldeanlass, Rhythmus]) -> None:
    """Write in one statement: the same wish twice at once is one row."""
    Meldewunsch.objects.bulk_create(
        [Meldewunsch(konto=konto, anlass=anlass, rhythmus=rhythmus) for anlass, rhythmus in rhythmen.items()],
        update_conflicts=True,
        unique_fields=["konto", "anlass"],
        update_fields=["rhythmus"],
    )
