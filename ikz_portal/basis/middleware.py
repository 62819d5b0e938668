from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ikz_portal.basis import protokoll

KEINE_RECHTE = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


class PermissionsPolicyMiddleware:
    """Tell the browser that no page of the portal uses its sensors or devices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        antwort = self.get_response(request)
        antwort.headers.setdefault("Permissions-Policy", KEINE_RECHTE)
        return antwort


class ProtokollMiddleware:
    """Tell the record who sends what; a page that is only read writes nothing and tells nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        with protokoll.umstaende(quelle=request.path, konto=request.user.pk):
            return self.get_response(request)


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
