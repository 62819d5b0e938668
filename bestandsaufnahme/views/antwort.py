"""The single answers of a Fragebogen: given, changed, confirmed by one click, taken back, handed to a colleague."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from bestandsaufnahme.abfragen.erhebung import antwort as abfragen
from bestandsaufnahme.abfragen.erhebung import fragen
from bestandsaufnahme.abfragen.erhebung.fragen import Worte
from bestandsaufnahme.ablaeufe import antwort as ablauf
from bestandsaufnahme.auswahl import AUSSAGEN, AntwortArt
from bestandsaufnahme.forms.antwort import AntwortForm, FrageForm, Gefragt, InteresseantwortForm, UebergabeForm
from bestandsaufnahme.forms.kooperationsantwort import KooperationsantwortForm, NeuForm
from bestandsaufnahme.models import Fragebogen, Fragebogenantwort
from bestandsaufnahme.rechte import beteiligbare_kollegen, darf_bearbeitende_sehen, sichtbare_aufgabenfelder
from bestandsaufnahme.views.fragebogen import ausfuellbarer, wege, zum_fragebogen
from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.formulare import fehler_eintragen, zahl_aus
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from ikz_portal.basis.rueckblick import Veraltet, seit_der_zeile
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes

FORMULARE: Mapping[str, type[AntwortForm]] = {
    AntwortArt.KOOPERATION: KooperationsantwortForm,
    AntwortArt.NEU: NeuForm,
    AntwortArt.INTERESSE: InteresseantwortForm,
    AntwortArt.ALLGEMEIN: FrageForm,
}


def antwort_von(fragebogen: Fragebogen, antwort_pk: int) -> Fragebogenantwort:
    gelesen = fragebogen.antworten.select_related(
        "kooperation__kooperationsfeld__aufgabenfeld",
        "kooperationsfeld",
        "aufgabenfeld",
        "zustaendig",
        "bearbeitet_durch",
    )
    antwort = get_object_or_404(gelesen, pk=antwort_pk)
    antwort.fragebogen = fragebogen
    return antwort


def gefragt(fragebogen: Fragebogen, namen: Worte) -> Gefragt:
    """Return what its forms ask; a partner of the Kommune is another one."""
    partner = {ags: name for ags, name in namen.kommunen.items() if ags != fragebogen.kommune.ags}
    return Gefragt(
        je_kooperation=fragen.je_kooperation(fragebogen),
        worte=replace(namen, kommunen=partner),
        stichtag=fragebogen.erhebung.stichtag,
    )


class AntwortBearbeitenView(BearbeitenAnsicht):
    template_name = "bestandsaufnahme/antwort/bearbeiten.html"
    template_veraltet = "bestandsaufnahme/antwort/veraltet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fragebogen = ausfuellbarer(request, kwargs["pk"], kwargs["ags"])
        self.objekt = antwort_von(self.fragebogen, kwargs["antwort_pk"])
        self.namen = fragen.worte()
        self.stand = abfragen.staende(self.fragebogen, [self.objekt.kooperation_id]).get(self.objekt.kooperation_id)
        self.gefragt = gefragt(self.fragebogen, self.namen)

    def formular(self, daten: QueryDict | None, objekt: Fragebogenantwort) -> AntwortForm:
        weitere: dict[str, Any] = {}
        if objekt.art == AntwortArt.KOOPERATION:
            weitere["stand"] = self.stand
        elif objekt.art == AntwortArt.NEU:
            weitere["felder"] = self._felder()
        form = FORMULARE[objekt.art](daten, antwort=objekt, gefragt=self.gefragt, **weitere)
        wunsch = self.request.GET.get("aussage")
        # the list's links „geändert“ and „beendet“; the address stays when the form is sent
        if self.request.method == "GET" and wunsch in AUSSAGEN[AntwortArt(objekt.art)]:
            form.initial["aussage"] = wunsch
        return form

    def _felder(self) -> list[Any]:
        if not hasattr(self, "_gelesene_felder"):
            self._gelesene_felder = _felder(self.request)
        return self._gelesene_felder

    def seither(self, version: int) -> AenderungQuerySet:
        return seit_der_zeile(self.objekt, version)

    def sichern(self, form: AntwortForm) -> Fragebogenantwort:
        return ablauf.speichern(
            antwort=self.objekt,
            version=form.cleaned_data["version"],
            angaben=form.angaben(),
            durch=angemeldetes(self.request.user),
            heute=heute(),
            jetzt=timezone.now(),
        )

    def gesichert(self, objekt: Fragebogenantwort) -> HttpResponse:
        messages.success(self.request, f"Gespeichert: {fragen.worum(objekt)}.")
        return zum_fragebogen(self.fragebogen)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mit_personen = darf_bearbeitende_sehen(self.request.user, self.fragebogen)
        kollegen = beteiligbare_kollegen(self.fragebogen)
        return super().get_context_data(
            **kwargs,
            **wege(self.fragebogen),
            zeile=abfragen.zeile(self.objekt, self.stand, self.namen, mit_personen),
            uebergabe=UebergabeForm(kollegen=kollegen, initial={"an": self.objekt.zustaendig_id}),
            ist_neu=self.objekt.art == AntwortArt.NEU,
            ist_kooperation=self.objekt.art == AntwortArt.KOOPERATION,
        )


class AntwortNeuView(FormView):
    """A Kooperation that the matrix doesn't know."""

    template_name = "bestandsaufnahme/antwort/neu.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fragebogen = ausfuellbarer(request, kwargs["pk"], kwargs["ags"])

    def get_form(self, form_class: Any = None) -> NeuForm:
        daten = self.request.POST if self.request.method == "POST" else None
        antwort = Fragebogenantwort(fragebogen=self.fragebogen, art=AntwortArt.NEU)
        return NeuForm(
            daten, antwort=antwort, gefragt=gefragt(self.fragebogen, fragen.worte()), felder=_felder(self.request)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **wege(self.fragebogen))

    def form_valid(self, form: NeuForm) -> HttpResponse:
        try:
            antwort = ablauf.hinzufuegen(
                fragebogen=self.fragebogen,
                angaben=form.angaben(),
                durch=angemeldetes(self.request.user),
                heute=heute(),
                jetzt=timezone.now(),
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(self.request, f"„{antwort.bezeichnung}“ steht jetzt im Fragebogen.")
        return zum_fragebogen(self.fragebogen)


@require_POST
def gilt_noch(request: HttpRequest, pk: int, ags: str, antwort_pk: int) -> HttpResponse:
    """One click from the list; who saw an older answer there is told, and nothing is overwritten."""
    fragebogen = ausfuellbarer(request, pk, ags)
    antwort = antwort_von(fragebogen, antwort_pk)
    try:
        ablauf.gilt_noch(
            antwort=antwort,
            version=_version(request),
            durch=angemeldetes(request.user),
            heute=heute(),
            jetzt=timezone.now(),
        )
    except Veraltet:
        messages.error(
            request,
            f"„{fragen.worum(antwort)}“ wurde inzwischen beantwortet, mit „{antwort.marke_der_aussage.label}“. "
            "Es ist nichts überschrieben; bitte sehen Sie sich die Antwort an.",
        )
    except ValidationError as fehler:
        messages.error(request, " ".join(fehler.messages))
    return redirect(f"{fragebogen.get_absolute_url()}#antwort-{antwort.pk}")


@require_POST
def loeschen(request: HttpRequest, pk: int, ags: str, antwort_pk: int) -> HttpResponse:
    fragebogen = ausfuellbarer(request, pk, ags)
    antwort = antwort_von(fragebogen, antwort_pk)
    with ablehnung_melden(request):
        ablauf.loeschen(antwort=antwort, version=_version(request), durch=angemeldetes(request.user), heute=heute())
        messages.success(request, f"„{antwort}“ ist aus dem Fragebogen gelöscht.")
    return zum_fragebogen(fragebogen)


@require_POST
def uebergeben(request: HttpRequest, pk: int, ags: str, antwort_pk: int) -> HttpResponse:
    fragebogen = ausfuellbarer(request, pk, ags)
    antwort = antwort_von(fragebogen, antwort_pk)
    form = UebergabeForm(request.POST, kollegen=beteiligbare_kollegen(fragebogen))
    if not form.is_valid():
        messages.error(request, f"Diese Person arbeitet nicht (mehr) für {fragebogen.kommune}. Bitte wählen Sie neu.")
        return redirect("antwort_bearbeiten", pk=pk, ags=ags, antwort_pk=antwort_pk)
    an = form.cleaned_data["an"]
    with ablehnung_melden(request):
        ablauf.uebergeben(antwort=antwort, an=an, durch=angemeldetes(request.user), heute=heute())
        satz = f"Die Frage liegt jetzt bei {an.name}." if an else "Die Frage liegt wieder bei allen."
        messages.success(request, satz)
    return zum_fragebogen(fragebogen)


def _felder(request: HttpRequest) -> list[Any]:
    return list(sichtbare_aufgabenfelder(request.user).prefetch_related("kooperationsfelder"))


def _version(request: HttpRequest) -> int:
    """Return the version that the button carries; 0, which no row has, for anything else."""
    return zahl_aus(request.POST.get("version")) or 0
