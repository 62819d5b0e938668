"""Two editions of a form: what is saved now, and what somebody typed over an older one. Where they differ, in words,
and what comes out when that person has chosen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict

from ikz_portal.basis import formate
from ikz_portal.basis.verlauf import Vorgang

LOESCHEN = "DELETE"
# What the page with the choice posts: that there was one, and per field which edition it is to be.
GEWAEHLT = "gewaehlt"
WEITER = "weiterbearbeiten"
WAHL = "wahl-"
GESPEICHERT = "gespeichert"
OHNE = {"csrfmiddlewaretoken", "version", GEWAEHLT, WEITER}

# Words of values that a field doesn't offer (any more), by the field's name.
Worte = Mapping[str, Mapping[str, Any]]
OHNE_WORTE: Worte = {}


@dataclass(frozen=True, slots=True)
class Unterschied:
    """A field in both editions. `wahl` names the choice, empty where there is none; `meine` is what is preselected:
    what the person changed, against what only others did. `beide` did if so."""

    feld: str
    gespeichert: str
    eingabe: str
    wahl: str = ""
    meine: bool = True
    beide: bool = False


@dataclass(frozen=True, slots=True)
class Abgleich:
    """What the component „veraltet“ shows; `version` is the one it compares with."""

    version: int
    vorgaenge: list[Vorgang]
    unterschiede: list[Unterschied]
    mitgeschickt: list[tuple[str, str]]


def mitgeschickt(daten: QueryDict) -> list[tuple[str, str]]:
    """Return all that was typed, for hidden fields: nothing of it gets lost while the person chooses."""
    return [
        (name, wert)
        for name, werte in daten.lists()
        for wert in werte
        if name not in OHNE and not name.startswith(WAHL)
    ]


# --- comparing --------------------------------------------------------------------------------------------------------
def unterschiede(
    gespeichert: forms.BaseForm,
    eingabe: forms.BaseForm,
    gelesen: forms.BaseForm | None = None,
    *,
    worte: Worte = OHNE_WORTE,
) -> list[Unterschied]:
    """Return the fields that a person sees and that say something else in the two; `gelesen` is what both began with,
    None where that isn't known."""
    return [
        _unterschied(str(feld.label), feld, eingabe[feld.name], gelesen[feld.name] if gelesen else None, worte)
        for feld in gespeichert
        if not feld.is_hidden
        and feld.name != LOESCHEN
        and in_worten(feld, worte) != in_worten(eingabe[feld.name], worte)
    ]


def _unterschied(
    label: str, gespeichert: BoundField, eingabe: BoundField, gelesen: BoundField | None, worte: Worte
) -> Unterschied:
    alt, neu = in_worten(gespeichert, worte), in_worten(eingabe, worte)
    anfang = in_worten(gelesen, worte) if gelesen else None
    return Unterschied(
        label, alt, neu, f"{WAHL}{eingabe.html_name}", meine=neu != anfang, beide=_beide(anfang, alt, neu)
    )


def unterschiede_der_zeilen(
    gespeichert: Iterable[Any], eingabe: Iterable[Any], gelesen: Iterable[Any], *, worte: Worte = OHNE_WORTE
) -> list[Unterschied]:
    """Return the same for the rows of formsets; a row is known by its `id` and names itself (`bezeichnung`)."""
    gespeicherte, anfangs = _nach_id(gespeichert), _nach_id(gelesen)
    gefunden = []
    for zeile in eingabe:
        kennung = _id(zeile)
        jetzige, fruehere = gespeicherte.pop(kennung, None), anfangs.get(kennung)
        if jetzige is not None and not zeile[LOESCHEN].value():
            gefunden += unterschiede(jetzige, zeile, fruehere, worte=worte)
        elif jetzige is not None or (zeile.has_changed() and not zeile[LOESCHEN].value()):
            gefunden.append(_ganze_zeile(jetzige, zeile, fruehere, worte))
    neue = [zeile for kennung, zeile in gespeicherte.items() if kennung not in anfangs]
    return gefunden + [Unterschied(z.bezeichnung, zusammen(z, worte), formate.LEER, meine=False) for z in neue]


def _ganze_zeile(jetzige: Any, zeile: Any, fruehere: Any, worte: Worte) -> Unterschied:
    """A row that one of the two doesn't have: new, deleted meanwhile, or to be deleted."""
    jetzt, eingabe = (zusammen(eine, worte) if eine else formate.LEER for eine in (jetzige, zeile))
    ich_loesche = jetzige is not None
    meine = ich_loesche or fruehere is None or _alles(zeile, worte) != _alles(fruehere, worte)
    andere = fruehere is not None and (jetzige is None or _alles(jetzige, worte) != _alles(fruehere, worte))
    return Unterschied(
        zeile.bezeichnung,
        jetzt,
        "löschen" if ich_loesche else eingabe,
        f"{WAHL}{zeile.prefix}",
        meine=meine,
        beide=meine and andere,
    )


