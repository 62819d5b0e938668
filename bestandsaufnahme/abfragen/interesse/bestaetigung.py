"""What waits for the head of a Kommune, and where the head confirms at all."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bestandsaufnahme.abfragen.interesse.interesse import InteresseZeile, zeilen
from bestandsaufnahme.models import Bestaetigungspflicht, Interessenbekundung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from ikz_portal.basis.formate import tag
from kommunen.models import Kommune


@dataclass(frozen=True, slots=True)
class Wartende:
    """A declaration that waits, with all its head has to read."""

    pk: int
    version: int
    zeile: InteresseZeile
    wofuer: str
    bietet: str
    sucht: str
    vermerk: str


@dataclass(frozen=True, slots=True)
class Regelung:
    """Whether the head of a Kommune confirms, and how many declarations that concerns today."""

    kommune: str
    ags: str
    url: str
    noetig: bool
    seit: str
    durch: str
    wartend: int
    zaehlend: int


def verlangt(kommune: Kommune) -> bool:
    """Tell whether its head confirms what is filed or changed from now on."""
    return Bestaetigungspflicht.objects.filter(kommune=kommune).exists()


def wartende(interessen: Iterable[Interessenbekundung], *, heute: date) -> list[Wartende]:
    """Take them with what a row names (`mit_allem`)."""
    gelesene = list(interessen)
    return [
        Wartende(
            pk=interesse.pk,
            version=interesse.version,
            zeile=zeile,
            wofuer=interesse.wofuer,
            bietet=interesse.bietet,
            sucht=interesse.sucht,
            vermerk=interesse.vermerk,
        )
        for interesse, zeile in zip(gelesene, zeilen(gelesene, heute=heute), strict=True)
    ]


def regelungen(kommunen: QuerySet[Kommune], interessen: InteressenbekundungQuerySet, *, heute: date) -> list[Regelung]:
    """Count among these declarations. 2 queries."""
    laufende = interessen.laufende(heute).order_by()
    anzahl = Counter(
        (interesse.kommune_id, interesse.unbestaetigt)
        for interesse in laufende.only("kommune", "status", "bestaetigung_noetig")
    )
    return [
        _regelung(kommune, wartend=anzahl[kommune.pk, True], zaehlend=anzahl[kommune.pk, False])
        for kommune in kommunen.select_related("bestaetigungspflicht__durch")
    ]


def _regelung(kommune: Kommune, *, wartend: int, zaehlend: int) -> Regelung:
    pflicht = getattr(kommune, "bestaetigungspflicht", None)
    return Regelung(
        kommune=kommune.name,
        ags=kommune.ags,
        url=kommune.get_absolute_url(),
        noetig=pflicht is not None,
        seit=tag(pflicht.seit) if pflicht else "",
        durch=str(pflicht.durch or "") if pflicht else "",
        wartend=wartend,
        zaehlend=zaehlend,
    )
