from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from bestandsaufnahme.abfragen.kooperation import zeilen
from bestandsaufnahme.abfragen.matrix import angaben
from bestandsaufnahme.models import Kooperation
from bestandsaufnahme.rechte import (
    darf_verlauf_der_kooperation_sehen,
    sichtbare_beteiligungen,
    sichtbare_kooperationen,
)


@method_decorator(login_not_required, name="dispatch")
class KooperationDetailView(DetailView):
    template_name = "bestandsaufnahme/kooperation/detail.html"
    context_object_name = "kooperation"

    def get_queryset(self) -> QuerySet[Kooperation]:
        sichtbare = sichtbare_kooperationen(self.request.user)
        return sichtbare.select_related("kooperationsfeld__aufgabenfeld").prefetch_related("externe_partner")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        beteiligte = zeilen(sichtbare_beteiligungen(self.request.user).filter(kooperation=self.object))
        return super().get_context_data(
            **kwargs,
            angaben=angaben(self.object),
            beteiligte=beteiligte,
            darf_verlauf_sehen=darf_verlauf_der_kooperation_sehen(self.request.user, self.object),
        )
