"""The record as a list: paged without ever counting all of it, and as a file."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet

from ikz_portal.basis import verlauf
from ikz_portal.basis.models.aenderung import AenderungQuerySet

HOECHSTENS = 10_000  # entries that are paged and exported; what is older is found by its time
STAPEL = 500

KOPF = ("Wann", "Wer", "Was geschah", "Woran", "Name", "Gehört zu", "Angabe", "vorher", "nachher")


class KappenderPaginator(Paginator):
    """Counts to HOECHSTENS and no further: the record grows for ever, a page of it costs always the same."""

    @cached_property
    def count(self) -> int:
        aenderungen = cast(AenderungQuerySet, self.object_list)
        return len(aenderungen.values_list("pk")[:HOECHSTENS])

    @property
    def gekappt(self) -> bool:
        return self.count >= HOECHSTENS


def zeilen(aenderungen: QuerySet[Any]) -> Iterator[tuple[datetime | str, ...]]:
    """Yield a row per changed field, in batches, so that a long file needs little memory."""
    alle = aenderungen.select_related("konto", "fuer").iterator(chunk_size=STAPEL)
    while stapel := list(islice(alle, STAPEL)):
        for vorgang in verlauf.vorgaenge(stapel):
            for eintrag in vorgang.eintraege:
                kopf = (vorgang.am, vorgang.wer, eintrag.art.label, eintrag.was, eintrag.name, eintrag.ganzes)
                felder: Any = eintrag.felder or [None]
                for feld in felder:
                    rest = (feld.feld, feld.vorher.text, feld.nachher.text) if feld else ("", "", "")
                    yield (*kopf, *rest)
