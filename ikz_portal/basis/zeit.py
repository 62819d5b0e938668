"""Today, as the Geschäftsstelle's calendar has it. Operations and queries get the day handed in; views ask here."""

from datetime import date

from django.utils import timezone


def heute() -> date:
    return timezone.localdate()
