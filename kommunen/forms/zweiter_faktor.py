"""The library's forms about the second factor, in the portal's words, and safe against what a browser may send."""

import json
import re
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter as get_faktor_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError

from ikz_portal.basis.geheim import Unlesbar
from kommunen.ablaeufe import anmeldung
from kommunen.models import Konto

CODE_HILFE = "Die sechs Ziffern aus Ihrer App oder einer Ihrer Notfallcodes."
NAME_HILFE = "Damit Sie ihn wiedererkennen, zum Beispiel „Diensthandy“ oder „Schlüssel am Bund“."
NICHT_ERKANNT = "Der Passkey wurde nicht erkannt. Bitte versuchen Sie es noch einmal."
NICHTS_GEKOMMEN = "Der Browser hat keinen Passkey übermittelt. Bitte versuchen Sie es noch einmal."
NICHT_LESBAR = "Ihr zweiter Faktor lässt sich nicht mehr prüfen. Bitte wenden Sie sich an die Geschäftsstelle."
LAENGSTER_CODE = 20
LAENGSTER_NAME = 60
LAENGSTE_ANTWORT = 20_000
# What the library's reading of a made-up answer ends in.
UNSINN = (TypeError, ValueError, KeyError, AttributeError, IndexError, RecursionError)


def code_feld(hilfe: str) -> forms.CharField:
    merkmale = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(
        label="Code", help_text=hilfe, max_length=LAENGSTER_CODE, widget=forms.TextInput(attrs=merkmale)
    )


def name_feld(*, required: bool) -> forms.CharField:
    return forms.CharField(label="Name", help_text=NAME_HILFE, max_length=LAENGSTER_NAME, required=required)


def misslungen(konto: Konto) -> None:
    """Put the wrong second factor on the log of sign-ins."""
    anmeldung.festhalten(email=konto.email, ip=get_adapter().get_client_ip(context.request), gelungen=False)


class EinmaligerCode(forms.Form):
    """A code of the app counts once as long as it is valid: the library forgets it sooner than its tolerance ends."""

    user: Konto
    authenticator: Authenticator

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # a mixin: the library's form follows
        except Unlesbar as fehler:
            raise ValidationError(NICHT_LESBAR) from fehler
        if self.authenticator.type == Authenticator.Type.TOTP and not self._erstmals(code):
            raise get_faktor_adapter().validation_error("incorrect_code")
        return code

    def _erstmals(self, code: str) -> bool:
        gilt = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        ziffern = re.sub(r"\D", "", code)
        return cache.add(f"zweiter-faktor:{self.user.pk}:{ziffern}", True, timeout=gilt)

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        misslungen(self.user)


class CodeForm(EinmaligerCode, AuthenticateForm):
    """At sign-in."""

    code = code_feld(CODE_HILFE)


class CodePruefenForm(EinmaligerCode, ReauthenticateForm):
    """Once more, before something that matters."""

    code = code_feld(CODE_HILFE)


class AppEinrichtenForm(ActivateTOTPForm):
    code = code_feld("Die sechs Ziffern, die die App nach dem Einlesen anzeigt.")

    @property
    def schluessel(self) -> str:
        """The key in groups of four, to type where no camera is at hand."""
        return " ".join(re.findall(".{1,4}", self.secret))


class PasskeyAntwort(forms.CharField):
    """What the browser's script says about a passkey: JSON of plain ASCII, as base64 needs, and nothing else."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(max_length=LAENGSTE_ANTWORT, error_messages={"required": NICHTS_GEKOMMEN})

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        if not text.isascii() or "\\u" in text:
            raise ValidationError(NICHT_ERKANNT)
        try:
            antwort = json.loads(text)
        except (ValueError, RecursionError) as fehler:
            raise ValidationError(NICHT_ERKANNT) from fehler
        if not isinstance(antwort, dict) or not antwort:
            raise ValidationError(NICHT_ERKANNT)
        return antwort


class PasskeyNeuForm(AddWebAuthnForm):
    name = name_feld(required=False)
    credential = PasskeyAntwort()

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except (ValidationError, *UNSINN) as fehler:
            raise ValidationError(NICHT_ERKANNT) from fehler


class PasskeyEingabe(forms.Form):
    user: Konto

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]  # a mixin: the library's form follows
        except ValidationError as fehler:
            if fehler.code != "incorrect_code":
                raise
            misslungen(self.user)
            raise ValidationError(NICHT_ERKANNT) from fehler
        except UNSINN as fehler:
            misslungen(self.user)
            raise ValidationError(NICHT_ERKANNT) from fehler


class PasskeyForm(PasskeyEingabe, AuthenticateWebAuthnForm):
    """At sign-in."""

    credential = PasskeyAntwort()


class PasskeyPruefenForm(PasskeyEingabe, ReauthenticateWebAuthnForm):
    """Once more, before something that matters."""

    credential = PasskeyAntwort()


class PasskeyUmbenennenForm(EditWebAuthnForm):
    name = name_feld(required=True)
