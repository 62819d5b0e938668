"""The Fragebogen of a Kommune: the page of all questions, and what is done with it as a whole."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from bestandsaufnahme.abfragen.erhebung import fragebogen as abfragen
from bestandsaufnahme.abfragen.erhebung import fragen
from bestandsaufnahme.abfragen.pruefung.ergebnis import ergebnisse
from bestandsaufnahme.ablaeufe import fragebogen as ablauf
from bestandsaufnahme.auswahl import ErhebungStatus
from bestandsaufnahme.forms.fragebogen import PapierForm, StelleForm
from bestandsaufnahme.models import Fragebogen
from bestandsaufnahme.rechte import (
    darf_antworten_sehen,
    darf_bearbeitende_sehen,
    darf_fragebogen_ausfuellen,
    darf_fragebogen_freigeben,
    darf_fragebogen_pruefen,
    darf_papier_erfassen,
    darf_verlauf_des_fragebogens_sehen,
    sichtbare_frageboegen,
)
from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from ikz_portal.basis.rueckblick import seit_der_zeile
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes

DETAIL = "bestandsaufnahme/fragebogen/detail.html"
NUR_EIGENE = "Bis zur Freigabe sieht und bearbeitet nur die Kommune selbst ihren Fragebogen."
NUR_SPITZE = "Freigeben kann nur die Verwaltungsspitze oder wer sie vertritt."
FREIGEGEBEN = (
    "Der Fragebogen ist freigegeben und wird nicht mehr geändert. Wenn doch noch etwas fehlt, gibt ihn die "
    "Geschäftsstelle zurück."
)
RUHT = "Die Erhebung läuft nicht. Der Fragebogen lässt sich zurzeit nicht ändern."
WEITER = (
    "Die Geschäftsstelle prüft ihn jetzt und übernimmt ihn dann in die Matrix. Ändern können Sie ihn nicht mehr; "
    "wenn doch noch etwas fehlt, gibt die Geschäftsstelle ihn zurück."
)


# --- finding one ------------------------------------------------------------------------------------------------------
def fragebogen_von(request: HttpRequest, pk: int, ags: str) -> Fragebogen:
    """Return the Fragebogen of this Kommune in this round; 404 for strangers."""
    gelesen = sichtbare_frageboegen(request.user).select_related(
        "erhebung", "kommune", "freigegeben_durch", "freigegeben_fuer"
    )
    return get_object_or_404(gelesen, erhebung=pk, kommune__ags=ags)


def ausfuellbarer(request: HttpRequest, pk: int, ags: str) -> Fragebogen:
    """Return it to be written in; PermissionDenied with the reason why not."""
    fragebogen = fragebogen_von(request, pk, ags)
    if darf_fragebogen_ausfuellen(request.user, fragebogen):
        return fragebogen
    if not darf_antworten_sehen(request.user, fragebogen):
        raise PermissionDenied(NUR_EIGENE)
    raise PermissionDenied(RUHT if fragebogen.ist_offen else FREIGEGEBEN)


def freigebbarer(request: HttpRequest, pk: int, ags: str) -> Fragebogen:
    fragebogen = ausfuellbarer(request, pk, ags)
    if not darf_fragebogen_freigeben(request.user, fragebogen):
        raise PermissionDenied(NUR_SPITZE)
    return fragebogen


def zum_fragebogen(fragebogen: Fragebogen) -> HttpResponse:
    return redirect("fragebogen_detail", pk=fragebogen.erhebung_id, ags=fragebogen.kommune.ags)


def wege(fragebogen: Fragebogen) -> dict[str, Any]:
    """Return what every page below the Fragebogen needs for its way back."""
    return {"fragebogen": fragebogen, "zurueck_url": fragebogen.get_absolute_url()}


# --- the page ---------------------------------------------------------------------------------------------------------
class FragebogenDetailView(TemplateView):
    """All questions for whom they are for; the Geschäftsstelle sees no more than the state until it is released."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _seite(request, fragebogen_von(request, kwargs["pk"], kwargs["ags"]))


def _seite(request: HttpRequest, fragebogen: Fragebogen, fehlende: list[str] | None = None) -> HttpResponse:
    konto = request.user
    kontext: dict[str, Any] = {
        "fragebogen": fragebogen,
        "erhebung": fragebogen.erhebung,
        "kopf": abfragen.kopf(fragebogen, heute=heute()),
        "laeuft": fragebogen.erhebung.status == ErhebungStatus.LAEUFT,
        "darf_papier": darf_papier_erfassen(konto, fragebogen),
    }
    if not darf_antworten_sehen(konto, fragebogen):
        return render(request, "bestandsaufnahme/fragebogen/nur_stand.html", kontext)
    darf_ausfuellen = darf_fragebogen_ausfuellen(konto, fragebogen)
    darf_freigeben = darf_fragebogen_freigeben(konto, fragebogen)
    seite = abfragen.seite(fragebogen, mit_personen=darf_bearbeitende_sehen(konto, fragebogen))
    kontext |= {
        "seite": seite,
        "fehlende": fehlende,
        "ergebnisse": ergebnisse(fragebogen),
        "darf_pruefen": darf_fragebogen_pruefen(konto, fragebogen),
        "hat_fragen": bool(fragen.je_kooperation(fragebogen)),
        "darf_ausfuellen": darf_ausfuellen,
        "darf_freigeben": darf_freigeben,
        "darf_unveraendert": darf_freigeben and not seite.geaendert,
        "darf_verlauf_sehen": darf_verlauf_des_fragebogens_sehen(konto, fragebogen),
    }
    return render(request, DETAIL, kontext)


