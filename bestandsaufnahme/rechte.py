"""Who may see and do what with the matrix, the Erhebungen and the declarations of interest."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from bestandsaufnahme.auswahl import (
    OFFENE_FRAGEBOEGEN,
    ErhebungStatus,
    FragebogenStatus,
    InteresseStatus,
    VeroeffentlichungArt,
    VeroeffentlichungStatus,
)
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beteiligung,
    Einlesung,
    Erhebung,
    ExternerPartner,
    Fragebogen,
    Fragebogenantwort,
    Gespraech,
    Interessenbekundung,
    Interessenrunde,
    Kooperation,
    Kooperationsfeld,
    Kooperationsstand,
    Pruefung,
    Veroeffentlichung,
)
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from ikz_portal.basis.zeit import heute
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, Rolle
from kommunen.models import Kommune, Konto, Vertretung
from kommunen.rechte import (
    Betrachter,
    handelt_fuer,
    ist_angemeldet,
    ist_geschaeftsstelle,
    ist_mitglied_der_lenkungsgruppe,
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


# --- rounds and what is published of them ---------------------------------------------------------------------------
def sichtbare_veroeffentlichungen(konto: Betrachter) -> QuerySet[Veroeffentlichung]:
    """Who is signed in sees what is or was published, the public what is, from its day on.

    Drafts are for the Geschäftsstelle, and for the heads, whom they ask for their consent.
    """
    if ist_geschaeftsstelle(konto) or spitze_von(konto):
        return Veroeffentlichung.objects.all()
    if ist_angemeldet(konto):
        return Veroeffentlichung.objects.exclude(status=VeroeffentlichungStatus.ENTWURF)
    return Veroeffentlichung.objects.filter(
        status=VeroeffentlichungStatus.VEROEFFENTLICHT, oeffentlich_ab__lte=heute(), erhebung__beispiel=False
    )


def _veroeffentlichte(konto: Betrachter, **bedingungen: object) -> QuerySet[Erhebung]:
    """Return the rounds of which something is published that this person may see, drafts aside."""
    sichtbare = sichtbare_veroeffentlichungen(konto).filter(status=VeroeffentlichungStatus.VEROEFFENTLICHT)
    return Erhebung.objects.filter(Exists(sichtbare.filter(erhebung=OuterRef("pk"), **bedingungen)))


def massgebliche_erhebungen(konto: Betrachter) -> QuerySet[Erhebung]:
    """Those that set the Stichtag of the matrix for this person, the newest first: published by name, no examples."""
    veroeffentlichte = _veroeffentlichte(konto, art=VeroeffentlichungArt.MIT_NAMEN)
    return veroeffentlichte.filter(beispiel=False).order_by("-stichtag")


def geheime_erhebungen(konto: Betrachter) -> QuerySet[Erhebung, int]:
    """Return the keys of the rounds whose answers this person may not read out of the matrix yet."""
    if ist_angemeldet(konto):
        return Erhebung.objects.none().values_list("pk", flat=True)
    return Erhebung.objects.exclude(pk__in=massgebliche_erhebungen(konto)).values_list("pk", flat=True)


def sichtbare_erhebungen(konto: Betrachter) -> QuerySet[Erhebung]:
    """The public sees published results, a Kontakt those too and the rounds that its Kommune is asked in."""
    veroeffentlichte = _veroeffentlichte(konto)
    if not ist_angemeldet(konto):
        return veroeffentlichte
    nur_kontakt = konto.rolle == Rolle.KONTAKT and not spitze_von(konto)
    if nur_kontakt and not ist_mitglied_der_lenkungsgruppe(konto):
        gefragte = Q(frageboegen__kommune__in=handelt_fuer(konto))
        return Erhebung.objects.filter(gefragte | Q(pk__in=veroeffentlichte)).distinct()
    return Erhebung.objects.all()


def darf_erhebung_bearbeiten(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_ruecklauf_sehen(konto: Betrachter) -> bool:
    """The state of each Kommune; the others see how many there are of each."""
    return ist_geschaeftsstelle(konto)


def darf_ruecklaufzahlen_sehen(konto: Betrachter) -> bool:
    return ist_angemeldet(konto)


def darf_veroeffentlichen(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_veroeffentlichung_zustimmen(konto: Betrachter, kommune: Kommune) -> bool:
    """The head of the Kommune; the Geschäftsstelle records it on behalf, with a note."""
    return kommune.pk in spitze_von(konto)


def zustimmende_kommunen(konto: Betrachter) -> QuerySet[Kommune]:
    """Those whose consent it may put on record or take back: a head the own one, the Geschäftsstelle on behalf."""
    return Kommune.objects.all() if ist_geschaeftsstelle(konto) else Kommune.objects.filter(pk__in=spitze_von(konto))


def sichtbare_gespraeche(konto: Betrachter) -> QuerySet[Gespraech]:
    """The Geschäftsstelle all, a Kommune its own."""
    if ist_geschaeftsstelle(konto):
        return Gespraech.objects.all()
    return Gespraech.objects.filter(kommune__in=handelt_fuer(konto))


# --- questionnaires ---------------------------------------------------------------------------------------------------
def sichtbare_frageboegen(konto: Betrachter) -> QuerySet[Fragebogen]:
    """The Geschäftsstelle all (the answers only where `darf_antworten_sehen`), a Kommune its own."""
    if ist_geschaeftsstelle(konto):
        return Fragebogen.objects.all()
    return Fragebogen.objects.filter(kommune__in=handelt_fuer(konto))


def darf_antworten_sehen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """Until its head has released it the own Kommune alone; what came on paper the Geschäftsstelle typed in itself."""
    if fragebogen.kommune_id in handelt_fuer(konto):
        return True
    return ist_geschaeftsstelle(konto) and (not fragebogen.ist_offen or bool(fragebogen.papier_vermerk))


def darf_fragebogen_ausfuellen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """Take it with its Erhebung: while the round runs and the Fragebogen isn't released."""
    if not fragebogen.ist_offen or fragebogen.erhebung.status != ErhebungStatus.LAEUFT:
        return False
    return darf_antworten_sehen(konto, fragebogen)


