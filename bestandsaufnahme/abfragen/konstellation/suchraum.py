"""One field, ready to look for groups in: who wants it, who would lead, whose needs are met by whom."""

from collections import defaultdict
from dataclasses import dataclass

from bestandsaufnahme.abfragen.konstellation.bits import Menge, mehrere
from bestandsaufnahme.abfragen.konstellation.lage import STUFEN, Gebiet, Land, Laufende, Wille
from bestandsaufnahme.abfragen.konstellation.worte import Worte, gemeinsames_wort
from bestandsaufnahme.auswahl import Stufe


@dataclass(frozen=True, slots=True)
class Suchraum:
    """Sets of Kommunen; `je_stufe`: those whose highest Stufe it is; `helfer`: per seeker those that meet its need.

    `laufende`: Kooperationen of two or more of them, those of the fewest first.
    """

    land: Land
    gebiet: Gebiet
    willen: dict[int, list[Wille]]
    alle: Menge
    beispiele: Menge
    je_stufe: dict[Stufe, Menge]
    suchende: Menge
    helfer: dict[int, Menge]
    laufende: list[Laufende]


def suchraum(land: Land, gebiet: Gebiet) -> Suchraum:
    willen = _je_ort(gebiet)
    alle = beispiele = suchende = 0
    je_stufe = dict.fromkeys(STUFEN, 0)
    for ort, eigene in willen.items():
        bit = 1 << ort
        alle |= bit
        je_stufe[STUFEN[max([wille.stufe for wille in eigene])]] |= bit
        if eigene[0].beispiel:
            beispiele |= bit
        if any(wille.sucht for wille in eigene):
            suchende |= bit
    return Suchraum(
        land=land,
        gebiet=gebiet,
        willen=willen,
        alle=alle,
        beispiele=beispiele,
        je_stufe=je_stufe,
        suchende=suchende,
        helfer=_helfer(willen) if suchende else {},
        laufende=[eine for eine in gebiet.laufende if mehrere(eine.gruppe & alle)],
    )


def treffendes_wort(raum: Suchraum, suchender: int, bietender: int) -> str:
    """Return the word by which the offer meets the need."""
    wort = gemeinsames_wort(_gesammelt(raum.willen[suchender], "sucht"), _gesammelt(raum.willen[bietender], "bietet"))
    return wort or ""


def _je_ort(gebiet: Gebiet) -> dict[int, list[Wille]]:
    """Return the declarations of each Kommune; examples only of those that have said nothing themselves."""
    alle: dict[int, list[Wille]] = defaultdict(list)
    for wille in gebiet.willen:
        alle[wille.ort].append(wille)
    for ort, eigene in alle.items():
        if len(eigene) > 1:
            alle[ort] = [wille for wille in eigene if not wille.beispiel] or eigene
    return alle


def _helfer(willen: dict[int, list[Wille]]) -> dict[int, Menge]:
    bietende: dict[str, Menge] = {}
    for ort, eigene in willen.items():
        bit = 1 << ort
        for wille in eigene:
            for stamm in wille.bietet:
                bietende[stamm] = bietende.get(stamm, 0) | bit
    gefunden: dict[int, Menge] = {}
    for ort, eigene in sorted(willen.items()):
        helfende = 0
        for wille in eigene:
            for stamm in wille.sucht.keys() & bietende.keys():
                helfende |= bietende[stamm]
        if helfende := helfende & ~(1 << ort):
            gefunden[ort] = helfende
    return gefunden


def _gesammelt(eigene: list[Wille], was: str) -> Worte:
    gesammelt: Worte = {}
    for wille in eigene:
        for stamm, wort in getattr(wille, was).items():
            gesammelt[stamm] = min(wort, gesammelt.get(stamm, wort))
    return gesammelt
