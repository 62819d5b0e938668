"""Where two editions of a form differ, in words: what is saved now, and what somebody typed over an older one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from ikz_portal.basis import formate
from projekte.auswahl import ProjektStatus

# Fields that offer only some of the words that their value may have.
ALLE_WORTE: dict[str, dict[str, Any]] = {"status": dict(ProjektStatus.choices)}
LOESCHEN = "DELETE"


@dataclass(frozen=True, slots=True)
class Unterschied:
    feld: str
    gespeichert: str
    eingabe: str


def unterschiede(gespeichert: forms.BaseForm, eingabe: forms.BaseForm) -> list[Unterschied]:
    """Return the fields that a person sees and that say something else in the two forms."""
    paare = [
        Unterschied(str(feld.label), in_worten(feld), in_worten(eingabe[feld.name]))
        for feld in gespeichert
        if not feld.is_hidden and feld.name != LOESCHEN
    ]
    return [paar for paar in paare if paar.gespeichert != paar.eingabe]


def unterschiede_der_zeilen(gespeichert: Iterable[Any], eingabe: Iterable[Any]) -> list[Unterschied]:
    """Return the same for the rows of two formsets; a row is known by its `id` and names itself (`bezeichnung`)."""
    eingegebene = {str(zeile["id"].value() or zeile.prefix): zeile for zeile in eingabe}
    gefunden = []
    for zeile in gespeichert:
        if zeile["id"].value():
            gefunden += _unterschiede_der_zeile(zeile, eingegebene.pop(str(zeile["id"].value()), None))
    neue = [zeile for zeile in eingegebene.values() if zeile.has_changed()]
    return gefunden + [Unterschied(zeile.bezeichnung, formate.LEER, _zusammen(zeile)) for zeile in neue]


def _unterschiede_der_zeile(gespeichert: Any, eingabe: Any) -> list[Unterschied]:
    if eingabe is None:
        return [Unterschied(gespeichert.bezeichnung, _zusammen(gespeichert), formate.LEER)]
    if eingabe[LOESCHEN].value():
        return [Unterschied(gespeichert.bezeichnung, _zusammen(gespeichert), "löschen")]
    return unterschiede(gespeichert, eingabe)


def _zusammen(zeile: forms.BaseForm) -> str:
    """Return all that a row says but its name, in one line."""
    felder = [zeile[name] for name in zeile.fields if name not in {"id", "name", LOESCHEN}]
    return ", ".join(f"{feld.label}: {in_worten(feld)}" for feld in felder if feld.value())


def in_worten(feld: BoundField) -> str:
    """Return the value as a person reads it; what can't be understood, as it was typed."""
    wert, art = feld.value(), feld.field
    if isinstance(art, forms.BooleanField):
        return "ja" if wert else "nein"
    if isinstance(art, forms.ChoiceField):
        angebotene: Iterable[Any] = art.choices  # type: ignore[assignment]  # callables are resolved by now
        worte = ALLE_WORTE.get(feld.name, {}) | {str(schluessel): text for schluessel, text in angebotene}
        return str(worte.get(str("" if wert is None else wert), wert))
    if isinstance(art, forms.DateField):
        try:
            return formate.tag(art.to_python(wert))
        except ValidationError:
            return str(wert)
    return str(wert or "").replace("\r\n", "\n").strip() or formate.LEER
