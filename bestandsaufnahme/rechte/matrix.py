"""Who may see and change the matrix: Kooperationen, Beteiligungen, external partners, imports."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beteiligung,
    Einlesung,
    ExternerPartner,
    Kooperation,
    Kooperationsfeld,
    Kooperationsstand,
)
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from bestandsaufnahme.rechte.erhebung import geheime_erhebungen
from kommunen.models import Kommune
from kommunen.rechte import (
    Betrachter,
    ist_angemeldet,
    ist_geschaeftsstelle,
    spitze_von,
)


def sichtbare_aufgabenfelder(konto: Betrachter) -> QuerySet[Aufgabenfeld]:
    return Aufgabenfeld.objects.all()


def sichtbare_kooperationsfelder(konto: Betrachter) -> QuerySet[Kooperationsfeld]:
    """The public doesn't see one that holds nothing but what it may not see: its name would tell of that."""
    if ist_angemeldet(konto):
        return Kooperationsfeld.objects.all()
    alle = Kooperation.objects.filter(kooperationsfeld=OuterRef("pk"))
    sichtbare = sichtbare_kooperationen(konto).filter(kooperationsfeld=OuterRef("pk"))
    return Kooperationsfeld.objects.filter(~Exists(alle) | Exists(sichtbare))


def sichtbare_kooperationen(konto: Betrachter) -> QuerySet[Kooperation]:
    """The public sees what is published and known by more than a round that isn't public yet; the others see all."""
    if ist_angemeldet(konto):
        return Kooperation.objects.all()
    beteiligungen = Beteiligung.objects.filter(kooperation=OuterRef("pk"))
    verschwiegene = Q(erhebung__in=geheime_erhebungen(konto))
    nur_aus_diesen = Exists(beteiligungen.filter(verschwiegene)) & ~Exists(beteiligungen.exclude(verschwiegene))
    return Kooperation.objects.filter(~nur_aus_diesen, veroeffentlicht=True)


def darf_kooperation_bearbeiten(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_kooperation_bestaetigen(konto: Betrachter, kommune: Kommune) -> bool:
    """That it still holds for the own Kommune says its head."""
    return kommune.pk in spitze_von(konto)


def bestaetigbare_kommunen(konto: Betrachter) -> QuerySet[Kommune]:
    """Those for which `darf_kooperation_bestaetigen` holds."""
    return Kommune.objects.filter(pk__in=spitze_von(konto))


def sichtbare_partner(konto: Betrachter) -> QuerySet[ExternerPartner]:
    """The public knows those that a published Kooperation names, now or formerly, but by no round of its own yet."""
    if ist_angemeldet(konto):
        return ExternerPartner.objects.all()
    staende = Kooperationsstand.objects.filter(kooperation__in=sichtbare_kooperationen(konto))
    verschwiegene = staende.filter(erhebung__in=geheime_erhebungen(konto))
    jetzige = sichtbare_kooperationen(konto).exclude(pk__in=verschwiegene.values("kooperation"))
    davor = verschwiegene.filter(kooperation=OuterRef("kooperation"), bis__lt=OuterRef("bis"))
    fruehere = staende.exclude(Exists(davor)).filter(externe_partner__contains=[OuterRef("name")])
    return ExternerPartner.objects.filter(
        Q(Exists(jetzige.filter(externe_partner=OuterRef("pk")))) | Q(Exists(fruehere))
    )


def sichtbare_projekte(konto: Betrachter, kooperation: Kooperation) -> QuerySet[Any]:
    """The Projekte that it came from, as far as they are published (the reverse side of a relation of `projekte`)."""
    alle: Any = kooperation.projekte
    return alle.all() if ist_angemeldet(konto) else alle.oeffentliche()


def sichtbare_beteiligungen(konto: Betrachter) -> BeteiligungQuerySet:
    """With `ende`. The public sees published Kooperationen, and nothing of what a round said before it is public."""
    if ist_angemeldet(konto):
        return Beteiligung.objects.mit_ende()
    geheim = [*geheime_erhebungen(konto)]
    return (
        Beteiligung.objects.filter(kooperation__veroeffentlicht=True).exclude(erhebung__in=geheim).mit_ende(ohne=geheim)
    )


def darf_matrix_einlesen(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def sichtbare_einlesungen(konto: Betrachter) -> QuerySet[Einlesung]:
    return Einlesung.objects.all() if darf_matrix_einlesen(konto) else Einlesung.objects.none()
