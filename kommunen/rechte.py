"""Who may see and do what with Kommunen, Gremien and Konten, and what a Konto may act as."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject

from ikz_portal.basis.zeit import heute
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, GremiumArt, Rolle
from kommunen.models import Einladung, Kommune, Konto, Sitz, Vertretung
from kommunen.models.kommune import KommuneQuerySet

# Whoever looks at a page: signed in, or the public.
Betrachter = Konto | AnonymousUser


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
    return [Amt(**amt) for amt in [*geladen["eigene_sitze"], *geladen["vertretungen_heute"]]]


def _geladen(konto: Konto) -> dict[str, Any]:
    werte = konto.__dict__
    if "eigene_sitze" not in werte:
        frisch = mit_aemtern(Konto.objects.filter(pk=konto.pk)).get()
        for name in ("hat_zweiten_faktor", "eigene_sitze", "vertretungen_heute"):
            werte[name] = frisch.__dict__[name]
    return werte


def spitze_von(konto: Betrachter) -> frozenset[int]:
    """Return the Kommunen (keys) whose head it is, or stands in for today."""
    if not isinstance(konto, Konto) or not konto.is_active:
        return frozenset()
    eigene = {konto.kommune_id} if konto.rolle == Rolle.BUERGERMEISTER else set()
    vertretene = {amt.kommune for amt in aemter(konto) if amt.fuer and amt.gremium is None}
    return frozenset(kommune for kommune in eigene | vertretene if kommune)


def handelt_fuer(konto: Betrachter) -> frozenset[int]:
    """Return the Kommunen (keys) that it may act for: as contact, as head, or in the place of the head."""
    if not isinstance(konto, Konto) or not konto.is_active:
        return frozenset()
    eigene = {konto.kommune_id} if konto.rolle in ROLLEN_EINER_KOMMUNE and konto.kommune_id else set()
    return frozenset(eigene) | spitze_von(konto)


def sitzt_in(konto: Betrachter, art: GremiumArt) -> bool:
    """Tell whether it holds a seat in a Gremium of this kind today, or stands in for who does."""
    if not isinstance(konto, Konto) or not konto.is_active:
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
    return Konto.objects.get(pk=amt.fuer) if amt else None


def angemeldetes(betrachter: Betrachter) -> Konto:
    """Return the Konto that is signed in; PermissionDenied for the public."""
    if not isinstance(betrachter, Konto):
        raise PermissionDenied
    return betrachter


def ist_geschaeftsstelle(konto: Betrachter) -> bool:
    return isinstance(konto, Konto) and konto.is_active and konto.rolle == Rolle.GESCHAEFTSSTELLE


def braucht_zweiten_faktor(konto: Betrachter, *, demo: bool) -> bool:
    """The Geschäftsstelle needs one and has none; in the demo nobody needs one."""
    return not demo and ist_geschaeftsstelle(konto) and not _geladen(angemeldetes(konto))["hat_zweiten_faktor"]


# --- Kommunen and seats ------------------------------------------------------------------------------------------
def sichtbare_kommunen(konto: Betrachter) -> KommuneQuerySet:
    """Everybody sees all of them: who takes part is public."""
    return Kommune.objects.all()


def darf_sitze_sehen(konto: Betrachter) -> bool:
    return konto.is_authenticated


# --- Konten, Einladungen, Vertretungen ---------------------------------------------------------------------------
def sichtbare_konten(konto: Betrachter) -> QuerySet[Konto]:
    """The Geschäftsstelle sees all, the head those of the own Kommune, everybody the own one."""
    if ist_geschaeftsstelle(konto):
        return Konto.objects.all()
    return Konto.objects.filter(Q(pk=konto.pk) | Q(kommune__in=spitze_von(konto)))


def darf_konten_sehen(konto: Betrachter) -> bool:
    """The list of Konten and Einladungen, beyond the own Konto."""
    return ist_geschaeftsstelle(konto) or bool(spitze_von(konto))


def darf_konto_bearbeiten(konto: Betrachter, anderes: Konto) -> bool:
    return ist_geschaeftsstelle(konto)


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


def sichtbare_einladungen(konto: Betrachter) -> QuerySet[Einladung]:
    if ist_geschaeftsstelle(konto):
        return Einladung.objects.all()
    return Einladung.objects.filter(kommune__in=spitze_von(konto), rolle=Rolle.KONTAKT)


def sichtbare_vertretungen(konto: Betrachter) -> QuerySet[Vertretung]:
    """The Geschäftsstelle sees all, others those they are part of, the head those of the own Kommune too."""
    if ist_geschaeftsstelle(konto):
        return Vertretung.objects.all()
    if not isinstance(konto, Konto):
        return Vertretung.objects.none()
    beteiligt = Q(vertretener=konto) | Q(vertreter=konto)
    return Vertretung.objects.filter(beteiligt | Q(vertretener__kommune__in=spitze_von(konto)))


def darf_vertretung_regeln(konto: Betrachter, vertretener: Konto) -> bool:
    """The Geschäftsstelle for everybody, a person for the own office: the head, or whoever holds a seat."""
    return ist_geschaeftsstelle(konto) or (isinstance(konto, Konto) and konto.is_active and konto.pk == vertretener.pk)


def hat_vertretbares_amt(konto: Betrachter) -> bool:
    """Whether there is something in which another could stand in for it."""
    if not isinstance(konto, Konto) or not konto.is_active:
        return False
    return konto.rolle == Rolle.BUERGERMEISTER or any(amt.fuer is None for amt in aemter(konto))


def darf_vertretungen_regeln(konto: Betrachter) -> bool:
    return ist_geschaeftsstelle(konto) or hat_vertretbares_amt(konto)


def darf_protokoll_sehen(konto: Betrachter) -> bool:
    """The whole record; at single objects each app says who may see theirs."""
    return ist_geschaeftsstelle(konto)
