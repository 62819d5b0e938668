"""The form field for a file: whatever a form takes in has come through the gate."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings

from ikz_portal.basis.schleuse.befund import Dateiart, Geprueft
from ikz_portal.basis.schleuse.tor import MB, pruefen


class DateiFeld(forms.FileField):
    """Its cleaned value is a `Geprueft`, or None where it may be left out and was."""

    widget = forms.FileInput
    default_error_messages = {
        "required": "Bitte wählen Sie eine Datei aus.",
        "invalid": "Die Datei kam nicht an. Bitte wählen Sie sie noch einmal aus.",
        "missing": "Die Datei kam nicht an. Bitte wählen Sie sie noch einmal aus.",
        "empty": "Die Datei ist leer. Bitte wählen Sie eine andere.",
    }

    def __init__(self, *, erlaubt: Collection[Dateiart], hoechstens: int | None = None, **kwargs: Any) -> None:
        self.erlaubt = erlaubt
        self.hoechstens = min(hoechstens or settings.DATEI_HOECHSTENS, settings.DATEI_HOECHSTENS)
        arten = [art for art in Dateiart if art in erlaubt]
        namen = ", ".join(art.value.name for art in arten)
        kwargs.setdefault("help_text", f"{namen}; höchstens {self.hoechstens // MB} MB")
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", ",".join(f".{e}" for art in arten for e in art.value.endungen))

    def to_python(self, data: Any) -> Geprueft | None:  # type: ignore[override]  # a File with its facts
        datei = super().to_python(data)
        return None if datei is None else pruefen(datei, erlaubt=self.erlaubt, hoechstens=self.hoechstens)
