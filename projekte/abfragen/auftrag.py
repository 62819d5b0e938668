"""A Projektauftrag as it is read: introduction, the standard's 7 points in one of two editions, the tree of results."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from projekte.auswahl import AuftragStatus
from projekte.models import Ergebnis, Projektauftrag

NICHT_UEBERLIEFERT = "nicht überliefert"
OHNE_ANGABE = "keine Angabe"
NOCH_OFFEN = "noch nicht ausgefüllt"
VORSPANN = {"einleitung": "Einleitung", "rahmenbedingungen": "Rahmenbedingungen"}
# The standard's points in its order; the second are the Ergebnisse, rows of their own.
PUNKTE = {
    "projektziele": "Projektziele",
    "ergebnisse": "Zu erarbeitende Ergebnisse",
    "start_und_ende": "Projektstart und -ende",
    "projektkosten": "Projektkosten",
    "projektleitung": "Projektleitung",
    "projektgruppe": "Projektgruppe",
    "informationsmanagement": "Informationsmanagement",
}
INTERNE_PUNKTE = frozenset({"projektkosten", "projektleitung", "projektgruppe"})


@dataclass(frozen=True, slots=True)
class ErgebnisKnoten:
    nummer: str
    text: str
    teile: list["ErgebnisKnoten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Punkt:
    """A point of the order; `leer` says in words why there is nothing."""

    nummer: int | None
    titel: str
    text: str = ""
    ergebnisse: tuple[ErgebnisKnoten, ...] = ()
    leer: str = ""
    intern: bool = False

    def ist_verborgen(self, fassung_intern: bool) -> bool:
        """Tell whether this edition leaves it out; what isn't handed down needs no hiding."""
        return self.intern and not fassung_intern and self.leer != NICHT_UEBERLIEFERT


@dataclass(frozen=True, slots=True, kw_only=True)
class Auftragsblatt:
    """An order in one edition: without the internal points it is the public one."""

    titel: str
    version: int
    status: AuftragStatus
    stand: date | None
    vorspann: list[Punkt]
    punkte: list[Punkt]
    hinweis: str
    quelle: str
    intern: bool
    verborgen: tuple[int, ...]


def blatt(auftrag: Projektauftrag, *, intern: bool) -> Auftragsblatt:
    """Return the order for reading, with one query for its results."""
    ergebnisse = tuple(ergebnisbaum(list(auftrag.ergebnisse.all())))
    alle = [_punkt(auftrag, name, nummer, ergebnisse) for nummer, name in enumerate(PUNKTE, start=1)]
    return Auftragsblatt(
        titel=auftrag.titel,
        version=auftrag.version,
        status=auftrag.marke_des_status,
        stand=auftrag.stand,
        vorspann=[_punkt(auftrag, name, None, ()) for name in VORSPANN],
        punkte=[punkt for punkt in alle if not punkt.ist_verborgen(intern)],
        hinweis=auftrag.hinweis,
        quelle=auftrag.quelle,
        intern=intern,
        verborgen=tuple(nummer for nummer, punkt in enumerate(alle, start=1) if punkt.ist_verborgen(intern)),
    )


def ergebnisbaum(ergebnisse: list[Ergebnis]) -> list[ErgebnisKnoten]:
    """Return the results as a tree, each level in the order of the rows."""
    teile_von: dict[int | None, list[Ergebnis]] = defaultdict(list)
    for ergebnis in ergebnisse:
        teile_von[ergebnis.eltern_id].append(ergebnis)

    def knoten(eltern: int | None) -> list[ErgebnisKnoten]:
        return [ErgebnisKnoten(teil.nummer, teil.text, knoten(teil.pk)) for teil in teile_von[eltern]]

    return knoten(None)


def _punkt(auftrag: Projektauftrag, name: str, nummer: int | None, ergebnisse: tuple[ErgebnisKnoten, ...]) -> Punkt:
    if name == "ergebnisse":
        leer = "" if ergebnisse else _warum_leer(auftrag)
        return Punkt(nummer=nummer, titel=PUNKTE[name], ergebnisse=ergebnisse, leer=leer)
    text = getattr(auftrag, name)
    return Punkt(
        nummer=nummer,
        titel=(VORSPANN | PUNKTE)[name],
        text=text,
        leer="" if text else _warum_leer(auftrag),
        intern=name in INTERNE_PUNKTE,
    )


def _warum_leer(auftrag: Projektauftrag) -> str:
    if auftrag.ist_ueberliefert:
        return NICHT_UEBERLIEFERT
    return NOCH_OFFEN if auftrag.status == AuftragStatus.ENTWURF else OHNE_ANGABE
