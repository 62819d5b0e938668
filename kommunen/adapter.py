from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class KontoAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts come from the Geschäftsstelle."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides.",
        "too_many_login_attempts": "Zu viele Versuche. Bitte versuchen Sie es in einigen Minuten erneut.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
