from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView

from bestandsaufnahme.ablaeufe import gespraech as ablauf
from bestandsaufnahme.forms.gespraech import GespraechBearbeitenForm, GespraechForm
from bestandsaufnahme.models import Gespraech
from bestandsaufnahme.rechte import sichtbare_gespraeche
from bestandsaufnahme.views.erhebung import aenderbare
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, sichtbare_kommunen


class GespraechNeuView(FormView):
    template_name = "bestandsaufnahme/gespraech/neu.html"
    form_class = GespraechForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.erhebung = aenderbare(request, kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"kommune": self.request.GET.get("kommune")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kommunen": sichtbare_kommunen(self.request.user), "heute": heute()}

    def form_valid(self, form: GespraechForm) -> HttpResponse:
        try:
            gespraech = ablauf.anlegen(erhebung=self.erhebung, **form.angaben(), durch=angemeldetes(self.request.user))
        except ValidationError as fehler:
            fehler_eintragen(form, fehler, am="tag")
            return self.form_invalid(form)
        messages.success(self.request, f"Das Gespräch mit {gespraech.kommune} ist eingetragen.")
        return redirect(self.erhebung)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, erhebung=self.erhebung)


class GespraechBearbeitenView(BearbeitenAnsicht):
    template_name = "bestandsaufnahme/gespraech/bearbeiten.html"
    template_veraltet = "bestandsaufnahme/gespraech/veraltet.html"
    objekt: Gespraech

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        erhebung = aenderbare(request, kwargs["pk"])
        gespraeche = sichtbare_gespraeche(request.user).filter(erhebung=erhebung)
        self.objekt = get_object_or_404(gespraeche.select_related("kommune", "erhebung"), pk=kwargs["gespraech_pk"])

    def formular(self, daten: QueryDict | None, objekt: Gespraech) -> GespraechBearbeitenForm:
        kommunen = sichtbare_kommunen(self.request.user)
        return GespraechBearbeitenForm(daten, gespraech=objekt, kommunen=kommunen, heute=heute())

    def sichern(self, form: GespraechBearbeitenForm) -> Gespraech:
        return ablauf.bearbeiten(
            gespraech=self.objekt,
            version=form.cleaned_data["version"],
            **form.angaben(),
            durch=angemeldetes(self.request.user),
        )

    def gesichert(self, objekt: Gespraech) -> HttpResponse:
        messages.success(self.request, f"Das Gespräch mit {objekt.kommune} ist gespeichert.")
        return redirect(self.objekt.erhebung)
