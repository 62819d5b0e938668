"""The own Konto: what it is, and the confirmation of a new address."""

from typing import Any

from allauth.account.views import ConfirmEmailView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from kommunen import rechte
from kommunen.abfragen.profil import aemter_in_worten
from kommunen.ablaeufe import konto as ablauf
from kommunen.forms.profil import ProfilForm
from kommunen.models import Konto


class ProfilView(BearbeitenAnsicht):
    template_name = "kommunen/profil/profil.html"
    template_veraltet = "kommunen/profil/veraltet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # a Konto of its own: what the form writes into it must not show up in the head of the page
        self.objekt = Konto.objects.get(pk=rechte.angemeldetes(request.user).pk)

    def formular(self, daten: QueryDict | None, objekt: Konto) -> ProfilForm:
        return ProfilForm(daten, instance=objekt)

    def sichern(self, form: ProfilForm) -> Konto:
        return ablauf.profil_aendern(konto=self.objekt, **form.cleaned_data)

    def gesichert(self, objekt: Konto) -> HttpResponse:
        messages.success(self.request, "Ihre Angaben sind gespeichert.")
        return redirect("konto_profil")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        konto = rechte.angemeldetes(self.request.user)
        aemter = aemter_in_worten(rechte.aemter(konto))
        return super().get_context_data(**kwargs, aemter=aemter)


@method_decorator(login_required, name="dispatch")
class AdresseBestaetigenView(ConfirmEmailView):
    """Only its owner, signed in, makes an address the own one: who gets a mistyped one's mail can't take the Konto."""

    def get_object(self, queryset: Any = None) -> Any:
        bestaetigung = super().get_object(queryset)
        if bestaetigung.email_address.user_id != self.request.user.pk:
            raise Http404
        return bestaetigung

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except Http404:
            self.object = None
            return self.render_to_response(self.get_context_data())

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, status=200 if self.object else 404, **kwargs)
