"""One declaration of interest and the steps that it can take next."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from bestandsaufnahme.abfragen.interesse import einzeln, verlauf
from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.abfragen.interesse.bestaetigung import verlangt
from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.ablaeufe import interesse_aenderung, interesse_entwurf
from bestandsaufnahme.auswahl import GUELTIGE_INTERESSEN, InteresseStatus
from bestandsaufnahme.forms.interesse_schritte import GeleseneForm, RueckzugForm, StufeForm, angaben
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.rechte import (
    darf_beleg_sehen,
    darf_interesse_anheben,
    darf_interesse_anschliessen,
    darf_interesse_bearbeiten,
    darf_interesse_bekunden_fuer,
    darf_interesse_bestaetigen,
    darf_interesse_zurueckziehen,
    darf_verlauf_des_interesses_sehen,
    sichtbare_folgen,
    sichtbare_interessen,
)
from ikz_portal.basis.ansichten import ablehnung_melden
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.herausgabe import datei_antwort
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, darf_namen_sehen, handelt_fuer

DETAIL = "bestandsaufnahme/interesse/detail.html"
NUR_DIE_KOMMUNE = (
    "Die Stufe hebt nur die Kommune selbst an. Als Geschäftsstelle ändern Sie das Interesse mit Angabe des Grundes."
)


class InteresseDetailView(TemplateView):
    template_name = DETAIL

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        interesse = sichtbares(self.request, kwargs["pk"])
        return super().get_context_data(**kwargs, **_detail(self.request, interesse, RueckzugForm()))


@require_POST
def zurueckziehen(request: HttpRequest, pk: int) -> HttpResponse:
    interesse = sichtbares(request, pk)
    if not darf_interesse_zurueckziehen(request.user, interesse):
        raise PermissionDenied("Zurückziehen kann nur die Kommune selbst.")
    form = RueckzugForm(request.POST)
    if form.is_valid():
        try:
            ablauf.zurueckziehen(
                interesse=interesse, **form.cleaned_data, durch=angemeldetes(request.user), heute=heute()
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
        else:
            messages.success(request, "Die Interessenbekundung ist zurückgezogen.")
            return redirect(interesse)
    return render(request, DETAIL, _detail(request, interesse, form))


@require_POST
def anheben(request: HttpRequest, pk: int) -> HttpResponse:
    interesse = sichtbares(request, pk)
    if not darf_interesse_anheben(request.user, interesse):
        raise PermissionDenied(NUR_DIE_KOMMUNE)
    with ablehnung_melden(request):
        angehoben = interesse_aenderung.anheben(
            interesse=interesse,
            **angaben(StufeForm(request.POST)),
            durch=angemeldetes(request.user),
            heute=heute(),
        )
        satz = f"Die Stufe ist jetzt „{angehoben.get_stufe_display()}“."
        if angehoben.unbestaetigt:
            satz += " Das Interesse zählt, sobald die Verwaltungsspitze es so bestätigt hat."
        messages.success(request, satz)
    return redirect(interesse)


@require_POST
def verwerfen(request: HttpRequest, pk: int) -> HttpResponse:
    interesse = sichtbares(request, pk)
    if not darf_interesse_zurueckziehen(request.user, interesse):
        raise PermissionDenied("Einen Entwurf verwirft nur die Kommune selbst.")
    with ablehnung_melden(request):
        interesse_entwurf.verwerfen(
            interesse=interesse, **angaben(GeleseneForm(request.POST)), durch=angemeldetes(request.user)
        )
        messages.success(request, f"Der Entwurf „{abfragen.feldname(interesse)}“ ist verworfen.")
        return redirect("interesse_eigene")
    return redirect(interesse)


@require_safe
def beleg(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file with which a Kommune told its interest to the Geschäftsstelle."""
    interesse = sichtbares(request, pk)
    if not darf_beleg_sehen(request.user, interesse):
        raise PermissionDenied("Den Beleg sehen nur die Kommune selbst und die Geschäftsstelle.")
    if interesse.beleg is None:
        raise Http404
    return datei_antwort(request, interesse.beleg)


def sichtbares(request: HttpRequest, pk: int) -> Interessenbekundung:
    interessen = abfragen.mit_allem(sichtbare_interessen(request.user))
    return get_object_or_404(interessen.select_related("runde", "erhebung", "kontakt", "beleg"), pk=pk)


