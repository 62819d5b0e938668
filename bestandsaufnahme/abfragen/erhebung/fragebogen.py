"""Reading a Fragebogen: its questions with what the matrix says, what was answered, and what still waits."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from bestandsaufnahme.abfragen.erhebung import fragen
from bestandsaufnahme.abfragen.erhebung.antwort import Zeile, staende, zeile
from bestandsaufnahme.auswahl import (
    OFFENE_FRAGEBOEGEN,
    AntwortArt,
    Aussage,
    ErhebungStatus,
    FragebogenStatus,
)
from bestandsaufnahme.models import Erhebung, Fragebogen, Fragebogenantwort, Interessenbekundung
from ikz_portal.basis.formate import LEER, beide_namen, tag, tag_lang, zeitpunkt


@dataclass(frozen=True, slots=True)
class Anteil:
    """How many of a kind of question are answered."""

    beantwortet: int
    alle: int

    @property
    def fehlend(self) -> int:
        return self.alle - self.beantwortet


@dataclass(frozen=True, slots=True)
class Kopf:
    """What everybody may know who sees the Fragebogen at all."""

    kommune: str
    erhebung: str
    erhebung_url: str
    stichtag: str
    frist: str
    anlage: str
    freigegeben: str


@dataclass(frozen=True, slots=True)
class Seite:
    kooperationen: list[Zeile]
    neue: list[Zeile]
    interessen: list[Zeile]
    fragen: list[Zeile]
    anteile: Mapping[str, Anteil]
    geaendert: bool

    @property
    def pflicht(self) -> Anteil:
        """What has to be answered before the release: the Kooperationen."""
        return self.anteile[AntwortArt.KOOPERATION]

    @property
    def interesse(self) -> Anteil:
        return self.anteile[AntwortArt.INTERESSE]

    @property
    def interesse_verteilt(self) -> bool:
        return any(eine.liegt_bei for eine in self.interessen)

    @property
    def allgemein(self) -> Anteil:
        return self.anteile[AntwortArt.ALLGEMEIN]


@dataclass(frozen=True, slots=True)
class LaufendeErhebung:
    """A round that the Geschäftsstelle still has work with."""

    name: str
    url: str
    beispiel: bool
    frist: str
    zurueck: int
    alle: int
    zu_pruefen: int
    zu_uebernehmen: int


def kopf(fragebogen: Fragebogen, *, heute: date) -> Kopf:
    """Take it with its Erhebung, Kommune and who released it."""
    erhebung = fragebogen.erhebung
    return Kopf(
        kommune=fragebogen.kommune.name,
        erhebung=erhebung.name,
        erhebung_url=reverse("erhebung_detail", args=[erhebung.pk]),
        stichtag=tag_lang(erhebung.stichtag),
        frist=frist_in_worten(erhebung.frist, heute=heute) if fragebogen.ist_offen else tag(erhebung.frist),
        anlage="Anlage 2 (Kreis)" if fragen.anlage(fragebogen.kommune) == 2 else "Anlage 1 (Städte und Gemeinden)",
        freigegeben=_freigegeben(fragebogen),
    )


def _freigegeben(fragebogen: Fragebogen) -> str:
    if fragebogen.freigegeben_am is None:
        return ""
    frist, am = fragebogen.erhebung.frist, fragebogen.freigegeben_am
    verspaetet = "nach der Frist" if frist and timezone.localdate(am) > frist else ""
    wer = beide_namen(fragebogen.freigegeben_durch, fragebogen.freigegeben_fuer)
    return ", ".join(filter(None, [zeitpunkt(am), wer, verspaetet]))


def frist_in_worten(frist: date | None, *, heute: date) -> str:
    """Return the day and how far it is; what comes after it is still taken while the round runs."""
    if frist is None:
        return LEER
    tage = (frist - heute).days
    if tage < 0:
        return f"{tag(frist)} – abgelaufen, Antworten gehen als „nach der Frist“ ein"
    weit = {0: "endet heute", 1: "noch 1 Tag"}.get(tage, f"noch {tage} Tage")
    return f"{tag(frist)} – {weit}"


def laufende(frageboegen: QuerySet[Fragebogen], *, heute: date) -> list[LaufendeErhebung]:
    """Return the rounds that aren't closed yet, with what came back and what is to be examined. One query."""
    offene = frageboegen.filter(erhebung__status__in=(ErhebungStatus.LAEUFT, ErhebungStatus.AUSWERTUNG))
    je_erhebung: dict[Erhebung, list[str]] = {}
    for bogen in offene.select_related("erhebung").order_by("erhebung__frist", "erhebung"):
        je_erhebung.setdefault(bogen.erhebung, []).append(bogen.status)
    return [
        LaufendeErhebung(
            name=erhebung.name,
            url=erhebung.get_absolute_url(),
            beispiel=erhebung.beispiel,
            frist=frist_in_worten(erhebung.frist, heute=heute),
            zurueck=sum(status not in OFFENE_FRAGEBOEGEN for status in staende),
            alle=len(staende),
            zu_pruefen=staende.count(FragebogenStatus.FREIGEGEBEN),
            zu_uebernehmen=staende.count(FragebogenStatus.GEPRUEFT),
        )
        for erhebung, staende in je_erhebung.items()
    ]


