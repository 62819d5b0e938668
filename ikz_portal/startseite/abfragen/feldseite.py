"""The page of one Aufgabenfeld as plain, ready-formatted values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from bestandsaufnahme.abfragen.interesse.rangliste import NICHT_AUFGEFUEHRT
from bestandsaufnahme.abfragen.konstellation.modell import Konstellation
from bestandsaufnahme.abfragen.kooperation.im_feld import Feldkooperation
from bestandsaufnahme.models import Interessenbekundung, Interessenrunde, Kooperationsfeld
from projekte.abfragen.teilnahme import Teilnahmestand, teilnahmestand
from projekte.abfragen.versuche import Versuch
from projekte.auswahl import LAUFENDE, ProjektStatus
from projekte.models import Projekt
from wissen.auswahl import BeitragArt, Sichtbarkeit
from wissen.models import Beitrag

KURZ = 180  # characters of what a declaration is for


@dataclass(frozen=True, slots=True)
class Teilfeld:
    pk: int
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Bekundung:
    """A declaration of interest in the field; `anschliessbar` by a Kommune that has not declared the same."""

    pk: int
    url: str
    kommune: str
    kommune_url: str
    stufe: str
    art: str
    teilfeld: str
    wofuer: str
    kontakt: str
    unbestaetigt: bool
    eigene: bool
    anschliessbar: bool
    beispiel: bool


@dataclass(frozen=True, slots=True)
class Projektzeile:
    name: str
    url: str
    status: ProjektStatus
    zeitraum: str
    teilnahme: Teilnahmestand
    beispiel: bool
    veroeffentlicht: bool


@dataclass(frozen=True, slots=True)
class Beitragszeile:
    titel: str
    url: str
    art: str
    kurztext: str
    intern: bool
    beispiel: bool


@dataclass(frozen=True, slots=True)
class Rundenzeile:
    name: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Feldseite:
    """The parts of the page; `bekundungen` is None for who may read their number only, `konstellationen` for others.

    `interessierte` counts the Kommunen whose declaration counts today, examples aside; for the public, who may know the
    number of a whole Aufgabenfeld alone, of that.
    """

    teilfelder: list[Teilfeld]
    teilfeld: Teilfeld | None
    interessierte: int
    bekundungen: list[Bekundung] | None
    konstellationen: list[Konstellation] | None
    kooperationen: list[Feldkooperation]
    beendete: list[Feldkooperation]
    versuche: list[Versuch]
    projekte: list[Projektzeile]
    beitraege: list[Beitragszeile]
    runden: list[Rundenzeile]
    beobachtet: bool

    @property
    def leer(self) -> bool:
        return not any(
            [self.interessierte, self.bekundungen, self.kooperationen, self.versuche, self.projekte, self.beitraege]
        )

    @property
    def satz(self) -> str:
        """What a person wants to know first, in figures."""
        teile = [self._laufende, self._wollende, self._projekte, self._gescheiterte]
        return " ".join(f"{teil}." for teil in teile if teil)

    @property
    def _laufende(self) -> str:
        beteiligte = frozenset[int]().union(*(eine.schluessel_der_kommunen for eine in self.kooperationen))
        mit = f" mit {_anzahl(len(beteiligte), 'Kommune', 'Kommunen')}" if beteiligte else ""
        laufende = _anzahl(len(self.kooperationen), "Kooperation läuft", "Kooperationen laufen")
        return f"{laufende}{mit}" if laufende else "Eine laufende Kooperation gibt es noch nicht"

    @property
    def _wollende(self) -> str:
        beispiele = sum(eine.beispiel for eine in self.bekundungen or [])
        dazu = f" (dazu {_anzahl(beispiele, 'Beispiel', 'Beispiele')})" if beispiele else ""
        worin = " (im ganzen Aufgabenfeld)" if self.teilfeld and self.bekundungen is None else dazu
        if not self.interessierte:
            return f"Interesse hat noch keine Kommune bekundet{worin}"
        wollende = _anzahl(self.interessierte, "Kommune hat Interesse bekundet", "Kommunen haben Interesse bekundet")
        return f"{wollende}{worin}"

    @property
    def _projekte(self) -> str:
        in_arbeit = sum(eines.status in LAUFENDE and not eines.beispiel for eines in self.projekte)
        return _anzahl(in_arbeit, "Projekt ist in Arbeit", "Projekte sind in Arbeit")

    @property
    def _gescheiterte(self) -> str:
        gescheiterte = sum(not versuch.beispiel for versuch in self.versuche)
        return _anzahl(gescheiterte, "früherer Versuch ist gescheitert", "frühere Versuche sind gescheitert")


def _anzahl(anzahl: int, einzahl: str, mehrzahl: str) -> str:
    return f"{anzahl} {einzahl if anzahl == 1 else mehrzahl}" if anzahl else ""


# --- rows -------------------------------------------------------------------------------------------------------------
def bekundung(
    interesse: Interessenbekundung, eigene_kommunen: Collection[int], laufende: Collection[Interessenbekundung]
) -> Bekundung:
    """Return the row for whoever acts for these Kommunen (keys); it is for those alone who are signed in.

    `laufende`: all of the field; whoever has declared the same already can't join.
    """
    dabei = {eine.kommune_id for eine in laufende if _was(eine) == _was(interesse)}
    eigene = interesse.kommune_id in eigene_kommunen
    return Bekundung(
        pk=interesse.pk,
        url=interesse.get_absolute_url(),
        kommune=interesse.kommune.name,
        kommune_url=interesse.kommune.get_absolute_url(),
        stufe=interesse.get_stufe_display(),
        art=interesse.get_art_display(),
        teilfeld=interesse.kooperationsfeld.name if interesse.kooperationsfeld else "",
        wofuer=Truncator(interesse.wofuer).chars(KURZ),
        kontakt=str(interesse.kontakt or ""),
        unbestaetigt=interesse.unbestaetigt,
        eigene=eigene,
        anschliessbar=bool(set(eigene_kommunen) - dabei - {interesse.kommune_id}),
        beispiel=interesse.beispiel,
    )


def _was(interesse: Interessenbekundung) -> tuple[str, int | None, int | None]:
    return interesse.art, interesse.aufgabenfeld_id, interesse.kooperationsfeld_id


def projekt(eines: Projekt) -> Projektzeile:
    return Projektzeile(
        name=eines.name,
        url=eines.get_absolute_url(),
        status=eines.marke_des_status,
        zeitraum=eines.zeitraum,
        teilnahme=teilnahmestand(eines),
        beispiel=eines.beispiel,
        veroeffentlicht=eines.veroeffentlicht,
    )


def teilfelder(feld: Any) -> list[Teilfeld]:  # Any: it carries annotations
    return [
        Teilfeld(werte["pk"], werte["name"], Kooperationsfeld(pk=werte["pk"], aufgabenfeld=feld).get_absolute_url())
        for werte in feld.teilfelder
    ]


def teilfeld(feld: Any, genannt: str) -> Teilfeld | None:  # Any: it carries annotations
    """Return the Kooperationsfeld that an address names, None where the field has no such one that may be seen."""
    return next((eines for eines in teilfelder(feld) if str(eines.pk) == genannt), None)


def beitrag(werte: Mapping[str, Any]) -> Beitragszeile:
    return Beitragszeile(
        titel=werte["titel"],
        url=Beitrag(slug=werte["slug"]).get_absolute_url(),
        art=str(BeitragArt(werte["art"]).label),
        kurztext=werte["kurztext"],
        intern=werte["sichtbarkeit"] == Sichtbarkeit.INTERN,
        beispiel=werte["beispiel"],
    )


def runde(werte: Mapping[str, Any]) -> Rundenzeile:
    anzahl = werte["anzahl"]
    return Rundenzeile(
        name=werte["name"],
        url=Interessenrunde(pk=werte["pk"]).get_absolute_url(),
        text=NICHT_AUFGEFUEHRT if anzahl is None else ("1 Kommune" if anzahl == 1 else f"{anzahl} Kommunen"),
    )
