"""What the page of one decision offers: where something new belongs, who is in it too, what ends with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bestandsaufnahme.abfragen.aehnlichkeit import GLEICH, aehnlichkeit
from bestandsaufnahme.abfragen.pruefpunkte import Pruefpunkt
from bestandsaufnahme.abfragen.vorschlag import genannte_partner
from bestandsaufnahme.abfragen.widersprueche import ist_dieselbe
from bestandsaufnahme.auswahl import (
    OFFENE_FRAGEBOEGEN,
    AntwortArt,
    Aussage,
    BeteiligungRolle,
    BeteiligungStatus,
)
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beteiligung,
    Fragebogenantwort,
    Hemmnis,
    Kooperation,
    Kooperationsfeld,
)
from kommunen.models import Kommune

HOECHSTENS = 3  # likely ones that are shown side by side
Gruppen = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Aehnliche:
    """A Kooperation that may be meant."""

    pk: int
    name: str
    feld: str
    erlaeuterung: str
    url: str
    beteiligte: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A Kommune that is named as partner; `auch` says that its own Fragebogen names the same."""

    pk: int
    name: str
    auch: bool


@dataclass(frozen=True, slots=True)
class Wahl:
    """The choices of one decision, and which of them are preselected."""

    aehnliche: list[Aehnliche] = field(default_factory=list)
    ziele: Gruppen = field(default_factory=list)
    ziel: int | None = None
    felder: Gruppen = field(default_factory=list)
    aufgabenfelder: list[tuple[str, str]] = field(default_factory=list)
    partner: list[Partner] = field(default_factory=list)
    hemmnisse: list[tuple[str, str]] = field(default_factory=list)
    beschreibung: bool = False
    auch_betroffen: str = ""
    kann_enden: bool = False
    kann_scheitern: bool = False
    darf_oeffentlich: bool = True


def wahl(punkt: Pruefpunkt, *, heute: date) -> Wahl:
    if punkt.antwort.art == AntwortArt.NEU:
        return _fuer_neues(punkt, heute)
    if punkt.antwort.art != AntwortArt.KOOPERATION or punkt.lage is None:
        return Wahl()
    ab = punkt.ab or heute
    andere = list(
        Beteiligung.objects.am(ab)
        .filter(kooperation=punkt.lage.kooperation)
        .exclude(kommune=punkt.antwort.fragebogen.kommune)
        .order_by("kommune__sortierung")
        .values_list("kommune__name", "status")
    )
    bestehen = any(status == BeteiligungStatus.BESTEHT for _, status in andere)
    return Wahl(
        beschreibung=bool(punkt.beschreibung),
        auch_betroffen=", ".join(name for name, _ in andere),
        kann_enden=punkt.antwort.aussage == Aussage.BEENDET and not andere and punkt.lage.kooperation.bis is None,
        kann_scheitern=punkt.vorschlag.get("status") == BeteiligungStatus.ERWOGEN and not bestehen,
    )


def _fuer_neues(punkt: Pruefpunkt, heute: date) -> Wahl:
    antwort = punkt.antwort
    kooperationen = list(
        Kooperation.objects.select_related("kooperationsfeld__aufgabenfeld").order_by(
            "kooperationsfeld__aufgabenfeld__reihenfolge", "kooperationsfeld__reihenfolge", "symbol", "pk"
        )
    )
    punktzahl = {eine.pk: _naehe(antwort, eine) for eine in kooperationen}
    beste = sorted((eine for eine in kooperationen if punktzahl[eine.pk] >= 1), key=lambda k: -punktzahl[k.pk])
    beste = beste[:HOECHSTENS]
    aufgabenfelder = list(Aufgabenfeld.objects.all())
    return Wahl(
        aehnliche=_aehnliche(beste, heute),
        ziele=_gruppiert([(eine.kooperationsfeld, eine.pk, eine.bezeichnung) for eine in kooperationen]),
        ziel=beste[0].pk if beste and _gleicht(antwort, beste[0]) else None,
        felder=_gruppiert_nach_aufgabenfeld(),
        aufgabenfelder=[(str(feld.pk), feld.name) for feld in aufgabenfelder],
        partner=_partner(antwort),
        hemmnisse=list(Hemmnis.objects.values_list("kuerzel", "name")),
        darf_oeffentlich=not antwort.fragebogen.erhebung.beispiel,
    )


