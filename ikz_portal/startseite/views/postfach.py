from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.generic import ListView

from ikz_portal.basis import laeufe, post
from ikz_portal.basis.models import Postausgang
from kommunen.rechte import ist_geschaeftsstelle


@dataclass(frozen=True, slots=True)
class Brief:
    """A mail as its recipient gets it, or with the reason why its link can't be told any more."""

    post: Postausgang
    text: str
    mangel: str = ""


class PostfachView(ListView):
    """The mailbox of the demo: every mail that the portal wrote. Outside of the demo there is none."""

    template_name = "startseite/postfach.html"
    context_object_name = "nachrichten"
    paginate_by = 50
    page_kwarg = "seite"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.IKZ_DEMO:
            raise Http404("Ein Postfach gibt es nur im Demosystem.")
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Postausgang]:
        if not ist_geschaeftsstelle(self.request.user):
            raise PermissionDenied("Das Postfach des Demosystems sieht nur die Geschäftsstelle.")
        return Postausgang.objects.select_related("lauf")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        briefe = [_brief(nachricht) for nachricht in kontext["nachrichten"]]
        return {**kontext, "briefe": briefe, "verschickt": settings.EMAIL_URL_GESETZT}


def _brief(nachricht: Postausgang) -> Brief:
    try:
        return Brief(nachricht, post.mit_link(nachricht))
    except laeufe.Scheitern as grund:
        return Brief(nachricht, nachricht.text, str(grund))
