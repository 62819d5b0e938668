"""External partners, and in which Kooperationen they take part: as described today, to whom it may be told."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from bestandsaufnahme.abfragen.kooperation.kooperation_liste import geordnet
from bestandsaufnahme.abfragen.matrix.stand import am_tag, beschrieben_am
from bestandsaufnahme.models import ExternerPartner, Kooperation, Kooperationsstand
from ikz_portal.basis.formate import tag


@dataclass(frozen=True, slots=True)
class PartnerZeile:
    """`kooperationen` as (name, address)."""

    name: str
    url: str
    hinweis: str
    kooperationen: list[tuple[str, str]]


def fassung(partner: ExternerPartner) -> str:
    """Return what the row says, to notice when somebody changed it since it was read."""
    return f"{partner.name}|{partner.hinweis}"


def nennende(
    kooperationen: QuerySet[Kooperation], namen: Sequence[str], *, heute: date, geheime: Collection[int] = ()
) -> QuerySet[Kooperation]:
    """Return those of these Kooperationen that name one of the partners today."""
    beschriebene = beschrieben_am(heute, geheime=geheime).filter(Q(damalige_partner__overlap=list(namen)))
    return kooperationen.filter(pk__in=beschriebene.values("pk"))


def zeilen(
    partner: Iterable[ExternerPartner],
    *,
    kooperationen: QuerySet[Kooperation],
    heute: date,
    geheime: Collection[int] = (),
) -> list[PartnerZeile]:
    """Return the partners with the Kooperationen (visible ones handed in) that name them today. Two queries."""
    gezeigte = list(partner)
    je_name: dict[str, list[tuple[str, str]]] = {eine.name: [] for eine in gezeigte}
    nennend = nennende(kooperationen, list(je_name), heute=heute, geheime=geheime)
    for kooperation, _ in am_tag(geordnet(nennend), heute, geheime=geheime):
        for name in je_name.keys() & set(kooperation.partnernamen):  # type: ignore[attr-defined]  # the annotation
            je_name[name].append((kooperation.bezeichnung, kooperation.get_absolute_url()))
    return [PartnerZeile(p.name, p.get_absolute_url(), p.hinweis, je_name[p.name]) for p in gezeigte]


def fruehere(
    partner: ExternerPartner, *, kooperationen: QuerySet[Kooperation], heute: date, geheime: Collection[int] = ()
) -> list[tuple[str, str, str]]:
    """Return (name then, address, until when) of Kooperationen that named it formerly and don't any more."""
    verschwiegene = Kooperationsstand.objects.filter(
        kooperation=OuterRef("kooperation"), erhebung__in=geheime, bis__lte=OuterRef("bis")
    )
    staende = Kooperationsstand.objects.filter(
        ~Exists(verschwiegene), kooperation__in=kooperationen, externe_partner__contains=[partner.name], bis__lte=heute
    )
    heutige = nennende(kooperationen, [partner.name], heute=heute, geheime=geheime)
    letzte = {s.kooperation_id: s for s in staende.exclude(kooperation__in=heutige).select_related("kooperation")}
    return [(s.bezeichnung, s.kooperation.get_absolute_url(), tag(s.bis)) for s in letzte.values()]
