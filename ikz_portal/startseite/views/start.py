from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bestandsaufnahme.rechte import darf_interesse_bekunden_fuer
from ikz_portal.basis.zeit import heute
from ikz_portal.startseite.abfragen import oeffentlich, uebersicht


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The public start page; signed in, one's own dashboard."""
    konto = request.user
    if not konto.is_authenticated:
        return render(request, "startseite/oeffentlich.html", {"seite": oeffentlich.startseite(konto)})
    wartendes = uebersicht.wartendes(konto, heute())
    kontext: dict[str, Any] = {
        "vertretungen": uebersicht.vertretungen(konto),
        "frageboegen": wartendes.frageboegen,
        "wartende_runden": wartendes.runden,
    }
    if konto.kommune is None:
        kontext["erhebungen"] = uebersicht.erhebungen(konto, heute())
        kontext["runden"] = uebersicht.runden(konto, heute())
        kontext["zu_bestaetigen"] = uebersicht.zu_bestaetigen(konto, heute(), eigene=[])
        return render(request, "startseite/prozess.html", {**kontext, "seite": uebersicht.prozess(konto, heute())})
    kontext["seite"] = seite = uebersicht.meine_kommune(konto, konto.kommune, heute())
    kontext["zu_bestaetigen"] = uebersicht.zu_bestaetigen(konto, heute(), eigene=seite.interessen)
    kontext["darf_abgeben"] = darf_interesse_bekunden_fuer(konto, konto.kommune)
    return render(request, "startseite/meine_kommune.html", kontext)
