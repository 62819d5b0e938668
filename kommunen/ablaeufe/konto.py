"""The life of a Konto: made, changed, deactivated and taken back, at last pseudonymised. Its rows are never deleted."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ikz_portal.basis import post
from kommunen.models import Einladung, Kommune, Konto

# The code of the refusal that a form answers with „read it again“ instead of „correct it“.
VERALTET = "veraltet"


@transaction.atomic
def anlegen(
    *, email: str, name: str, rolle: str, kommune: Kommune | None, passwort: str | None, funktion: str = ""
) -> Konto:
    """Create it with a proven address; without a password only single sign-on lets its owner in."""
    konto = Konto(email=email.strip().lower(), name=name, funktion=funktion, rolle=rolle, kommune=kommune)
    konto.set_password(passwort)
    _sichern(konto)
    EmailAddress.objects.create(user=konto, email=konto.email, verified=True, primary=True)
    return konto


@transaction.atomic
def bearbeiten(
    *, konto: Konto, version: int, name: str, funktion: str, rolle: str, kommune: Kommune | None, durch: Konto
) -> Konto:
    """Change what was read in this version; ValidationError with code VERALTET if somebody was faster.

    Nobody takes the own Rolle away: a Geschäftsstelle that locks itself out is of no use.
    """
    gesperrt = Konto.objects.select_for_update().get(pk=konto.pk)
    if gesperrt.version != version:
        raise ValidationError("Das Konto wurde inzwischen geändert.", code=VERALTET)
    if gesperrt.pseudonymisiert_am is not None:
        raise ValidationError("Ein pseudonymisiertes Konto bleibt, wie es ist.")
    if gesperrt.pk == durch.pk and rolle != gesperrt.rolle:
        raise ValidationError({"rolle": "Die eigene Rolle können Sie nicht ändern."})
    gesperrt.name, gesperrt.funktion, gesperrt.rolle, gesperrt.kommune = name, funktion, rolle, kommune
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def profil_aendern(*, konto: Konto, name: str, funktion: str) -> Konto:
    """What somebody changes of the own Konto; the address has its own way, with confirmation."""
    gesperrt = Konto.objects.select_for_update().get(pk=konto.pk)
    gesperrt.name, gesperrt.funktion = name, funktion
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def angleichen(*, konto: Konto, name: str, rolle: str, kommune: Kommune | None) -> Konto:
    """Make it what its owner is at the identity provider, which decides on Rolle and Kommune, the own one included."""
    gesperrt = Konto.objects.select_for_update().get(pk=konto.pk)
    gesperrt.name, gesperrt.rolle, gesperrt.kommune = name, rolle, kommune
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def deaktivieren(*, konto: Konto, durch: Konto, jetzt: datetime) -> Konto:
    """End it: nobody signs in with it any more, open sessions are over at once, its history stays.

    Both are locked, so that two who deactivate each other at once don't both succeed.
    """
    beide = Konto.objects.select_for_update().filter(pk__in=[konto.pk, durch.pk]).order_by("pk").in_bulk()
    gesperrt = beide[konto.pk]
    if gesperrt.pk == durch.pk:
        raise ValidationError("Das eigene Konto können Sie nicht deaktivieren.")
    if not beide[durch.pk].is_active:
        raise ValidationError("Ihr eigenes Konto ist inzwischen deaktiviert.")
    if not gesperrt.is_active:
        raise ValidationError("Das Konto ist schon deaktiviert.")
    gesperrt.is_active, gesperrt.deaktiviert_am = False, jetzt
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def reaktivieren(*, konto: Konto, durch: Konto) -> Konto:
    gesperrt = Konto.objects.select_for_update().get(pk=konto.pk)
    if gesperrt.is_active or gesperrt.pseudonymisiert_am is not None:
        raise ValidationError("Nur ein deaktiviertes, noch nicht pseudonymisiertes Konto lässt sich wieder öffnen.")
    gesperrt.is_active, gesperrt.deaktiviert_am = True, None
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def zweiten_faktor_entfernen(*, konto: Konto, durch: Konto) -> None:
    """For who lost the telephone: all factors go, and the owner is told."""
    geloescht, _ = Authenticator.objects.filter(user=konto).delete()
    if not geloescht:
        raise ValidationError("Dieses Konto hat keinen zweiten Faktor.")
    post.einreihen(
        an=konto.email,
        betreff="Ihr zweiter Faktor wurde entfernt",
        text=f"{durch.name} hat den zweiten Faktor Ihres Kontos im IKZ-Portal entfernt. Sie können sich mit Ihrem "
        "Passwort anmelden und einen neuen einrichten.\n\n"
        "Haben Sie nicht darum gebeten? Dann wenden Sie sich bitte gleich an die Geschäftsstelle.",
    )


@transaction.atomic
def pseudonymisieren(*, konto: Konto, jetzt: datetime) -> Konto:
    """Take person and address away for good; what it decided stays readable by function.

    What the record still tells of both is for `fristen_anwenden`, which alone may change it.
    """
    gesperrt = Konto.objects.select_for_update(of=("self",)).select_related("kommune").get(pk=konto.pk)
    if gesperrt.is_active or gesperrt.pseudonymisiert_am is not None:
        raise ValidationError("Pseudonymisiert wird nur ein deaktiviertes Konto, und nur einmal.")
    amt = gesperrt.funktion or gesperrt.get_rolle_display()
    name = f"{amt}, {gesperrt.kommune.kurzname}" if gesperrt.kommune else amt
    gesperrt.name = name[: Konto._meta.get_field("name").max_length]
    gesperrt.email = f"konto-{gesperrt.pk}@geloescht.invalid"
    gesperrt.last_login = None
    gesperrt.set_unusable_password()
    gesperrt.pseudonymisiert_am = jetzt
    gesperrt.save()
    for modell in (EmailAddress, Authenticator, SocialAccount):
        modell.objects.filter(user=gesperrt).delete()
    Einladung.objects.filter(konto=gesperrt).delete()
    gesperrt.anmeldungen.all().delete()
    gesperrt.ansichten.all().delete()
    return gesperrt


def einzeilig(text: str) -> str:
    """Names stand in the subject of mails, where a line break would end the header."""
    return " ".join(text.split())


def _sichern(konto: Konto) -> None:
    konto.name, konto.funktion = einzeilig(konto.name), einzeilig(konto.funktion)
    try:
        konto.full_clean(exclude=["password"])
        with transaction.atomic():
            konto.save()
    except IntegrityError as fehler:  # the address, or the one head of a Kommune, taken between check and save
        raise ValidationError("Adresse oder Amt sind inzwischen vergeben. Bitte laden Sie die Seite neu.") from fehler
