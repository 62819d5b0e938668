from datetime import date
from typing import Any

from django.db.models import Q
from django_filters import ChoiceFilter

from bestandsaufnahme.abfragen.interesse.interesse import im_stand
from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.filtersets.gemeinsam import UNBEKANNTE_KOMMUNE, UNBEKANNTES_FELD, FeldUndKommune
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet


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
