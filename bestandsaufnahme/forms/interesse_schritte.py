"""Forms of the steps of a declaration that is filed."""

from django import forms


class RueckzugForm(forms.Form):
    grund = forms.CharField(
        label="Grund",
        max_length=2000,
        help_text="Der Grund bleibt bei der Interessenbekundung stehen.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Bitte nennen Sie den Grund, warum Sie das Interesse zurückziehen."},
    )
