"""In which state a Kooperation is on a day, and when it ends.

`geheime` are the rounds (keys) that nothing is told of: what they ended or let fail goes on as if they hadn't been.
"""

import calendar
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from bestandsaufnahme.auswahl import SYMBOLE_DER_REIHE, BeteiligungStatus, KooperationZustand
from bestandsaufnahme.models import Beteiligung, Kooperation, Kooperationsfeld
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.models import Statuswechsel


def mit_zustand(
    kooperationen: QuerySet[Kooperation], tag: date, *, geheime: Collection[int] = ()
) -> QuerySet[Kooperation]:
    """Annotate `zustand` (KooperationZustand); `ende_verschwiegen` and `scheitern_verschwiegen`: not to be told yet.

    A round that ends a Kooperation ends who takes part on that day; one that lets it fail says that all considered it.
    """
    beteiligungen = Beteiligung.objects.filter(kooperation=OuterRef("pk"))
    erwogene = beteiligungen.filter(status=BeteiligungStatus.ERWOGEN)
    geheimes_ende = beteiligungen.filter(beendet_durch__in=geheime, gilt_bis__gt=OuterRef("bis"))
    # where somebody had considered it before, the day tells by what it failed
    tage = Statuswechsel.objects.filter(
        content_type__app_label=Kooperation._meta.app_label,
        content_type__model=Kooperation._meta.model_name,
        objekt_id=OuterRef("kooperation_id"),
        nach=KooperationZustand.GESCHEITERT,
    )
    an_dem_tag = Exists(erwogene.filter(erhebung__in=geheime, gilt_ab__in=tage.values("gueltig_ab")))
    nur_geheim_erwogen = Exists(erwogene.filter(erhebung__in=geheime)) & ~Exists(erwogene.exclude(erhebung__in=geheime))
    gescheitert = Q(gescheitert_jahr__isnull=False, scheitern_verschwiegen=False)
    heutige = beteiligungen.exclude(erhebung__in=geheime).mit_ende(ohne=geheime).am(tag)
    vorgesehene = Exists(heutige.filter(status=BeteiligungStatus.VORGESEHEN))
    weitere = Exists(heutige.exclude(status=BeteiligungStatus.VORGESEHEN))
    return kooperationen.annotate(
        ende_verschwiegen=Exists(geheimes_ende) if geheime else Value(False),
        scheitern_verschwiegen=nur_geheim_erwogen | an_dem_tag if geheime else Value(False),
        zustand=Case(
            When(gescheitert, then=Value(KooperationZustand.GESCHEITERT.value)),
            When(_vorbei(tag) & Q(ende_verschwiegen=False), then=Value(KooperationZustand.BEENDET.value)),
            When(vorgesehene & ~weitere, then=Value(KooperationZustand.VORGESEHEN.value)),
            default=Value(KooperationZustand.LAUFEND.value),
        ),
    )


def nicht_beendete(tag: date) -> QuerySet[Kooperation]:
    """Return those that neither failed nor ended before the day: where somebody takes part, they run."""
    return Kooperation.objects.filter(~_vorbei(tag), gescheitert_jahr__isnull=True)


def ohne_verschwiegenes(kooperation: Any) -> Kooperation:
    """Take away what `mit_zustand` says may not be told; never save what this returns."""
    if kooperation.ende_verschwiegen:
        kooperation.bis, kooperation.bis_genauigkeit = None, Genauigkeit.UNBEKANNT
    if kooperation.scheitern_verschwiegen:
        kooperation.gescheitert_jahr, kooperation.gescheitert_grund = None, ""
    gelesen: Kooperation = kooperation
    return gelesen


def _vorbei(tag: date) -> Q:
    """Ended before the day, for sure: an end known to the month or the year lies somewhere in it."""
    return (
        Q(bis_genauigkeit=Genauigkeit.TAG, bis__lt=tag)
        | Q(bis_genauigkeit=Genauigkeit.MONAT, bis__lt=tag.replace(day=1))
        | Q(bis_genauigkeit=Genauigkeit.JAHR, bis__lt=tag.replace(month=1, day=1))
    )


def ende_der_kooperation(kooperation: Kooperation) -> date | None:
    """Return the last day on which it can hold, None while it goes on."""
    if kooperation.bis is None:
        return None
    if kooperation.bis_genauigkeit == Genauigkeit.JAHR:
        return kooperation.bis.replace(month=12, day=31)
    if kooperation.bis_genauigkeit == Genauigkeit.MONAT:
        return kooperation.bis.replace(day=calendar.monthrange(kooperation.bis.year, kooperation.bis.month)[1])
    return kooperation.bis


def freies_symbol(feld: Kooperationsfeld, *, ausser: Kooperation | None = None) -> str:
    """Return the first mark that no other Kooperation of the field has, nothing where all are taken."""
    andere = feld.kooperationen.exclude(pk=ausser.pk) if ausser else feld.kooperationen.all()
    return erstes_freies(set(andere.values_list("symbol", flat=True)))


def erstes_freies(vergeben: Collection[str]) -> str:
    return next((symbol for symbol in SYMBOLE_DER_REIHE if symbol not in vergeben), "")
