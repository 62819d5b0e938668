"""Who may see and run the rounds, and what of them is published to whom."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from bestandsaufnahme.auswahl import (
    VeroeffentlichungArt,
    VeroeffentlichungStatus,
)
from bestandsaufnahme.models import (
    Erhebung,
    Gespraech,
    Veroeffentlichung,
)
from ikz_portal.basis.zeit import heute
from kommunen.auswahl import Rolle
from kommunen.models import Kommune
from kommunen.rechte import (
    Betrachter,
    handelt_fuer,
    ist_angemeldet,
    ist_geschaeftsstelle,
    ist_mitglied_der_lenkungsgruppe,
    spitze_von,
)


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
