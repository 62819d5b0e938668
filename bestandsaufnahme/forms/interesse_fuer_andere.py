from typing import Any

from django import forms

from bestandsaufnahme.forms.interesse import AngabenForm, in_fremdem_namen
from ikz_portal.basis.schleuse import BILDER, DOKUMENTE, DateiFeld

BELEG_HOECHSTENS = 10 << 20


class FuerAndereForm(AngabenForm):
    """As the Geschäftsstelle files it for a Kommune, with a note of how the Kommune said so."""

    vermerk = forms.CharField(
        label="Vermerk",
        max_length=1000,
        help_text="Wer es Ihnen wann und wie mitgeteilt hat, zum Beispiel „Anruf des Hauptamts am 12.05.2026“.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "Bitte vermerken Sie, wie die Kommune Ihnen das Interesse mitgeteilt hat.",
        },
    )
    beleg = DateiFeld(label="Beleg", required=False, erlaubt=DOKUMENTE | BILDER, hoechstens=BELEG_HOECHSTENS)

    field_order = ["kommune", "vermerk", "beleg", "feld", "art"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kommune" in self.fields:
            self.fields["kommune"].empty_label = "Bitte wählen"  # type: ignore[attr-defined]  # nobody by default
            self.fields["kommune"].label = "Kommune"
            self.fields["kommune"].error_messages["required"] = "Bitte wählen Sie die Kommune, für die Sie eintragen."
        self.fields["kontakt"].widget.attrs["data-suchauswahl"] = "Tippen Sie zum Suchen"
        in_fremdem_namen(self)
