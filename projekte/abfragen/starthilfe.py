"""From which declarations of interest a Projekt came, as its page tells it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bestandsaufnahme.auswahl import Stufe
from bestandsaufnahme.models import Interessenaenderung
from ikz_portal.basis.formate import tag
from ikz_portal.basis.models import Statuswechsel
from projekte.models import Projekt, Starthilfe


@dataclass(frozen=True, slots=True)
class Herkunftszeile:
    """`stufe` is the one that the declaration had when the Projekt came from it; `kontakt` empty without one."""

    kommune: str
    kommune_url: str
    feld: str
    stufe: str
    kontakt: str
    url: str
    abgegeben: str
    beispiel: bool


def herkunft(starthilfen: QuerySet[Starthilfe], *, mit_namen: bool) -> list[Herkunftszeile]:
    """Take those that may be seen; persons only with `mit_namen`. One query."""
    gelesen = _mit_damaliger_stufe(starthilfen).select_related(
        "interesse__kommune", "interesse__aufgabenfeld", "interesse__kooperationsfeld", "kontakt"
    )
    return [_zeile(eine, mit_namen=mit_namen) for eine in gelesen]


def _mit_damaliger_stufe(starthilfen: QuerySet[Starthilfe]) -> QuerySet[Starthilfe]:
    """Annotate `damalige_stufe`: of the first change since then what was before it, else what it is now.

    On the day itself the clock decides: the Projekt began in the instant of its first change of status.
    """
    beginn = Statuswechsel.objects.filter(
        content_type=ContentType.objects.get_for_model(Projekt), objekt_id=OuterRef("projekt_id")
    )
    begonnen = beginn.order_by("angelegt_am", "pk").values("angelegt_am")[:1]
    seither = Q(am__gt=OuterRef("am")) | Q(am=OuterRef("am"), angelegt_am__gt=OuterRef("begonnen"))
    aenderungen = Interessenaenderung.objects.filter(seither, interesse=OuterRef("interesse_id"))
    erste = aenderungen.order_by("am", "pk").values("stufe_von")[:1]
    return starthilfen.annotate(begonnen=Subquery(begonnen)).annotate(
        damalige_stufe=Coalesce(Subquery(erste), F("interesse__stufe"))
    )


def _zeile(starthilfe: Any, *, mit_namen: bool) -> Herkunftszeile:  # Any: it carries annotations
    interesse = starthilfe.interesse
    return Herkunftszeile(
        kommune=interesse.kommune.name,
        kommune_url=interesse.kommune.get_absolute_url(),
        feld=str(interesse.feld),
        stufe=str(Stufe(starthilfe.damalige_stufe).label),
        kontakt=str(starthilfe.kontakt) if mit_namen and starthilfe.kontakt else "",
        url=interesse.get_absolute_url(),
        abgegeben=tag(interesse.abgegeben_am),
        beispiel=interesse.beispiel,
    )
