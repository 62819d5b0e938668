"""Whose Verlauf somebody may see, and what the record tells of what is a Kommune's own."""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Q, Value, When

from bestandsaufnahme.auswahl import (
    OFFENE_FRAGEBOEGEN,
    FragebogenStatus,
    InteresseStatus,
)
from bestandsaufnahme.models import (
    Einlesung,
    Erhebung,
    ExternerPartner,
    Fragebogen,
    Fragebogenantwort,
    Interessenbekundung,
    Interessenrunde,
    Kooperation,
    Pruefung,
    Veroeffentlichung,
)
from bestandsaufnahme.rechte.matrix import darf_matrix_einlesen
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from kommunen.rechte import (
    Betrachter,
    handelt_fuer,
    ist_angemeldet,
    ist_geschaeftsstelle,
    spitze_von,
)


def darf_verlauf_der_kooperation_sehen(konto: Betrachter, kooperation: Kooperation) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_verlauf_des_interesses_sehen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    """The Geschäftsstelle, the head of the Kommune, and who filed it."""
    if ist_geschaeftsstelle(konto) or interesse.kommune_id in spitze_von(konto):
        return True
    return ist_angemeldet(konto) and interesse.durch_id == konto.pk


def sichtbare_aenderungen(konto: Betrachter) -> AenderungQuerySet:
    """The record without the drafts of other Kommunen: what somebody may not read of an object, it doesn't tell.

    `verdeckt` marks the step that files a draft: what it was before stays hidden. `verschwiegen` are columns of which
    it tells nothing at all.
    """
    kommunen = list(handelt_fuer(konto))
    eigene = Q(stand__kommune_id__in=kommunen)
    bekundung = Q(tabelle=Interessenbekundung._meta.db_table)
    abgabe = bekundung & Q(vorher__status=InteresseStatus.ENTWURF)
    lesbare = Aenderung.objects.filter(~bekundung | ~Q(stand__status=InteresseStatus.ENTWURF) | eigene)
    return lesbare.filter(_ohne_fremde_antworten(kommunen), _ohne_fremde_pruefungen(konto, kommunen)).annotate(
        verdeckt=Case(When(abgabe & ~eigene, then=Value(True)), default=Value(False)),
        verschwiegen=_verschwiegene_spalten(eigene),
    )


def _ohne_fremde_antworten(kommunen: Sequence[int]) -> Q:
    """How a Kommune came to its answers stays its own, also after it has released them."""
    antworten = Q(tabelle=Fragebogenantwort._meta.db_table)
    if not kommunen:
        return ~antworten
    eigene = Fragebogen.objects.filter(kommune__in=kommunen).values_list("pk", flat=True)
    return ~antworten | Q(stand__fragebogen_id__in=list(eigene))


def _ohne_fremde_pruefungen(konto: Betrachter, kommunen: Sequence[int]) -> Q:
    """What the Geschäftsstelle decides is its own until it is taken over; then the Kommune reads it too."""
    if ist_geschaeftsstelle(konto):
        return Q()
    pruefungen = Q(tabelle=Pruefung._meta.db_table)
    if not kommunen:
        return ~pruefungen
    uebernommene = Fragebogenantwort.objects.filter(
        fragebogen__kommune__in=kommunen, fragebogen__status=FragebogenStatus.UEBERNOMMEN
    )
    return ~pruefungen | Q(wurzel__in=[str(pk) for pk in uebernommene.values_list("pk", flat=True)])


def _verschwiegene_spalten(eigene: Q) -> Case:
    """Of an open Fragebogen others know the status alone, but for what came on paper."""
    offen = Q(stand__status__in=OFFENE_FRAGEBOEGEN) | Q(vorher__status__in=OFFENE_FRAGEBOEGEN)
    fremd = Q(tabelle=Fragebogen._meta.db_table, stand__papier_vermerk="") & offen & ~eigene
    spalten = ArrayField(CharField())
    return Case(When(fremd, then=Value(["stelle"], spalten)), default=Value([], spalten), output_field=spalten)


def darf_verlauf_der_erhebung_sehen(konto: Betrachter, erhebung: Erhebung) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_verlauf_der_runde_sehen(konto: Betrachter, runde: Interessenrunde) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_verlauf_des_fragebogens_sehen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    return ist_geschaeftsstelle(konto) or fragebogen.kommune_id in handelt_fuer(konto)


def darf_verlauf_der_veroeffentlichung_sehen(konto: Betrachter, veroeffentlichung: Veroeffentlichung) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_verlauf_der_einlesung_sehen(konto: Betrachter, einlesung: Einlesung) -> bool:
    return darf_matrix_einlesen(konto)


def darf_verlauf_des_partners_sehen(konto: Betrachter, partner: ExternerPartner) -> bool:
    return ist_geschaeftsstelle(konto)
