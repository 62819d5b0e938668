"""What the page of one decision offers: where something new belongs, who is in it too, what ends with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from bestandsaufnahme.abfragen.erhebung.fragen import Worte
from bestandsaufnahme.abfragen.kooperation.aehnlichkeit import GLEICH, aehnlichkeit
from bestandsaufnahme.abfragen.pruefung.pruefpunkte import Pruefpunkt
from bestandsaufnahme.abfragen.pruefung.vorschlag import genannte_partner
from bestandsaufnahme.abfragen.pruefung.widersprueche import ist_dieselbe
from bestandsaufnahme.auswahl import AntwortArt, Aussage, BeteiligungStatus
from bestandsaufnahme.models import Aufgabenfeld, Beteiligung, Fragebogenantwort, Kooperation

HOECHSTENS = 3  # likely ones that are shown side by side
Paare = list[tuple[str, str]]
Gruppen = list[tuple[str, Paare]]


@dataclass(frozen=True, slots=True)
class Aehnliche:
    """A Kooperation that may be meant."""

    name: str
    feld: str
    erlaeuterung: str
    url: str
    beteiligte: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A Kommune that is named as partner; `auch` says that its own Fragebogen names the same."""

    ags: str
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


def wahl(punkt: Pruefpunkt, *, neue: Sequence[Fragebogenantwort], namen: Worte, heute: date) -> Wahl:
    """Take what the released Fragebögen of the round name as new. At most two queries."""
    if punkt.antwort.art == AntwortArt.NEU:
        return _fuer_neues(punkt.antwort, neue, namen, heute)
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


def _fuer_neues(antwort: Fragebogenantwort, neue: Sequence[Fragebogenantwort], namen: Worte, heute: date) -> Wahl:
    beteiligte = Beteiligung.objects.am(heute).filter(kooperation=OuterRef("pk")).order_by("kommune__sortierung")
    kooperationen = list(
        Kooperation.objects.select_related("kooperationsfeld__aufgabenfeld")
        .annotate(beteiligte=ArraySubquery(beteiligte.values("kommune__name")))
        .order_by("kooperationsfeld__aufgabenfeld__reihenfolge", "kooperationsfeld__reihenfolge", "symbol", "pk")
    )
    naehe = {eine.pk: _naehe(antwort, eine) for eine in kooperationen}
    beste = sorted((eine for eine in kooperationen if naehe[eine.pk] >= 1), key=lambda eine: -naehe[eine.pk])
    beste = beste[:HOECHSTENS]
    felder, aufgabenfelder = _felder()
    ziele: dict[str, Paare] = {}
    for eine in kooperationen:
        ziele.setdefault(str(eine.kooperationsfeld), []).append((str(eine.pk), eine.bezeichnung))
    return Wahl(
        aehnliche=[_aehnliche(eine) for eine in beste],
        ziele=list(ziele.items()),
        ziel=beste[0].pk if beste and _gleicht(antwort, beste[0]) else None,
        felder=felder,
        aufgabenfelder=aufgabenfelder,
        partner=_partner(antwort, neue, namen),
        hemmnisse=list(namen.hemmnisse.items()),
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


def _aehnliche(kooperation: Any) -> Aehnliche:  # Any: it carries an annotation
    feld = kooperation.kooperationsfeld
    return Aehnliche(
        name=kooperation.bezeichnung,
        feld=f"{feld.aufgabenfeld}: {feld}",
        erlaeuterung=kooperation.erlaeuterung,
        url=kooperation.get_absolute_url(),
        beteiligte=", ".join(kooperation.beteiligte) or "derzeit niemand",
    )


def _felder() -> tuple[Gruppen, Paare]:
    """Return the Kooperationsfelder by Aufgabenfeld, and all Aufgabenfelder. One query."""
    zeilen = Aufgabenfeld.objects.order_by("reihenfolge", "kooperationsfelder__reihenfolge").values_list(
        "pk", "name", "kooperationsfelder__pk", "kooperationsfelder__name"
    )
    gruppen: dict[str, Paare] = {}
    oben: dict[str, str] = {}
    for pk, name, feld, feldname in zeilen:
        oben[str(pk)] = name
        if feld:
            gruppen.setdefault(name, []).append((str(feld), feldname))
    return list(gruppen.items()), list(oben.items())


def _partner(antwort: Fragebogenantwort, neue: Sequence[Fragebogenantwort], namen: Worte) -> list[Partner]:
    gleiche = {andere.fragebogen.kommune.ags for andere in neue if ist_dieselbe(antwort, andere)}
    genannte = [ags for ags in genannte_partner(antwort) if ags in namen.kommunen]
    return [Partner(ags, namen.kommunen[ags], ags in gleiche) for ags in genannte]
