"""What stands behind a number of the ranking: which Kommunen, and which Kooperationsfelder they mean."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from bestandsaufnahme.abfragen.interesse.interesse import OHNE_FELD
from bestandsaufnahme.abfragen.interesse.stimmen import Stimme, Zahlen
from bestandsaufnahme.auswahl import InteresseArt, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Kooperationsfeld
from kommunen.models import Kommune

GANZES_FELD = "ganzes Aufgabenfeld"
STUFEN, ARTEN = dict(Stufe.choices), dict(InteresseArt.choices)


@dataclass(frozen=True, slots=True)
class Bekundung:
    url: str
    was: str
    stufe: str
    art: str
    beispiel: bool
    unbestaetigt: bool


@dataclass(frozen=True, slots=True)
class KommuneDarin:
    name: str
    bekundungen: list[Bekundung]


@dataclass(frozen=True, slots=True)
class Teilfeld:
    """A Kooperationsfeld that somebody names; or the whole Aufgabenfeld, without an address of its own."""

    name: str
    url: str
    zahlen: Zahlen

    @property
    def text(self) -> str:
        kommunen, beispiele, wartend = self.zahlen.kommunen, self.zahlen.nur_beispiel, self.zahlen.wartend
        teile = (
            f"{kommunen} {'Kommune' if kommunen == 1 else 'Kommunen'}" if kommunen else "",
            f"{beispiele} als Beispiel" if beispiele else "",
            f"{wartend} {'wartet' if wartend == 1 else 'warten'} auf Bestätigung" if wartend else "",
        )
        return ", ".join(filter(None, teile))


@dataclass(frozen=True, slots=True)
class Innen:
    kommunen: list[KommuneDarin]
    teile: list[Teilfeld]


def innen(stimmen: Sequence[Stimme], *, feld: Aufgabenfeld | None, kommunen: Iterable[Kommune]) -> Innen | None:
    """Return the Kommunen, those that would go furthest first, and the fields, the most wanted first."""
    return Innen(_kommunen(stimmen, feld, kommunen), _teile(stimmen, feld)) if stimmen else None


def _kommunen(
    stimmen: Sequence[Stimme], feld: Aufgabenfeld | None, kommunen: Iterable[Kommune]
) -> list[KommuneDarin]:
    weite = {stufe: nummer for nummer, stufe in enumerate(reversed(Stufe.values))}
    ganz = GANZES_FELD if feld else OHNE_FELD
    je_kommune = defaultdict(list)
    for stimme in sorted(stimmen, key=lambda s: (s.beispiel, weite[s.stufe], s.teil_name or "")):
        je_kommune[stimme.kommune].append(stimme)
    reihe = [(je_kommune[kommune.pk], kommune.name) for kommune in kommunen if kommune.pk in je_kommune]
    reihe.sort(key=lambda paar: (paar[0][0].beispiel, weite[paar[0][0].stufe]))
    return [KommuneDarin(name, [_bekundung(stimme, ganz) for stimme in ihre]) for ihre, name in reihe]


def _bekundung(stimme: Stimme, ganz: str) -> Bekundung:
    return Bekundung(
        url=reverse("interesse_detail", args=[stimme.interesse]),
        was=stimme.teil_name or ganz,
        stufe=STUFEN[stimme.stufe],
        art=ARTEN[stimme.art],
        beispiel=stimme.beispiel,
        unbestaetigt=stimme.wartet,
    )


def _teile(stimmen: Sequence[Stimme], feld: Aufgabenfeld | None) -> list[Teilfeld]:
    if feld is None:
        return []
    je_teil = defaultdict(list)
    for stimme in stimmen:
        je_teil[stimme.teil, stimme.teil_name or GANZES_FELD].append(stimme)
    teile = [Teilfeld(name, _adresse(pk, feld), Zahlen.aus(ihre)) for (pk, name), ihre in je_teil.items()]
    return sorted(teile, key=lambda teil: (-teil.zahlen.kommunen, -teil.zahlen.nur_beispiel, teil.url == "", teil.name))


def _adresse(teil: int | None, feld: Aufgabenfeld) -> str:
    return Kooperationsfeld(pk=teil, aufgabenfeld=feld).get_absolute_url() if teil else ""
