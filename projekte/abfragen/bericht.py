"""What a status report says, as plain JSON data: the snapshot that its PDF is made from alone."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Min, Prefetch

from ikz_portal.basis.models import Statuswechsel
from kommunen.models import Kommune, Verbund
from projekte.abfragen.teilnahme import teilnahmestand
from projekte.auswahl import FESTE_AUFTRAEGE, LAUFENDE, ProjektStatus
from projekte.models import Ergebnis, Meilenstein, Projekt, Projektauftrag
from projekte.models.projekt import ProjektQuerySet


def portfolio(projekte: ProjektQuerySet, *, stichtag: date, heute: date) -> dict[str, Any]:
    """Return the portfolio as it stood on the day, facts and examples apart. 7 queries, whatever the number of rows.

    A Projekt whose status on that day is not known is left out; `erster_tag` tells from when on something is known.
    """
    verbund = Verbund.objects.first() or Verbund(name="Interkommunale Zusammenarbeit")  # before any facts are loaded
    alle: Iterable[Any] = _geladen(projekte, stichtag)  # Any: rows carry annotations
    am_stichtag = [_projekt(projekt, stichtag) for projekt in alle if projekt.status_am]
    return {
        "verbund": verbund.name,
        "geschaeftsstelle": verbund.geschaeftsstelle,
        "hinweis": verbund.hinweis,
        "stichtag": stichtag,
        "erstellt_am": heute,
        "kommunen": Kommune.objects.count(),
        "erster_tag": _erster_tag(),
        "fakten": _teil([projekt for projekt in am_stichtag if not projekt["beispiel"]]),
        "beispiele": _teil([projekt for projekt in am_stichtag if projekt["beispiel"]]),
    }


def _geladen(projekte: ProjektQuerySet, stichtag: date) -> ProjektQuerySet:
    auftraege = Projektauftrag.objects.filter(status__in=FESTE_AUFTRAEGE).order_by("-version")
    return (
        projekte.mit_teilnahme(stichtag)
        .annotate(
            status_am=Statuswechsel.objects.status_am(Projekt, stichtag),
            status_seit=Statuswechsel.objects.status_am(Projekt, stichtag, "gueltig_ab"),
        )
        .select_related("aufgabenfeld")
        .prefetch_related(
            "aufgegangen_in",
            Prefetch("auftraege", auftraege, to_attr="feste_auftraege"),
            Prefetch("feste_auftraege__ergebnisse", Ergebnis.objects.filter(eltern=None), to_attr="hauptergebnisse"),
            Prefetch("meilensteine", Meilenstein.objects.select_related("verantwortlich")),
        )
    )


def _erster_tag() -> date | None:
    return Statuswechsel.objects.filter(content_type__app_label="projekte", content_type__model="projekt").aggregate(
        tag=Min("gueltig_ab")
    )["tag"]


def _teil(projekte: list[dict[str, Any]]) -> dict[str, Any]:
    gruppen: dict[str, list[dict[str, Any]]] = {"laufende": [], "uebrige": [], "aufgegangene": []}
    for projekt in projekte:
        gruppen[_gruppe(projekt)].append(projekt)
    anzahl = Counter(projekt["status"] for projekt in gruppen["laufende"] + gruppen["uebrige"])
    return {
        "anzahl": anzahl.total(),
        "zaehlung": [{"status": status, "anzahl": anzahl[status]} for status in ProjektStatus if anzahl[status]],
        **gruppen,
    }


def _gruppe(projekt: dict[str, Any]) -> str:
    if projekt["aufgegangen_in"]:
        return "aufgegangene"
    return "laufende" if projekt["status"] in LAUFENDE else "uebrige"


def _projekt(projekt: Any, stichtag: date) -> dict[str, Any]:
    stand = teilnahmestand(projekt)
    return {
        "name": projekt.name,
        "beispiel": projekt.beispiel,
        "status": projekt.status_am,
        "status_seit": projekt.status_seit,
        "status_hinweis": projekt.status_hinweis if projekt.status_am == projekt.status else "",
        "aufgabenfeld": projekt.aufgabenfeld.name,
        "kurzbeschreibung": projekt.kurzbeschreibung,
        "zeitraum": projekt.zeitraum,
        "beginn": projekt.beginn,
        "ende": projekt.ende,
        "teilnahme": stand.text,
        "teilnahme_zitiert_am": stand.stand if stand.zitiert else None,
        "teilnahme_ausstehend": stand.ausstehend,
        "auftrag": _auftrag(projekt.feste_auftraege),
        "meilensteine": [
            _meilenstein(meilenstein, stichtag, projekt.status_am) for meilenstein in projekt.meilensteine.all()
        ],
        "aufgegangen_in": [ziel.name for ziel in projekt.aufgegangen_in.all()],
    }


def _auftrag(auftraege: list[Any]) -> dict[str, Any] | None:
    if not auftraege:
        return None
    auftrag = auftraege[0]
    return {
        "version": auftrag.version,
        "status": auftrag.status,
        "stand": auftrag.stand,
        "projektziele": auftrag.projektziele,
        "ergebnisse": [f"{ergebnis.nummer} {ergebnis.text}" for ergebnis in auftrag.hauptergebnisse],
    }


def _meilenstein(meilenstein: Meilenstein, stichtag: date, status: str) -> dict[str, Any]:
    """A date after the Stichtag was not known then: what was reached later counts as not yet reached."""
    erreicht = meilenstein.erreicht if meilenstein.erreicht and meilenstein.erreicht <= stichtag else None
    return {
        "name": meilenstein.name,
        "geplant": meilenstein.geplant,
        "prognose": meilenstein.prognose,
        "erreicht": erreicht,
        "stand": meilenstein.stand_am(stichtag, status=status),
        "verantwortlich": meilenstein.verantwortlich.kurzname if meilenstein.verantwortlich else "",
    }
