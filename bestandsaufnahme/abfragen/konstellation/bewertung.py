"""What speaks for a group, in points and in words. A reason is found once; its sentence is made when it is read."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.urls import reverse

from bestandsaufnahme.abfragen.konstellation import gewichte
from bestandsaufnahme.abfragen.konstellation.bits import Menge, mehrere, menge, stellen, zusammenhaengende
from bestandsaufnahme.abfragen.konstellation.groesse import aehnlich_gross
from bestandsaufnahme.abfragen.konstellation.lage import Laufende
from bestandsaufnahme.abfragen.konstellation.modell import Grund
from bestandsaufnahme.abfragen.konstellation.suchraum import Suchraum, treffendes_wort
from bestandsaufnahme.auswahl import Stufe
from ikz_portal.basis.formate import aufzaehlung, zahl
from kommunen.models.kommune import groessenklasse

NAMEN_HOECHSTENS = 6
WORTE_HOECHSTENS = 3


class Befund(NamedTuple):
    """That something speaks for the group; the sentence takes the Suchraum, the points and what else it is about."""

    punkte: int
    satz: Callable[..., Grund]
    woran: tuple[Any, ...]


def befunde(raum: Suchraum, gruppe: Menge) -> list[Befund]:
    """Return what speaks for it; each group of declaring Kommunen has something."""
    return [*_stufen(raum, gruppe), *_bedarfe(raum, gruppe), *_lage(raum, gruppe), *_kooperationen(raum, gruppe)]


def gruende(raum: Suchraum, gefundene: Sequence[Befund]) -> tuple[Grund, ...]:
    """Return them in words, the weightiest first."""
    geordnet = sorted(gefundene, key=lambda befund: -befund.punkte)
    return tuple(befund.satz(raum, befund.punkte, *befund.woran) for befund in geordnet)


def fehlendes(raum: Suchraum, gruppe: Menge) -> tuple[str, ...]:
    """Return what the group still lacks, as sentences."""
    saetze = []
    if not raum.je_stufe[Stufe.FEDERFUEHRUNG] & gruppe:
        saetze.append("Noch keine Kommune würde federführen.")
    gedeckt = menge(stelle for stelle, helfende in raum.helfer.items() if helfende & gruppe)
    if offen := raum.suchende & gruppe & ~gedeckt:
        sucht = "suchen" if mehrere(offen) else "sucht"
        saetze.append(f"Zu dem, was {_namen(raum, offen)} {sucht}, fehlt noch ein passendes Angebot.")
    return tuple(saetze)


# --- how far they would go --------------------------------------------------------------------------------------------
def _stufen(raum: Suchraum, gruppe: Menge) -> list[Befund]:
    gefunden = []
    for stufe, je_kommune in gewichte.JE_STUFE.items():
        if wer := raum.je_stufe[stufe] & gruppe:
            punkte = je_kommune * wer.bit_count()
            if stufe == Stufe.FEDERFUEHRUNG:
                punkte += gewichte.ERSTE_FEDERFUEHRUNG - je_kommune
            gefunden.append(Befund(punkte, _satz_stufe, (stufe, wer)))
    return gefunden


def _satz_stufe(raum: Suchraum, punkte: int, stufe: Stufe, wer: Menge) -> Grund:
    mehrzahl = {
        Stufe.FEDERFUEHRUNG: "würden federführen",
        Stufe.RESSOURCEN: "bringen Ressourcen ein",
        Stufe.INTERESSE: "haben Interesse",
    }
    wie = mehrzahl[stufe] if mehrere(wer) else stufe.label
    return Grund(f"{_namen(raum, wer)} {wie}.", punkte)


# --- who has what another needs ---------------------------------------------------------------------------------------
def _bedarfe(raum: Suchraum, gruppe: Menge) -> list[Befund]:
    gedeckte = [
        Befund(gewichte.BEDARF, _satz_bedarf, (stelle, helfende & gruppe))
        for stelle, helfende in raum.helfer.items()
        if gruppe >> stelle & 1 and helfende & gruppe
    ]
    return gedeckte[: gewichte.BEDARFE_HOECHSTENS]


def _satz_bedarf(raum: Suchraum, punkte: int, suchende: int, helfende: Menge) -> Grund:
    bietende = [*stellen(helfende)][:WORTE_HOECHSTENS]
    worte = dict.fromkeys(treffendes_wort(raum, suchende, bietend) for bietend in bietende)
    bietet, sucht = "bieten" if mehrere(helfende) else "bietet", raum.land.orte[suchende].kurzname
    was = ", ".join(f"„{wort}“" for wort in worte)
    return Grund(f"{_namen(raum, helfende)} {bietet}, was {sucht} sucht: {was}.", punkte)


# --- where they lie, and how large they are ---------------------------------------------------------------------------
def _lage(raum: Suchraum, gruppe: Menge) -> list[Befund]:
    """The Kreis is left out of both: it lies around all of them and is larger than any."""
    staedte = gruppe & raum.land.staedte
    if not mehrere(staedte):
        return []
    gefunden = []
    teile = zusammenhaengende(staedte, raum.land.nachbarn)
    groesster = max(teile, key=Menge.bit_count)
    if len(teile) == 1:
        gefunden.append(Befund(gewichte.ZUSAMMENHAENGEND, _satz_nachbarn, (groesster, 0)))
    elif mehrere(groesster) and 2 * groesster.bit_count() >= gruppe.bit_count():
        gefunden.append(Befund(gewichte.ZUR_HAELFTE, _satz_nachbarn, (groesster, staedte & ~groesster)))
    if aehnlich_gross(staedte, raum.land.einwohner):
        gefunden.append(Befund(gewichte.AEHNLICH_GROSS, _satz_groesse, (staedte, gruppe != staedte)))
    return gefunden


def _satz_nachbarn(raum: Suchraum, punkte: int, teil: Menge, abseits: Menge) -> Grund:
    nachbarn = _namen(raum, teil)
    if not abseits:
        return Grund(f"{nachbarn} sind benachbart und hängen räumlich zusammen.", punkte)
    liegt = "liegen" if mehrere(abseits) else "liegt"
    return Grund(f"{nachbarn} sind benachbart; {_namen(raum, abseits)} {liegt} davon entfernt.", punkte)


def _satz_groesse(raum: Suchraum, punkte: int, staedte: Menge, mit_kreis: bool) -> Grund:
    einwohner = [raum.land.einwohner[stelle] for stelle in stellen(staedte)]
    von, bis = min(einwohner), max(einwohner)
    klasse = f", alle in der Größenklasse {groessenklasse(von)}" if groessenklasse(von) == groessenklasse(bis) else ""
    ohne_kreis = " (ohne den Kreis)" if mit_kreis else ""
    return Grund(f"Ähnlich groß{ohne_kreis}: {zahl(von)} bis {zahl(bis)} Einwohner{klasse}.", punkte)


# --- what they already do together ------------------------------------------------------------------------------------
def _kooperationen(raum: Suchraum, gruppe: Menge) -> list[Befund]:
    """Those of the fewest first: what almost everybody takes part in says little about these."""
    gefunden = []
    for laufende in raum.laufende:
        gemeinsam = laufende.gruppe & gruppe
        if mehrere(gemeinsam):
            meiste = 2 * laufende.gruppe.bit_count() > len(raum.land.orte)
            punkte = gewichte.KOOPERATION_DER_MEISTEN if meiste else gewichte.KOOPERATION
            gefunden.append(Befund(punkte, _satz_kooperation, (laufende, gemeinsam)))
            if len(gefunden) == gewichte.KOOPERATIONEN_HOECHSTENS:
                break
    return gefunden


def _satz_kooperation(raum: Suchraum, punkte: int, laufende: Laufende, gemeinsam: Menge) -> Grund:
    url = reverse("kooperation_detail", args=[laufende.pk])
    return Grund(f"{_namen(raum, gemeinsam)} arbeiten hier schon zusammen: {laufende.name}.", punkte, url)


# --- words ------------------------------------------------------------------------------------------------------------
def _namen(raum: Suchraum, gruppe: Menge) -> str:
    """Return „A, B und C“, of many the first ones and how many more."""
    namen = [raum.land.orte[stelle].kurzname for stelle in stellen(gruppe)]
    if len(namen) > NAMEN_HOECHSTENS:
        namen = [*namen[: NAMEN_HOECHSTENS - 1], f"{len(namen) - NAMEN_HOECHSTENS + 1} weitere"]
    return aufzaehlung(namen)
