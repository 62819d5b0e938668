from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from bestandsaufnahme.rechte import darf_interesse_bekunden_fuer
from ikz_portal.basis.zeit import heute
from ikz_portal.startseite.abfragen.kommune import kommune_seite
from kommunen.models import Kommune
from kommunen.rechte import darf_verlauf_der_kommune_sehen, sichtbare_kommunen


@method_decorator(login_not_required, name="dispatch")
class KommuneDetailView(DetailView):
    template_name = "startseite/kommune.html"
    context_object_name = "kommune"

    def get_queryset(self) -> QuerySet[Kommune]:
        return sichtbare_kommunen(self.request.user)

    def get_object(self, queryset: QuerySet[Kommune] | None = None) -> Kommune:
        ags = self.kwargs["ags"]
        kommune = self.get_queryset().filter(ags=ags).first() if ags.isascii() and ags.isdigit() else None
        if kommune is None:
            raise Http404(f"Eine Kommune mit dem AGS „{ags[:20]}“ gibt es nicht.")
        return kommune

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seite = kommune_seite(self.object, konto=self.request.user, heute=heute())
        konto = self.request.user
        darf_abgeben = darf_interesse_bekunden_fuer(konto, self.object)
        return super().get_context_data(
            **kwargs,
            seite=seite,
            darf_abgeben=darf_abgeben,
            darf_verlauf_sehen=darf_verlauf_der_kommune_sehen(konto, self.object),
        )
