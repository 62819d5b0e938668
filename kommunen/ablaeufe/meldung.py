"""Noting what somebody is to be told. What the mail says, and whether it may, is decided when it is sent."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from ikz_portal.basis import laeufe
from ikz_portal.basis.models import Postausgang
from kommunen.abfragen.meldung import faellige
from kommunen.auswahl import VORGABE_RHYTHMUS, Meldeanlass, Rhythmus
from kommunen.models import Konto, Meldewunsch, Meldung

# Sends what waits for those who want to know at once; composed where all apps are known.
SOFORT_SENDEN = "ikz_portal.startseite.tasks.meldungen_sofort"


@transaction.atomic
def vormerken(*, anlass: Meldeanlass, bezug: str, konten: Iterable[Konto]) -> int:
    """Note it for these persons, each once, and return for how many it is new. 3 queries.

    Who doesn't want to know is passed over, and so is a Konto that nobody signs in with any more.
    """
    empfaenger = {konto.pk for konto in konten if konto.is_active}
    wuensche = dict(Meldewunsch.objects.filter(konto__in=empfaenger, anlass=anlass).values_list("konto_id", "rhythmus"))
    rhythmen = {pk: wuensche.get(pk, VORGABE_RHYTHMUS[anlass]) for pk in empfaenger}
    neue = _neue(anlass, bezug, {pk for pk, rhythmus in rhythmen.items() if rhythmus != Rhythmus.NIE})
    Meldung.objects.bulk_create(
        [Meldung(konto_id=pk, anlass=anlass, bezug=bezug) for pk in sorted(neue)], ignore_conflicts=True
    )
    if any(rhythmen[pk] == Rhythmus.SOFORT for pk in neue):
        laeufe.einreihen(art=SOFORT_SENDEN, schluessel=str(uuid.uuid4()))
    return len(neue)


def _neue(anlass: Meldeanlass, bezug: str, empfaenger: set[int]) -> set[int]:
    """Return for whom it is new; where a run is about to give one up, wait for what it does."""
    bekannte = Meldung.objects.filter(konto__in=empfaenger, anlass=anlass, bezug=bezug).order_by("pk")
    return empfaenger - set(bekannte.select_for_update().values_list("konto_id", flat=True))


# --- telling: in the caller's transaction, which writes the mail too --------------------------------------------------
def abholen(*, konto: int, rhythmen: Collection[Rhythmus]) -> list[Meldung]:
    """Return locked what is due for this person (key) in these ways; what another run has in hand is left to it.

    What the person no longer wants to know at all is given up.
    """
    gesperrt = list(faellige(rhythmen).filter(konto=konto).select_for_update(of=("self",), skip_locked=True))
    abbestellt = [meldung for meldung in gesperrt if getattr(meldung, "rhythmus", "") == Rhythmus.NIE]
    aufgeben(meldungen=abbestellt)
    return [meldung for meldung in gesperrt if meldung not in abbestellt]


def erledigen(*, meldungen: Iterable[Meldung], nachricht: Postausgang, jetzt: datetime) -> None:
    """Note that this mail tells them."""
    schluessel = [meldung.pk for meldung in meldungen]
    Meldung.objects.filter(pk__in=schluessel).update(erledigt_am=jetzt, nachricht=nachricht)


def aufgeben(*, meldungen: Iterable[Meldung]) -> None:
    """Forget what there is nothing left to tell of: if it comes back, such as a confirmation, it can be noted anew."""
    Meldung.objects.filter(pk__in=[meldung.pk for meldung in meldungen]).delete()
