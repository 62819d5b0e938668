"""All that is kept of a person, for the page that shows it to that person and the file that takes it along.

Every relation to a Konto is told by one Teil (the modules `eigene_…`);
tests/system/test_eigene_daten.py finds those that are forgotten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, IntegerField, Model, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from ikz_portal.basis.formate import LEER, tag, zeitpunkt
from ikz_portal.startseite.abfragen.fristen import dauern
from kommunen.models import Konto

Spalten = tuple[tuple[str, Callable[[Any, Konto], Any]], ...]

GEZEIGT = 20  # rows of a table on the page; the file holds all


@dataclass(frozen=True)
class Teil:
    """One kind of data: which rows name the person, why they are kept, how long, and what of them is told.

    `dauer` may name a period of the settings in braces. `gezaehlt`: the page tells the number only. Columns in
    `nur_datei` are for the file alone.
    """

    schluessel: str
    titel: str
    zweck: str
    dauer: str
    modell: type[Model]
    spalten: Spalten
    felder: tuple[str, ...] = ()
    bedingung: Callable[[Konto], Q] | None = None
    verwandt: tuple[str, ...] = ()
    nur_datei: tuple[str, ...] = ()
    gezaehlt: bool = False

    def zeilen(self, konto: Konto) -> QuerySet[Any]:
        genannt = [Q(**{feld: konto}) for feld in self.felder]
        if self.bedingung is not None:
            genannt.append(self.bedingung(konto))
        gefunden = self.modell._default_manager.filter(reduce(or_, genannt))
        return gefunden.select_related(*self.verwandt) if self.verwandt else gefunden

    def werte(self, zeile: Any, konto: Konto) -> dict[str, Any]:
        return {name: wert(zeile, konto) for name, wert in self.spalten}

    def frist(self) -> str:
        return self.dauer.format(**dauern())


@dataclass(frozen=True, slots=True)
class Abschnitt:
    """A Teil as the page shows it: the newest rows, as text, of so many that there are."""

    schluessel: str
    titel: str
    zweck: str
    dauer: str
    anzahl: int
    zeilen: list[list[tuple[str, str]]]  # (column, value)

    @property
    def alle_gezeigt(self) -> bool:
        return self.anzahl == len(self.zeilen)


@dataclass(frozen=True, slots=True)
class Uebersicht:
    """What the page shows in tables, what it only counts, and the names of that of which there is nothing."""

    gezeigte: list[Abschnitt]
    gezaehlte: list[Abschnitt]
    leere: list[str]


def uebersicht(teile: tuple[Teil, ...], konto: Konto) -> Uebersicht:
    """One query for all numbers, one for each table that has rows."""
    anzahlen = [_anzahl(teil.zeilen(konto)) for teil in teile]
    (gefunden,) = Konto.objects.filter(pk=konto.pk).values_list(*anzahlen)
    alle = list(zip(teile, gefunden, strict=True))
    volle = [(teil.gezaehlt, _abschnitt(teil, konto, anzahl)) for teil, anzahl in alle if anzahl]
    return Uebersicht(
        gezeigte=[abschnitt for gezaehlt, abschnitt in volle if not gezaehlt],
        gezaehlte=[abschnitt for gezaehlt, abschnitt in volle if gezaehlt],
        leere=[teil.titel for teil, anzahl in alle if not anzahl],
    )


def datei(teile: tuple[Teil, ...], konto: Konto) -> Iterator[tuple[Teil, Iterator[dict[str, Any]]]]:
    """Yield every Teil with all its rows, as plain values, one row after the other."""
    for teil in teile:
        zeilen = teil.zeilen(konto).order_by("pk").iterator(chunk_size=500)
        yield teil, (teil.werte(zeile, konto) for zeile in zeilen)


def in_worten(wert: Any) -> str:
    """Return a value as the page shows it."""
    if isinstance(wert, bool):
        return "ja" if wert else "nein"
    if isinstance(wert, datetime):
        return zeitpunkt(wert)
    if isinstance(wert, date):
        return tag(wert)
    return LEER if wert is None or wert == "" else str(wert)


def _abschnitt(teil: Teil, konto: Konto, anzahl: int) -> Abschnitt:
    kopf = [name for name, _ in teil.spalten if name not in teil.nur_datei]
    werte = [teil.werte(zeile, konto) for zeile in _neueste(teil, konto)]
    return Abschnitt(
        schluessel=teil.schluessel,
        titel=teil.titel,
        zweck=teil.zweck,
        dauer=teil.frist(),
        anzahl=anzahl,
        zeilen=[[(name, in_worten(satz[name])) for name in kopf] for satz in werte],
    )


def _neueste(teil: Teil, konto: Konto) -> list[Any]:
    if teil.gezaehlt:
        return []
    return [konto] if teil.modell is Konto else list(teil.zeilen(konto).order_by("-pk")[:GEZEIGT])


def _anzahl(zeilen: QuerySet[Any]) -> Coalesce:
    gezaehlt = zeilen.select_related(None).order_by().values(eins=Value(1)).annotate(anzahl=Count("*")).values("anzahl")
    return Coalesce(Subquery(gezaehlt, output_field=IntegerField()), 0)
