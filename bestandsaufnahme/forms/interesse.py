from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from bestandsaufnahme.auswahl import InteresseArt, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung, Kooperationsfeld
from kommunen.models import Kommune

Feld = Aufgabenfeld | Kooperationsfeld
OHNE_FELD = "ohne"


class InteresseForm(forms.ModelForm):
    """What a Kommune declares. Which one follows from the Konto; only who acts for several chooses among these."""

    kommune = forms.ModelChoiceField(
        Kommune.objects.none(), label="Für welche Kommune tragen Sie das ein?", empty_label=None, to_field_name="ags"
    )

    feld = forms.ChoiceField(
        label="Aufgabenfeld oder Kooperationsfeld",
        help_text="Ein ganzes Aufgabenfeld oder genauer ein Kooperationsfeld darin.",
        error_messages={
            "required": "Bitte wählen Sie ein Aufgabenfeld oder ein Kooperationsfeld.",
            "invalid_choice": "Dieses Feld gibt es nicht. Bitte wählen Sie eines aus der Liste.",
        },
    )
    art = forms.ChoiceField(
        label="Art",
        choices=InteresseArt.choices,
        widget=forms.RadioSelect,
        initial=InteresseArt.KOOPERATIONSWILLE,
        help_text="Kooperationswille: Sie möchten die Aufgabe gemeinsam erledigen. "
        "Info-Austausch: Sie möchten sich mit anderen darüber austauschen.",
    )
    stufe = forms.ChoiceField(
        label="So weit würde Ihre Kommune gehen",
        choices=Stufe.choices,
        widget=forms.RadioSelect,
        initial=Stufe.INTERESSE,
    )

    class Meta:
        model = Interessenbekundung
        fields = ["art", "stufe", "wofuer", "bietet", "sucht", "gueltig_bis"]
        labels = {"wofuer": "Wofür möchten Sie zusammenarbeiten?", "gueltig_bis": "Gültig bis"}
        help_texts = {
            "wofuer": "In zwei, drei Sätzen: die Aufgabe und was besser werden soll.",
            "bietet": "Zum Beispiel Personal, Technik, Erfahrung, Räume.",
            "sucht": "Zum Beispiel Partner für eine gemeinsame Stelle.",
            "gueltig_bis": "Leer: Die Interessenbekundung gilt, bis Sie sie zurückziehen.",
        }
        error_messages = {"wofuer": {"required": "Bitte schreiben Sie, wofür Ihre Kommune zusammenarbeiten möchte."}}
        widgets = {
            "wofuer": forms.Textarea(attrs={"rows": 4}),
            "bietet": forms.Textarea(attrs={"rows": 2}),
            "sucht": forms.Textarea(attrs={"rows": 2}),
            "gueltig_bis": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    field_order = ["kommune", "feld", "art", "stufe", "wofuer", "bietet", "sucht", "gueltig_bis"]

    def __init__(
        self,
        *args: Any,
        kommunen: QuerySet[Kommune],
        felder: Iterable[Aufgabenfeld],
        heute: date,
        **kwargs: Any,
    ) -> None:
        """Take the Kommunen that may be declared for, and the Aufgabenfelder with their Kooperationsfelder."""
        super().__init__(*args, **kwargs)
        self.heute = heute
        self.fields["kommune"].queryset = kommunen  # type: ignore[attr-defined]  # a ModelChoiceField
        self.einzige = kommunen[0] if len(kommunen) == 1 else None
        if self.einzige:
            del self.fields["kommune"]
        self._felder: dict[str, Feld] = {}
        gruppen = [(feld.name, self._gruppe(feld)) for feld in felder]
        ohne = (OHNE_FELD, "ohne bestimmtes Feld (nur Info-Austausch)")
        self.fields["feld"].choices = [("", "Bitte wählen"), ohne, *gruppen]  # type: ignore[attr-defined]  # a ChoiceField

    def _gruppe(self, feld: Aufgabenfeld) -> list[tuple[str, str]]:
        optionen: list[tuple[str, Feld, str]] = [
            (f"aufgabenfeld-{feld.pk}", feld, f"{feld.name} (ganzes Aufgabenfeld)")
        ]
        optionen += [(f"kooperationsfeld-{teil.pk}", teil, teil.name) for teil in feld.kooperationsfelder.all()]
        self._felder |= {wert: objekt for wert, objekt, _ in optionen}
        return [(wert, name) for wert, _, name in optionen]

    def clean_feld(self) -> Feld | None:
        return self._felder.get(self.cleaned_data["feld"])

    def clean_gueltig_bis(self) -> date | None:
        tag = self.cleaned_data["gueltig_bis"]
        if tag is not None and tag < self.heute:
            raise forms.ValidationError("Der Tag liegt in der Vergangenheit. Bitte wählen Sie einen späteren.")
        return tag

    def clean(self) -> dict[str, Any]:
        daten = super().clean() or self.cleaned_data
        if self.einzige:
            daten["kommune"] = self._eigene(self.einzige)
        feld = daten.pop("feld", None)
        daten["aufgabenfeld"] = feld if isinstance(feld, Aufgabenfeld) else None
        daten["kooperationsfeld"] = feld if isinstance(feld, Kooperationsfeld) else None
        if daten.get("art") == InteresseArt.KOOPERATIONSWILLE and feld is None and "feld" not in self.errors:
            self.add_error(
                "feld",
                "Ein Kooperationswille gilt einem Aufgabenfeld oder einem Kooperationsfeld. Bitte wählen Sie eines.",
            )
        return daten

    def _eigene(self, kommune: Kommune) -> Kommune:
        """Refuse another one: it was offered until a Vertretung ended, or nobody ever offered it."""
        if self.data.get("kommune", kommune.ags) != kommune.ags:
            raise forms.ValidationError(
                f"Sie können nur für {kommune} ein Interesse bekunden. Bitte laden Sie die Seite neu."
            )
        return kommune
