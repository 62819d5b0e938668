"""The history of a declaration in plain sentences: what was said when by whom, and what became of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from bestandsaufnahme.abfragen.interesse.interesse import stand
from bestandsaufnahme.auswahl import InteresseStatus, Stufe
from bestandsaufnahme.models import Interessenaenderung, Interessenbekundung
from ikz_portal.basis.auswahl import MarkenChoices
from ikz_portal.basis.formate import beide_namen, tag
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.zeit import tag_danach


@dataclass(frozen=True, slots=True)
class Schritt:
    """A step: its day, a sentence, the reason that was given. `projekt` and `url` lead to what it became."""

    am: str
    satz: str
    grund: str = ""
    projekt: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """A Projekt that came from it."""

    projekt: str
    url: str
    status: MarkenChoices
    beispiel: bool
    am: str


# (day, moment in that day) and the step
Datiert = tuple[tuple[date, datetime], Schritt]


def ergebnisse(starthilfen: Iterable[Any]) -> list[Ergebnis]:
    """Take the Starthilfen with their Projekt."""
    return [
        Ergebnis(
            projekt=starthilfe.projekt.name,
            url=starthilfe.projekt.get_absolute_url(),
            status=starthilfe.projekt.marke_des_status,
            beispiel=starthilfe.projekt.beispiel,
            am=tag(starthilfe.am),
        )
        for starthilfe in starthilfen
    ]


def schritte(
    interesse: Interessenbekundung,
    starthilfen: Iterable[Any],
    *,
    mit_entwurf: bool,
    heute: date,
) -> list[Schritt]:
    """Return them newest first; how it was drafted is told to the own Kommune alone. 2 queries."""
    alle = [
        *_aenderungen(interesse),
        *_wechsel(interesse, mit_entwurf),
        *_starthilfen(starthilfen),
        *_verstrichen(interesse, heute),
    ]
    geordnet = sorted(enumerate(alle), key=lambda paar: (paar[1][0], paar[0]), reverse=True)
    return [schritt for _, (_, schritt) in geordnet]


def _wechsel(interesse: Interessenbekundung, mit_entwurf: bool) -> Iterator[Datiert]:
    art = ContentType.objects.get_for_model(Interessenbekundung)
    zeilen = Statuswechsel.objects.filter(content_type=art, objekt_id=interesse.pk).select_related("durch", "fuer")
    for zeile in zeilen.order_by("pk"):
        if zeile.nach == InteresseStatus.ENTWURF and not mit_entwurf:
            continue
        mit_grund = zeile.nach == InteresseStatus.ZURUECKGEZOGEN
        schritt = Schritt(tag(zeile.gueltig_ab), _satz(interesse, zeile), zeile.grund if mit_grund else "")
        yield (zeile.gueltig_ab, zeile.angelegt_am), schritt


def _satz(interesse: Interessenbekundung, zeile: Statuswechsel) -> str:
    von = _von(zeile)
    saetze = {
        InteresseStatus.ENTWURF: f"Als Entwurf begonnen{von}.",
        InteresseStatus.ABGEGEBEN: _abgabe(interesse, zeile),
        InteresseStatus.BESTAETIGT: f"Bestätigt{von}.",
        InteresseStatus.ZURUECKGEZOGEN: f"Zurückgezogen{von}.",
        InteresseStatus.ABGELAUFEN: f"Abgelaufen: {zeile.grund}." if zeile.grund else "Abgelaufen.",
    }
    return saetze[InteresseStatus(zeile.nach)]


def _abgabe(interesse: Interessenbekundung, zeile: Statuswechsel) -> str:
    """Filed; or, later, no longer confirmed, waiting now, or no longer."""
    if zeile.von == InteresseStatus.BESTAETIGT:
        return f"Nicht mehr bestätigt: {zeile.grund}."
    if zeile.von == InteresseStatus.ABGEGEBEN:
        return f"{zeile.grund[:1].upper()}{zeile.grund[1:]}."
    if interesse.vermerk:
        return f"Im Auftrag der Kommune eingetragen{_von(zeile)}."
    return f"Mit dem Fragebogen abgegeben{_von(zeile)}." if interesse.erhebung_id else f"Abgegeben{_von(zeile)}."


def _aenderungen(interesse: Interessenbekundung) -> Iterator[Datiert]:
    for zeile in interesse.aenderungen.select_related("durch", "fuer").order_by("pk"):
        yield (zeile.am, zeile.angelegt_am), Schritt(tag(zeile.am), _geaendert(zeile), zeile.grund)


def _geaendert(zeile: Interessenaenderung) -> str:
    if zeile.stufe_von == zeile.stufe_nach:
        return f"Angaben geändert{_von(zeile)}."
    wie = "angehoben" if zeile.hebt_an else "gesenkt"
    return f"Stufe {wie}{_von(zeile)}: von „{Stufe(zeile.stufe_von).label}“ auf „{Stufe(zeile.stufe_nach).label}“."


def _starthilfen(starthilfen: Iterable[Any]) -> Iterator[Datiert]:
    for zeile in starthilfen:
        satz = "Ging in ein Projekt ein:"
        schritt = Schritt(tag(zeile.am), satz, projekt=zeile.projekt.name, url=zeile.projekt.get_absolute_url())
        yield (zeile.am, timezone.now()), schritt


def _verstrichen(interesse: Interessenbekundung, heute: date) -> Iterator[Datiert]:
    """Tell that it is past its date, also before a run has noted it."""
    vermerkt = interesse.status == InteresseStatus.ABGELAUFEN
    if interesse.gueltig_bis is None or vermerkt or stand(interesse, heute) != InteresseStatus.ABGELAUFEN:
        return
    seit = tag_danach(interesse.gueltig_bis)
    yield (seit, timezone.now()), Schritt(tag(seit), f"Abgelaufen: gültig bis {tag(interesse.gueltig_bis)}.")


def _von(zeile: Any) -> str:
    namen = beide_namen(zeile.durch, zeile.fuer)
    return f" von {namen}" if namen else ""
