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


# What was read before, by its text: the same texts are compared whenever somebody looks.
_gelesen: dict[str, Worte] = {}
GEMERKT_HOECHSTENS = 5_000


def worte(texte: Sequence[str]) -> list[Worte]:
    """Return what each text speaks of. One query for all that is new, none where nothing is."""
    bekannte = {text: _gelesen[text] for text in {*texte} & _gelesen.keys()}
    neue = {text: WORT.findall(text) for text in {*texte} - bekannte.keys()}
    staemme = _staemme({wort for woerter in neue.values() for wort in woerter})
    for text, woerter in neue.items():
        # backwards, so that of two words with the same stem the first one is told
        bekannte[text] = {staemme[wort]: wort for wort in reversed(woerter) if wort in staemme}
    if len(_gelesen) + len(neue) > GEMERKT_HOECHSTENS:
        _gelesen.clear()
    _gelesen.update(bekannte)
    return [bekannte[text] for text in texte]


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
