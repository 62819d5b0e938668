"""Which groups of Kommunen are worth a look in a field."""

from collections.abc import Iterator

from bestandsaufnahme.abfragen.konstellation.bits import Menge, menge, stellen, zusammenhaengende
from bestandsaufnahme.abfragen.konstellation.groesse import aehnlich_grosse
from bestandsaufnahme.abfragen.konstellation.suchraum import Suchraum
from bestandsaufnahme.auswahl import Stufe


def kandidaten(raum: Suchraum, *, mindestens: int) -> set[Menge]:
    """Return the groups of at least so many: those with examples, and those without any."""
    gefunden: set[Menge] = set()
    for basis in {raum.alle, raum.alle & ~raum.beispiele}:
        if basis.bit_count() >= mindestens:
            gefunden.add(basis)
            gefunden.update(gruppe for gruppe in _gruppen(raum, basis) if gruppe.bit_count() >= mindestens)
    return gefunden


def _gruppen(raum: Suchraum, basis: Menge) -> Iterator[Menge]:
    land = raum.land
    yield from zusammenhaengende(basis & land.staedte, land.nachbarn)
    yield from aehnlich_grosse(basis & land.staedte, land.einwohner)
    for laufende in raum.laufende:
        yield laufende.gruppe & basis
    for fuehrend in stellen(raum.je_stufe[Stufe.FEDERFUEHRUNG] & basis):
        yield from _um_eine_fuehrende(raum, fuehrend, basis)


def _um_eine_fuehrende(raum: Suchraum, fuehrend: int, basis: Menge) -> Iterator[Menge]:
    """Yield the would-be lead with those near it, with those it can help or be helped by, and with both."""
    sie = 1 << fuehrend
    nahe = basis if raum.land.orte[fuehrend].kreis else raum.land.nachbarn[fuehrend] & basis
    bediente = menge(suchender for suchender, helfende in raum.helfer.items() if helfende & sie)
    verbundene = (bediente | raum.helfer.get(fuehrend, 0)) & basis
    yield sie | nahe
    yield sie | verbundene
    yield sie | nahe | verbundene
