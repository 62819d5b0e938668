from typing import Any

from django import forms

from bestandsaufnahme.abfragen.kooperation.partner import fassung
from bestandsaufnahme.models import ExternerPartner


class PartnerForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="So, wie er in jeder Kooperation stehen soll.",
        error_messages={"required": "Bitte nennen Sie den Partner."},
    )
    hinweis = forms.CharField(
        label="Hinweis",
        max_length=300,
        required=False,
        help_text="Zum Beispiel der Sitz oder die Aufgabe. Jede Person kann ihn lesen.",
    )


class PartnerBearbeitenForm(PartnerForm):
    """Carries the edition that was read, so that nobody overwrites what somebody else changed since."""

    gelesen = forms.CharField(widget=forms.HiddenInput, max_length=600, strip=False)

    def __init__(self, *args: Any, partner: ExternerPartner, **kwargs: Any) -> None:
        anfangs = {"name": partner.name, "hinweis": partner.hinweis, "gelesen": fassung(partner)}
        super().__init__(*args, **{**kwargs, "initial": anfangs})
