"""Reads fixtures/*.json, and turns what they say about time into what the models store."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from ikz_portal.basis.auswahl import Genauigkeit

Satz = dict[str, Any]

IN_TAGEN = "_in_tagen"
TEILE_DES_TAGES = {1: Genauigkeit.JAHR, 2: Genauigkeit.MONAT, 3: Genauigkeit.TAG}


def lies(name: str) -> Satz:
    """Return the content of fixtures/<name>.json; a folder may be part of the name."""
    inhalt: Satz = json.loads((settings.WURZEL / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))
    return inhalt


def auszug(satz: Satz, *namen: str) -> Satz:
    """Return the named fields of a record, those that it has."""
    return {name: satz[name] for name in namen if name in satz}


def zeit(satz: Satz, *namen: str) -> Satz:
    """Return day and precision for each of these fields: „2016“ is a year, „2013-02“ a month, nothing is unknown."""
    werte: Satz = {}
    for name in namen:
        text = satz.get(name)
        teile = [int(teil) for teil in text.split("-")] if text else []
        werte[name] = date(*[*teile, 1, 1][:3]) if teile else None
        werte[f"{name}_genauigkeit"] = TEILE_DES_TAGES[len(teile)] if teile else Genauigkeit.UNBEKANNT
    return werte


def tage(satz: Satz, heute: date) -> Satz:
    """Return the fields that count in days from `heute` as days, under their plain names."""
    return {
        name.removesuffix(IN_TAGEN): heute + timedelta(days=wert)
        for name, wert in satz.items()
        if name.endswith(IN_TAGEN)
    }


def genau(werte: Satz, namen: Iterable[str]) -> Satz:
    """Return the precision beside days that are known to the day."""
    return {f"{name}_genauigkeit": Genauigkeit.TAG for name in namen if name in werte}
