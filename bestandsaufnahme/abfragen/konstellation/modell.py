"""What a proposed group of Kommunen looks like to whoever shows it: ready sentences, addresses made when asked for."""

from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from bestandsaufnahme.abfragen.konstellation.gewichte import aussicht
from bestandsaufnahme.auswahl import Aussicht, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Kooperationsfeld
from kommunen.models import Kommune


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
    def url(self) -> str:
        return Kommune(ags=self.ags).get_absolute_url()


class Grund(NamedTuple):
    """Why this group fits: a German sentence with its points, and where it leads to."""

    text: str
    punkte: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Konstellation:
    """A group of Kommunen that could begin something in a field. Computed, stored nowhere.

    The Kommunen stand in the order of their names. `schluessel` is the same whenever the same group is proposed for the
    same field, and no longer than 200 characters.
    """

    aufgabenfeld: Feld
    kooperationsfeld: Teilfeld | None
    kommunen: tuple[Mitglied, ...]
    punkte: int
    gruende: tuple[Grund, ...]
    beispiel: bool
    federfuehrung: tuple[str, ...]
    fehlt: tuple[str, ...]
    schluessel: str

    @property
    def aussicht(self) -> Aussicht:
        return aussicht(self.punkte)

    @property
    def feld(self) -> str:
        return self.kooperationsfeld.name if self.kooperationsfeld else self.aufgabenfeld.name

    @property
    def schluessel_der_kommunen(self) -> frozenset[int]:
        return frozenset(mitglied.pk for mitglied in self.kommunen)

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
