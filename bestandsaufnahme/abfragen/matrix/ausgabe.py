"""The marks of the matrix as rows of a file, in the columns that the import reads back.

What describes a Kooperation are the words of the Stichtag, as on the page.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from bestandsaufnahme.abfragen.matrix.fussnoten import seit_in_worten
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.auswahl import Rechtsform
from bestandsaufnahme.models import Beteiligung, Kooperation
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet

SPALTEN = (
    *("Aufgabenfeld", "Kooperationsfeld", "Zeichen", "Kooperation", "AGS", "Kommune", "Status", "Rolle"),
    *("Bekannt durch", "Belegt ab", "Belegt bis (ausschließlich)", "Vorgesehen bis", "Rechtsform"),
    *("Externe Partner", "Seit", "Zuletzt bestätigt", "Beispiel"),
)
IN_REIHE = (
    *("kooperation__kooperationsfeld__aufgabenfeld__reihenfolge", "kooperation__kooperationsfeld__reihenfolge"),
    *("kooperation__symbol", "kooperation_id", "kommune__sortierung", "gilt_ab"),
)
TRENNER = "; "


def zeilen(beteiligungen: BeteiligungQuerySet, *, stichtag: date, geheime: Collection[int] = ()) -> Iterator[list[Any]]:
    """Take the Beteiligungen (with `ende`) of one day, in the order of the matrix. Three queries."""
    gelesen = list(
        beteiligungen.select_related("kommune", "erhebung", "kooperation__kooperationsfeld__aufgabenfeld").order_by(
            *IN_REIHE
        )
    )
    schluessel = {beteiligung.kooperation_id for beteiligung in gelesen}
    damalige = am_tag(Kooperation.objects.filter(pk__in=schluessel).order_by(), stichtag, geheime=geheime)
    je_kooperation = {kooperation.pk: (kooperation, bestaetigt) for kooperation, bestaetigt in damalige}
    for beteiligung in gelesen:
        yield _zeile(beteiligung, *je_kooperation[beteiligung.kooperation_id])


def _zeile(beteiligung: Beteiligung, kooperation: Kooperation, bestaetigt: date | None) -> list[Any]:
    feld = beteiligung.kooperation.kooperationsfeld
    partner: list[str] = getattr(kooperation, "partnernamen", [])
    return [
        feld.aufgabenfeld.name,
        feld.name,
        kooperation.symbol,
        kooperation.bezeichnung,
        beteiligung.kommune.ags,
        beteiligung.kommune.name,
        beteiligung.get_status_display(),
        beteiligung.get_rolle_display(),
        beteiligung.get_herkunft_display(),
        beteiligung.gilt_ab,
        getattr(beteiligung, "ende", beteiligung.gilt_bis),
        beteiligung.vorgesehen_bis,
        str(Rechtsform(kooperation.rechtsform).label),
        TRENNER.join(partner),
        seit_in_worten(kooperation),
        bestaetigt,
        "ja" if beteiligung.erhebung and beteiligung.erhebung.beispiel else "",
    ]
