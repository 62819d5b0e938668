"""Who works with whom, and in how many Kooperationen."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from kommunen.models import Kommune


@dataclass(frozen=True)
class Paar:
    """Two Kommunen by their places in `Netz.kommunen`, the first one first."""

    von: int
    nach: int
    anzahl: int


@dataclass(frozen=True)
class Netz:
    """`eigene`: in how many Kooperationen each takes part; `mit_allen`: how many there are in which all do."""

    kommunen: Sequence[Kommune]
    eigene: list[int]
    paare: list[Paar]
    kooperationen: int
    mit_allen: int

    @property
    def tabelle(self) -> list[tuple[Kommune, list[int | None]]]:
        """Return every Kommune with its number of common Kooperationen with each; nothing on the diagonal."""
        je_paar = {(paar.von, paar.nach): paar.anzahl for paar in self.paare}
        stellen = range(len(self.kommunen))
        return [
            (kommune, [None if i == j else je_paar.get((min(i, j), max(i, j)), 0) for j in stellen])
            for i, kommune in enumerate(self.kommunen)
        ]

    def haeufigste(self, anzahl: int) -> list[tuple[str, str, int]]:
        """Return the pairs with most in common, those that share a place included unless they are too many to tell."""
        geordnet = sorted(self.paare, key=lambda paar: (-paar.anzahl, paar.von, paar.nach))
        if len(geordnet) > anzahl:
            grenze = geordnet[anzahl].anzahl
            geordnet = [paar for paar in geordnet[:anzahl] if paar.anzahl > grenze]
        return [(self.kommunen[p.von].name, self.kommunen[p.nach].name, p.anzahl) for p in geordnet]


def netz(beteiligungen: BeteiligungQuerySet, *, kommunen: Sequence[Kommune], nur: int | None = None) -> Netz:
    """Take countable Beteiligungen of one day; with `nur` (key) only what this Kommune has in common with others."""
    stelle = {kommune.pk: nummer for nummer, kommune in enumerate(kommunen)}
    je_kooperation: dict[int, set[int]] = defaultdict(set)
    for kooperation, kommune in beteiligungen.filter(kommune__in=stelle).values_list("kooperation_id", "kommune_id"):
        je_kooperation[kooperation].add(stelle[kommune])
    eine = None if nur is None else stelle.get(nur)
    gruppen = [gruppe for gruppe in je_kooperation.values() if eine is None or eine in gruppe]
    zaehler = Counter(paar for gruppe in gruppen for paar in combinations(sorted(gruppe), 2))
    return Netz(
        kommunen=kommunen,
        eigene=[sum(nummer in gruppe for gruppe in gruppen) for nummer in range(len(kommunen))],
        paare=[Paar(*paar, anzahl) for paar, anzahl in sorted(zaehler.items()) if eine is None or eine in paar],
        kooperationen=len(gruppen),
        mit_allen=sum(len(gruppe) == len(kommunen) for gruppe in gruppen),
    )
