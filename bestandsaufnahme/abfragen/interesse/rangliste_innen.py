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
WEITE = {stufe: nummer for nummer, stufe in enumerate(Stufe.values)}
# More than that are found in the list and on the page of the field.
HOECHSTENS_JE_KOMMUNE = 3
HOECHSTENS_TEILE = 10


@dataclass(frozen=True, slots=True)
class Bekundung:
    url: str
    was: str
    worte: str
    beispiel: bool
    unbestaetigt: bool


@dataclass(frozen=True, slots=True)
class KommuneDarin:
    """`weitere`: how many more declarations it has there than are named."""

    name: str
    ags: str
    bekundungen: list[Bekundung]
    weitere: int


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
    """`weitere`: how many more fields are named than stand here."""

    kommunen: list[KommuneDarin]
    teile: list[Teilfeld]
    weitere: int


def innen(
    stimmen: Sequence[Stimme], *, feld: Aufgabenfeld | None, kommunen: Iterable[Kommune], alle_teile: bool = False
) -> Innen | None:
    """Return the Kommunen, those that would go furthest first, and the fields, the most wanted first."""
    if not stimmen:
        return None
    teile = _je_teil(stimmen) if feld else []
    gezeigte = teile if alle_teile else teile[:HOECHSTENS_TEILE]
    genannte = [Teilfeld(name, _adresse(pk, feld), zahlen) for pk, name, zahlen in gezeigte]
    return Innen(_kommunen(stimmen, feld, kommunen), genannte, weitere=len(teile) - len(genannte))


def _kommunen(stimmen: Sequence[Stimme], feld: Aufgabenfeld | None, kommunen: Iterable[Kommune]) -> list[KommuneDarin]:
    je_kommune: dict[int, list[Stimme]] = defaultdict(list)
    for stimme in sorted(stimmen, key=_rang):
        je_kommune[stimme.kommune].append(stimme)
    reihe = [(je_kommune[kommune.pk], kommune) for kommune in kommunen if kommune.pk in je_kommune]
    reihe.sort(key=lambda paar: _rang(paar[0][0])[:2])
    return [_kommune(kommune, ihre, GANZES_FELD if feld else OHNE_FELD) for ihre, kommune in reihe]


def _rang(stimme: Stimme) -> tuple[bool, int, str]:
    """What counts comes before examples, who would lead before who is interested."""
    return stimme.beispiel, -WEITE[stimme.stufe], stimme.teil_name or ""


def _kommune(kommune: Kommune, stimmen: list[Stimme], ganz: str) -> KommuneDarin:
    genannte = stimmen[:HOECHSTENS_JE_KOMMUNE]
    bekundungen = [_bekundung(stimme, ganz) for stimme in genannte]
    return KommuneDarin(kommune.name, kommune.ags, bekundungen, weitere=len(stimmen) - len(genannte))


def _bekundung(stimme: Stimme, ganz: str) -> Bekundung:
    return Bekundung(
        url=reverse("interesse_detail", args=[stimme.interesse]),
        was=stimme.teil_name or ganz,
        worte=f"{STUFEN[stimme.stufe]}, {ARTEN[stimme.art]}",
        beispiel=stimme.beispiel,
        unbestaetigt=stimme.wartet,
    )


def _je_teil(stimmen: Sequence[Stimme]) -> list[tuple[int | None, str, Zahlen]]:
    je_teil: dict[tuple[int | None, str], list[Stimme]] = defaultdict(list)
    for stimme in stimmen:
        je_teil[stimme.teil, stimme.teil_name or GANZES_FELD].append(stimme)
    teile = [(pk, name, Zahlen.aus(ihre)) for (pk, name), ihre in je_teil.items()]
    return sorted(teile, key=lambda teil: (-teil[2].kommunen, -teil[2].nur_beispiel, teil[0] is None, teil[1]))


def _adresse(teil: int | None, feld: Aufgabenfeld | None) -> str:
    return Kooperationsfeld(pk=teil, aufgabenfeld=feld).get_absolute_url() if teil else ""
