from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from bestandsaufnahme.abfragen.interesse import eigene
from bestandsaufnahme.abfragen.interesse.interesse import mit_allem
from bestandsaufnahme.rechte import bekundbare_kommunen, darf_interesse_abgeben, sichtbare_interessen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import spitze_von


class InteresseEigeneView(TemplateView):
    """The declarations of the Kommunen that one acts for, each with its next step."""

    template_name = "bestandsaufnahme/interesse/eigene.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not darf_interesse_abgeben(request.user):
            raise PermissionDenied(
                "Diese Seite ist für Personen, die für eine Kommune handeln. "
                "Alle abgegebenen Interessen finden Sie unter „Interessen“."
            )
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kommunen = bekundbare_kommunen(self.request.user)
        interessen = sichtbare_interessen(self.request.user).filter(kommune__in=kommunen)
        seiten = eigene.je_kommune(
            kommunen, mit_allem(interessen), bestaetigbar=spitze_von(self.request.user), heute=heute()
        )
        return super().get_context_data(**kwargs, seiten=seiten, mehrere=len(seiten) > 1)
