"""Joining the declaration of another Kommune."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.abfragen.interesse.einzeln import ansprechperson
from bestandsaufnahme.abfragen.interesse.formular import hindernis
from bestandsaufnahme.ablaeufe.interesse_anschluss import anschliessen
from bestandsaufnahme.forms.interesse import MitKommune
from bestandsaufnahme.rechte import bekundbare_kommunen, darf_interesse_abgeben, sichtbare_interessen
from bestandsaufnahme.views.interesse_formular import MitFormular, abgabe_melden, kontakte_von, wartende
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes


class InteresseAnschliessenView(MitFormular):
    """Field and Art are those of the other one; where nobody can join, the page says why."""

    template_name = "bestandsaufnahme/interesse/anschliessen.html"
    form_class = MitKommune

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        alle = abfragen.mit_allem(sichtbare_interessen(request.user)).select_related("kontakt")
        self.an = get_object_or_404(alle, pk=kwargs["pk"])
        if not darf_interesse_abgeben(request.user):
            raise PermissionDenied("Anschließen können sich Kontakte und Verwaltungsspitzen für ihre eigene Kommune.")
        self.kommunen, self.hindernis = hindernis(
            self.an,
            kommunen=bekundbare_kommunen(request.user),
            eigene=sichtbare_interessen(request.user),
            heute=heute(),
        )
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.hindernis is not None:
            return self.render_to_response(self.get_context_data(), status=HTTPStatus.CONFLICT)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "kommunen": self.kommunen,
            "kontakte": kontakte_von(self.kommunen),
            "heute": heute(),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"kontakt": angemeldetes(self.request.user).pk}

    def form_valid(self, form: MitKommune) -> HttpResponse:
        try:
            interesse = anschliessen(
                an=self.an,
                kommune=form.cleaned_data["kommune"],
                inhalt=form.inhalt(),
                durch=angemeldetes(self.request.user),
                heute=heute(),
            )
        except ValidationError as fehler:
            self.ablehnung_zeigen(form, fehler)
            return self.form_invalid(form)
        abgabe_melden(self.request, interesse)
        return redirect(interesse)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        (zeile,) = abfragen.zeilen([self.an], heute=heute())
        weitere = {"bietet", "sucht", "kontakt", "gueltig_bis"}
        return {
            **kontext,
            "an": self.an,
            "ansprechperson": ansprechperson(self.an),
            "zeile": zeile,
            "hindernis": self.hindernis,
            "wartende": wartende(self.request.user, self.kommunen),
            "weitere_offen": not weitere.isdisjoint(kontext["form"].errors),
        }
