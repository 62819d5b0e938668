from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import DetailView, FormView

from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.herausgabe import datei_antwort
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes
from projekte import rechte
from projekte.abfragen.bericht import portfolio
from projekte.ablaeufe import bericht as ablauf
from projekte.forms import BerichtForm


class BerichtListView(FormView):
    """The reports one may see; the Geschäftsstelle asks for a new one in the form beside them."""

    template_name = "projekte/bericht/liste.html"
    form_class = BerichtForm

    def get_initial(self) -> dict[str, Any]:
        return {"stichtag": heute()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            berichte=rechte.sichtbare_berichte(self.request.user).select_related("lauf", "fassung", "durch")[:100],
            darf_anfordern=rechte.darf_bericht_anfordern(self.request.user),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rechte.darf_bericht_anfordern(request.user):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: BerichtForm) -> HttpResponse:
        konto, stichtag = angemeldetes(self.request.user), form.cleaned_data["stichtag"]
        daten = portfolio(rechte.sichtbare_projekte(konto), stichtag=stichtag, heute=heute())
        try:
            bericht, neu = ablauf.anfordern(stichtag=stichtag, schnappschuss=daten, durch=konto, heute=heute())
        except ValidationError as fehler:
            form.add_error("stichtag", fehler)
            return self.form_invalid(form)
        if not neu:
            messages.info(self.request, "Der Bericht zu diesem Stichtag wird bereits erstellt.")
        return redirect(bericht)

    def form_invalid(self, form: BerichtForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class BerichtDetailView(DetailView):
    """One report: its progress while it is made, then its file. htmx asks for the changing part alone."""

    context_object_name = "bericht"

    def get_queryset(self) -> Any:
        return rechte.sichtbare_berichte(self.request.user).select_related(
            "lauf", "fassung", "durch", "freigegeben_durch"
        )

    def get_template_names(self) -> list[str]:
        htmx = self.request.headers.get("HX-Request")
        return ["projekte/bericht/_stand.html" if htmx else "projekte/bericht/detail.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            darf_anfordern=rechte.darf_bericht_anfordern(self.request.user),
            darf_freigeben=rechte.darf_bericht_freigeben(self.request.user),
            darf_verlauf_sehen=rechte.darf_verlauf_des_berichts_sehen(self.request.user, self.object),
        )


@require_GET
def bericht_pdf(request: HttpRequest, pk: str) -> HttpResponseBase:
    bericht = get_object_or_404(rechte.sichtbare_berichte(request.user).select_related("fassung"), pk=pk)
    if bericht.fassung is None:
        raise Http404("Dieser Bericht ist noch nicht fertig.")
    return datei_antwort(request, bericht.fassung)


@require_POST
def bericht_wiederholen(request: HttpRequest, pk: str) -> HttpResponse:
    bericht = get_object_or_404(rechte.sichtbare_berichte(request.user).select_related("lauf"), pk=pk)
    if not rechte.darf_bericht_anfordern(request.user):
        raise PermissionDenied
    with ablehnung_melden(request):
        ablauf.wiederholen(bericht=bericht, durch=angemeldetes(request.user))
    return redirect(bericht)


@require_POST
def bericht_freigeben(request: HttpRequest, pk: str) -> HttpResponse:
    bericht = get_object_or_404(rechte.sichtbare_berichte(request.user), pk=pk)
    if not rechte.darf_bericht_freigeben(request.user):
        raise PermissionDenied
    with ablehnung_melden(request):
        ablauf.freigeben(bericht=bericht, durch=angemeldetes(request.user))
        messages.success(request, "Der Bericht ist freigegeben. Alle angemeldeten Personen können ihn jetzt lesen.")
    return redirect(bericht)
