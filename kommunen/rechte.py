"""Who may see and do what with Kommunen, Gremien and Konten, and what a Konto may act as."""

from dataclasses import dataclass
from typing import Any, TypeGuard

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject

from ikz_portal.basis.zeit import heute
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, GremiumArt, Rolle
from kommunen.models import Einladung, Kommune, Konto, Sitz, Vertretung
from kommunen.models.einladung import EinladungQuerySet
from kommunen.models.kommune import KommuneQuerySet

# Whoever looks at a page: signed in, or the public.
Betrachter = Konto | AnonymousUser


def ist_angemeldet(konto: Betrachter) -> TypeGuard[Konto]:
    """Signed in with a Konto that still is active; a deactivated one sees and does what the public may."""
    return isinstance(konto, Konto) and konto.is_active


# --- what somebody acts as ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Amt:
    """What a Konto may act as today beside its Rolle: in a seat, or with `fuer` in the place of another person.

    Without a Gremium it is the head of the Kommune.
    """

    kommune: int | None
    gremium: int | None = None
    gremium_art: str = ""
    fuer: int | None = None
    fuer_name: str = ""


def mit_aemtern(konten: QuerySet[Konto]) -> QuerySet[Konto]:
    """Load along what `aemter` and `braucht_zweiten_faktor` need, in the same query."""
    tag = heute()
    faktoren = Authenticator.objects.filter(
        user=OuterRef("pk"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    sitze = Sitz.objects.am(tag).filter(konto=OuterRef("pk"))
    vertretungen = Vertretung.objects.wirksame(tag).filter(vertreter=OuterRef("pk"))
    return konten.annotate(
        hat_zweiten_faktor=Exists(faktoren),
        eigene_sitze=ArraySubquery(
            sitze.order_by("pk").values(
                amt=JSONObject(kommune=F("kommune_id"), gremium=F("gremium_id"), gremium_art=F("gremium__art"))
            )
        ),
        vertretungen_heute=ArraySubquery(
            vertretungen.order_by("pk").values(
                amt=JSONObject(
                    kommune=Coalesce("sitz__kommune_id", "vertretener__kommune_id"),
                    gremium=F("sitz__gremium_id"),
                    gremium_art=Coalesce("sitz__gremium__art", Value("")),
                    fuer=F("vertretener_id"),
                    fuer_name=F("vertretener__name"),
                )
            )
        ),
    )


def aemter(konto: Konto) -> list[Amt]:
    """What it may act as today. A query where the Konto didn't come through `mit_aemtern`; asked once."""
    geladen = _geladen(konto)
    return [Amt(**amt) for amt in [*geladen.eigene_sitze, *geladen.vertretungen_heute]]


def _geladen(konto: Konto) -> Any:  # Any: it carries annotations
    """Return it with what `mit_aemtern` adds. Never by its `__dict__`: request.user is a proxy with one of its own."""
    if not hasattr(konto, "eigene_sitze"):
        frisch = mit_aemtern(Konto.objects.filter(pk=konto.pk)).get()
        for name in ("hat_zweiten_faktor", "eigene_sitze", "vertretungen_heute"):
            setattr(konto, name, getattr(frisch, name))
    return konto


def spitze_von(konto: Betrachter) -> frozenset[int]:
    """Return the Kommunen (keys) whose head it is, or stands in for today."""
    if not ist_angemeldet(konto):
        return frozenset()
    eigene = {konto.kommune_id} if konto.rolle == Rolle.BUERGERMEISTER else set()
    vertretene = {amt.kommune for amt in aemter(konto) if amt.fuer and amt.gremium is None}
    return frozenset(kommune for kommune in eigene | vertretene if kommune)


def handelt_fuer(konto: Betrachter) -> frozenset[int]:
    """Return the Kommunen (keys) that it may act for: as contact, as head, or in the place of the head."""
    if not ist_angemeldet(konto):
        return frozenset()
    eigene = {konto.kommune_id} if konto.rolle in ROLLEN_EINER_KOMMUNE and konto.kommune_id else set()
    return frozenset(eigene) | spitze_von(konto)


def sitzt_in(konto: Betrachter, art: GremiumArt) -> bool:
    """Tell whether it holds a seat in a Gremium of this kind today, or stands in for who does."""
    if not ist_angemeldet(konto):
        return False
    return any(amt.gremium_art == art for amt in aemter(konto))


def ist_mitglied_der_lenkungsgruppe(konto: Betrachter) -> bool:
    return sitzt_in(konto, GremiumArt.LENKUNGSGRUPPE)


def vertritt(konto: Konto, kommune: Kommune, *, als_spitze: bool = False) -> Konto | None:
    """Return the head in whose place it acts for this Kommune, None where it acts in its own right.

    With `als_spitze` the act is one that only the head may do.
    """
    eigene = {Rolle.BUERGERMEISTER} if als_spitze else set(ROLLEN_EINER_KOMMUNE)
    if konto.rolle in eigene and konto.kommune_id == kommune.pk:
        return None
    amt = next((a for a in aemter(konto) if a.fuer and a.gremium is None and a.kommune == kommune.pk), None)
    return Konto.objects.get(pk=amt.fuer) if amt and amt.fuer else None


def vertretene_kommunen(konto: Betrachter) -> dict[int, str]:
    """Return the Kommunen (keys) that it acts for in the place of their head alone, with the name of that person."""
    if not ist_angemeldet(konto):
        return {}
    eigene = konto.kommune_id if konto.rolle in ROLLEN_EINER_KOMMUNE else None
    vertretene = {a.kommune: a.fuer_name for a in aemter(konto) if a.fuer and a.gremium is None}
    return {kommune: name for kommune, name in vertretene.items() if kommune and kommune != eigene}


def angemeldetes(betrachter: Betrachter) -> Konto:
    """Return the Konto that is signed in; PermissionDenied for the public."""
    if not ist_angemeldet(betrachter):
        raise PermissionDenied
    return betrachter


def ist_geschaeftsstelle(konto: Betrachter) -> bool:
    return ist_angemeldet(konto) and konto.rolle == Rolle.GESCHAEFTSSTELLE


def braucht_zweiten_faktor(konto: Betrachter, *, demo: bool) -> bool:
    """The Geschäftsstelle needs one and has none; in the demo nobody needs one."""
    return not demo and ist_geschaeftsstelle(konto) and not _geladen(angemeldetes(konto)).hat_zweiten_faktor


# --- Kommunen and seats ------------------------------------------------------------------------------------------
def sichtbare_kommunen(konto: Betrachter) -> KommuneQuerySet:
    """Everybody sees all of them: who takes part is public."""
    return Kommune.objects.all()


def darf_sitze_sehen(konto: Betrachter) -> bool:
    return ist_angemeldet(konto)


def darf_namen_sehen(konto: Betrachter) -> bool:
    """Who leads, who changed something: persons are named to those who are signed in alone."""
    return ist_angemeldet(konto)


# --- Konten, Einladungen, Vertretungen ---------------------------------------------------------------------------
def sichtbare_konten(konto: Betrachter) -> QuerySet[Konto]:
    """The Geschäftsstelle sees all, the head those of the own Kommune, everybody the own one."""
    if ist_geschaeftsstelle(konto):
        return Konto.objects.all()
    if not ist_angemeldet(konto):
        return Konto.objects.none()
    return Konto.objects.filter(Q(pk=konto.pk) | Q(kommune__in=spitze_von(konto)))


def darf_konten_sehen(konto: Betrachter) -> bool:
    """The list of Konten and Einladungen, beyond the own Konto."""
    return ist_geschaeftsstelle(konto) or bool(spitze_von(konto))


def darf_konto_bearbeiten(konto: Betrachter, anderes: Konto) -> bool:
    """What is pseudonymised stays as it is."""
    return ist_geschaeftsstelle(konto) and anderes.pseudonymisiert_am is None


def darf_anmeldung_sehen(konto: Betrachter, anderes: Konto) -> bool:
    """When somebody was here last is no business of the head, who may be the superior."""
    return ist_geschaeftsstelle(konto) or (ist_angemeldet(konto) and konto.pk == anderes.pk)


def darf_konto_deaktivieren(konto: Betrachter, anderes: Konto) -> bool:
    """The Geschäftsstelle any but the own one, so that it can't lock itself out."""
    return ist_geschaeftsstelle(konto) and anderes.pk != konto.pk


def einladbare_rollen(konto: Betrachter) -> list[Rolle]:
    """The Geschäftsstelle invites for every Rolle, the head of a Kommune contacts."""
    if ist_geschaeftsstelle(konto):
        return list(Rolle)
    return [Rolle.KONTAKT] if spitze_von(konto) else []


def einladbare_kommunen(konto: Betrachter) -> QuerySet[Kommune]:
    return Kommune.objects.all() if ist_geschaeftsstelle(konto) else Kommune.objects.filter(pk__in=spitze_von(konto))


def sichtbare_einladungen(konto: Betrachter) -> EinladungQuerySet:
    if ist_geschaeftsstelle(konto):
        return Einladung.objects.all()
    return Einladung.objects.filter(kommune__in=spitze_von(konto), rolle=Rolle.KONTAKT)


def sichtbare_vertretungen(konto: Betrachter) -> QuerySet[Vertretung]:
    """The Geschäftsstelle sees all, others those they are part of, the head those of the own Kommune too."""
    if ist_geschaeftsstelle(konto):
        return Vertretung.objects.all()
    if not ist_angemeldet(konto):
        return Vertretung.objects.none()
    beteiligt = Q(vertretener=konto) | Q(vertreter=konto)
    return Vertretung.objects.filter(beteiligt | Q(vertretener__kommune__in=spitze_von(konto)))


def darf_vertretung_regeln(konto: Betrachter, vertretener: Konto) -> bool:
    """The Geschäftsstelle for everybody, a person for the own office: the head, or whoever holds a seat."""
    return ist_geschaeftsstelle(konto) or (ist_angemeldet(konto) and konto.pk == vertretener.pk)


def hat_vertretbares_amt(konto: Betrachter) -> bool:
    """Whether there is something in which another could stand in for it."""
    if not ist_angemeldet(konto):
        return False
    return konto.rolle == Rolle.BUERGERMEISTER or any(amt.fuer is None for amt in aemter(konto))


def darf_vertretungen_regeln(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto) or hat_vertretbares_amt(konto)


def vertretbare_spitzen(konto: Betrachter) -> QuerySet[Konto]:
    """The heads of Kommunen whose deputy it may settle."""
    spitzen = Konto.objects.filter(rolle=Rolle.BUERGERMEISTER, is_active=True)
    return spitzen if ist_geschaeftsstelle(konto) else spitzen.filter(Q(pk=konto.pk))


def vertretbare_sitze(konto: Betrachter) -> QuerySet[Sitz]:
    """The seats of today whose deputy it may settle."""
    sitze = Sitz.objects.am(heute()).filter(konto__is_active=True)
    return sitze if ist_geschaeftsstelle(konto) else sitze.filter(konto=konto.pk)


def waehlbare_vertreter(konto: Betrachter) -> QuerySet[Konto]:
    """Whom it may make a deputy: the Geschäftsstelle everybody who is active, others a colleague of the own Kommune."""
    aktive = Konto.objects.filter(is_active=True)
    if ist_geschaeftsstelle(konto):
        return aktive
    if not ist_angemeldet(konto) or konto.kommune_id is None:
        return Konto.objects.none()
    return aktive.filter(kommune=konto.kommune_id).exclude(pk=konto.pk)


def darf_vertretungen_sehen(konto: Betrachter) -> bool:
    """Whether the list has something to say to it: as somebody who settles, is represented, or stands in today."""
    return darf_vertretungen_regeln(konto) or (ist_angemeldet(konto) and any(amt.fuer for amt in aemter(konto)))


def darf_protokoll_sehen(konto: Betrachter) -> bool:
    """The whole record; at single objects each app says who may see theirs."""
    return ist_geschaeftsstelle(konto)


def darf_verlauf_der_kommune_sehen(konto: Betrachter, kommune: Kommune) -> bool:
    return ist_geschaeftsstelle(konto) or kommune.pk in spitze_von(konto)


def darf_verlauf_des_kontos_sehen(konto: Betrachter, anderes: Konto) -> bool:
    """The head those of the own Kommune, a Kontakt the own one."""
    if ist_geschaeftsstelle(konto) or anderes.kommune_id in spitze_von(konto):
        return True
    return ist_angemeldet(konto) and konto.pk == anderes.pk and konto.rolle in ROLLEN_EINER_KOMMUNE
