"""The form by which declarations of interest become a Projektidee. What failed before comes first, to be read."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from ikz_portal.startseite.abfragen.starthilfe import NAME_HOECHSTENS, Kandidat
from projekte.abfragen.versuche import Versuch

TEXT_HOECHSTENS = 20_000
OHNE_KONTAKT = ("", "noch offen")
KEINE = "Bitte wählen Sie mindestens eine Kommune, mit der das Projekt beginnt."


class StarthilfeForm(forms.Form):
    name = forms.CharField(
        label="Name der Projektidee",
        max_length=NAME_HOECHSTENS,
        help_text="Auch der Name wird öffentlich, wenn das Projekt veröffentlicht wird.",
        error_messages={"required": "Bitte nennen Sie die Projektidee."},
    )
    kurzbeschreibung = forms.CharField(
        label="Kurzbeschreibung",
        required=False,
        max_length=TEXT_HOECHSTENS,
        help_text="Entworfen aus den Worten der Kommunen. Bitte fassen Sie es zusammen: "
        "Wird das Projekt veröffentlicht, steht der Text auf seiner öffentlichen Seite.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(
        self,
        *args: Any,
        versuche: Sequence[Versuch],
        kandidaten: Sequence[Kandidat],
        gewaehlte: Collection[int],
        **kwargs: Any,
    ) -> None:
        """Take the failed attempts that there are now, and the declarations; `gewaehlte` (keys) are ticked first."""
        super().__init__(*args, **kwargs)
        self.versuche, self.kandidaten = versuche, kandidaten
        for versuch in versuche:
            self.fields[f"gelesen-{versuch.schluessel}"] = forms.BooleanField(
                label=f"Ich habe „{versuch.titel}“ gelesen",
                error_messages={"required": "Bitte lesen Sie, woran dieser Versuch scheiterte, und bestätigen Sie es."},
            )
        for kandidat in kandidaten:
            self.fields[f"dabei-{kandidat.pk}"] = forms.BooleanField(
                label=kandidat.kommune, required=False, initial=kandidat.pk in gewaehlte
            )
            self.fields[f"kontakt-{kandidat.pk}"] = forms.ChoiceField(
                label=f"Ansprechperson in {kandidat.kommune}",
                required=False,
                choices=[OHNE_KONTAKT, *kandidat.kontakte],
                initial=kandidat.kontakt,
                error_messages={"invalid_choice": "Diese Person gehört nicht (mehr) zu der Kommune."},
            )
        self.order_fields([name for name in self.fields if name.startswith("gelesen-")])

    def clean(self) -> dict[str, Any]:
        werte = super().clean() or self.cleaned_data
        if self.kandidaten and not self.interessen():
            self.add_error(f"dabei-{self.kandidaten[0].pk}", ValidationError(KEINE))
        return werte

    # --- what was said ------------------------------------------------------------------------------------------------
    def interessen(self) -> list[Any]:
        return [k.interesse for k in self.kandidaten if self.cleaned_data.get(f"dabei-{k.pk}")]

    def kontakte(self) -> dict[int, int]:
        """Return the key of the person for each declaration that has one."""
        genannte = {k.pk: self.cleaned_data.get(f"kontakt-{k.pk}") for k in self.kandidaten}
        return {pk: int(konto) for pk, konto in genannte.items() if konto}

    def gelesene(self) -> list[str]:
        return [v.schluessel for v in self.versuche if self.cleaned_data.get(f"gelesen-{v.schluessel}")]

    # --- for the template ---------------------------------------------------------------------------------------------
    def zu_lesen(self) -> Iterator[tuple[Versuch, BoundField]]:
        for versuch in self.versuche:
            yield versuch, self[f"gelesen-{versuch.schluessel}"]

    def teilnehmende(self) -> Iterator[tuple[Kandidat, BoundField, BoundField]]:
        for kandidat in self.kandidaten:
            yield kandidat, self[f"dabei-{kandidat.pk}"], self[f"kontakt-{kandidat.pk}"]
