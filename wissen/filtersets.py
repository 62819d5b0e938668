from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from bestandsaufnahme.models import Aufgabenfeld
from wissen.auswahl import BeitragArt
from wissen.models import Beitrag


class BeitragFilter(FilterSet):
    q = CharFilter(label="Suchwort in Titel oder Text", method="suchen", max_length=100)
    art = ChoiceFilter(
        label="Art",
        choices=BeitragArt.choices,
        empty_label="alle",
        error_messages={"invalid_choice": "Die Art „%(value)s“ gibt es nicht."},
    )
    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld",
        field_name="aufgabenfelder__slug",
        empty_label="alle",
        error_messages={"invalid_choice": "Das Aufgabenfeld „%(value)s“ gibt es nicht."},
    )

    def __init__(self, *args: Any, aufgabenfelder: QuerySet[Aufgabenfeld], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["aufgabenfeld"].choices = list(aufgabenfelder.values_list("slug", "name"))

    def suchen(self, beitraege: QuerySet[Beitrag], name: str, wert: str) -> QuerySet[Beitrag]:
        return beitraege.filter(Q(titel__icontains=wert) | Q(kurztext__icontains=wert) | Q(text__icontains=wert))
