"""Reading Kooperationen: who takes part in one, and in which ones a Kommune takes part."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from bestandsaufnahme.abfragen.matrix.matrix import SYMBOLE
from bestandsaufnahme.abfragen.matrix.stand import damalige_angabe
from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis.formate import tag
from ikz_portal.basis.zeit import tag_davor


@dataclass(frozen=True)
class BeteiligungZeile:
    """A Kommune's part in a Kooperation, told from either side."""

    kommune: str
    kommune_url: str
    kooperation: str
    kooperation_url: str
    feld: str
    aufgabenfeld: str
    aufgabenfeld_url: str
    symbol: str
    zeichen: str
    status: BeteiligungStatus
    rolle: str
    herkunft: str
    belegt: str


def zeilen(
    beteiligungen: BeteiligungQuerySet, *, stichtag: date, geheime: Collection[int] = ()
) -> list[BeteiligungZeile]:
    """Return the rows in the order of the matrix, within a Kooperation by Kommune and time.

    A Kooperation has the name of the day; what a round in `geheime` said counts as not said.
    """
    gelesene = beteiligungen.annotate(
        damalige_bezeichnung=damalige_angabe("bezeichnung", stichtag, geheime=geheime, zu="kooperation")
    )
    geordnet = gelesene.select_related("kommune", "kooperation__kooperationsfeld__aufgabenfeld").order_by(
        "kooperation__kooperationsfeld__aufgabenfeld__reihenfolge",
        "kooperation__kooperationsfeld__reihenfolge",
        "kooperation__symbol",
        "kooperation",
        "kommune__sortierung",
        "gilt_ab",
    )
    return [_zeile(beteiligung) for beteiligung in geordnet]


def _zeile(beteiligung: Any) -> BeteiligungZeile:  # Any: it carries annotations
    kooperation = beteiligung.kooperation
    belegt = f"ab {tag(beteiligung.gilt_ab)}"
    if ende := getattr(beteiligung, "ende", beteiligung.gilt_bis):
        belegt += f" bis {tag(tag_davor(ende))}"
    return BeteiligungZeile(
        kommune=beteiligung.kommune.name,
        kommune_url=beteiligung.kommune.get_absolute_url(),
        kooperation=beteiligung.damalige_bezeichnung,
        kooperation_url=kooperation.get_absolute_url(),
        feld=kooperation.kooperationsfeld.name,
        aufgabenfeld=kooperation.kooperationsfeld.aufgabenfeld.name,
        aufgabenfeld_url=kooperation.kooperationsfeld.aufgabenfeld.get_absolute_url(),
        symbol=SYMBOLE.get(kooperation.symbol, ""),
        zeichen=kooperation.symbol,
        status=BeteiligungStatus(beteiligung.status),
        rolle=beteiligung.get_rolle_display(),
        herkunft=beteiligung.get_herkunft_display(),
        belegt=belegt,
    )
