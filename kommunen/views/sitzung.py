"""What a session tells beyond who is signed in: by which way it began, and whether its owner can be asked again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kommunen import rechte
from kommunen.auswahl import UEBER_DEN_ANBIETER


def braucht_zweiten_faktor(request: HttpRequest) -> bool:
    """Whether one has to be set up here: not by who came through a provider that asks for one itself."""
    if not rechte.braucht_zweiten_faktor(request.user, demo=settings.IKZ_DEMO):
        return False
    wege = {eintrag.get("method") for eintrag in get_authentication_records(request, request.user)}
    return not (settings.OIDC_ZWEITER_FAKTOR and UEBER_DEN_ANBIETER in wege)


def wenn_pruefbar(ansicht: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Go on without asking who has neither password nor second factor here: the provider said who it is.

    The library never sends them to these pages, and refuses in English where they come by themselves.
    """

    @wraps(ansicht)
    def pruefen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return ansicht(request, *args, **kwargs)
        except PermissionDenied:
            return redirect(get_next_redirect_url(request) or "konto_profil")

    return pruefen
