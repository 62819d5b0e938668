from collections.abc import Mapping
from typing import Any

from django import forms

from kommunen.auswahl import VORGABE_RHYTHMUS, Meldeanlass, Rhythmus

# What each Anlass means, beside its label.
ERKLAERUNGEN: dict[Meldeanlass, str] = {
    Meldeanlass.INTERESSE_NEU: "Die Felder wählen Sie weiter unten.",
    Meldeanlass.ANSCHLUSS: "Eine andere Kommune will dasselbe wie Ihre und sagt es ausdrücklich.",
    Meldeanlass.KONSTELLATION: "Das Portal findet Kommunen, die mit Ihrer zusammen beginnen könnten.",
    Meldeanlass.ABLAUF: "30 Tage, bevor eine Interessenbekundung von Ihnen endet.",
    Meldeanlass.BESTAETIGUNG: "Ihre Kommune hat ein Interesse abgegeben, das erst mit Ihrer Zustimmung zählt.",
    Meldeanlass.PROJEKTIDEE: "Die Geschäftsstelle beginnt mit Ihrem Interesse ein Projekt.",
    Meldeanlass.EINTRAG: "Ein Interesse im Namen Ihrer Kommune, oder eine Änderung an einem, das sie abgegeben hat.",
}


class MeldewunschForm(forms.Form):
    """For each Anlass that concerns the person how it wants to be told, as it holds now."""

    def __init__(self, *args: Any, rhythmen: Mapping[Meldeanlass, Rhythmus], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for anlass, rhythmus in rhythmen.items():
            self.fields[anlass.value] = forms.ChoiceField(
                label=anlass.label,
                choices=[(wahl.value, _wort(anlass, wahl)) for wahl in Rhythmus],
                initial=rhythmus.value,
                help_text=ERKLAERUNGEN[anlass],
            )

    def gewaehlte(self) -> dict[Meldeanlass, Rhythmus]:
        return {Meldeanlass(anlass): Rhythmus(wahl) for anlass, wahl in self.cleaned_data.items()}


def _wort(anlass: Meldeanlass, wahl: Rhythmus) -> str:
    return f"{wahl.label} (Vorgabe)" if VORGABE_RHYTHMUS[anlass] == wahl else wahl.label
