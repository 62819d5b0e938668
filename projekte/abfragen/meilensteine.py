"""Meilensteine as they stand on a day, for one Projekt or for many with one query."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ikz_portal.basis import formate
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.diagramme import PlanZeile
from projekte.auswahl import MeilensteinStand
from projekte.models import Meilenstein, Projekt


@dataclass(frozen=True, slots=True, kw_only=True)
class MeilensteinZeile:
    """A Meilenstein on a day: what was reached later isn't reached yet."""

    name: str
    geplant: date
    prognose: date | None
    erreicht: date | None
    stand: MeilensteinStand
    verantwortlich: str
    freigabe_noetig: bool
    freigegeben_am: date | None

    @property
    def faellig(self) -> date:
        return self.prognose or self.geplant

    @property
    def ist_ueberfaellig(self) -> bool:
        return self.stand == MeilensteinStand.UEBERFAELLIG

    def als_plan(self) -> PlanZeile:
        """Return the row of the chart."""
        return PlanZeile(
            name=self.name,
            geplant=self.geplant,
            prognose=self.prognose,
            erreicht=self.erreicht,
            ueberfaellig=self.ist_ueberfaellig,
            verantwortlich=self.verantwortlich,
        )


def meilensteine_je_projekt(projekte: Iterable[int], *, tag: date) -> dict[int, list[MeilensteinZeile]]:
    """Return the rows by primary key of the Projekt in the order of the plan, an empty list where it has none."""
    gefunden: dict[int, list[MeilensteinZeile]] = defaultdict(list, {pk: [] for pk in projekte})
    alle = Meilenstein.objects.filter(projekt__in=list(gefunden)).select_related("projekt", "verantwortlich")
    for meilenstein in alle:
        gefunden[meilenstein.projekt_id].append(_zeile(meilenstein, tag))
    return dict(gefunden)


def naechster(zeilen: Sequence[MeilensteinZeile]) -> MeilensteinZeile | None:
    """Return the one that is due first and still open: an overdue one where there is any."""
    offene = [zeile for zeile in zeilen if zeile.stand not in {MeilensteinStand.ERREICHT, MeilensteinStand.OFFEN}]
    return min(offene, key=lambda zeile: zeile.faellig, default=None)


def hinweise(projekt: Projekt, *, beendet: bool) -> list[str]:
    """Return what whoever saved the Projekt should know of its Meilensteine; `beendet`: it was ended just now."""
    zeilen = list(projekt.meilensteine.all())
    return [*(_nicht_erreicht(zeilen) if beendet else []), *_ausserhalb(zeilen, projekt)]


def _nicht_erreicht(zeilen: list[Meilenstein]) -> list[str]:
    offen = sum(zeile.erreicht is None for zeile in zeilen)
    return [f"{_anzahl(offen)} {'ist' if offen == 1 else 'sind'} nicht erreicht."] if offen else []


def _ausserhalb(zeilen: list[Meilenstein], projekt: Projekt) -> list[str]:
    faellige = ((zeile.name, zeile.prognose or zeile.geplant) for zeile in zeilen)
    fremde = [f"„{name}“ ({formate.tag(tag)})" for name, tag in faellige if not _liegt_darin(tag, projekt)]
    if not fremde:
        return []
    liegt = "liegt" if len(fremde) == 1 else "liegen"
    ausserhalb = f"{liegt} außerhalb des Zeitraums des Projekts ({projekt.zeitraum})"
    return [f"{_anzahl(len(fremde))} {ausserhalb}: {', '.join(fremde)}."]


def _liegt_darin(tag: date, projekt: Projekt) -> bool:
    """Tell whether the day lies in the span of the Projekt, as far as its ends are known."""
    nach_beginn = projekt.beginn is None or projekt.beginn <= tag
    return nach_beginn and (projekt.ende is None or tag <= _letzter_tag(projekt.ende, projekt.ende_genauigkeit))


def _letzter_tag(ende: date, genauigkeit: str) -> date:
    """Return the last day of the month or year that is all that is known of an end."""
    if genauigkeit == Genauigkeit.JAHR:
        return date(ende.year, 12, 31)
    if genauigkeit == Genauigkeit.MONAT:
        return ende.replace(day=monthrange(ende.year, ende.month)[1])
    return ende


def _anzahl(zahl: int) -> str:
    return "1 Meilenstein" if zahl == 1 else f"{zahl} Meilensteine"


def _zeile(meilenstein: Meilenstein, tag: date) -> MeilensteinZeile:
    return MeilensteinZeile(
        name=meilenstein.name,
        geplant=meilenstein.geplant,
        prognose=meilenstein.prognose,
        erreicht=_bis(meilenstein.erreicht, tag),
        stand=meilenstein.stand_am(tag, status=meilenstein.projekt.status),
        verantwortlich=meilenstein.verantwortlich.kurzname if meilenstein.verantwortlich else "",
        freigabe_noetig=meilenstein.freigabe_noetig,
        freigegeben_am=_bis(meilenstein.freigegeben_am, tag),
    )


def _bis(wann: date | None, tag: date) -> date | None:
    return wann if wann and wann <= tag else None
