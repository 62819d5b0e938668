"""What a ranking counts: the declarations of a day, or those that counted when a round was closed."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Self

from django.db.models import BooleanField, Case, ExpressionWrapper, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from bestandsaufnahme.auswahl import InteresseArt, Stufe
from bestandsaufnahme.models import Rundennennung
from bestandsaufnahme.models.interesse import UNBESTAETIGT, InteressenbekundungQuerySet


class Stimme(NamedTuple):
    """A declaration in a ranking; one that waits for the head of its Kommune, and an example, don't count."""

    feld: int | None
    teil: int | None
    teil_name: str | None
    kommune: int
    art: str
    stufe: str
    beispiel: bool
    wartet: bool
    interesse: int


class Zahlen(NamedTuple):
    """Numbers of Kommunen, never of declarations (but `wartend`); those that only an example names are apart."""

    kommunen: int
    wille: int
    austausch: int
    nur_beispiel: int
    fuehrend: int
    wartend: int

    @classmethod
    def aus(cls, stimmen: Iterable[Stimme]) -> Self:
        wille: set[int] = set()
        austausch: set[int] = set()
        beispiele: set[int] = set()
        fuehrend: set[int] = set()
        wartend = 0
        for stimme in stimmen:
            if stimme.wartet:
                wartend += 1
            elif stimme.beispiel:
                beispiele.add(stimme.kommune)
            else:
                (wille if stimme.art == InteresseArt.KOOPERATIONSWILLE else austausch).add(stimme.kommune)
                if stimme.stufe == Stufe.FEDERFUEHRUNG:
                    fuehrend.add(stimme.kommune)
        kommunen = wille | austausch
        return cls(len(kommunen), len(wille), len(austausch), len(beispiele - kommunen), len(fuehrend), wartend)


def von_heute(interessen: InteressenbekundungQuerySet, *, heute: date) -> list[Stimme]:
    """Return those that count on the day, and those that wait for the head. One query."""
    zeilen = (
        interessen.laufende(heute)
        .mit_feld()
        .annotate(wartet=ExpressionWrapper(UNBESTAETIGT, output_field=BooleanField()))
        .order_by()
        .values_list(
            "feld_id",
            "kooperationsfeld_id",
            "kooperationsfeld__name",
            "kommune_id",
            "art",
            "stufe",
            "beispiel",
            "wartet",
            "pk",
        )
    )
    return [Stimme(*zeile) for zeile in zeilen]


def aus_runde(nennungen: QuerySet[Rundennennung]) -> list[Stimme]:
    """Return them with the Stufe of the day on which the round was closed; an example round counts its examples.

    One query.
    """
    feld = Coalesce("interesse__aufgabenfeld_id", "interesse__kooperationsfeld__aufgabenfeld_id")
    beispiel = Case(When(runde__beispiel=True, then=Value(False)), default=F("interesse__beispiel"))
    zeilen = nennungen.order_by().values_list(
        feld,
        "interesse__kooperationsfeld_id",
        "interesse__kooperationsfeld__name",
        "interesse__kommune_id",
        "interesse__art",
        "stufe",
        beispiel,
        Value(False),
        "interesse_id",
    )
    return [Stimme(*zeile) for zeile in zeilen]
