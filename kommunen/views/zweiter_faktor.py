"""The library's pages about the second factor, where they need more than a template."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ikz_portal.basis.geheim import Unlesbar
from kommunen.views.sitzung import braucht_zweiten_faktor


class UebersichtView(IndexView):
    """What is set up; whoever was led here because a factor is compulsory is told so."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {
            **kontext,
            "muss_einrichten": braucht_zweiten_faktor(self.request),
            "passkeys": kontext["authenticators"].get(Authenticator.Type.WEBAUTHN, []),
        }


class PasskeyPruefenView(ReauthenticateWebAuthnView):
    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Say what was wrong on the same page; the library leaves for the start page."""
        for satz in [satz for saetze in form.errors.values() for satz in saetze]:
            get_adapter().add_message(self.request, messages.ERROR, message=satz)
        return redirect(self.passthrough_next_url(self.request.path))


def wenn_lesbar(ansicht: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Tell the way out where the codes were encrypted with a key that is gone."""

    @wraps(ansicht)
    def lesen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return ansicht(request, *args, **kwargs)
        except Unlesbar:
            messages.error(request, "Diese Notfallcodes sind nicht mehr lesbar. Bitte erzeugen Sie neue.")
            return redirect("mfa_index")

    return lesen


class NotfallcodesDateiView(DownloadRecoveryCodesView):
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        antwort = super().render_to_response(context, **kwargs)
        antwort["Content-Disposition"] = 'attachment; filename="ikz-portal-notfallcodes.txt"'
        return antwort
