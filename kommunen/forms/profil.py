from typing import Any

from django import forms

from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld
from kommunen.models import Konto


class ProfilForm(UngeprueftZeigen, forms.ModelForm):
    """What everybody changes of the own Konto; Rolle and Kommune are the Geschäftsstelle's."""

    version = versionsfeld()

    class Meta:
        model = Konto
        fields = ["name", "funktion"]
        help_texts = {
            "name": "Unter diesem Namen erscheinen Sie im Portal.",
            "funktion": "Zum Beispiel Leitung Hauptamt oder Fachdienst Ordnung.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "funktion": forms.TextInput(attrs={"autocomplete": "organization-title"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