# --- all questions ----------------------------------------------------------------------------------------------------
def seite(fragebogen: Fragebogen, *, mit_personen: bool) -> Seite:
    """Return its questions; who answered them only where the reader may know. 7 queries."""
    antworten = list(
        fragebogen.antworten.select_related(
            "kooperation__kooperationsfeld__aufgabenfeld",
            "kooperationsfeld",
            "aufgabenfeld",
            "zustaendig",
            "bearbeitet_durch",
        )
    )
    je_art = {art: [antwort for antwort in antworten if antwort.art == art] for art in AntwortArt}
    staende_am = staende(fragebogen, [antwort.kooperation_id for antwort in je_art[AntwortArt.KOOPERATION]])
    namen = fragen.worte()
    zeilen = {
        art: [zeile(antwort, staende_am.get(antwort.kooperation_id), namen, mit_personen) for antwort in gleiche]
        for art, gleiche in je_art.items()
    }
    zeilen[AntwortArt.INTERESSE].sort(key=lambda eine: eine.offen)
    return Seite(
        kooperationen=zeilen[AntwortArt.KOOPERATION],
        neue=zeilen[AntwortArt.NEU],
        interessen=zeilen[AntwortArt.INTERESSE],
        fragen=zeilen[AntwortArt.ALLGEMEIN],
        anteile=_anteile(antworten),
        geaendert=any(antwort.aussage in {Aussage.GEAENDERT, Aussage.BEENDET, Aussage.NEU} for antwort in antworten),
    )


def _anteile(antworten: Iterable[Fragebogenantwort]) -> dict[str, Anteil]:
    alle = Counter(antwort.art for antwort in antworten)
    offene = Counter(antwort.art for antwort in antworten if antwort.aussage == Aussage.OFFEN)
    return {art: Anteil(alle[art] - offene[art], alle[art]) for art in AntwortArt.values}


# --- interests --------------------------------------------------------------------------------------------------------
def laufende_interessen(bekundungen: QuerySet[Interessenbekundung]) -> dict[int, list[str]]:
    """Return by Aufgabenfeld (key) what the Kommune has declared already, in words."""
    gefunden: dict[int, list[str]] = {}
    for eine in bekundungen.select_related("kooperationsfeld"):
        feld = eine.kooperationsfeld.aufgabenfeld_id if eine.kooperationsfeld else eine.aufgabenfeld_id
        genauer = f" ({eine.kooperationsfeld})" if eine.kooperationsfeld else ""
        if feld is not None:
            gefunden.setdefault(feld, []).append(f"{eine.get_art_display()}: {eine.get_stufe_display()}{genauer}")
    return gefunden
