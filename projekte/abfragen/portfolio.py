"""The portfolio: rows of Projekte with ready formatted values, and their counts by status."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, JSONObject

from projekte.abfragen.teilnahme import Teilnahmestand, teilnahmestand
from projekte.auswahl import ProjektStatus
from projekte.models import Meilenstein, Projekt
from projekte.models.projekt import ProjektQuerySet

# What is being worked on comes first, what is over or unknown last.
RANG = (
    ProjektStatus.BEARBEITUNG,
    ProjektStatus.VORBEREITUNG,
    ProjektStatus.IDEE,
    ProjektStatus.ABGESCHLOSSEN,
    ProjektStatus.EINGESTELLT,
    ProjektStatus.NICHT_ANGEGEBEN,
)
# Stands for later Projekte that whoever reads the list may not see.
UNGENANNT = "einem späteren Projekt"
SORTIERUNGEN = {
    "status": ("rang", "sortierung"),
    "-status": ("-rang", "sortierung"),
    "name": ("sortierung",),
    "-name": ("-sortierung",),
    "beginn": (F("beginn").asc(nulls_last=True), "sortierung"),
    "-beginn": (F("beginn").desc(nulls_last=True), "sortierung"),
}


@dataclass(frozen=True, slots=True)
class Termin:
    name: str
    faellig: date
    ist_ueberfaellig: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioZeile:
    name: str
    url: str
    aufgabenfeld: str
    status: ProjektStatus
    status_hinweis: str
    zeitraum: str
    teilnahme: Teilnahmestand
    termin: Termin | None
    ueberfaellig: int
    aufgegangen_in: str
    beispiel: bool
    veroeffentlicht: bool


@dataclass(frozen=True, slots=True)
class Portfoliozahlen:
    """How many facts have each status, in the order of the list, and how many examples stand beside them."""

    je_status: list[tuple[ProjektStatus, int]]
    fakten: int
    beispiele: int

    @property
    def alle(self) -> int:
        return self.fakten + self.beispiele


def portfolio(projekte: ProjektQuerySet, *, heute: date) -> ProjektQuerySet:
    """Annotate all that a row says, so that filters can use it too. Only these Projekte are named, in any of them."""
    eigene = Meilenstein.objects.filter(projekt=OuterRef("pk"))
    naechste = eigene.offene(heute).order_by(F("faellig"), "pk")
    ueberfaellige = eigene.ueberfaellige(heute).order_by().values("projekt").annotate(zahl=Count("pk"))
    spaetere = Projekt.objects.filter(hervorgegangen_aus=OuterRef("pk")).order_by()
    sichtbare = spaetere.filter(pk__in=projekte.order_by().values("pk")).values("hervorgegangen_aus")
    namen = Subquery(sichtbare.values(namen=StringAgg("name", " und ", order_by="sortierung")))
    return (
        projekte.select_related("aufgabenfeld")
        .mit_teilnahme()
        .annotate(
            rang=Case(*[When(status=status, then=Value(rang)) for rang, status in enumerate(RANG)]),
            termin=Subquery(naechste.values(werte=JSONObject(name="name", faellig="faellig"))[:1]),
            ueberfaellig=Coalesce(Subquery(ueberfaellige.values("zahl"), output_field=IntegerField()), 0),
            aufgegangen=Case(When(Exists(spaetere), then=Coalesce(namen, Value(UNGENANNT), output_field=TextField()))),
        )
    )


def zeilen(projekte: Iterable[Projekt]) -> list[PortfolioZeile]:
    """Return the rows of Projekte out of `portfolio`."""
    return [zeile(projekt) for projekt in projekte]


def zeile(projekt: Projekt) -> PortfolioZeile:
    return PortfolioZeile(
        name=projekt.name,
        url=projekt.get_absolute_url(),
        aufgabenfeld=projekt.aufgabenfeld.name,
        status=projekt.marke_des_status,
        status_hinweis=projekt.status_hinweis,
        zeitraum=projekt.zeitraum,
        teilnahme=teilnahmestand(projekt),
        termin=_termin(projekt),
        ueberfaellig=projekt.ueberfaellig,  # type: ignore[attr-defined]  # annotated, as is the next
        aufgegangen_in=projekt.aufgegangen or "",  # type: ignore[attr-defined]  # annotated
        beispiel=projekt.beispiel,
        veroeffentlicht=projekt.veroeffentlicht,
    )


def zahlen(projekte: ProjektQuerySet) -> Portfoliozahlen:
    gezaehlt = projekte.order_by().values_list("beispiel", "status").annotate(Count("pk", distinct=True))
    fakten = {status: anzahl for beispiel, status, anzahl in gezaehlt if not beispiel}
    return Portfoliozahlen(
        [(status, fakten[status]) for status in RANG if status in fakten],
        sum(fakten.values()),
        sum(anzahl for beispiel, _, anzahl in gezaehlt if beispiel),
    )


def _termin(projekt: Any) -> Termin | None:  # Any: rows carry annotations
    """Return what is due first: where anything is overdue, that is."""
    if projekt.termin is None:
        return None
    return Termin(projekt.termin["name"], date.fromisoformat(projekt.termin["faellig"]), projekt.ueberfaellig > 0)
