from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kommunen.views.sitzung import braucht_zweiten_faktor

# What somebody without a second factor can still reach: setting one up, and leaving.
FREI = ("/konto/", "/static/", "/gesund/", "/hilfe/", "/impressum/", "/datenschutz/", "/barrierefreiheit/")
NICHT_FREI = "/konto/daten"  # all that is kept of a person, as a page and as a file


class ZweiterFaktorMiddleware:
    """Nobody works as Geschäftsstelle with a password alone: they are led to the page that sets up a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        pfad = request.path_info
        frei = pfad.startswith(FREI) and not pfad.startswith(NICHT_FREI)
        if not frei and braucht_zweiten_faktor(request):
            return redirect("mfa_index")
        return self.get_response(request)
