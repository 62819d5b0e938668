from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

KEINE_RECHTE = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


class PermissionsPolicyMiddleware:
    """Tell the browser that no page of the portal uses its sensors or devices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        antwort = self.get_response(request)
        antwort.headers.setdefault("Permissions-Policy", KEINE_RECHTE)
        return antwort
