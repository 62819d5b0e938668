"""Kooperationen: the list, one of them, and what the Geschäftsstelle does with it."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from bestandsaufnahme.abfragen.kooperation import kooperation_seite as seite
from bestandsaufnahme.abfragen.kooperation.beteiligung import teilnahmen
from bestandsaufnahme.abfragen.kooperation.kooperation_liste import KooperationZeile, geordnet, zeilen
from bestandsaufnahme.abfragen.kooperation.zustand import mit_zustand, ohne_verschwiegenes
from bestandsaufnahme.abfragen.matrix.matrix import am_tag
from bestandsaufnahme.abfragen.matrix.zeichen import bild
from bestandsaufnahme.ablaeufe import beteiligung as beteiligungen
from bestandsaufnahme.auswahl import KooperationZustand
from bestandsaufnahme.filtersets.kooperation import KooperationFilter
from bestandsaufnahme.models import Kooperation
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from bestandsaufnahme.rechte import (
    bestaetigbare_kommunen,
    darf_kooperation_bearbeiten,
    darf_kooperation_bestaetigen,
    darf_verlauf_der_kooperation_sehen,
    geheime_erhebungen,
    sichtbare_aufgabenfelder,
    sichtbare_beteiligungen,
    sichtbare_kooperationen,
    sichtbare_partner,
    sichtbare_projekte,
)
from ikz_portal.basis.ansichten import ListenAnsicht, ablehnung_melden, export_antwort
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, darf_namen_sehen, sichtbare_kommunen, vertretene_kommunen, vertritt


@method_decorator(login_not_required, name="dispatch")
class KooperationListView(ListenAnsicht):
    template_name = "bestandsaufnahme/kooperation/liste.html"
    filterset_class = KooperationFilter
    exportname = "kooperationen"
    spalten = (
        ("Aufgabenfeld", lambda zeile: zeile.aufgabenfeld),
        ("Kooperationsfeld", lambda zeile: zeile.feld),
        ("Zeichen", lambda zeile: zeile.zeichen),
        ("Kooperation", lambda zeile: zeile.bezeichnung),
        ("Erläuterung", lambda zeile: zeile.erlaeuterung),
        ("Zustand", lambda zeile: zeile.zustand.label),
        ("Rechtsform", lambda zeile: zeile.rechtsform),
        ("Hinweis zur Rechtsform", lambda zeile: zeile.rechtsform_hinweis),
        ("Zeitraum", lambda zeile: zeile.zeitraum),
        ("Anzahl Kommunen", lambda zeile: len(zeile.kommunen)),
        ("Kommunen", lambda zeile: "; ".join(zeile.kommunen)),
        ("Externe Partner", lambda zeile: "; ".join(zeile.partner)),
        ("Zuletzt bestätigt", lambda zeile: zeile.bestaetigt),
        ("Nicht zustande gekommen (Jahr)", lambda zeile: zeile.gescheitert_jahr),
        ("Grund", lambda zeile: zeile.gescheitert_grund),
        ("Quelle", lambda zeile: zeile.quelle),
    )

    @cached_property
    def geheime(self) -> list[int]:
        return list(geheime_erhebungen(self.request.user))

    @cached_property
    def beteiligungen(self) -> BeteiligungQuerySet:
        return sichtbare_beteiligungen(self.request.user)

    def sichtbare(self) -> QuerySet[Kooperation]:
        return geordnet(mit_zustand(sichtbare_kooperationen(self.request.user), heute(), geheime=self.geheime))

    def gesamtzahl(self, sichtbare: QuerySet[Kooperation]) -> int:
        return sichtbare_kooperationen(self.request.user).count()

    def filterset_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        return {
            "aufgabenfelder": sichtbare_aufgabenfelder(konto),
            "kommunen": sichtbare_kommunen(konto),
            "partner": sichtbare_partner(konto),
            "beteiligungen": self.beteiligungen,
            "heute": heute(),
            "geheime": self.geheime,
        }

    def zeilen(self, gezeigte: Iterable[Kooperation]) -> list[KooperationZeile]:
        return zeilen(gezeigte, beteiligungen=self.beteiligungen, heute=heute(), geheime=self.geheime)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {
            **kontext,
            "zeilen": self.zeilen(kontext["object_list"]),
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} Kooperationen",
            "darf_anlegen": darf_kooperation_bearbeiten(self.request.user),
        }

    def als_datei(self, art: str) -> HttpResponse:
        return export_antwort(
            art,
            name=self.exportname,
            kopf=[kopf for kopf, _ in self.spalten],
            zeilen=([wert(zeile) for _, wert in self.spalten] for zeile in self.zeilen(self.get_queryset())),
        )


@method_decorator(login_not_required, name="dispatch")
class KooperationDetailView(DetailView):
    template_name = "bestandsaufnahme/kooperation/detail.html"
    context_object_name = "kooperation"

    def get_queryset(self) -> QuerySet[Kooperation]:
        return sichtbare_kooperationen(self.request.user).select_related("kooperationsfeld__aufgabenfeld")

    def get_object(self, queryset: QuerySet[Kooperation] | None = None) -> Kooperation:
        self.geheime = list(geheime_erhebungen(self.request.user))
        eine = mit_zustand(self.get_queryset().filter(pk=self.kwargs["pk"]), heute(), geheime=self.geheime)
        gelesen = am_tag(eine, heute(), geheime=self.geheime)
        if not gelesen:
            raise Http404
        ((kooperation, self.bestaetigt),) = gelesen
        return ohne_verschwiegenes(kooperation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        konto, kooperation = self.request.user, self.object
        darf_bearbeiten = darf_kooperation_bearbeiten(konto)
        alle = teilnahmen(sichtbare_beteiligungen(konto).filter(kooperation=kooperation), heute=heute())
        zustand = KooperationZustand(kooperation.zustand)
        return super().get_context_data(
            **kwargs,
            **self.geschichte(),
            zustand=zustand,
            laeuft=zustand in {KooperationZustand.LAUFEND, KooperationZustand.VORGESEHEN} and kooperation.bis is None,
            bild=bild(kooperation.symbol),
            teilnahmen=alle,
            bestaetigbare=self.bestaetigbare({zeile.kommune_pk for zeile in alle.laufende}),
            hemmnisse=self.hemmnisse(),
            projekte=sichtbare_projekte(konto, kooperation),
            entfernte=seite.entfernte(kooperation) if darf_bearbeiten else [],
            darf_bearbeiten=darf_bearbeiten,
            darf_verlauf_sehen=darf_verlauf_der_kooperation_sehen(konto, kooperation),
        )

    def geschichte(self) -> dict[str, Any]:
        konto, kooperation = self.request.user, self.object
        namen: list[str] = getattr(kooperation, "partnernamen", [])
        adressen = {p.name: p.get_absolute_url() for p in sichtbare_partner(konto).filter(name__in=namen)}
        return {
            "fakten": seite.fakten(kooperation, bestaetigt=self.bestaetigt),
            "partner": seite.partner(kooperation, adressen),
            "staende": seite.fruehere_staende(kooperation, heute=heute(), geheime=self.geheime),
            "bestaetigungen": seite.bestaetigungen(
                kooperation, mit_namen=darf_namen_sehen(konto), geheime=self.geheime
            ),
        }

    def hemmnisse(self) -> Iterable[Any]:
        return self.object.hemmnisse.all() if self.object.gescheitert_jahr else []

    def bestaetigbare(self, beteiligte: set[int]) -> list[tuple[Any, Any]]:
        """Return (Kommune, head that is stood in for) of those that this person may confirm for today."""
        konto = self.request.user
        vertretene = vertretene_kommunen(konto)
        return [
            (kommune, vertretene.get(kommune.pk) or vertritt(angemeldetes(konto), kommune, als_spitze=True) or "")
            for kommune in bestaetigbare_kommunen(konto).filter(pk__in=beteiligte)
        ]


@require_POST
def bestaetigen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the head of a Kommune say „gilt noch“; who heads one alone needn't say which."""
    kooperation = get_object_or_404(sichtbare_kooperationen(request.user), pk=pk)
    eigene = bestaetigbare_kommunen(request.user)
    ags = request.POST.get("kommune") or eigene.values_list("ags", flat=True).first() or ""
    kommune = sichtbare_kommunen(request.user).filter(ags=ags.replace("\x00", "")).first()
    if kommune is None or not darf_kooperation_bestaetigen(request.user, kommune):
        raise PermissionDenied("Dass eine Kooperation noch gilt, bestätigt die Spitze einer beteiligten Kommune.")
    with ablehnung_melden(request):
        beteiligungen.gilt_noch(
            kooperation=kooperation, kommune=kommune, durch=angemeldetes(request.user), heute=heute()
        )
        messages.success(request, f"Für {kommune} ist bestätigt: „{kooperation}“ gilt noch.")
    return redirect(kooperation)
