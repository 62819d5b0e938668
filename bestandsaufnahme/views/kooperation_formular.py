"""What the Geschäftsstelle writes of a Kooperation: new, edited, ended, not come about."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView
from django.views.generic.base import TemplateView

from bestandsaufnahme.abfragen.kooperation.beteiligung import Teilnahmezeile, teilnahmen
from bestandsaufnahme.ablaeufe import kooperation as ablauf
from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.forms.abschluss import EndeForm, ScheiternForm
from bestandsaufnahme.forms.beteiligung import TeilnehmendeForm
from bestandsaufnahme.forms.kooperation import KooperationForm
from bestandsaufnahme.models import Hemmnis, Kooperation
from bestandsaufnahme.models.kooperation import Hindernis, Partnerschaft
from bestandsaufnahme.rechte import (
    darf_kooperation_bearbeiten,
    sichtbare_aufgabenfelder,
    sichtbare_beteiligungen,
    sichtbare_erhebungen,
    sichtbare_kooperationen,
    sichtbare_partner,
)
from ikz_portal.basis import rueckblick
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import Betrachter, angemeldetes, sichtbare_kommunen

NUR_GESCHAEFTSSTELLE = "Kooperationen pflegt die Geschäftsstelle."
# Fields of the form that are an answer to what was changed, and say nothing of the Kooperation.
OHNE_VERGLEICH = ("art_der_aenderung", "ab", "neue_partner", "neues_aufgabenfeld", "neues_feld")


def aenderbare(konto: Betrachter, pk: int) -> Kooperation:
    """Return the Kooperation that this person may change; 404 for a stranger, 403 for a colleague."""
    kooperation = get_object_or_404(sichtbare_kooperationen(konto).select_related("kooperationsfeld"), pk=pk)
    if not darf_kooperation_bearbeiten(konto):
        raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
    return kooperation


def formular_kwargs(konto: Betrachter) -> dict[str, Any]:
    return {
        "felder": sichtbare_aufgabenfelder(konto).prefetch_related("kooperationsfelder__kooperationen"),
        "partner": sichtbare_partner(konto),
        "hemmnisse": Hemmnis.objects.all(),
        "heute": heute(),
    }


class KooperationNeuView(TemplateView):
    template_name = "bestandsaufnahme/kooperation/neu.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not darf_kooperation_bearbeiten(request.user):
            raise PermissionDenied(NUR_GESCHAEFTSSTELLE)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.zeigen(self.formular(), self.teilnehmende())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        formular, teilnehmende = self.formular(request.POST), self.teilnehmende(request.POST)
        if not all([formular.is_valid(), teilnehmende.is_valid()]):
            return self.zeigen(formular, teilnehmende)
        try:
            neue = ablauf.erfassen(
                angaben=formular.angaben(),
                teilnehmende=teilnehmende.teilnehmende(),
                neue_partner=formular.neue_partnernamen(),
                durch=angemeldetes(request.user),
            )
        except ValidationError as fehler:
            fehler_eintragen(formular, fehler)
            return self.zeigen(formular, teilnehmende)
        messages.success(request, f"Die Kooperation „{neue}“ ist angelegt.")
        return redirect(neue)

    def formular(self, daten: QueryDict | None = None) -> KooperationForm:
        vorgabe = {"kooperationsfeld": self.request.GET.get("feld", "")}
        return KooperationForm(daten, initial=vorgabe, **formular_kwargs(self.request.user))

    def teilnehmende(self, daten: QueryDict | None = None) -> TeilnehmendeForm:
        konto = self.request.user
        return TeilnehmendeForm(
            daten,
            prefix="teilnehmende",
            kommunen=sichtbare_kommunen(konto),
            erhebungen=sichtbare_erhebungen(konto),
        )

    def zeigen(self, formular: KooperationForm, teilnehmende: TeilnehmendeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(formular=formular, teilnehmende=teilnehmende))


class KooperationBearbeitenView(BearbeitenAnsicht):
    template_name = "bestandsaufnahme/kooperation/bearbeiten.html"
    template_veraltet = "bestandsaufnahme/kooperation/veraltet.html"
    mengen: dict[str, list[int]] | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.objekt = aenderbare(request.user, kwargs["pk"])

    def formular(self, daten: QueryDict | None, objekt: Kooperation) -> KooperationForm:
        frueher = self.mengen if objekt.version != self.objekt.version else None
        form = KooperationForm(daten, instance=objekt, initial=frueher, **formular_kwargs(self.request.user))
        if self.mengen is not None and daten is None:
            for name in OHNE_VERGLEICH:
                form.fields.pop(name, None)
        return form

    def sichern(self, form: KooperationForm) -> Kooperation:
        return ablauf.bearbeiten(
            kooperation=self.objekt,
            version=form.cleaned_data["version"],
            angaben=form.angaben(),
            neue_partner=form.neue_partnernamen(),
            ab=form.cleaned_data["ab"],
            durch=angemeldetes(self.request.user),
        )

    def veraltet(self, form: KooperationForm) -> HttpResponse:
        """What the two lists held in the version that was read stands in the record of their own rows."""
        seither = list(rueckblick.seit(self.objekt, form.cleaned_data["version"]))
        partner = rueckblick.vorher(Partnerschaft, Partnerschaft.objects.filter(kooperation=self.objekt), seither)
        hemmnisse = rueckblick.vorher(Hindernis, Hindernis.objects.filter(kooperation=self.objekt), seither)
        self.mengen = {
            "externe_partner": [zeile.externerpartner_id for zeile in partner],
            "hemmnisse": [zeile.hemmnis_id for zeile in hemmnisse],
        }
        return super().veraltet(form)

    def gesichert(self, objekt: Kooperation) -> HttpResponse:
        messages.success(self.request, f"Die Kooperation „{objekt}“ ist gespeichert.")
        return redirect(objekt)


class AbschlussView(FormView):
    """A step that ends a Kooperation; the page says beforehand whom it concerns."""

    kooperation: Kooperation

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kooperation = aenderbare(request.user, kwargs["pk"])

    def laufende(self) -> list[Teilnahmezeile]:
        sichtbare = sichtbare_beteiligungen(self.request.user).filter(kooperation=self.kooperation)
        return teilnahmen(sichtbare, heute=heute()).laufende

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, kooperation=self.kooperation, laufende=self.laufende())

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.abschliessen(form.cleaned_data)
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        return redirect(self.kooperation)

    def abschliessen(self, werte: dict[str, Any]) -> None:
        raise NotImplementedError


class KooperationBeendenView(AbschlussView):
    template_name = "bestandsaufnahme/kooperation/beenden.html"
    form_class = EndeForm

    def abschliessen(self, werte: dict[str, Any]) -> None:
        ablauf.beenden(kooperation=self.kooperation, **werte, durch=angemeldetes(self.request.user))
        messages.success(self.request, f"Das Ende von „{self.kooperation}“ ist eingetragen.")


class KooperationScheiternView(AbschlussView):
    template_name = "bestandsaufnahme/kooperation/scheitern.html"
    form_class = ScheiternForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "hemmnisse": Hemmnis.objects.all(), "heute": heute()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        bestehende = [zeile for zeile in kontext["laufende"] if zeile.status == BeteiligungStatus.BESTEHT]
        return {**kontext, "bestehende": bestehende}

    def abschliessen(self, werte: dict[str, Any]) -> None:
        ablauf.scheitern(kooperation=self.kooperation, **werte, durch=angemeldetes(self.request.user))
        messages.success(self.request, f"Eingetragen: „{self.kooperation}“ ist nicht zustande gekommen.")
