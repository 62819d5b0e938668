"""How one wants to be told by e-mail, and the page behind the link that unsubscribes."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, TemplateView

from bestandsaufnahme.rechte import betreffende_anlaesse
from ikz_portal.startseite.abfragen import sammlung
from ikz_portal.startseite.abfragen.beobachtung import beobachtbare_felder
from kommunen.abfragen.meldung import gewuenschte_rhythmen
from kommunen.ablaeufe import meldewunsch
from kommunen.forms.meldewunsch import MeldewunschForm
from kommunen.rechte import angemeldetes


class BenachrichtigungenView(FormView):
    template_name = "startseite/benachrichtigungen.html"
    form_class = MeldewunschForm

    def get_form_kwargs(self) -> dict[str, Any]:
        konto = angemeldetes(self.request.user)
        rhythmen = gewuenschte_rhythmen(konto)
        return {**super().get_form_kwargs(), "rhythmen": {a: rhythmen[a] for a in betreffende_anlaesse(konto)}}

    def form_valid(self, form: MeldewunschForm) -> HttpResponse:
        meldewunsch.wuenschen(rhythmen=form.gewaehlte(), durch=angemeldetes(self.request.user))
        messages.success(self.request, "Ihre Wahl ist gespeichert.")
        return redirect("benachrichtigungen")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            felder=beobachtbare_felder(self.request.user),
            sammlung=sammlung.naechste(timezone.now()),
            ab=sammlung.STUNDEN.start,
        )


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class AbbestellenView(TemplateView):
    """What the link in a mail unsubscribes: told by GET, which mail programs and scanners send unasked; done by POST.

    Exempt from the check of forms, since a mail program posts without having seen the page (RFC 8058). That is safe:
    the signed token is the secret, no session lends its rights to the request, and all it can do is to end these
    mails. Answered without a redirect, which that POST doesn't follow, and without a word about whose Konto it is.
    """

    template_name = "startseite/abbestellen.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.abbestellung = meldewunsch.gelesen(kwargs["token"])
        if self.abbestellung is None:
            return self.ungueltig()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.abbestellung is None or not meldewunsch.abbestellen(abbestellung=self.abbestellung):
            return self.ungueltig()
        return self.render_to_response(self.get_context_data(abbestellt=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        anlaesse = self.abbestellung.anlaesse if self.abbestellung else ()
        return super().get_context_data(**kwargs, anlaesse=[anlass.label for anlass in anlaesse])

    def ungueltig(self) -> HttpResponse:
        return render(self.request, "startseite/abbestellen_ungueltig.html", status=HTTPStatus.NOT_FOUND)
