"""A Kommune joins a Kooperation, its part changes, it leaves; or what was typed of it is put right."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import FormView

from bestandsaufnahme.abfragen.kooperation.beteiligung import fassung, zeile
from bestandsaufnahme.ablaeufe import beteiligung as ablauf
from bestandsaufnahme.forms.beteiligung import (
    AenderungForm,
    AustrittForm,
    BeitrittForm,
    BerichtigungForm,
    EntfernenForm,
)
from bestandsaufnahme.models import Beteiligung, Kooperation
from bestandsaufnahme.rechte import sichtbare_beteiligungen, sichtbare_erhebungen
from bestandsaufnahme.views.kooperation_formular import aenderbare
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.rechte import angemeldetes, sichtbare_kommunen


class SchrittView(FormView):
    """A step of the Geschäftsstelle at a Kooperation; afterwards its page tells what was done."""

    kooperation: Kooperation

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kooperation = aenderbare(request.user, kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, kooperation=self.kooperation)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            satz = self.ausfuehren({**form.cleaned_data, "durch": angemeldetes(self.request.user)})
        except ValidationError as fehler:
            return self.abgelehnt(form, fehler)
        messages.success(self.request, satz)
        return redirect(self.kooperation)

    def abgelehnt(self, form: Any, fehler: ValidationError) -> HttpResponse:
        fehler_eintragen(form, fehler)
        return self.form_invalid(form)

    def ausfuehren(self, werte: dict[str, Any]) -> str:
        """Call the operation, and return in a sentence what was done."""
        raise NotImplementedError


class BeteiligungNeuView(SchrittView):
    template_name = "bestandsaufnahme/beteiligung/neu.html"
    form_class = BeitrittForm

    def get_form_kwargs(self) -> dict[str, Any]:
        konto = self.request.user
        auswahl = {"kommunen": sichtbare_kommunen(konto), "erhebungen": sichtbare_erhebungen(konto)}
        return {**super().get_form_kwargs(), **auswahl}

    def ausfuehren(self, werte: dict[str, Any]) -> str:
        neue = ablauf.aufnehmen(kooperation=self.kooperation, **werte)
        return f"{neue.kommune} ist als beteiligt eingetragen."


class BeteiligungSchrittView(SchrittView):
    """A step at one row. Who read another edition of it than there is now sees the new one first."""

    beteiligung: Beteiligung
    mit_erhebungen = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.beteiligung = self.lesen()

    def lesen(self) -> Beteiligung:
        sichtbare = sichtbare_beteiligungen(self.request.user).filter(kooperation=self.kooperation)
        return get_object_or_404(sichtbare.select_related("kommune", "erhebung"), pk=self.kwargs["bpk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = {**super().get_form_kwargs(), "beteiligung": self.beteiligung}
        return kwargs | ({"erhebungen": sichtbare_erhebungen(self.request.user)} if self.mit_erhebungen else {})

    def abgelehnt(self, form: Any, fehler: ValidationError) -> HttpResponse:
        if getattr(fehler, "code", "") == "veraltet":
            self.beteiligung = self.lesen()
            form.data = form.data.copy()
            form.data["gelesen"] = fassung(self.beteiligung)
        return super().abgelehnt(form, fehler)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, beteiligung=self.beteiligung, zeile=zeile(self.beteiligung, heute=heute())
        )


class BeteiligungAendernView(BeteiligungSchrittView):
    template_name = "bestandsaufnahme/beteiligung/aendern.html"
    form_class = AenderungForm
    mit_erhebungen = True

    def ausfuehren(self, werte: dict[str, Any]) -> str:
        ablauf.aendern(beteiligung=self.beteiligung, **werte)
        return f"Die Änderung für {self.beteiligung.kommune} ist eingetragen."


class BeteiligungBeendenView(BeteiligungSchrittView):
    template_name = "bestandsaufnahme/beteiligung/beenden.html"
    form_class = AustrittForm

    def ausfuehren(self, werte: dict[str, Any]) -> str:
        ablauf.austreten(beteiligung=self.beteiligung, **werte)
        return f"Das Ende der Beteiligung von {self.beteiligung.kommune} ist eingetragen."


class BeteiligungBerichtigenView(BeteiligungSchrittView):
    template_name = "bestandsaufnahme/beteiligung/berichtigen.html"
    form_class = BerichtigungForm
    mit_erhebungen = True

    def ausfuehren(self, werte: dict[str, Any]) -> str:
        ablauf.berichtigen(beteiligung=self.beteiligung, **werte)
        return f"Die Beteiligung von {self.beteiligung.kommune} ist berichtigt."


class BeteiligungEntfernenView(BeteiligungSchrittView):
    template_name = "bestandsaufnahme/beteiligung/entfernen.html"
    form_class = EntfernenForm

    def ausfuehren(self, werte: dict[str, Any]) -> str:
        ablauf.entfernen(beteiligung=self.beteiligung, **werte, heute=heute())
        return f"Der Eintrag von {self.beteiligung.kommune} ist entfernt. Der Grund steht auf dieser Seite."
