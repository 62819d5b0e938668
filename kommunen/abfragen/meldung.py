"""Reading what waits to be told, and how each person wants to be told."""

from collections.abc import Collection

from django.db.models import Case, CharField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from kommunen.auswahl import VORGABE_RHYTHMUS, Meldeanlass, Rhythmus
from kommunen.models import Konto, Meldewunsch, Meldung
from kommunen.models.meldung import MeldungQuerySet


def gewuenschte_rhythmen(konto: Konto) -> dict[Meldeanlass, Rhythmus]:
    """Return for every Anlass how the person wants to be told, which is the default where it has not chosen."""
    gewaehlte = dict(Meldewunsch.objects.filter(konto=konto).values_list("anlass", "rhythmus"))
    return {anlass: Rhythmus(gewaehlte.get(anlass, VORGABE_RHYTHMUS[anlass])) for anlass in Meldeanlass}


def faellige(rhythmen: Collection[Rhythmus]) -> MeldungQuerySet:
    """Return what waits for those who want it in one of these ways, each with its `rhythmus`.

    Among them, whenever it is asked, what nobody is to be told any more: it is done without a mail.
    """
    wunsch = Meldewunsch.objects.filter(konto=OuterRef("konto"), anlass=OuterRef("anlass"))
    vorgabe = Case(
        *(When(anlass=anlass, then=Value(rhythmus)) for anlass, rhythmus in VORGABE_RHYTHMUS.items()),
        output_field=CharField(),
    )
    wartende = Meldung.objects.wartende().annotate(rhythmus=Coalesce(Subquery(wunsch.values("rhythmus")), vorgabe))
    vergebliche = Q(rhythmus=Rhythmus.NIE) | Q(konto__is_active=False)
    return wartende.filter(Q(rhythmus__in=rhythmen) | vergebliche)
