"""Mail to the Kommunen that a round asks: one letter per Kommune, to everybody who acts for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from bestandsaufnahme.abfragen.erhebung.ruecklauf import anzuschreibende
from bestandsaufnahme.auswahl import ERINNERUNG_TAGE
from bestandsaufnahme.models import Fragebogen, Rundenrueckmeldung
from ikz_portal.basis import laeufe, post
from kommunen.ablaeufe.brief import brief

# What a round has for each Kommune that it asks.
Anfrage = Fragebogen | Rundenrueckmeldung


@dataclass(frozen=True)
class Versand:
    """How many mails went to which Kommunen (keys), and the names of those that nobody has a Konto for."""

    mails: int
    angeschrieben: frozenset[int]
    ohne_konto: list[str]

    @property
    def kommunen(self) -> int:
        return len(self.angeschrieben)


def an_die_kommunen(*, anfragen: Sequence[Anfrage], betreff: str, text: Callable[[Any], str], heute: date) -> Versand:
    """Queue the mails in the caller's transaction; the worker sends them when it sweeps."""
    konten = anzuschreibende([anfrage.kommune for anfrage in anfragen], heute=heute)
    for anfrage in anfragen:
        empfaenger = konten[anfrage.kommune_id]
        inhalt = brief(f"{text(anfrage)}\n\n{weg(anfrage)}") if empfaenger else ""
        for konto in empfaenger:
            post.einreihen(an=konto.email, betreff=betreff, text=inhalt, laeuten=False)
    laeufe.kehren_lassen()
    return Versand(
        mails=sum(len(empfaenger) for empfaenger in konten.values()),
        angeschrieben=frozenset(kommune for kommune, empfaenger in konten.items() if empfaenger),
        ohne_konto=[anfrage.kommune.name for anfrage in anfragen if not konten[anfrage.kommune_id]],
    )


def weg(anfrage: Anfrage) -> str:
    """Return the last lines of a mail to a Kommune: where it answers."""
    if isinstance(anfrage, Rundenrueckmeldung):
        return f"Zur Interessenrunde:\n{settings.BASE_URL}{anfrage.runde.get_absolute_url()}"
    return f"Zum Fragebogen:\n{settings.BASE_URL}{anfrage.get_absolute_url()}"


def fristen_mit_erinnerung(tag: date) -> list[date]:
    """Return the Fristen for which this is a day to remind who is missing."""
    return [tag - timedelta(days=abstand) for abstand in ERINNERUNG_TAGE]
