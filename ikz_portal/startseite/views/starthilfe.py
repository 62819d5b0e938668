from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView

from bestandsaufnahme.abfragen.konstellation.modell import Konstellation
from bestandsaufnahme.rechte import sichtbare_interessen, waehlbare_kontakte
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from ikz_portal.startseite.abfragen import starthilfe as abfragen
from ikz_portal.startseite.abfragen.feldseite import Teilfeld, teilfeld
from ikz_portal.startseite.forms import StarthilfeForm
from kommunen.rechte import angemeldetes, sichtbare_kommunen
from projekte.abfragen.versuche import versuche
from projekte.ablaeufe import starthilfe as ablauf
from projekte.rechte import darf_projekt_anlegen


class StarthilfeView(FormView):
    """Out of a field or a Konstellation (`?kommunen=<ags>,<ags>&kooperationsfeld=<pk>`) comes a Projektidee.

    `mindestens`: how many Kommunen were asked for when it was proposed.
    """

    template_name = "startseite/starthilfe.html"
    form_class = StarthilfeForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.feld: Any = get_object_or_404(abfragen.felder(request.user), slug=kwargs["slug"])
        if not darf_projekt_anlegen(request.user):
            raise PermissionDenied("Eine Projektidee legt die Geschäftsstelle an.")

    # --- what the address names ---------------------------------------------------------------------------------------
    @cached_property
    def teil(self) -> Teilfeld | None:
        return teilfeld(self.feld, self.request.GET.get("kooperationsfeld", ""))

    @cached_property
    def genannte(self) -> frozenset[str]:
        """Return the AGS that the address names, as far as a declaration of the field has them."""
        namen = self.request.GET.get("kommunen", "").split(",")
        return frozenset(namen) & {kandidat.ags for kandidat in self.kandidaten}

    @property
    def mindestens(self) -> int:
        genannt, vorgabe = self.request.GET.get("mindestens", ""), settings.KONSTELLATION_MINDESTENS
        return next((zahl for zahl in range(vorgabe, len(self.genannte) + 1) if str(zahl) == genannt), vorgabe)

    @cached_property
    def kandidaten(self) -> list[abfragen.Kandidat]:
        return abfragen.kandidaten(sichtbare_interessen(self.request.user), self.feld, heute=heute())

    @cached_property
    def konstellation(self) -> Konstellation | None:
        return abfragen.konstellation(
            self.feld,
            kommunen=self.genannte,
            kooperationsfeld=self.teil.pk if self.teil else None,
            heute=heute(),
            mindestens=self.mindestens,
        )

    @cached_property
    def gewaehlte(self) -> list[abfragen.Kandidat]:
        return abfragen.vorausgewaehlte(
            self.kandidaten, kommunen=self.genannte, kooperationsfeld=self.teil.pk if self.teil else None
        )

    # --- the form -----------------------------------------------------------------------------------------------------
    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "versuche": versuche(self.feld, konto=self.request.user, heute=heute()),
            "kandidaten": self.kandidaten,
            "gewaehlte": {kandidat.pk for kandidat in self.gewaehlte},
        }

    def get_initial(self) -> dict[str, Any]:
        name = self.teil.name if self.teil else self.feld.name
        kommunen = [kandidat.interesse.kommune.kurzname for kandidat in self.gewaehlte]
        return {
            "name": abfragen.namensvorschlag(name, kommunen, vergeben=self.feld.projektnamen),
            "kurzbeschreibung": abfragen.entwurf(self.gewaehlte),
        }

    def form_valid(self, form: StarthilfeForm) -> HttpResponse:
        kontakte = form.kontakte()
        konten = waehlbare_kontakte(sichtbare_kommunen(self.request.user)).in_bulk(kontakte.values())
        try:
            projekt = ablauf.beginnen(
                name=form.cleaned_data["name"],
                kurzbeschreibung=form.cleaned_data["kurzbeschreibung"],
                aufgabenfeld=self.feld,
                interessen=form.interessen(),
                kontakte={pk: konten.get(konto) for pk, konto in kontakte.items()},
                gelesene=form.gelesene(),
                herkunft=abfragen.herkunft(self.konstellation),
                durch=angemeldetes(self.request.user),
                heute=heute(),
            )
        except ValidationError as fehler:
            fehler_eintragen(form, fehler)
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"Die Projektidee „{projekt.name}“ ist angelegt. Wer das Interesse bekundet hat, wird benachrichtigt.",
        )
        return redirect(projekt)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            feld=self.feld,
            teil=self.teil,
            zurueck_url=self.teil.url if self.teil else self.feld.get_absolute_url(),
            konstellation=self.konstellation,
        )
