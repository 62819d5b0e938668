"""The way to the identity provider and back. Both addresses are there only where a provider is configured."""

from typing import Any

import structlog
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import password_set
from allauth.decorators import rate_limit
from allauth.socialaccount.internal import statekit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ikz_portal.basis.zeit import heute
from kommunen.ablaeufe import anmeldung, einmalanmeldung
from kommunen.auswahl import UEBER_DEN_ANBIETER
from kommunen.models import Konto
from kommunen.oidc import angaben
from kommunen.oidc.anbieter import ANBIETER, Gescheitert, Gespraech, Grund
from kommunen.rechte import angemeldetes

log = structlog.get_logger(__name__)

ABGEBROCHEN = "access_denied"  # RFC 6749, 4.1.2.1
STATUS = {Grund.ZUSTAND: 400, Grund.ANBIETER: 503, Grund.ABGELEHNT: 403, Grund.NACHWEIS: 403}


@login_not_required
@never_cache
@require_POST
@rate_limit(action="login")
def anmelden(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider by a page of our own.

    A redirect would be part of submitting the form, which the Content-Security-Policy binds to this site; and the
    provider may send on to another one.
    """
    gespraech = _gespraech(request, provider_id)
    try:
        ziel = gespraech.beginnen(_eigener_pfad(request.POST.get("next", "")))
    except Gescheitert as fehler:
        return _gescheitert(request, fehler.grund)
    kontext = {"ziel": ziel, "anbieter": settings.OIDC_NAME}
    return render(request, "kommunen/einmalanmeldung/weiter.html", kontext)


@login_not_required
@never_cache
@require_GET
def zurueck(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Let in whom the provider vouches for. It is a GET that signs in: state, PKCE and nonce tie it to our POST."""
    gespraech = _gespraech(request, provider_id)
    zustand = statekit.unstash_state(request, state_id=request.GET.get("state", ""), provider_id=provider_id)
    if zustand is None:
        return _gescheitert(request, Grund.ZUSTAND)
    if request.GET.get("error") == ABGEBROCHEN:
        messages.info(request, f"Sie haben die Anmeldung über „{settings.OIDC_NAME}“ abgebrochen.")
        return redirect("account_login")
    if "code" not in request.GET:
        return _gescheitert(request, Grund.ABGELEHNT)
    try:
        person = angaben.lesen(gespraech.nachweis(request.GET["code"], zustand))
        konto = einmalanmeldung.ankommen(angaben=person, heute=heute())
    except Gescheitert as fehler:
        return _gescheitert(request, fehler.grund)
    except einmalanmeldung.Abgewiesen as fehler:
        return _abgewiesen(request, fehler)
    return _einlassen(request, konto, person, zustand.get("next"))


def passwort_setzen(request: HttpRequest) -> HttpResponse:
    """Who came by the provider alone gets no password: with it, whoever left could go on signing in."""
    if settings.OIDC_ISSUER and not angemeldetes(request.user).has_usable_password():
        return render(request, "kommunen/einmalanmeldung/ohne_passwort.html", {"anbieter": settings.OIDC_NAME})
    return password_set(request)


def _gespraech(request: HttpRequest, provider_id: str) -> Gespraech:
    if not settings.OIDC_ISSUER or provider_id != ANBIETER:
        raise Http404
    return Gespraech(request, provider_id)


def _eigener_pfad(ziel: str) -> str | None:
    return ziel if url_has_allowed_host_and_scheme(ziel, allowed_hosts=None) else None


def _einlassen(request: HttpRequest, konto: Konto, person: einmalanmeldung.Angaben, weiter: str | None) -> HttpResponse:
    if request.user.is_authenticated:
        get_account_adapter(request).logout(request)
    record_authentication(request, konto, UEBER_DEN_ANBIETER, provider=person.aussteller, uid=person.kennung)
    request.session.set_expiry(0)  # with the browser, or after SESSION_COOKIE_AGE, as after a password
    return perform_login(request, konto, redirect_url=weiter)


def _abgewiesen(request: HttpRequest, fehler: einmalanmeldung.Abgewiesen) -> HttpResponse:
    log.warning("einmalanmeldung_abgewiesen", grund=fehler.code)
    ip = get_account_adapter(request).get_client_ip(request)
    anmeldung.festhalten(email=fehler.konto.email if fehler.konto else "", ip=ip, gelungen=False)
    kontext: dict[str, Any] = {"satz": " ".join(fehler.messages), "anbieter": settings.OIDC_NAME}
    return render(request, "kommunen/einmalanmeldung/abgewiesen.html", kontext, status=403)


def _gescheitert(request: HttpRequest, grund: Grund) -> HttpResponse:
    log.warning("einmalanmeldung_gescheitert", grund=grund.value)
    kontext = {"grund": grund.value, "anbieter": settings.OIDC_NAME}
    return render(request, "kommunen/einmalanmeldung/gescheitert.html", kontext, status=STATUS[grund])
