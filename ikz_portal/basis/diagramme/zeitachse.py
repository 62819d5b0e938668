"""The time axis of a plan: which stretch of time, in months, quarters or years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

MONATE = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
MINDESTENS_MONATE = 6  # fewer would make a month oddly wide
HOECHSTENS_MONATE = 15  # columns that still take a month's name
HOECHSTENS_QUARTALE = 60  # months that are still cut into quarters
HOECHSTENS_JAHRE = 16  # years that each get their number
NAHE = timedelta(days=184)  # so far outside of the plan's dates today still belongs on the axis


@dataclass(frozen=True)
class Zeitachse:
    """Maps days of [von, bis) to x between `links` and `links + breite`; columns are `schritt` months wide."""

    von: date
    bis: date
    schritt: int
    links: float
    breite: float

    @classmethod
    def ueber(cls, tage: list[date], heute: date, *, links: float, breite: float) -> Self:
        """Choose stretch and columns for these days; today is taken in where that doesn't squeeze the rest."""
        erster, letzter = min(tage, default=heute), max(tage, default=heute)
        if max(erster - heute, heute - letzter) <= max((letzter - erster) / 3, NAHE):
            erster, letzter = min(erster, heute), max(letzter, heute)
        monate = (letzter.year - erster.year) * 12 + letzter.month - erster.month + 1
        schritt = 1 if monate <= HOECHSTENS_MONATE else 3 if monate <= HOECHSTENS_QUARTALE else 12
        von, bis = _beginn(erster, schritt), _weiter(_beginn(letzter, schritt), schritt)
        if schritt == 1 and _monate(von, bis) < MINDESTENS_MONATE:
            bis = _weiter(von, MINDESTENS_MONATE)
        return cls(von, bis, schritt, links, breite)

    def x(self, tag: date) -> float:
        anteil = (tag - self.von).days / (self.bis - self.von).days
        return self.links + self.breite * min(max(anteil, 0), 1)

    def enthaelt(self, tag: date) -> bool:
        return self.von <= tag < self.bis

    def spalten(self) -> Iterator[tuple[float, float, str]]:
        """Yield start, room for the name, and name of each column; unnamed ones where years are many."""
        jahre = _monate(self.von, self.bis) // 12
        jedes = 1 + jahre // HOECHSTENS_JAHRE if self.schritt == 12 else 1
        tag = self.von
        while tag < self.bis:
            naechster = _weiter(tag, self.schritt)
            name = _name(tag, self.schritt) if (tag.year - self.von.year) % jedes == 0 else ""
            yield self.x(tag), jedes * (self.x(naechster) - self.x(tag)), name
            tag = naechster

    def jahre(self) -> Iterator[tuple[float, float, str]]:
        """Yield start, room and number of each year, or of the part of it that is shown."""
        for jahr in range(self.von.year, (self.bis - timedelta(days=1)).year + 1):
            ende = self.bis if jahr >= self.bis.year else min(date(jahr + 1, 1, 1), self.bis)
            links = self.x(max(date(jahr, 1, 1), self.von))
            yield links, self.x(ende) - links, str(jahr)


def _name(tag: date, schritt: int) -> str:
    if schritt == 1:
        return MONATE[tag.month - 1]
    return f"{tag.month // 3 + 1}. Qu." if schritt == 3 else str(tag.year)


def _monate(von: date, bis: date) -> int:
    return (bis.year - von.year) * 12 + bis.month - von.month


def _beginn(tag: date, schritt: int) -> date:
    return date(tag.year, (tag.month - 1) // schritt * schritt + 1, 1)


def _weiter(tag: date, schritt: int) -> date:
    """Return the first day of the next column; the calendar ends with the year 9999."""
    monat = tag.month - 1 + schritt
    jahr = tag.year + monat // 12
    return date(jahr, monat % 12 + 1, 1) if jahr <= date.max.year else date.max
