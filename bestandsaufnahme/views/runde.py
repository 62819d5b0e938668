"""Rounds of declarations: the list, and preparing one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from bestandsaufnahme.abfragen.interesse import runde as abfragen
from bestandsaufnahme.abfragen.wartende import wartende
from bestandsaufnahme.ablaeufe import interessenrunde as ablauf
from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.filtersets.runde import RundeFilter
from bestandsaufnahme.forms.runde import RundeBearbeitenForm, RundeForm
from bestandsaufnahme.models import Fragebogen, Interessenrunde
from bestandsaufnahme.rechte import (
    darf_ruecklaufzahlen_sehen,
    darf_runden_leiten,
    sichtbare_rueckmeldungen,
    sichtbare_runden,
)
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, handelt_fuer

NUR_GESCHAEFTSSTELLE = "Interessenrunden führt die Geschäftsstelle durch."
VORGESCHLAGENE_FRIST = timedelta(weeks=6)


def leitbare(request: HttpRequest, pk: int) -> Interessenrunde:
    """Return the round that the Geschäftsstelle acts on: 404 for a stranger, 403 for a colleague."""
    runde = get_object_or_404(sichtbare_runden(request.user), pk=pk)
    if not darf_runden_leiten(request.user):
        raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
    return runde


@method_decorator(login_not_required, name="dispatch")
class RundeListView(ListenAnsicht):
    """The public sees the rounds whose result is published; numbers of answers are for those who are signed in."""

    template_name = "bestandsaufnahme/runde/liste.html"
    filterset_class = RundeFilter
    exportname = "interessenrunden"
    spalten: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("Name", lambda runde: runde.name),
        ("Status", Interessenrunde.get_status_display),
        ("Jahr", lambda runde: runde.jahr),
        ("Eröffnet am", lambda runde: runde.beginn),
        ("Frist", lambda runde: runde.frist),
        ("Abgeschlossen am", lambda runde: runde.abgeschlossen_am),
        ("Gefragte Kommunen", lambda runde: runde.gesamt),
        ("davon geantwortet", lambda runde: runde.zurueck),
        ("Nennungen", lambda runde: runde.summe),
        ("Veröffentlicht", lambda runde: "ja" if runde.veroeffentlicht else "nein"),
        ("Beispiel", lambda runde: "ja" if runde.beispiel else ""),
    )
    nur_intern = {"Gefragte Kommunen", "davon geantwortet"}

    def sichtbare(self) -> QuerySet[Any]:
        return abfragen.geordnet(abfragen.mit_ruecklauf(sichtbare_runden(self.request.user)))

    def als_datei(self, art: str) -> HttpResponse:
        if not darf_ruecklaufzahlen_sehen(self.request.user):
            self.spalten = tuple(spalte for spalte in self.spalten if spalte[0] not in self.nur_intern)
        return super().als_datei(art)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext, konto = super().get_context_data(**kwargs), self.request.user
        eigene = sichtbare_rueckmeldungen(konto).filter(kommune__in=handelt_fuer(konto))
        return {
            **kontext,
            "zeilen": abfragen.zeilen(kontext["object_list"], heute=heute()),
            "wartende": wartende(Fragebogen.objects.none(), eigene, heute=heute()).runden,
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} Runden",
            "darf_leiten": darf_runden_leiten(konto),
            "darf_zahlen_sehen": darf_ruecklaufzahlen_sehen(konto),
        }


class RundeNeuView(FormView):
    template_name = "bestandsaufnahme/runde/neu.html"
    form_class = RundeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not darf_runden_leiten(request.user):
            raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"name": f"Interessenrunde {heute().year}", "frist": heute() + VORGESCHLAGENE_FRIST}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "heute": heute()}

    def form_valid(self, form: RundeForm) -> HttpResponse:
        try:
            runde = ablauf.anlegen(**form.angaben(), durch=angemeldetes(self.request.user), heute=heute())
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(self.request, f"„{runde}“ ist angelegt. Gefragt wird erst, wenn Sie die Runde eröffnen.")
        return redirect(runde)


class RundeBearbeitenView(BearbeitenAnsicht):
    """A round that is prepared. Once it is open, who comes late is led to the round as it is now."""

    template_name = "bestandsaufnahme/runde/bearbeiten.html"
    template_veraltet = "bestandsaufnahme/runde/veraltet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.objekt = leitbare(request, kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.objekt.status != RundeStatus.VORBEREITUNG:
            satz = f"Die Runde lässt sich nicht mehr bearbeiten. {ablauf.stand(self.objekt)} Es ist nichts gespeichert."
            messages.error(request, satz)
            return redirect(self.objekt)
        return super().dispatch(request, *args, **kwargs)

    def formular(self, daten: QueryDict | None, objekt: Interessenrunde) -> RundeBearbeitenForm:
        return RundeBearbeitenForm(daten, runde=objekt, heute=heute())

    def sichern(self, form: RundeBearbeitenForm) -> Interessenrunde:
        werte = {"version": form.cleaned_data["version"], **form.angaben()}
        return ablauf.bearbeiten(runde=self.objekt, **werte, durch=angemeldetes(self.request.user), heute=heute())

    def gesichert(self, objekt: Interessenrunde) -> HttpResponse:
        messages.success(self.request, f"„{objekt}“ ist gespeichert.")
        return redirect(objekt)
