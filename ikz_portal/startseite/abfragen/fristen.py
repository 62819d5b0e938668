"""How long what is kept, in words, as the pages on personal data say it."""

from django.conf import settings

from ikz_portal.basis.formate import dauer


def dauern() -> dict[str, str]:
    """Return the period of every kind of data, by its name in the settings, and that of a session."""
    stunden = settings.SESSION_COOKIE_AGE // 3600
    return {
        **{name: dauer(tage) for name, tage in settings.FRISTEN.items()},
        "sitzung": "1 Stunde" if stunden == 1 else f"{stunden} Stunden",
    }
