"""What a rule on periods is, and how one about the rows of a model is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet


@dataclass(frozen=True)
class Regel:
    """One kind of data: how much of it is due, and a step that handles at most so many rows and returns their number.

    `im_protokoll`: it changes the record, to which with two roles the owner alone has the right.
    """

    einzahl: str
    mehrzahl: str
    was: str
    anzahl: Callable[[datetime], int]
    schritt: Callable[[datetime, int], int]
    im_protokoll: bool = False

    def satz(self, anzahl: int, *, trocken: bool) -> str:
        wer = f"{anzahl} {self.einzahl if anzahl == 1 else self.mehrzahl}"
        werden = "würde " if anzahl == 1 else "würden "
        return f"{wer} {werden if trocken else ''}{self.was}"


def seit(jetzt: datetime, frist: str) -> datetime:
    return jetzt - timedelta(days=settings.FRISTEN[frist])


def zeilen(
    einzahl: str,
    mehrzahl: str,
    was: str,
    faellige: Callable[[datetime], QuerySet[Any]],
    tun: Callable[[QuerySet[Any], datetime], object],
    *,
    im_protokoll: bool = False,
) -> Regel:
    """Return the rule for the rows of a model: `tun` gets those of a step."""

    def anzahl(jetzt: datetime) -> int:
        return faellige(jetzt).count()

    def schritt(jetzt: datetime, hoechstens: int) -> int:
        gefunden = faellige(jetzt)
        schluessel = list(gefunden.order_by("pk").values_list("pk", flat=True)[:hoechstens])
        if schluessel:
            tun(gefunden.model._default_manager.filter(pk__in=schluessel), jetzt)
        return len(schluessel)

    return Regel(einzahl, mehrzahl, was, anzahl, schritt, im_protokoll)


def loeschen(gefundene: QuerySet[Any], jetzt: datetime) -> None:
    gefundene.delete()
