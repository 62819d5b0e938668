from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from kommunen.abfragen.kommune import untergrenzen
from kommunen.auswahl import GROESSENKLASSEN, KommuneArt, KontoStatus, Rolle, VertretungStatus
from kommunen.models import Kommune, Konto
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


class KontoFilter(FilterSet):
    """Whoever sees the Konten of one Kommune alone isn't asked for it."""

    q = CharFilter(label="Name, E-Mail-Adresse oder Funktion", method="suchen", max_length=100)
    rolle = ChoiceFilter(label="Rolle", choices=Rolle.choices, empty_label="alle")
    kommune = ChoiceFilter(
        label="Kommune",
        field_name="kommune__ags",
        empty_label="alle",
        error_messages={"invalid_choice": "Eine Kommune mit dem AGS „%(value)s“ steht hier nicht zur Wahl."},
    )
    status = ChoiceFilter(label="Zustand", choices=KontoStatus.choices, method="im_zustand", empty_label="alle")

    def __init__(self, *args: Any, kommunen: Iterable[Kommune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wahl = [(kommune.ags, kommune.name) for kommune in kommunen]
        if len(wahl) > 1:
            self.form.fields["kommune"].choices = wahl
        else:
            del self.form.fields["kommune"]

    def suchen(self, konten: QuerySet[Konto], name: str, wert: str) -> QuerySet[Konto]:
        return konten.filter(Q(name__icontains=wert) | Q(email__icontains=wert) | Q(funktion__icontains=wert))

    def im_zustand(self, konten: QuerySet[Konto], name: str, wert: str) -> QuerySet[Konto]:
        return konten.filter(is_active=wert == KontoStatus.AKTIV)


class VertretungFilter(FilterSet):
    """Takes Vertretungen with `stand` (`abfragen.vertretung.mit_status`)."""

    status = ChoiceFilter(label="Zustand", field_name="stand", choices=VertretungStatus.choices, empty_label="alle")
