from typing import Any

from django import forms
from django.db.models import QuerySet

from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, Rolle
from kommunen.models import Kommune, Konto


class MitRolle(forms.Form):
    """Fields of a person with a Rolle; which Rollen and Kommunen are offered is handed in."""

    name = forms.CharField(label="Name", max_length=120, help_text="Vorname und Nachname.")
    funktion = forms.CharField(
        label="Funktion", max_length=120, required=False, help_text="Zum Beispiel Leitung Fachbereich Finanzen."
    )
    rolle = forms.ChoiceField(label="Rolle")
    kommune = forms.ModelChoiceField(
        label="Kommune",
        queryset=Kommune.objects.none(),
        required=False,
        empty_label="keine",
        widget=forms.Select(attrs={"data-je-nach": "rolle"}),
        help_text="Nötig bei Bürgermeister/in und Kontakt; bei der Geschäftsstelle bleibt sie leer.",
    )

    def __init__(self, *args: Any, rollen: list[Rolle], kommunen: QuerySet[Kommune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rolle"].choices = [(rolle.value, rolle.label) for rolle in rollen]  # type: ignore[attr-defined]
        self.fields["kommune"].queryset = kommunen  # type: ignore[attr-defined]  # both are what is declared above

    def clean(self) -> dict[str, Any]:
        angaben = super().clean() or {}
        rolle, kommune = angaben.get("rolle"), angaben.get("kommune")
        if rolle in ROLLEN_EINER_KOMMUNE and kommune is None and "kommune" not in self.errors:
            self.add_error("kommune", "Diese Rolle gehört immer zu einer Kommune. Bitte wählen Sie sie aus.")
        if rolle == Rolle.GESCHAEFTSSTELLE and kommune is not None:
            self.add_error("kommune", "Die Geschäftsstelle gehört zu keiner einzelnen Kommune. Bitte wählen Sie keine.")
        return angaben


class KontoForm(UngeprueftZeigen, MitRolle):
    """What the Geschäftsstelle changes of a Konto; the address is its owner's."""

    version = versionsfeld()

    field_order = ["name", "funktion", "rolle", "kommune", "version"]

    def __init__(self, *args: Any, konto: Konto, **kwargs: Any) -> None:
        felder = ("name", "funktion", "rolle", "kommune", "version")
        kwargs["initial"] = {feld: getattr(konto, feld) for feld in felder}
        super().__init__(*args, **kwargs)
