from typing import Any

from allauth.account.fields import PasswordField
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from kommunen.auswahl import Rolle
from kommunen.forms.anmelden import (
    ADRESSE,
    LAENGSTE_ADRESSE,
    LAENGSTES_PASSWORT,
    PASSWORT_HILFE,
    VERSCHIEDEN,
    OhnePlatzhalter,
)
from kommunen.forms.konto import MitRolle
from kommunen.models import Einladung, Kommune, Konto


class EinladungForm(MitRolle):
    """Where there is one Rolle or one Kommune only, it isn't asked for and can't be sent along."""

    email = forms.EmailField(
        label=ADRESSE, max_length=LAENGSTE_ADRESSE, help_text="Die dienstliche. Dorthin geht die Einladung."
    )

    field_order = ["email", "name", "funktion", "rolle", "kommune"]

    def __init__(self, *args: Any, rollen: list[Rolle], kommunen: QuerySet[Kommune], **kwargs: Any) -> None:
        super().__init__(*args, rollen=rollen, kommunen=kommunen, **kwargs)
        self.feste: dict[str, Any] = {}
        if len(rollen) == 1:
            self._festlegen("rolle", rollen[0])
            self._kommune_fragen(list(kommunen))
        else:  # nobody becomes Geschäftsstelle because it stands first
            feld = self.fields["rolle"]
            feld.choices = [("", "Bitte wählen"), *feld.choices]  # type: ignore[attr-defined]  # a ChoiceField

    def _kommune_fragen(self, kommunen: list[Kommune]) -> None:
        """Ask a head for the Kommune only where it is deputy for another one too."""
        feld = self.fields["kommune"]
        feld.required, feld.help_text = True, ""
        feld.empty_label = "Bitte wählen"  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(kommunen) == 1:
            self._festlegen("kommune", kommunen[0])

    def _festlegen(self, feld: str, wert: Any) -> None:
        del self.fields[feld]
        self.feste[feld] = wert

    def clean(self) -> dict[str, Any]:
        self.cleaned_data |= self.feste
        return super().clean()


class AnnahmeForm(OhnePlatzhalter):
    """What an invited person tells to make the Konto. Address, Rolle and Kommune are those of the invitation."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="Unter diesem Namen erscheinen Sie im Portal.",
    )
    funktion = forms.CharField(
        label="Funktion",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        help_text="Zum Beispiel Leitung Fachbereich Finanzen.",
    )
    passwort = PasswordField(
        label="Passwort", autocomplete="new-password", max_length=LAENGSTES_PASSWORT, help_text=PASSWORT_HILFE
    )
    wiederholung = PasswordField(
        label="Passwort, noch einmal", autocomplete="new-password", max_length=LAENGSTES_PASSWORT
    )

    def __init__(self, *args: Any, einladung: Einladung, **kwargs: Any) -> None:
        self.einladung = einladung
        name = "" if einladung.name == einladung.email else einladung.name
        kwargs["initial"] = {"name": name, "funktion": einladung.funktion}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        angaben = super().clean() or {}
        passwort, wiederholung = angaben.get("passwort"), angaben.pop("wiederholung", None)
        if passwort and wiederholung and passwort != wiederholung:
            self.add_error("wiederholung", VERSCHIEDEN)
        if passwort:
            self._passwort_pruefen(passwort, angaben.get("name", ""))
        return angaben

    def _passwort_pruefen(self, passwort: str, name: str) -> None:
        try:
            validate_password(passwort, Konto(email=self.einladung.email, name=name))
        except ValidationError as fehler:
            self.add_error("passwort", fehler)
