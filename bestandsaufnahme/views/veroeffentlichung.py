"""Publishing a round: the draft with its guard, the result, and what the Geschäftsstelle and the heads do there."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import FormView, View

from bestandsaufnahme.abfragen.veroeffentlichung import anonym
from bestandsaufnahme.abfragen.veroeffentlichung import veroeffentlichung as abfragen
from bestandsaufnahme.ablaeufe import veroeffentlichung as ablauf
from bestandsaufnahme.auswahl import VeroeffentlichungArt, VeroeffentlichungStatus
from bestandsaufnahme.forms.veroeffentlichung import (
    FussnoteForm,
    RuecknahmeForm,
    VeroeffentlichungForm,
    ZustimmungForm,
)
from bestandsaufnahme.models import Erhebung, Veroeffentlichung
from bestandsaufnahme.rechte import (
    darf_verlauf_der_veroeffentlichung_sehen,
    darf_veroeffentlichen,
    sichtbare_erhebungen,
    sichtbare_veroeffentlichungen,
    zustimmende_kommunen,
)
from ikz_portal.basis import export
from ikz_portal.basis.ansichten import ablehnung_melden, export_antwort
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import Betrachter, angemeldetes

NUR_GESCHAEFTSSTELLE = "Veröffentlichungen bereitet nur die Geschäftsstelle vor."
NUR_SPITZE = "Zustimmen kann nur die Verwaltungsspitze der Kommune oder, mit Vermerk, die Geschäftsstelle."
VORLAGEN = {
    VeroeffentlichungStatus.ENTWURF: "bestandsaufnahme/veroeffentlichung/werkstatt.html",
    VeroeffentlichungStatus.ZURUECKGEZOGEN: "bestandsaufnahme/veroeffentlichung/zurueckgezogen.html",
}
VORLAGEN_VEROEFFENTLICHT = {
    VeroeffentlichungArt.ANONYM: "bestandsaufnahme/veroeffentlichung/ergebnis.html",
    VeroeffentlichungArt.MIT_NAMEN: "bestandsaufnahme/veroeffentlichung/mit_namen.html",
}


class VeroeffentlichungCreateView(FormView):
    template_name = "bestandsaufnahme/veroeffentlichung/neu.html"
    form_class = VeroeffentlichungForm
    erhebung: Erhebung

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.erhebung = get_object_or_404(sichtbare_erhebungen(request.user), pk=kwargs["pk"])
        if not darf_veroeffentlichen(request.user):
            raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "heute": heute(), "nur_intern": self.erhebung.beispiel}

    def form_valid(self, form: VeroeffentlichungForm) -> HttpResponse:
        try:
            neue = ablauf.vorbereiten(
                erhebung=self.erhebung,
                **form.cleaned_data,
                durch=angemeldetes(self.request.user),
                heute=heute(),
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(self.request, "Der Entwurf ist angelegt. Veröffentlicht ist noch nichts.")
        return redirect(neue)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, erhebung=self.erhebung)


@method_decorator(login_not_required, name="dispatch")
class VeroeffentlichungDetailView(View):
    """Before publishing the workbench, then the result; the content of an anonymised one as a file too."""

    def get(self, request: HttpRequest, pk: int, vpk: int) -> HttpResponse:
        veroeffentlichung = _sichtbare(request, pk, vpk)
        art = request.GET.get("format")
        if art is not None and veroeffentlichung.zeigt_inhalt:
            return _als_datei(veroeffentlichung, art)
        return _seite(request, veroeffentlichung)


class FussnoteView(FormView):
    template_name = "bestandsaufnahme/veroeffentlichung/fussnote.html"
    form_class = FussnoteForm
    veroeffentlichung: Veroeffentlichung
    zeile: anonym.Bestandszeile

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.veroeffentlichung = _bearbeitbare(request, kwargs["pk"], kwargs["vpk"])
        if not (self.veroeffentlichung.ist_anonym and self.veroeffentlichung.ist_entwurf):
            raise Http404("Eigene Fußnoten hat nur der Entwurf einer anonymisierten Veröffentlichung.")
        zeilen = abfragen.bestand(self.veroeffentlichung)
        for self.zeile in zeilen:
            if self.zeile.kooperation.pk == kwargs["kooperation_pk"]:
                return super().dispatch(request, *args, **kwargs)
        raise Http404("Diese Kooperation gehört nicht zu der Veröffentlichung.")

    def get_initial(self) -> dict[str, Any]:
        return {"bezeichnung": self.zeile.bezeichnung, "erlaeuterung": self.zeile.erlaeuterung}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "zuruecksetzen" not in request.POST:
            return super().post(request, *args, **kwargs)
        with ablehnung_melden(request):
            ablauf.fussnote_zuruecksetzen(**self._ziel())
            messages.success(request, f"Fußnote {self.zeile.nummer} hat wieder den Wortlaut der Kooperation.")
        return redirect(self.veroeffentlichung)

    def form_valid(self, form: FussnoteForm) -> HttpResponse:
        try:
            ablauf.fussnote_bearbeiten(**self._ziel(), **form.cleaned_data)
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(self.request, f"Fußnote {self.zeile.nummer} ist für diese Veröffentlichung umgeschrieben.")
        return redirect(f"{self.veroeffentlichung.get_absolute_url()}#entwurf-{self.zeile.nummer}")

    def _ziel(self) -> dict[str, Any]:
        konto = angemeldetes(self.request.user)
        return {"veroeffentlichung": self.veroeffentlichung, "kooperation": self.zeile.kooperation, "durch": konto}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kommunen = list(Kommune.objects.all())
        gefunden = abfragen.befunde(self.veroeffentlichung.erhebung, [self.zeile], kommunen)
        return super().get_context_data(
            **kwargs,
            veroeffentlichung=self.veroeffentlichung,
            erhebung=self.veroeffentlichung.erhebung,
            zeile=self.zeile,
            befunde=[befund for befund in gefunden if befund.kooperation is not None],
        )


@require_POST
def zustimmen(request: HttpRequest, pk: int, vpk: int) -> HttpResponse:
    veroeffentlichung = _sichtbare(request, pk, vpk)
    kommunen = zustimmende_kommunen(request.user)
    if not kommunen.exists():
        raise PermissionDenied(NUR_SPITZE)
    form = _zustimmungsformular(request.user, kommunen, request.POST)
    if form.is_valid():
        kommune, vermerk = form.cleaned_data["kommune"], form.cleaned_data.get("vermerk", "")
        try:
            ablauf.zustimmen(
                veroeffentlichung=veroeffentlichung,
                kommune=kommune,
                vermerk=vermerk,
                durch=angemeldetes(request.user),
                heute=heute(),
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
        else:
            messages.success(request, f"Die Zustimmung von {kommune} ist festgehalten.")
            return redirect(veroeffentlichung)
    return _seite(request, veroeffentlichung, zustimmung=form)


@require_POST
def zustimmung_zuruecknehmen(request: HttpRequest, pk: int, vpk: int, ags: str) -> HttpResponse:
    veroeffentlichung = _sichtbare(request, pk, vpk)
    kommune = get_object_or_404(Kommune, ags=ags)
    if not zustimmende_kommunen(request.user).filter(pk=kommune.pk).exists():
        raise PermissionDenied("Eine Zustimmung nimmt nur zurück, wer sie geben kann.")
    with ablehnung_melden(request):
        ablauf.zustimmung_zuruecknehmen(
            veroeffentlichung=veroeffentlichung, kommune=kommune, durch=angemeldetes(request.user)
        )
        messages.success(request, f"Die Zustimmung von {kommune} ist zurückgenommen.")
    return redirect(veroeffentlichung)


@require_POST
def freigeben(request: HttpRequest, pk: int, vpk: int) -> HttpResponse:
    veroeffentlichung = _bearbeitbare(request, pk, vpk)
    try:
        freigegebene = ablauf.freigeben(
            veroeffentlichung=veroeffentlichung, durch=angemeldetes(request.user), heute=heute()
        )
    except ValidationError as fehler:
        veroeffentlichung.refresh_from_db()
        return _seite(request, veroeffentlichung, abgelehnt=fehler.messages, status=HTTPStatus.CONFLICT)
    messages.success(request, f"Veröffentlicht: {abfragen.sichtbarkeit(freigegebene, heute=heute())}.")
    return redirect(freigegebene)


@require_POST
def zuruecknehmen(request: HttpRequest, pk: int, vpk: int) -> HttpResponse:
    veroeffentlichung = _bearbeitbare(request, pk, vpk)
    form = RuecknahmeForm(request.POST)
    if form.is_valid():
        try:
            ablauf.zuruecknehmen(
                veroeffentlichung=veroeffentlichung,
                **form.cleaned_data,
                durch=angemeldetes(request.user),
                heute=heute(),
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
        else:
            messages.success(request, "Die Veröffentlichung ist zurückgenommen.")
            return redirect(veroeffentlichung)
    return _seite(request, veroeffentlichung, ruecknahme=form)


@require_POST
def verwerfen(request: HttpRequest, pk: int, vpk: int) -> HttpResponse:
    veroeffentlichung = _bearbeitbare(request, pk, vpk)
    with ablehnung_melden(request):
        ablauf.verwerfen(veroeffentlichung=veroeffentlichung, durch=angemeldetes(request.user))
        messages.success(request, "Der Entwurf ist verworfen.")
        return redirect(veroeffentlichung.erhebung)
    return redirect(veroeffentlichung)


# --- shared -----------------------------------------------------------------------------------------------------------
def _sichtbare(request: HttpRequest, pk: int, vpk: int) -> Veroeffentlichung:
    sichtbare = sichtbare_veroeffentlichungen(request.user).select_related("erhebung")
    return get_object_or_404(sichtbare, erhebung=pk, pk=vpk)


def _bearbeitbare(request: HttpRequest, pk: int, vpk: int) -> Veroeffentlichung:
    veroeffentlichung = _sichtbare(request, pk, vpk)
    if not darf_veroeffentlichen(request.user):
        raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
    return veroeffentlichung


def _zustimmungsformular(konto: Betrachter, kommunen: QuerySet[Kommune], daten: Any = None) -> ZustimmungForm:
    return ZustimmungForm(daten, kommunen=kommunen, im_auftrag=darf_veroeffentlichen(konto))


def _inhalt(veroeffentlichung: Veroeffentlichung) -> anonym.Inhalt:
    """Return it where `zeigt_inhalt`: then there is one (constraint)."""
    return cast(anonym.Inhalt, veroeffentlichung.inhalt)


def _als_datei(veroeffentlichung: Veroeffentlichung, art: str) -> HttpResponse:
    if art not in export.INHALTSTYPEN:
        raise BadRequest("Dieses Dateiformat gibt es nicht. Möglich sind „xlsx“ und „csv“.")
    name = f"bestandsaufnahme-anonymisiert-{veroeffentlichung.erhebung.stichtag.isoformat()}"
    return export_antwort(art, name=name, kopf=anonym.KOPF, zeilen=anonym.exportzeilen(_inhalt(veroeffentlichung)))


def _seite(
    request: HttpRequest,
    veroeffentlichung: Veroeffentlichung,
    *,
    zustimmung: ZustimmungForm | None = None,
    ruecknahme: RuecknahmeForm | None = None,
    abgelehnt: list[str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    kontext = {
        "veroeffentlichung": veroeffentlichung,
        "erhebung": veroeffentlichung.erhebung,
        "sichtbarkeit": abfragen.sichtbarkeit(veroeffentlichung, heute=heute()),
        "darf_bearbeiten": darf_veroeffentlichen(request.user),
        "darf_verlauf_sehen": darf_verlauf_der_veroeffentlichung_sehen(request.user, veroeffentlichung),
        "ruecknahme": ruecknahme or RuecknahmeForm(),
        "abgelehnt": abgelehnt,
    }
    zustand = veroeffentlichung.marke_des_status
    vorlage = VORLAGEN.get(zustand) or VORLAGEN_VEROEFFENTLICHT[VeroeffentlichungArt(veroeffentlichung.art)]
    if zustand == VeroeffentlichungStatus.ENTWURF:
        kontext |= _werkstatt(request, veroeffentlichung, zustimmung)
    elif veroeffentlichung.zeigt_inhalt:
        kontext["ergebnis"] = anonym.ergebnis(_inhalt(veroeffentlichung))
    return render(request, vorlage, kontext, status=status)


def _werkstatt(
    request: HttpRequest, veroeffentlichung: Veroeffentlichung, zustimmung: ZustimmungForm | None
) -> dict[str, Any]:
    kommunen = zustimmende_kommunen(request.user)
    return {
        "werkstatt": abfragen.werkstatt(veroeffentlichung),
        "auch_mit_namen": abfragen.mit_namen_oeffentlich(veroeffentlichung.erhebung),
        "zustimmung": zustimmung or _zustimmungsformular(request.user, kommunen),
        "zustimmende": set(kommunen.values_list("ags", flat=True)),
    }
