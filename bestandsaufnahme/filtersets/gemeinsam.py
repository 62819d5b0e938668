from collections.abc import Iterable
from typing import Any

from django_filters import FilterSet

from bestandsaufnahme.models import Aufgabenfeld
from kommunen.models import Kommune

UNBEKANNTES_FELD = {"invalid_choice": "Das Aufgabenfeld „%(value)s“ gibt es nicht."}
UNBEKANNTE_KOMMUNE = {"invalid_choice": "Eine Kommune mit dem AGS „%(value)s“ gibt es nicht."}
UNBEKANNTER_STATUS = {"invalid_choice": "Den Status „%(value)s“ gibt es nicht."}
UNBEKANNTE_RECHTSFORM = {"invalid_choice": "Die Rechtsform „%(value)s“ gibt es nicht."}
LAENGSTE_SUCHE = 100


class FeldUndKommune(FilterSet):
    """Choices of Aufgabenfelder and Kommunen, each read once and kept for the page."""

    def __init__(
        self, *args: Any, aufgabenfelder: Iterable[Aufgabenfeld], kommunen: Iterable[Kommune], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.aufgabenfelder = list(aufgabenfelder)
        self.kommunen = list(kommunen)
        felder = self.form.fields
        felder["aufgabenfeld"].choices = [(feld.slug, feld.name) for feld in self.aufgabenfelder]
        felder["kommune"].choices = [(kommune.ags, kommune.name) for kommune in self.kommunen]

    def gewaehlt(self, name: str) -> str:
        """Return the value of a valid filter, empty where it isn't set."""
        return str(self.form.cleaned_data.get(name) or "")
