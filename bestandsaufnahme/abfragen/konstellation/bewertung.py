"""What speaks for a group, in points and in words. A reason is found once; its sentence is made when it is read."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from django.urls import reverse

from bestandsaufnahme.abfragen.konstellation import gewichte
from bestandsaufnahme.abfragen.konstellation.bits import Menge, mehrere, stellen, zusammenhaengende
from bestandsaufnahme.abfragen.konstellation.groesse import aehnlich_gross
from bestandsaufnahme.abfragen.konstellation.lage import Laufende
from bestandsaufnahme.abfragen.konstellation.modell import Grund
from bestandsaufnahme.abfragen.konstellation.suchraum import Suchraum, treffendes_wort
from bestandsaufnahme.auswahl import Stufe
from ikz_portal.basis.formate import zahl
from kommunen.models.kommune import groessenklasse

NAMEN_HOECHSTENS = 6
WORTE_HOECHSTENS = 3


class Befund(NamedTuple):
    """That something speaks for the group."""

    punkte: int
    grund: Callable[[], Grund]


def befunde(raum: Suchraum, gruppe: Menge) -> list[Befund]:
    """Return what speaks for it; each group of declaring Kommunen has something."""
    return [*_stufen(raum, gruppe), *_bedarfe(raum, gruppe), *_lage(raum, gruppe), *_kooperationen(raum, gruppe)]


def gruende(gefundene: Sequence[Befund]) -> tuple[Grund, ...]:
    """Return them in words, the weightiest first."""
    return tuple(befund.grund() for befund in sorted(gefundene, key=lambda befund: -befund.punkte))


def fehlendes(raum: Suchraum, gruppe: Menge) -> tuple[str, ...]:
    """Return what the group still lacks, as sentences."""
    saetze = []
    if not raum.je_stufe[Stufe.FEDERFUEHRUNG] & gruppe:
        saetze.append("Noch keine Kommune würde federführen.")
    offen = [stelle for stelle in stellen(raum.suchende & gruppe) if not raum.helfer.get(stelle, 0) & gruppe]
    if offen:
        sucht = _mz(offen, "sucht", "suchen")
        saetze.append(f"Zu dem, was {_namen(raum, offen)} {sucht}, fehlt noch ein passendes Angebot.")
    return tuple(saetze)


# --- how far they would go --------------------------------------------------------------------------------------------
def _stufen(raum: Suchraum, gruppe: Menge) -> Iterator[Befund]:
    for stufe, je_kommune in gewichte.JE_STUFE.items():
        if wer := raum.je_stufe[stufe] & gruppe:
            punkte = je_kommune * wer.bit_count()
            if stufe == Stufe.FEDERFUEHRUNG:
                punkte += gewichte.ERSTE_FEDERFUEHRUNG - je_kommune
            yield Befund(punkte, partial(_satz_stufe, raum, stufe, wer, punkte))


def _satz_stufe(raum: Suchraum, stufe: Stufe, wer: Menge, punkte: int) -> Grund:
    mehrzahl = {
        Stufe.FEDERFUEHRUNG: "würden federführen",
        Stufe.RESSOURCEN: "bringen Ressourcen ein",
        Stufe.INTERESSE: "haben Interesse",
    }
    wie = stufe.label if wer.bit_count() == 1 else mehrzahl[stufe]
    return Grund(f"{_namen(raum, [*stellen(wer)])} {wie}.", punkte)


# --- who has what another needs ---------------------------------------------------------------------------------------
def _bedarfe(raum: Suchraum, gruppe: Menge) -> list[Befund]:
    gedeckt = [
        (stelle, helfende)
        for stelle in stellen(gruppe & raum.suchende)
        if (helfende := raum.helfer.get(stelle, 0) & gruppe)
    ]
    return [
        Befund(gewichte.BEDARF, partial(_satz_bedarf, raum, stelle, helfende))
        for stelle, helfende in gedeckt[: gewichte.BEDARFE_HOECHSTENS]
    ]


def _satz_bedarf(raum: Suchraum, suchende: int, helfende: Menge) -> Grund:
    wer = [*stellen(helfende)]
    worte = dict.fromkeys(treffendes_wort(raum, suchende, bietende) for bietende in wer[:WORTE_HOECHSTENS])
    was = ", ".join(f"„{wort}“" for wort in worte)
    bietet, sucht = _mz(wer, "bietet", "bieten"), raum.land.orte[suchende].kurzname
    return Grund(f"{_namen(raum, wer)} {bietet}, was {sucht} sucht: {was}.", gewichte.BEDARF)


# --- where they lie, and how large they are ---------------------------------------------------------------------------
def _lage(raum: Suchraum, gruppe: Menge) -> Iterator[Befund]:
    """The Kreis is left out of both: it lies around all of them and is larger than any."""
    staedte = gruppe & raum.land.staedte
    if staedte.bit_count() < 2:
        return
    teile = zusammenhaengende(staedte, raum.land.nachbarn)
    groesster = max(teile, key=Menge.bit_count)
    if len(teile) == 1:
        yield Befund(gewichte.ZUSAMMENHAENGEND, partial(_satz_nachbarn, raum, gruppe, groesster))
    elif groesster.bit_count() > 1 and 2 * groesster.bit_count() >= gruppe.bit_count():
        yield Befund(gewichte.ZUR_HAELFTE, partial(_satz_nachbarn, raum, gruppe, groesster))
    if aehnlich_gross(staedte, raum.land.einwohner):
        yield Befund(gewichte.AEHNLICH_GROSS, partial(_satz_groesse, raum, gruppe))


def _satz_nachbarn(raum: Suchraum, gruppe: Menge, teil: Menge) -> Grund:
    abseits = [*stellen(gruppe & raum.land.staedte & ~teil)]
    nachbarn = _namen(raum, [*stellen(teil)])
    if not abseits:
        return Grund(f"{nachbarn} sind benachbart und hängen räumlich zusammen.", gewichte.ZUSAMMENHAENGEND)
    liegt = _mz(abseits, "liegt", "liegen")
    return Grund(f"{nachbarn} sind benachbart; {_namen(raum, abseits)} {liegt} davon entfernt.", gewichte.ZUR_HAELFTE)


def _satz_groesse(raum: Suchraum, gruppe: Menge) -> Grund:
    einwohner = [raum.land.einwohner[stelle] for stelle in stellen(gruppe & raum.land.staedte)]
    von, bis = min(einwohner), max(einwohner)
    klasse = f", alle in der Größenklasse {groessenklasse(von)}" if groessenklasse(von) == groessenklasse(bis) else ""
    ohne_kreis = " (ohne den Kreis)" if gruppe & ~raum.land.staedte else ""
    return Grund(f"Ähnlich groß{ohne_kreis}: {zahl(von)} bis {zahl(bis)} Einwohner{klasse}.", gewichte.AEHNLICH_GROSS)


# --- what they already do together ------------------------------------------------------------------------------------
def _kooperationen(raum: Suchraum, gruppe: Menge) -> Iterator[Befund]:
    """Those of the fewest first: what almost everybody takes part in says little about these."""
    uebrig = gewichte.KOOPERATIONEN_HOECHSTENS
    for laufende in raum.laufende:
        gemeinsam = laufende.gruppe & gruppe
        if mehrere(gemeinsam):
            meiste = 2 * laufende.gruppe.bit_count() > len(raum.land.orte)
            punkte = gewichte.KOOPERATION_DER_MEISTEN if meiste else gewichte.KOOPERATION
            yield Befund(punkte, partial(_satz_kooperation, raum, laufende, gemeinsam, punkte))
            if not (uebrig := uebrig - 1):
                return


def _satz_kooperation(raum: Suchraum, laufende: Laufende, gemeinsam: Menge, punkte: int) -> Grund:
    return Grund(
        f"{_namen(raum, [*stellen(gemeinsam)])} arbeiten hier schon zusammen: {laufende.name}.",
        punkte,
        reverse("kooperation_detail", args=[laufende.pk]),
    )


# --- words ------------------------------------------------------------------------------------------------------------
def _namen(raum: Suchraum, welche: Sequence[int]) -> str:
    """Return „A, B und C“, of many the first ones and how many more."""
    namen = [raum.land.orte[stelle].kurzname for stelle in welche]
    if len(namen) > NAMEN_HOECHSTENS:
        namen = [*namen[: NAMEN_HOECHSTENS - 1], f"{len(namen) - NAMEN_HOECHSTENS + 1} weitere"]
    return " und ".join(filter(None, [", ".join(namen[:-1]), namen[-1]]))


def _mz(welche: Sequence[int], einzahl: str, mehrzahl: str) -> str:
    return einzahl if len(welche) == 1 else mehrzahl
