"""Reading query parameters by hand: either a proper value, or a BadRequest whose German sentence the 400 page shows."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import BadRequest


def tag_aus(werte: Mapping[str, str], name: str) -> date | None:
    """Return the day in ISO form, None where the parameter is missing or empty; BadRequest otherwise."""
    text = werte.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as fehler:
        raise BadRequest(
            f"{name.capitalize()}: „{text[:40]}“ ist kein Datum. Bitte geben Sie einen Tag in der Form JJJJ-MM-TT an."
        ) from fehler
