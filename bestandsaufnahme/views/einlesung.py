"""Importing a matrix: upload, dry run, consent. For the Geschäftsstelle alone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import DetailView, ListView

from bestandsaufnahme.abfragen.einlesung import anzeige
from bestandsaufnahme.abfragen.einlesung.plan import plan_der
from bestandsaufnahme.abfragen.einlesung.werte import FRUEHESTER, SPAETESTER
from bestandsaufnahme.ablaeufe import einlesung as ablauf
from bestandsaufnahme.auswahl import EinlesezeileArt, Herkunft
from bestandsaufnahme.berichte import matrixvorlage
from bestandsaufnahme.forms.einlesung import EinlesungForm
from bestandsaufnahme.models import Einlesung
from bestandsaufnahme.rechte import (
    darf_matrix_einlesen,
    darf_verlauf_der_einlesung_sehen,
    sichtbare_aufgabenfelder,
    sichtbare_einlesungen,
)
from ikz_portal.basis.ansichten import ablehnung_melden, export_antwort
from ikz_portal.basis.export import INHALTSTYPEN
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.herausgabe import datei_antwort
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, sichtbare_kommunen

NUR_GESCHAEFTSSTELLE = "Eine Matrix liest nur die Geschäftsstelle ein."
ZEILEN_JE_SEITE = 100


class EinlesungListView(ListView):
    """The form for a file, and what was read before."""

    template_name = "bestandsaufnahme/einlesung/liste.html"
    context_object_name = "einlesungen"
    paginate_by = 20
    page_kwarg = "seite"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not darf_matrix_einlesen(request.user):
            raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Einlesung]:
        return sichtbare_einlesungen(self.request.user).select_related("fassung", "durch")

    def formular(self, *daten: Any) -> EinlesungForm:
        vorgabe = {"gilt_ab": heute(), "herkunft": Herkunft.FUSSNOTE}
        return EinlesungForm(*daten, initial=vorgabe, frueheste=FRUEHESTER, spaeteste=SPAETESTER)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.formular(request.POST, request.FILES)
        if form.is_valid():
            angaben = {**form.cleaned_data, "geprueft": form.cleaned_data["datei"]}
            del angaben["datei"]
            try:
                return redirect(ablauf.aufnehmen(**angaben, durch=angemeldetes(request.user), heute=heute()))
            except ValidationError as fehler:
                fehler_eintragen(form, fehler)
        self.object_list = self.get_queryset()
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {"form": self.formular(), **kontext, "zeilen": anzeige.zeilen(kontext["page_obj"].object_list)}


class EinlesungDetailView(DetailView):
    """The dry run, computed against the matrix of this moment; what is settled shows its figures alone."""

    template_name = "bestandsaufnahme/einlesung/detail.html"
    context_object_name = "einlesung"

    def get_queryset(self) -> QuerySet[Einlesung]:
        return sichtbare_einlesungen(self.request.user).select_related("fassung", "durch")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        self.plan = plan_der(self.object) if self.object.ist_offen else None
        if (art := request.GET.get("format")) is not None:
            return self.als_datei(art)
        return self.render_to_response(self.get_context_data(object=self.object))

    def als_datei(self, art: str) -> HttpResponse:
        if art not in INHALTSTYPEN:
            raise BadRequest("Dieses Dateiformat gibt es nicht. Möglich sind „xlsx“ und „csv“.")
        if self.plan is None:
            raise Http404
        return export_antwort(
            art, name="probelauf", kopf=anzeige.SPALTEN_DES_PROBELAUFS, zeilen=anzeige.ausgabe(self.plan)
        )

    def gewaehlte(self) -> EinlesezeileArt | None:
        wert = self.request.GET.get("art", "")
        if wert and wert not in EinlesezeileArt.values:
            raise BadRequest("Diese Auswahl gibt es nicht.")
        return EinlesezeileArt(wert) if wert else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        kontext["darf_verlauf_sehen"] = darf_verlauf_der_einlesung_sehen(self.request.user, self.object)
        zusammenfassung = self.plan.zahlen if self.plan else self.object.zusammenfassung
        kontext["zahlen"], kontext["gelesen"] = anzeige.zahlen(zusammenfassung), anzeige.gelesen(zusammenfassung)
        if self.plan is None:
            return kontext
        nur = self.gewaehlte()
        zeilen = [zeile for zeile in self.plan.zeilen if nur in {None, zeile.art}]
        seite = Paginator(zeilen, ZEILEN_JE_SEITE).get_page(self.request.GET.get("seite"))
        return {
            **kontext,
            "plan": self.plan,
            "fehler": self.plan.fehler[: anzeige.FEHLER_GEZEIGT],
            "weitere_fehler": max(0, len(self.plan.fehler) - anzeige.FEHLER_GEZEIGT),
            "page_obj": seite,
            "auswahl": anzeige.auswahl(self.plan, nur),
            "veraltet": self.plan.pruefsumme != self.object.pruefsumme,
        }


@require_POST
def uebernehmen(request: HttpRequest, pk: int) -> HttpResponse:
    einlesung = get_object_or_404(sichtbare_einlesungen(request.user), pk=pk)
    gesehen = request.POST.get("pruefsumme", "")
    with ablehnung_melden(request):
        geschrieben = ablauf.uebernehmen(
            einlesung=einlesung,
            gesehen=gesehen,
            durch=angemeldetes(request.user),
            jetzt=timezone.now(),
            heute=heute(),
        )
        if geschrieben:
            messages.success(request, f"„{einlesung}“ ist übernommen.")
        else:
            messages.warning(
                request,
                "Nichts ist übernommen: Die Matrix hat sich seit Ihrem Probelauf geändert. "
                "Unten steht der neue Probelauf; bitte prüfen Sie ihn.",
            )
    return redirect("einlesung_detail", pk=pk)


@require_POST
def verwerfen(request: HttpRequest, pk: int) -> HttpResponse:
    einlesung = get_object_or_404(sichtbare_einlesungen(request.user), pk=pk)
    with ablehnung_melden(request):
        ablauf.verwerfen(einlesung=einlesung, durch=angemeldetes(request.user), heute=heute())
        messages.success(request, f"„{einlesung}“ ist verworfen. An der Matrix hat sich nichts geändert.")
        return redirect("einlesung_liste")
    return redirect("einlesung_detail", pk=pk)


@require_GET
def datei(request: HttpRequest, pk: int) -> HttpResponseBase:
    einlesung = get_object_or_404(sichtbare_einlesungen(request.user).select_related("fassung"), pk=pk)
    return datei_antwort(request, einlesung.fassung)


@require_GET
def vorlage(request: HttpRequest, art: str) -> HttpResponse:
    if not darf_matrix_einlesen(request.user):
        raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
    if art not in matrixvorlage.ARTEN:
        raise Http404
    inhalt = matrixvorlage.vorlage(
        art,
        kommunen=list(sichtbare_kommunen(request.user)),
        aufgabenfelder=sichtbare_aufgabenfelder(request.user),
    )
    antwort = HttpResponse(inhalt, content_type=INHALTSTYPEN["xlsx"])
    antwort["Content-Disposition"] = f'attachment; filename="vorlage-{art}.xlsx"'
    return antwort
