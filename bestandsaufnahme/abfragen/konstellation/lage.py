"""What proposals are made of: who declares what, who lies where, how large, and who already works with whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count

from bestandsaufnahme.abfragen.konstellation.bits import Menge, menge
from bestandsaufnahme.abfragen.konstellation.modell import Feld, Teilfeld
from bestandsaufnahme.abfragen.konstellation.worte import Worte, worte
from bestandsaufnahme.abfragen.kooperation.zustand import mit_zustand
from bestandsaufnahme.auswahl import BeteiligungStatus, InteresseArt, KooperationZustand, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Beteiligung, Interessenbekundung, Kooperation, Kooperationsfeld
from kommunen.models import Kommune
from kommunen.models.kommune import Nachbarschaft


class Ort(NamedTuple):
    """A Kommune; its place in `Land.orte` is its bit."""

    pk: int
    ags: str
    name: str
    kreis: bool
    einwohner: int | None


class Land(NamedTuple):
    """The Kommunen in the order of their names, and the neighbours of each. The Kreis has none: it is all around."""

    orte: tuple[Ort, ...]
    nachbarn: tuple[Menge, ...]
    staedte: Menge


class Wille(NamedTuple):
    """A declaration that counts; words only where somebody could meet them."""

    pk: int
    ort: int
    stufe: Stufe
    teilfeld: str
    beispiel: bool
    bietet: Worte
    sucht: Worte


class Laufende(NamedTuple):
    """A running Kooperation in the Aufgabenfeld: who takes part, and how many that are."""

    pk: int
    name: str
    gruppe: Menge
    anzahl: int


@dataclass(frozen=True, slots=True)
class Gebiet:
    """An Aufgabenfeld with all that belongs to it, or one Kooperationsfeld, with the declarations for it."""

    feld: Feld
    teilfeld: Teilfeld | None
    laufende: Sequence[Laufende]
    willen: list[Wille] = field(default_factory=list)


class Lage(NamedTuple):
    land: Land
    gebiete: list[Gebiet]


def lesen(*, heute: date, felder: Collection[int] | None = None) -> Lage:
    """Read it as of the day, in the Aufgabenfelder (keys) or in all. Seven queries, whatever there is."""
    land = _land(heute)
    aufgabenfelder = Aufgabenfeld.objects.all() if felder is None else Aufgabenfeld.objects.filter(pk__in=felder)
    gelesene = [Feld(*werte) for werte in aufgabenfelder.values_list("pk", "name", "slug")]
    schluessel = [feld.pk for feld in gelesene]
    teilfelder = {
        pk: Teilfeld(pk, name, feld)
        for feld, pk, name in _teilfelder(gelesene)
    }
    laufende = _laufende(schluessel, land, heute)
    gebiete: dict[tuple[int, int], Gebiet] = {
        (feld.pk, 0): Gebiet(feld, None, laufende.get(feld.pk, ())) for feld in gelesene
    }
    for teilfeld in teilfelder.values():
        gebiete[teilfeld.feld.pk, teilfeld.pk] = Gebiet(teilfeld.feld, teilfeld, laufende.get(teilfeld.feld.pk, ()))
    for feld, kooperationsfeld, wille in _willen(schluessel, land, teilfelder, heute):
        gebiete[feld, 0].willen.append(wille)
        if kooperationsfeld:
            gebiete[feld, kooperationsfeld].willen.append(wille)
    return Lage(land, list(gebiete.values()))