# --- what is done with the whole --------------------------------------------------------------------------------------
@require_POST
def rest_gilt_noch(request: HttpRequest, pk: int, ags: str) -> HttpResponse:
    fragebogen = ausfuellbarer(request, pk, ags)
    with ablehnung_melden(request):
        anzahl = ablauf.rest_gilt_noch(
            fragebogen=fragebogen, durch=angemeldetes(request.user), heute=heute(), jetzt=timezone.now()
        )
        was = "1 Kooperation ist" if anzahl == 1 else f"{anzahl} Kooperationen sind"
        messages.success(request, f"{was} als „gilt noch“ beantwortet.")
    return zum_fragebogen(fragebogen)


@require_POST
def vorlegen(request: HttpRequest, pk: int, ags: str) -> HttpResponse:
    fragebogen = ausfuellbarer(request, pk, ags)
    with ablehnung_melden(request):
        ablauf.vorlegen(fragebogen=fragebogen, durch=angemeldetes(request.user), heute=heute())
        messages.success(request, "Die Verwaltungsspitze erhält eine E-Mail mit der Bitte um Freigabe.")
    return zum_fragebogen(fragebogen)


@require_POST
def freigeben(request: HttpRequest, pk: int, ags: str) -> HttpResponse:
    """Release it; what is missing is told as a list on the page itself."""
    fragebogen = freigebbarer(request, pk, ags)
    try:
        ablauf.freigeben(fragebogen=fragebogen, durch=angemeldetes(request.user), heute=heute(), jetzt=timezone.now())
    except ValidationError as fehler:
        return _seite(request, fragebogen_von(request, pk, ags), fehlende=fehler.messages)
    messages.success(request, f"Der Fragebogen ist freigegeben. {WEITER}")
    return zum_fragebogen(fragebogen)


@require_POST
def unveraendert(request: HttpRequest, pk: int, ags: str) -> HttpResponse:
    fragebogen = freigebbarer(request, pk, ags)
    with ablehnung_melden(request):
        ablauf.unveraendert(
            fragebogen=fragebogen, durch=angemeldetes(request.user), heute=heute(), jetzt=timezone.now()
        )
        messages.success(request, f"Alles ist bestätigt, der Fragebogen ist freigegeben. {WEITER}")
    return zum_fragebogen(fragebogen)


class PapierView(FormView):
    """The Geschäftsstelle types in what came on paper."""

    template_name = "bestandsaufnahme/fragebogen/papier.html"
    form_class = PapierForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fragebogen = fragebogen_von(request, kwargs["pk"], kwargs["ags"])
        if not darf_papier_erfassen(request.user, self.fragebogen):
            raise PermissionDenied(
                "Eine Rückmeldung auf Papier erfasst die Geschäftsstelle, solange die Erhebung läuft und die Kommune "
                "ihren Fragebogen nicht selbst begonnen hat."
            )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **wege(self.fragebogen))

    def form_valid(self, form: PapierForm) -> HttpResponse:
        try:
            ablauf.papier_erfassen(
                fragebogen=self.fragebogen,
                **form.cleaned_data,
                durch=angemeldetes(self.request.user),
                heute=heute(),
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(self.request, "Sie können den Fragebogen jetzt für die Kommune ausfüllen und freigeben.")
        return zum_fragebogen(self.fragebogen)


class StelleView(BearbeitenAnsicht):
    """Which office fills it in."""

    template_name = "bestandsaufnahme/fragebogen/stelle.html"
    template_veraltet = "bestandsaufnahme/fragebogen/veraltet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.objekt = ausfuellbarer(request, kwargs["pk"], kwargs["ags"])

    def formular(self, daten: QueryDict | None, objekt: Fragebogen) -> StelleForm:
        return StelleForm(daten, fragebogen=objekt)

    def seither(self, version: int) -> AenderungQuerySet:
        return seit_der_zeile(self.objekt, version)

    def sichern(self, form: StelleForm) -> Fragebogen:
        return ablauf.stelle_nennen(
            fragebogen=self.objekt, **form.cleaned_data, durch=angemeldetes(self.request.user), heute=heute()
        )

    def gesichert(self, objekt: Fragebogen) -> HttpResponse:
        messages.success(self.request, "Die ausfüllende Stelle ist gespeichert.")
        return zum_fragebogen(objekt)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **wege(self.objekt))
