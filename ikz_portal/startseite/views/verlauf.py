from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import ListView

from bestandsaufnahme import rechte as bestand
from ikz_portal.basis import verlauf
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from ikz_portal.startseite.abfragen.protokoll import KappenderPaginator
from kommunen import rechte as kommunen
from projekte import rechte as projekte
from projekte.models import Projektauftrag
from wissen import rechte as wissen

IN_DER_SEITE = 20  # entries that are loaded in place, below the object


def _adresse(objekt: Any) -> str:
    return str(objekt.get_absolute_url())


def _adresse_des_auftrags(auftrag: Projektauftrag) -> str:
    return reverse("auftrag_version", args=[auftrag.projekt.slug, auftrag.version])


@dataclass(frozen=True, slots=True)
class Zugang:
    """Which rows of a model somebody sees at all (else 404), and of which the Verlauf (else 403).

    `mit`: the parts of the object that have parts of their own, which belong to it as well.
    """

    sichtbare: Callable[[Any], QuerySet[Any]]
    darf_sehen: Callable[[Any, Any], bool]
    adresse: Callable[[Any], str] = _adresse
    mit: Callable[[Any], Sequence[Model]] = lambda objekt: ()


ZUGAENGE = {
    "kommune": Zugang(kommunen.sichtbare_kommunen, kommunen.darf_verlauf_der_kommune_sehen),
    "konto": Zugang(
        kommunen.sichtbare_konten,
        kommunen.darf_verlauf_des_kontos_sehen,
        lambda konto: reverse("konto_detail", args=[konto.pk]),
    ),
    "kooperation": Zugang(bestand.sichtbare_kooperationen, bestand.darf_verlauf_der_kooperation_sehen),
    "interessenbekundung": Zugang(
        lambda konto: bestand.sichtbare_interessen(konto).select_related("kommune", "aufgabenfeld", "kooperationsfeld"),
        bestand.darf_verlauf_des_interesses_sehen,
    ),
    "interessenrunde": Zugang(bestand.sichtbare_runden, bestand.darf_verlauf_der_runde_sehen),
    "erhebung": Zugang(bestand.sichtbare_erhebungen, bestand.darf_verlauf_der_erhebung_sehen),
    "fragebogen": Zugang(
        lambda konto: bestand.sichtbare_frageboegen(konto).select_related("erhebung", "kommune"),
        bestand.darf_verlauf_des_fragebogens_sehen,
        mit=lambda fragebogen: list(fragebogen.antworten.all()),
    ),
    "veroeffentlichung": Zugang(
        lambda konto: bestand.sichtbare_veroeffentlichungen(konto).select_related("erhebung"),
        bestand.darf_verlauf_der_veroeffentlichung_sehen,
    ),
    "einlesung": Zugang(
        lambda konto: bestand.sichtbare_einlesungen(konto).select_related("fassung"),
        bestand.darf_verlauf_der_einlesung_sehen,
    ),
    "externerpartner": Zugang(bestand.sichtbare_partner, bestand.darf_verlauf_des_partners_sehen),
    "projekt": Zugang(projekte.sichtbare_projekte, projekte.darf_verlauf_des_projekts_sehen),
    "projektauftrag": Zugang(
        lambda konto: projekte.sichtbare_auftraege(konto).select_related("projekt"),
        lambda konto, auftrag: projekte.darf_verlauf_des_projekts_sehen(konto, auftrag.projekt),
        _adresse_des_auftrags,
    ),
    "bericht": Zugang(projekte.sichtbare_berichte, projekte.darf_verlauf_des_berichts_sehen),
    "beitrag": Zugang(wissen.sichtbare_beitraege, wissen.darf_verlauf_des_beitrags_sehen),
}


class VerlaufView(ListView):
    """Who changed what at one object and its parts. htmx asks for the newest entries alone, to put them in its page."""

    template_name = "startseite/verlauf.html"
    paginate_by = 50
    page_kwarg = "seite"
    paginator_class = KappenderPaginator

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        zugang = ZUGAENGE.get(kwargs["modell"])
        if zugang is None:
            raise Http404
        self.zugang = zugang
        self.objekt = _objekt(zugang.sichtbare(request.user), kwargs["pk"])
        if not zugang.darf_sehen(request.user, self.objekt):
            raise PermissionDenied("Den Verlauf sehen die Geschäftsstelle und wer für das Objekt zuständig ist.")
        self.zurueck_url = zugang.adresse(self.objekt)
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["startseite/_verlauf.html" if self.in_der_seite else self.template_name]

    @property
    def in_der_seite(self) -> bool:
        return bool(self.request.headers.get("HX-Request"))

    def get_paginate_by(self, queryset: QuerySet[Any]) -> int:
        return IN_DER_SEITE if self.in_der_seite else self.paginate_by

    def get_queryset(self) -> AenderungQuerySet:
        sichtbare = verlauf.lesbare(bestand.sichtbare_aenderungen(self.request.user))
        return sichtbare.von(self.objekt, *self.zugang.mit(self.objekt)).select_related("konto", "fuer")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {
            **kontext,
            "objekt": self.objekt,
            "was": self.objekt._meta.verbose_name,
            "zurueck_url": self.zurueck_url,
            "vorgaenge": verlauf.vorgaenge(kontext["object_list"]),
        }


def _objekt(sichtbare: QuerySet[Any], schluessel: str) -> Model:
    """Return the visible one of this key; whatever can be no key is nobody's."""
    try:
        pk = sichtbare.model._meta.pk.to_python(schluessel)
    except ValidationError as fehler:
        raise Http404 from fehler
    objekt: Model | None = sichtbare.filter(pk=pk).first()
    if objekt is None:
        raise Http404
    return objekt
