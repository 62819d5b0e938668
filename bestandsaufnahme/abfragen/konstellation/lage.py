"""What proposals are made of: who declares what, who lies where, how large, and who already works with whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from bestandsaufnahme.abfragen.konstellation.bits import Menge, mehrere, menge
from bestandsaufnahme.abfragen.konstellation.modell import Feld, Teilfeld
from bestandsaufnahme.abfragen.konstellation.worte import Worte, worte
from bestandsaufnahme.abfragen.kooperation.zustand import nicht_beendete
from bestandsaufnahme.auswahl import BeteiligungStatus, InteresseArt, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Beteiligung, Interessenbekundung, Kooperationsfeld
from kommunen.auswahl import KommuneArt
from kommunen.models import Kommune
from kommunen.models.kommune import Nachbarschaft

STUFEN = list(Stufe)


class Ort(NamedTuple):
    """A Kommune; its place in `Land.orte` is its bit."""

    pk: int
    ags: str
    name: str
    kurzname: str
    kreis: bool


class Land(NamedTuple):
    """The Kommunen in the order of their names, and the neighbours of each. The Kreis has none: it is all around."""

    orte: tuple[Ort, ...]
    schluessel: tuple[int, ...]
    nachbarn: tuple[Menge, ...]
    einwohner: tuple[int, ...]  # 0: not known
    staedte: Menge


class Wille(NamedTuple):
    """A declaration that counts; `stufe` by its place in `STUFEN`."""

    pk: int
    ort: int
    stufe: int
    teilfeld: str
    beispiel: bool
    bietet: Worte
    sucht: Worte


class Laufende(NamedTuple):
    """A running Kooperation of the Aufgabenfeld, and who takes part in it."""

    pk: int
    name: str
    gruppe: Menge


class Gebiet(NamedTuple):
    """An Aufgabenfeld with all that belongs to it, or one Kooperationsfeld: what a group is looked for in."""

    feld: Feld
    teilfeld: Teilfeld | None
    willen: Sequence[Wille]
    laufende: Sequence[Laufende]


class Lage(NamedTuple):
    """The Gebiete in which anything is declared, in the order of the fields."""

    land: Land
    gebiete: list[Gebiet]


def lesen(*, heute: date, felder: Collection[int] | None = None) -> Lage:
    """Read it as of the day, in these Aufgabenfelder (keys) or in all. At most seven queries, whatever there is."""
    land = _land(heute)
    aufgabenfelder = Aufgabenfeld.objects.all() if felder is None else Aufgabenfeld.objects.filter(pk__in=felder)
    gelesene = {pk: Feld(pk, name, slug) for pk, name, slug in aufgabenfelder.values_list("pk", "name", "slug")}
    teilfelder = {
        pk: Teilfeld(pk, name, gelesene[feld])
        for pk, name, feld in Kooperationsfeld.objects.filter(aufgabenfeld__in=gelesene)
        .order_by("aufgabenfeld__reihenfolge", "reihenfolge", "pk")
        .values_list("pk", "name", "aufgabenfeld_id")
    }
    im_feld, im_teilfeld = _willen(land, gelesene, teilfelder, heute)
    laufende = _laufende(land, im_feld, heute)
    ganze = [Gebiet(gelesene[pk], None, im_feld[pk], laufende[pk]) for pk in gelesene if pk in im_feld]
    teile = [
        Gebiet(teilfeld.feld, teilfeld, im_teilfeld[pk], laufende[teilfeld.feld.pk])
        for pk, teilfeld in teilfelder.items()
        if pk in im_teilfeld
    ]
    return Lage(land, [*ganze, *teile])


def _land(heute: date) -> Land:
    mit_einwohnern: QuerySet[Any] = Kommune.objects.mit_einwohnern(heute)  # Any: carries annotations
    kommunen = list(mit_einwohnern.values_list("pk", "ags", "name", "kurzname", "art", "einwohner"))
    orte = tuple(Ort(pk, ags, name, kurz, art == KommuneArt.KREIS) for pk, ags, name, kurz, art, _ in kommunen)
    stelle = {ort.pk: nummer for nummer, ort in enumerate(orte)}
    nachbarn = [0] * len(orte)
    for eine, andere in Nachbarschaft.objects.values_list("from_kommune_id", "to_kommune_id"):
        nachbarn[stelle[eine]] |= 1 << stelle[andere]
    return Land(
        orte=orte,
        schluessel=tuple(ort.pk for ort in orte),
        nachbarn=tuple(nachbarn),
        einwohner=tuple(einwohner or 0 for *_, einwohner in kommunen),
        staedte=menge(nummer for nummer, ort in enumerate(orte) if not ort.kreis),
    )


def _willen(
    land: Land, felder: Mapping[int, Feld], teilfelder: Mapping[int, Teilfeld], heute: date
) -> tuple[dict[int, list[Wille]], dict[int, list[Wille]]]:
    """Return the declarations that count per Aufgabenfeld and per Kooperationsfeld (keys), in a fixed order."""
    stelle = {ort.pk: nummer for nummer, ort in enumerate(land.orte)}
    bekundungen: QuerySet[Any] = (  # Any: carries an annotation
        Interessenbekundung.objects.gueltige(heute).filter(art=InteresseArt.KOOPERATIONSWILLE).mit_feld().order_by("pk")
    )
    zeilen = [
        zeile
        for zeile in bekundungen.values_list(
            "pk", "kommune_id", "feld_id", "kooperationsfeld_id", "stufe", "beispiel", "bietet", "sucht"
        )
        if zeile[2] in felder
    ]
    gesprochen = iter(worte([text for zeile in zeilen for text in zeile[-2:]]))
    im_feld: dict[int, list[Wille]] = defaultdict(list)
    im_teilfeld: dict[int, list[Wille]] = defaultdict(list)
    for pk, kommune, feld, teilfeld, stufe, beispiel, *_ in zeilen:
        name = teilfelder[teilfeld].name if teilfeld else ""
        wille = Wille(pk, stelle[kommune], STUFEN.index(stufe), name, beispiel, next(gesprochen), next(gesprochen))
        im_feld[feld].append(wille)
        if teilfeld:
            im_teilfeld[teilfeld].append(wille)
    return im_feld, im_teilfeld


def _laufende(land: Land, felder: Collection[int], heute: date) -> dict[int, list[Laufende]]:
    """Return per Aufgabenfeld (key) the running Kooperationen of two or more, those of the fewest first."""
    stelle = {ort.pk: nummer for nummer, ort in enumerate(land.orte)}
    beteiligungen = Beteiligung.objects.am(heute).filter(
        status=BeteiligungStatus.BESTEHT,
        kooperation__in=nicht_beendete(heute).filter(kooperationsfeld__aufgabenfeld__in=felder),
    )
    bestehende = (
        beteiligungen.order_by()
        .values_list("kooperation_id", "kooperation__bezeichnung", "kooperation__kooperationsfeld__aufgabenfeld_id")
        .annotate(wer=ArrayAgg("kommune_id"))
    )
    gefunden: dict[int, list[Laufende]] = defaultdict(list)
    for pk, name, feld, wer in bestehende:
        gruppe = menge(stelle[kommune] for kommune in wer)
        if mehrere(gruppe):
            gefunden[feld].append(Laufende(pk, name, gruppe))
    for liste in gefunden.values():
        liste.sort(key=lambda eine: (eine.gruppe.bit_count(), eine.name, eine.pk))
    return gefunden
