from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from bestandsaufnahme.rechte import sichtbare_aufgabenfelder
from ikz_portal.basis.ansichten import ListenAnsicht
from projekte.rechte import sichtbare_projekte
from wissen.abfragen import mit_feldern, zeilen
from wissen.filtersets import BeitragFilter
from wissen.models import Beitrag
from wissen.rechte import darf_verlauf_des_beitrags_sehen, sichtbare_beitraege


@method_decorator(login_not_required, name="dispatch")
class BeitragListView(ListenAnsicht):
    template_name = "wissen/beitrag/liste.html"
    context_object_name = "beitraege"
    filterset_class = BeitragFilter
    exportname = "wissen"
    spalten = (
        ("Titel", lambda beitrag: beitrag.titel),
        ("Art", Beitrag.get_art_display),
        ("Worum es geht", lambda beitrag: beitrag.kurztext),
        ("Aufgabenfelder", lambda beitrag: ", ".join(feld.name for feld in beitrag.aufgabenfelder.all())),
        ("veröffentlicht am", lambda beitrag: beitrag.veroeffentlicht_am),
        ("Sichtbarkeit", Beitrag.get_sichtbarkeit_display),
        ("Beispiel", lambda beitrag: "ja" if beitrag.beispiel else ""),
    )

    def sichtbare(self) -> QuerySet[Beitrag]:
        return mit_feldern(sichtbare_beitraege(self.request.user))

    def filterset_kwargs(self) -> dict[str, Any]:
        return {"aufgabenfelder": sichtbare_aufgabenfelder(self.request.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        was = "Beitrag" if self.anzahl_gesamt == 1 else "Beiträgen"
        treffer = f"{kontext['paginator'].count} von {self.anzahl_gesamt} {was}"
        return {**kontext, "zeilen": zeilen(kontext["beitraege"]), "treffer": treffer}


@method_decorator(login_not_required, name="dispatch")
class BeitragDetailView(DetailView):
    template_name = "wissen/beitrag/detail.html"
    context_object_name = "beitrag"

    def get_queryset(self) -> QuerySet[Beitrag]:
        return sichtbare_beitraege(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A Projekt that this person may not see is not named."""
        projekt = sichtbare_projekte(self.request.user).filter(pk=self.object.projekt_id or 0).first()
        return super().get_context_data(
            **kwargs,
            felder=self.object.aufgabenfelder.all(),
            projekt=projekt,
            darf_verlauf_sehen=darf_verlauf_des_beitrags_sehen(self.request.user, self.object),
        )
