"""One round of declarations: what is asked, what has come back, the result, and what the Geschäftsstelle can do."""

from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from bestandsaufnahme.abfragen.erhebung.ruecklauf import adressaten
from bestandsaufnahme.abfragen.interesse import runde as abfragen
from bestandsaufnahme.abfragen.interesse import rundenruecklauf
from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.forms.erhebung import AbschlussForm, FristForm
from bestandsaufnahme.forms.runde import RueckmeldungForm
from bestandsaufnahme.models import Interessenrunde, Rundenrueckmeldung
from bestandsaufnahme.rechte import (
    darf_ruecklaufzahlen_sehen,
    darf_runden_leiten,
    darf_verlauf_der_runde_sehen,
    sichtbare_interessen,
    sichtbare_rueckmeldungen,
    sichtbare_runden,
)
from ikz_portal.basis.diagramme import Balken, balkendiagramm
from ikz_portal.basis.zeit import heute
from kommunen.rechte import Betrachter, handelt_fuer, sichtbare_kommunen


def anfragen(konto: Betrachter, runde: Interessenrunde, *, eigene: bool = False) -> QuerySet[Rundenrueckmeldung]:
    """Return what was asked in the round as far as this person sees it, or may answer it as its own."""
    sichtbare = sichtbare_rueckmeldungen(konto).filter(runde=runde)
    return sichtbare.filter(kommune__in=handelt_fuer(konto)) if eigene else sichtbare


def rueckmeldungsformular(konto: Betrachter, runde: Interessenrunde, daten: Any = None) -> RueckmeldungForm:
    """Return the form for an answer, of the own Kommune or on behalf with a note; it offers those that are missing."""
    gefragte = anfragen(konto, runde)
    if daten is None:
        gefragte = gefragte.filter(am__isnull=True)
    return RueckmeldungForm(daten, anfragen=gefragte, mit_vermerk=darf_runden_leiten(konto))


@method_decorator(login_not_required, name="dispatch")
class RundeDetailView(TemplateView):
    """The public sees the totals of a published one alone."""

    template_name = "bestandsaufnahme/runde/detail.html"
    # forms of a step that was refused, by their name in the template
    formulare: dict[str, Any]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.formulare = {}
        self.runde = get_object_or_404(sichtbare_runden(request.user), pk=kwargs["pk"])

    @cached_property
    def darf_leiten(self) -> bool:
        return darf_runden_leiten(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runde, konto = self.runde, self.request.user
        return {
            **super().get_context_data(**kwargs),
            "runde": runde,
            "status": runde.marke_des_status,
            "faellig": abfragen.faellig(runde, heute=heute()),
            "fakten": abfragen.fakten(runde),
            "darf_leiten": self.darf_leiten,
            "darf_anschreiben_sehen": darf_ruecklaufzahlen_sehen(konto),
            "darf_verlauf_sehen": darf_verlauf_der_runde_sehen(konto, runde),
            **self.ergebnis(),
            **self.eigenes(),
            **self.ruecklauf(),
            **self.formulare,
            "formulare": self.formulare.values(),
        }

    def ergebnis(self) -> dict[str, Any]:
        if self.runde.status != RundeStatus.ABGESCHLOSSEN:
            return {}
        ergebnis = abfragen.ergebnis(self.runde)
        kommunen = sichtbare_kommunen(self.request.user).count()
        return {"ergebnis": ergebnis, "bild": _bild(ergebnis, self.runde, kommunen)}

    def eigenes(self) -> dict[str, Any]:
        """Return what the Kommunen that this person acts for are asked, have answered, and what of it counted."""
        konto, runde = self.request.user, self.runde
        if not (kommunen := handelt_fuer(konto)):
            return {}
        interessen = sichtbare_interessen(konto).filter(kommune__in=kommunen)
        if runde.status == RundeStatus.ABGESCHLOSSEN:
            return {"gezaehlte": abfragen.gezaehlte(runde, interessen)}
        eigene = anfragen(konto, runde, eigene=True)
        return {"eigene": rundenruecklauf.eigene(runde, eigene, interessen, heute=heute())}

    def ruecklauf(self) -> dict[str, Any]:
        """Return the numbers of what has come back, for the Geschäftsstelle each Kommune and the next steps."""
        runde, konto = self.runde, self.request.user
        if runde.status == RundeStatus.VORBEREITUNG:
            return self.vor_der_eroeffnung() if self.darf_leiten else {}
        if not self.darf_leiten:
            zahlen_sehen = darf_ruecklaufzahlen_sehen(konto) and runde.status == RundeStatus.LAEUFT
            return {"zahlen": rundenruecklauf.zahlen(runde)} if zahlen_sehen else {}
        ruecklauf = rundenruecklauf.ruecklauf(runde, anfragen(konto, runde), heute=heute())
        schritte = self.waehrend_der_runde() if runde.status == RundeStatus.LAEUFT else {}
        return {"ruecklauf": ruecklauf, **schritte}

    def vor_der_eroeffnung(self) -> dict[str, Any]:
        tag = heute()
        return {
            "adressaten": adressaten(sichtbare_kommunen(self.request.user), heute=tag),
            "frist_vorbei": self.runde.frist is None or self.runde.frist <= tag,
            "andere_laufende": sichtbare_runden(self.request.user).filter(status=RundeStatus.LAEUFT).first(),
        }

    def waehrend_der_runde(self) -> dict[str, Any]:
        tag, runde = heute(), self.runde
        offene = rundenruecklauf.noch_nicht_erinnerte(runde, seit=tag)
        return {
            "adressaten": adressaten([anfrage.kommune for anfrage in offene], heute=tag),
            "zaehlung": abfragen.zaehlung(runde, heute=tag),
            "frist_form": FristForm(heute=tag),
            "abschluss_form": AbschlussForm(),
            "rueckmeldung_form": rueckmeldungsformular(self.request.user, runde),
        }


def _bild(ergebnis: abfragen.Ergebnis, runde: Interessenrunde, kommunen: int) -> str:
    """Draw the bars as long as in the ranking: a full one would be all Kommunen."""
    return balkendiagramm(
        [Balken(zeile.feld, zeile.anzahl, url=zeile.url) for zeile in ergebnis.zeilen],
        kennung="ergebnis",
        titel=f"{runde}: Interesse je Aufgabenfeld",
        beschreibung="Balken nennen die Zahl der Kommunen je Aufgabenfeld, die meisten zuerst.",
        hoechstwert=kommunen,
    )


def mit_formular(request: HttpRequest, runde: Interessenrunde, **formulare: Any) -> HttpResponse:
    """Show the page of the round with a form that was refused, as it was typed."""
    seite = RundeDetailView()
    seite.setup(request, pk=runde.pk)
    seite.formulare = formulare
    return seite.get(request)
