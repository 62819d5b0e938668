"""How a person is named at what it did."""

from kommunen.models import Konto


def wer(durch: Konto | None, fuer: Konto | None = None) -> str:
    """Return who did something, with both names where it was done in the place of another."""
    if durch is None:
        return ""
    return f"{durch.name} in Vertretung für {fuer.name}" if fuer else durch.name
