"""Reading row by row: what can't be understood is put down with its place, and the row goes on being read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from bestandsaufnahme.abfragen.einlesung.angabe import AUFGABENFELD, BEKANNT_DURCH, KOOPERATIONSFELD, Angabe
from bestandsaufnahme.abfragen.einlesung.blatt import Blatt, Fehler, Unpassend, Wert, spaltenname
from bestandsaufnahme.abfragen.einlesung.spalten import Kommunen, Kopf
from bestandsaufnahme.abfragen.einlesung.werte import herkunft, text, vergleichbar
from bestandsaufnahme.models import Kooperation, Kooperationsfeld

# More than that nobody mends by hand: reading ends there, and the page says so.
FEHLER_HOECHSTENS = 1000
FELD_LAENGE = Kooperationsfeld._meta.get_field("name").max_length or 0
NAME_LAENGE = Kooperation._meta.get_field("bezeichnung").max_length or 0
ZEICHEN_LAENGE = Kooperation._meta.get_field("symbol").max_length or 0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Umfeld:
    """What the rows refer to, and what holds where they say nothing. Aufgabenfelder (key, name) by comparable name."""

    kommunen: Kommunen
    aufgabenfelder: dict[str, tuple[int, str]]
    ab: date
    herkunft: str


@dataclass
class Leser:
    blatt: Blatt
    kopf: Kopf
    umfeld: Umfeld
    fehler: list[Fehler] = field(default_factory=list)
    zeilen_mit_inhalt: int = 0

    def zeilen(self) -> Iterator[int]:
        """Yield the rows below the headings in which anything stands, as long as it makes sense to go on."""
        for nummer in range(self.kopf.zeile + 1, len(self.blatt.zeilen)):
            if len(self.fehler) >= FEHLER_HOECHSTENS:
                return
            if not self.blatt.ist_leer(nummer):
                self.zeilen_mit_inhalt += 1
                yield nummer

    def roh(self, zeile: int, spalte: int) -> Wert:
        if satz := self.blatt.stoerungen.get((zeile, spalte)):
            raise Unpassend(satz)
        return self.blatt.wert(zeile, spalte)

    def lies(self, zeile: int, titel: str, als: Callable[[Wert], T], sonst: T) -> T:
        """Return what stands in this column, `sonst` where the column is missing or what stands there doesn't fit."""
        spalte = self.kopf.spalten.get(titel)
        if spalte is None:
            return sonst
        try:
            return als(self.roh(zeile, spalte))
        except Unpassend as grund:
            self.bemaengeln(zeile, titel, grund.satz)
            return sonst

    def wort(self, zeile: int, titel: str, als: Callable[[str], T], sonst: T) -> T:
        """As `lies`, for words; an empty cell gives `sonst`."""
        return self.lies(zeile, titel, lambda wert: als(glatt) if (glatt := text(wert)) else sonst, sonst)

    def bemaengeln(self, zeile: int, spalte: str | int | None, satz: str) -> None:
        nummer = self.kopf.spalten.get(spalte) if isinstance(spalte, str) else spalte
        titel = self.kopf.titel.get(nummer, "") if nummer is not None else ""
        self.fehler.append(Fehler(zeile + 1, nummer, titel, satz))

    def bemaengle(self, angabe: Angabe, spalte: str, satz: str) -> None:
        """As `bemaengeln`, for what was read already: at the column of the list, or at the cell of the matrix."""
        self.bemaengeln(angabe.zeile - 1, angabe.spalten.get(spalte, angabe.spalten.get("")), satz)

    def stelle(self, zeile: int, spalte: int | None = None) -> str:
        name = spaltenname(spalte, self.kopf.titel.get(spalte, "")) if spalte is not None else ""
        return f"Zeile {zeile + 1}{name}"

    # --- what both formats have ---------------------------------------------------------------------------------------
    def aufgabenfeld(self, zeile: int) -> tuple[int, str]:
        """Return its key and name; (0, "") where there is none."""
        anzahl = len(self.fehler)
        glatt = self.lies(zeile, AUFGABENFELD, text, "")
        gefunden = self.umfeld.aufgabenfelder.get(vergleichbar(glatt))
        if gefunden is None and len(self.fehler) == anzahl:
            self.bemaengeln(zeile, AUFGABENFELD, self._kein_feld(glatt))
        return gefunden or (0, "")

    def _kein_feld(self, glatt: str) -> str:
        if not glatt:
            return "Bitte nennen Sie das Aufgabenfeld."
        namen = self.umfeld.aufgabenfelder
        aehnliche = get_close_matches(vergleichbar(glatt), list(namen), n=1, cutoff=0.6)
        vorschlag = f" Gemeint ist vielleicht „{namen[aehnliche[0]][1]}“." if aehnliche else ""
        kurz = glatt if len(glatt) <= 60 else f"{glatt[:59]}…"
        return f"Das Aufgabenfeld „{kurz}“ gibt es nicht.{vorschlag}"

    def kooperationsfeld(self, zeile: int) -> str:
        return self.pflicht(zeile, KOOPERATIONSFELD, FELD_LAENGE, "Bitte nennen Sie das Kooperationsfeld.")

    def pflicht(self, zeile: int, titel: str, hoechstens: int, satz: str) -> str:
        anzahl = len(self.fehler)
        glatt = self.lies(zeile, titel, lambda wert: text(wert, hoechstens), "")
        if not glatt and len(self.fehler) == anzahl:
            self.bemaengeln(zeile, titel, satz)
        return glatt

    def name(self, zeile: int, titel: str, hoechstens: int) -> str:
        return self.lies(zeile, titel, lambda wert: text(wert, hoechstens), "")

    def zeichen(self, zeile: int, titel: str) -> str:
        return self.lies(zeile, titel, zeichen, "")

    def herkunft(self, zeile: int) -> str:
        return self.wort(zeile, BEKANNT_DURCH, herkunft, "")


def zeichen(wert: Wert) -> str:
    glatt = text(wert)
    if len(glatt) > ZEICHEN_LAENGE or " " in glatt:
        kurz = glatt if len(glatt) <= 20 else f"{glatt[:19]}…"
        raise Unpassend(f"„{kurz}“ ist kein Zeichen. Ein Zeichen hat ein oder zwei Stellen, zum Beispiel ■ oder A.")
    return glatt
