"""Which Kommunen could begin something together, and why (docs/entscheidungen/0016).

The way: `lage` reads what is wanted and known, `kandidaten` puts groups together, `bewertung` gives them reasons,
`auswahl` keeps the best of each field.
"""

from collections.abc import Collection
from datetime import date

from django.conf import settings

from bestandsaufnahme.abfragen.konstellation import lage
from bestandsaufnahme.abfragen.konstellation.auswahl import ausgewaehlte, knappe
from bestandsaufnahme.abfragen.konstellation.modell import Ergebnis, Konstellation
from bestandsaufnahme.abfragen.konstellation.schluessel import aufgabenfeld_aus


def konstellationen(
    *,
    heute: date,
    mindestens: int,
    felder: Collection[int] | None = None,
    kommunen: Collection[int] | None = None,
) -> list[Konstellation]:
    """Return what is proposed, the best first; the same declarations give the same. At most seven queries.

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
    """As `konstellationen`, with the Aufgabenfelder in which Kommunen are missing for a proposal."""
    gelesen = lage.lesen(heute=heute, felder=felder)
    return Ergebnis(
        ausgewaehlte(gelesen, mindestens=mindestens, kommunen=kommunen),
        knappe(gelesen, mindestens=mindestens, kommunen=kommunen),
    )


def noch_vorhanden(schluessel: str, kommunen: Collection[int], heute: date) -> Konstellation | None:
    """Return the proposal of this key, as long as it holds and one of these Kommunen (keys) is part of it.

    None also where a larger group is the better proposal for them by now: that one has been noted as well.
    """
    feld = aufgabenfeld_aus(schluessel)
    if feld is None:
        return None
    gefundene = konstellationen(
        heute=heute, mindestens=settings.KONSTELLATION_MINDESTENS, felder=[feld], kommunen=kommunen
    )
    eine = next((konstellation for konstellation in gefundene if konstellation.schluessel == schluessel), None)
    if eine is None:
        return None
    beste = min((k for k in gefundene if k.feldschluessel == eine.feldschluessel), key=lambda k: k.beispiel)
    return None if eine.mitglieder < beste.mitglieder else eine
