from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from kommunen.models import Konto


class KontoAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts come from the Geschäftsstelle."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides.",
        "too_many_login_attempts": "Zu viele Versuche. Bitte versuchen Sie es in einigen Minuten erneut.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class KontoBackend(AuthenticationBackend):
    """A demo account, whose password everyone knows, neither signs in nor stays signed in without IKZ_DEMO."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Konto | None:
        return _zugelassen(super().authenticate(request, **credentials))

    def get_user(self, user_id: int) -> Konto | None:
        return _zugelassen(super().get_user(user_id))


def _zugelassen(konto: Konto | None) -> Konto | None:
    return None if konto is not None and konto.demo and not settings.IKZ_DEMO else konto
