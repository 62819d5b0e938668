from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import FormView

from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.forms.interesse import InteresseForm
from bestandsaufnahme.rechte import (
    bekundbare_kommunen,
    darf_interesse_abgeben,
    sichtbare_aufgabenfelder,
)
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes


class InteresseCreateView(FormView):
    template_name = "bestandsaufnahme/interesse/neu.html"
    form_class = InteresseForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not darf_interesse_abgeben(request.user):
            raise PermissionDenied("Ein Interesse bekunden Kontakte und Verwaltungsspitzen für ihre eigene Kommune.")
        self.kommunen = bekundbare_kommunen(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """The Kommune that a link names, else the own one."""
        eigene = angemeldetes(self.request.user).kommune
        return {"kommune": self.request.GET.get("kommune") or (eigene and eigene.ags)}

    def get_form_kwargs(self) -> dict[str, Any]:
        felder = sichtbare_aufgabenfelder(self.request.user).prefetch_related("kooperationsfelder")
        return {**super().get_form_kwargs(), "kommunen": self.kommunen, "felder": felder, "heute": heute()}

    def form_valid(self, form: InteresseForm) -> HttpResponse:
        konto = angemeldetes(self.request.user)
        try:
            daten = dict(form.cleaned_data)
            interesse = ablauf.abgeben(
                kommune=daten.pop("kommune"), angaben=ablauf.Angaben(**daten), durch=konto, heute=heute()
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"Das Interesse von {interesse.kommune} ist eingetragen: {abfragen.feldname(interesse)}. "
            "Die anderen Kommunen sehen es ab sofort.",
        )
        return redirect(interesse)
