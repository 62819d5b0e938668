"""The ranking as rows of a file, with the columns of the Stand that is shown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bestandsaufnahme.abfragen.interesse.rangliste import Rang, Rangliste
from bestandsaufnahme.abfragen.interesse.stimmen import Zahlen

Zelle = str | int


@dataclass(frozen=True, slots=True)
class Zeile:
    """An Aufgabenfeld, or one of its Kooperationsfelder; that has neither a place nor a number of the other Stand."""

    platz: Zelle
    feld: str
    teil: str
    kommunen: Zelle
    zahlen: Zahlen
    daneben: str


Spalte = tuple[str, Callable[[Zeile], Zelle]]


def spalten(liste: Rangliste, *, daneben: str, mit_teilen: bool) -> list[Spalte]:
    """Return heads and values; `daneben` names the Stand whose numbers stand beside, empty for none."""
    teile: list[Spalte] = [("Kooperationsfeld", lambda zeile: zeile.teil)]
    arten: list[Spalte] = [
        ("davon Kooperationswille", lambda zeile: zeile.zahlen.wille),
        ("davon Info-Austausch", lambda zeile: zeile.zahlen.austausch),
    ]
    nicht_gezaehlt: list[Spalte] = [
        ("nur als Beispiel", lambda zeile: zeile.zahlen.nur_beispiel),
        ("warten auf Bestätigung", lambda zeile: zeile.zahlen.wartend),
    ]
    andere: list[Spalte] = [(daneben, lambda zeile: zeile.daneben)]
    return [
        ("Platz", lambda zeile: zeile.platz),
        ("Aufgabenfeld", lambda zeile: zeile.feld),
        *(teile if mit_teilen else []),
        ("Kommunen", lambda zeile: zeile.kommunen),
        *(arten if liste.mit_arten else []),
        *(nicht_gezaehlt if mit_teilen else []),
        *(andere if daneben else []),
    ]


def zeilen(liste: Rangliste, *, mit_teilen: bool) -> Iterator[Zeile]:
    """Yield the fields in their order, with `mit_teilen` each followed by its Kooperationsfelder."""
    for rang in liste.raenge:
        yield _zeile(rang, platz=rang.platz, daneben=rang.text_daneben)
        for teil in rang.innen.teile if mit_teilen and rang.innen else []:
            yield Zeile("", rang.feld, teil.name, teil.zahlen.kommunen, teil.zahlen, "")
    if liste.hat_ohne:
        yield _zeile(liste.ohne, platz="", daneben="")


def _zeile(rang: Rang, *, platz: Zelle, daneben: str) -> Zeile:
    return Zeile(platz, rang.feld, "", rang.text if rang.kommunen is None else rang.kommunen, rang.zahlen, daneben)
