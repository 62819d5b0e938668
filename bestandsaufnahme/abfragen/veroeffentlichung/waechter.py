"""The guard before an anonymised publication: what in its footnotes gives a Kommune away, and how that is mended."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bestandsaufnahme.abfragen.veroeffentlichung.ortsnamen import Nennungen, Ortsnamen, arten, bereinigt, gefaltet
from kommunen.auswahl import KommuneArt
from kommunen.models import Kommune

FELDNAME, PARTNER = "Name des Feldes", "Externe Partner"
_AUSGENOMMEN = re.compile(r"\b(?:ausser|ausgenommen|mit ausnahme|bis auf|nicht dabei|ohne)\b")
_ZAHLWOERTER = {
    wort: zahl
    for zahl, worte in enumerate(
        ("zwei beiden", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf"), start=2
    )
    for wort in worte.split()
}
_GRUPPE = re.compile(
    r"\b(?P<menge>alle[nr]?|samtliche[nr]?|\d+|" + "|".join(_ZAHLWOERTER) + r")\s+(?:kreisangehorige[nr]?\s+)?"
    r"(?P<art>stadten?\s+und\s+gemeinden|gemeinden\s+und\s+stadten?|stadten?|gemeinden)\b"
)


class Grund(StrEnum):
    """Why a Kommune is given away, the strongest first."""

    ANZAHL = "die Fußnote verrät, welche Spalten es sind"
    NAME = "ein Name steht im Text"
    ADRESSE = "eine Adresse enthält den Namen"
    PARTNER = "ein externer Partner trägt den Namen"
    MERKMAL = "nur eine Kommune kann gemeint sein"


@dataclass(frozen=True)
class Fussnotentext:
    """What would be published of one Kooperation: its texts by label, and who has a mark (and whether all alike).

    Without a Kooperation it is a text of the whole page.
    """

    kooperation: int | None
    titel: str
    texte: tuple[tuple[str, str], ...]
    nummer: int = 0
    beteiligte: frozenset[int] = frozenset()
    alle_gleich: bool = False


@dataclass(frozen=True)
class Befund:
    """One finding, with the Kommunen that it reveals and the way out, in sentences for the page."""

    kooperation: int | None
    titel: str
    grund: Grund
    kommunen: frozenset[int]
    satz: str
    ausweg: str
    nummer: int = 0

    @property
    def stark(self) -> bool:
        return self.grund is Grund.ANZAHL

    @property
    def ganzer_satz(self) -> str:
        fussnote = f" (Fußnote {self.nummer})" if self.nummer else ""
        return f"„{self.titel}“{fussnote}: {self.satz}"


def pruefen(texte: Iterable[Fussnotentext], kommunen: Sequence[Kommune]) -> list[Befund]:
    """Return the findings in the order of the texts, the strongest of each first."""
    urteil = _Urteil(kommunen)
    return [befund for text in texte for befund in urteil.befunde(text)]


def offene(befunde: Iterable[Befund], zugestimmt: Collection[int]) -> list[Befund]:
    """Return those that aren't settled by the consent (keys of Kommunen) of everybody whom they reveal."""
    return [befund for befund in befunde if not befund.kommunen <= set(zugestimmt)]


