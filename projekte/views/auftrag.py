from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.decorators import method_decorator

from projekte.abfragen.auftrag import blatt
from projekte.rechte import darf_internen_auftrag_sehen, darf_verlauf_des_projekts_sehen, sichtbare_auftraege
from projekte.views.projekt import ProjektSeite


@method_decorator(login_not_required, name="dispatch")
class AuftragDetailView(ProjektSeite):
    """The order in the version that the address names, else in the newest one that may be seen."""

    template_name = "projekte/auftrag/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        konto, projekt = self.request.user, self.object
        versionen = list(sichtbare_auftraege(konto).filter(projekt=projekt).order_by("-version"))
        gesucht = self.kwargs.get("version")
        auftrag = next((einer for einer in versionen if gesucht in {None, einer.version}), None)
        if auftrag is None and gesucht is not None:
            raise Http404
        if auftrag is not None:
            auftrag.projekt = projekt
        return {
            **kontext,
            "auftrag": auftrag and blatt(auftrag, intern=darf_internen_auftrag_sehen(konto, auftrag)),
            "versionen": versionen,
            "auftrag_pk": auftrag and auftrag.pk,
            "darf_verlauf_sehen": darf_verlauf_des_projekts_sehen(konto, projekt),
        }
