"""The life of a Konto: made, changed, deactivated and taken back, at last pseudonymised. Its rows are never deleted."""

from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ikz_portal.basis import post
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.ablaeufe.brief import brief
from kommunen.models import Einladung, Kommune, Konto


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
    *,
    konto: Konto,
    version: int,
    name: str,
    funktion: str,
    rolle: str,
    kommune: Kommune | None,
    durch: Konto,
    heute: date,
) -> Konto:
    """Change what was read in this version; Veraltet if somebody was faster.

    Nobody takes the own Rolle away: a Geschäftsstelle that locks itself out is of no use.
    """
    _beide_sperren(konto, durch)
    gesperrt = _unveraendert(konto, version)
    if gesperrt.pseudonymisiert_am is not None:
        raise ValidationError("Ein pseudonymisiertes Konto bleibt, wie es ist.")
    if gesperrt.pk == durch.pk and rolle != gesperrt.rolle:
        raise ValidationError({"rolle": "Die eigene Rolle können Sie nicht ändern."})
    _versetzen(gesperrt, rolle, kommune, heute)
    gesperrt.name, gesperrt.funktion = name, funktion
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def profil_aendern(*, konto: Konto, version: int, name: str, funktion: str) -> Konto:
    """What somebody changes of the own Konto, as above; the address has its own way, with confirmation."""
    gesperrt = _unveraendert(konto, version)
    gesperrt.name, gesperrt.funktion = name, funktion
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def angleichen(*, konto: Konto, name: str, rolle: str, kommune: Kommune | None, heute: date) -> Konto:
    """Make it what its owner is at the identity provider, which decides on Rolle and Kommune, the own one included."""
    gesperrt = Konto.objects.select_for_update().get(pk=konto.pk)
    _versetzen(gesperrt, rolle, kommune, heute)
    gesperrt.name = name
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def deaktivieren(*, konto: Konto, durch: Konto, jetzt: datetime) -> Konto:
    """End it: nobody signs in with it any more, open sessions are over at once, its history stays.

    Invitations that it sent and nobody has accepted go with it: whoever leaves keeps no door open.
    """
    gesperrt = _beide_sperren(konto, durch)
    if gesperrt.pk == durch.pk:
        raise ValidationError("Das eigene Konto können Sie nicht deaktivieren.")
    if not gesperrt.is_active:
        raise ValidationError("Das Konto ist schon deaktiviert.")
    gesperrt.is_active, gesperrt.deaktiviert_am = False, jetzt
    _sichern(gesperrt)
    Einladung.objects.offene().filter(durch=gesperrt).update(zurueckgezogen_am=jetzt)
    _sitzungen_loeschen(gesperrt, jetzt)
    return gesperrt


def _sitzungen_loeschen(konto: Konto, jetzt: datetime) -> None:
    """They are over with the Konto, and don't come back with it. Whose one is stands inside it: all are read."""
    sitzungen = Session.objects.filter(expire_date__gt=jetzt).iterator()
    eigene = [s.pk for s in sitzungen if s.get_decoded().get(SESSION_KEY) == str(konto.pk)]
    Session.objects.filter(pk__in=eigene).delete()


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
    """For who lost the telephone: all factors go, and the owner is told.

    Not the own ones: their page asks for the password first, which who took over a session doesn't know.
    """
    if konto.pk == durch.pk:
        raise ValidationError("Den eigenen zweiten Faktor entfernen Sie unter „Mein Konto“.")
    geloescht, _ = Authenticator.objects.filter(user=konto).delete()
    if not geloescht:
        raise ValidationError("Dieses Konto hat keinen zweiten Faktor.")
    post.einreihen(
        an=konto.email,
        betreff="Ihr zweiter Faktor wurde entfernt",
        text=brief(
            f"{durch.name} hat den zweiten Faktor Ihres Kontos im IKZ-Portal entfernt. Sie können sich mit Ihrem "
            "Passwort anmelden und einen neuen einrichten.\n\n"
            "Haben Sie nicht darum gebeten? Dann wenden Sie sich bitte gleich an die Geschäftsstelle."
        ),
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
    for eigenes in ("anmeldungen", "ansichten", "meldewuensche", "meldungen", "beobachtungen"):
        getattr(gesperrt, eigenes).all().delete()
    return gesperrt


def einzeilig(text: str) -> str:
    """Names stand in the subject of mails, where a line break would end the header."""
    return " ".join(text.split())


def _versetzen(konto: Konto, rolle: str, kommune: Kommune | None, heute: date) -> None:
    """Give it this place. Who stood in for it as head of the former Kommune doesn't follow to another one."""
    if (konto.rolle, konto.kommune) != (rolle, kommune):
        als_spitze = konto.vertretungen.filter(sitz=None)
        als_spitze.am(heute).filter(von__lt=heute).update(bis=heute)
        als_spitze.filter(von__gte=heute).delete()
    konto.rolle, konto.kommune = rolle, kommune


def _beide_sperren(konto: Konto, durch: Konto) -> Konto:
    """Return it locked, and who acts too: of two who take each other's Konto or Rolle at once only one succeeds."""
    beide = Konto.objects.select_for_update().filter(pk__in=[konto.pk, durch.pk]).order_by("pk").in_bulk()
    if not beide[durch.pk].is_active:
        raise ValidationError("Ihr eigenes Konto ist inzwischen deaktiviert.")
    if beide[durch.pk].rolle != durch.rolle:
        raise ValidationError("Ihre eigene Rolle wurde inzwischen geändert.")
    return beide[konto.pk]


def _unveraendert(konto: Konto, version: int) -> Konto:
    """Lock it in the version that was read."""
    gesperrt = Konto.objects.select_for_update().get(pk=konto.pk)
    if gesperrt.version != version:
        raise Veraltet("Das Konto wurde inzwischen geändert.")
    return gesperrt


def _sichern(konto: Konto) -> None:
    konto.name, konto.funktion = einzeilig(konto.name), einzeilig(konto.funktion)
    try:
        konto.full_clean(exclude=["password"])
        with transaction.atomic():
            konto.save()
    except IntegrityError as fehler:  # the address, or the one head of a Kommune, taken between check and save
        raise ValidationError("Adresse oder Amt sind inzwischen vergeben. Bitte laden Sie die Seite neu.") from fehler
