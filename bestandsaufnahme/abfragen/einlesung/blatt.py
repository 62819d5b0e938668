"""A sheet as it was read, and how a place in it is named to whoever made it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Wert = str | int | float | bool | date | datetime | time | timedelta

# What one file may hold, said in words where it holds more.
ZEILEN_HOECHSTENS = 20_000
SPALTEN_HOECHSTENS = 60
KOPF_SUCHEN_BIS = 20  # rows in which the headings are looked for
ZELLE_HOECHSTENS = 2000  # characters of a cell that are looked at

FEHLERWERTE = {
    *("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"),
    *("#BEZUG!", "#NV", "#WERT!", "#ZAHL!", "#ÜBERLAUF!"),
}


@dataclass(frozen=True, slots=True)
class Fehler:
    """What is wrong in one place. Rows count from 1, columns from 0; a column is None where the whole row is meant."""

    zeile: int
    spalte: int | None
    titel: str
    satz: str

    @property
    def stelle(self) -> str:
        return f"Zeile {self.zeile}{spaltenname(self.spalte, self.titel)}"


@dataclass(frozen=True, slots=True)
class Blatt:
    """The rows from the first one on, each from column A. `stoerungen` says why a cell (row, column) isn't readable."""

    name: str
    zeilen: list[list[Wert]]
    stoerungen: dict[tuple[int, int], str] = field(default_factory=dict)
    hinweise: list[str] = field(default_factory=list)

    def wert(self, zeile: int, spalte: int) -> Wert:
        werte = self.zeilen[zeile]
        return werte[spalte] if spalte < len(werte) else ""

    def ist_leer(self, zeile: int) -> bool:
        """Tell whether nothing stands in this row, nor something that couldn't be read."""
        if any(not isinstance(wert, str) or wert.strip() for wert in self.zeilen[zeile]):
            return False
        return not any((zeile, spalte) in self.stoerungen for spalte in range(SPALTEN_HOECHSTENS))


class Unpassend(Exception):
    """What stands in a cell doesn't fit; the sentence says why and what would."""

    def __init__(self, satz: str) -> None:
        super().__init__(satz)
        self.satz = satz


def spaltenname(spalte: int | None, titel: str) -> str:
    """Return „, Spalte E „AGS““, nothing where no column is meant."""
    if spalte is None:
        return ""
    return f", Spalte {buchstaben(spalte)}" + (f" „{titel}“" if titel else "")


def buchstaben(spalte: int) -> str:
    """Return A, B, … Z, AA, … for 0, 1, … 25, 26, …"""
    name, rest = "", spalte + 1
    while rest:
        rest, stelle = divmod(rest - 1, 26)
        name = chr(ord("A") + stelle) + name
    return name
