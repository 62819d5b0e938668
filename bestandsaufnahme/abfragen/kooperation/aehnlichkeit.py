"""How much two short texts have in common: a hint for a person who decides, nothing more."""

import re

LAENGE = 6  # letters of a word that count, so that endings don't matter
GLEICH = 0.5  # from here on two texts may well mean the same


def aehnlichkeit(einer: str, anderer: str) -> float:
    """Return the share of words of the shorter text that the other one has too, from 0 to 1."""
    links, rechts = _worte(einer), _worte(anderer)
    if not links or not rechts:
        return 0.0
    return len(links & rechts) / min(len(links), len(rechts))


def _worte(text: str) -> set[str]:
    return {wort[:LAENGE] for wort in re.findall(r"[^\W\d_]{4,}", text.lower())}
