"""The Geschäftsstelle examines a released Fragebogen: all answers, one decision, and what happens with the whole."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView, View

from bestandsaufnahme.abfragen.pruefung import pruefung as abfragen
from bestandsaufnahme.abfragen.pruefung.pruefung import Entscheidungslage
from bestandsaufnahme.abfragen.pruefung.widersprueche import rueckmeldungen, widersprueche
from bestandsaufnahme.ablaeufe import fragebogen as fragebogen_ablauf
from bestandsaufnahme.ablaeufe import pruefung as ablauf
from bestandsaufnahme.ablaeufe import uebernahme
from bestandsaufnahme.auswahl import ErhebungStatus, FragebogenStatus
from bestandsaufnahme.forms.pruefung import Formulare, ZurueckgabeForm, formulare
from bestandsaufnahme.models import Fragebogen
from bestandsaufnahme.rechte import darf_fragebogen_pruefen, darf_ruecklauf_sehen, sichtbare_erhebungen
from bestandsaufnahme.views.fragebogen import fragebogen_von
from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.rueckblick import Veraltet
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes

DETAIL = "bestandsaufnahme/pruefung/detail.html"
ENTSCHEIDEN = "bestandsaufnahme/pruefung/entscheiden.html"
NUR_GESCHAEFTSSTELLE = "Fragebögen prüft die Geschäftsstelle, sobald sie freigegeben sind."
OFFEN = "offen"


def zu_pruefender(request: HttpRequest, pk: int, ags: str) -> Fragebogen:
    """Return the released Fragebogen; 404 for strangers, PermissionDenied for its Kommune."""
    fragebogen = fragebogen_von(request, pk, ags)
    if not darf_fragebogen_pruefen(request.user, fragebogen):
        raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
    return fragebogen


def _zur_pruefung(fragebogen: Fragebogen, *, anker: str = "") -> HttpResponse:
    ziel = reverse("pruefung_detail", args=[fragebogen.erhebung_id, fragebogen.kommune.ags])
    return redirect(f"{ziel}{anker}")


# --- the whole Fragebogen ---------------------------------------------------------------------------------------------
class PruefungDetailView(TemplateView):
    template_name = DETAIL

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fragebogen = zu_pruefender(self.request, kwargs["pk"], kwargs["ags"])
        nur_offene = self.request.GET.get("nur") == OFFEN
        erhebung = fragebogen.erhebung
        offen = fragebogen.status == FragebogenStatus.FREIGEGEBEN and erhebung.status != ErhebungStatus.ABGESCHLOSSEN
        return super().get_context_data(
            **kwargs,
            fragebogen=fragebogen,
            seite=abfragen.seite(fragebogen, heute=heute(), nur_offene=nur_offene),
            nur_offene=nur_offene,
            kann_entscheiden=offen,
            kann_uebernehmen=fragebogen.status == FragebogenStatus.GEPRUEFT,
            kann_zurueckgeben=offen and erhebung.status == ErhebungStatus.LAEUFT,
        )


@require_POST
def unveraenderte(request: HttpRequest, pk: int, ags: str) -> HttpResponse:
    fragebogen = zu_pruefender(request, pk, ags)
    with ablehnung_melden(request):
        anzahl = ablauf.unveraenderte_annehmen(fragebogen=fragebogen, durch=angemeldetes(request.user), heute=heute())
        wie = "1 unveränderte Angabe wird" if anzahl == 1 else f"{anzahl} unveränderte Angaben werden"
        messages.success(request, f"{wie} übernommen.")
    return _zur_pruefung(fragebogen)


@require_POST
def abschliessen(request: HttpRequest, pk: int, ags: str) -> HttpResponse:
    fragebogen = zu_pruefender(request, pk, ags)
    with ablehnung_melden(request):
        ablauf.abschliessen(fragebogen=fragebogen, durch=angemeldetes(request.user), heute=heute())
        messages.success(request, "Die Prüfung ist abgeschlossen. Die Matrix ändert sich erst, wenn Sie übernehmen.")
    return _zur_pruefung(fragebogen)


@require_POST
def wieder_oeffnen(request: HttpRequest, pk: int, ags: str) -> HttpResponse:
    fragebogen = zu_pruefender(request, pk, ags)
    with ablehnung_melden(request):
        ablauf.wieder_oeffnen(fragebogen=fragebogen, durch=angemeldetes(request.user), heute=heute())
        messages.success(request, "Die Prüfung ist wieder offen. Sie können Entscheidungen ändern.")
    return _zur_pruefung(fragebogen)


@require_POST
def uebernehmen(request: HttpRequest, pk: int, ags: str) -> HttpResponse:
    fragebogen = zu_pruefender(request, pk, ags)
    with ablehnung_melden(request):
        uebernahme.uebernehmen(fragebogen=fragebogen, durch=angemeldetes(request.user), heute=heute())
        messages.success(
            request, f"Die Angaben von {fragebogen.kommune} stehen in der Matrix. Die Kommune erfährt es per E-Mail."
        )
    return _zur_pruefung(fragebogen)


class FragebogenZurueckgebenView(FormView):
    template_name = "bestandsaufnahme/pruefung/zurueckgeben.html"
    form_class = ZurueckgabeForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fragebogen = zu_pruefender(request, kwargs["pk"], kwargs["ags"])

    def form_valid(self, form: ZurueckgabeForm) -> HttpResponse:
        try:
            fragebogen_ablauf.zurueckgeben(
                fragebogen=self.fragebogen,
                grund=form.cleaned_data["grund"],
                durch=angemeldetes(self.request.user),
                heute=heute(),
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(self.request, f"Der Fragebogen ist wieder bei {self.fragebogen.kommune}.")
        return redirect("erhebung_detail", pk=self.fragebogen.erhebung_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, fragebogen=self.fragebogen)


# --- one answer -------------------------------------------------------------------------------------------------------
class PruefungEntscheidenView(View):
    """The page of one decision. After it comes the next answer that is left, at the end the whole again."""

    lage: Entscheidungslage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fragebogen = zu_pruefender(request, kwargs["pk"], kwargs["ags"])
        self.lesen()

    def lesen(self) -> None:
        lage = abfragen.entscheidung(self.fragebogen, self.kwargs["antwort_pk"], heute=heute())
        if lage is None:
            raise Http404
        self.lage = lage

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.seite(self.formulare(None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        alle = self.formulare(request.POST)
        if not alle.sind_gueltig():
            return self.seite(alle)
        punkt = self.lage.punkt
        try:
            pruefung = ablauf.entscheiden(
                antwort=punkt.antwort,
                version=alle.entscheidung.cleaned_data["version"],
                entscheidung=alle.gewaehlt,
                werte=alle.werte(),
                grund=alle.entscheidung.cleaned_data["grund"],
                durch=angemeldetes(request.user),
            )
        except Veraltet:
            return self.veraltet(request.POST)
        except ValidationError as fehler:
            fehler_eintragen(alle.entscheidung, fehler)
            return self.seite(alle)
        messages.success(request, f"„{punkt.worum}“ {pruefung.marke.label}.")
        return self.weiter()

    def formulare(self, daten: QueryDict | None) -> Formulare:
        return formulare(self.lage.punkt, self.lage.wahl, daten)

    def veraltet(self, daten: QueryDict) -> HttpResponse:
        """Show what somebody else decided meanwhile; what was typed stays, and counts only if it is sent again."""
        self.lesen()
        pruefung = self.lage.punkt.pruefung
        neue = daten.copy()
        neue["version"] = str(pruefung.version if pruefung else 0)
        alle = self.formulare(neue)
        wer = pruefung.durch if pruefung else "Jemand"
        satz = (
            f"{wer} hat über diese Angabe inzwischen entschieden, die Entscheidung steht oben. "
            "Ihre ist noch nicht gespeichert. Wenn Sie noch einmal speichern, gilt Ihre."
        )
        alle.entscheidung.add_error(None, satz)
        return self.seite(alle, status=HTTPStatus.CONFLICT)

    def weiter(self) -> HttpResponse:
        naechste = self.lage.naechste
        if naechste is None or self.request.POST.get("weiter") == "liste":
            return _zur_pruefung(self.fragebogen, anker=f"#antwort-{naechste or self.lage.karte.pk}")
        return redirect("pruefung_entscheiden", self.fragebogen.erhebung_id, self.fragebogen.kommune.ags, naechste)

    def seite(self, alle: Formulare, *, status: int = HTTPStatus.OK) -> HttpResponse:
        kontext = {
            "fragebogen": self.fragebogen,
            "karte": self.lage.karte,
            "wahl": self.lage.wahl,
            "naechste": self.lage.naechste,
            "formulare": alle,
            "kann_entscheiden": self.fragebogen.status == FragebogenStatus.FREIGEGEBEN,
        }
        return render(self.request, ENTSCHEIDEN, kontext, status=status)


# --- the round --------------------------------------------------------------------------------------------------------
class WiderspruecheView(TemplateView):
    template_name = "bestandsaufnahme/pruefung/widersprueche.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        erhebung = get_object_or_404(sichtbare_erhebungen(self.request.user), pk=kwargs["pk"])
        if not darf_ruecklauf_sehen(self.request.user):
            raise PermissionDenied("Widersprüche zwischen Fragebögen sieht die Geschäftsstelle.")
        return super().get_context_data(**kwargs, erhebung=erhebung, funde=widersprueche(rueckmeldungen(erhebung)))
