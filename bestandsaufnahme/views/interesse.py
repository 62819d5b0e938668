from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, FormView

from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.abfragen.interesse.rangliste import Rangliste, letzte_runde, rangliste
from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.auswahl import UEBERGAENGE, InteresseStatus
from bestandsaufnahme.filtersets.interesse import InteresseFilter
from bestandsaufnahme.forms.interesse import InteresseForm, RueckzugForm
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte import (
    bekundbare_kommunen,
    darf_interesse_abgeben,
    darf_interesse_zurueckziehen,
    darf_interessen_sehen,
    darf_verlauf_des_interesses_sehen,
    sichtbare_aufgabenfelder,
    sichtbare_interessen,
    sichtbare_runden,
    zaehlbare_interessen,
)
from ikz_portal.basis.ansichten import ListenAnsicht, export_antwort
from ikz_portal.basis.diagramme import Balken, balkendiagramm
from ikz_portal.basis.formate import beide_namen
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, sichtbare_kommunen


@method_decorator(login_not_required, name="dispatch")
class InteresseListView(ListenAnsicht):
    """The ranking for everybody; for whoever is signed in the declarations too. The public's file is the ranking."""

    template_name = "bestandsaufnahme/interesse/liste.html"
    filterset_class = InteresseFilter
    exportname = "interessen"
    spalten = (
        ("Kommune", lambda zeile: zeile.kommune.name),
        ("Aufgabenfeld", lambda zeile: str(zeile.aufgabenfeld or getattr(zeile.kooperationsfeld, "aufgabenfeld", ""))),
        ("Kooperationsfeld", lambda zeile: str(zeile.kooperationsfeld or "")),
        ("Art", Interessenbekundung.get_art_display),
        ("Stufe", Interessenbekundung.get_stufe_display),
        ("Status", lambda zeile: abfragen.stand(zeile, heute()).label),
        ("Abgegeben am", lambda zeile: zeile.abgegeben_am),
        ("Gültig bis", lambda zeile: zeile.gueltig_bis),
        ("Wofür", lambda zeile: zeile.wofuer),
        ("Eingetragen von", lambda zeile: beide_namen(zeile.durch, zeile.fuer)),
        ("Beispiel", lambda zeile: "ja" if zeile.beispiel else ""),
    )

    def sichtbare(self) -> InteressenbekundungQuerySet:
        return abfragen.mit_allem(sichtbare_interessen(self.request.user)).mit_feld()

    def filterset_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        return {
            "aufgabenfelder": sichtbare_aufgabenfelder(konto),
            "kommunen": sichtbare_kommunen(konto),
            "heute": heute(),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        runde = letzte_runde(sichtbare_runden(self.request.user))
        return {
            **kontext,
            "interessen": abfragen.zeilen(kontext["object_list"], heute=heute()),
            "treffer": f"{kontext['paginator'].count} von {self.anzahl_gesamt} Interessenbekundungen",
            "runde": runde,
            "runde_bild": runde and _bild(runde),
            "rangliste": self.rangliste(),
            "heute": heute(),
            "darf_abgeben": darf_interesse_abgeben(self.request.user),
            "darf_interessen_sehen": darf_interessen_sehen(self.request.user),
        }

    def rangliste(self) -> Rangliste:
        return rangliste(zaehlbare_interessen(self.request.user), felder=self.filterset.aufgabenfelder, heute=heute())

    def als_datei(self, art: str) -> HttpResponse:
        if darf_interessen_sehen(self.request.user):
            return super().als_datei(art)
        self.get_queryset()
        kopf = ["Platz", "Aufgabenfeld", "Kommunen", "davon Kooperationswille", "davon Info-Austausch"]
        zeilen = ([r.platz, r.feld, r.kommunen, r.wille, r.austausch] for r in self.rangliste().raenge)
        return export_antwort(art, name="rangliste", kopf=kopf, zeilen=zeilen)


class InteresseCreateView(FormView):
    template_name = "bestandsaufnahme/interesse/neu.html"
    form_class = InteresseForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not darf_interesse_abgeben(request.user):
            raise PermissionDenied("Ein Interesse bekunden Kontakte und Verwaltungsspitzen für ihre eigene Kommune.")
        self.kommunen = bekundbare_kommunen(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """The Kommune that a link names, else the own one."""
        eigene = angemeldetes(self.request.user).kommune
        return {"kommune": self.request.GET.get("kommune") or (eigene and eigene.ags)}

    def get_form_kwargs(self) -> dict[str, Any]:
        felder = sichtbare_aufgabenfelder(self.request.user).prefetch_related("kooperationsfelder")
        return {**super().get_form_kwargs(), "kommunen": self.kommunen, "felder": felder, "heute": heute()}

    def form_valid(self, form: InteresseForm) -> HttpResponse:
        konto = angemeldetes(self.request.user)
        try:
            interesse = ablauf.abgeben(**form.cleaned_data, durch=konto, heute=heute())
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"Das Interesse von {interesse.kommune} ist eingetragen: {abfragen.feldname(interesse)}. "
            "Die anderen Kommunen sehen es ab sofort.",
        )
        return redirect(interesse)


class InteresseDetailView(DetailView):
    template_name = "bestandsaufnahme/interesse/detail.html"

    def get_queryset(self) -> QuerySet[Interessenbekundung]:
        return abfragen.mit_allem(sichtbare_interessen(self.request.user)).select_related("runde")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **_detail(self.request, self.object, RueckzugForm()))


@require_POST
def zurueckziehen(request: HttpRequest, pk: int) -> HttpResponse:
    interesse = get_object_or_404(abfragen.mit_allem(sichtbare_interessen(request.user)), pk=pk)
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
    return render(request, "bestandsaufnahme/interesse/detail.html", _detail(request, interesse, form))


def _detail(request: HttpRequest, interesse: Interessenbekundung, form: RueckzugForm) -> dict[str, Any]:
    moeglich = InteresseStatus.ZURUECKGEZOGEN in UEBERGAENGE[interesse.marke_des_status]
    darf = moeglich and darf_interesse_zurueckziehen(request.user, interesse)
    (zeile,) = abfragen.zeilen([interesse], heute=heute())
    return {
        "interesse": interesse,
        "zeile": zeile,
        "zurueckgezogen_durch": abfragen.zurueckgezogen_durch(interesse) if interesse.zurueckgezogen_am else "",
        "form": form,
        "darf_zurueckziehen": darf or form.is_bound,
        "darf_verlauf_sehen": darf_verlauf_des_interesses_sehen(request.user, interesse),
    }


def _bild(runde: Any) -> str:
    return balkendiagramm(
        [Balken(zeile.feld, zeile.anzahl) for zeile in runde.zeilen],
        kennung="runde",
        titel=f"{runde.name}: Interesse je Aufgabenfeld",
        beschreibung="Balken nennen die Zahl der Kommunen je Aufgabenfeld, die meisten zuerst.",
    )
