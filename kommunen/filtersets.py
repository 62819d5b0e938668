from django.db.models import Q
from django_filters import CharFilter, ChoiceFilter, FilterSet

from kommunen.abfragen import untergrenzen
from kommunen.auswahl import GROESSENKLASSEN, KommuneArt
from kommunen.models.kommune import KommuneQuerySet


class KommuneFilter(FilterSet):
    """Takes Kommunen with `einwohner`; the size class is told by its least number of inhabitants."""

    q = CharFilter(label="Name, Kürzel oder AGS", method="suchen", max_length=100)
    art = ChoiceFilter(label="Art", choices=KommuneArt.choices, empty_label="alle")
    klasse = ChoiceFilter(
        label="Größenklasse",
        choices=[(str(grenze), name) for grenze, name in untergrenzen()],
        method="in_klasse",
        empty_label="alle",
    )

    def suchen(self, kommunen: KommuneQuerySet, name: str, wert: str) -> KommuneQuerySet:
        return kommunen.filter(Q(name__icontains=wert) | Q(kuerzel__iexact=wert) | Q(ags__startswith=wert))

    def in_klasse(self, kommunen: KommuneQuerySet, name: str, wert: str) -> KommuneQuerySet:
        """Towns only: the figure of the Kreis is not that of a town of this size."""
        unten = int(wert)
        oben = next((grenze for grenze, _ in GROESSENKLASSEN if grenze and grenze > unten), None)
        kommunen = kommunen.ohne_kreis().filter(Q(einwohner__gte=unten))
        return kommunen.filter(Q(einwohner__lt=oben)) if oben else kommunen
