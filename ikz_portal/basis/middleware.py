from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ikz_portal.basis import protokoll

KOPFZEILEN = {
    "Permissions-Policy": "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Under these names a path carries what opens a page to whoever holds it.
GEHEIME_TEILE = {"token", "key"}
NICHT_AUFHEBEN = "private, no-store"


class KopfzeilenMiddleware:
    """The outermost one: no answer leaves without these headers, not even what others answer before a view is asked.

    What is sent to a session isn't kept by the browser, so that „back“ shows nothing after signing out; nor is a page
    behind a personal link. Other hosts never learn where one came from; „no-referrer“ would be too much: with it
    browsers send „Origin: null“, and the check of the form's origin refuses it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        antwort = self.get_response(request)
        if _hinter_persoenlichem_link(request) or _in_einer_sitzung(request):
            antwort.headers.setdefault("Cache-Control", NICHT_AUFHEBEN)
        for name, wert in KOPFZEILEN.items():
            antwort.headers.setdefault(name, wert)
        if not settings.DEBUG:  # its error pages have styles of their own
            antwort.headers.setdefault("Content-Security-Policy", build_policy())
        return antwort


def _hinter_persoenlichem_link(request: HttpRequest) -> bool:
    return request.resolver_match is not None and not GEHEIME_TEILE.isdisjoint(request.resolver_match.kwargs)


def _in_einer_sitzung(request: HttpRequest) -> bool:
    """Tell by the cookie, which costs no query; static files are answered before there is a session."""
    return hasattr(request, "session") and settings.SESSION_COOKIE_NAME in request.COOKIES


class AdresseMiddleware:
    """An address with a character that PostgreSQL takes in no text names nothing: it is unknown like any other.

    Personal links aside: all that open nothing look alike.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        texte = [wert for wert in kwargs.values() if isinstance(wert, str)]
        if GEHEIME_TEILE.isdisjoint(kwargs) and any("\x00" in text for text in texte):
            raise Http404


class ProtokollMiddleware:
    """Tell the record who sends what; a page that is only read writes nothing and tells nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        with protokoll.umstaende(quelle="", konto=request.user.pk):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Name the path as the source, without what would open a page: nothing is written before a view is chosen."""
        pfad = request.path
        for name in GEHEIME_TEILE & kwargs.keys():
            pfad = pfad.replace(str(kwargs[name]), "…")
        protokoll.mit_quelle(pfad)


class MethodeMiddleware:
    """Give the bare 405 of Django's method decorators a page of its own; its Allow header stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        antwort = self.get_response(request)
        if antwort.status_code != HTTPStatus.METHOD_NOT_ALLOWED or antwort.streaming or antwort.content:
            return antwort
        seite = render(request, "405.html", status=antwort.status_code)
        seite.headers["Allow"] = antwort.headers.get("Allow", "")
        return seite
