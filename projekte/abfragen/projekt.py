"""One Projekt with all that belongs to it, as values that its page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, QuerySet, Value

from ikz_portal.basis import formate
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.models import Statuswechsel
from projekte.auswahl import Antwort, ProjektStatus
from projekte.models import Geleitzug, Projekt, Teilnahme
from projekte.models.projekt import ProjektQuerySet

VORGAENGER, NACHFOLGER = "folgt auf", "fortgesetzt in"
AUFGEGANGEN, HERVORGEGANGEN = "aufgegangen in", "hervorgegangen aus"


@dataclass(frozen=True, slots=True)
class Verwandtes:
    """Another Projekt and how this one is tied to it."""

    art: str
    name: str
    slug: str
    status: ProjektStatus


@dataclass(frozen=True, slots=True)
class Wechsel:
    von: ProjektStatus | None
    nach: ProjektStatus
    gueltig_ab: date
    durch: str
    grund: str


@dataclass(frozen=True, slots=True)
class Antwortzeile:
    kommune: str
    antwort: Antwort
    am: date | None
    vermerk: str
    geleitzug: int | None


@dataclass(frozen=True, slots=True)
class Welle:
    nummer: int
    zeitraum: str
    kommunen: tuple[str, ...]


def verwandte(projekt: Projekt, sichtbare: ProjektQuerySet) -> list[Verwandtes]:
    """Return what came before and after, as far as it may be seen; one query."""
    arten = (
        (VORGAENGER, sichtbare.filter(pk=projekt.vorgaenger_id or 0)),
        (NACHFOLGER, sichtbare.filter(vorgaenger=projekt)),
        (HERVORGEGANGEN, sichtbare.filter(aufgegangen_in=projekt)),
        (AUFGEGANGEN, sichtbare.filter(hervorgegangen_aus=projekt)),
    )
    erste, *weitere = [_mit_art(projekte, rang) for rang, (_, projekte) in enumerate(arten)]
    return [
        Verwandtes(arten[rang][0], name, slug, ProjektStatus(status))
        for rang, _, name, slug, status in sorted(erste.union(*weitere))
    ]


def _mit_art(projekte: ProjektQuerySet, rang: int) -> QuerySet[Projekt, tuple[int, str, str, str, str]]:
    werte = projekte.order_by().annotate(art=Value(rang, output_field=IntegerField()))
    return werte.values_list("art", "sortierung", "name", "slug", "status")


def verlauf(projekt: Projekt) -> list[Wechsel]:
    """Return the dated changes of its status, the newest first."""
    zeilen = Statuswechsel.objects.filter(
        content_type=ContentType.objects.get_for_model(Projekt), objekt_id=projekt.pk
    ).select_related("durch")
    return [
        Wechsel(
            ProjektStatus(zeile.von) if zeile.von else None,
            ProjektStatus(zeile.nach),
            zeile.gueltig_ab,
            zeile.durch.name if zeile.durch else "",
            zeile.grund,
        )
        for zeile in zeilen
    ]


def antworten(teilnahmen: Iterable[Teilnahme]) -> list[Antwortzeile]:
    """Return the answers of the Kommunen, in their order; `kommune` and `geleitzug` are loaded."""
    return [
        Antwortzeile(
            zeile.kommune.name,
            zeile.marke_der_antwort,
            zeile.am,
            zeile.vermerk,
            zeile.geleitzug.nummer if zeile.geleitzug else None,
        )
        for zeile in teilnahmen
    ]


def wellen(geleitzuege: Iterable[Geleitzug], zeilen: Iterable[Antwortzeile]) -> list[Welle]:
    """Return the waves of the roll-out with the Kommunen in them, as far as those are known and may be named."""
    gemerkt = list(zeilen)
    return [
        Welle(
            welle.nummer,
            welle.zeit_hinweis
            or formate.zeitraum(welle.beginn, welle.beginn_genauigkeit, welle.ende, welle.ende_genauigkeit),
            tuple(zeile.kommune for zeile in gemerkt if zeile.geleitzug == welle.nummer),
        )
        for welle in geleitzuege
    ]


def genaue_laufzeit(projekt: Projekt) -> tuple[date | None, date | None]:
    """Return begin and end for a chart: None where an end isn't known to the day."""
    return (
        projekt.beginn if projekt.beginn_genauigkeit == Genauigkeit.TAG else None,
        projekt.ende if projekt.ende_genauigkeit == Genauigkeit.TAG else None,
    )
