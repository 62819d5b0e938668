from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.generic import ListView

from ikz_portal.basis.models import Postausgang
from kommunen.rechte import ist_geschaeftsstelle


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
            raise PermissionDenied
        return Postausgang.objects.select_related("lauf")
