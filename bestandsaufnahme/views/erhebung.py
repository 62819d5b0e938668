"""Survey rounds: the list, preparing and describing one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from bestandsaufnahme.abfragen.erhebung import erhebung as abfragen
from bestandsaufnahme.ablaeufe import erhebung as ablauf
from bestandsaufnahme.auswahl import ErhebungStatus
from bestandsaufnahme.filtersets.erhebung import ErhebungFilter
from bestandsaufnahme.forms.erhebung import BeschreibungForm, ErhebungBearbeitenForm, ErhebungForm
from bestandsaufnahme.models import Erhebung
from bestandsaufnahme.rechte import darf_erhebung_bearbeiten, darf_ruecklaufzahlen_sehen, sichtbare_erhebungen
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes

NUR_GESCHAEFTSSTELLE = "Erhebungen führt die Geschäftsstelle durch."
VORSCHAU = "vorschau"


def aenderbare(request: HttpRequest, pk: int) -> Erhebung:
    """Return the round that the Geschäftsstelle acts on: 404 for a stranger, 403 for a colleague."""
    erhebung = get_object_or_404(sichtbare_erhebungen(request.user), pk=pk)
    if not darf_erhebung_bearbeiten(request.user):
        raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
    return erhebung


@method_decorator(login_not_required, name="dispatch")
class ErhebungListView(ListenAnsicht):
    """The public sees what is published; numbers of the return are for those who are signed in."""

    template_name = "bestandsaufnahme/erhebung/liste.html"
    filterset_class = ErhebungFilter
    exportname = "erhebungen"
    spalten: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("Name", lambda erhebung: erhebung.name),
        ("Status", Erhebung.get_status_display),
        ("Stichtag", lambda erhebung: erhebung.stichtag),
        ("Rückmeldefrist", lambda erhebung: erhebung.frist),
        ("Rücklauf geschlossen", lambda erhebung: erhebung.ruecklauf_bis),
        ("Fragebögen", lambda erhebung: erhebung.gesamt),
        ("davon freigegeben", lambda erhebung: erhebung.zurueck),
        ("Beispiel", lambda erhebung: "ja" if erhebung.beispiel else ""),
    )
    nur_intern = {"Fragebögen", "davon freigegeben"}

    def sichtbare(self) -> QuerySet[Erhebung]:
        return abfragen.mit_ruecklauf(sichtbare_erhebungen(self.request.user))

    def als_datei(self, art: str) -> HttpResponse:
        if not darf_ruecklaufzahlen_sehen(self.request.user):
            self.spalten = tuple(spalte for spalte in self.spalten if spalte[0] not in self.nur_intern)
        return super().als_datei(art)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {
            **kontext,
            "zeilen": abfragen.zeilen(kontext["object_list"], heute=heute()),
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} Erhebungen",
            "darf_anlegen": darf_erhebung_bearbeiten(self.request.user),
            "darf_zahlen_sehen": darf_ruecklaufzahlen_sehen(self.request.user),
        }


class MitVorschau(FormView):
    """The form of a round that is prepared: it can be shown again with the questionnaires that it would give."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and VORSCHAU in request.POST:
            return self.vorschau()
        return super().dispatch(request, *args, **kwargs)

    def vorschau(self) -> HttpResponse:
        """Show all that was typed, unchecked; this writes nothing."""
        form = self.get_form()
        form.ohne_pruefung()
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        form = kontext["form"]
        vorschau = abfragen.vorschau(form.fragen()) if isinstance(form, ErhebungForm) else []
        return {**kontext, "vorschau": vorschau, "vorschau_offen": VORSCHAU in self.request.POST}


class ErhebungNeuView(MitVorschau):
    template_name = "bestandsaufnahme/erhebung/neu.html"
    form_class = ErhebungForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not darf_erhebung_bearbeiten(request.user):
            raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "heute": heute()}

    def form_valid(self, form: ErhebungForm) -> HttpResponse:
        try:
            erhebung = ablauf.anlegen(**form.angaben(), durch=angemeldetes(self.request.user), heute=heute())
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(self.request, f"„{erhebung}“ ist angelegt. Gefragt wird erst, wenn Sie die Erhebung eröffnen.")
        return redirect(erhebung)


class ErhebungBearbeitenView(MitVorschau, BearbeitenAnsicht):
    """All of a round that is prepared; once it is open only what is said about it."""

    template_name = "bestandsaufnahme/erhebung/bearbeiten.html"
    template_veraltet = "bestandsaufnahme/erhebung/veraltet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.objekt = aenderbare(request, kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        gelesen = request.POST.get("version") == str(self.objekt.version)
        if "stichtag" in request.POST and not self.in_vorbereitung and not gelesen:
            return self.inzwischen_eroeffnet()
        return super().dispatch(request, *args, **kwargs)

    @property
    def in_vorbereitung(self) -> bool:
        return self.objekt.status == ErhebungStatus.VORBEREITUNG

    def inzwischen_eroeffnet(self) -> HttpResponse:
        satz = "Die Erhebung ist inzwischen eröffnet, Stichtag und Fragen stehen fest. Es ist nichts gespeichert."
        messages.error(self.request, satz)
        return redirect(self.objekt)

    def formular(self, daten: QueryDict | None, objekt: Erhebung) -> Any:
        if objekt.status == ErhebungStatus.VORBEREITUNG:
            return ErhebungBearbeitenForm(daten, erhebung=objekt, heute=heute())
        return BeschreibungForm(daten, erhebung=objekt)

    def sichern(self, form: Any) -> Erhebung:
        werte = {"version": form.cleaned_data["version"], "durch": angemeldetes(self.request.user), **form.angaben()}
        if isinstance(form, ErhebungForm):
            return ablauf.bearbeiten(erhebung=self.objekt, **werte, heute=heute())
        return ablauf.beschreiben(erhebung=self.objekt, **werte)

    def veraltet(self, form: Any) -> HttpResponse:
        self.objekt.refresh_from_db()
        if isinstance(form, ErhebungForm) and not self.in_vorbereitung:
            return self.inzwischen_eroeffnet()
        return super().veraltet(form)

    def gesichert(self, objekt: Erhebung) -> HttpResponse:
        messages.success(self.request, f"„{objekt}“ ist gespeichert.")
        return redirect(objekt)
