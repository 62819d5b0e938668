"""The headings: which of the two formats it is, and what stands in which column."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from bestandsaufnahme.abfragen.einlesung.angabe import (
    AGS,
    AUFGABENFELD,
    BELEGT_BIS,
    KOMMUNE,
    KOOPERATIONSFELD,
    SPALTEN_DER_LISTE,
    SPALTEN_DER_MATRIX,
    STATUS,
    ZEICHEN,
    Kommunename,
)
from bestandsaufnahme.abfragen.einlesung.blatt import (
    KOPF_SUCHEN_BIS,
    ZEILEN_HOECHSTENS,
    Blatt,
    Fehler,
    Unpassend,
    buchstaben,
)
from bestandsaufnahme.abfragen.einlesung.werte import text, vergleichbar
from bestandsaufnahme.abfragen.einlesung.xlsx import zu_viele_zeilen

LISTE, MATRIX = "Liste", "Matrix"
ANDERE_NAMEN = {"belegt bis": BELEGT_BIS, "symbol": ZEICHEN, "belegt bis (ausschl.)": BELEGT_BIS}
# Headings that people add for themselves; they are passed over, and the page says so.
BEIWERK = (
    "summe",
    "anzahl",
    "bemerkung",
    "bemerkungen",
    "anmerkung",
    "anmerkungen",
    "fußnote",
    "fußnoten",
    "nr.",
    "nr",
)
# From how alike on a heading is taken for a slip of the pen.
AEHNLICH = 0.8


@dataclass
class Kopf:
    """`spalten` and `kommunen` say in which column what stands; without a format nothing could be read."""

    zeile: int = 0
    art: str = ""
    spalten: dict[str, int] = field(default_factory=dict)
    kommunen: dict[int, Kommunename] = field(default_factory=dict)
    titel: dict[int, str] = field(default_factory=dict)
    fehler: list[Fehler] = field(default_factory=list)
    hinweise: list[str] = field(default_factory=list)

    def bemaengeln(self, spalte: int | None, satz: str) -> None:
        titel = self.titel.get(spalte, "") if spalte is not None else ""
        self.fehler.append(Fehler(self.zeile + 1, spalte, titel, satz))


class Kommunen:
    """The Kommunen of the Verbund by each of their names."""

    def __init__(self, alle: Sequence[Kommunename]) -> None:
        self.alle = alle
        self._nach_ags = {int(kommune.ags): kommune for kommune in alle}
        self._nach_name: dict[str, Kommunename] = {}
        for kommune in alle:
            for name in (kommune.kuerzel, kommune.kurzname, kommune.name):
                self._nach_name[vergleichbar(name)] = kommune

    def mit_ags(self, glatt: str) -> Kommunename | None:
        """A spreadsheet drops the zero at the beginning."""
        return self._nach_ags.get(int(glatt)) if glatt.isascii() and glatt.isdecimal() and len(glatt) <= 8 else None

    def mit_namen(self, glatt: str) -> Kommunename | None:
        return self._nach_name.get(vergleichbar(glatt)) or self.mit_ags(glatt)

    def vorschlag(self, glatt: str, name: str = "") -> str:
        """Return „ Gemeint ist vielleicht …“ by the name beside an AGS or what is alike, else nothing."""
        if glatt.isdecimal():
            aehnliche = get_close_matches(glatt, [kommune.ags for kommune in self.alle], n=1, cutoff=AEHNLICH)
            gemeint = self.mit_namen(name) or (self.mit_ags(aehnliche[0]) if aehnliche else None)
            return f" Gemeint ist vielleicht {gemeint.ags} ({gemeint.name})." if gemeint else ""
        aehnliche = get_close_matches(vergleichbar(glatt), list(self._nach_name), n=1, cutoff=0.7)
        return f" Gemeint ist vielleicht „{self._nach_name[aehnliche[0]].name}“." if aehnliche else ""


def kopf(blatt: Blatt, kommunen: Kommunen) -> Kopf:
    """Find the headings among the first rows and understand them; what is wrong with them is in `fehler`."""
    gefunden = Kopf()
    nummer = _kopfzeile(blatt)
    if nummer is None:
        gefunden.fehler.append(Fehler(1, None, "", _ohne_kopf(blatt)))
        return gefunden
    if len(blatt.zeilen) - nummer - 1 > ZEILEN_HOECHSTENS:
        raise zu_viele_zeilen()
    gefunden.zeile = nummer
    gefunden.titel = {i: glatt for i in range(len(blatt.zeilen[nummer])) if (glatt := _titel(blatt, nummer, i))}
    worte = {vergleichbar(glatt) for glatt in gefunden.titel.values()}
    als_liste = bool(worte & {vergleichbar(name) for name in (STATUS, AGS, KOMMUNE)})
    gefunden.art = LISTE if als_liste else MATRIX
    for spalte, glatt in gefunden.titel.items():
        _zuordnen(gefunden, spalte, glatt, kommunen)
    _vollstaendig(gefunden)
    return gefunden


def _kopfzeile(blatt: Blatt) -> int | None:
    for nummer in range(min(KOPF_SUCHEN_BIS, len(blatt.zeilen))):
        werte = {vergleichbar(wert) for wert in blatt.zeilen[nummer] if isinstance(wert, str)}
        if werte & {vergleichbar(AUFGABENFELD), vergleichbar(KOOPERATIONSFELD)}:
            return nummer
    return None


def _ohne_kopf(blatt: Blatt) -> str:
    if all(blatt.ist_leer(nummer) for nummer in range(len(blatt.zeilen))):
        return "Die Tabelle ist leer."
    return (
        f"In den ersten {KOPF_SUCHEN_BIS} Zeilen stehen keine Überschriften. Erwartet wird eine Zeile mit "
        f"„{AUFGABENFELD}“, „{KOOPERATIONSFELD}“ und entweder „{KOMMUNE}“ und „{STATUS}“ oder den Namen der Kommunen."
    )


def _titel(blatt: Blatt, zeile: int, spalte: int) -> str:
    try:
        return text(blatt.wert(zeile, spalte)).rstrip("*: ")
    except Unpassend:
        return "?"


def _zuordnen(gefunden: Kopf, spalte: int, glatt: str, kommunen: Kommunen) -> None:
    name = vergleichbar(glatt)
    bekannte = SPALTEN_DER_LISTE if gefunden.art == LISTE else SPALTEN_DER_MATRIX
    titel = ANDERE_NAMEN.get(name) or next((t for t in bekannte if vergleichbar(t) == name), None)
    if titel is not None and titel in bekannte:
        _einmal(gefunden, spalte, titel)
    elif gefunden.art == MATRIX and (kommune := kommunen.mit_namen(glatt)):
        if kommune in gefunden.kommunen.values():
            gefunden.bemaengeln(spalte, f"Die Spalte für {kommune.name} steht zweimal da. Bitte löschen Sie eine.")
        else:
            gefunden.kommunen[spalte] = kommune
    elif name in BEIWERK:
        gefunden.hinweise.append(f"Die Spalte {buchstaben(spalte)} „{glatt}“ wird nicht gelesen.")
    else:
        _unbekannt(gefunden, spalte, glatt, bekannte, kommunen)


def _einmal(gefunden: Kopf, spalte: int, titel: str) -> None:
    if titel in gefunden.spalten:
        gefunden.bemaengeln(spalte, f"Die Spalte „{titel}“ steht zweimal da. Bitte löschen Sie eine.")
    else:
        gefunden.spalten[titel] = spalte


def _unbekannt(gefunden: Kopf, spalte: int, glatt: str, bekannte: Sequence[str], kommunen: Kommunen) -> None:
    """In a matrix every other column would be a Kommune; in a list it is told, or taken for a slip of the pen."""
    namen = {vergleichbar(titel): titel for titel in bekannte if titel not in gefunden.spalten}
    aehnliche = get_close_matches(vergleichbar(glatt), list(namen), n=1, cutoff=AEHNLICH)
    if aehnliche:
        gemeint = namen[aehnliche[0]]
        gefunden.bemaengeln(spalte, f"Diese Überschrift gibt es nicht. Gemeint ist wohl „{gemeint}“.")
        gefunden.spalten[gemeint] = spalte
    elif gefunden.art == MATRIX:
        gefunden.bemaengeln(spalte, f"„{glatt[:60]}“ ist keine Kommune dieses Verbunds.{kommunen.vorschlag(glatt)}")
    else:
        gefunden.hinweise.append(f"Die Spalte {buchstaben(spalte)} „{glatt[:60]}“ wird nicht gelesen.")


def _vollstaendig(gefunden: Kopf) -> None:
    """Say what is missing; without it no row can be read."""
    noetige = [AUFGABENFELD, KOOPERATIONSFELD, *[STATUS] * (gefunden.art == LISTE)]
    fehlende = [titel for titel in noetige if titel not in gefunden.spalten]
    if gefunden.art == LISTE and not {AGS, KOMMUNE} & set(gefunden.spalten):
        fehlende.append(AGS)
    for titel in fehlende:
        gefunden.bemaengeln(None, f"Die Spalte „{titel}“ fehlt.")
    if gefunden.art == MATRIX and not gefunden.kommunen and not gefunden.fehler:
        gefunden.bemaengeln(None, "Es fehlen die Spalten der Kommunen. Bitte überschreiben Sie sie mit deren Namen.")
    if fehlende or (gefunden.art == MATRIX and not gefunden.kommunen):
        gefunden.art = ""
