"""Reading for the own Konto: its offices in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from kommunen.abfragen.vertretung import amt_in_worten
from kommunen.models import Gremium, Kommune
from kommunen.rechte import Amt


@dataclass(frozen=True)
class AmtZeile:
    """An office, and whom it is held for where it is another's."""

    bezeichnung: str
    in_vertretung_fuer: str


def aemter_in_worten(aemter: Iterable[Amt]) -> list[AmtZeile]:
    aemter = list(aemter)
    if not aemter:
        return []
    gremien = Gremium.objects.in_bulk({amt.gremium for amt in aemter if amt.gremium})
    kommunen = Kommune.objects.in_bulk({amt.kommune for amt in aemter if amt.kommune})
    return [
        AmtZeile(amt_in_worten(gremien.get(amt.gremium or 0), kommunen.get(amt.kommune or 0)), amt.fuer_name)
        for amt in aemter
    ]
