"""The steps of a round of declarations: those of the Geschäftsstelle, and the answer of a Kommune."""

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from bestandsaufnahme.ablaeufe import interessenrunde as ablauf
from bestandsaufnahme.ablaeufe import rundenerinnerung
from bestandsaufnahme.forms.erhebung import AbschlussForm, FristForm
from bestandsaufnahme.models import Interessenrunde
from bestandsaufnahme.rechte import darf_rueckmelden, sichtbare_runden
from bestandsaufnahme.views.runde import leitbare
from bestandsaufnahme.views.runde_detail import mit_formular, rueckmeldungsformular
from bestandsaufnahme.views.versand import versand_melden
from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.formate import tag_lang
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes


@require_POST
def eroeffnen(request: HttpRequest, pk: int) -> HttpResponse:
    runde = leitbare(request, pk)
    with ablehnung_melden(request):
        versand = ablauf.eroeffnen(runde=runde, durch=angemeldetes(request.user), heute=heute())
        versand_melden(request, "Die Runde ist eröffnet", versand)
    return redirect(runde)


@require_POST
def erinnern(request: HttpRequest, pk: int) -> HttpResponse:
    runde = leitbare(request, pk)
    with ablehnung_melden(request):
        versand = rundenerinnerung.erinnern(runde=runde, durch=angemeldetes(request.user), heute=heute())
        versand_melden(request, "Die Erinnerung ist unterwegs", versand)
    return redirect(runde)


@require_POST
def verlaengern(request: HttpRequest, pk: int) -> HttpResponse:
    runde, form = leitbare(request, pk), FristForm(request.POST, heute=heute())
    if not form.is_valid():
        return mit_formular(request, runde, frist_form=form)
    frist = form.cleaned_data["frist"]
    try:
        versand = ablauf.verlaengern(runde=runde, frist=frist, durch=angemeldetes(request.user), heute=heute())
    except ValidationError as fehler:
        return _ablehnen(request, runde, fehler, frist_form=form)
    versand_melden(request, f"Die Frist läuft jetzt bis zum {tag_lang(frist)}", versand)
    return redirect(runde)


@require_POST
def zurueckmelden(request: HttpRequest, pk: int) -> HttpResponse:
    """„Nichts hinzuzufügen“, of the own Kommune or on behalf."""
    runde = get_object_or_404(sichtbare_runden(request.user), pk=pk)
    if not darf_rueckmelden(request.user):
        raise PermissionDenied("In einer Interessenrunde antworten die Kommunen selbst.")
    form = rueckmeldungsformular(request.user, runde, request.POST)
    if not form.is_valid():
        return mit_formular(request, runde, rueckmeldung_form=form)
    try:
        ablauf.zurueckmelden(runde=runde, **form.cleaned_data, durch=angemeldetes(request.user), heute=heute())
    except ValidationError as fehler:
        return _ablehnen(request, runde, fehler, rueckmeldung_form=form)
    messages.success(request, f"Die Antwort von {form.cleaned_data['kommune']} ist festgehalten.")
    return redirect(runde)


@require_POST
def abschliessen(request: HttpRequest, pk: int) -> HttpResponse:
    runde, form = leitbare(request, pk), AbschlussForm(request.POST)
    if not form.is_valid():
        return mit_formular(request, runde, abschluss_form=form)
    try:
        ablauf.abschliessen(runde=runde, **form.cleaned_data, durch=angemeldetes(request.user), heute=heute())
    except ValidationError as fehler:
        return _ablehnen(request, runde, fehler, abschluss_form=form)
    messages.success(request, f"„{runde}“ ist abgeschlossen. Das Ergebnis steht fest.")
    return redirect(runde)


@require_POST
def veroeffentlichen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the result to the public (`veroeffentlicht=ja`), or no longer (`nein`)."""
    runde, wert = leitbare(request, pk), request.POST.get("veroeffentlicht")
    if wert not in {"ja", "nein"}:
        raise BadRequest("Bitte wählen Sie, ob das Ergebnis veröffentlicht wird.")
    with ablehnung_melden(request):
        if wert == "ja":
            ablauf.veroeffentlichen(runde=runde, durch=angemeldetes(request.user))
            messages.success(request, "Das Ergebnis ist veröffentlicht.")
        else:
            ablauf.zuruecknehmen(runde=runde, durch=angemeldetes(request.user))
            messages.success(request, "Das Ergebnis ist nicht mehr öffentlich.")
    return redirect(runde)


def _ablehnen(
    request: HttpRequest, runde: Interessenrunde, fehler: ValidationError, **formular: forms.Form
) -> HttpResponse:
    """Show what is wrong with a field at the field; that the step doesn't follow at all, on the round as it is now."""
    if not hasattr(fehler, "error_dict"):
        messages.error(request, " ".join(fehler.messages))
        return redirect(runde)
    for form in formular.values():
        fehler_eintragen(form, fehler)
    return mit_formular(request, runde, **formular)
