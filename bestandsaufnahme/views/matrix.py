from functools import cached_property
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator

from bestandsaufnahme.abfragen import matrix as abfragen
from bestandsaufnahme.filtersets.matrix import MatrixFilter
from bestandsaufnahme.models import Beteiligung, Erhebung, Kooperationsfeld
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from bestandsaufnahme.rechte import (
    geheime_erhebungen,
    massgebliche_erhebungen,
    sichtbare_aufgabenfelder,
    sichtbare_beteiligungen,
    sichtbare_kooperationsfelder,
)
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.formate import tag
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import sichtbare_kommunen


@method_decorator(login_not_required, name="dispatch")
class MatrixView(ListenAnsicht):
    template_name = "bestandsaufnahme/matrix/matrix.html"
    filterset_class = MatrixFilter
    paginate_by = None  # the matrix is one whole
    exportname = "bestandsaufnahme"
    spalten = (
        ("Aufgabenfeld", lambda zeile: zeile.kooperation.kooperationsfeld.aufgabenfeld.name),
        ("Kooperationsfeld", lambda zeile: zeile.kooperation.kooperationsfeld.name),
        ("Zeichen", lambda zeile: zeile.kooperation.symbol),
        ("Kooperation", lambda zeile: zeile.kooperation.bezeichnung),
        ("AGS", lambda zeile: zeile.kommune.ags),
        ("Kommune", lambda zeile: zeile.kommune.name),
        ("Status", Beteiligung.get_status_display),
        ("Rolle", Beteiligung.get_rolle_display),
        ("Bekannt durch", Beteiligung.get_herkunft_display),
        ("Belegt ab", lambda zeile: zeile.gilt_ab),
        ("Belegt bis (ausschließlich)", lambda zeile: zeile.ende),
    )

    @cached_property
    def erhebungen(self) -> list[Erhebung]:
        return list(massgebliche_erhebungen(self.request.user))

    def filterset_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        return {
            "aufgabenfelder": sichtbare_aufgabenfelder(konto),
            "kommunen": sichtbare_kommunen(konto),
            "heute": heute(),
            "standard": self.erhebungen[0].stichtag if self.erhebungen else heute(),
        }

    def sichtbare(self) -> BeteiligungQuerySet:
        return sichtbare_beteiligungen(self.request.user).select_related(
            "kommune", "kooperation__kooperationsfeld__aufgabenfeld"
        )

    def angewandte_filter(self) -> list[tuple[str, str]]:
        stichtag = self.filterset.tag
        return [
            (f"Stichtag: {tag(stichtag)}" if worte.startswith("Stichtag:") else worte, url)
            for worte, url in super().angewandte_filter()
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        auswahl = self.filterset
        bild = abfragen.matrix(
            cast(BeteiligungQuerySet, self.object_list),
            felder=self._felder(),
            kommunen=self._kommunen(),
            stichtag=auswahl.tag,
            geheime=list(geheime_erhebungen(self.request.user)),
            leere_zeilen=not (auswahl.gewaehlt("kommune") or auswahl.gewaehlt("status")),
        )
        return {
            **kontext,
            "matrix": bild,
            "stichtag": auswahl.tag,
            "kommunen": self._kommunen(),
            "erhebung": abfragen.erhebung_vom(self.erhebungen, auswahl.tag),
            "erster_tag": None if bild.fussnoten else abfragen.erster_tag(self.sichtbare()),
            "treffer": _treffer(bild),
        }

    def _felder(self) -> QuerySet[Kooperationsfeld]:
        felder = sichtbare_kooperationsfelder(self.request.user)
        slug = self.filterset.gewaehlt("aufgabenfeld")
        return felder.filter(aufgabenfeld__slug=slug) if slug else felder

    def _kommunen(self) -> list[Kommune]:
        ags = self.filterset.gewaehlt("kommune")
        return [kommune for kommune in self.filterset.kommunen if not ags or kommune.ags == ags]


def _treffer(bild: abfragen.Matrix) -> str:
    """Return „44 Markierungen, 8 Kooperationen“."""
    marken = "Markierung" if bild.anzahl_zeichen == 1 else "Markierungen"
    kooperationen = "Kooperation" if bild.anzahl_kooperationen == 1 else "Kooperationen"
    return f"{bild.anzahl_zeichen} {marken}, {bild.anzahl_kooperationen} {kooperationen}"
