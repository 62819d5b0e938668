"""All about one Aufgabenfeld, as a page and as the short excerpt that the form of a declaration shows."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from bestandsaufnahme.ablaeufe import beobachtung
from bestandsaufnahme.models import Aufgabenfeld
from bestandsaufnahme.rechte import darf_feld_beobachten, darf_interesse_abgeben, sichtbare_aufgabenfelder
from ikz_portal.basis.middleware import NICHT_AUFHEBEN
from ikz_portal.basis.zeit import heute
from ikz_portal.startseite.abfragen.aufgabenfeld import felder, feldseite
from ikz_portal.startseite.abfragen.feldseite import Teilfeld, teilfeld
from kommunen.rechte import angemeldetes
from projekte.rechte import darf_projekt_anlegen

AUSSCHNITT = "ausschnitt"


@method_decorator(login_not_required, name="dispatch")
class AufgabenfeldDetailView(DetailView):
    template_name = "startseite/aufgabenfeld.html"
    context_object_name = "feld"
    object: Aufgabenfeld

    def get_queryset(self) -> QuerySet[Aufgabenfeld]:
        return felder(self.request.user)

    def get_template_names(self) -> list[str]:
        return ["startseite/_feld_ausschnitt.html" if self.als_ausschnitt else self.template_name]

    @property
    def als_ausschnitt(self) -> bool:
        return AUSSCHNITT in self.request.GET

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        konto, teil = self.request.user, gewaehltes_teilfeld(self.request, self.object)
        seite = feldseite(
            self.object, teil=teil, konto=konto, heute=heute(), mindestens=settings.KONSTELLATION_MINDESTENS
        )
        return super().get_context_data(
            **kwargs,
            seite=seite,
            teil=teil,
            heute=heute(),
            url=teil.url if teil else self.object.get_absolute_url(),
            bekunden_url=f"{reverse('interesse_neu')}?feld={_wahl(self.object, teil)}",
            darf_abgeben=darf_interesse_abgeben(konto),
            darf_beobachten=darf_feld_beobachten(konto),
            darf_projekt_anlegen=darf_projekt_anlegen(konto),
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """What one person may see is never kept for another."""
        antwort = super().render_to_response(context, **kwargs)
        if self.als_ausschnitt:
            antwort.headers["Cache-Control"] = NICHT_AUFHEBEN
        patch_vary_headers(antwort, ["Cookie"])
        return antwort


def gewaehltes_teilfeld(request: HttpRequest, feld: Aufgabenfeld) -> Teilfeld | None:
    """Return the Kooperationsfeld that the address names, None where it names none."""
    genannt = request.GET.get("kooperationsfeld", "")
    if not genannt:
        return None
    if (teil := teilfeld(feld, genannt)) is None:
        raise Http404(f"Dieses Kooperationsfeld gibt es im Aufgabenfeld „{feld}“ nicht.")
    return teil


def _wahl(feld: Aufgabenfeld, teil: Teilfeld | None) -> str:
    """Return how the form of a declaration calls the field."""
    return f"kooperationsfeld-{teil.pk}" if teil else f"aufgabenfeld-{feld.pk}"


@require_POST
def beobachten(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a person follow the field, or no more (`beobachten=ja|nein`). `von` names the page that it was asked on."""
    feld = get_object_or_404(sichtbare_aufgabenfelder(request.user), slug=slug)
    if not darf_feld_beobachten(request.user):
        raise PermissionDenied("Ein Feld beobachten Sie nach der Anmeldung.")
    konto, wunsch = angemeldetes(request.user), request.POST.get("beobachten")
    if wunsch == "ja":
        beobachtung.beobachten(aufgabenfeld=feld, durch=konto, heute=heute())
        messages.success(request, f"Sie beobachten „{feld}“ und erfahren von neuen Interessen in diesem Feld.")
    elif wunsch == "nein":
        beobachtung.nicht_mehr_beobachten(aufgabenfeld=feld, durch=konto)
        messages.success(request, f"Sie beobachten „{feld}“ nicht mehr.")
    else:
        raise BadRequest("Bitte wählen Sie, ob Sie das Feld beobachten möchten.")
    return redirect("benachrichtigungen" if request.POST.get("von") == "benachrichtigungen" else feld)
