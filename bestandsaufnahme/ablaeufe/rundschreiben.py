"""Mail to the Kommunen of a round: one letter per Kommune, to everybody who acts for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from bestandsaufnahme.abfragen.erhebung.ruecklauf import anzuschreibende
from bestandsaufnahme.models import Fragebogen
from ikz_portal.basis import laeufe, post
from kommunen.ablaeufe.brief import brief


@dataclass(frozen=True)
class Versand:
    """How many mails went to which Kommunen (keys), and the names of those that nobody has a Konto for."""

    mails: int
    angeschrieben: frozenset[int]
    ohne_konto: list[str]

    @property
    def kommunen(self) -> int:
        return len(self.angeschrieben)


def an_die_kommunen(
    *, frageboegen: Sequence[Fragebogen], betreff: str, text: Callable[[Any], str], heute: date
) -> Versand:
    """Queue the mails in the caller's transaction; the worker sends them when it sweeps."""
    konten = anzuschreibende([bogen.kommune for bogen in frageboegen], heute=heute)
    for bogen in frageboegen:
        empfaenger = konten[bogen.kommune_id]
        inhalt = brief(f"{text(bogen)}\n\n{weg(bogen)}") if empfaenger else ""
        for konto in empfaenger:
            post.einreihen(an=konto.email, betreff=betreff, text=inhalt, laeuten=False)
    laeufe.kehren_lassen()
    return Versand(
        mails=sum(len(empfaenger) for empfaenger in konten.values()),
        angeschrieben=frozenset(kommune for kommune, empfaenger in konten.items() if empfaenger),
        ohne_konto=[bogen.kommune.name for bogen in frageboegen if not konten[bogen.kommune_id]],
    )


def weg(bogen: Fragebogen) -> str:
    """Return the last lines of a mail about a Fragebogen: where it is."""
    return f"Zum Fragebogen:\n{settings.BASE_URL}{bogen.get_absolute_url()}"
