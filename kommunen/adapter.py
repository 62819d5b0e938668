"""Where the portal's own rules meet the library of the accounts: who comes in, what is mailed, how secrets are kept."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ikz_portal.basis import geheim, post
from kommunen.ablaeufe import anmeldung
from kommunen.models import Konto, Verbund
from kommunen.rechte import mit_aemtern

# The names under which the library hands a personal link to its mail templates.
LINKS = ("password_reset_url", "activate_url")


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
        werte = {"email": email, "verbund": Verbund.objects.first(), **context, **verdeckt}
        nachricht = self.render_mail(template_prefix, email, werte)
        post.einreihen(an=email, betreff=nachricht.subject, text=str(nachricht.body), link=link)

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
        "unverified_email": "Bestätigen Sie bitte zuerst Ihre E-Mail-Adresse.",
    }

    def encrypt(self, text: str) -> str:
        return geheim.verschluesseln(text)

    def decrypt(self, encrypted_text: str) -> str:
        return geheim.entschluesseln(encrypted_text)


class KontoBackend(AuthenticationBackend):
    """A demo account, whose password everyone knows, neither signs in nor stays signed in without IKZ_DEMO."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Konto | None:
        return _zugelassen(super().authenticate(request, **credentials))

    def get_user(self, user_id: int) -> Konto | None:
        """Load it with Kommune and offices, so that what it may do needs no further query."""
        konto = mit_aemtern(Konto.objects.select_related("kommune")).filter(pk=user_id, is_active=True).first()
        return _zugelassen(konto)


def _zugelassen(konto: Konto | None) -> Konto | None:
    return None if konto is not None and konto.demo and not settings.IKZ_DEMO else konto


def _adresse(name: str, *teile: str) -> str:
    """Build it on BASE_URL: the Host header is the client's word and has no place in a mail."""
    return f"{settings.BASE_URL}{reverse(name, args=teile)}"
