"""The answers of a released Fragebogen with what the matrix says and what was decided on each."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Case, IntegerField, Value, When

from bestandsaufnahme.abfragen.erhebung.fragen import worum
from bestandsaufnahme.abfragen.pruefung.vorschlag import (
    STAND,
    Lage,
    Werte,
    hindernis,
    lagen,
    neue_beschreibung,
    vorschlag,
    zu_entscheiden,
)
from bestandsaufnahme.auswahl import AntwortArt, Aussage, Entscheidung, FragebogenStatus
from bestandsaufnahme.models import Fragebogen, Fragebogenantwort, Kooperation, Pruefung

REIHENFOLGE = Case(
    *(When(art=art, then=Value(platz)) for platz, art in enumerate(AntwortArt)), output_field=IntegerField()
)

OHNE_ZIELE: dict[int, int | None] = {}


@dataclass(frozen=True)
class Pruefpunkt:
    """One answer. `lage` is the Kommune's part in the Kooperation that it is about, or that it is to join."""

    antwort: Fragebogenantwort
    pruefung: Pruefung | None
    lage: Lage | None
    stichtag: date

    @property
    def worum(self) -> str:
        return worum(self.antwort)

    @property
    def zu_entscheiden(self) -> bool:
        return zu_entscheiden(self.antwort)

    @cached_property
    def vorschlag(self) -> Werte:
        return vorschlag(self.antwort, stichtag=self.stichtag, lage=self.lage)

    @cached_property
    def beschreibung(self) -> dict[str, str]:
        return neue_beschreibung(self.antwort, self.lage.kooperation) if self.lage else {}

    @property
    def werte(self) -> Werte:
        """What is taken over: what the answer says, but for what was decided otherwise."""
        return {**self.vorschlag, **(self.pruefung.werte if self.pruefung else {})}

    @property
    def ab(self) -> date | None:
        return date.fromisoformat(self.werte["ab"]) if "ab" in self.werte else None

    @property
    def angenommen(self) -> bool:
        return self.pruefung is not None and self.pruefung.entscheidung != Entscheidung.ABGELEHNT

    @property
    def uebernommen(self) -> bool:
        return self.antwort.fragebogen.status == FragebogenStatus.UEBERNOMMEN

    @property
    def veraltet(self) -> bool:
        """Whether the matrix says something else since it was decided to take the answer over, but for doing so."""
        return self.angenommen and not self.uebernommen and self.werte.get(STAND, "") != self.stand(self.werte)

    @property
    def entschieden(self) -> bool:
        return self.pruefung is not None and not self.veraltet

    def stand(self, werte: Werte) -> str:
        """Return the fingerprint of what a decision for these values looks at."""
        return self.lage.stand(mit_beschreibung=bool(werte.get("beschreibung"))) if self.lage else ""

    def hindernis(self, werte: Werte | None = None) -> str:
        return hindernis(self.antwort, self.werte if werte is None else werte, self.lage)

    def seither_geaendert(self, heute: date) -> bool:
        """Whether the Kommune's part today is another than on the day from which the answer holds."""
        if self.lage is None or self.antwort.art == AntwortArt.NEU or self.ab is None or self.ab > heute:
            return False
        return self.lage.am(self.ab) != self.lage.am(heute)

    @property
    def aendert_beteiligung(self) -> bool:
        """Whether the part of the Kommune becomes another: a „gilt noch“ changes it only where it was adjusted."""
        bleibt = {"status", "rolle", "vorgesehen_bis"}.isdisjoint(self.pruefung.werte if self.pruefung else {})
        return self.antwort.aussage != Aussage.GILT_NOCH or not bleibt

    def unveraendert(self, heute: date) -> bool:
        """Whether it only confirms what the matrix says, then as now."""
        gilt_noch = self.antwort.aussage == Aussage.GILT_NOCH
        return gilt_noch and not self.hindernis(self.vorschlag) and not self.seither_geaendert(heute)


def pruefpunkte(fragebogen: Fragebogen) -> list[Pruefpunkt]:
    """Return all answers in the order of the Fragebogen; it comes with Erhebung and Kommune. At most three queries."""
    antworten = list(
        fragebogen.antworten.select_related(
            "kooperation__kooperationsfeld__aufgabenfeld",
            "kooperationsfeld__aufgabenfeld",
            "aufgabenfeld",
            "pruefung__durch",
        ).order_by(REIHENFOLGE, "pk")
    )
    return _punkte(fragebogen, antworten)


def pruefpunkt(antwort: Fragebogenantwort, *, werte: Werte | None = None) -> Pruefpunkt:
    """Return this answer of a Fragebogen; with `werte` beside the Kooperation that they would let it join."""
    ziel = {} if werte is None or "ziel" not in werte else {antwort.pk: werte["ziel"]}
    (punkt,) = _punkte(antwort.fragebogen, [antwort], ziel)
    return punkt


def _punkte(
    fragebogen: Fragebogen, antworten: list[Fragebogenantwort], ziele: dict[int, int | None] = OHNE_ZIELE
) -> list[Pruefpunkt]:
    pruefungen: dict[int, Pruefung | None] = {a.pk: getattr(a, "pruefung", None) for a in antworten}
    beitritt = {pk: pruefung.werte.get("ziel") for pk, pruefung in pruefungen.items() if pruefung} | ziele
    kooperationen = {antwort.kooperation_id: antwort.kooperation for antwort in antworten if antwort.kooperation}
    if fremde := {ziel for ziel in beitritt.values() if ziel and ziel not in kooperationen}:
        kooperationen |= Kooperation.objects.select_related("kooperationsfeld").in_bulk(fremde)
    je_kooperation = lagen(fragebogen.kommune.beteiligungen.all(), kooperationen.values())
    punkte = []
    for antwort in antworten:
        antwort.fragebogen = fragebogen
        lage = je_kooperation.get(antwort.kooperation_id or beitritt.get(antwort.pk) or 0)
        punkte.append(Pruefpunkt(antwort, pruefungen[antwort.pk], lage, fragebogen.erhebung.stichtag))
    return punkte
