from datetime import date
from typing import Any

from django import forms

from bestandsaufnahme.auswahl import Herkunft
from bestandsaufnahme.models import Einlesung
from ikz_portal.basis.schleuse import Dateiart, DateiFeld

DATEI_HOECHSTENS = 10 << 20


class EinlesungForm(forms.ModelForm):
    """The file, and what holds where it says nothing."""

    datei = DateiFeld(label="Datei", erlaubt={Dateiart.XLSX, Dateiart.CSV}, hoechstens=DATEI_HOECHSTENS)
    herkunft = forms.ChoiceField(
        label="Angaben ohne Herkunft sind bekannt",
        choices=Herkunft.choices,
        widget=forms.RadioSelect,
        help_text="Gilt für neue Angaben, wo die Datei keine Spalte „Bekannt durch“ hat oder die Zelle leer ist. "
        "„Laut Erhebung“ braucht als Tag den Stichtag einer Erhebung.",
    )

    class Meta:
        model = Einlesung
        fields = ["gilt_ab", "herkunft"]
        labels = {"gilt_ab": "Angaben ohne Tag gelten ab"}
        help_texts = {"gilt_ab": "Gilt, wo die Datei keine Spalte „Belegt ab“ hat oder die Zelle leer ist."}
        widgets = {"gilt_ab": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    field_order = ["datei", "gilt_ab", "herkunft"]

    def __init__(self, *args: Any, frueheste: date, spaeteste: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frueheste, self.spaeteste = frueheste, spaeteste

    def clean_gilt_ab(self) -> date:
        tag: date = self.cleaned_data["gilt_ab"]
        if not self.frueheste <= tag <= self.spaeteste:
            raise forms.ValidationError(
                f"Bitte nennen Sie einen Tag in den Jahren {self.frueheste.year} bis {self.spaeteste.year}."
            )
        return tag
