from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from bestandsaufnahme.auswahl import VeroeffentlichungArt
from bestandsaufnahme.models import Veroeffentlichung
from bestandsaufnahme.models.veroeffentlichung import Fussnotenfassung, Zustimmung
from kommunen.models import Kommune

INTERN, OEFFENTLICH = "intern", "oeffentlich"


class VeroeffentlichungForm(forms.ModelForm):
    """How a round is to be published, and from which day on for the public; an example only internally."""

    art = forms.ChoiceField(
        label="Art",
        choices=VeroeffentlichungArt.choices,
        widget=forms.RadioSelect,
        initial=VeroeffentlichungArt.MIT_NAMEN,
        help_text="Mit Namen zeigt die Matrix selbst. Anonymisiert steht das Ergebnis auf einer eigenen Seite.",
    )
    kreis = forms.ChoiceField(
        label="Wer soll das Ergebnis sehen?",
        choices=[
            (INTERN, "nur angemeldete Personen"),
            (OEFFENTLICH, "angemeldete Personen sofort, die Öffentlichkeit von einem Tag an"),
        ],
        widget=forms.RadioSelect,
        initial=INTERN,
    )

    class Meta:
        model = Veroeffentlichung
        fields = ["art", "oeffentlich_ab"]
        labels = {"oeffentlich_ab": "Öffentlich ab"}
        help_texts = {"oeffentlich_ab": "Vor diesem Tag erfährt die Öffentlichkeit nichts davon."}
        widgets = {"oeffentlich_ab": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    field_order = ["art", "kreis", "oeffentlich_ab"]

    def __init__(self, *args: Any, heute: date, nur_intern: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heute = heute
        if nur_intern:
            del self.fields["kreis"], self.fields["oeffentlich_ab"]

    def clean(self) -> dict[str, Any]:
        daten = super().clean() or self.cleaned_data
        kreis, tag = daten.pop("kreis", INTERN), daten.get("oeffentlich_ab")
        if kreis == INTERN:
            daten["oeffentlich_ab"] = None
        elif tag is None and "oeffentlich_ab" not in self.errors:
            self.add_error("oeffentlich_ab", "Bitte nennen Sie den Tag, von dem an das Ergebnis öffentlich ist.")
        elif tag is not None and tag < self.heute:
            self.add_error("oeffentlich_ab", "Der Tag liegt in der Vergangenheit. Bitte wählen Sie einen späteren.")
        return daten


class FussnoteForm(forms.ModelForm):
    class Meta:
        model = Fussnotenfassung
        fields = ["bezeichnung", "erlaeuterung"]
        widgets = {"erlaeuterung": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "bezeichnung": "Ohne Namen, zum Beispiel „Postverbund zweier Städte“.",
            "erlaeuterung": "Externe Partner und Hinweise stehen nur noch da, wenn Sie sie hier nennen.",
        }


class ZustimmungForm(forms.ModelForm):
    """Which Kommune agrees: the own one for its head, any for the Geschäftsstelle, which says how it knows."""

    kommune = forms.ModelChoiceField(
        Kommune.objects.none(), label="Kommune", to_field_name="ags", empty_label="Bitte wählen"
    )

    class Meta:
        model = Zustimmung
        fields = ["kommune", "vermerk"]
        help_texts = {"vermerk": "Zum Beispiel „Schreiben der Verwaltungsspitze vom 12.03.2026“."}

    def __init__(self, *args: Any, kommunen: QuerySet[Kommune], im_auftrag: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        auswahl: Any = self.fields["kommune"]
        auswahl.queryset = kommunen
        self.fields["vermerk"].required = im_auftrag
        if not im_auftrag:
            auswahl.initial = kommunen.values_list("ags", flat=True).first()
            del self.fields["vermerk"]


class RuecknahmeForm(forms.Form):
    grund = forms.CharField(
        label="Grund",
        max_length=2000,
        help_text="Angemeldete Personen lesen ihn anstelle des Ergebnisses.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Bitte nennen Sie den Grund der Rücknahme."},
    )