def _alles(zeile: Any, worte: Worte) -> tuple[str, str]:
    return zeile.bezeichnung, zusammen(zeile, worte)


def _beide(damals: str | None, jetzt: str, eingabe: str) -> bool:
    return damals is not None and damals not in {jetzt, eingabe}


def _id(zeile: Any) -> str:
    return str(zeile["id"].value() or "")


def _nach_id(zeilen: Iterable[Any]) -> dict[str, Any]:
    return {kennung: zeile for zeile in zeilen if (kennung := _id(zeile))}


def zusammen(zeile: forms.BaseForm, worte: Worte) -> str:
    """Return all that a row says but its name, in one line."""
    felder = [zeile[name] for name in zeile.fields if name not in {"id", "name", LOESCHEN}]
    return ", ".join(f"{feld.label}: {in_worten(feld, worte)}" for feld in felder if feld.value())


def in_worten(feld: BoundField, worte: Worte) -> str:
    """Return the value as a person reads it; what can't be understood, as it was typed."""
    wert, art = feld.value(), feld.field
    if isinstance(art, forms.BooleanField):
        return "ja" if wert else "nein"
    if isinstance(art, forms.ChoiceField):
        alle = {**worte.get(feld.name, {}), **dict(_angebotene(art))}
        if isinstance(art, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            return _aufgezaehlt({str(eins) for eins in wert or ()}, alle)
        return str(alle.get(str("" if wert is None else wert), wert))
    if isinstance(art, forms.DateField):
        try:
            return formate.tag(art.to_python(wert))
        except ValidationError:
            return str(wert)
    return str(wert or "").replace("\r\n", "\n").strip() or formate.LEER


def _angebotene(feld: forms.ChoiceField) -> Iterator[tuple[str, Any]]:
    """Yield (value, text) of all that can be chosen, without the headings of groups."""
    angebotene: Iterable[Any] = feld.choices  # type: ignore[assignment]  # callables are resolved by now
    for schluessel, text in angebotene:
        if isinstance(text, list | tuple):
            yield from ((str(innen), worte) for innen, worte in text)
        else:
            yield str(schluessel), text


def _aufgezaehlt(gewaehlte: set[str], alle: Mapping[str, Any]) -> str:
    """Return them in the order in which they are offered, so that the same choice reads the same; unknown ones last."""
    bekannte = [str(text) for schluessel, text in alle.items() if schluessel in gewaehlte]
    return ", ".join([*bekannte, *sorted(gewaehlte - alle.keys())]) or formate.LEER


# --- what was chosen --------------------------------------------------------------------------------------------------
def zusammenfuehren(daten: QueryDict, gespeichert: forms.BaseForm, eingabe: forms.BaseForm) -> None:
    """Put what is saved into the data for every field where that was chosen."""
    for feld in _felder(eingabe):
        if daten.get(f"{WAHL}{feld.html_name}") == GESPEICHERT:
            _setzen(daten, feld.html_name, gespeichert[feld.name])


def zeilen_zusammenfuehren(daten: QueryDict, gespeichert: Iterable[Any], eingabe: Iterable[Any]) -> None:
    """The same for rows; one that was deleted meanwhile and is to stay becomes a new one."""
    gespeicherte = _nach_id(gespeichert)
    for zeile in eingabe:
        jetzige = gespeicherte.get(_id(zeile))
        behalten = daten.get(f"{WAHL}{zeile.prefix}") == GESPEICHERT
        if jetzige is None:
            daten[f"{zeile.prefix}-id"] = ""
            if behalten:
                daten[f"{zeile.prefix}-{LOESCHEN}"] = "on"
        elif behalten:
            for feld in _felder(zeile):
                _setzen(daten, feld.html_name, jetzige[feld.name])
        else:
            zusammenfuehren(daten, jetzige, zeile)


def _felder(formular: forms.BaseForm) -> Iterator[BoundField]:
    return (formular[name] for name in formular.fields)


def _setzen(daten: QueryDict, name: str, feld: BoundField) -> None:
    """Write the value as the browser would send it."""
    widget, wert = feld.field.widget, feld.value()
    if isinstance(widget, forms.CheckboxInput):
        daten.setlist(name, ["on"] if wert else [])
        return
    gesendet = widget.format_value(wert)
    daten.setlist(name, gesendet if isinstance(gesendet, list) else ["" if gesendet is None else gesendet])
