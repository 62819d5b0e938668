"""Who works here: list, one Konto, and what the Geschäftsstelle does with it."""

from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, FormView

from ikz_portal.basis import rueckblick, unterschiede, verlauf
from ikz_portal.basis.ansichten import ListenAnsicht
from ikz_portal.basis.formulare import fehler_eintragen
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
            raise PermissionDenied("Die Konten sehen die Geschäftsstelle und, für die eigene Kommune, deren Spitze.")
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
            frist=settings.FRISTEN["konto"],
        )


class KontoBearbeitenView(FormView):
    """Whoever read an older version is shown what is saved now beside what was typed; nothing is overwritten."""

    template_name = "kommunen/konto/bearbeiten.html"
    form_class = KontoForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.konto = _aenderbares(request, kwargs["pk"])

    def get_form(self, form_class: Any = None) -> KontoForm:
        return self.formular(self.request.POST if self.request.method == "POST" else None)

    def formular(self, daten: QueryDict | None = None, konto: Konto | None = None) -> KontoForm:
        kommunen = sichtbare_kommunen(self.request.user)
        return KontoForm(daten, konto=konto or self.konto, rollen=list(Rolle), kommunen=kommunen)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        daten: QueryDict = request.POST
        if unterschiede.GEWAEHLT in daten:
            daten = daten.copy()
            unterschiede.zusammenfuehren(daten, self.formular(), self.formular(request.POST))
        form = self.formular(daten)
        if unterschiede.WEITER in daten:
            form.ohne_pruefung()
            return self.form_invalid(form)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: KontoForm) -> HttpResponse:
        konto = angemeldetes(self.request.user)
        try:
            gespeichert = ablauf.bearbeiten(konto=self.konto, **form.cleaned_data, durch=konto)
        except ValidationError as fehler:
            if getattr(fehler, "code", None) == ablauf.VERALTET:
                return self.veraltet(form)
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(self.request, f"Das Konto von {gespeichert.name} ist gespeichert.")
        return redirect("konto_detail", pk=gespeichert.pk)

    def veraltet(self, form: KontoForm) -> HttpResponse:
        """Tell who changed what since, and let the person choose field by field; this writes nothing."""
        self.konto.refresh_from_db()
        seither = rueckblick.seit(self.konto, form.cleaned_data["version"]).select_related("konto", "fuer")
        (gelesen,) = rueckblick.vorher(Konto, [self.konto], seither)
        abgleich = unterschiede.Abgleich(
            version=self.konto.version,
            vorgaenge=verlauf.vorgaenge(seither),
            unterschiede=unterschiede.unterschiede(self.formular(), form, self.formular(konto=gelesen), worte={}),
            mitgeschickt=unterschiede.mitgeschickt(cast(QueryDict, form.data)),
        )
        kontext = {"konto": self.konto, "abgleich": abgleich}
        return render(self.request, "kommunen/konto/veraltet.html", kontext, status=HTTPStatus.CONFLICT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, konto=self.konto)


@require_POST
def deaktivieren(request: HttpRequest, pk: int) -> HttpResponse:
    konto = get_object_or_404(sichtbare_konten(request.user), pk=pk)
    if not darf_konto_deaktivieren(request.user, konto):
        raise PermissionDenied("Konten deaktiviert nur die Geschäftsstelle, und nie das eigene.")
    try:
        ablauf.deaktivieren(konto=konto, durch=angemeldetes(request.user), jetzt=timezone.now())
    except ValidationError as fehler:
        messages.error(request, " ".join(fehler.messages))
    else:
        messages.success(request, f"Das Konto von {konto.name} ist deaktiviert.")
    return redirect("konto_detail", pk=pk)


@require_POST
def reaktivieren(request: HttpRequest, pk: int) -> HttpResponse:
    konto = _aenderbares(request, pk)
    try:
        ablauf.reaktivieren(konto=konto, durch=angemeldetes(request.user))
    except ValidationError as fehler:
        messages.error(request, " ".join(fehler.messages))
    else:
        messages.success(request, f"{konto.name} kann sich wieder anmelden, mit dem bisherigen Passwort.")
    return redirect("konto_detail", pk=pk)


@require_POST
def zweiten_faktor_entfernen(request: HttpRequest, pk: int) -> HttpResponse:
    konto = _aenderbares(request, pk)
    try:
        ablauf.zweiten_faktor_entfernen(konto=konto, durch=angemeldetes(request.user))
    except ValidationError as fehler:
        messages.error(request, " ".join(fehler.messages))
    else:
        messages.success(request, f"Der zweite Faktor ist entfernt. {konto.name} erfährt es per E-Mail.")
    return redirect("konto_detail", pk=pk)


def _aenderbares(request: HttpRequest, pk: int) -> Konto:
    konto = get_object_or_404(sichtbare_konten(request.user).select_related("kommune"), pk=pk)
    if not darf_konto_bearbeiten(request.user, konto):
        raise PermissionDenied(NUR_GESCHAEFTSSTELLE)
    return konto
