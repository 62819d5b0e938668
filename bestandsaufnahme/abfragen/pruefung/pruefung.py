"""A released Fragebogen as the Geschäftsstelle examines it: today's state beside what is proposed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bestandsaufnahme.abfragen.erhebung.fragen import Worte, angaben_in_worten, frage_zu, worum
from bestandsaufnahme.abfragen.erhebung.fragen import in_worten as frage_in_worten
from bestandsaufnahme.abfragen.pruefung.pruefpunkte import Pruefpunkt, pruefpunkte
from bestandsaufnahme.abfragen.pruefung.pruefvergleich import Umfeld, Vergleich, vergleiche
from bestandsaufnahme.abfragen.pruefung.pruefwahl import Wahl, wahl
from bestandsaufnahme.abfragen.pruefung.pruefworte import ERGEBNIS, angepasst, beteiligung_in_worten
from bestandsaufnahme.abfragen.pruefung.widersprueche import Widerspruch, rueckmeldungen, widersprueche
from bestandsaufnahme.auswahl import (
    GUELTIGE_INTERESSEN,
    AntwortArt,
    Aussage,
    BeteiligungStatus,
    Entscheidung,
    InteresseArt,
)
from bestandsaufnahme.fragenkatalog import GRUND, HEMMNISSE, JAHR, NACH_SCHLUESSEL, Antwortform
from bestandsaufnahme.models import (
    Beteiligung,
    Erfolgsfaktor,
    Fragebogen,
    Fragebogenantwort,
    Hemmnis,
    Interessenbekundung,
)
from ikz_portal.basis.formate import tag
from kommunen.models import Kommune

UEBERSCHRIFTEN = {
    AntwortArt.KOOPERATION: "Laufende Kooperationen",
    AntwortArt.NEU: "Neue und erwogene Kooperationen",
    AntwortArt.INTERESSE: "Interesse an weiterer Zusammenarbeit",
}


@dataclass(frozen=True, slots=True)
class Karte:
    """One answer, ready for the page. `schnell`: it can be accepted as it is, without a choice.

    `fehlt`: it is about something that the matrix doesn't know.
    """

    pk: int
    version: int
    worum: str
    feld: str
    url: str
    aussage: Aussage
    zeilen: list[Vergleich]
    weitere: list[tuple[str, str]]
    hinweise: list[str]
    widersprueche: list[Widerspruch]
    entscheidung: Entscheidung | None
    veraltet: bool
    grund: str
    wie: list[str]
    durch: str
    schnell: bool
    noetig: bool
    fehlt: bool
    uebernommen: bool

    @property
    def ergebnis(self) -> str:
        """What the decision says, or said."""
        if self.entscheidung is None:
            return ""
        return ERGEBNIS[self.entscheidung] if self.uebernommen else self.entscheidung.label

    @property
    def offen(self) -> bool:
        return self.noetig and (self.entscheidung is None or self.veraltet)


@dataclass(frozen=True, slots=True)
class Gruppe:
    titel: str
    karten: list[Karte]


@dataclass(frozen=True, slots=True)
class Seite:
    """`stumme` are contradictions in which this Kommune says nothing that they could stand at."""

    gruppen: list[Gruppe]
    zur_kenntnis: list[tuple[str, str]]
    stumme: list[Widerspruch]
    noetige: int
    offene: int
    unveraenderte: int
    naechste: int | None

    @property
    def entschiedene(self) -> int:
        return self.noetige - self.offene


def seite(fragebogen: Fragebogen, *, heute: date, nur_offene: bool = False) -> Seite:
    """Return all answers, or those left to decide on. At most eleven queries, whatever their number."""
    punkte = pruefpunkte(fragebogen)
    umfeld = _umfeld(fragebogen, punkte, heute, _worte(punkte), widersprueche(rueckmeldungen(fragebogen.erhebung)))
    karten = [(p, karte(p, umfeld)) for p in punkte if p.zu_entscheiden]
    offene = [eine.pk for _, eine in karten if eine.offen]
    gruppen = {
        art: [k for p, k in karten if p.antwort.art == art and (k.offen or not nur_offene)] for art in UEBERSCHRIFTEN
    }
    return Seite(
        gruppen=[Gruppe(UEBERSCHRIFTEN[art], eine) for art, eine in gruppen.items() if eine],
        zur_kenntnis=[] if nur_offene else _zur_kenntnis(punkte, umfeld.namen),
        stumme=_stumme(umfeld.widersprueche, fragebogen.kommune.ags, punkte),
        noetige=len(karten),
        offene=len(offene),
        unveraenderte=sum(1 for p in punkte if not p.entschieden and p.unveraendert(heute)),
        naechste=offene[0] if offene else None,
    )


@dataclass(frozen=True, slots=True)
class Entscheidungslage:
    """The page that decides on one answer; `naechste` is the one after it."""

    punkt: Pruefpunkt
    karte: Karte
    wahl: Wahl
    naechste: int | None


def entscheidung(fragebogen: Fragebogen, antwort: int, *, heute: date) -> Entscheidungslage | None:
    """Return what the page of this answer needs, None for one that isn't of this Fragebogen. At most 12 queries."""
    punkte = pruefpunkte(fragebogen)
    punkt = next((punkt for punkt in punkte if punkt.antwort.pk == antwort), None)
    if punkt is None:
        return None
    gesagt = rueckmeldungen(fragebogen.erhebung)
    namen = _worte([punkt])
    umfeld = _umfeld(fragebogen, [punkt], heute, namen, widersprueche(gesagt))
    auswahl = wahl(punkt, neue=gesagt.neue, namen=namen, heute=heute)
    return Entscheidungslage(punkt, karte(punkt, umfeld), auswahl, _naechste(punkte, antwort))


