"""Which Kommunen could begin something together, and why (docs/entscheidungen/0016).

The way: `lage` reads what is wanted and known, `kandidaten` puts groups together, `bewertung` gives them reasons.
"""

from collections.abc import Collection
from datetime import date

from bestandsaufnahme.abfragen.konstellation.modell import Ergebnis, Konstellation


def konstellationen(
    *,
    heute: date,
    mindestens: int,
    felder: Collection[int] | None = None,
    kommunen: Collection[int] | None = None,
) -> list[Konstellation]:
    """Return what is proposed, the best first.

    With `felder` (keys of Aufgabenfelder) for these alone; with `kommunen` (keys) what one of these is part of.
    """
    return suchen(heute=heute, mindestens=mindestens, felder=felder, kommunen=kommunen).vorschlaege


def suchen(
    *,
    heute: date,
    mindestens: int,
    felder: Collection[int] | None = None,
    kommunen: Collection[int] | None = None,
) -> Ergebnis:
    """As `konstellationen`, with the fields in which Kommunen are missing for a proposal."""
    return Ergebnis([], [])


def noch_vorhanden(
    schluessel: str, kommunen: Collection[int], heute: date, *, mindestens: int | None = None
) -> Konstellation | None:
    """Return the proposal of this key while it still holds and one of these Kommunen (keys) is part of it."""
    return None
