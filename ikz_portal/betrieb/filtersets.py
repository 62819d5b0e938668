from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from ikz_portal.basis.auswahl import PostStatus
from ikz_portal.basis.models import Postausgang


class NachrichtFilter(FilterSet):
    """Takes mails by state, address, words in subject or text, and the days they were written."""

    status = ChoiceFilter(
        label="Zustand",
        choices=PostStatus.choices,
        empty_label="alle",
        error_messages={"invalid_choice": "Den Zustand „%(value)s“ gibt es nicht."},
    )
    an = CharFilter(label="Empfängeradresse", field_name="an", lookup_expr="icontains", max_length=254)
    q = CharFilter(label="Suchwort im Betreff oder Text", method="suchen", max_length=100)
    von = DateFilter(
        label="geschrieben ab",
        field_name="angelegt_am",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    bis = DateFilter(
        label="geschrieben bis",
        field_name="angelegt_am",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def suchen(self, nachrichten: QuerySet[Postausgang], name: str, wert: str) -> QuerySet[Any]:
        return nachrichten.filter(Q(betreff__icontains=wert) | Q(text__icontains=wert))
