"""Going on with a draft, changing what is filed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.abfragen.interesse.einzeln import ansprechperson
from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.ablaeufe import interesse_entwurf
from bestandsaufnahme.ablaeufe.interesse_aenderung import aendern
from bestandsaufnahme.auswahl import GUELTIGE_INTERESSEN, InteresseStatus
from bestandsaufnahme.forms.interesse import AenderungForm, EntwurfForm, InhaltForm
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.rechte import (
    darf_interesse_bearbeiten,
    muss_grund_nennen,
    sichtbare_aenderungen,
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
from ikz_portal.basis.bearbeiten import BearbeitenAnsicht
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, sichtbare_kommunen

VORBEI = "Diese Interessenbekundung lässt sich nicht mehr ändern: Sie ist {}."


class InteresseBearbeitenView(MitFormular, BearbeitenAnsicht):
    """A draft with all that it says, and to be filed from here; of what is filed only what may change."""

    template_name = "bestandsaufnahme/interesse/bearbeiten.html"
    template_veraltet = "bestandsaufnahme/interesse/veraltet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        alle = abfragen.mit_allem(sichtbare_interessen(request.user)).select_related("kontakt")
        self.objekt = get_object_or_404(alle, pk=kwargs["pk"])
        if not darf_interesse_bearbeiten(request.user, self.objekt):
            raise PermissionDenied("Eine Interessenbekundung ändern die Kommune selbst und die Geschäftsstelle.")
        self.ist_entwurf = self.objekt.status == InteresseStatus.ENTWURF
        self.kommunen = sichtbare_kommunen(request.user).filter(pk=self.objekt.kommune_id)
        self.kontakte = kontakte_von(self.kommunen)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stand = abfragen.stand(self.objekt, heute())
        if stand not in (InteresseStatus.ENTWURF, *GUELTIGE_INTERESSEN):
            messages.error(request, VORBEI.format(stand.label))
            return redirect(self.objekt)
        return super().get(request, *args, **kwargs)

    def formular(self, daten: QueryDict | None, objekt: Interessenbekundung) -> InhaltForm:
        gemeinsam: dict[str, Any] = {"interesse": objekt, "kontakte": self.kontakte, "heute": heute()}
        if not self.ist_entwurf:
            mit_grund = muss_grund_nennen(self.request.user, self.objekt)
            return AenderungForm(daten, **gemeinsam, mit_grund=mit_grund)
        felder = felder_fuer(self.request.user)
        return EntwurfForm(daten, **gemeinsam, kommunen=self.kommunen, felder=felder, entwurf=ENTWURF in (daten or {}))

    def seither(self, version: int) -> AenderungQuerySet:
        """Leave out what others may not read: whoever posts the version of a draft gets none of its words."""
        lesbare = sichtbare_aenderungen(self.request.user).filter(verdeckt=False)  # type: ignore[misc]  # an annotation
        return super().seither(version).filter(pk__in=lesbare.values("pk"))

    def sichern(self, form: Any) -> Interessenbekundung:
        try:
            return self._entwurf_sichern(form) if self.ist_entwurf else self._aendern(form)
        except ablauf.Doppelt as fehler:
            raise self.doppelt(fehler) from fehler

    def _entwurf_sichern(self, form: EntwurfForm) -> Interessenbekundung:
        tun = interesse_entwurf.bearbeiten if ENTWURF in form.data else interesse_entwurf.abgeben
        interesse = tun(
            interesse=self.objekt,
            version=form.cleaned_data["version"],
            angaben=form.angaben(),
            durch=angemeldetes(self.request.user),
            heute=heute(),
        )
        beobachtung_anlegen(self.request, form)
        return interesse

    def _aendern(self, form: AenderungForm) -> Interessenbekundung:
        return aendern(
            interesse=self.objekt,
            version=form.cleaned_data["version"],
            inhalt=form.inhalt(),
            grund=form.cleaned_data["grund"],
            durch=angemeldetes(self.request.user),
            heute=heute(),
        )

    def gesichert(self, objekt: Interessenbekundung) -> HttpResponse:
        if objekt.status == InteresseStatus.ENTWURF:
            entwurf_melden(self.request, objekt)
        elif self.ist_entwurf:
            abgabe_melden(self.request, objekt)
        else:
            folge = " Sie wartet jetzt auf die Bestätigung der Verwaltungsspitze." if objekt.unbestaetigt else ""
            messages.success(self.request, f"Die Interessenbekundung ist geändert.{folge}")
        return redirect(objekt)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kontext = super().get_context_data(**kwargs)
        return {
            **kontext,
            "ist_entwurf": self.ist_entwurf,
            "feldname": abfragen.feldname(self.objekt),
            "wartende": wartende(self.request.user, [self.objekt.kommune]),
            "kontakt_fehlt": self.objekt.kontakt_id is not None and ansprechperson(self.objekt) is None,
        }
