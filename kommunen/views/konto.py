"""Who works here: list, one Konto, and what the Geschäftsstelle does with it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from ikz_portal.basis.ansichten import ListenAnsicht, ablehnung_melden
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.formate import dauer
from ikz_portal.basis.zeit import heute
from kommunen.abfragen import konto as abfragen
from kommunen.ablaeufe import konto as ablauf
from kommunen.auswahl import Rolle
from kommunen.filtersets import KontoFilter
from kommunen.forms.konto import KontoForm
from kommunen.models import Konto
from kommunen.rechte import (
    angemeldetes,
    darf_anmeldung_sehen,
    darf_konten_sehen,
    darf_konto_bearbeiten,
    darf_konto_deaktivieren,
    darf_verlauf_des_kontos_sehen,
    einladbare_kommunen,
    ist_geschaeftsstelle,
    mit_aemtern,
    sichtbare_einladungen,
    sichtbare_kommunen,
    sichtbare_konten,
    sichtbare_vertretungen,
)

NUR_GESCHAEFTSSTELLE = "Konten ändert nur die Geschäftsstelle."


class KontoListView(ListenAnsicht):
    template_name = "kommunen/konto/liste.html"
    filterset_class = KontoFilter
    exportname = "konten"
    spalten = (
        ("Name", lambda konto: konto.name),
        ("E-Mail-Adresse", lambda konto: konto.email),
        ("Funktion", lambda konto: konto.funktion),
        ("Rolle", Konto.get_rolle_display),
        ("Kommune", lambda konto: str(konto.kommune or "")),
        ("Zustand", lambda konto: abfragen.status(konto).label),
        ("Angelegt am", lambda konto: timezone.localdate(konto.angelegt_am)),
    )

    def sichtbare(self) -> QuerySet[Konto]:
        if not darf_konten_sehen(self.request.user):
            raise PermissionDenied(
                "Konten sehen nur die Geschäftsstelle und, in der eigenen Kommune, die Verwaltungsspitze."
            )
        return abfragen.mit_kommune(sichtbare_konten(self.request.user))

    def filterset_kwargs(self) -> dict[str, Any]:
        return {"kommunen": einladbare_kommunen(self.request.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        offene = sichtbare_einladungen(self.request.user).offene()
        return {
            **kontext,
            "zeilen": abfragen.zeilen(kontext["object_list"]),
            "einladungen": abfragen.einladungen(offene, jetzt=timezone.now()),
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} Konten",
            "alle_kommunen": ist_geschaeftsstelle(self.request.user),
        }


class KontoDetailView(DetailView):
    template_name = "kommunen/konto/detail.html"
    context_object_name = "konto"

    def get_queryset(self) -> QuerySet[Konto]:
        return mit_aemtern(sichtbare_konten(self.request.user).select_related("kommune"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        betrachter, konto = self.request.user, self.object
        seite = abfragen.seite(
            konto,
            vertretungen=sichtbare_vertretungen(betrachter),
            heute=heute(),
            mit_projekten=ist_geschaeftsstelle(betrachter),
        )
        return super().get_context_data(
            **kwargs,
            seite=seite,
            darf_liste=darf_konten_sehen(betrachter),
            darf_anmeldung_sehen=darf_anmeldung_sehen(betrachter, konto),
            darf_bearbeiten=darf_konto_bearbeiten(betrachter, konto),
            darf_verlauf_sehen=darf_verlauf_des_kontos_sehen(betrachter, konto),
            darf_deaktivieren=darf_konto_deaktivieren(betrachter, konto),
            frist=dauer(settings.FRISTEN["konto"]),
        )


class KontoBearbeitenView(BearbeitenAnsicht):
    template_name = "kommunen/konto/bearbeiten.html"
    template_veraltet = "kommunen/konto/veraltet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.objekt = _aenderbares(request, kwargs["pk"])

    def formular(self, daten: QueryDict | None, objekt: Konto) -> KontoForm:
        return KontoForm(daten, konto=objekt, rollen=list(Rolle), kommunen=sichtbare_kommunen(self.request.user))

    def sichern(self, form: KontoForm) -> Konto:
        return ablauf.bearbeiten(
            konto=self.objekt, **form.cleaned_data, durch=angemeldetes(self.request.user), heute=heute()
        )

    def gesichert(self, objekt: Konto) -> HttpResponse:
        messages.success(self.request, f"Das Konto von {objekt.name} ist gespeichert.")
        return redirect("konto_detail", pk=objekt.pk)


@require_POST
def deaktivieren(request: HttpRequest, pk: int) -> HttpResponse:
    konto = get_object_or_404(sichtbare_konten(request.user), pk=pk)
    if not darf_konto_deaktivieren(request.user, konto):
        raise PermissionDenied("Konten deaktiviert nur die Geschäftsstelle, und nie das eigene.")
    with ablehnung_melden(request):
        ablauf.deaktivieren(konto=konto, durch=angemeldetes(request.user), jetzt=timezone.now())
        messages.success(request, f"Das Konto von {konto.name} ist deaktiviert.")
    return redirect("konto_detail", pk=pk)


@require_POST
def reaktivieren(request: HttpRequest, pk: int) -> HttpResponse:
    konto = _aenderbares(request, pk)
    with ablehnung_melden(request):
        ablauf.reaktivieren(konto=konto, durch=angemeldetes(request.user))
        messages.success(request, f"{konto.name} kann sich wieder anmelden, mit dem bisherigen Passwort.")
    return redirect("konto_detail", pk=pk)


@require_POST
def zweiten_faktor_entfernen(request: HttpRequest, pk: int) -> HttpResponse:
    konto = _aenderbares(request, pk)
    with ablehnung_melden(request):
        ablauf.zweiten_faktor_entfernen(konto=konto, durch=angemeldetes(request.user))
        messages.success(request, f"Der zweite Faktor ist entfernt. {konto.name} erfährt es per E-Mail.")
    return redirect("konto_detail", pk=pk)


def _aenderbares(request: HttpRequest, pk: int) -> Konto:
    konto = get_object_or_404(sichtbare_konten(request.user).select_related("kommune"), pk=pk)
    if not darf_konto_bearbeiten(request.user, konto):
        raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
    return konto
