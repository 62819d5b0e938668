from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from bestandsaufnahme.abfragen.kooperation import zeilen
from bestandsaufnahme.abfragen.matrix import am_tag, angaben
from bestandsaufnahme.models import Kooperation
from bestandsaufnahme.rechte import (
    darf_verlauf_der_kooperation_sehen,
    geheime_erhebungen,
    sichtbare_beteiligungen,
    sichtbare_kooperationen,
)
from ikz_portal.basis.zeit import heute


@method_decorator(login_not_required, name="dispatch")
class KooperationDetailView(DetailView):
    template_name = "bestandsaufnahme/kooperation/detail.html"
    context_object_name = "kooperation"

    def get_queryset(self) -> QuerySet[Kooperation]:
        return sichtbare_kooperationen(self.request.user).select_related("kooperationsfeld__aufgabenfeld")

    def get_object(self, queryset: QuerySet[Kooperation] | None = None) -> Kooperation:
        eine = (queryset or self.get_queryset()).filter(pk=self.kwargs["pk"])
        geheime = list(geheime_erhebungen(self.request.user))
        for kooperation, self.bestaetigt in am_tag(eine, heute(), geheime=geheime):
            return kooperation
        raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        beteiligte = zeilen(sichtbare_beteiligungen(self.request.user).filter(kooperation=self.object))
        return super().get_context_data(
            **kwargs,
            angaben=angaben(self.object, bestaetigt=self.bestaetigt),
            beteiligte=beteiligte,
            darf_verlauf_sehen=darf_verlauf_der_kooperation_sehen(self.request.user, self.object),
        )