class _Urteil:
    def __init__(self, kommunen: Sequence[Kommune]) -> None:
        self.namen = {kommune.pk: kommune.name for kommune in kommunen}
        self.ortsnamen = Ortsnamen(kommunen)
        self.arten = arten(kommunen)

    def befunde(self, text: Fussnotentext) -> Iterator[Befund]:
        nennungen = [(label, self.ortsnamen.nennungen(wert)) for label, wert in text.texte if wert]
        merkmale = {} if text.alle_gleich else {w: pk for _, n in nennungen for w, pk in n.merkmale.items()}
        benannte = frozenset[int]().union(*(n.namen | n.adressen for _, n in nennungen))
        yield from self._nach_anzahl(text, benannte | frozenset(merkmale.values()))
        for label, nennung in nennungen:
            yield from self._nach_text(text, label, nennung)
        if uebrige := {wort: pk for wort, pk in merkmale.items() if pk not in benannte}:
            worte = " und ".join(f"„{wort}“" for wort in uebrige)
            gemeinte = frozenset(uebrige.values())
            satz = f"{worte} kann nur {self.aufzaehlung(gemeinte)} meinen."
            yield self._befund(text, Grund.MERKMAL, gemeinte, satz)

    # --- the numbers: who reads the footnote knows the columns --------------------------------------------------------
    def _nach_anzahl(self, text: Fussnotentext, genannte: frozenset[int]) -> Iterator[Befund]:
        alle, zeichen = frozenset(self.namen), len(text.beteiligte)
        if not zeichen or text.alle_gleich:
            return
        inhalt = " ".join(wert for _, wert in text.texte)
        worte = gefaltet(bereinigt(inhalt))
        if genannte and self._ausgenommen(genannte, text.beteiligte, worte):
            satz = (
                f"Der Text nimmt {self.aufzaehlung(genannte)} aus, und ebenso viele Kommunen haben in der Zeile kein "
                f"Zeichen: Damit {_ist_verraten(genannte)}."
            )
            yield self._befund(text, Grund.ANZAHL, genannte, satz)
        elif len(genannte) == zeichen:
            satz = (
                f"Die Fußnote nennt {self.aufzaehlung(genannte)}. Das sind so viele Kommunen, wie die Zeile Zeichen "
                f"hat ({zeichen}): Damit {_ist_verraten(genannte)}."
            )
            yield self._befund(text, Grund.ANZAHL, genannte, satz)
        elif (gruppe := self._gruppe(worte)) and len(gruppe | genannte) == zeichen and gruppe | genannte != alle:
            gemeinte = gruppe | genannte
            verratene = alle - gemeinte if len(alle - gemeinte) == 1 else gemeinte
            satz = (
                f"Die Fußnote umschreibt genau die Kommunen, die in der Zeile ein Zeichen haben ({zeichen} von "
                f"{len(alle)}): Damit {_ist_verraten(verratene)}, nämlich {self.aufzaehlung(verratene)}."
            )
            yield self._befund(text, Grund.ANZAHL, verratene, satz)

    def _ausgenommen(self, genannte: frozenset[int], beteiligte: frozenset[int], worte: str) -> bool:
        uebrige = frozenset(self.namen) - beteiligte
        return genannte == uebrige or (len(genannte) == len(uebrige) and bool(_AUSGENOMMEN.search(worte)))

    def _gruppe(self, worte: str) -> frozenset[int]:
        """Return the towns, the Gemeinden or both, where the text speaks of all of them, in words or by their number.

        „Die beiden Städte“ is nobody, as long as there are more than two.
        """
        gemeinte: frozenset[int] = frozenset()
        for fund in _GRUPPE.finditer(worte):
            gruppe = frozenset[int]()
            if "stadt" in fund["art"]:
                gruppe |= self.arten[KommuneArt.STADT]
            if "gemeinde" in fund["art"]:
                gruppe |= self.arten[KommuneArt.GEMEINDE]
            menge = fund["menge"]
            anzahl = int(menge) if menge.isdecimal() else _ZAHLWOERTER.get(menge, len(gruppe))
            if anzahl == len(gruppe):
                gemeinte |= gruppe
        return gemeinte

    # --- the single text ----------------------------------------------------------------------------------------------
    def _nach_text(self, text: Fussnotentext, label: str, nennung: Nennungen) -> Iterator[Befund]:
        if nennung.namen:
            grund = Grund.PARTNER if label == PARTNER else Grund.NAME
            yield self._befund(
                text, grund, nennung.namen, f"Genannt in „{label}“: {self.aufzaehlung(nennung.namen)}.", label
            )
        if nennung.adressen:
            satz = f"Eine Adresse in „{label}“ führt zu {self.aufzaehlung(nennung.adressen)}."
            yield self._befund(text, Grund.ADRESSE, nennung.adressen, satz, label)

    def _befund(
        self, text: Fussnotentext, grund: Grund, kommunen: frozenset[int], satz: str, label: str = ""
    ) -> Befund:
        zustimmung = f"oder halten Sie die Zustimmung fest ({self.aufzaehlung(kommunen)})."
        if text.kooperation is None or label == FELDNAME:
            weg = "Ändern Sie diesen Namen, "
        else:
            weg = "Schreiben Sie die Fußnote für diese Veröffentlichung um, "
        return Befund(text.kooperation, text.titel, grund, kommunen, satz, weg + zustimmung, text.nummer)

    def aufzaehlung(self, kommunen: Collection[int]) -> str:
        """Return „A, B und C“ in the order of the Verbund."""
        *erste, letzte = [name for pk, name in self.namen.items() if pk in kommunen]
        return f"{', '.join(erste)} und {letzte}" if erste else letzte


def _ist_verraten(kommunen: Collection[int]) -> str:
    return (
        "ist die Spalte in jeder Zeile verraten" if len(kommunen) == 1 else "sind die Spalten in jeder Zeile verraten"
    )
