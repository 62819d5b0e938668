"""The page of the matrix read the other way round: per Kommune, what it takes part in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from bestandsaufnahme.abfragen.matrix.matrix import Matrix
from bestandsaufnahme.abfragen.matrix.zeichen import Zeichen, liste_html
from kommunen.models import Kommune


@dataclass(frozen=True)
class Eintraege:
    """What a Kommune takes part in within one Aufgabenfeld, as (Kooperationsfeld, mark)."""

    aufgabenfeld: str
    zeichen: list[tuple[str, Zeichen]]

    @property
    def html(self) -> SafeString:
        return liste_html(self.zeichen)


@dataclass(frozen=True)
class KommuneListe:
    name: str
    url: str
    anker: str
    anzahl: int
    gruppen: list[Eintraege]


def je_kommune(bild: Matrix, spalten: Sequence[Kommune]) -> list[KommuneListe]:
    """Take the matrix and its columns; a Kommune without a mark on this page has no groups."""
    listen = []
    for stelle, kommune in enumerate(spalten):
        gruppen = []
        for gruppe in bild.gruppen:
            marken = [(zeile.name, marke) for zeile in gruppe.zeilen for marke in zeile.zellen[stelle][1]]
            if marken:
                gruppen.append(Eintraege(gruppe.name, marken))
        anzahl = sum(len(gruppe.zeichen) for gruppe in gruppen)
        listen.append(KommuneListe(kommune.name, kommune.get_absolute_url(), kommune.ags, anzahl, gruppen))
    return listen
