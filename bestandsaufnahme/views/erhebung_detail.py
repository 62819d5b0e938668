"""One survey round: what it is, what has come back, and what the Geschäftsstelle can do next."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator

from bestandsaufnahme.abfragen.erhebung import erhebung as abfragen
from bestandsaufnahme.abfragen.erhebung import ruecklauf
from bestandsaufnahme.abfragen.veroeffentlichung import veroeffentlichung as veroeffentlichungen
from bestandsaufnahme.auswahl import VORBEREITBARE_ERHEBUNGEN, ErhebungStatus
from bestandsaufnahme.filtersets.erhebung import RuecklaufFilter
from bestandsaufnahme.forms.erhebung import AbschlussForm, FristForm
from bestandsaufnahme.models import Erhebung, Fragebogen
from bestandsaufnahme.rechte import (
    darf_erhebung_bearbeiten,
    darf_ruecklauf_sehen,
    darf_ruecklaufzahlen_sehen,
    darf_verlauf_der_erhebung_sehen,
    darf_veroeffentlichen,
    geheime_erhebungen,
    sichtbare_erhebungen,
    sichtbare_frageboegen,
    sichtbare_gespraeche,
    sichtbare_veroeffentlichungen,
)
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.zeit import heute
from kommunen.rechte import handelt_fuer, sichtbare_kommunen


@method_decorator(login_not_required, name="dispatch")
class ErhebungDetailView(ListenAnsicht):
    """Its rows, for the Geschäftsstelle alone, are the Kommunen with the state of their Fragebogen."""

    template_name = "bestandsaufnahme/erhebung/detail.html"
    filterset_class = RuecklaufFilter
    paginate_by = None
    spalten = (
        ("Kommune", lambda bogen: bogen.kommune.name),
        ("AGS", lambda bogen: bogen.kommune.ags),
        ("Stand", Fragebogen.get_status_display),
        ("Seit", lambda bogen: bogen.seit or bogen.erhebung.beginn),
        ("Freigegeben am", lambda bogen: bogen.freigegeben_am),
        ("Zuletzt erinnert am", lambda bogen: bogen.erinnert_am),
        ("Gespräch am", lambda bogen: bogen.gespraech_am),
        ("Konto vorhanden", lambda bogen: "ja" if bogen.hat_konto else "nein"),
        ("Rückmeldung auf Papier", lambda bogen: bogen.papier_vermerk),
    )
    # forms of a step that was refused, by their name in the template
    formulare: dict[str, Any]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.formulare = {}
        self.erhebung = get_object_or_404(sichtbare_erhebungen(request.user), pk=kwargs["pk"])
        self.exportname = f"ruecklauf-{self.erhebung.stichtag.isoformat()}"

    @cached_property
    def darf_tafel_sehen(self) -> bool:
        return darf_ruecklauf_sehen(self.request.user)

    @cached_property
    def zahlen(self) -> ruecklauf.Ruecklauf:
        return ruecklauf.zahlen(self.erhebung)

    @cached_property
    def mit_namen(self) -> bool:
        """Whether this person may read who said what; not where only an anonymised result is published."""
        return self.erhebung.pk not in set(geheime_erhebungen(self.request.user))

    def sichtbare(self) -> QuerySet[Fragebogen]:
        alle = sichtbare_frageboegen(self.request.user).filter(erhebung=self.erhebung)
        boegen = alle if self.darf_tafel_sehen else alle.none()
        return ruecklauf.mit_stand(boegen.select_related("erhebung"), heute=heute())

    def gesamtzahl(self, sichtbare: QuerySet[Any]) -> int:
        return self.zahlen.gesamt

    def als_datei(self, art: str) -> HttpResponse:
        if not self.darf_tafel_sehen:
            raise PermissionDenied("Den Rücklauf je Kommune sieht nur die Geschäftsstelle.")
        return super().als_datei(art)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        erhebung, zeilen = self.erhebung, ruecklauf.zeilen(kontext["object_list"], erhebung=self.erhebung)
        return {
            **kontext,
            "erhebung": erhebung,
            "status": erhebung.marke_des_status,
            "faellig": abfragen.faellig(erhebung, heute=heute()),
            "fakten": abfragen.fakten(erhebung, mit_quelle=self.mit_namen),
            "zahlen": self.zahlen,
            "zeilen": zeilen,
            "treffer": f"{len(zeilen)} von {self.zahlen.gesamt} Kommunen",
            **self.je_nach_konto(),
            **self.veroeffentlichtes(),
            **(self.schritte() if darf_erhebung_bearbeiten(self.request.user) else {}),
        }

    def je_nach_konto(self) -> dict[str, Any]:
        konto, erhebung = self.request.user, self.erhebung
        eigene = sichtbare_frageboegen(konto).filter(erhebung=erhebung, kommune__in=handelt_fuer(konto))
        gespraeche = sichtbare_gespraeche(konto).filter(erhebung=erhebung)
        return {
            "eigene": ruecklauf.eigene(eigene),
            "gespraeche": ruecklauf.gespraeche(gespraeche),
            "zeigt_matrix": erhebung.stichtag <= heute() and self.mit_namen,
            "zeigt_lesehinweis": self.mit_namen,  # it names Kommunen
            "darf_bearbeiten": darf_erhebung_bearbeiten(konto),
            "darf_tafel_sehen": self.darf_tafel_sehen,
            "darf_zahlen_sehen": darf_ruecklaufzahlen_sehen(konto),
            "darf_verlauf_sehen": darf_verlauf_der_erhebung_sehen(konto, erhebung),
        }

    def veroeffentlichtes(self) -> dict[str, Any]:
        """Return what is published of it."""
        konto, erhebung = self.request.user, self.erhebung
        eigene = sichtbare_veroeffentlichungen(konto).filter(erhebung=erhebung).order_by("-pk")
        return {
            "veroeffentlichungen": veroeffentlichungen.liste(eigene, erhebung=erhebung, heute=heute()),
            "darf_veroeffentlichen": darf_veroeffentlichen(konto) and erhebung.status in VORBEREITBARE_ERHEBUNGEN,
        }

    def schritte(self) -> dict[str, Any]:
        """Return what the Geschäftsstelle is told before it takes a step: numbers, names, the forms."""
        erhebung, tag = self.erhebung, heute()
        formulare = {"frist_form": FristForm(heute=tag), "abschluss_form": AbschlussForm(), **self.formulare}
        if erhebung.status == ErhebungStatus.ABGESCHLOSSEN:
            return formulare
        return {**formulare, "vorschau": abfragen.vorschau(erhebung.fragen), **self.wen_es_betrifft(tag)}

    def wen_es_betrifft(self, tag: date) -> dict[str, Any]:
        erhebung = self.erhebung
        if erhebung.status == ErhebungStatus.VORBEREITUNG:
            return {
                "adressaten": ruecklauf.adressaten(sichtbare_kommunen(self.request.user), heute=tag),
                "frist_vorbei": erhebung.frist is None or erhebung.frist < tag,
            }
        fehlend, wartend = ruecklauf.offene_punkte(erhebung)
        offene = ruecklauf.noch_nicht_erinnerte(erhebung, seit=tag)
        adressaten = ruecklauf.adressaten([bogen.kommune for bogen in offene], heute=tag)
        return {"fehlend": fehlend, "wartend": wartend, "adressaten": adressaten}


def mit_formular(request: HttpRequest, erhebung: Erhebung, **formulare: Any) -> HttpResponse:
    """Show the round again with a form of a step that was refused."""
    seite = ErhebungDetailView()
    seite.setup(request, pk=erhebung.pk)
    seite.formulare = formulare
    return seite.get(request)
