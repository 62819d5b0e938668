"""A Kooperation ends, or does not come about."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bestandsaufnahme.forms.fragen import JAHRE, Tagesfeld
from bestandsaufnahme.models import Hemmnis


class EndeForm(forms.Form):
    letzter_tag = Tagesfeld(
        label="Letzter Tag",
        help_text="An diesem Tag besteht die Kooperation noch, am nächsten nicht mehr.",
        error_messages={"required": "Bitte nennen Sie den letzten Tag der Kooperation."},
    )


class ScheiternForm(forms.Form):
    jahr = forms.IntegerField(
        label="Jahr",
        min_value=JAHRE.start,
        max_value=JAHRE.stop - 1,
        help_text="Das Jahr, in dem die Kommunen davon abließen.",
        error_messages={"required": "Bitte nennen Sie das Jahr."},
    )
    grund = forms.CharField(
        label="Grund",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In ein, zwei Sätzen, damit andere daraus lernen. Bei einer veröffentlichten Kooperation liest ihn "
        "jede Person.",
        error_messages={"required": "Bitte nennen Sie den Grund."},
    )
    hemmnisse = forms.ModelMultipleChoiceField(
        label="Hemmnisse",
        queryset=Hemmnis.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Was aus der gemeinsamen Liste zutrifft.",
    )
    ab = Tagesfeld(
        label="Gilt ab",
        help_text="Von diesem Tag an steht sie in der Matrix als „erwogen, nicht zustande gekommen“.",
        error_messages={"required": "Bitte nennen Sie den Tag, ab dem das gilt."},
    )

    def __init__(self, *args: Any, hemmnisse: Iterable[Hemmnis], heute: date, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"jahr": heute.year, "ab": heute}})
        self.heute = heute
        self.fields["hemmnisse"].queryset = hemmnisse  # type: ignore[attr-defined]  # as declared above

    def clean_jahr(self) -> int:
        jahr: int = self.cleaned_data["jahr"]
        if jahr > self.heute.year:
            raise ValidationError("Das Jahr liegt in der Zukunft. Bitte prüfen Sie es.")
        return jahr
