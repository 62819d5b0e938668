"""Empty workbooks for a matrix: the headings that the import reads, and on a second sheet what may stand where."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter import Workbook

from bestandsaufnahme.abfragen.einlesung.angabe import (
    AUFGABENFELD,
    BEKANNT_DURCH,
    BELEGT_AB,
    BELEGT_BIS,
    RECHTSFORM,
    ROLLE,
    SPALTEN_DER_LISTE,
    SPALTEN_DER_MATRIX,
    STATUS,
    VORGESEHEN_BIS,
)
from bestandsaufnahme.abfragen.einlesung.xlsx import BEGLEITBLATT, BLATT
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft, Rechtsform
from bestandsaufnahme.models import Aufgabenfeld
from kommunen.models import Kommune

LISTE, MATRIX = "liste", "matrix"
ARTEN = (LISTE, MATRIX)
ZEILEN = 500  # for which the choices are offered
TAGESSPALTEN = {BELEGT_AB, BELEGT_BIS, VORGESEHEN_BIS}
ERKLAERUNG = {
    LISTE: """Jede Zeile nennt eine Kommune in einer Kooperation, mit Status, Rolle und Zeit.
Nötig sind Aufgabenfeld, Kooperationsfeld, Kommune (oder AGS) und Status; alles andere kann leer bleiben.""",
    MATRIX: """Jede Zeile ist ein Kooperationsfeld oder, mit Zeichen und Name, eine Kooperation darin; jede Spalte \
eine Kommune. Eine leere Zelle ändert nichts.
In den Zellen: x (besteht), v (vorgesehen), e (erwogen, nicht zustande gekommen), ? (nicht überliefert), dazu F \
(federführend) oder L (Leistungsempfänger): vF.
Gibt es in dem Feld mehrere Kooperationen, steht das Zeichen da, mit dem Status in Klammern: ■ oder ■ (vF).""",
}


def vorlage(art: str, *, kommunen: Sequence[Kommune], aufgabenfelder: Iterable[Aufgabenfeld]) -> bytes:
    """Return the workbook of this kind (`ARTEN`) with these Kommunen."""
    felder = [feld.name for feld in aufgabenfelder]
    puffer = io.BytesIO()
    with Workbook(puffer, {"in_memory": True, "strings_to_formulas": False}) as mappe:
        fett = mappe.add_format({"bold": True, "bottom": 1, "valign": "bottom"})
        if art == LISTE:
            _liste(mappe, fett, felder)
        else:
            _matrix(mappe, fett, felder, kommunen)
        _hinweise(mappe, fett, art, felder, kommunen)
    return puffer.getvalue()


def _liste(mappe: Workbook, fett: Any, felder: list[str]) -> None:
    blatt = mappe.add_worksheet(BLATT)
    blatt.freeze_panes(1, 4)
    blatt.write_row(0, 0, SPALTEN_DER_LISTE, fett)
    blatt.set_column(0, len(SPALTEN_DER_LISTE) - 1, 18)
    tag = mappe.add_format({"num_format": "dd.mm.yyyy"})
    for titel in TAGESSPALTEN:
        spalte = SPALTEN_DER_LISTE.index(titel)
        blatt.set_column(spalte, spalte, 18, tag)
    for titel, worte in (
        (STATUS, BeteiligungStatus.labels),
        (ROLLE, BeteiligungRolle.labels),
        (BEKANNT_DURCH, Herkunft.labels),
    ):
        # a comma within a word would part it, and what is typed freely is checked when it is read
        moeglich = [wort.partition(",")[0] for wort in map(str, worte)]
        _auswahl(blatt, SPALTEN_DER_LISTE.index(titel), moeglich)
    _auswahl(blatt, 0, _bereich(felder))


def _matrix(mappe: Workbook, fett: Any, felder: list[str], kommunen: Sequence[Kommune]) -> None:
    blatt = mappe.add_worksheet("Matrix")
    hoch = mappe.add_format({"bold": True, "bottom": 1, "rotation": 90, "valign": "bottom"})
    erste = len(SPALTEN_DER_MATRIX)
    blatt.freeze_panes(1, erste)
    blatt.write_row(0, 0, SPALTEN_DER_MATRIX, fett)
    blatt.write_row(0, erste, [kommune.name for kommune in kommunen], hoch)
    blatt.set_column(0, erste - 1, 22)
    blatt.set_column(erste, erste + len(kommunen) - 1, 6, mappe.add_format({"align": "center"}))
    blatt.set_row(0, 130)
    _auswahl(blatt, SPALTEN_DER_MATRIX.index(BEKANNT_DURCH), [str(wort) for wort in Herkunft.labels])
    _auswahl(blatt, SPALTEN_DER_MATRIX.index(AUFGABENFELD), _bereich(felder))


def _bereich(felder: list[str]) -> str:
    """Return the cells of the second sheet that name the Aufgabenfelder."""
    return f"={BEGLEITBLATT}!$E$2:$E${len(felder) + 1}"


def _auswahl(blatt: Any, spalte: int, quelle: list[str] | str) -> None:
    angaben = {"validate": "list", "source": quelle, "error_type": "information", "ignore_blank": True}
    blatt.data_validation(1, spalte, ZEILEN, spalte, angaben)


def _hinweise(mappe: Workbook, fett: Any, art: str, felder: list[str], kommunen: Sequence[Kommune]) -> None:
    """In columns: what is read, the Kommunen, the Aufgabenfelder, and the words of the list."""
    blatt = mappe.add_worksheet(BEGLEITBLATT)
    umbruch = mappe.add_format({"text_wrap": True, "valign": "top"})
    blatt.set_column(0, 0, 60)
    blatt.set_column(1, 8, 30)
    blatt.write_row(0, 0, ("Zum Ausfüllen", "AGS", "Kommune", "Kürzel"), fett)
    for zeile, satz in enumerate(
        (*ERKLAERUNG[art].splitlines(), f"Gelesen wird nur das erste Blatt, „{_erstes(art)}“."), start=1
    ):
        blatt.write_string(zeile, 0, satz, umbruch)
    for zeile, kommune in enumerate(kommunen, start=1):
        for spalte, wert in enumerate((kommune.ags, kommune.name, kommune.kuerzel), start=1):
            blatt.write_string(zeile, spalte, wert)
    worte = {STATUS: BeteiligungStatus, ROLLE: BeteiligungRolle, BEKANNT_DURCH: Herkunft, RECHTSFORM: Rechtsform}
    listen = {AUFGABENFELD: felder}
    if art == LISTE:
        listen |= {titel: [str(wort) for wort in auswahl.labels] for titel, auswahl in worte.items()}
    for spalte, (titel, eintraege) in enumerate(listen.items(), start=4):
        blatt.write_string(0, spalte, titel, fett)
        for zeile, eintrag in enumerate(eintraege, start=1):
            blatt.write_string(zeile, spalte, eintrag)


def _erstes(art: str) -> str:
    return BLATT if art == LISTE else "Matrix"
