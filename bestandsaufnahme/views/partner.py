"""External partners: who they are, and in which Kooperationen they take part."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.generic import DetailView, FormView

from bestandsaufnahme.abfragen.kooperation import partner as abfragen
from bestandsaufnahme.ablaeufe import partner as ablauf
from bestandsaufnahme.filtersets.kooperation import PartnerFilter
from bestandsaufnahme.forms.partner import PartnerBearbeitenForm, PartnerForm
from bestandsaufnahme.models import ExternerPartner
from bestandsaufnahme.rechte import (
    darf_kooperation_bearbeiten,
    darf_verlauf_des_partners_sehen,
    geheime_erhebungen,
    sichtbare_kooperationen,
    sichtbare_partner,
)
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import Betrachter, angemeldetes

NUR_GESCHAEFTSSTELLE = "Externe Partner pflegt die Geschäftsstelle."


def sicht(konto: Betrachter) -> dict[str, Any]:
    """Return what decides which Kooperationen are told of a partner."""
    geheime = list(geheime_erhebungen(konto))
    return {"kooperationen": sichtbare_kooperationen(konto), "heute": heute(), "geheime": geheime}


@method_decorator(login_not_required, name="dispatch")
class PartnerListView(ListenAnsicht):
    template_name = "bestandsaufnahme/partner/liste.html"
    filterset_class = PartnerFilter
    exportname = "externe-partner"
    spalten = (("Name", lambda partner: partner.name), ("Hinweis", lambda partner: partner.hinweis))

    def sichtbare(self) -> QuerySet[ExternerPartner]:
        return sichtbare_partner(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {
            **kontext,
            "zeilen": abfragen.zeilen(kontext["object_list"], **sicht(self.request.user)),
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} externen Partnern",
            "darf_bearbeiten": darf_kooperation_bearbeiten(self.request.user),
        }


@method_decorator(login_not_required, name="dispatch")
class PartnerDetailView(DetailView):
    template_name = "bestandsaufnahme/partner/detail.html"
    context_object_name = "partner"

    def get_queryset(self) -> QuerySet[ExternerPartner]:
        return sichtbare_partner(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        darf_sehen = sicht(self.request.user)
        (zeile,) = abfragen.zeilen([self.object], **darf_sehen)
        return super().get_context_data(
            **kwargs,
            zeile=zeile,
            fruehere=abfragen.fruehere(self.object, **darf_sehen),
            darf_bearbeiten=darf_kooperation_bearbeiten(self.request.user),
            darf_verlauf_sehen=darf_verlauf_des_partners_sehen(self.request.user, self.object),
        )


class PartnerFormularView(FormView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if "pk" in kwargs:
            self.partner = get_object_or_404(sichtbare_partner(request.user), pk=kwargs["pk"])
        if not darf_kooperation_bearbeiten(request.user):
            raise PermissionDenied(NUR_GESCHAEFTSSTELLE)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            gesichert = self.sichern({**form.cleaned_data, "durch": angemeldetes(self.request.user)})
        except ValidationError as fehler:
            return self.abgelehnt(form, fehler)
        messages.success(self.request, f"Der Partner „{gesichert}“ ist gespeichert.")
        return redirect(gesichert)

    def abgelehnt(self, form: Any, fehler: ValidationError) -> HttpResponse:
        fehler_eintragen(form, fehler)
        return self.form_invalid(form)

    def sichern(self, werte: dict[str, Any]) -> ExternerPartner:
        raise NotImplementedError


class PartnerNeuView(PartnerFormularView):
    template_name = "bestandsaufnahme/partner/neu.html"
    form_class = PartnerForm

    def sichern(self, werte: dict[str, Any]) -> ExternerPartner:
        return ablauf.anlegen(**werte)


class PartnerBearbeitenView(PartnerFormularView):
    template_name = "bestandsaufnahme/partner/bearbeiten.html"
    form_class = PartnerBearbeitenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "partner": self.partner}

    def sichern(self, werte: dict[str, Any]) -> ExternerPartner:
        return ablauf.bearbeiten(partner=self.partner, **werte)

    def abgelehnt(self, form: Any, fehler: ValidationError) -> HttpResponse:
        if getattr(fehler, "code", "") == "veraltet":
            self.partner.refresh_from_db()
            form.data = form.data.copy()
            form.data["gelesen"] = abfragen.fassung(self.partner)
        return super().abgelehnt(form, fehler)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, partner=self.partner)
