from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import Q
from django_filters import ChoiceFilter, DateFilter, FilterSet

from bestandsaufnahme.abfragen.interesse import im_stand
from bestandsaufnahme.auswahl import BeteiligungStatus, InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models import Aufgabenfeld
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from kommunen.models import Kommune

UNBEKANNTES_FELD = {"invalid_choice": "Das Aufgabenfeld „%(value)s“ gibt es nicht."}
UNBEKANNTE_KOMMUNE = {"invalid_choice": "Eine Kommune mit dem AGS „%(value)s“ gibt es nicht."}


class FeldUndKommune(FilterSet):
    """Choices of Aufgabenfelder and Kommunen, each read once and kept for the page."""

    def __init__(
        self, *args: Any, aufgabenfelder: Iterable[Aufgabenfeld], kommunen: Iterable[Kommune], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.aufgabenfelder = list(aufgabenfelder)
        self.kommunen = list(kommunen)
        felder = self.form.fields
        felder["aufgabenfeld"].choices = [(feld.slug, feld.name) for feld in self.aufgabenfelder]
        felder["kommune"].choices = [(kommune.ags, kommune.name) for kommune in self.kommunen]

    def gewaehlt(self, name: str) -> str:
        """Return the value of a valid filter, empty where it isn't set."""
        return str(self.form.cleaned_data.get(name) or "")


class MatrixFilter(FeldUndKommune):
    """The marks of one day: that of `stichtag`, by default the one handed in."""

    stichtag = DateFilter(
        label="Stichtag",
        method="am",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": "Der Stichtag ist kein Datum. Bitte geben Sie einen Tag an, zum Beispiel 30.06.2013."
        },
    )
    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld",
        field_name="kooperation__kooperationsfeld__aufgabenfeld__slug",
        empty_label="alle",
        error_messages=UNBEKANNTES_FELD,
    )
    kommune = ChoiceFilter(
        label="Kommune", field_name="kommune__ags", empty_label="alle", error_messages=UNBEKANNTE_KOMMUNE
    )
    status = ChoiceFilter(
        label="Status",
        choices=BeteiligungStatus.choices,
        empty_label="alle",
        error_messages={"invalid_choice": "Den Status „%(value)s“ gibt es nicht."},
    )

    def __init__(self, data: Any = None, *args: Any, standard: date, heute: date, **kwargs: Any) -> None:
        data = data.copy()
        if not data.get("stichtag"):
            data["stichtag"] = standard.isoformat()
        super().__init__(data, *args, **kwargs)
        zukunft = MaxValueValidator(heute, "Der Stichtag liegt in der Zukunft. Bitte wählen Sie heute oder früher.")
        self.form.fields["stichtag"].validators.append(zukunft)

    @property
    def tag(self) -> date:
        return self.form.cleaned_data["stichtag"]

    def am(self, beteiligungen: BeteiligungQuerySet, name: str, wert: date) -> BeteiligungQuerySet:
        return beteiligungen.am(wert)


class InteresseFilter(FeldUndKommune):
    """Takes declarations with their Aufgabenfeld (`mit_feld`)."""

    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld", method="in_feld", empty_label="alle", error_messages=UNBEKANNTES_FELD
    )
    kommune = ChoiceFilter(
        label="Kommune", field_name="kommune__ags", empty_label="alle", error_messages=UNBEKANNTE_KOMMUNE
    )
    art = ChoiceFilter(label="Art", choices=InteresseArt.choices, empty_label="alle")
    stufe = ChoiceFilter(label="Stufe", choices=Stufe.choices, empty_label="alle")
    status = ChoiceFilter(label="Status", choices=InteresseStatus.choices, method="im_stand", empty_label="alle")
    beispiel = ChoiceFilter(
        label="Beispiele",
        choices=[("ja", "nur Beispiele"), ("nein", "ohne Beispiele")],
        method="je_beispiel",
        empty_label="mit Beispielen",
    )
    gueltig = ChoiceFilter(
        label="Gültigkeit",
        choices=[("ja", "nur gültige")],
        method="nur_gueltige",
        empty_label="alle",
        error_messages={"invalid_choice": "Gültigkeit: Möglich ist „ja“."},
    )

    def __init__(self, *args: Any, heute: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heute = heute

    def in_feld(self, interessen: InteressenbekundungQuerySet, name: str, wert: str) -> InteressenbekundungQuerySet:
        return interessen.filter(Q(feld_id=next(feld.pk for feld in self.aufgabenfelder if feld.slug == wert)))

    def im_stand(self, interessen: InteressenbekundungQuerySet, name: str, wert: str) -> InteressenbekundungQuerySet:
        return im_stand(interessen, InteresseStatus(wert), heute=self.heute)

    def je_beispiel(self, interessen: InteressenbekundungQuerySet, name: str, wert: str) -> InteressenbekundungQuerySet:
        return interessen.filter(beispiel=wert == "ja")

    def nur_gueltige(
        self, interessen: InteressenbekundungQuerySet, name: str, wert: str
    ) -> InteressenbekundungQuerySet:
        return interessen.gueltige(self.heute)
