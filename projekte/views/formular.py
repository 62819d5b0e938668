import copy
from functools import cached_property
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic.base import TemplateView

from bestandsaufnahme.rechte import sichtbare_aufgabenfelder
from ikz_portal.basis import rueckblick, unterschiede, verlauf
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from kommunen.rechte import angemeldetes, sichtbare_kommunen
from projekte.abfragen.meilensteine import hinweise
from projekte.ablaeufe import projekt as ablauf
from projekte.auswahl import BEENDETE, ProjektStatus
from projekte.forms import HOECHSTENS, MeilensteinFormSet, MeilensteinSatz, ProjektForm, meilensteine_als_vorgabe
from projekte.models import Meilenstein, Projekt
from projekte.rechte import (
    darf_projekt_anlegen,
    darf_projekt_bearbeiten,
    darf_projekt_freigeben,
    sichtbare_projekte,
)

# Words of a status that the form offers no more, for comparing two editions of it.
ALLE_WORTE: dict[str, dict[str, Any]] = {"status": dict(ProjektStatus.choices)}
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
        daten: QueryDict = request.POST
        if WEITERER in daten:
            return self.mit_weiterem()
        if unterschiede.GEWAEHLT in daten:
            daten = self.zusammengefuehrt(daten)
        formular, satz = self.formular(daten), self.satz(daten)
        if self.ist_veraltet(formular):
            return self.veraltet(daten)
        if unterschiede.WEITER in daten:
            return self.unveraendert_zeigen(formular, satz)
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

    def formular(self, daten: Any = None, projekt: Projekt | None = None) -> ProjektForm:
        konto = self.request.user
        return ProjektForm(
            daten,
            instance=copy.copy(projekt or self.projekt),
            aufgabenfelder=sichtbare_aufgabenfelder(konto),
            vorgaenger=sichtbare_projekte(konto).exclude(pk=self.projekt.pk),
            darf_freigeben=darf_projekt_freigeben(konto),
        )

    def satz(self, daten: Any = None, zeilen: list[Meilenstein] | None = None) -> MeilensteinSatz:
        vorgabe = None
        if daten is None and self.projekt.pk:
            vorgabe = meilensteine_als_vorgabe(self.meilensteine() if zeilen is None else zeilen)
        angaben = {"kommunen": self.kommunen, "heute": self.heute}
        return cast(MeilensteinSatz, MeilensteinFormSet(daten, initial=vorgabe, prefix=SATZ, form_kwargs=angaben))

    @cached_property
    def kommunen(self) -> list[Kommune]:
        return list(sichtbare_kommunen(self.request.user))

    def meilensteine(self) -> list[Meilenstein]:
        return list(self.projekt.meilensteine.select_related("verantwortlich"))

    def mit_weiterem(self) -> HttpResponse:
        """Show again all that was typed, unchecked, with one more empty row; this writes nothing."""
        daten = self.request.POST.copy()
        anzahl = daten.get(f"{SATZ}-TOTAL_FORMS", "")
        if anzahl.isdecimal() and int(anzahl[:4]) < HOECHSTENS:
            daten[f"{SATZ}-TOTAL_FORMS"] = str(int(anzahl) + 1)
        formular, satz = self.formular(daten), self.satz(daten)
        return self.unveraendert_zeigen(formular, satz, neuer=len(satz.forms) - 1)

    def unveraendert_zeigen(
        self, formular: ProjektForm, satz: MeilensteinSatz, *, neuer: int | None = None
    ) -> HttpResponse:
        formular.ohne_pruefung()
        satz.ohne_pruefung()
        return self.zeigen(formular, satz, neuer=neuer)

    def abgelehnt(self, formular: ProjektForm, satz: MeilensteinSatz, fehler: ValidationError) -> HttpResponse:
        if isinstance(fehler, rueckblick.Veraltet):
            self.projekt.refresh_from_db()
            return self.veraltet(cast(QueryDict, formular.data))
        fehler_eintragen(formular, fehler)
        return self.zeigen(formular, satz)

    def zeigen(self, formular: ProjektForm, satz: MeilensteinSatz, *, neuer: int | None = None) -> HttpResponse:
        kontext = self.get_context_data(projekt=self.projekt, formular=formular, satz=satz, neuer=neuer)
        return self.render_to_response(kontext)

    # --- saved by somebody else meanwhile -----------------------------------------------------------------------------
    def ist_veraltet(self, formular: ProjektForm) -> bool:
        """Tell whether the form was read in another version than the one that is saved; nonsense is for its checks."""
        return self.projekt.pk is not None and self.gelesene_version(formular) not in {None, self.projekt.version}

    @staticmethod
    def gelesene_version(formular: ProjektForm) -> int | None:
        try:
            return cast(int, formular.fields["version"].clean(formular["version"].value()))
        except ValidationError:
            return None

    def veraltet(self, daten: QueryDict) -> HttpResponse:
        """Tell who changed what since, and let the person choose field by field; this writes nothing."""
        formular, satz = self.formular(daten), self.satz(daten)
        seither = list(
            rueckblick.seit(self.projekt, self.gelesene_version(formular) or 0).select_related("konto", "fuer")
        )
        abgleich = unterschiede.Abgleich(
            version=self.projekt.version,
            vorgaenge=verlauf.vorgaenge(seither),
            unterschiede=self.unterschiede(formular, satz, seither),
            mitgeschickt=unterschiede.mitgeschickt(daten),
        )
        kontext = self.get_context_data(projekt=self.projekt, abgleich=abgleich)
        return render(self.request, "projekte/projekt/veraltet.html", kontext, status=409)

    def unterschiede(
        self, formular: ProjektForm, satz: MeilensteinSatz, seither: list[Aenderung]
    ) -> list[unterschiede.Unterschied]:
        """Compare what was typed with what is saved now and with what both began with."""
        zeilen = self.meilensteine()
        (projekt,) = rueckblick.vorher(Projekt, [self.projekt], seither)
        fruehere = rueckblick.vorher(Meilenstein, zeilen, seither)
        prefetch_related_objects(fruehere, "verantwortlich")
        return unterschiede.unterschiede(
            self.formular(), formular, self.formular(projekt=projekt), worte=ALLE_WORTE
        ) + unterschiede.unterschiede_der_zeilen(
            self.satz(zeilen=zeilen), satz, self.satz(zeilen=fruehere), worte=ALLE_WORTE
        )

    def zusammengefuehrt(self, daten: QueryDict) -> QueryDict:
        """Return what was typed with what is saved in its place where the person chose that."""
        ergebnis = daten.copy()
        unterschiede.zusammenfuehren(ergebnis, self.formular(), self.formular(daten))
        unterschiede.zeilen_zusammenfuehren(ergebnis, self.satz(), self.satz(daten))
        return ergebnis

    def sichern(self, formular: ProjektForm, satz: MeilensteinSatz) -> Projekt:
        raise NotImplementedError


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
