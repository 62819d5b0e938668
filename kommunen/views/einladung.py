"""Inviting somebody, and the page behind the link of an invitation."""

from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.formate import tag_lang
from ikz_portal.basis.formulare import fehler_eintragen
from kommunen.ablaeufe import einladung as ablauf
from kommunen.forms.einladung import AnnahmeForm, EinladungForm
from kommunen.models import Einladung
from kommunen.rechte import angemeldetes, einladbare_kommunen, einladbare_rollen, sichtbare_einladungen
from kommunen.views.sitzung import braucht_zweiten_faktor

# How often, per Konto and per address. The second counts links that open nothing, and forms.
GRENZEN = {"einladen": "30/h/user", "annehmen": "30/5m/ip"}
ZU_VIELE = "Mehr als 30 Einladungen in einer Stunde nimmt das Portal nicht an. Bitte machen Sie später weiter."
EINLADEN_DUERFEN = "Einladen können die Geschäftsstelle und, für die eigene Kommune, die Verwaltungsspitze."


class EinladungNeuView(FormView):
    template_name = "kommunen/einladung/neu.html"
    form_class = EinladungForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.rollen = einladbare_rollen(request.user)
        if not self.rollen:
            raise PermissionDenied(EINLADEN_DUERFEN)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kommunen = einladbare_kommunen(self.request.user)
        return {**super().get_form_kwargs(), "rollen": self.rollen, "kommunen": kommunen}

    def form_valid(self, form: EinladungForm) -> HttpResponse:
        if not _noch_erlaubt(self.request):
            form.add_error(None, ZU_VIELE)
            return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.TOO_MANY_REQUESTS)
        konto = angemeldetes(self.request.user)
        try:
            einladung, _ = ablauf.einladen(**form.cleaned_data, durch=konto, jetzt=timezone.now())
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        _bestaetigen(self.request, einladung)
        return redirect("konto_liste")


@require_POST
def erneut_schicken(request: HttpRequest, pk: int) -> HttpResponse:
    einladung = get_object_or_404(sichtbare_einladungen(request.user), pk=pk)
    if not _noch_erlaubt(request):
        return ratelimit.respond_429(request)
    with ablehnung_melden(request):
        neue = ablauf.erneut_schicken(einladung=einladung, durch=angemeldetes(request.user), jetzt=timezone.now())
        _bestaetigen(request, neue)
    return redirect("konto_liste")


@require_POST
def zurueckziehen(request: HttpRequest, pk: int) -> HttpResponse:
    einladung = get_object_or_404(sichtbare_einladungen(request.user), pk=pk)
    with ablehnung_melden(request):
        ablauf.zurueckziehen(einladung=einladung, durch=angemeldetes(request.user), jetzt=timezone.now())
        messages.success(request, f"Die Einladung an {einladung.email} ist zurückgezogen. Ihr Link gilt nicht mehr.")
    return redirect("konto_liste")


@method_decorator([login_not_required, never_cache, sensitive_post_parameters()], name="dispatch")
class EinladungAnnehmenView(FormView):
    """Where the link of an invitation leads. Links that open nothing all get the same page, whatever the reason."""

    template_name = "kommunen/einladung/annehmen.html"
    form_class = AnnahmeForm
    einladung: Einladung

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        gefunden = ablauf.finden(kwargs["token"], jetzt=timezone.now())
        if (gefunden is None or request.method == "POST") and not self.noch_erlaubt():
            return ratelimit.respond_429(request)
        if gefunden is None:
            return self.ungueltig()
        if request.user.is_authenticated:
            return render(request, "kommunen/einladung/angemeldet.html", {"einladung": gefunden})
        self.einladung = gefunden
        return super().dispatch(request, *args, **kwargs)

    def noch_erlaubt(self) -> bool:
        return bool(ratelimit.consume(self.request, app="kommunen", action="annehmen", config=GRENZEN, limit_get=True))

    def ungueltig(self) -> HttpResponse:
        return render(self.request, "kommunen/einladung/ungueltig.html", status=HTTPStatus.NOT_FOUND)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "einladung": self.einladung}

    def form_valid(self, form: AnnahmeForm) -> HttpResponse:
        try:
            konto = ablauf.annehmen(token=self.kwargs["token"], **form.cleaned_data, jetzt=timezone.now())
        except ablauf.Verfallen:
            return self.ungueltig()
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        anmeldung = Login(user=konto, email=konto.email, redirect_url=reverse("start"))
        antwort = perform_password_login(self.request, {"email": konto.email}, anmeldung)
        if not braucht_zweiten_faktor(self.request):  # who must set one up is sent where it is said
            messages.success(self.request, _willkommen())
        return antwort

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, einladung=self.einladung)


def _noch_erlaubt(request: HttpRequest) -> bool:
    return bool(ratelimit.consume(request, app="kommunen", action="einladen", config=GRENZEN))


def _bestaetigen(request: HttpRequest, einladung: Einladung) -> None:
    messages.success(
        request,
        f"Die Einladung an {einladung.email} wird verschickt. Der Link darin gilt bis zum "
        f"{tag_lang(einladung.gueltig_bis)}. Ist sie angenommen, steht die Person unten in der Liste der Konten.",
    )


def _willkommen() -> str:
    satz = (
        'Ihr Konto ist eingerichtet. Richten Sie am besten gleich einen <a href="{}">zweiten Faktor</a> ein: '
        "Er schützt Ihr Konto, falls jemand Ihr Passwort erfährt."
    )
    return format_html(satz, reverse("mfa_index"))
