"""Forms of the steps of a declaration: withdrawing, raising the Stufe, confirming, and who confirms at all."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bestandsaufnahme.auswahl import Stufe
from ikz_portal.basis.formulare import versionsfeld

NEU_LADEN = "Bitte laden Sie die Seite neu."


class RueckzugForm(forms.Form):
    grund = forms.CharField(
        label="Grund",
        max_length=2000,
        help_text="Der Grund bleibt bei der Interessenbekundung stehen.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Bitte nennen Sie den Grund, warum Sie das Interesse zurückziehen."},
    )


class StufeForm(forms.Form):
    """Asks which one; whether it is a higher one knows the operation."""

    stufe = forms.ChoiceField(
        choices=Stufe.choices,
        error_messages={
            "required": f"Bitte wählen Sie eine Stufe. {NEU_LADEN}",
            "invalid_choice": f"Diese Stufe gibt es nicht. {NEU_LADEN}",
        },
    )


class GeleseneForm(forms.Form):
    """Says in which version somebody read what it confirms or throws away."""

    version = versionsfeld()
    version.error_messages = dict.fromkeys(version.error_messages, f"Die Angaben kamen unvollständig an. {NEU_LADEN}")


class PflichtForm(forms.Form):
    noetig = forms.ChoiceField(
        choices=[("ja", "ja"), ("nein", "nein")],
        error_messages={
            "required": f"Es kam nicht an, ob bestätigt werden soll. {NEU_LADEN}",
            "invalid_choice": f"Möglich ist „ja“ oder „nein“. {NEU_LADEN}",
        },
    )


def angaben(form: forms.Form) -> dict[str, Any]:
    """Return what a form without a page of its own says; refused in its own words."""
    if not form.is_valid():
        raise ValidationError([satz for saetze in form.errors.values() for satz in saetze])
    return form.cleaned_data