def _naechste(punkte: Sequence[Pruefpunkt], nach: int) -> int | None:
    stelle = next((nummer for nummer, punkt in enumerate(punkte) if punkt.antwort.pk == nach), 0)
    reihe = [*punkte[stelle + 1 :], *punkte[:stelle]]
    return next((punkt.antwort.pk for punkt in reihe if punkt.zu_entscheiden and not punkt.entschieden), None)


def _worte(punkte: Sequence[Pruefpunkt]) -> Worte:
    """Return the names that these answers need: none, or up to three queries."""
    schluessel = {name for punkt in punkte for name in punkt.antwort.angaben}
    formen = {NACH_SCHLUESSEL[name].form for name in schluessel if name in NACH_SCHLUESSEL}
    neu = any(punkt.antwort.art == AntwortArt.NEU for punkt in punkte)
    kommunen, faktoren = Antwortform.KOMMUNEN in formen, Antwortform.ERFOLGSFAKTOREN in formen
    hemmnisse = neu or HEMMNISSE in schluessel
    return Worte(
        kommunen=dict(Kommune.objects.order_by("sortierung").values_list("ags", "name")) if kommunen else {},
        erfolgsfaktoren=dict(Erfolgsfaktor.objects.values_list("kuerzel", "name")) if faktoren else {},
        hemmnisse=dict(Hemmnis.objects.values_list("kuerzel", "name")) if hemmnisse else {},
    )


def _umfeld(
    fragebogen: Fragebogen, punkte: Sequence[Pruefpunkt], heute: date, namen: Worte, funde: Sequence[Widerspruch]
) -> Umfeld:
    beschriebene = {punkt.lage.kooperation.pk for punkt in punkte if punkt.lage and punkt.beschreibung}
    andere: dict[int, list[str]] = defaultdict(list)
    laufende = Beteiligung.objects.am(heute).filter(kooperation__in=beschriebene).exclude(kommune=fragebogen.kommune)
    for schluessel, name in laufende.order_by("kommune__sortierung").values_list("kooperation_id", "kommune__name"):
        andere[schluessel].append(name)
    gefragte = {p.antwort.aufgabenfeld_id for p in punkte if p.zu_entscheiden and p.antwort.art == AntwortArt.INTERESSE}
    gueltige = Interessenbekundung.objects.filter(
        kommune=fragebogen.kommune,
        art=InteresseArt.KOOPERATIONSWILLE,
        status__in=GUELTIGE_INTERESSEN,
        aufgabenfeld__in=gefragte,
    )
    return Umfeld(
        heute=heute,
        namen=namen,
        andere=andere,
        interessen={eine.aufgabenfeld_id: eine for eine in gueltige if eine.aufgabenfeld_id},
        widersprueche=funde,
    )


