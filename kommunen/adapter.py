"""Where the portal's own rules meet the library of the accounts: who comes in, what is mailed, how secrets are kept."""

import time
from typing import Any

from allauth.account import app_settings as konto_einstellungen
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ikz_portal.basis import geheim, post
from kommunen.ablaeufe import anmeldung
from kommunen.ablaeufe.brief import brief
from kommunen.models import Konto, Verbund
from kommunen.rechte import mit_aemtern

# The names under which the library hands a personal link to its mail templates.
LINKS = ("password_reset_url", "activate_url")
# Its form rings for all addresses alike.
PASSWORT_VERGESSEN = "account/email/password_reset_key"


class KontoAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts come from an invitation. All mail goes through the outbox."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides.",
        "too_many_login_attempts": "Zu viele Versuche. Bitte versuchen Sie es in einigen Minuten erneut.",
        "incorrect_password": "Das Passwort stimmt nicht. Bitte geben Sie Ihr jetziges Passwort ein.",
        "enter_current_password": "Bitte geben Sie Ihr jetziges Passwort ein.",
        "email_taken": "Diese E-Mail-Adresse können Sie nicht verwenden.",
        "duplicate_email": "Das ist schon Ihre E-Mail-Adresse.",
        "same_as_current": "Bitte geben Sie etwas anderes an als bisher.",
        "rate_limited": "Zu viele Versuche. Bitte versuchen Sie es in einigen Minuten erneut.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write it to the outbox; a personal link stays out of the text."""
        link = next((context[name] for name in LINKS if name in context), "")
        verdeckt = {name: post.PERSOENLICHER_LINK for name in LINKS if name in context}
        feste = {"email": email, "verbund": Verbund.objects.first(), "portal_url": settings.BASE_URL}
        werte = {**feste, **context, **verdeckt}
        nachricht = self.render_mail(template_prefix, email, werte)
        laeuten = template_prefix != PASSWORT_VERGESSEN
        post.einreihen(an=email, betreff=nachricht.subject, text=str(nachricht.body), link=link, laeuten=laeuten)

    def send_password_reset_mail(self, user: Konto, email: str, context: dict[str, Any]) -> None:
        """Not to who can't sign in with a password anyway; who has none but comes by the provider is told so.

        Nor to a new address before it is confirmed: mistyped, it is a stranger's.
        """
        if _zugelassen(user) is None or not _ist_bestaetigt(user, email):
            return
        if user.has_usable_password() or not settings.OIDC_ISSUER:
            super().send_password_reset_mail(user, email, context)
            return
        post.einreihen(
            an=email,
            betreff="Ihre Anmeldung im IKZ-Portal",
            text=brief(
                "für Ihre Adresse wurde im IKZ-Portal ein neues Passwort angefordert. Ihr Konto hat dort keines: "
                f"Melden Sie sich über „{settings.OIDC_NAME}“ an.\n{_adresse('account_login')}\n\n"
                "Haben Sie nichts angefordert? Dann brauchen Sie nichts zu tun."
            ),
            laeuten=False,
        )

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _adresse("account_reset_password_from_key", *key.split("-", 1))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _adresse("account_confirm_email", emailconfirmation.key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("konto_profil")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("konto_profil" if self.request.user.is_authenticated else "account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in minutes ago isn't asked again; the library counts only what was asked for a second time."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        belege = get_authentication_records(self.request, self.request.user)
        zuletzt = max((beleg["at"] for beleg in belege), default=0)
        return time.time() - zuletzt >= konto_einstellungen.REAUTHENTICATION_TIMEOUT

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Change to the new address as a whole, or not at all where another Konto was faster."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt")
            return False

    def login(self, request: HttpRequest, user: Konto) -> None:
        """Refuse who was deactivated between password and second factor."""
        if not user.is_active or _zugelassen(user) is None:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: Konto) -> HttpResponse:
        anmeldung.festhalten(email=user.email, ip=self.get_client_ip(request), gelungen=False)
        return super().respond_user_inactive(request, user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        anmeldung.festhalten(email=str(credentials.get("email", "")), ip=self.get_client_ip(request), gelungen=False)

    def post_login(self, request: HttpRequest, user: Konto, **kwargs: Any) -> HttpResponse:
        anmeldung.festhalten(email=user.email, ip=self.get_client_ip(request), gelungen=True)
        return super().post_login(request, user, **kwargs)


class ZweiterFaktorAdapter(DefaultMFAAdapter):
    """The seeds of the second factor are no use to who has the database alone."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Dieser Code stimmt nicht. Bitte geben Sie den ein, der gerade angezeigt wird.",
        "unverified_email": "Sie ändern gerade Ihre E-Mail-Adresse. Bitte bestätigen Sie zuerst die neue Adresse, "
        "oder brechen Sie die Änderung ab.",
        "cannot_generate_recovery_codes": "Notfallcodes gibt es erst, wenn eine App oder ein Passkey eingerichtet ist.",
        "cannot_delete_authenticator": "Dieser zweite Faktor lässt sich nicht entfernen.",
    }

    def encrypt(self, text: str) -> str:
        return geheim.verschluesseln(text)

    def decrypt(self, encrypted_text: str) -> str:
        return geheim.entschluesseln(encrypted_text)

    def generate_authenticator_name(self, user: Konto, type: Authenticator.Type) -> str:
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name is what the browser shows when it asks for a passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


class KontoBackend(AuthenticationBackend):
    """A demo account, whose password everyone knows, neither signs in nor stays signed in without IKZ_DEMO.

    A new address signs in when it is confirmed; the library takes it before.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Konto | None:
        konto = _zugelassen(super().authenticate(request, **credentials))
        return konto if konto is not None and _ist_bestaetigt(konto, str(credentials.get("email", ""))) else None

    def get_user(self, user_id: int) -> Konto | None:
        """Load it with Kommune and offices, so that what it may do needs no further query."""
        konto = mit_aemtern(Konto.objects.select_related("kommune")).filter(pk=user_id, is_active=True).first()
        return _zugelassen(konto)


def _zugelassen(konto: Konto | None) -> Konto | None:
    return None if konto is not None and konto.demo and not settings.IKZ_DEMO else konto


def _ist_bestaetigt(konto: Konto, email: str) -> bool:
    return konto.email.lower() == email.lower()


def _adresse(name: str, *teile: str) -> str:
    """Build it on BASE_URL: the Host header is the client's word and has no place in a mail."""
    return f"{settings.BASE_URL}{reverse(name, args=teile)}"
