"""The pages of the matrix: whole Aufgabenfelder, as many as make about sixty rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

ZEILEN_JE_SEITE = 60


@dataclass(frozen=True)
class Feld:
    """A Kooperationsfeld as a row: its key, its name and the place of its Aufgabenfeld."""

    pk: int
    name: str
    aufgabenfeld: int


@dataclass(frozen=True)
class Abschnitt:
    """The rows of one Aufgabenfeld that stand on one page: all of them, but where these alone fill several pages."""

    aufgabenfeld: int
    felder: Sequence[Feld]
    teil: int = 1
    teile: int = 1


def auf_seiten(felder: Sequence[Feld], *, zeilen: int = ZEILEN_JE_SEITE) -> list[list[Abschnitt]]:
    """Take the rows in their order. A page is full before the Aufgabenfeld that would make it longer than `zeilen`."""
    seiten: list[list[Abschnitt]] = []
    frei = 0
    for abschnitt in _abschnitte(felder, zeilen):
        if len(abschnitt.felder) > frei:
            seiten.append([])
            frei = zeilen
        seiten[-1].append(abschnitt)
        frei -= len(abschnitt.felder)
    return seiten


def _abschnitte(felder: Sequence[Feld], zeilen: int) -> list[Abschnitt]:
    """Cut only what is longer than a page by itself, and that into parts of about the same length."""
    je_aufgabenfeld: dict[int, list[Feld]] = {}
    for feld in felder:
        je_aufgabenfeld.setdefault(feld.aufgabenfeld, []).append(feld)
    abschnitte = []
    for schluessel, alle in je_aufgabenfeld.items():
        teile = ceil(len(alle) / zeilen)
        laenge = ceil(len(alle) / teile)
        for nummer in range(teile):
            stueck = alle[nummer * laenge : (nummer + 1) * laenge]
            abschnitte.append(Abschnitt(schluessel, stueck, nummer + 1, teile))
    return abschnitte
