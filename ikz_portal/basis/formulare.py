"""The words in which every form says what is wrong with a field: kinder and more concrete than Django's own."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorDict

PFLICHT = "Bitte füllen Sie dieses Feld aus."
ANGEBOTEN = "Bitte wählen Sie einen der angebotenen Werte."
DATUM = "Bitte geben Sie ein gültiges Datum an, zum Beispiel 19.05.2026."
VERSCHWUNDEN = "Das Gewählte gibt es nicht mehr. Bitte laden Sie die Seite neu."
DOPPELT = "Diesen Wert gibt es schon. Bitte wählen Sie einen anderen."
ZAHL = "Bitte geben Sie eine Zahl an, zum Beispiel 12,5."
UNLESBAR = "Der Text enthält ein Zeichen, das nicht gespeichert werden kann. Bitte geben Sie ihn neu ein."
GROESSTE_ZAHL = 2**31 - 1  # an integer column takes no more
MENGE = {
    "max_value": "Bitte geben Sie höchstens %(limit_value)s an.",
    "min_value": "Bitte geben Sie mindestens %(limit_value)s an.",
}

TEXTE: dict[type, dict[str, str]] = {
    forms.Field: {"required": PFLICHT},
    forms.CharField: {
        "max_length": "Bitte kürzen Sie den Text auf höchstens %(limit_value)d Zeichen (jetzt %(show_value)d).",
        "min_length": "Bitte schreiben Sie mindestens %(limit_value)d Zeichen (jetzt %(show_value)d).",
        "null_characters_not_allowed": UNLESBAR,
    },
    forms.EmailField: {
        "invalid": "Bitte geben Sie eine vollständige E-Mail-Adresse an, zum Beispiel name@gemeinde.example."
    },
    forms.URLField: {"invalid": "Bitte geben Sie eine vollständige Adresse an, zum Beispiel https://gemeinde.example."},
    forms.IntegerField: {"invalid": "Bitte geben Sie eine ganze Zahl an, zum Beispiel 12.", **MENGE},
    forms.FloatField: {"invalid": ZAHL},
    forms.DecimalField: {
        "invalid": ZAHL,
        "max_digits": "Bitte geben Sie höchstens %(max)s Ziffern an.",
        "max_decimal_places": "Bitte geben Sie höchstens %(max)s Stellen nach dem Komma an.",
        "max_whole_digits": "Bitte geben Sie höchstens %(max)s Stellen vor dem Komma an.",
    },
    forms.DateField: {"invalid": DATUM},
    forms.DateTimeField: {"invalid": "Bitte geben Sie Tag und Uhrzeit an, zum Beispiel 19.05.2026 14:05."},
    forms.TimeField: {"invalid": "Bitte geben Sie eine Uhrzeit an, zum Beispiel 14:05."},
    forms.ChoiceField: {"invalid_choice": ANGEBOTEN},
    forms.MultipleChoiceField: {"invalid_choice": ANGEBOTEN, "invalid_list": ANGEBOTEN},
    forms.ModelChoiceField: {"invalid_choice": ANGEBOTEN},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": ANGEBOTEN,
        "invalid_list": ANGEBOTEN,
        "invalid_pk_value": ANGEBOTEN,
    },
    BaseFormSet: {"missing_management_form": "Das Formular kam unvollständig an. Bitte laden Sie die Seite neu."},
    models.Field: {"blank": PFLICHT, "null": PFLICHT, "invalid_choice": ANGEBOTEN, "unique": DOPPELT},
    models.DateField: {"invalid": DATUM, "invalid_date": DATUM},
    models.ForeignKey: {"invalid": VERSCHWUNDEN},
}


def texte_setzen() -> None:
    """Make these the defaults of Django's classes, before any form is read; a form's own error_messages still win."""
    for klasse, texte in TEXTE.items():
        eigene = vars(klasse).get("default_error_messages", {})
        klasse.default_error_messages = {**eigene, **texte}  # type: ignore[attr-defined]  # stubs lack it


def versionsfeld() -> forms.IntegerField:
    """Return the hidden field that says which version of the row the form was read in."""
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GROESSTE_ZAHL)


class UngeprueftZeigen:
    """A bound form that can be shown again as it was typed, without any complaint."""

    def ohne_pruefung(self) -> None:
        self._errors = ErrorDict()


def fehler_eintragen(form: forms.BaseForm, fehler: ValidationError, **namen: str) -> None:
    """Show what an operation refused: at its field where the form has it, above the form otherwise.

    `namen` says how the form calls a field of the operation.
    """
    je_feld = fehler.message_dict if hasattr(fehler, "error_dict") else {NON_FIELD_ERRORS: fehler.messages}
    for feld, saetze in je_feld.items():
        name = namen.get(feld, feld)
        for satz in saetze:
            form.add_error(name if name in form.fields else None, satz)


def zahl_aus(text: str | None) -> int | None:
    """Return the key or version that a request names, None where it is none that a column could hold."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) >= len(str(GROESSTE_ZAHL)):
        return None
    return int(text)
