from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from bestandsaufnahme.forms.erhebung import bis_in_zehn_jahren, tag_feld
from bestandsaufnahme.models import Interessenrunde, Rundenrueckmeldung
from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld
from kommunen.models import Kommune

ANSCHREIBEN = (
    "Bitte sagen Sie, in welchen Aufgabenfeldern Ihre Kommune mit anderen zusammenarbeiten möchte, wofür, und was sie "
    "einbringen kann. Ein Interesse verpflichtet zu nichts: Es zeigt, wer mit wem beginnen könnte. Die Ergebnisse "
    "berät die Lenkungsgruppe."
)


class RundeForm(UngeprueftZeigen, forms.Form):
    """A round while it is prepared."""

    name = forms.CharField(label="Name", max_length=120, help_text="Zum Beispiel „Interessenrunde 2026“.")
    frist = tag_feld("Frist", "Letzter Tag für die Antwort. Sie können ihn später verlängern.")
    anschreiben = forms.CharField(
        label="Anschreiben",
        max_length=4000,
        required=False,
        initial=ANSCHREIBEN,
        help_text="Steht in der E-Mail an die Kommunen. Frist und Link zur Antwort kommen von selbst dazu.",
        widget=forms.Textarea(attrs={"rows": 7}),
    )

    def __init__(self, *args: Any, heute: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bis_in_zehn_jahren(self.fields["frist"], heute)

    def angaben(self) -> dict[str, Any]:
        return {feld: self.cleaned_data[feld] for feld in ("name", "frist", "anschreiben")}


class RundeBearbeitenForm(RundeForm):
    """The same over a round that exists."""

    version = versionsfeld()

    def __init__(self, *args: Any, runde: Interessenrunde, **kwargs: Any) -> None:
        felder = ("name", "frist", "anschreiben", "version")
        kwargs["initial"] = {feld: getattr(runde, feld) for feld in felder}
        super().__init__(*args, **kwargs)


class RueckmeldungForm(forms.Form):
    """That a Kommune has nothing to add; on behalf with a note."""

    kommune = forms.ModelChoiceField(
        label="Kommune",
        queryset=Kommune.objects.none(),
        to_field_name="ags",
        empty_label="bitte wählen",
        error_messages={"required": "Bitte wählen Sie die Kommune, die geantwortet hat."},
    )
    vermerk = forms.CharField(
        label="Vermerk",
        max_length=300,
        help_text="Wie die Kommune es Ihnen gesagt hat, zum Beispiel „Anruf vom 12.11.2026, Hauptamt“.",
        error_messages={"required": "Bitte vermerken Sie, wie die Kommune Ihnen die Antwort mitgeteilt hat."},
    )

    def __init__(
        self, *args: Any, anfragen: QuerySet[Rundenrueckmeldung], mit_vermerk: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = Kommune.objects.filter(rundenrueckmeldungen__in=anfragen)  # type: ignore[attr-defined]
        if not mit_vermerk:
            del self.fields["vermerk"]
