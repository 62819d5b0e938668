"""What the pages share on which a declaration is written."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.views.generic import FormView

from bestandsaufnahme.abfragen.interesse import interesse as abfragen
from bestandsaufnahme.abfragen.interesse.formular import warten_auf_die_spitze
from bestandsaufnahme.ablaeufe.beobachtung import beobachten
from bestandsaufnahme.ablaeufe.interesse import Doppelt
from bestandsaufnahme.forms.interesse import InteresseForm
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung
from bestandsaufnahme.rechte import sichtbare_aufgabenfelder, sichtbare_interessen, waehlbare_kontakte
from ikz_portal.basis.formulare import fehler_eintragen
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune, Konto
from kommunen.rechte import Betrachter, angemeldetes, spitze_von

# The button that keeps it as a draft.
ENTWURF = "entwurf"


class MitFormular(FormView):
    """A form over a declaration; `vorhandene` is the one that it would double, where this person may see it."""

    vorhandene: Interessenbekundung | None = None

    def doppelt(self, fehler: Doppelt) -> ValidationError:
        """Return the refusal at the field that is to be chosen anew."""
        self.vorhandene = sichtbare_interessen(self.request.user).filter(pk=fehler.vorhandene.pk).first()
        return ValidationError({"feld": fehler.messages})

    def ablehnung_zeigen(self, form: Any, fehler: ValidationError) -> None:
        gezeigter = self.doppelt(fehler) if isinstance(fehler, Doppelt) else fehler
        fehler_eintragen(form, gezeigter, aufgabenfeld="feld", kooperationsfeld="feld")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, vorhandene=self.vorhandene)


def felder_fuer(konto: Betrachter) -> QuerySet[Aufgabenfeld]:
    return sichtbare_aufgabenfelder(konto).prefetch_related("kooperationsfelder")


def kontakte_von(kommunen: QuerySet[Kommune]) -> QuerySet[Konto]:
    return waehlbare_kontakte(kommunen).select_related("kommune").order_by("kommune__sortierung", "name", "pk")


def wartende(konto: Betrachter, kommunen: Sequence[Kommune] | QuerySet[Kommune]) -> list[str]:
    """Return those of these Kommunen whose head, somebody else, confirms what this person files."""
    return warten_auf_die_spitze(list(kommunen), ausser=spitze_von(konto))


def beobachtung_anlegen(request: HttpRequest, form: InteresseForm) -> None:
    if (feld := form.zu_beobachten()) is not None:
        beobachten(aufgabenfeld=feld, durch=angemeldetes(request.user), heute=heute())


def abgabe_melden(request: HttpRequest, interesse: Interessenbekundung) -> None:
    folge = "Die anderen Kommunen sehen es ab sofort."
    if interesse.unbestaetigt:
        folge = "Es zählt, sobald die Verwaltungsspitze es bestätigt hat; bis dahin ist es als unbestätigt markiert."
    feld = abfragen.feldname(interesse)
    messages.success(request, f"Das Interesse von {interesse.kommune} ist eingetragen: {feld}. {folge}")


def entwurf_melden(request: HttpRequest, interesse: Interessenbekundung) -> None:
    satz = f"Der Entwurf zu „{abfragen.feldname(interesse)}“ ist gespeichert. Nur {interesse.kommune} sieht ihn."
    messages.success(request, satz)
