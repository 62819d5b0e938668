from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from ikz_portal.basis import post
from ikz_portal.basis.ansichten import ListenAnsicht, ablehnung_melden
from ikz_portal.basis.auswahl import PostStatus
from ikz_portal.basis.models import Postausgang
from ikz_portal.betrieb import abfragen, fristen
from ikz_portal.betrieb.filtersets import NachrichtFilter
from ikz_portal.betrieb.rechte import darf_nachrichten_sehen, sichtbare_nachrichten
from kommunen.rechte import angemeldetes

VERWEIGERT = "Die versandten Nachrichten sieht nur die Geschäftsstelle."


class NachrichtListView(ListenAnsicht):
    """The state of every mail of the last weeks."""

    template_name = "betrieb/nachricht/liste.html"
    context_object_name = "posten"
    filterset_class = NachrichtFilter
    exportname = "nachrichten"
    spalten = (
        ("Geschrieben", lambda zeile: zeile.angelegt_am),
        ("An", lambda zeile: zeile.an),
        ("Betreff", lambda zeile: zeile.betreff),
        ("Zustand", lambda zeile: zeile.get_status_display()),
        ("Gesendet", lambda zeile: zeile.gesendet_am),
        ("Versuche", lambda zeile: zeile.lauf.versuche),
        ("Grund", lambda zeile: zeile.lauf.fehler),
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _verweigern(request)
        return super().dispatch(request, *args, **kwargs)

    def sichtbare(self) -> QuerySet[Postausgang]:
        return sichtbare_nachrichten(self.request.user).select_related("lauf")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        parameter = self.request.GET.copy()
        parameter.pop(self.page_kwarg, None)
        return {
            **kontext,
            "zeilen": abfragen.nachrichten(kontext["posten"]),
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} Nachrichten",
            "parameter": parameter.urlencode(),
            "gescheiterte": f"status={PostStatus.FEHLGESCHLAGEN}",
            "ohne_server": not (settings.EMAIL_URL_GESETZT or settings.IKZ_DEMO),
            "tage": settings.FRISTEN["nachricht"],
            "im_protokoll_warten": fristen.wartende_eintraege(timezone.now()),
        }


class NachrichtDetailView(DetailView):
    """One mail with its text, but without the personal link: that is for the recipient alone."""

    template_name = "betrieb/nachricht/detail.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _verweigern(request)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Postausgang]:
        return sichtbare_nachrichten(self.request.user).select_related("lauf")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, nachricht=abfragen.nachricht(self.object))


@require_POST
def wiederholen(request: HttpRequest, pk: int) -> HttpResponse:
    _verweigern(request)
    nachricht = get_object_or_404(sichtbare_nachrichten(request.user), pk=pk)
    with ablehnung_melden(request):
        post.wiederholen(post=nachricht, durch=angemeldetes(request.user))
        messages.success(request, f"Die Nachricht an {nachricht.an} wird erneut gesendet.")
    return redirect("nachricht_detail", pk=pk)


def _verweigern(request: HttpRequest) -> None:
    if not darf_nachrichten_sehen(request.user):
        raise PermissionDenied(VERWEIGERT)