def darf_fragebogen_freigeben(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """The head, or the Geschäftsstelle for what came signed on paper."""
    if not darf_fragebogen_ausfuellen(konto, fragebogen):
        return False
    return fragebogen.kommune_id in spitze_von(konto) or ist_geschaeftsstelle(konto)


def darf_papier_erfassen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """Only before the Kommune began: what it has written already is nobody else's to read."""
    laeuft = fragebogen.erhebung.status == ErhebungStatus.LAEUFT
    return ist_geschaeftsstelle(konto) and laeuft and fragebogen.status == FragebogenStatus.OFFEN


def darf_fragebogen_pruefen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    return ist_geschaeftsstelle(konto) and not fragebogen.ist_offen


def beteiligbare_kollegen(fragebogen: Fragebogen) -> QuerySet[Konto]:
    """Those that a question may be handed to: who acts for the Kommune."""
    return Konto.objects.filter(kommune=fragebogen.kommune_id, rolle__in=ROLLEN_EINER_KOMMUNE, is_active=True)


def freigebende(fragebogen: Fragebogen, tag: date) -> QuerySet[Konto]:
    """Those that may release it on the day: the head, and who stands in for it."""
    vertretungen = Vertretung.objects.wirksame(tag).filter(
        sitz__isnull=True, vertretener__kommune=fragebogen.kommune_id
    )
    spitze = Q(kommune=fragebogen.kommune_id, rolle=Rolle.BUERGERMEISTER)
    return Konto.objects.filter(spitze | Q(pk__in=vertretungen.values("vertreter")), is_active=True)


def empfangende_geschaeftsstelle() -> QuerySet[Konto]:
    """Those that are told what has come in."""
    return Konto.objects.filter(rolle=Rolle.GESCHAEFTSSTELLE, is_active=True)


def darf_bearbeitende_sehen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """Who of a Kommune answered what stays in the Kommune."""
    return fragebogen.kommune_id in handelt_fuer(konto)


def sichtbare_runden(konto: Betrachter) -> QuerySet[Interessenrunde]:
    if ist_angemeldet(konto):
        return Interessenrunde.objects.all()
    return Interessenrunde.objects.filter(veroeffentlicht=True)


def darf_interessen_sehen(konto: Betrachter) -> bool:
    """Declarations one by one; the public reads the ranking only."""
    return ist_angemeldet(konto)


def sichtbare_interessen(konto: Betrachter) -> InteressenbekundungQuerySet:
    """Filed ones for all who are signed in, the public sees the ranking only.

    A draft is the own Kommune's alone: not even the Geschäftsstelle reads it.
    """
    if not ist_angemeldet(konto):
        return Interessenbekundung.objects.none()
    return Interessenbekundung.objects.filter(~Q(status=InteresseStatus.ENTWURF) | Q(kommune__in=handelt_fuer(konto)))


def zaehlbare_interessen(konto: Betrachter) -> InteressenbekundungQuerySet:
    """Those that the ranking may count: for the public neither examples nor what a round says that isn't public."""
    abgegebene = Interessenbekundung.objects.exclude(status=InteresseStatus.ENTWURF)
    if ist_angemeldet(konto):
        return abgegebene
    oeffentliche = Q(erhebung__isnull=True) | ~Q(erhebung__in=geheime_erhebungen(konto))
    return abgegebene.filter(oeffentliche, Q(runde__isnull=True) | Q(runde__veroeffentlicht=True), beispiel=False)


def bekundbare_kommunen(konto: Betrachter) -> QuerySet[Kommune]:
    """Those it may declare for: the own one as contact or head, and those whose head it stands in for.

    The Geschäftsstelle files on behalf by a form of its own.
    """
    return Kommune.objects.filter(pk__in=handelt_fuer(konto))


def darf_interesse_abgeben(konto: Betrachter) -> bool:
    return bool(handelt_fuer(konto))


def darf_interesse_bekunden_fuer(konto: Betrachter, kommune: Kommune) -> bool:
    return kommune.pk in handelt_fuer(konto)


def darf_interesse_zurueckziehen(konto: Betrachter, interesse: Interessenbekundung) -> bool:
    return interesse.kommune_id in handelt_fuer(konto)


# --- the record -------------------------------------------------------------------------------------------------------
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


def darf_verlauf_des_fragebogens_sehen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    return ist_geschaeftsstelle(konto) or fragebogen.kommune_id in handelt_fuer(konto)


def darf_verlauf_der_veroeffentlichung_sehen(konto: Betrachter, veroeffentlichung: Veroeffentlichung) -> bool:
    return ist_geschaeftsstelle(konto)


def darf_verlauf_der_einlesung_sehen(konto: Betrachter, einlesung: Einlesung) -> bool:
    return darf_matrix_einlesen(konto)


def darf_verlauf_des_partners_sehen(konto: Betrachter, partner: ExternerPartner) -> bool:
    return ist_geschaeftsstelle(konto)
