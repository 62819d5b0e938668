from collections import Counter
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse

from bestandsaufnahme.abfragen.interesse.konstellation import suchen
from bestandsaufnahme.abfragen.konstellation import erklaerung
from bestandsaufnahme.abfragen.konstellation.folgen import mit_projekten
from bestandsaufnahme.abfragen.konstellation.gewichte import JE_FELD
from bestandsaufnahme.abfragen.konstellation.modell import Knapp, Konstellation
from bestandsaufnahme.filtersets.konstellation import KonstellationFilter
from bestandsaufnahme.models import Aufgabenfeld
from bestandsaufnahme.rechte import (
    darf_fuer_andere_bekunden,
    darf_interesse_abgeben,
    darf_konstellationen_sehen,
    sichtbare_aufgabenfelder,
    sichtbare_interessen,
    sieht_alle_konstellationen,
)
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import handelt_fuer, sichtbare_kommunen

ZAHLWORTE = {1: "eine Kommune", 2: "zwei Kommunen", 3: "drei Kommunen"}


def _namen(vorschlag: Konstellation) -> str:
    return ", ".join(mitglied.name for mitglied in vorschlag.kommunen)


def _gruende(vorschlag: Konstellation) -> str:
    return " ".join(f"{grund.text} ({grund.punkte})" for grund in vorschlag.gruende)


class KonstellationListView(ListenAnsicht):
    """Proposed groups of Kommunen: all for the Geschäftsstelle, for others those that their Kommune is part of."""

    template_name = "bestandsaufnahme/konstellation/liste.html"
    filterset_class = KonstellationFilter
    paginate_by = 10
    exportname = "konstellationen"
    spalten = (
        ("Aufgabenfeld", lambda vorschlag: vorschlag.aufgabenfeld.name),
        ("Kooperationsfeld", lambda vorschlag: vorschlag.kooperationsfeld.name if vorschlag.kooperationsfeld else ""),
        ("Kommunen", _namen),
        ("Zahl der Kommunen", lambda vorschlag: len(vorschlag.kommunen)),
        ("Würden federführen", lambda vorschlag: ", ".join(vorschlag.federfuehrung)),
        ("Punkte", lambda vorschlag: vorschlag.punkte),
        ("Aussicht", lambda vorschlag: vorschlag.aussicht.label),
        ("Gründe (Punkte)", _gruende),
        ("Es fehlt", lambda vorschlag: " ".join(vorschlag.fehlt)),
        ("Beispiel", lambda vorschlag: "ja" if vorschlag.beispiel else ""),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not darf_konstellationen_sehen(request.user):
            raise PermissionDenied(
                "Vorgeschlagene Konstellationen sehen die Geschäftsstelle und alle, die für eine Kommune handeln."
            )
        return super().get(request, *args, **kwargs)

    @cached_property
    def alle(self) -> bool:
        return sieht_alle_konstellationen(self.request.user)

    @cached_property
    def eigene(self) -> frozenset[int]:
        return handelt_fuer(self.request.user)

    @cached_property
    def kommunen(self) -> list[Kommune]:
        return list(sichtbare_kommunen(self.request.user))

    def get_queryset(self) -> Any:
        """Return the proposals; they are computed, so this is a list."""
        self.filterset = KonstellationFilter(
            self.request.GET,
            queryset=Aufgabenfeld.objects.none(),
            aufgabenfelder=sichtbare_aufgabenfelder(self.request.user),
            kommunen=[kommune for kommune in self.kommunen if self.alle or kommune.pk in self.eigene],
            mindestens=settings.KONSTELLATION_MINDESTENS,
            hoechstens=len(self.kommunen),
        )
        if not self.filterset.is_valid():
            raise BadRequest(" ".join(str(satz) for saetze in self.filterset.errors.values() for satz in saetze))
        ergebnis = suchen(heute=heute(), mindestens=self.mindestens, kommunen=None if self.alle else self.eigene)
        self.anzahl_gesamt = len(ergebnis.vorschlaege)
        self.knapp = [eines for eines in ergebnis.knapp if self.filterset.passt_feld(eines.feld)]
        return [vorschlag for vorschlag in ergebnis.vorschlaege if self.filterset.passt(vorschlag)]

    @property
    def mindestens(self) -> int:
        return int(self.filterset.gewaehlt("mindestens") or settings.KONSTELLATION_MINDESTENS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {
            **kontext,
            "vorschlaege": kontext["page_obj"].object_list,
            "mit_projekten": mit_projekten(kontext["page_obj"].object_list, sichtbare_interessen(self.request.user)),
            "treffer": self.treffer(kontext["paginator"].count),
            "eigene": self.eigene,
            "mehrere_eigene": len(self.eigene) > 1,
            "alle": self.alle,
            "mindestens": self.mindestens,
            "mindestens_gewaehlt": bool(self.filterset.gewaehlt("mindestens")),
            "knapp": self.knapp,
            "knapp_satz": _knapp_satz(self.knapp),
            "regeln": erklaerung.regeln(),
            "worte": erklaerung.worte(),
            "je_feld": JE_FELD,
            "darf_projektidee": self.alle,
            "darf_abgeben": darf_interesse_abgeben(self.request.user),
            "darf_fuer_andere": darf_fuer_andere_bekunden(self.request.user),
        }

    def treffer(self, anzahl: int) -> str:
        if anzahl == self.anzahl_gesamt:
            return "1 Vorschlag" if anzahl == 1 else f"{anzahl} Vorschläge"
        return f"{anzahl} von {self.anzahl_gesamt} Vorschlägen"


def _knapp_satz(knapp: list[Knapp]) -> str:
    """Return „In 3 Feldern fehlt eine Kommune, in 1 Feld fehlen zwei Kommunen.“"""
    teile = []
    for fehlen, felder in sorted(Counter(eines.fehlen for eines in knapp).items()):
        wo = "1 Aufgabenfeld" if felder == 1 else f"{felder} Aufgabenfeldern"
        teile.append(f"in {wo} {'fehlt' if fehlen == 1 else 'fehlen'} {ZAHLWORTE.get(fehlen, f'{fehlen} Kommunen')}")
    satz = ", ".join(teile)
    return f"{satz[:1].upper()}{satz[1:]}." if satz else ""
