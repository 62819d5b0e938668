"""What forms say about a field when they name no words of their own."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django_filters import ChoiceFilter

from kommunen.models import Konto

PFLICHT = "Bitte füllen Sie dieses Feld aus."
ANGEBOTEN = "Bitte wählen Sie einen der angebotenen Werte."


def saetze(feld: forms.Field, wert: Any) -> list[str]:
    with pytest.raises(ValidationError) as gefangen:
        feld.clean(wert)
    return gefangen.value.messages


@pytest.mark.parametrize(
    ("feld", "wert", "satz"),
    [
        (forms.CharField(), "", PFLICHT),
        (forms.CharField(max_length=3), "abcd", "Bitte kürzen Sie den Text auf höchstens 3 Zeichen (jetzt 4)."),
        (forms.CharField(min_length=3), "ab", "Bitte schreiben Sie mindestens 3 Zeichen (jetzt 2)."),
        (
            forms.CharField(),
            "a\0b",
            "Der Text enthält ein Zeichen, das nicht gespeichert werden kann. Bitte geben Sie ihn neu ein.",
        ),
        (
            forms.EmailField(),
            "name",
            "Bitte geben Sie eine vollständige E-Mail-Adresse an, zum Beispiel name@gemeinde.example.",
        ),
        (forms.IntegerField(), "zwölf", "Bitte geben Sie eine ganze Zahl an, zum Beispiel 12."),
        (forms.IntegerField(max_value=15), "16", "Bitte geben Sie höchstens 15 an."),
        (forms.IntegerField(min_value=1), "0", "Bitte geben Sie mindestens 1 an."),
        (forms.DecimalField(), "viel", "Bitte geben Sie eine Zahl an, zum Beispiel 12,5."),
        (forms.DateField(), "31.02.2026", "Bitte geben Sie ein gültiges Datum an, zum Beispiel 19.05.2026."),
        (forms.ChoiceField(choices=[("a", "A")]), "x", ANGEBOTEN),
        (forms.TypedMultipleChoiceField(choices=[("a", "A")]), ["x"], ANGEBOTEN),
        (ChoiceFilter(choices=[("a", "A")]).field, "x", ANGEBOTEN),
    ],
)
def test_field_says_what_to_do(feld: forms.Field, wert: Any, satz: str) -> None:
    assert saetze(feld, wert) == [satz]


@pytest.mark.django_db
def test_choice_of_rows_that_is_not_offered() -> None:
    assert saetze(forms.ModelChoiceField(Konto.objects.none()), "1") == [ANGEBOTEN]


def test_words_of_the_field_itself_win() -> None:
    feld = forms.CharField(error_messages={"required": "Bitte nennen Sie das Projekt."})

    assert saetze(feld, "") == ["Bitte nennen Sie das Projekt."]


def test_field_of_a_model_left_empty() -> None:
    with pytest.raises(ValidationError) as gefangen:
        models.CharField(max_length=5).clean("", None)

    assert gefangen.value.messages == [PFLICHT]
