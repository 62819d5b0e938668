"""The forms of the Fragebogen as a whole: who fills it in, what came on paper, all Aufgabenfelder on one page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from bestandsaufnahme.ablaeufe.antwort import InteresseAngaben
from bestandsaufnahme.auswahl import Aussage
from bestandsaufnahme.forms.antwort import INTERESSE_WAHL, PRIORITAETEN
from bestandsaufnahme.fragenkatalog import PRIORITAET
from bestandsaufnahme.models import Fragebogen, Fragebogenantwort
from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld

FELDER = ("aussage", "prioritaet", "erlaeuterung", "version")


class StelleForm(UngeprueftZeigen, forms.Form):
    stelle = forms.CharField(
        label="Ausfüllende Stelle",
        max_length=120,
        required=False,
        help_text="Die Funktion, zum Beispiel Hauptamt. Bitte keinen Namen.",
    )
    version = versionsfeld()

    def __init__(self, *args: Any, fragebogen: Fragebogen, **kwargs: Any) -> None:
        kwargs["initial"] = {"stelle": fragebogen.stelle, "version": fragebogen.version}
        super().__init__(*args, **kwargs)


class PapierForm(forms.Form):
    vermerk = forms.CharField(
        label="Vermerk",
        max_length=300,
        help_text="Wann und wie kam die Rückmeldung, und wer hat sie unterschrieben (Funktion)? "
        "Zum Beispiel: Brief vom 12.05.2026, unterschrieben vom Bürgermeister.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Bitte nennen Sie, wann und wie die Rückmeldung kam."},
    )


@dataclass(frozen=True, slots=True)
class Feldzeile:
    """The fields of one Aufgabenfeld, and what the Kommune has declared there already."""

    name: str
    aussage: BoundField
    prioritaet: BoundField
    erlaeuterung: BoundField
    version: BoundField
    bekundet: Sequence[str]

    @property
    def sichtbare(self) -> tuple[BoundField, ...]:
        return self.aussage, self.prioritaet, self.erlaeuterung


class InteressenForm(UngeprueftZeigen, forms.Form):
    """All Aufgabenfelder on one page. Each row has its own version, so that two people can work at once."""

    def __init__(
        self,
        *args: Any,
        antworten: Sequence[Fragebogenantwort],
        bekundet: Mapping[int, Sequence[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._antworten, self._bekundet = antworten, bekundet
        for antwort in antworten:
            self._zeile_anlegen(antwort)

    def _zeile_anlegen(self, antwort: Fragebogenantwort) -> None:
        name = str(antwort.aufgabenfeld)
        felder: dict[str, tuple[forms.Field, Any]] = {
            "aussage": (
                forms.ChoiceField(label=f"{name}: Interesse", choices=INTERESSE_WAHL, widget=forms.RadioSelect),
                antwort.aussage,
            ),
            "prioritaet": (
                forms.ChoiceField(
                    label=f"{name}: Priorität",
                    choices=PRIORITAETEN,
                    required=False,
                    widget=forms.Select(attrs={"class": "form-select"}),
                ),
                antwort.angaben.get(PRIORITAET, ""),
            ),
            "erlaeuterung": (
                forms.CharField(
                    label=f"{name}: Wofür, oder unter welcher Bedingung?",
                    max_length=500,
                    required=False,
                    widget=forms.TextInput(attrs={"class": "form-control"}),
                ),
                antwort.erlaeuterung,
            ),
            "version": (versionsfeld(), antwort.version),
        }
        for feld, (form_feld, anfang) in felder.items():
            self.fields[f"{feld}-{antwort.pk}"] = form_feld
            self.initial[f"{feld}-{antwort.pk}"] = anfang

    def zeilen(self) -> Iterator[Feldzeile]:
        for antwort in self._antworten:
            aussage, prioritaet, erlaeuterung, version = (self[f"{feld}-{antwort.pk}"] for feld in FELDER)
            bekundet = self._bekundet.get(antwort.aufgabenfeld_id or 0, ())
            yield Feldzeile(str(antwort.aufgabenfeld), aussage, prioritaet, erlaeuterung, version, bekundet)

    def clean(self) -> dict[str, Any]:
        """What is said to a field that isn't answered would be lost: ask for the answer."""
        werte = super().clean() or self.cleaned_data
        for antwort in self._antworten:
            dazu = [werte.get(f"{feld}-{antwort.pk}") for feld in ("prioritaet", "erlaeuterung")]
            if werte.get(f"aussage-{antwort.pk}") == Aussage.OFFEN and any(dazu):
                self.add_error(
                    f"aussage-{antwort.pk}", ValidationError("Bitte wählen Sie dazu „ja“, „bedingt“ oder „nein“.")
                )
        return werte

    def angaben(self) -> list[InteresseAngaben]:
        return [self._angaben(antwort.pk) for antwort in self._antworten]

    def _angaben(self, pk: int) -> InteresseAngaben:
        werte = {feld: self.cleaned_data[f"{feld}-{pk}"] for feld in ("aussage", "version", "erlaeuterung")}
        prioritaet = self.cleaned_data[f"prioritaet-{pk}"]
        return InteresseAngaben(pk=pk, **werte, angaben={PRIORITAET: prioritaet} if prioritaet else {})
