from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from kommunen.models import Konto, Sitz

SPITZE = "Verwaltungsspitze"
NIEMAND = "Noch hat niemand ein Amt, das sich vertreten lässt"


class Personenfeld(forms.ModelChoiceField):
    """Persons with what tells two of the same name apart."""

    def label_from_instance(self, obj: Konto) -> str:
        zusatz = ", ".join(filter(None, [obj.funktion, str(obj.kommune or "")]))
        return f"{obj.name} ({zusatz})" if zusatz else obj.name


class VertretungForm(forms.Form):
    """The office says who is represented: as head of a Kommune, or in a seat. What may be chosen is handed in."""

    amt = forms.ChoiceField(
        label="Vertretene Person und Amt",
        error_messages={"invalid_choice": "Dieses Amt steht nicht (mehr) zur Wahl. Bitte wählen Sie es neu aus."},
    )
    vertreter = Personenfeld(
        label="Vertretung durch",
        queryset=Konto.objects.none(),
        empty_label="Bitte wählen",
        error_messages={"invalid_choice": "Diese Person steht nicht zur Wahl. Bitte wählen Sie sie neu aus."},
    )
    von = forms.DateField(label="Erster Tag", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    letzter_tag = forms.DateField(
        label="Letzter Tag",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Ohne letzten Tag gilt die Vertretung, bis sie beendet wird.",
    )

    def __init__(
        self,
        *args: Any,
        spitzen: Iterable[Konto],
        sitze: Iterable[Sitz],
        vertreter: QuerySet[Konto],
        heute: date,
        **kwargs: Any,
    ) -> None:
        """Take heads with their Kommune, seats with Gremium, Kommune and holder."""
        kwargs["initial"] = {"von": heute}
        super().__init__(*args, **kwargs)
        self._aemter: dict[str, tuple[Konto, Sitz | None]] = {}
        gruppen = [(SPITZE, [self._amt(f"spitze-{konto.pk}", konto, None) for konto in spitzen])]
        je_gremium: dict[str, list[tuple[str, str]]] = {}
        for sitz in sitze:
            if sitz.konto is not None:
                wahl = self._amt(f"sitz-{sitz.pk}", sitz.konto, sitz)
                je_gremium.setdefault(sitz.gremium.name, []).append(wahl)
        gruppen = [(name, wahl) for name, wahl in [*gruppen, *je_gremium.items()] if wahl]
        leer = [] if len(self._aemter) == 1 else [("", "Bitte wählen" if self._aemter else NIEMAND)]
        self.fields["amt"].choices = [*leer, *gruppen]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["vertreter"].queryset = vertreter  # type: ignore[attr-defined]  # a ModelChoiceField

    def _amt(self, wert: str, konto: Konto, sitz: Sitz | None) -> tuple[str, str]:
        self._aemter[wert] = (konto, sitz)
        kommune = sitz.kommune if sitz else konto.kommune
        amt = sitz.gremium.name if sitz else SPITZE
        return wert, f"{konto.name}: {amt} ({kommune or 'Gast'})"

    def angaben(self) -> dict[str, Any]:
        """Return what the operation takes of it."""
        vertretener, sitz = self._aemter[self.cleaned_data["amt"]]
        rest = {name: self.cleaned_data[name] for name in ("vertreter", "von", "letzter_tag")}
        return {"vertretener": vertretener, "sitz": sitz, **rest}
