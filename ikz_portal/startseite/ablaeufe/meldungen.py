"""Telling by e-mail: one mail per person, of what waits for it and is due as the person wants it.

Each person is a transaction of its own: its rows are locked, the mail is put in the outbox, the rows are done. Whatever
dies in between leaves all of it or nothing, and of two runs at once the second finds nothing.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from ikz_portal.basis import laeufe, post
from ikz_portal.basis.models import Lauf, Postausgang
from ikz_portal.basis.zeit import heute
from ikz_portal.startseite.abfragen.meldungen import Absatz, absaetze, adresse
from ikz_portal.startseite.abfragen.sammlung import SAMMELN, ist_erste_der_woche
from kommunen.abfragen.meldung import faellige
from kommunen.ablaeufe import meldewunsch
from kommunen.ablaeufe import meldung as ablauf
from kommunen.ablaeufe.brief import brief
from kommunen.ablaeufe.konto import einzeilig
from kommunen.auswahl import Meldeanlass, Rhythmus
from kommunen.models import Konto
from kommunen.rechte import mit_aemtern

log = structlog.get_logger(__name__)

SPAETER = timedelta(minutes=10)
BETREFF_HOECHSTENS = 200  # the column of the outbox


# --- the jobs ---------------------------------------------------------------------------------------------------------
def sammeln_einreihen() -> Lauf | None:
    """Queue the collected mails of today, unless they were before."""
    return laeufe.einmal(art=SAMMELN, schluessel=heute().isoformat())


def sofort(lauf: Lauf) -> None:
    """Send what is wanted at once, also what an earlier run left."""
    _ausfuehren(lauf, {Rhythmus.SOFORT})


def sammeln(lauf: Lauf) -> None:
    """Send what is collected for a day, and in the first run of a week what is collected for a week."""
    rhythmen = {Rhythmus.SOFORT, Rhythmus.TAEGLICH}
    if ist_erste_der_woche(date.fromisoformat(lauf.schluessel)):
        rhythmen |= {Rhythmus.WOECHENTLICH}
    _ausfuehren(lauf, rhythmen)


def _ausfuehren(lauf: Lauf, rhythmen: Collection[Rhythmus]) -> None:
    """A person whose mail can't be written doesn't keep the others from theirs."""
    mails, gescheitert = 0, 0
    for konto in sorted(set(faellige(rhythmen).values_list("konto", flat=True))):
        try:
            mails += melden(konto=konto, rhythmen=rhythmen, heute=heute(), jetzt=timezone.now()) is not None
        except Exception:
            log.exception("meldung_gescheitert", konto=konto)
            gescheitert += 1
    log.info("meldungen_verschickt", mails=mails)
    if gescheitert:
        raise laeufe.Nochmal("Nicht alle Benachrichtigungen ließen sich schreiben.", SPAETER)
    laeufe.beenden(lauf)


# --- one person -------------------------------------------------------------------------------------------------------
@transaction.atomic
def melden(*, konto: int, rhythmen: Collection[Rhythmus], heute: date, jetzt: datetime) -> Postausgang | None:
    """Tell this person (key) in one mail what is due in these ways; None where nothing is left to tell."""
    faellig = ablauf.abholen(konto=konto, rhythmen=rhythmen)
    if not faellig:
        return None
    person = mit_aemtern(Konto.objects.filter(pk=konto)).get()
    erzaehlt = absaetze(person, faellig, heute)
    ablauf.aufgeben(meldungen=[meldung for meldung in faellig if meldung not in erzaehlt])
    if not erzaehlt:
        return None
    nachricht = _schreiben(person, list(erzaehlt.values()), {Meldeanlass(meldung.anlass) for meldung in erzaehlt})
    ablauf.erledigen(meldungen=erzaehlt, nachricht=nachricht, jetzt=jetzt)
    return nachricht


def _schreiben(konto: Konto, neues: list[Absatz], anlaesse: Iterable[Meldeanlass]) -> Postausgang:
    werte = {
        "neues": neues,
        "einstellungen": adresse(reverse("benachrichtigungen")),
        "abbestellen": post.PERSOENLICHER_LINK,
    }
    return post.einreihen(
        an=konto.email,
        betreff=_betreff(neues),
        text=brief(render_to_string("startseite/benachrichtigung.txt", werte).strip()),
        link=adresse(reverse("abbestellen", args=[meldewunsch.token(konto, anlaesse)])),
        abbestellbar=True,
    )


def _betreff(neues: list[Absatz]) -> str:
    """Return the one thing itself, or how many there are."""
    betreff = neues[0].titel if len(neues) == 1 else f"{len(neues)} Neuigkeiten zu Interessen"
    return Truncator(einzeilig(betreff)).chars(BETREFF_HOECHSTENS)
