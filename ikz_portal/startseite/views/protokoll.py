from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from bestandsaufnahme.rechte import sichtbare_aenderungen
from ikz_portal.basis import verlauf
from ikz_portal.basis.ansichten import ListenAnsicht, export_antwort
from ikz_portal.basis.formate import zahl
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from ikz_portal.startseite.abfragen import protokoll
from ikz_portal.startseite.filtersets import ProtokollFilter
from kommunen.rechte import darf_protokoll_sehen, sichtbare_konten


class ProtokollView(ListenAnsicht):
    """Who changed what, when, over all objects: for the Geschäftsstelle."""

    template_name = "startseite/protokoll.html"
    filterset_class = ProtokollFilter
    paginator_class = protokoll.KappenderPaginator
    exportname = "protokoll"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not darf_protokoll_sehen(request.user):
            raise PermissionDenied("Das Protokoll liest die Geschäftsstelle.")
        return super().get(request, *args, **kwargs)

    def sichtbare(self) -> AenderungQuerySet:
        return verlauf.lesbare(sichtbare_aenderungen(self.request.user))

    def gesamtzahl(self, sichtbare: QuerySet[Any]) -> int:
        """Nobody needs it here, and counting a record that grows for ever would be slow."""
        return 0

    def filterset_kwargs(self) -> dict[str, Any]:
        return {"konten": sichtbare_konten(self.request.user).order_by("name", "pk")}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("konto", "fuer").order_by("-am", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        paginator = kontext["paginator"]
        return {
            **kontext,
            "vorgaenge": verlauf.vorgaenge(kontext["object_list"]),
            "treffer": _treffer(paginator),
            "gekappt": paginator.gekappt,
        }

    def als_datei(self, art: str) -> HttpResponse:
        gefiltert = self.get_queryset()
        if protokoll.KappenderPaginator(gefiltert, 1).gekappt:
            satz = f"Das sind mehr als {zahl(protokoll.HOECHSTENS)} Einträge. Bitte grenzen Sie den Zeitraum ein."
            raise BadRequest(satz)
        return export_antwort(art, name=self.exportname, kopf=protokoll.KOPF, zeilen=protokoll.zeilen(gefiltert))


def _treffer(paginator: protokoll.KappenderPaginator) -> str:
    if paginator.gekappt:
        return f"die neuesten {zahl(protokoll.HOECHSTENS)} Einträge"
    return "1 Eintrag" if paginator.count == 1 else f"{zahl(paginator.count)} Einträge"
