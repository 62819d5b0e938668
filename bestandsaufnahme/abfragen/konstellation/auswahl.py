"""The best groups of each field, as they are shown."""

from collections.abc import Collection
from functools import partial
from typing import NamedTuple

from bestandsaufnahme.abfragen.konstellation.bewertung import Befund, befunde, fehlendes, gruende
from bestandsaufnahme.abfragen.konstellation.bits import Menge, menge, stellen
from bestandsaufnahme.abfragen.konstellation.gewichte import JE_FELD
from bestandsaufnahme.abfragen.konstellation.kandidaten import kandidaten
from bestandsaufnahme.abfragen.konstellation.lage import STUFEN, Lage, Land
from bestandsaufnahme.abfragen.konstellation.modell import Bekundung, Inhalt, Knapp, Konstellation, Mitglied
from bestandsaufnahme.abfragen.konstellation.schluessel import schluessel
from bestandsaufnahme.abfragen.konstellation.suchraum import Suchraum, suchraum
from bestandsaufnahme.auswahl import Stufe


class Gruppe(NamedTuple):
    """A candidate with what speaks for it."""

    wer: Menge
    beispiel: bool
    punkte: int
    befunde: list[Befund]


def ausgewaehlte(lage: Lage, *, mindestens: int, kommunen: Collection[int] | None) -> list[Konstellation]:
    """Return what is proposed, the best first, then in the order of the fields."""
    gesucht = _gesuchte(lage.land, kommunen)
    genauere: dict[int, set[Menge]] = {}  # per Aufgabenfeld what one of its Kooperationsfelder proposes already
    gefunden = []
    for nummer, gebiet in reversed([*enumerate(lage.gebiete)]):
        if len({wille.ort for wille in gebiet.willen}) < mindestens:
            continue
        raum = suchraum(lage.land, gebiet)
        schon = genauere.setdefault(gebiet.feld.pk, set())
        gruppen = _beste(raum, kandidaten(raum, mindestens=mindestens))
        if gebiet.teilfeld is None:
            gruppen = [gruppe for gruppe in gruppen if gruppe.wer not in schon]
        schon.update(gruppe.wer for gruppe in gruppen)
        gefunden += [(nummer, raum, gruppe) for gruppe in gruppen if gruppe.wer & gesucht]
    gefunden.sort(key=lambda eine: (-eine[2].punkte, eine[0], eine[2].wer))
    return [_konstellation(raum, gruppe) for _, raum, gruppe in gefunden]


def knappe(lage: Lage, *, mindestens: int, kommunen: Collection[int] | None) -> list[Knapp]:
    """Return the Aufgabenfelder that some want, but too few for a proposal; those that lack the fewest first."""
    gesucht = _gesuchte(lage.land, kommunen)
    gefunden = []
    for gebiet in lage.gebiete:
        wer = menge(wille.ort for wille in gebiet.willen)
        if gebiet.teilfeld is None and wer & gesucht and wer.bit_count() < mindestens:
            namen = tuple(lage.land.orte[stelle].kurzname for stelle in stellen(wer))
            beispiel = any(wille.beispiel for wille in gebiet.willen)
            gefunden.append(Knapp(gebiet.feld, namen, mindestens - len(namen), beispiel))
    return sorted(gefunden, key=lambda knapp: knapp.fehlen)


def _gesuchte(land: Land, kommunen: Collection[int] | None) -> Menge:
    return menge(stelle for stelle, ort in enumerate(land.orte) if kommunen is None or ort.pk in kommunen)


# --- choosing ---------------------------------------------------------------------------------------------------------
def _beste(raum: Suchraum, gruppen: Collection[Menge]) -> list[Gruppe]:
    """Return at most JE_FELD: the best, and one with those that the others leave out. Examples displace nothing real.

    A group within a larger one that has no fewer points says nothing new.
    """
    bewertete = []
    for wer in gruppen:
        gefundene = befunde(raum, wer)
        punkte = sum([befund.punkte for befund in gefundene])
        bewertete.append(Gruppe(wer, bool(wer & raum.beispiele), punkte, gefundene))
    bewertete.sort(key=lambda gruppe: (gruppe.beispiel, -gruppe.punkte, gruppe.wer))
    uebrige = [gruppe for gruppe in bewertete if not any(_ersetzt(andere, gruppe) for andere in bewertete)]
    if len(uebrige) <= JE_FELD:
        return uebrige
    genommene = uebrige[: JE_FELD - 1]
    dabei = genommene[0].wer
    for gruppe in genommene:
        dabei |= gruppe.wer
    genommene.append(max(uebrige[JE_FELD - 1 :], key=lambda gruppe: (gruppe.wer & ~dabei).bit_count()))
    return genommene


def _ersetzt(eine: Gruppe, andere: Gruppe) -> bool:
    groesser = eine.wer != andere.wer and eine.wer & andere.wer == andere.wer
    return groesser and eine.punkte >= andere.punkte and eine.beispiel <= andere.beispiel


# --- showing ----------------------------------------------------------------------------------------------------------
def _konstellation(raum: Suchraum, gruppe: Gruppe) -> Konstellation:
    return Konstellation(
        aufgabenfeld=raum.gebiet.feld,
        kooperationsfeld=raum.gebiet.teilfeld,
        wer=gruppe.wer,
        orte=raum.land.schluessel,
        punkte=gruppe.punkte,
        beispiel=gruppe.beispiel,
        erzaehlen=partial(_inhalt, raum, gruppe),
    )


def _inhalt(raum: Suchraum, gruppe: Gruppe) -> Inhalt:
    gebiet, orte = raum.gebiet, raum.land.orte
    wer = [*stellen(gruppe.wer)]
    return Inhalt(
        kommunen=tuple(_mitglied(raum, stelle) for stelle in wer),
        gruende=gruende(raum, gruppe.befunde),
        federfuehrung=tuple(orte[stelle].name for stelle in stellen(raum.je_stufe[Stufe.FEDERFUEHRUNG] & gruppe.wer)),
        fehlt=fehlendes(raum, gruppe.wer),
        schluessel=schluessel(
            gebiet.feld.pk, gebiet.teilfeld.pk if gebiet.teilfeld else 0, (orte[stelle].ags for stelle in wer)
        ),
    )


def _mitglied(raum: Suchraum, stelle: int) -> Mitglied:
    ort = raum.land.orte[stelle]
    eigene = sorted(raum.willen[stelle], key=lambda wille: (-wille.stufe, wille.pk))
    bekundungen = tuple(Bekundung(wille.pk, STUFEN[wille.stufe], wille.teilfeld) for wille in eigene)
    return Mitglied(ort.pk, ort.ags, ort.name, bekundungen[0].stufe, bekundungen)
