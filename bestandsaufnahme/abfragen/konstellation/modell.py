"""What a proposed group of Kommunen looks like to whoever shows it: ready sentences, addresses made when asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from bestandsaufnahme.abfragen.konstellation.bits import Menge, stellen
from bestandsaufnahme.abfragen.konstellation.gewichte import aussicht
from bestandsaufnahme.abfragen.konstellation.schluessel import feld_aus
from bestandsaufnahme.auswahl import Aussicht, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Kooperationsfeld
from kommunen.models import Kommune

BEKUNDUNGEN_GEZEIGT = 2


class Feld(NamedTuple):
    """An Aufgabenfeld."""

    pk: int
    name: str
    slug: str

    @property
    def url(self) -> str:
        return Aufgabenfeld(slug=self.slug).get_absolute_url()


class Teilfeld(NamedTuple):
    """A Kooperationsfeld of the Aufgabenfeld."""

    pk: int
    name: str
    feld: Feld

    @property
    def url(self) -> str:
        return Kooperationsfeld(pk=self.pk, aufgabenfeld=Aufgabenfeld(slug=self.feld.slug)).get_absolute_url()


class Bekundung(NamedTuple):
    """A declaration that a proposal rests on."""

    pk: int
    stufe: Stufe
    feld: str

    @property
    def url(self) -> str:
        return reverse("interesse_detail", args=[self.pk])


class Mitglied(NamedTuple):
    """A Kommune of the group, with the highest Stufe of its declarations."""

    pk: int
    ags: str
    name: str
    stufe: Stufe
    interessen: tuple[Bekundung, ...]

    @property
    def erste(self) -> tuple[Bekundung, ...]:
        """Return the declarations to show, those of the highest Stufe."""
        return self.interessen[:BEKUNDUNGEN_GEZEIGT]

    @property
    def weitere(self) -> int:
        return len(self.interessen[BEKUNDUNGEN_GEZEIGT:])

    @property
    def url(self) -> str:
        return Kommune(ags=self.ags).get_absolute_url()


class Grund(NamedTuple):
    """Why this group fits: a German sentence with its points, and where it leads to."""

    text: str
    punkte: int
    url: str = ""


class Inhalt(NamedTuple):
    """What is told of a proposal; the Kommunen stand in the order of their names."""

    kommunen: tuple[Mitglied, ...]
    gruende: tuple[Grund, ...]
    federfuehrung: tuple[str, ...]
    fehlt: tuple[str, ...]
    schluessel: str


@dataclass(frozen=True, eq=False)
class Konstellation:
    """A group of Kommunen that could begin something in a field. Computed, stored nowhere.

    What is told of it is put into words when it is asked for: most of the proposals are only counted. `wer` are the
    places of its Kommunen in `orte` (keys).
    """

    aufgabenfeld: Feld
    kooperationsfeld: Teilfeld | None
    wer: Menge
    orte: tuple[int, ...] = field(repr=False)
    punkte: int
    beispiel: bool
    erzaehlen: Callable[[], Inhalt] = field(repr=False)

    @property
    def mitglieder(self) -> frozenset[int]:
        """Return the keys of its Kommunen."""
        return frozenset(self.orte[stelle] for stelle in stellen(self.wer))

    @cached_property
    def inhalt(self) -> Inhalt:
        return self.erzaehlen()

    @property
    def kommunen(self) -> tuple[Mitglied, ...]:
        return self.inhalt.kommunen

    @property
    def gruende(self) -> tuple[Grund, ...]:
        """Return why, the weightiest first; their points add up to those of the proposal."""
        return self.inhalt.gruende

    @property
    def federfuehrung(self) -> tuple[str, ...]:
        """Return the names of those that would lead."""
        return self.inhalt.federfuehrung

    @property
    def fehlt(self) -> tuple[str, ...]:
        return self.inhalt.fehlt

    @property
    def schluessel(self) -> str:
        """Return a text of at most 200 characters, the same for the same group in the same field."""
        return self.inhalt.schluessel

    @property
    def aussicht(self) -> Aussicht:
        return aussicht(self.punkte)

    @property
    def feld(self) -> str:
        return self.kooperationsfeld.name if self.kooperationsfeld else self.aufgabenfeld.name

    @property
    def feldschluessel(self) -> str:
        """What the keys of all proposals for this field begin with."""
        return feld_aus(self.schluessel)

    @property
    def url_projektidee(self) -> str:
        """The page of `startseite` that makes a Projektidee of it."""
        teil = f"&kooperationsfeld={self.kooperationsfeld.pk}" if self.kooperationsfeld else ""
        return f"{self.aufgabenfeld.url}projektidee/?kommunen={','.join(k.ags for k in self.kommunen)}{teil}"


class Knapp(NamedTuple):
    """A field that Kommunen want, but too few."""

    feld: Feld
    kommunen: tuple[str, ...]
    fehlen: int
    beispiel: bool


class Ergebnis(NamedTuple):
    """The best proposals first; `knapp`: the fields with the fewest missing first."""

    vorschlaege: list[Konstellation]
    knapp: list[Knapp]
