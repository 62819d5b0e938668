"""How long what is kept, in words, as the pages on personal data say it."""

from django.conf import settings

MONAT, JAHR = 365.25 / 12, 365.25


def dauer(tage: int) -> str:
    """Return „6 Monate“, „3 Jahre“ where the number of days stands for that, else the days."""
    for laenge, einzahl, mehrzahl in ((JAHR, "Jahr", "Jahre"), (MONAT, "Monat", "Monate")):
        anzahl = round(tage / laenge)
        if anzahl and tage > 100 and abs(tage - anzahl * laenge) < 1:
            return f"{anzahl} {einzahl if anzahl == 1 else mehrzahl}"
    return "1 Tag" if tage == 1 else f"{tage} Tage"


def dauern() -> dict[str, str]:
    """Return the period of every kind of data, by its name in the settings, and that of a session."""
    stunden = settings.SESSION_COOKIE_AGE // 3600
    return {
        **{name: dauer(tage) for name, tage in settings.FRISTEN.items()},
        "sitzung": "1 Stunde" if stunden == 1 else f"{stunden} Stunden",
    }
