"""Meilensteine as they stand on a day, for one Projekt or for many with one query."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ikz_portal.basis.diagramme import PlanZeile
from projekte.auswahl import MeilensteinStand
from projekte.models import Meilenstein


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
    for meilenstein in Meilenstein.objects.filter(projekt__in=list(gefunden)).select_related("verantwortlich"):
        gefunden[meilenstein.projekt_id].append(_zeile(meilenstein, tag))
    return dict(gefunden)


def naechster(zeilen: Sequence[MeilensteinZeile]) -> MeilensteinZeile | None:
    """Return the one that is due first and not reached yet: an overdue one where there is any."""
    offene = [zeile for zeile in zeilen if zeile.stand != MeilensteinStand.ERREICHT]
    return min(offene, key=lambda zeile: zeile.faellig, default=None)


def _zeile(meilenstein: Meilenstein, tag: date) -> MeilensteinZeile:
    return MeilensteinZeile(
        name=meilenstein.name,
        geplant=meilenstein.geplant,
        prognose=meilenstein.prognose,
        erreicht=_bis(meilenstein.erreicht, tag),
        stand=meilenstein.stand_am(tag),
        verantwortlich=meilenstein.verantwortlich.kurzname if meilenstein.verantwortlich else "",
        freigabe_noetig=meilenstein.freigabe_noetig,
        freigegeben_am=_bis(meilenstein.freigegeben_am, tag),
    )


def _bis(wann: date | None, tag: date) -> date | None:
    return wann if wann and wann <= tag else None
