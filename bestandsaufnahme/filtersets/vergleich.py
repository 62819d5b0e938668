from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django_filters import ChoiceFilter, DateFilter

from bestandsaufnahme.filtersets.gemeinsam import UNBEKANNTE_KOMMUNE, UNBEKANNTES_FELD, FeldUndKommune
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet


class Tagfilter(DateFilter):
    def __init__(self, label: str, welcher: str) -> None:
        super().__init__(
            label=label,
            method="beide_tage",
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "invalid": f"Der {welcher} Tag ist kein Datum. Bitte geben Sie einen an, zum Beispiel 30.06.2013."
            },
        )
        self.welcher = welcher


class VergleichFilter(FeldUndKommune):
    """The marks of two days. The Kommune stays out of the query: what became of a Kooperation is told by all of them.

    Days in the wrong order are taken in the right one. `von` gives the first day where none is asked for.
    """

    von = Tagfilter("Erster Tag", "erste")
    bis = Tagfilter("Zweiter Tag", "zweite")
    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld",
        field_name="kooperation__kooperationsfeld__aufgabenfeld__slug",
        empty_label="alle",
        error_messages=UNBEKANNTES_FELD,
    )
    kommune = ChoiceFilter(
        label="Kommune", method="jede_kommune", empty_label="alle", error_messages=UNBEKANNTE_KOMMUNE
    )

    def __init__(self, data: Any = None, *args: Any, von: Callable[[], date], heute: date, **kwargs: Any) -> None:
        data = data.copy()
        if not data.get("von"):
            data["von"] = von().isoformat()
        if not data.get("bis"):
            data["bis"] = heute.isoformat()
        super().__init__(data, *args, **kwargs)
        for name in ("von", "bis"):
            satz = f"Der {self.filters[name].welcher} Tag liegt in der Zukunft. Bitte wählen Sie heute oder früher."
            self.form.fields[name].validators.append(MaxValueValidator(heute, satz))

    @property
    def tage(self) -> tuple[date, date]:
        """Return both days, the earlier one first."""
        frueher, spaeter = sorted(self.form.cleaned_data[name] for name in ("von", "bis"))
        return frueher, spaeter

    @property
    def vertauscht(self) -> bool:
        return self.form.cleaned_data["von"] > self.form.cleaned_data["bis"]

    def filter_queryset(self, beteiligungen: BeteiligungQuerySet) -> BeteiligungQuerySet:
        gefiltert = super().filter_queryset(beteiligungen)
        von, bis = self.tage
        return gefiltert.am(von) | gefiltert.am(bis)

    def beide_tage(self, beteiligungen: BeteiligungQuerySet, name: str, wert: date) -> BeteiligungQuerySet:
        return beteiligungen

    def jede_kommune(self, beteiligungen: BeteiligungQuerySet, name: str, wert: str) -> BeteiligungQuerySet:
        return beteiligungen
