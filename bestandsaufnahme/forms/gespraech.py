from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import from_current_timezone
from django.utils import timezone

from bestandsaufnahme.forms.erhebung import bis_in_zehn_jahren, tag_feld
from bestandsaufnahme.models import Gespraech
from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld
from kommunen.models import Kommune


class GespraechForm(UngeprueftZeigen, forms.Form):
    kommune = forms.ModelChoiceField(
        Kommune.objects.none(), label="Kommune", empty_label="Bitte wählen", to_field_name="ags"
    )
    tag = tag_feld("Tag")
    uhrzeit = forms.TimeField(label="Uhrzeit", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ort = forms.CharField(label="Ort", max_length=150, required=False, help_text="Zum Beispiel „Rathaus, Raum 12“.")
    anwesende = forms.CharField(
        label="Anwesende",
        max_length=300,
        required=False,
        help_text="Nur Funktionen, keine Namen: zum Beispiel „Hauptamt, Kämmerei, Geschäftsstelle“.",
    )
    notizen = forms.CharField(
        label="Notizen",
        max_length=20000,
        required=False,
        help_text="Diese Kommune und die Geschäftsstelle lesen sie. Bitte schreiben Sie keine Namen hinein.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, kommunen: QuerySet[Kommune], heute: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = kommunen  # type: ignore[attr-defined]  # a ModelChoiceField
        bis_in_zehn_jahren(self.fields["tag"], heute)

    def clean(self) -> dict[str, Any]:
        daten = super().clean() or self.cleaned_data
        if daten.get("tag") and daten.get("uhrzeit"):
            try:
                daten["am"] = from_current_timezone(datetime.combine(daten["tag"], daten["uhrzeit"]))
            except ValidationError:
                satz = "Diese Uhrzeit gibt es an dem Tag nicht oder zweimal (Zeitumstellung)."
                self.add_error("uhrzeit", f"{satz} Bitte wählen Sie eine andere.")
        return daten

    def angaben(self) -> dict[str, Any]:
        return {feld: self.cleaned_data[feld] for feld in ("kommune", "am", "ort", "anwesende", "notizen")}


class GespraechBearbeitenForm(GespraechForm):
    version = versionsfeld()

    def __init__(self, *args: Any, gespraech: Gespraech, **kwargs: Any) -> None:
        termin = timezone.localtime(gespraech.am)
        felder = ("ort", "anwesende", "notizen", "version")
        kwargs["initial"] = {feld: getattr(gespraech, feld) for feld in felder} | {
            "kommune": gespraech.kommune.ags,
            "tag": termin.date(),
            "uhrzeit": f"{termin:%H:%M}",
        }
        super().__init__(*args, **kwargs)
