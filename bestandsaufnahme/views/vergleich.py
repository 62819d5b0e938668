from datetime import date
from functools import cached_property
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.decorators import method_decorator

from bestandsaufnahme.abfragen.matrix.matrix import erster_tag
from bestandsaufnahme.abfragen.vergleich import vergleich as abfragen
from bestandsaufnahme.abfragen.vergleich import vergleich_zeilen
from bestandsaufnahme.filtersets.vergleich import VergleichFilter
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from bestandsaufnahme.rechte import (
    geheime_erhebungen,
    massgebliche_erhebungen,
    sichtbare_aufgabenfelder,
    sichtbare_beteiligungen,
)
from ikz_portal.basis.ansichten import ListenAnsicht, export_antwort
from ikz_portal.basis.formate import tag
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import sichtbare_kommunen

ZEILEN_JE_SEITE = 30


@method_decorator(login_not_required, name="dispatch")
class VergleichView(ListenAnsicht):
    """What became of the matrix between two days, as far as the matrix itself may be seen."""

    template_name = "bestandsaufnahme/vergleich/vergleich.html"
    filterset_class = VergleichFilter
    paginate_by = None  # the Kooperationen are paged, not the marks
    exportname = "vergleich"

    def sichtbare(self) -> BeteiligungQuerySet:
        return sichtbare_beteiligungen(self.request.user)

    def gesamtzahl(self, sichtbare: QuerySet[Any]) -> int:
        """Nobody needs it here."""
        return 0

    @cached_property
    def erster_tag(self) -> date | None:
        return erster_tag(self.sichtbare())

    def filterset_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        return {
            "aufgabenfelder": sichtbare_aufgabenfelder(konto),
            "kommunen": sichtbare_kommunen(konto),
            "von": self._standard,
            "heute": heute(),
        }

    def _standard(self) -> date:
        """Return the Stichtag of the round before the newest, if something is known of it, else the first known day."""
        stichtage = [erhebung.stichtag for erhebung in massgebliche_erhebungen(self.request.user)[:2]]
        erster = self.erster_tag or heute()
        return max(stichtage[1], erster) if len(stichtage) > 1 else erster

    def angewandte_filter(self) -> list[tuple[str, str]]:
        """The two days stand above what is compared."""
        tage = tuple(f"{self.filterset.form.fields[name].label}:" for name in ("von", "bis"))
        return [(worte, url) for worte, url in super().angewandte_filter() if not worte.startswith(tage)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        von, bis = self.filterset.tage
        bild = self._vergleich(cast(BeteiligungQuerySet, self.object_list))
        paginator, seite, aenderungen, _ = self.paginate_queryset(
            cast(QuerySet[Any], bild.aenderungen), ZEILEN_JE_SEITE
        )
        return {
            **kontext,
            "von": von,
            "bis": bis,
            "bekannt": self._ist_bekannt(bild),
            "erster_tag": None if bild.bekannt else self.erster_tag,
            "vergleich": bild,
            "gruppen": vergleich_zeilen.gruppen(aenderungen, self._kommunen()),
            "kommunen": self._kommunen(),
            "paginator": paginator,
            "page_obj": seite,
            "tage": f"von={von.isoformat()}&bis={bis.isoformat()}",
        }

    def als_datei(self, art: str) -> HttpResponse:
        bild = self._vergleich(cast(BeteiligungQuerySet, self.get_queryset()))
        von, bis = self.filterset.tage
        if not self._ist_bekannt(bild):
            raise BadRequest(f"Über den {tag(von)} ist nichts bekannt. Bitte wählen Sie einen späteren ersten Tag.")
        return export_antwort(
            art,
            name=f"vergleich-{von.isoformat()}-{bis.isoformat()}",
            kopf=[*vergleich_zeilen.KOPF, f"am {tag(von)}", f"am {tag(bis)}"],
            zeilen=vergleich_zeilen.dateizeilen(bild.aenderungen, self._kommunen()),
        )

    def _vergleich(self, beteiligungen: BeteiligungQuerySet) -> abfragen.Vergleich:
        von, bis = self.filterset.tage
        geheime = list(geheime_erhebungen(self.request.user))
        return abfragen.vergleich(beteiligungen, von=von, bis=bis, kommunen=self._kommunen(), geheime=geheime)

    def _ist_bekannt(self, bild: abfragen.Vergleich) -> bool:
        """Whether anything is known of the first day: what the matrix says about an earlier one is nothing."""
        return bild.bekannt or (self.erster_tag is not None and self.erster_tag <= self.filterset.tage[0])

    def _kommunen(self) -> list[Kommune]:
        ags = self.filterset.gewaehlt("kommune")
        return [kommune for kommune in self.filterset.kommunen if not ags or kommune.ags == ags]
