"""Which Kommunen are of similar size."""

from functools import lru_cache

from bestandsaufnahme.abfragen.konstellation.bits import Menge, menge, stellen
from bestandsaufnahme.abfragen.konstellation.gewichte import GROESSENVERHAELTNIS
from kommunen.models.kommune import groessenklasse


@lru_cache(maxsize=8192)
def aehnlich_gross(gruppe: Menge, einwohner: tuple[int, ...]) -> bool:
    """Tell whether none has too many times the inhabitants of another, or all are of one class. Unknown (0): no."""
    zahlen = [einwohner[stelle] for stelle in stellen(gruppe)]
    groesste, kleinste = max(zahlen), min(zahlen)
    if not kleinste:
        return False
    return groesste <= GROESSENVERHAELTNIS * kleinste or groessenklasse(groesste) == groessenklasse(kleinste)


@lru_cache(maxsize=8192)
def aehnlich_grosse(gruppe: Menge, einwohner: tuple[int, ...]) -> frozenset[Menge]:
    """Return the largest groups in it for which `aehnlich_gross` holds: each size class, and around each Kommune."""
    geordnet = sorted((einwohner[stelle], stelle) for stelle in stellen(gruppe) if einwohner[stelle])
    klassen: dict[str, Menge] = {}
    for anzahl, stelle in geordnet:
        klasse = groessenklasse(anzahl)
        klassen[klasse] = klassen.get(klasse, 0) | 1 << stelle
    gruppen = {
        menge(stelle for anzahl, stelle in geordnet if kleinste <= anzahl <= GROESSENVERHAELTNIS * kleinste)
        for kleinste, _ in geordnet
    }
    return frozenset(gruppen | {*klassen.values()})
