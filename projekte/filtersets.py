from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from bestandsaufnahme.models import Aufgabenfeld
from kommunen.models import Kommune
from projekte.auswahl import ZUSTIMMENDE, ProjektStatus
from projekte.models.projekt import ProjektQuerySet

UEBERFAELLIGE = (("ja", "mit überfälligen"), ("nein", "ohne überfällige"))
BEISPIELE = (("ja", "nur Beispiele"), ("nein", "ohne Beispiele"))


class ProjektFilter(FilterSet):
    """Takes Projekte out of `abfragen.portfolio`. What the public may not read it can't filter by either."""

    q = CharFilter(label="Suchwort im Namen oder in der Beschreibung", method="suchen", max_length=100)
    status = ChoiceFilter(
        label="Status",
        choices=ProjektStatus.choices,
        empty_label="alle",
        error_messages={"invalid_choice": "Den Status „%(value)s“ gibt es nicht."},
    )
    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld",
        field_name="aufgabenfeld__slug",
        empty_label="alle",
        error_messages={"invalid_choice": "Das Aufgabenfeld „%(value)s“ gibt es nicht."},
    )
    kommune = ChoiceFilter(
        label="Teilnehmende Kommune",
        method="mit_kommune",
        empty_label="alle",
        help_text="Findet Projekte, denen die Kommune zugestimmt hat. Bei früheren ist oft nur die Zahl überliefert.",
        error_messages={"invalid_choice": "Eine Kommune mit dem AGS „%(value)s“ gibt es nicht."},
    )
    ueberfaellig = ChoiceFilter(
        label="Meilensteine",
        choices=UEBERFAELLIGE,
        method="mit_ueberfaelligen",
        empty_label="alle",
        error_messages={"invalid_choice": "Überfällig: Möglich sind „ja“ und „nein“."},
    )
    beispiel = ChoiceFilter(
        label="Beispieldaten",
        choices=BEISPIELE,
        method="nur_beispiele",
        empty_label="mit Beispielen",
        error_messages={"invalid_choice": "Beispieldaten: Möglich sind „ja“ und „nein“."},
    )

    def __init__(
        self, *args: Any, aufgabenfelder: QuerySet[Aufgabenfeld], kommunen: QuerySet[Kommune] | None, **kwargs: Any
    ) -> None:
        """Take the choices; without Kommunen nobody asks who takes part, nor for examples."""
        super().__init__(*args, **kwargs)
        felder = self.form.fields
        felder["aufgabenfeld"].choices = list(aufgabenfelder.values_list("slug", "name"))
        if kommunen is None:
            del felder["kommune"], felder["beispiel"]
        else:
            felder["kommune"].choices = list(kommunen.values_list("ags", "name"))

    def suchen(self, projekte: ProjektQuerySet, name: str, wert: str) -> ProjektQuerySet:
        return projekte.filter(Q(name__icontains=wert) | Q(kurzbeschreibung__icontains=wert))

    def mit_kommune(self, projekte: ProjektQuerySet, name: str, wert: str) -> ProjektQuerySet:
        """Ask in a subquery, so that the counts of all answers stay as they are."""
        return projekte.filter(
            pk__in=projekte.model.objects.filter(
                teilnahmen__kommune__ags=wert, teilnahmen__antwort__in=ZUSTIMMENDE
            ).values("pk")
        )

    def mit_ueberfaelligen(self, projekte: Any, name: str, wert: str) -> Any:
        """`ueberfaellig` is annotated by `abfragen.portfolio`."""
        return projekte.filter(ueberfaellig__gt=0) if wert == "ja" else projekte.filter(ueberfaellig=0)

    def nur_beispiele(self, projekte: ProjektQuerySet, name: str, wert: str) -> ProjektQuerySet:
        return projekte.filter(beispiel=wert == "ja")
