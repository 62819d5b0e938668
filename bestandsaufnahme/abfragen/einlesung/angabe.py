"""What one row of a list, or one mark in a cell of a matrix, says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# The headings of the list, in the order in which the page of the matrix exports them.
AUFGABENFELD, KOOPERATIONSFELD, ZEICHEN, KOOPERATION = "Aufgabenfeld", "Kooperationsfeld", "Zeichen", "Kooperation"
AGS, KOMMUNE, STATUS, ROLLE = "AGS", "Kommune", "Status", "Rolle"
BEKANNT_DURCH, BELEGT_AB, BELEGT_BIS = "Bekannt durch", "Belegt ab", "Belegt bis (ausschließlich)"
VORGESEHEN_BIS, RECHTSFORM, PARTNER = "Vorgesehen bis", "Rechtsform", "Externe Partner"
SEIT, BESTAETIGT, BEISPIEL = "Seit", "Zuletzt bestätigt", "Beispiel"
SPALTEN_DER_LISTE = (
    *(AUFGABENFELD, KOOPERATIONSFELD, ZEICHEN, KOOPERATION, AGS, KOMMUNE, STATUS, ROLLE, BEKANNT_DURCH, BELEGT_AB),
    *(BELEGT_BIS, VORGESEHEN_BIS, RECHTSFORM, PARTNER, SEIT, BESTAETIGT, BEISPIEL),
)
# Those that describe a row of the matrix sheet; behind them the Kommunen.
SPALTEN_DER_MATRIX = (AUFGABENFELD, KOOPERATIONSFELD, ZEICHEN, KOOPERATION, BEKANNT_DURCH)


@dataclass(frozen=True, slots=True)
class Kommunename:
    pk: int
    ags: str
    name: str
    kurzname: str
    kuerzel: str


@dataclass(frozen=True, slots=True)
class Angabe:
    """None and empty texts say nothing, and change nothing. `spalten` tells in which column each of it stands."""

    zeile: int
    spalten: Mapping[str, int]
    stelle: str
    aufgabenfeld: int
    aufgabenfeld_name: str
    kooperationsfeld: str
    zeichen: str
    kooperation: str
    kommune: Kommunename
    status: str
    rolle: str
    herkunft: str
    ab: date
    bis: date | None = None
    vorgesehen_bis: date | None = None
    rechtsform: str = ""
    partner: tuple[str, ...] = ()
    seit: str = ""
    bestaetigt: date | None = None
    beispiel: bool = False
    ohne_namen: bool = False  # a new Kooperation may take the name of its Kooperationsfeld
