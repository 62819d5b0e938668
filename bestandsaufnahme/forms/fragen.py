"""The questions of the catalogue as fields of a form, and what is typed into them as values that JSON keeps."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bestandsaufnahme.abfragen.erhebung.fragen import Worte
from bestandsaufnahme.fragenkatalog import Antwortform, Frage

JA_NEIN = ("ja", "nein")
KEINE_ANGABE = ("", "keine Angabe")
JAHRE = range(1945, 2201)


class Tagesfeld(forms.DateField):
    """A day in the browser's own field; years that no cooperation lies in are refused."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def clean(self, value: Any) -> date | None:
        tag = super().clean(value)
        if tag is not None and tag.year not in JAHRE:
            raise ValidationError(f"Bitte geben Sie ein Jahr von {JAHRE.start} bis {JAHRE.stop - 1} an.")
        return tag


def _kurztext(frage: Frage, worte: Worte) -> forms.Field:
    return forms.CharField(max_length=300)


def _text(frage: Frage, worte: Worte) -> forms.Field:
    return forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))


def _zahl(frage: Frage, worte: Worte) -> forms.Field:
    return forms.DecimalField(min_value=0, max_digits=9, decimal_places=2, localize=True)


def _tag(frage: Frage, worte: Worte) -> forms.Field:
    return Tagesfeld()


def _eins(frage: Frage, worte: Worte) -> forms.Field:
    optionen = JA_NEIN if frage.form is Antwortform.JA_NEIN else frage.optionen
    return forms.ChoiceField(choices=[KEINE_ANGABE, *_paare(optionen)], widget=forms.RadioSelect)


def _mehrere(frage: Frage, worte: Worte) -> forms.Field:
    angeboten: Mapping[Antwortform, Iterable[tuple[str, str]]] = {
        Antwortform.KOMMUNEN: worte.kommunen.items(),
        Antwortform.ERFOLGSFAKTOREN: worte.erfolgsfaktoren.items(),
        Antwortform.HEMMNISSE: worte.hemmnisse.items(),
    }
    wahl = angeboten.get(frage.form) or _paare(frage.optionen)
    return forms.MultipleChoiceField(choices=list(wahl), widget=forms.CheckboxSelectMultiple)


_FELDER: dict[Antwortform, Callable[[Frage, Worte], forms.Field]] = {
    Antwortform.KURZTEXT: _kurztext,
    Antwortform.TEXT: _text,
    Antwortform.JA_NEIN: _eins,
    Antwortform.ZAHL: _zahl,
    Antwortform.DATUM: _tag,
    Antwortform.AUSWAHL: _eins,
    Antwortform.MEHRFACH: _mehrere,
    Antwortform.KOMMUNEN: _mehrere,
    Antwortform.ERFOLGSFAKTOREN: _mehrere,
    Antwortform.HEMMNISSE: _mehrere,
}


def feld(frage: Frage, worte: Worte) -> forms.Field:
    """Return the field that asks this question; none of them needs an answer."""
    ergebnis = _FELDER[frage.form](frage, worte)
    ergebnis.label, ergebnis.help_text, ergebnis.required = frage.text, frage.hilfe, False
    return ergebnis


def als_json(wert: Any) -> Any:
    """Return what was typed as a value for `angaben`: days in ISO form, numbers as text, keys as they are."""
    if isinstance(wert, date):
        return wert.isoformat()
    return f"{wert:f}" if isinstance(wert, Decimal) else wert


def aus_json(frage: Frage, wert: Any) -> Any:
    """Return a stored value as the field shows it; what it can't show is shown as text."""
    if frage.form is Antwortform.DATUM:
        try:
            return date.fromisoformat(str(wert))
        except ValueError:
            return None
    return str(wert).replace(".", ",") if frage.form is Antwortform.ZAHL else wert


def _paare(optionen: Iterable[str]) -> list[tuple[str, str]]:
    return [(option, option) for option in optionen]
