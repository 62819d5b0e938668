"""The head of a Kommune confirms what is declared in its name, and settles whether that is needed at all."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from bestandsaufnahme.abfragen.interesse import bestaetigung as abfragen
from bestandsaufnahme.abfragen.interesse.interesse import feldname, mit_allem
from bestandsaufnahme.ablaeufe import bestaetigung as ablauf
from bestandsaufnahme.forms.interesse_schritte import GeleseneForm, PflichtForm, angaben
from bestandsaufnahme.rechte import (
    bestaetigbare_interessen,
    darf_bestaetigungen_sehen,
    darf_interesse_bestaetigen,
    regelbare_kommunen,
    sichtbare_interessen,
)
from bestandsaufnahme.views.interesse import sichtbares
from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import angemeldetes, sichtbare_kommunen, spitze_von

NUR_DIE_SPITZE = "Bestätigen kann nur die Verwaltungsspitze der Kommune oder wer sie vertritt."


class InteresseBestaetigungenView(TemplateView):
    """What waits for the person as a head, and the setting of each Kommune that it may settle."""

    template_name = "bestandsaufnahme/interesse/bestaetigungen.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not darf_bestaetigungen_sehen(request.user):
            raise PermissionDenied(NUR_DIE_SPITZE)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        konto, tag = self.request.user, heute()
        regelungen = abfragen.regelungen(regelbare_kommunen(konto), sichtbare_interessen(konto), heute=tag)
        eigene = spitze_von(konto)
        return super().get_context_data(
            **kwargs,
            ist_spitze=bool(eigene),
            wartende=abfragen.wartende(mit_allem(bestaetigbare_interessen(konto, tag)), heute=tag) if eigene else [],
            regelungen=regelungen,
            als_tabelle=len(regelungen) > len(eigene),
        )


@require_POST
def bestaetigen(request: HttpRequest, pk: int) -> HttpResponse:
    interesse = sichtbares(request, pk)
    if not darf_interesse_bestaetigen(request.user, interesse):
        raise PermissionDenied(NUR_DIE_SPITZE)
    with ablehnung_melden(request):
        ablauf.bestaetigen(
            interesse=interesse,
            **angaben(GeleseneForm(request.POST)),
            durch=angemeldetes(request.user),
            heute=heute(),
        )
        messages.success(
            request, f"Bestätigt: Das Interesse „{feldname(interesse)}“ von {interesse.kommune} zählt jetzt."
        )
    return redirect("interesse_bestaetigungen") if "weitere" in request.POST else redirect(interesse)


@require_POST
def pflicht_setzen(request: HttpRequest, ags: str) -> HttpResponse:
    kommune = get_object_or_404(sichtbare_kommunen(request.user), ags=ags)
    if not regelbare_kommunen(request.user).filter(pk=kommune.pk).exists():
        raise PermissionDenied("Ob bestätigt wird, legt die Verwaltungsspitze der Kommune fest.")
    with ablehnung_melden(request):
        noetig = angaben(PflichtForm(request.POST))["noetig"] == "ja"
        messages.success(request, _verlangt(request, kommune) if noetig else _verzichtet(request, kommune))
    return redirect("interesse_bestaetigungen")


def _verlangt(request: HttpRequest, kommune: Kommune) -> str:
    ablauf.verlangen(kommune=kommune, durch=angemeldetes(request.user), heute=heute())
    return f"Von jetzt an zählen Interessen von {kommune} erst, wenn die Verwaltungsspitze sie bestätigt hat."


def _verzichtet(request: HttpRequest, kommune: Kommune) -> str:
    anzahl = ablauf.verzichten(kommune=kommune, durch=angemeldetes(request.user), heute=heute())
    gewartet = {0: "", 1: " Das eine, das noch wartete, zählt jetzt."}.get(
        anzahl, f" Die {anzahl}, die noch warteten, zählen jetzt."
    )
    return f"Interessen von {kommune} zählen von jetzt an, sobald sie abgegeben sind.{gewartet}"
