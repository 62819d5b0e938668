"""Values of columns, as the record keeps them in JSON, in the words of the pages."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst

from ikz_portal.basis import formate

AB_HIER_MIT_PUNKTEN = 10_000  # below it might be a year
KURZ = 240  # characters of a text that are shown at once
DAVOR = 60  # of these stand before the first difference
WORT = 20  # how far back the beginning of a word is looked for


@dataclass(frozen=True, slots=True)
class Wert:
    """A value in words; `voll` where `kurz` is only the part around the change."""

    kurz: str
    voll: str = ""

    @property
    def text(self) -> str:
        return self.voll or self.kurz


def in_worten(feld: Any, wert: Any, *, genauigkeit: str = "") -> str:
    """Return the value of this field (None: of a column that is no more) as a page shows it.

    What can't be read that way, such as a choice that is no longer offered, is shown as it stands.
    """
    if genauigkeit and isinstance(feld, models.DateField):
        return formate.ungefaehr(_tag(wert), genauigkeit)
    if wert is None or wert in ("", [], {}):
        return formate.LEER
    if feld is None:
        return roh(wert)
    if feld.flatchoices:
        return str(dict(feld.flatchoices).get(wert, wert))
    form = next((form for klasse, form in FORMEN.items() if isinstance(feld, klasse)), None)
    try:
        return form(feld, wert) if form else roh(wert)
    except (TypeError, ValueError, ArithmeticError):
        return roh(wert)


def lesbar(name: str) -> str:
    return name.replace("_", " ")


def roh(wert: Any) -> str:
    if isinstance(wert, bool):
        return "ja" if wert else "nein"
    text = wert if isinstance(wert, str) else json.dumps(wert, ensure_ascii=False, sort_keys=True)
    return text.replace("\r\n", "\n").strip() or formate.LEER


def _tag(wert: Any) -> date | None:
    try:
        return date.fromisoformat(wert)
    except (TypeError, ValueError):
        return None


def _zeitpunkt(feld: Any, wert: Any) -> str:
    return formate.zeitpunkt(parse_datetime(wert)) if parse_datetime(wert) else roh(wert)


def _datum(feld: Any, wert: Any) -> str:
    return formate.tag(date.fromisoformat(wert))


def _dezimal(feld: Any, wert: Any) -> str:
    return formate.zahl(round(Decimal(str(wert)), feld.decimal_places))


def _ganzzahl(feld: Any, wert: Any) -> str:
    return formate.zahl(wert) if abs(wert) >= AB_HIER_MIT_PUNKTEN else str(wert)


def _liste(feld: Any, wert: Any) -> str:
    worte = _worte(feld)
    return "\n".join(worte.get(glied) or in_worten(feld.base_field, glied) for glied in wert)


def _json(feld: Any, wert: Any) -> str:
    """Tell an object line by line; what holds nothing, and what its model has an empty name for, is left out."""
    if not isinstance(wert, dict):
        return roh(wert)
    worte = _worte(feld)
    benannte = {str(capfirst(worte.get(name, lesbar(name)))): inhalt for name, inhalt in wert.items()}
    zeilen = [f"{name}: {text}" for name, inhalt in benannte.items() if name and (text := _inhalt(inhalt, worte))]
    return "\n".join(zeilen) or formate.LEER


def _inhalt(wert: Any, worte: Mapping[str, str]) -> str:
    """Return a value out of JSON in words, nothing for nothing."""
    if wert is None or wert in ("", [], {}):
        return ""
    if isinstance(wert, list):
        return ", ".join(_inhalt(glied, worte) for glied in wert)
    if isinstance(wert, dict):
        teile = {worte.get(name, lesbar(name)): _inhalt(inhalt, worte) for name, inhalt in wert.items()}
        return "; ".join(f"{name}: {text}" for name, text in teile.items() if name and text)
    if isinstance(wert, str):
        return formate.tag(_tag(wert)) if _tag(wert) else worte.get(wert, wert)
    return roh(wert)


def _worte(feld: Any) -> Mapping[str, str]:
    """Return the names that the model of this field has for keys and values in its lists and its JSON."""
    return getattr(getattr(feld, "model", None), "WORTE", {})


def _ja_nein(feld: Any, wert: Any) -> str:
    return roh(wert)


FORMEN: dict[type, Callable[[Any, Any], str]] = {
    models.BooleanField: _ja_nein,
    models.DateTimeField: _zeitpunkt,  # before DateField, whose child it is
    models.DateField: _datum,
    models.DecimalField: _dezimal,
    models.IntegerField: _ganzzahl,
    ArrayField: _liste,
    models.JSONField: _json,
}


# --- long texts -------------------------------------------------------------------------------------------------------
def gekuerzt(vorher: str, nachher: str) -> tuple[Wert, Wert]:
    """Show of long texts the part where they begin to differ."""
    gleich = next((i for i, (a, b) in enumerate(zip(vorher, nachher, strict=False)) if a != b), None)
    if gleich is None:  # one is the beginning of the other
        gleich = min(len(vorher), len(nachher))
    beginn = min(gleich - DAVOR, max(len(vorher), len(nachher)) - KURZ)
    return _ausschnitt(vorher, beginn), _ausschnitt(nachher, beginn)


def _ausschnitt(text: str, beginn: int) -> Wert:
    """Cut at words; a text that is short enough stays whole."""
    if len(text) <= KURZ:
        return Wert(text)
    beginn = max(0, beginn)
    beginn = text.rfind(" ", max(0, beginn - WORT), beginn) + 1 or beginn
    ende = beginn + KURZ
    kurz = text[beginn:ende]
    if ende < len(text):
        kurz = f"{kurz.rpartition(' ')[0] or kurz} …"
    return Wert(f"… {kurz}" if beginn else kurz, text)
