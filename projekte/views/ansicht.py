from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ikz_portal.basis import gespeicherte_ansichten
from kommunen.rechte import angemeldetes
from projekte.views.liste import ABGELEHNT, SEITE


@require_POST
def speichern(request: HttpRequest) -> HttpResponse:
    name, parameter = request.POST.get("name", ""), request.POST.get("parameter", "")
    konto = angemeldetes(request.user)
    try:
        ansicht = gespeicherte_ansichten.speichern(durch=konto, seite=SEITE, name=name, parameter=parameter)
    except ValidationError as fehler:
        request.session[ABGELEHNT] = {"name": name[:200], "satz": " ".join(fehler.messages)}
        return redirect(f"{reverse(SEITE)}?{gespeicherte_ansichten.bereinigt(parameter)}")
    messages.success(request, f"Die Ansicht „{ansicht.name}“ ist gespeichert.")
    return redirect(f"{reverse(SEITE)}?{ansicht.parameter}")


@require_POST
def loeschen(request: HttpRequest, pk: int) -> HttpResponse:
    ansicht = get_object_or_404(gespeicherte_ansichten.ansichten(request.user, seite=SEITE), pk=pk)
    gespeicherte_ansichten.loeschen(ansicht=ansicht)
    messages.success(request, f"Die Ansicht „{ansicht.name}“ ist gelöscht.")
    return redirect(SEITE)
