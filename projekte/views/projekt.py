from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from bestandsaufnahme.abfragen.matrix.stand import damalige_angabe
from bestandsaufnahme.models import Kooperation
from bestandsaufnahme.rechte import geheime_erhebungen, sichtbare_kooperationen
from ikz_portal.basis.diagramme import ablaufplan
from ikz_portal.basis.zeit import heute
from kommunen.rechte import darf_namen_sehen
from projekte.abfragen import projekt as abfragen
from projekte.abfragen.meilensteine import MeilensteinZeile, meilensteine_je_projekt, naechster
from projekte.abfragen.starthilfe import herkunft
from projekte.abfragen.teilnahme import teilnahmestand
from projekte.models import Projekt
from projekte.models.projekt import ProjektQuerySet
from projekte.rechte import (
    darf_herkunft_sehen,
    darf_projekt_bearbeiten,
    darf_teilnahmen_sehen,
    darf_verlauf_des_projekts_sehen,
    sichtbare_auftraege,
    sichtbare_beitraege,
    sichtbare_projekte,
    sichtbare_starthilfen,
)


class ProjektSeite(DetailView):
    """A page about one Projekt: the visible one of that slug, and the day."""

    context_object_name = "projekt"
    object: Projekt

    def get_queryset(self) -> ProjektQuerySet:
        return sichtbare_projekte(self.request.user).select_related("aufgabenfeld")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, heute=heute())


def plan(projekt: Projekt, zeilen: list[MeilensteinZeile], *, tag: Any) -> str:
    beginn, ende = abfragen.genaue_laufzeit(projekt)
    return ablaufplan(
        [zeile.als_plan() for zeile in zeilen],
        kennung="ablaufplan",
        titel=f"Projektablaufplan {projekt.name}",
        beschreibung="Meilensteine auf einer Zeitachse mit geplantem, vorhergesagtem und erreichtem Tag. "
        "Die Tabelle auf dieser Seite enthält dieselben Angaben.",
        heute=tag,
        beginn=beginn,
        ende=ende,
    )


@method_decorator(login_not_required, name="dispatch")
class ProjektDetailView(ProjektSeite):
    template_name = "projekte/projekt/detail.html"

    def get_queryset(self) -> ProjektQuerySet:
        return super().get_queryset().select_related("leitung__kommune", "gruppe").mit_teilnahme()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        konto, projekt = self.request.user, self.object
        zeilen = meilensteine_je_projekt([projekt.pk], tag=kontext["heute"])[projekt.pk]
        return {
            **kontext,
            **self.teilnahmen(),
            **self.herkunft(),
            "auftrag": sichtbare_auftraege(konto).filter(projekt=projekt).order_by("-version").first(),
            "meilensteine": zeilen,
            "naechster": naechster(zeilen),
            "plan": plan(projekt, zeilen, tag=kontext["heute"]) if zeilen else "",
            "verwandte": abfragen.verwandte(projekt, sichtbare_projekte(konto)),
            "kooperationen": self.kooperationen(),
            "beitraege": sichtbare_beitraege(konto, projekt),
            "verlauf": abfragen.verlauf(projekt),
            "darf_verlauf_sehen": darf_verlauf_des_projekts_sehen(konto, projekt),
            "darf_bearbeiten": darf_projekt_bearbeiten(konto, projekt),
            "darf_namen_sehen": darf_namen_sehen(konto),
        }

    def kooperationen(self) -> QuerySet[Kooperation]:
        """Return those that came from it, with the name that this person may know (`benannt`)."""
        konto = self.request.user
        benannt = damalige_angabe("bezeichnung", heute(), geheime=geheime_erhebungen(konto))
        return sichtbare_kooperationen(konto).filter(projekte=self.object).annotate(benannt=benannt)

    def herkunft(self) -> dict[str, Any]:
        """Return from which declarations it came, and whether this person may read the words of its Quelle."""
        konto, aus_interessen = self.request.user, self.object.aus_interessen  # type: ignore[attr-defined]  # annotated
        darf = darf_herkunft_sehen(konto)
        starthilfen = sichtbare_starthilfen(konto, self.object)
        return {
            "aus_interessen": herkunft(starthilfen, mit_namen=darf_namen_sehen(konto)) if aus_interessen else [],
            "darf_quelle_sehen": darf or not aus_interessen,
        }

    def teilnahmen(self) -> dict[str, Any]:
        antworten, darf = [], darf_teilnahmen_sehen(self.request.user)
        if darf:
            antworten = abfragen.antworten(self.object.teilnahmen.select_related("kommune", "geleitzug"))
        return {
            "stand": teilnahmestand(self.object),
            "antworten": antworten,
            "darf_teilnahmen_sehen": darf,
            "wellen": abfragen.wellen(self.object.geleitzuege.all(), antworten),
        }


@method_decorator(login_not_required, name="dispatch")
class AblaufplanView(ProjektSeite):
    template_name = "projekte/projekt/ablaufplan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        projekt = self.object
        zeilen = meilensteine_je_projekt([projekt.pk], tag=kontext["heute"])[projekt.pk]
        auftraege = sichtbare_auftraege(self.request.user).filter(projekt=projekt)
        return {
            **kontext,
            "meilensteine": zeilen,
            "plan": plan(projekt, zeilen, tag=kontext["heute"]) if zeilen else "",
            "hat_auftrag": bool(zeilen) or auftraege.exists(),
            "darf_bearbeiten": darf_projekt_bearbeiten(self.request.user, projekt),
        }
