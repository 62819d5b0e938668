"""The legal pages, open to everybody."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from ikz_portal.startseite.abfragen.fristen import dauern


@method_decorator(login_not_required, name="dispatch")
class ImpressumView(TemplateView):
    template_name = "startseite/impressum.html"


@method_decorator(login_not_required, name="dispatch")
class DatenschutzView(TemplateView):
    template_name = "startseite/datenschutz.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, fristen=dauern())


@method_decorator(login_not_required, name="dispatch")
class BarrierefreiheitView(TemplateView):
    template_name = "startseite/barrierefreiheit.html"
