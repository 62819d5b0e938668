from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ikz_portal.basis.zeit import heute
from ikz_portal.startseite.abfragen import oeffentlich, uebersicht


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The public start page; signed in, one's own dashboard."""
    konto = request.user
    if not konto.is_authenticated:
        return render(request, "startseite/oeffentlich.html", {"seite": oeffentlich.startseite(konto)})
    if konto.kommune is not None:
        seite = uebersicht.meine_kommune(konto, konto.kommune, heute())
        return render(request, "startseite/meine_kommune.html", {"seite": seite})
    return render(request, "startseite/prozess.html", {"seite": uebersicht.prozess(konto, heute())})
