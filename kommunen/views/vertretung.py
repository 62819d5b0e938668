from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from ikz_portal.basis.ansichten import ListenAnsicht, ablehnung_melden
from ikz_portal.basis.formate import tag_lang
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.abfragen import vertretung as abfragen
from kommunen.ablaeufe import vertretung as ablauf
from kommunen.auswahl import VertretungStatus
from kommunen.filtersets import VertretungFilter
from kommunen.forms.vertretung import VertretungForm
from kommunen.models import Vertretung
from kommunen.rechte import (
    angemeldetes,
    darf_vertretung_regeln,
    darf_vertretungen_regeln,
    sichtbare_vertretungen,
    vertretbare_sitze,
    vertretbare_spitzen,
    waehlbare_vertreter,
)


class VertretungListView(ListenAnsicht):
    template_name = "kommunen/vertretung/liste.html"
    filterset_class = VertretungFilter
    exportname = "vertretungen"
    spalten = (
        ("Vertretene Person", lambda zeile: zeile.vertretener.name),
        ("Amt", abfragen.amt),
        ("Vertretung durch", lambda zeile: zeile.vertreter.name),
        ("Erster Tag", lambda zeile: zeile.von),
        ("Letzter Tag", abfragen.letzter_tag),
        ("Zustand", lambda zeile: abfragen.status(zeile).label),
    )

    def sichtbare(self) -> QuerySet[Vertretung]:
        return abfragen.mit_status(sichtbare_vertretungen(self.request.user), heute=heute())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        konto = self.request.user
        zeilen = abfragen.zeilen(kontext["object_list"])
        return {
            **kontext,
            "zeilen": [(zeile, self.beendbar(zeile)) for zeile in zeilen],
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} Vertretungen",
            "darf_regeln": darf_vertretungen_regeln(konto),
        }

    def beendbar(self, zeile: abfragen.VertretungZeile) -> bool:
        vorbei = zeile.status == VertretungStatus.VORBEI
        return not vorbei and darf_vertretung_regeln(self.request.user, zeile.vertretung.vertretener)


class VertretungNeuView(FormView):
    template_name = "kommunen/vertretung/neu.html"
    form_class = VertretungForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not darf_vertretungen_regeln(request.user):
            raise PermissionDenied("Eine Vertretung regelt, wer ein Amt oder einen Sitz hat, oder die Geschäftsstelle.")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        return {
            **super().get_form_kwargs(),
            "spitzen": vertretbare_spitzen(konto).select_related("kommune").order_by("kommune__sortierung"),
            "sitze": vertretbare_sitze(konto).select_related("gremium", "kommune", "konto"),
            "vertreter": waehlbare_vertreter(konto).select_related("kommune").order_by("name", "pk"),
            "heute": heute(),
        }

    def form_valid(self, form: VertretungForm) -> HttpResponse:
        konto = angemeldetes(self.request.user)
        try:
            vertretung = ablauf.einrichten(**form.angaben(), durch=konto, heute=heute())
        except ValidationError as fehler:
            fehler_eintragen(form, fehler, sitz="amt")
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"{vertretung.vertreter.name} vertritt {vertretung.vertretener.name} ab dem {tag_lang(vertretung.von)}. "
            "Die Beteiligten erfahren es per E-Mail.",
        )
        return redirect("vertretung_liste")


@require_POST
def beenden(request: HttpRequest, pk: int) -> HttpResponse:
    vertretung = get_object_or_404(sichtbare_vertretungen(request.user).select_related("vertretener"), pk=pk)
    if not darf_vertretung_regeln(request.user, vertretung.vertretener):
        raise PermissionDenied("Eine Vertretung beendet die vertretene Person selbst oder die Geschäftsstelle.")
    with ablehnung_melden(request):
        ablauf.beenden(vertretung=vertretung, durch=angemeldetes(request.user), heute=heute())
        messages.success(request, f"Die Vertretung von {vertretung.vertretener.name} ist beendet.")
    return redirect("vertretung_liste")
