"""The steps that the Geschäftsstelle takes with a survey round."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bestandsaufnahme.ablaeufe import erhebung as ablauf
from bestandsaufnahme.ablaeufe import erinnerung
from bestandsaufnahme.forms.erhebung import AbschlussForm, FristForm
from bestandsaufnahme.models import Erhebung
from bestandsaufnahme.views.erhebung import aenderbare
from bestandsaufnahme.views.erhebung_detail import mit_formular
from bestandsaufnahme.views.versand import versand_melden
from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.formate import tag_lang
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes


@require_POST
def eroeffnen(request: HttpRequest, pk: int) -> HttpResponse:
    erhebung = aenderbare(request, pk)
    with ablehnung_melden(request):
        versand = ablauf.eroeffnen(erhebung=erhebung, durch=angemeldetes(request.user), heute=heute())
        versand_melden(request, "Die Erhebung ist eröffnet", versand)
    return redirect(erhebung)


@require_POST
def erinnern(request: HttpRequest, pk: int) -> HttpResponse:
    erhebung = aenderbare(request, pk)
    with ablehnung_melden(request):
        versand = erinnerung.erinnern(erhebung=erhebung, durch=angemeldetes(request.user), heute=heute())
        versand_melden(request, "Die Erinnerung ist unterwegs", versand)
    return redirect(erhebung)


@require_POST
def verlaengern(request: HttpRequest, pk: int) -> HttpResponse:
    erhebung, form = aenderbare(request, pk), FristForm(request.POST, heute=heute())
    if form.is_valid():
        frist = form.cleaned_data["frist"]
        try:
            versand = ablauf.verlaengern(
                erhebung=erhebung, frist=frist, durch=angemeldetes(request.user), heute=heute()
            )
        except ValidationError as fehler:
            return _ablehnen(request, erhebung, fehler, frist_form=form)
        else:
            versand_melden(request, f"Die Frist läuft jetzt bis zum {tag_lang(frist)}", versand)
            return redirect(erhebung)
    return mit_formular(request, erhebung, frist_form=form)


@require_POST
def auswerten(request: HttpRequest, pk: int) -> HttpResponse:
    erhebung = aenderbare(request, pk)
    with ablehnung_melden(request):
        ablauf.auswerten(erhebung=erhebung, durch=angemeldetes(request.user), heute=heute())
        messages.success(request, "Der Rücklauf ist geschlossen. Die Fragebögen lassen sich nicht mehr ausfüllen.")
    return redirect(erhebung)


@require_POST
def wieder_oeffnen(request: HttpRequest, pk: int) -> HttpResponse:
    erhebung, form = aenderbare(request, pk), FristForm(request.POST, heute=heute())
    if form.is_valid():
        try:
            versand = ablauf.wieder_oeffnen(
                erhebung=erhebung, **form.cleaned_data, durch=angemeldetes(request.user), heute=heute()
            )
        except ValidationError as fehler:
            return _ablehnen(request, erhebung, fehler, frist_form=form)
        else:
            versand_melden(request, "Die Erhebung ist wieder geöffnet", versand)
            return redirect(erhebung)
    return mit_formular(request, erhebung, frist_form=form)


@require_POST
def abschliessen(request: HttpRequest, pk: int) -> HttpResponse:
    erhebung, form = aenderbare(request, pk), AbschlussForm(request.POST)
    if form.is_valid():
        try:
            ablauf.abschliessen(erhebung=erhebung, **form.cleaned_data, durch=angemeldetes(request.user), heute=heute())
        except ValidationError as fehler:
            return _ablehnen(request, erhebung, fehler, abschluss_form=form)
        else:
            messages.success(request, f"„{erhebung}“ ist abgeschlossen.")
            return redirect(erhebung)
    return mit_formular(request, erhebung, abschluss_form=form)


def _ablehnen(
    request: HttpRequest, erhebung: Erhebung, fehler: ValidationError, **formular: forms.Form
) -> HttpResponse:
    """Show what is wrong with a field at the field; that the step doesn't follow at all, on the round as it is now."""
    if not hasattr(fehler, "error_dict"):
        messages.error(request, " ".join(fehler.messages))
        return redirect(erhebung)
    for form in formular.values():
        fehler_eintragen(form, fehler)
    return mit_formular(request, erhebung, **formular)
