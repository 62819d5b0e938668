from django import forms

from kommunen.models import Konto


class ProfilForm(forms.ModelForm):
    """What everybody changes of the own Konto; Rolle and Kommune are the Geschäftsstelle's."""

    class Meta:
        model = Konto
        fields = ["name", "funktion"]
        help_texts = {
            "name": "So sehen Sie die anderen im Portal.",
            "funktion": "Zum Beispiel Leitung Hauptamt oder Fachdienst Ordnung.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "funktion": forms.TextInput(attrs={"autocomplete": "organization-title"}),
        }