def karte(punkt: Pruefpunkt, umfeld: Umfeld) -> Karte:
    antwort, pruefung = punkt.antwort, punkt.pruefung
    hinweise = [] if punkt.uebernommen else _hinweise(punkt, umfeld)
    offene_wahl = antwort.art == AntwortArt.NEU or bool(punkt.beschreibung)
    return Karte(
        pk=antwort.pk,
        version=pruefung.version if pruefung else 0,
        worum=punkt.worum,
        feld=_feld(antwort),
        url=antwort.kooperation.get_absolute_url() if antwort.kooperation else "",
        aussage=Aussage(antwort.aussage),
        zeilen=vergleiche(punkt, umfeld),
        weitere=angaben_in_worten(_uebrige(antwort), umfeld.namen),
        hinweise=hinweise,
        widersprueche=[fund for fund in umfeld.widersprueche if antwort.pk in fund.antworten],
        entscheidung=pruefung.marke if pruefung else None,
        veraltet=punkt.veraltet,
        grund=pruefung.grund if pruefung else "",
        wie=angepasst(antwort, pruefung.werte if pruefung else {}, umfeld.namen.hemmnisse),
        durch=f"{pruefung.durch}, {tag(pruefung.am)}" if pruefung else "",
        schnell=antwort.art == AntwortArt.INTERESSE or (punkt.lage is not None and not hinweise and not offene_wahl),
        noetig=punkt.zu_entscheiden,
        fehlt=antwort.art == AntwortArt.NEU and punkt.lage is None,
        uebernommen=punkt.uebernommen,
    )


def _hinweise(punkt: Pruefpunkt, umfeld: Umfeld) -> list[str]:
    """Return what has to be known before the answer is taken over."""
    hinweise = []
    if punkt.zu_entscheiden and punkt.antwort.art == AntwortArt.KOOPERATION and (was := punkt.hindernis()):
        hinweise.append(was)
    elif punkt.seither_geaendert(umfeld.heute):
        damals = beteiligung_in_worten(punkt.lage.am(punkt.ab) if punkt.lage and punkt.ab else None)
        hinweise.append(
            f"Die Matrix wurde seither geändert: Am {tag(punkt.ab)} stand dort „{damals}“. Was Sie übernehmen, gilt "
            "von diesem Tag bis zu der späteren Änderung."
        )
    andere = umfeld.andere.get(punkt.lage.kooperation.pk, []) if punkt.lage else []
    if punkt.beschreibung and andere:
        hinweise.append(f"Die Beschreibung gilt auch für {', '.join(andere)}.")
    if punkt.antwort.art == AntwortArt.INTERESSE and punkt.antwort.aufgabenfeld_id in umfeld.interessen:
        hinweise.append("Die Interessenbekundung steht schon. Sie bleibt, wie sie ist.")
    return hinweise


def _uebrige(antwort: Fragebogenantwort) -> dict[str, Any]:
    """Return what isn't compared line by line already."""
    erwogen = antwort.art == AntwortArt.NEU and antwort.status == BeteiligungStatus.ERWOGEN
    gesagt = (JAHR, GRUND, HEMMNISSE) if erwogen else ()
    return {schluessel: wert for schluessel, wert in antwort.angaben.items() if schluessel not in gesagt}


def _feld(antwort: Fragebogenantwort) -> str:
    feld = antwort.kooperation.kooperationsfeld if antwort.kooperation else antwort.kooperationsfeld
    if feld:
        return f"{feld.aufgabenfeld}: {feld}"
    oben = str(antwort.aufgabenfeld or "")
    return f"{oben}: {antwort.feldvorschlag} (neues Feld)" if antwort.feldvorschlag else oben


def _zur_kenntnis(punkte: Iterable[Pruefpunkt], namen: Worte) -> list[tuple[str, str]]:
    """Return what changes nothing, as (question, answer): declined, not answered, asked in general."""
    antworten = [punkt.antwort for punkt in punkte if not punkt.zu_entscheiden]
    zeilen = []
    for wort, aussage in (("Kein Interesse an", Aussage.NEIN), ("Nicht beantwortet", Aussage.OFFEN)):
        betroffene = [worum(a) for a in antworten if a.aussage == aussage and a.art != AntwortArt.ALLGEMEIN]
        if betroffene:
            zeilen.append((wort, "; ".join(was.removeprefix("Interesse: ") for was in betroffene)))
    for antwort in antworten:
        if antwort.art == AntwortArt.ALLGEMEIN and antwort.schluessel in antwort.angaben:
            frage = frage_zu(antwort)
            zeilen.append((frage.text, frage_in_worten(frage, antwort.angaben[antwort.schluessel], namen)))
    return zeilen


def _stumme(alle: Iterable[Widerspruch], ags: str, punkte: Iterable[Pruefpunkt]) -> list[Widerspruch]:
    eigene = {punkt.antwort.pk for punkt in punkte}
    return [fund for fund in alle if fund.betrifft(ags) and not fund.antworten & eigene]
