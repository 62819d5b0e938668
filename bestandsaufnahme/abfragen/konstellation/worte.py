"""Whose offer meets whose need: texts compared word by word, in the German stems of PostgreSQL."""

import re
from collections.abc import Sequence

from django.db import connection

WORT = re.compile(r"[^\W\d_]{3,}")

# Words that say nothing about what is offered or sought. Stop words of the language are left out by PostgreSQL.
ALLERWELTSWORTE = (
    *("Beispiel", "Beispiele", "Kommune", "Kommunen", "Stadt", "Gemeinde", "Kreis", "Verwaltung", "Nachbarn"),
    *("gemeinsam", "gegenseitig", "zusammen", "Zusammenarbeit", "Kooperation", "Interesse", "Angebot", "Bedarf"),
    *("suchen", "sucht", "bieten", "bietet", "bringen", "brauchen", "benötigen", "geben", "können", "möchten"),
    *("Partner", "Aufgabe", "Aufgaben", "Jahr", "Monat", "Woche", "Tag", "Stunde", "zwei", "drei", "vier", "fünf"),
    *("sechs", "sieben", "acht", "neun", "zehn", "weitere", "andere", "mehrere", "gern", "gerne", "sowie", "bzw"),
    *("gute", "neue", "freie", "große", "kleine", "ganze", "halbe", "mehr", "etwa", "pro", "evtl", "ggf", "usw"),
)

# Per stem the word as it was written.
Worte = dict[str, str]


def worte(texte: Sequence[str]) -> list[Worte]:
    """Return what each text speaks of. One query for all, none for none."""
    gelesen = [WORT.findall(text) if text else [] for text in texte]
    staemme = _staemme({wort for eins in gelesen for wort in eins})
    # backwards, so that of two words with the same stem the first one is told
    return [{staemme[wort]: wort for wort in reversed(eins) if wort in staemme} for eins in gelesen]


def gemeinsames_wort(gesucht: Worte, geboten: Worte) -> str | None:
    """Return the most telling word of the need that the offer has too: the longest, then the first by letter."""
    gleiche = gesucht.keys() & geboten.keys()
    return gesucht[min(gleiche, key=lambda stamm: (-len(stamm), stamm))] if gleiche else None


def _staemme(woerter: set[str]) -> dict[str, str]:
    """Return the stem of each word that counts."""
    if not woerter:
        return {}
    kleine = {wort: wort.lower() for wort in (*woerter, *ALLERWELTSWORTE)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wort, (ts_lexize('german_stem', wort))[1] FROM unnest(%s::text[]) AS wort",
            [sorted(set(kleine.values()))],
        )
        staemme: dict[str, str | None] = dict(cursor.fetchall())
    nichtssagende = {staemme[kleine[wort]] for wort in ALLERWELTSWORTE}
    gefunden = ((wort, staemme[kleine[wort]]) for wort in woerter)
    return {wort: stamm for wort, stamm in gefunden if stamm and stamm not in nichtssagende}