def _naehe(antwort: Fragebogenantwort, kooperation: Kooperation) -> float:
    """Return how likely it is that this one is meant: by its field and by its words."""
    feld = kooperation.kooperationsfeld
    naehe = 1.0 if antwort.kooperationsfeld_id == feld.pk else 0.0
    naehe += 0.3 if antwort.aufgabenfeld_id == feld.aufgabenfeld_id else 0.0
    worte = f"{kooperation.bezeichnung} {feld.name}"
    return naehe + 2 * aehnlichkeit(f"{antwort.bezeichnung} {antwort.feldvorschlag}", worte)


def _gleicht(antwort: Fragebogenantwort, kooperation: Kooperation) -> bool:
    selbes_feld = antwort.kooperationsfeld_id == kooperation.kooperationsfeld_id
    return selbes_feld and aehnlichkeit(antwort.bezeichnung, kooperation.bezeichnung) >= GLEICH


def _aehnliche(kooperationen: list[Kooperation], heute: date) -> list[Aehnliche]:
    namen: dict[int, list[str]] = {eine.pk: [] for eine in kooperationen}
    laufende = Beteiligung.objects.am(heute).filter(kooperation__in=namen).order_by("kommune__sortierung")
    for pk, kommune, rolle in laufende.values_list("kooperation_id", "kommune__name", "rolle"):
        namen[pk].append(f"{kommune} (federführend)" if rolle == BeteiligungRolle.FEDERFUEHREND else kommune)
    return [
        Aehnliche(
            pk=eine.pk,
            name=eine.bezeichnung,
            feld=f"{eine.kooperationsfeld.aufgabenfeld}: {eine.kooperationsfeld}",
            erlaeuterung=eine.erlaeuterung,
            url=eine.get_absolute_url(),
            beteiligte=", ".join(namen[eine.pk]) or "derzeit niemand",
        )
        for eine in kooperationen
    ]


def _gruppiert(zeilen: list[tuple[Kooperationsfeld, int, str]]) -> Gruppen:
    gruppen: dict[str, list[tuple[str, str]]] = {}
    for feld, pk, name in zeilen:
        gruppen.setdefault(str(feld), []).append((str(pk), name))
    return list(gruppen.items())


def _gruppiert_nach_aufgabenfeld() -> Gruppen:
    gruppen: dict[str, list[tuple[str, str]]] = {}
    felder = Kooperationsfeld.objects.select_related("aufgabenfeld").order_by(
        "aufgabenfeld__reihenfolge", "reihenfolge", "pk"
    )
    for feld in felder:
        gruppen.setdefault(feld.aufgabenfeld.name, []).append((str(feld.pk), feld.name))
    return list(gruppen.items())


def _partner(antwort: Fragebogenantwort) -> list[Partner]:
    kommunen = list(Kommune.objects.filter(ags__in=genannte_partner(antwort)).order_by("sortierung"))
    if not kommunen:
        return []
    eigene: Mapping[int, list[Fragebogenantwort]] = {kommune.pk: [] for kommune in kommunen}
    neue = Fragebogenantwort.objects.filter(
        art=AntwortArt.NEU, fragebogen__erhebung=antwort.fragebogen.erhebung, fragebogen__kommune__in=kommunen
    ).exclude(fragebogen__status__in=OFFENE_FRAGEBOEGEN)
    for andere in neue.select_related("fragebogen__kommune"):
        eigene[andere.fragebogen.kommune_id].append(andere)
    return [Partner(k.pk, k.name, any(ist_dieselbe(antwort, a) for a in eigene[k.pk])) for k in kommunen]
