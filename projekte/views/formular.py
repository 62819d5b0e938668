import copy
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic.base import TemplateView

from bestandsaufnahme.rechte import sichtbare_aufgabenfelder
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, sichtbare_kommunen
from projekte.abfragen.meilensteine import hinweise
from projekte.abfragen.unterschiede import Unterschied, unterschiede, unterschiede_der_zeilen
from projekte.ablaeufe import projekt as ablauf
from projekte.auswahl import BEENDETE
from projekte.forms import HOECHSTENS, MeilensteinFormSet, MeilensteinSatz, ProjektForm, meilensteine_als_vorgabe
from projekte.models import Projekt
from projekte.rechte import (
    darf_projekt_anlegen,
    darf_projekt_bearbeiten,
    darf_projekt_freigeben,
    sichtbare_projekte,
)

SATZ = "meilensteine"
WEITERER = "weiterer"


class ProjektFormularView(TemplateView):
    """The form of a Projekt and its Meilensteine; the subclasses say which one, and which operation saves it."""

    template_name = "projekte/projekt/formular.html"
    projekt: Projekt

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.heute = heute()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.zeigen(self.formular(), self.satz())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if WEITERER in request.POST:
            return self.mit_weiterem()
        formular, satz = self.formular(request.POST), self.satz(request.POST)
        if not all([formular.is_valid(), satz.is_valid()]):
            return self.zeigen(formular, satz)
        try:
            gesichert = self.sichern(formular, satz)
        except ValidationError as fehler:
            return self.abgelehnt(formular, satz, fehler)
        messages.success(request, f"Das Projekt „{gesichert.name}“ ist gespeichert.")
        beendet = gesichert.status in BEENDETE and gesichert.status != self.projekt.status
        for hinweis in hinweise(gesichert, beendet=beendet):
            messages.warning(request, hinweis)
        return redirect(gesichert)

    def formular(self, daten: Any = None) -> ProjektForm:
        konto = self.request.user
        return ProjektForm(
            daten,
            instance=copy.copy(self.projekt),
            aufgabenfelder=sichtbare_aufgabenfelder(konto),
            vorgaenger=sichtbare_projekte(konto).exclude(pk=self.projekt.pk),
            darf_freigeben=darf_projekt_freigeben(konto),
        )

    def satz(self, daten: Any = None) -> MeilensteinSatz:
        vorgabe = None
        if daten is None and self.projekt.pk:
            vorgabe = meilensteine_als_vorgabe(self.projekt.meilensteine.select_related("verantwortlich"))
        angaben = {"kommunen": list(sichtbare_kommunen(self.request.user)), "heute": self.heute}
        return cast(MeilensteinSatz, MeilensteinFormSet(daten, initial=vorgabe, prefix=SATZ, form_kwargs=angaben))

    def mit_weiterem(self) -> HttpResponse:
        """Show again all that was typed, unchecked, with one more empty row; this writes nothing."""
        daten = self.request.POST.copy()
        anzahl = daten.get(f"{SATZ}-TOTAL_FORMS", "")
        if anzahl.isdecimal() and int(anzahl[:4]) < HOECHSTENS:
            daten[f"{SATZ}-TOTAL_FORMS"] = str(int(anzahl) + 1)
        formular, satz = self.formular(daten), self.satz(daten)
        formular.ohne_pruefung()
        satz.ohne_pruefung()
        return self.zeigen(formular, satz, neuer=len(satz.forms) - 1)

    def abgelehnt(self, formular: ProjektForm, satz: MeilensteinSatz, fehler: ValidationError) -> HttpResponse:
        if getattr(fehler, "code", None) == ablauf.VERALTET:
            self.projekt.refresh_from_db()
            return self.zeigen(formular, satz, status=409)
        for feld, saetze in getattr(fehler, "message_dict", {"": fehler.messages}).items():
            formular.add_error(feld if feld in formular.fields else None, saetze)
        return self.zeigen(formular, satz)

    def sichern(self, formular: ProjektForm, satz: MeilensteinSatz) -> Projekt:
        raise NotImplementedError

    def zeigen(
        self, formular: ProjektForm, satz: MeilensteinSatz, *, neuer: int | None = None, status: int = 200
    ) -> HttpResponse:
        gelesen = formular.data.get("version", str(self.projekt.version))
        veraltet = self.projekt.pk is not None and gelesen.isdecimal() and gelesen != str(self.projekt.version)
        kontext = self.get_context_data(
            projekt=self.projekt,
            formular=formular,
            satz=satz,
            neuer=neuer,
            veraltet=veraltet,
            unterschiede=self.unterschiede(formular, satz) if veraltet else [],
        )
        return self.render_to_response(kontext, status=status)

    def unterschiede(self, formular: ProjektForm, satz: MeilensteinSatz) -> list[Unterschied]:
        """Compare what was typed with what is saved now."""
        return unterschiede(self.formular(), formular) + unterschiede_der_zeilen(self.satz(), satz)


class ProjektNeuView(ProjektFormularView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not darf_projekt_anlegen(request.user):
            raise PermissionDenied
        self.projekt = Projekt()

    def sichern(self, formular: ProjektForm, satz: MeilensteinSatz) -> Projekt:
        return ablauf.anlegen(
            angaben=formular.angaben(),
            meilensteine=satz.angaben(),
            durch=angemeldetes(self.request.user),
            heute=self.heute,
            grund=formular.cleaned_data["grund"],
        )


class ProjektBearbeitenView(ProjektFormularView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.projekt = get_object_or_404(sichtbare_projekte(request.user), slug=kwargs["slug"])
        if not darf_projekt_bearbeiten(request.user, self.projekt):
            raise PermissionDenied

    def sichern(self, formular: ProjektForm, satz: MeilensteinSatz) -> Projekt:
        return ablauf.bearbeiten(
            projekt=self.projekt,
            version=formular.cleaned_data["version"],
            angaben=formular.angaben(),
            meilensteine=satz.angaben(),
            geloeschte=satz.geloeschte(),
            durch=angemeldetes(self.request.user),
            heute=self.heute,
            grund=formular.cleaned_data["grund"],
        )
