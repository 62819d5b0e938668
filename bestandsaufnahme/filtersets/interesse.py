from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django_filters import ChoiceFilter, FilterSet

from bestandsaufnahme.abfragen.interesse.interesse import im_stand
from bestandsaufnahme.abfragen.interesse.staende import HEUTE
from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.filtersets.gemeinsam import (
    UNBEKANNTE_KOMMUNE,
    UNBEKANNTER_STATUS,
    UNBEKANNTES_FELD,
    FeldUndKommune,
)
from bestandsaufnahme.models import Interessenrunde, Rundennennung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet

# What says which ranking is shown, and which of its rows, but chooses no declarations.
RAHMEN = {"stand", "aufgabenfeld"}
REIHENFOLGE = ("stand", "aufgabenfeld", "kommune", "art", "stufe", "status", "gueltig", "beispiel")


class RanglisteFilter(FilterSet):
    """What the public may ask of the ranking: nothing that would tell one Kommune from another."""

    stand = ChoiceFilter(
        label="Stand",
        method="unveraendert",
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Diesen Stand der Rangliste gibt es nicht."},
    )
    art = ChoiceFilter(
        label="Art",
        choices=InteresseArt.choices,
        empty_label="alle",
        error_messages={"invalid_choice": "Die Art „%(value)s“ gibt es nicht."},
    )

    def __init__(self, *args: Any, runden: Iterable[Interessenrunde], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["stand"].choices = [(HEUTE, HEUTE), *((str(runde.pk), runde.name) for runde in runden)]

    def gewaehlt(self, name: str) -> str:
        """Return the value of a valid filter, empty where it isn't set."""
        return str(self.form.cleaned_data.get(name) or "")

    @property
    def schraenkt_ein(self) -> bool:
        """Tell whether certain declarations are asked for, so that the numbers are a part of the whole."""
        return any(wert for name, wert in self.form.cleaned_data.items() if name not in RAHMEN)

    def ohne(self, interessen: InteressenbekundungQuerySet, *namen: str) -> InteressenbekundungQuerySet:
        """Return those of other declarations that pass all filters but these, of a valid filter set."""
        for name, wert in self.form.cleaned_data.items():
            if name not in namen:
                interessen = self.filters[name].filter(interessen, wert)
        return interessen

    def unveraendert(
        self, interessen: InteressenbekundungQuerySet, name: str, wert: str
    ) -> InteressenbekundungQuerySet:
        return interessen


class InteresseFilter(RanglisteFilter, FeldUndKommune):
    """Takes declarations with their Aufgabenfeld (`mit_feld`)."""

    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld", method="in_feld", empty_label="alle", error_messages=UNBEKANNTES_FELD
    )
    kommune = ChoiceFilter(
        label="Kommune", field_name="kommune__ags", empty_label="alle", error_messages=UNBEKANNTE_KOMMUNE
    )
    stufe = ChoiceFilter(
        label="Stufe ab",
        choices=Stufe.choices,
        method="ab_stufe",
        empty_label="alle",
        error_messages={"invalid_choice": "Die Stufe „%(value)s“ gibt es nicht."},
    )
    status = ChoiceFilter(
        label="Status",
        choices=InteresseStatus.choices,
        method="im_stand",
        empty_label="alle",
        error_messages=UNBEKANNTER_STATUS,
    )
    beispiel = ChoiceFilter(
        label="Beispiele",
        choices=[("ja", "nur Beispiele"), ("nein", "ohne Beispiele")],
        method="je_beispiel",
        empty_label="mit Beispielen",
        error_messages={"invalid_choice": "Beispiele: Möglich sind „ja“ und „nein“."},
    )
    gueltig = ChoiceFilter(
        label="Gültigkeit",
        choices=[("ja", "nur gültige"), ("wartet", "nur solche, die auf Bestätigung warten")],
        method="je_gueltigkeit",
        empty_label="alle",
        error_messages={"invalid_choice": "Gültigkeit: Möglich sind „ja“ und „wartet“."},
    )

    def __init__(self, *args: Any, heute: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heute = heute
        self.form.order_fields(REIHENFOLGE)

    def nennungen(
        self, nennungen: QuerySet[Rundennennung], interessen: InteressenbekundungQuerySet
    ) -> QuerySet[Rundennennung]:
        """Return those of a round whose declarations pass; their Stufe is that of then."""
        if self.gewaehlt("stufe"):
            nennungen = nennungen.filter(stufe__in=_stufen_ab(self.gewaehlt("stufe")))
        return nennungen.filter(interesse__in=self.ohne(interessen, "stufe", "aufgabenfeld").values("pk"))

    def in_feld(self, interessen: InteressenbekundungQuerySet, name: str, wert: str) -> InteressenbekundungQuerySet:
        return interessen.filter(Q(feld_id=next(feld.pk for feld in self.aufgabenfelder if feld.slug == wert)))

    def ab_stufe(self, interessen: InteressenbekundungQuerySet, name: str, wert: str) -> InteressenbekundungQuerySet:
        return interessen.filter(stufe__in=_stufen_ab(wert))

    def im_stand(self, interessen: InteressenbekundungQuerySet, name: str, wert: str) -> InteressenbekundungQuerySet:
        return im_stand(interessen, InteresseStatus(wert), heute=self.heute)

    def je_beispiel(self, interessen: InteressenbekundungQuerySet, name: str, wert: str) -> InteressenbekundungQuerySet:
        return interessen.filter(beispiel=wert == "ja")

    def je_gueltigkeit(
        self, interessen: InteressenbekundungQuerySet, name: str, wert: str
    ) -> InteressenbekundungQuerySet:
        if wert == "ja":
            return interessen.gueltige(self.heute)
        return interessen.laufende(self.heute).unbestaetigte()


def _stufen_ab(stufe: str) -> list[str]:
    """Return this one and those that go further."""
    return Stufe.values[Stufe.values.index(stufe) :]
