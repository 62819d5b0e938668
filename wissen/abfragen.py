"""Beiträge as values that their pages show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from wissen.auswahl import Sichtbarkeit
from wissen.models import Beitrag


@dataclass(frozen=True, slots=True, kw_only=True)
class BeitragZeile:
    titel: str
    url: str
    art: str
    kurztext: str
    felder: str
    veroeffentlicht_am: date | None
    intern: bool
    auszug: bool
    beispiel: bool


def mit_feldern(beitraege: QuerySet[Beitrag]) -> QuerySet[Beitrag]:
    """Load what a row says, without the text, with one more query."""
    return beitraege.defer("text").prefetch_related("aufgabenfelder")


def zeilen(beitraege: Iterable[Beitrag]) -> list[BeitragZeile]:
    return [
        BeitragZeile(
            titel=beitrag.titel,
            url=beitrag.get_absolute_url(),
            art=beitrag.get_art_display(),
            kurztext=beitrag.kurztext,
            felder=", ".join(feld.name for feld in beitrag.aufgabenfelder.all()),
            veroeffentlicht_am=beitrag.veroeffentlicht_am,
            intern=beitrag.sichtbarkeit == Sichtbarkeit.INTERN,
            auszug=beitrag.auszug,
            beispiel=beitrag.beispiel,
        )
        for beitrag in beitraege
    ]
