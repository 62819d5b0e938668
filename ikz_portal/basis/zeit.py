"""Today, as the Geschäftsstelle's calendar has it. Operations and queries get the day handed in; views ask here."""

from datetime import date, timedelta

from django.utils import timezone


def heute() -> date:
    return timezone.localdate()


def tag_danach(tag: date) -> date:
    """Return the first day on which no longer holds what held last on this one, as spans are stored."""
    return tag + timedelta(days=1)


def tag_davor(tag: date) -> date:
    """Return the last day of what no longer holds on this one, as spans are told."""
    return tag - timedelta(days=1)
