"""What the ranking can be asked for: today, and every finished round whose totals are kept."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, F, OuterRef, QuerySet

from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenrunde, Rundenergebnis

HEUTE = "heute"
# The totals of a round by Aufgabenfeld (key).
Summen = Mapping[int, Rundenergebnis]


def runden_mit_ergebnis(runden: QuerySet[Interessenrunde]) -> list[Interessenrunde]:
    """Return the finished ones that have totals, the newest first; one without a year is older than any with one."""
    ergebnisse = Rundenergebnis.objects.filter(runde=OuterRef("pk"))
    fertige = runden.filter(Exists(ergebnisse), status=RundeStatus.ABGESCHLOSSEN)
    return list(fertige.order_by(F("jahr").desc(nulls_last=True), "-pk"))


def ueberliefert(runde: Interessenrunde) -> bool:
    """Tell whether it was not held in the portal: only its totals are known, not who declared."""
    return runde.abgeschlossen_am is None


def vergleichsrunde(runden: Sequence[Interessenrunde], gewaehlte: Interessenrunde | None) -> Interessenrunde | None:
    """Return what stands beside today or the chosen round: the historical one, without one the newest other.

    None beside the historical round itself, and where there is no other: then today is what to compare with.
    """
    historische = next(filter(ueberliefert, runden), None)
    if historische is not None:
        return None if historische == gewaehlte else historische
    return next((runde for runde in runden if runde != gewaehlte), None)


def summen(runden: Iterable[Interessenrunde | None]) -> dict[int, dict[int, Rundenergebnis]]:
    """Return the totals of these rounds (by key). One query."""
    je_runde: dict[int, dict[int, Rundenergebnis]] = {runde.pk: {} for runde in runden if runde}
    if je_runde:
        for ergebnis in Rundenergebnis.objects.filter(runde__in=je_runde):
            je_runde[ergebnis.runde_id][ergebnis.aufgabenfeld_id] = ergebnis
    return je_runde
