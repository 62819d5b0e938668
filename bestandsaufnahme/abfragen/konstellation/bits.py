"""Sets of Kommunen as bits of a number: the Kommune at place 3 is the bit 1 << 3. Quick to join, compare, count."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

Menge = int


def menge(stellen: Iterable[int]) -> Menge:
    ergebnis = 0
    for stelle in stellen:
        ergebnis |= 1 << stelle
    return ergebnis


def mehrere(gruppe: Menge) -> bool:
    """Tell whether they are two or more."""
    return gruppe & (gruppe - 1) != 0


def stellen(gruppe: Menge) -> Iterator[int]:
    """Yield the places, the first one first."""
    while gruppe:
        niedrigstes = gruppe & -gruppe
        yield niedrigstes.bit_length() - 1
        gruppe ^= niedrigstes


@lru_cache(maxsize=8192)
def zusammenhaengende(gruppe: Menge, nachbarn: tuple[Menge, ...]) -> tuple[Menge, ...]:
    """Return the parts of the group in which one reaches everybody from neighbour to neighbour."""
    teile = []
    while gruppe:
        teil, neu = 0, gruppe & -gruppe
        while neu:
            teil |= neu
            erreichbar = 0
            for stelle in stellen(neu):
                erreichbar |= nachbarn[stelle]
            neu = erreichbar & gruppe & ~teil
        teile.append(teil)
        gruppe &= ~teil
    return tuple(teile)
