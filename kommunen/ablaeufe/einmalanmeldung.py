"""Who comes with the word of the identity provider: let in as what it says, or turned away with nothing written."""

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ikz_portal.basis import protokoll
from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, Rolle
from kommunen.models import Kommune, Konto

QUELLE = "Single Sign-on"

ROLLE = "rolle"
KOMMUNE = "kommune"
ADRESSE = "adresse"
ANDERE = "andere"
GESPERRT = "gesperrt"
DEMO = "demo"
ANGABEN = "angaben"

SAETZE = {
    ROLLE: "Ihnen ist dort keine Rolle für das IKZ-Portal zugeordnet.",
    KOMMUNE: "Ihnen ist dort keine Kommune zugeordnet, die das IKZ-Portal kennt.",
    ADRESSE: "Ihre E-Mail-Adresse ist dort nicht bestätigt.",
    ANDERE: "Ihre E-Mail-Adresse gehört im IKZ-Portal schon zu einem anderen Konto.",
    GESPERRT: "Ihr Konto im IKZ-Portal ist deaktiviert.",
    DEMO: "Unter Ihrer E-Mail-Adresse gibt es hier nur ein Demokonto.",
    ANGABEN: "Ihre Angaben passen nicht zu den Konten im IKZ-Portal.",
}


@dataclass(frozen=True, slots=True)
class Angaben:
    """What the provider vouches for. `email` is empty unless it is verified, `rolle` None unless one is mapped."""

    aussteller: str
    kennung: str
    email: str
    name: str
    rolle: Rolle | None
    ags: str


class Abgewiesen(ValidationError):
    """The person doesn't come in. `konto` is theirs, where it is known."""

    def __init__(self, grund: str, konto: Konto | None = None, satz: str = "") -> None:
        super().__init__(satz or SAETZE[grund], code=grund)
        self.konto = konto


@transaction.atomic
def ankommen(*, angaben: Angaben, heute: date) -> Konto:
    """Return the Konto of this person: known by the provider's identifier, else by address, else made now.

    Role, Kommune and name are what the provider says today. Abgewiesen if it says too little, or the Konto is closed.
    """
    konto = _verknuepftes(angaben) or _mit_adresse(angaben)
    if konto is not None and konto.demo:
        raise Abgewiesen(DEMO, konto)
    if konto is not None and not konto.is_active:
        raise Abgewiesen(GESPERRT, konto)
    rolle, kommune = _stelle(angaben, konto)
    with protokoll.umstaende(quelle=QUELLE, konto=konto.pk if konto else None):
        try:
            return _angeglichen(konto, angaben, rolle, kommune, heute) if konto else _neues(angaben, rolle, kommune)
        except ValidationError as fehler:  # such as a second head of the Kommune
            raise Abgewiesen(ANGABEN, konto, " ".join(fehler.messages)) from fehler
        except IntegrityError as fehler:  # the same person in two windows at once
            raise Abgewiesen(ANGABEN, konto) from fehler


def _verknuepftes(angaben: Angaben) -> Konto | None:
    bekannt = SocialAccount.objects.filter(provider=angaben.aussteller, uid=angaben.kennung)
    return Konto.objects.select_for_update().filter(pk__in=bekannt.values("user")).first()


def _mit_adresse(angaben: Angaben) -> Konto | None:
    """Return the Konto with this address, to be linked. Abgewiesen if the address was handed on to somebody else."""
    if not angaben.email:
        raise Abgewiesen(ADRESSE)
    konto = Konto.objects.select_for_update().filter(email__iexact=angaben.email).first()
    if konto is None:
        if EmailAddress.objects.filter(email__iexact=angaben.email, verified=True).exists():
            raise Abgewiesen(ANDERE)
        return None
    andere = SocialAccount.objects.filter(provider=angaben.aussteller, user=konto).exclude(uid=angaben.kennung)
    if andere.exists():
        raise Abgewiesen(ANDERE, konto)
    return konto


def _stelle(angaben: Angaben, konto: Konto | None) -> tuple[Rolle, Kommune | None]:
    if angaben.rolle is None:
        raise Abgewiesen(ROLLE, konto)
    if angaben.rolle == Rolle.GESCHAEFTSSTELLE:
        return angaben.rolle, None
    kommune = Kommune.objects.filter(ags=angaben.ags).first()
    if kommune is None and (angaben.ags or angaben.rolle in ROLLEN_EINER_KOMMUNE):
        raise Abgewiesen(KOMMUNE, konto)
    return angaben.rolle, kommune


def _angeglichen(konto: Konto, angaben: Angaben, rolle: Rolle, kommune: Kommune | None, heute: date) -> Konto:
    SocialAccount.objects.get_or_create(provider=angaben.aussteller, uid=angaben.kennung, defaults={"user": konto})
    name = angaben.name or konto.name
    if (konto.name, konto.rolle, konto.kommune_id) == (name, rolle, kommune.pk if kommune else None):
        return konto
    return konto_ablauf.angleichen(konto=konto, name=name, rolle=rolle, kommune=kommune, heute=heute)


def _neues(angaben: Angaben, rolle: Rolle, kommune: Kommune | None) -> Konto:
    name = angaben.name or angaben.email.partition("@")[0]
    konto = konto_ablauf.anlegen(email=angaben.email, name=name, rolle=rolle, kommune=kommune, passwort=None)
    SocialAccount.objects.create(provider=angaben.aussteller, uid=angaben.kennung, user=konto)
    return konto