# --- the page ---------------------------------------------------------------------------------------------------------
def _detail(request: HttpRequest, interesse: Interessenbekundung, form: RueckzugForm) -> dict[str, Any]:
    tag, konto = heute(), request.user
    (zeile,) = abfragen.zeilen([interesse], heute=tag)
    verbindung = einzeln.verbindung(interesse, sichtbare_interessen(konto), heute=tag)
    starthilfen = list(sichtbare_folgen(konto, interesse).select_related("projekt"))
    return {
        "interesse": interesse,
        "zeile": zeile,
        "satz": einzeln.satz(interesse, verbindung, heute=tag),
        **_texte(interesse),
        "verbindung": verbindung,
        "ansprechperson": einzeln.ansprechperson(interesse) if darf_namen_sehen(konto) else None,
        "ergebnisse": verlauf.ergebnisse(starthilfen),
        "geschichte": verlauf.schritte(
            interesse,
            starthilfen,
            mit_entwurf=darf_interesse_bekunden_fuer(konto, interesse.kommune),
            heute=tag,
        ),
        "zurueckgezogen_durch": abfragen.zurueckgezogen_durch(interesse) if interesse.zurueckgezogen_am else "",
        "darf_beleg_sehen": interesse.beleg is not None and darf_beleg_sehen(konto, interesse),
        "darf_verlauf_sehen": darf_verlauf_des_interesses_sehen(konto, interesse),
        "form": form,
        **_schritte(request, interesse, zeile, tag),
    }


def _texte(interesse: Interessenbekundung) -> dict[str, Any]:
    alle = [
        ("Wofür", interesse.wofuer),
        ("Das bringt die Kommune ein", interesse.bietet),
        ("Das sucht die Kommune", interesse.sucht),
    ]
    texte = [(titel, text) for titel, text in alle if text]
    return {"texte": texte, "zeichen": sum(len(text) for _, text in texte)}


def _schritte(
    request: HttpRequest, interesse: Interessenbekundung, zeile: abfragen.InteresseZeile, tag: date
) -> dict[str, Any]:
    """Return what this person can do with it now."""
    konto = request.user
    eigenes = darf_interesse_bekunden_fuer(konto, interesse.kommune)
    if zeile.stand == InteresseStatus.ENTWURF:
        return {"ist_entwurf": True, "darf_bearbeiten": darf_interesse_bearbeiten(konto, interesse)}
    if zeile.stand not in GUELTIGE_INTERESSEN:
        return {"vorbei": True, "eigenes": eigenes, "wieder": _gleiches(request, interesse, tag) if eigenes else None}
    darf_bestaetigen = darf_interesse_bestaetigen(konto, interesse)
    hoehere = interesse_aenderung.hoehere(interesse) if darf_interesse_anheben(konto, interesse) else []
    waere_zu_bestaetigen = not zeile.unbestaetigt and not darf_bestaetigen
    return {
        "darf_bearbeiten": darf_interesse_bearbeiten(konto, interesse),
        "darf_bestaetigen": zeile.unbestaetigt and darf_bestaetigen,
        "hoehere": hoehere,
        "wartet_dann": bool(hoehere) and waere_zu_bestaetigen and verlangt(interesse.kommune),
        "darf_zurueckziehen": darf_interesse_zurueckziehen(konto, interesse),
        **_anschluss(request, interesse, tag),
    }


def _anschluss(request: HttpRequest, interesse: Interessenbekundung, tag: date) -> dict[str, Any]:
    """Offer to join it, unless the only Kommune that one could do it for has declared the same already."""
    if not darf_interesse_anschliessen(request.user, interesse):
        return {}
    andere = handelt_fuer(request.user) - {interesse.kommune_id}
    vorhandenes = _gleiches(request, interesse, tag, kommune=next(iter(andere))) if len(andere) == 1 else None
    return {"darf_anschliessen": vorhandenes is None, "vorhandenes": vorhandenes}


def _gleiches(
    request: HttpRequest, interesse: Interessenbekundung, tag: date, kommune: int | None = None
) -> Interessenbekundung | None:
    return einzeln.laufende_gleiche(
        interesse, sichtbare_interessen(request.user), kommune=kommune or interesse.kommune_id, heute=tag
    )
