from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.auswahl import INTERESSE_UEBERGAENGE, InteresseStatus
from bestandsaufnahme.forms.interesse_schritte import RueckzugForm
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.rechte import (
    darf_interesse_zurueckziehen,
    darf_verlauf_des_interesses_sehen,
    sichtbare_interessen,
)
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes


class InteresseDetailView(DetailView):
    template_name = "bestandsaufnahme/interesse/detail.html"

    def get_queryset(self) -> QuerySet[Interessenbekundung]:
        return abfragen.mit_allem(sichtbare_interessen(self.request.user)).select_related("runde")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **_detail(self.request, self.object, RueckzugForm()))


@require_POST
def zurueckziehen(request: HttpRequest, pk: int) -> HttpResponse:
    interesse = get_object_or_404(abfragen.mit_allem(sichtbare_interessen(request.user)), pk=pk)
    if not darf_interesse_zurueckziehen(request.user, interesse):
        raise PermissionDenied("Zurückziehen kann nur die Kommune selbst.")
    form = RueckzugForm(request.POST)
    if form.is_valid():
        try:
            ablauf.zurueckziehen(
                interesse=interesse, **form.cleaned_data, durch=angemeldetes(request.user), heute=heute()
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
        else:
            messages.success(request, "Die Interessenbekundung ist zurückgezogen.")
            return redirect(interesse)
    return render(request, "bestandsaufnahme/interesse/detail.html", _detail(request, interesse, form))


def _detail(request: HttpRequest, interesse: Interessenbekundung, form: RueckzugForm) -> dict[str, Any]:
    moeglich = InteresseStatus.ZURUECKGEZOGEN in INTERESSE_UEBERGAENGE[interesse.marke_des_status]
    darf = moeglich and darf_interesse_zurueckziehen(request.user, interesse)
    (zeile,) = abfragen.zeilen([interesse], heute=heute())
    return {
        "interesse": interesse,
        "zeile": zeile,
        "zurueckgezogen_durch": abfragen.zurueckgezogen_durch(interesse) if interesse.zurueckgezogen_am else "",
        "form": form,
        "darf_zurueckziehen": darf or form.is_bound,
        "darf_verlauf_sehen": darf_verlauf_des_interesses_sehen(request.user, interesse),
    }
