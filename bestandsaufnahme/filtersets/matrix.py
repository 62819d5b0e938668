from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django_filters import ChoiceFilter, DateFilter

from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.filtersets.gemeinsam import UNBEKANNTE_KOMMUNE, UNBEKANNTES_FELD, FeldUndKommune
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet


class MatrixFilter(FeldUndKommune):
    """The marks of one day: that of `stichtag`, by default the one handed in."""

    stichtag = DateFilter(
        label="Stichtag",
        method="am",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": "Der Stichtag ist kein Datum. Bitte geben Sie einen Tag an, zum Beispiel 30.06.2013."
        },
    )
    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld",
        field_name="kooperation__kooperationsfeld__aufgabenfeld__slug",
        empty_label="alle",
        error_messages=UNBEKANNTES_FELD,
    )
    kommune = ChoiceFilter(
        label="Kommune", field_name="kommune__ags", empty_label="alle", error_messages=UNBEKANNTE_KOMMUNE
    )
    status = ChoiceFilter(
        label="Status",
        choices=BeteiligungStatus.choices,
        empty_label="alle",
        error_messages={"invalid_choice": "Den Status „%(value)s“ gibt es nicht."},
    )

    def __init__(self, data: Any = None, *args: Any, standard: date, heute: date, **kwargs: Any) -> None:
        data = data.copy()
        if not data.get("stichtag"):
            data["stichtag"] = standard.isoformat()
        super().__init__(data, *args, **kwargs)
        zukunft = MaxValueValidator(heute, "Der Stichtag liegt in der Zukunft. Bitte wählen Sie heute oder früher.")
        self.form.fields["stichtag"].validators.append(zukunft)

    @property
    def tag(self) -> date:
        return self.form.cleaned_data["stichtag"]

    def am(self, beteiligungen: BeteiligungQuerySet, name: str, wert: date) -> BeteiligungQuerySet:
        return beteiligungen.am(wert)
