"""What waits for the people of a Kommune: a Fragebogen, or the answer in a round of declarations."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet, Value
from django.urls import reverse

from bestandsaufnahme.abfragen.erhebung.erhebung import faellig_in_worten
from bestandsaufnahme.abfragen.erhebung.fragebogen import frist_in_worten
from bestandsaufnahme.auswahl import OFFENE_FRAGEBOEGEN, ErhebungStatus, RundeStatus
from bestandsaufnahme.models import Fragebogen, Rundenrueckmeldung
from ikz_portal.basis.formate import tag

BOGEN, RUNDE = "bogen", "runde"


@dataclass(frozen=True, slots=True)
class Wartender:
    """The Erhebung or Interessenrunde that waits for this Kommune, and where it answers."""

    runde: str
    kommune: str
    url: str
    frist: str
    beispiel: bool


@dataclass(frozen=True, slots=True)
class Wartende:
    frageboegen: list[Wartender] = field(default_factory=list)
    runden: list[Wartender] = field(default_factory=list)


def wartende(
    frageboegen: QuerySet[Fragebogen], rueckmeldungen: QuerySet[Rundenrueckmeldung], *, heute: date
) -> Wartende:
    """Return those of running rounds that the Kommune hasn't answered. One query for both: the start page asks it."""
    boegen = frageboegen.filter(status__in=OFFENE_FRAGEBOEGEN, erhebung__status=ErhebungStatus.LAEUFT)
    antworten = rueckmeldungen.filter(am__isnull=True, runde__status=RundeStatus.LAEUFT)
    der_kommune = ("kommune__sortierung", "kommune__name", "kommune__ags")
    zeilen = (
        boegen.order_by()
        .values_list("erhebung__frist", *der_kommune, "erhebung", "erhebung__name", "erhebung__beispiel", Value(BOGEN))
        .union(
            antworten.order_by().values_list(
                "runde__frist", *der_kommune, "runde", "runde__name", "runde__beispiel", Value(RUNDE)
            ),
            all=True,
        )
    )
    ergebnis = Wartende()
    for frist, _, kommune, ags, pk, name, beispiel, art in sorted(zeilen):
        if art == BOGEN:
            url, bis = reverse("fragebogen_detail", args=[pk, ags]), frist_in_worten(frist, heute=heute)
            ergebnis.frageboegen.append(Wartender(name, kommune, url, bis, beispiel))
        else:
            url, bis = reverse("runde_detail", args=[pk]), f"{tag(frist)}, {faellig_in_worten(frist, heute=heute)}"
            ergebnis.runden.append(Wartender(name, kommune, url, bis, beispiel))
    return ergebnis
