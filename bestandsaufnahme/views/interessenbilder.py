"""The bars of the ranking, drawn from what `abfragen` counted."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from bestandsaufnahme.abfragen.interesse.rangliste import Rang, Rangliste
from ikz_portal.basis.diagramme import Balken, balkendiagramm, balkenstrich


def rangliste_bild(liste: Rangliste, *, kennung: str, spanne: int) -> SafeString:
    """Draw the ranking as a picture with links; `spanne` is the number of the longest bar, the same for both Stände."""
    return balkendiagramm(
        [Balken(rang.feld, rang.kommunen, url=rang.url) for rang in liste.raenge],
        kennung=kennung,
        titel=f"{liste.titel}: Interesse je Aufgabenfeld",
        beschreibung="Balken nennen die Zahl der Kommunen je Aufgabenfeld, die meisten zuerst.",
        hoechstwert=spanne,
    )


def rangliste_zeilen(liste: Rangliste, *, spanne: int, vergleich: bool) -> list[tuple[Rang, SafeString | str]]:
    """Return each row with its bar, none where there is no number, for a page that writes the words itself.

    With `vergleich` a stroke marks the number of the other Stand.
    """
    return [(rang, _strich(rang, spanne, vergleich=vergleich)) for rang in liste.mit_ohne]


def _strich(rang: Rang, spanne: int, *, vergleich: bool) -> SafeString | str:
    if rang.kommunen is None and not vergleich:
        return ""
    daneben = rang.daneben if vergleich else None
    balken = Balken(rang.feld, rang.kommunen, dazu=rang.zahlen.nur_beispiel, vergleich=daneben)
    return balkenstrich(balken, hoechstwert=spanne)


def spanne(listen: Sequence[Rangliste | None], *, kommunen: int) -> int:
    """Return what the full length of a bar stands for: all Kommunen."""
    return max(kommunen, 1, *(liste.hoechste for liste in listen if liste))
