"""Error pages that Django asks a view for; the others are templates alone (403, 404, 405, 429, 500)."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell why a form was refused, and how to send it again. The reason is for developers and stays in the log."""
    return render(request, "startseite/csrf.html", {"pfad": request.path}, status=403)


@login_not_required
def ungueltig(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show the sentence of a BadRequest of ours; any other bad request gets the general one."""
    satz = str(exception) if isinstance(exception, BadRequest) else ""
    ohne_parameter = request.path if request.method == "GET" and request.GET else ""
    return render(request, "400.html", {"satz": satz, "ohne_parameter": ohne_parameter}, status=400)
