"""Filing a declaration, by a Kommune itself or by the Geschäftsstelle on behalf."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from bestandsaufnahme.abfragen.interesse.formular import vorlage
from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.ablaeufe import interesse_entwurf
from bestandsaufnahme.ablaeufe.interesse_anschluss import abgeben_fuer
from bestandsaufnahme.forms.interesse import AngabenForm, InteresseForm, alles_von, in_einem_jahr
from bestandsaufnahme.forms.interesse_fuer_andere import FuerAndereForm
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.rechte import (
    bekundbare_kommunen,
    darf_fuer_andere_bekunden,
    darf_interesse_abgeben,
    sichtbare_interessen,
)
from bestandsaufnahme.views.interesse_formular import (
    ENTWURF,
    MitFormular,
    abgabe_melden,
    beobachtung_anlegen,
    entwurf_melden,
    felder_fuer,
    kontakte_von,
    wartende,
)
from ikz_portal.basis.formulare import zahl_aus
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import angemeldetes, sichtbare_kommunen


class BekundenView(MitFormular):
    """A new declaration. A link may name the field, the Kommune, and one that is over to begin with."""

    form_class: type[AngabenForm]
    kommunen: QuerySet[Kommune]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "kommunen": self.kommunen,
            "felder": felder_fuer(self.request.user),
            "kontakte": kontakte_von(self.kommunen),
            "heute": heute(),
        }

    def get_initial(self) -> dict[str, Any]:
        """Take what the link names where it is offered, and nothing else."""
        genannt = self.request.GET.get("kommune")
        kommune = {"kommune": genannt} if any(kommune.ags == genannt for kommune in self.kommunen) else {}
        feld = {"feld": self.request.GET["feld"]} if "feld" in self.request.GET else {}
        return {**super().get_initial(), **kommune, **feld}

    def eintragen(self, form: Any) -> Interessenbekundung:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            interesse = self.eintragen(form)
        except ValidationError as fehler:
            self.ablehnung_zeigen(form, fehler)
            return self.form_invalid(form)
        return redirect(interesse)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {**kontext, "wartende": wartende(self.request.user, self.kommunen)}


class InteresseCreateView(BekundenView):
    template_name = "bestandsaufnahme/interesse/neu.html"
    form_class = InteresseForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not darf_interesse_abgeben(request.user):
            raise PermissionDenied("Ein Interesse bekunden Kontakte und Verwaltungsspitzen für ihre eigene Kommune.")
        self.kommunen = bekundbare_kommunen(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "entwurf": ENTWURF in self.request.POST}

    def get_initial(self) -> dict[str, Any]:
        """Begin with the own Kommune, the person who files, and what a link names."""
        konto = angemeldetes(self.request.user)
        eigene = konto.kommune.ags if konto.kommune else None
        werte = {"kommune": eigene, **self._vorlage(), **super().get_initial()}
        selbst = {"kontakt": konto.pk} if werte["kommune"] == eigene else {}
        return {**selbst, **werte}

    def _vorlage(self) -> dict[str, Any]:
        pk = zahl_aus(self.request.GET.get("vorlage"))
        eigene = sichtbare_interessen(self.request.user).filter(kommune__in=self.kommunen)
        alte = None if pk is None else vorlage(eigene, pk, heute=heute())
        if alte is None:
            return {}
        return {**alles_von(alte), "kommune": alte.kommune.ags, "gueltig_bis": in_einem_jahr(heute())}

    def eintragen(self, form: InteresseForm) -> Interessenbekundung:
        als_entwurf = ENTWURF in self.request.POST
        tun, melden = (interesse_entwurf.entwerfen, entwurf_melden) if als_entwurf else (ablauf.abgeben, abgabe_melden)
        interesse = tun(
            kommune=form.cleaned_data["kommune"],
            angaben=form.angaben(),
            durch=angemeldetes(self.request.user),
            heute=heute(),
        )
        beobachtung_anlegen(self.request, form)
        melden(self.request, interesse)
        return interesse


class InteresseFuerAndereView(BekundenView):
    template_name = "bestandsaufnahme/interesse/fuer_andere.html"
    form_class = FuerAndereForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not darf_fuer_andere_bekunden(request.user):
            raise PermissionDenied("Für andere trägt nur die Geschäftsstelle ein Interesse ein.")
        self.kommunen = sichtbare_kommunen(request.user)
        return super().dispatch(request, *args, **kwargs)

    def eintragen(self, form: FuerAndereForm) -> Interessenbekundung:
        interesse = abgeben_fuer(
            kommune=form.cleaned_data["kommune"],
            angaben=form.angaben(),
            vermerk=form.cleaned_data["vermerk"],
            beleg=form.cleaned_data["beleg"],
            durch=angemeldetes(self.request.user),
            heute=heute(),
        )
        abgabe_melden(self.request, interesse)
        return interesse
