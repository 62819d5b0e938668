"""The Kooperationen of one Aufgabenfeld as they are today: who takes part, who considered it, by what it failed."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from bestandsaufnahme.abfragen.kooperation.kooperation_liste import geordnet, zeit_in_worten
from bestandsaufnahme.abfragen.kooperation.zustand import mit_zustand, ohne_verschwiegenes
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, KooperationZustand
from bestandsaufnahme.models import Beteiligung, Hemmnis, Kooperation
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis.formate import tag


@dataclass(frozen=True, slots=True)
class Feldkooperation:
    """`kommunen` are those of the day, each with what is special about it in brackets; `erwogen` those that don't
    take part but once thought of it, `letzte_erwaegung` the newest row that says so. A reason only where it failed.
    """

    pk: int
    url: str
    bezeichnung: str
    feld: str
    zustand: KooperationZustand
    zeitraum: str
    kommunen: list[str]
    kommunen_pks: frozenset[int]
    erwogen: list[str]
    letzte_erwaegung: int
    bestaetigt: str
    gescheitert_jahr: int | None
    gescheitert_grund: str
    hemmnisse: list[str]
    beispiel: bool

    @property
    def laeuft(self) -> bool:
        return self.zustand in {KooperationZustand.LAUFEND, KooperationZustand.VORGESEHEN}


def im_feld(
    kooperationen: QuerySet[Kooperation],
    *,
    beteiligungen: BeteiligungQuerySet,
    heute: date,
    geheime: Collection[int] = (),
) -> list[Feldkooperation]:
    """Take those of the field that may be seen, and the Beteiligungen that may (with `ende`). Three queries."""
    hemmnisse = Hemmnis.objects.filter(kooperationen=OuterRef("pk")).order_by("kuerzel").values("name")
    benannte = mit_zustand(kooperationen, heute, geheime=geheime).select_related("kooperationsfeld")
    gelesen = am_tag(geordnet(benannte.annotate(hemmnisnamen=ArraySubquery(hemmnisse))), heute, geheime=geheime)
    teile = _teile(beteiligungen.filter(kooperation__in=[eine.pk for eine, _ in gelesen]), heute)
    return [_zeile(ohne_verschwiegenes(eine), teile[eine.pk], bestaetigt) for eine, bestaetigt in gelesen]


@dataclass(slots=True)
class _Teile:
    """The rows of one Kooperation: who takes part today, and who considered it at any time."""

    heutige: list[Beteiligung]
    erwogene: list[Beteiligung]


def _teile(beteiligungen: BeteiligungQuerySet, heute: date) -> dict[int, _Teile]:
    teile: dict[int, _Teile] = defaultdict(lambda: _Teile([], []))
    bisherige = beteiligungen.filter(gilt_ab__lte=heute).select_related("kommune", "erhebung")
    for eine in bisherige.order_by("kommune__sortierung", "gilt_ab"):
        ende = getattr(eine, "ende", eine.gilt_bis)
        if eine.status == BeteiligungStatus.ERWOGEN:
            teile[eine.kooperation_id].erwogene.append(eine)
        elif ende is None or ende > heute:
            teile[eine.kooperation_id].heutige.append(eine)
    return teile


def _zeile(kooperation: Any, teile: _Teile, bestaetigt: date | None) -> Feldkooperation:  # Any: it carries annotations
    beteiligte = {eine.kommune_id for eine in teile.heutige}
    erwogene = [eine for eine in teile.erwogene if eine.kommune_id not in beteiligte]
    gescheitert = kooperation.gescheitert_jahr is not None
    return Feldkooperation(
        pk=kooperation.pk,
        url=kooperation.get_absolute_url(),
        bezeichnung=kooperation.bezeichnung,
        feld=kooperation.kooperationsfeld.name,
        zustand=KooperationZustand(kooperation.zustand),
        zeitraum=zeit_in_worten(kooperation),
        kommunen=[_name(eine) for eine in teile.heutige],
        kommunen_pks=frozenset(beteiligte),
        erwogen=list(dict.fromkeys(eine.kommune.kurzname for eine in erwogene)),
        letzte_erwaegung=max((eine.pk for eine in erwogene), default=0),
        bestaetigt=tag(bestaetigt) if bestaetigt else "",
        gescheitert_jahr=kooperation.gescheitert_jahr,
        gescheitert_grund=kooperation.gescheitert_grund,
        hemmnisse=kooperation.hemmnisnamen if gescheitert else [],
        beispiel=any(eine.erhebung and eine.erhebung.beispiel for eine in teile.heutige + erwogene),
    )


def _name(beteiligung: Beteiligung) -> str:
    besonderes = []
    if beteiligung.rolle != BeteiligungRolle.BETEILIGT:
        besonderes.append(str(BeteiligungRolle(beteiligung.rolle).label))
    if beteiligung.status == BeteiligungStatus.VORGESEHEN:
        besonderes.append("vorgesehen")
    name = beteiligung.kommune.kurzname
    return f"{name} ({', '.join(besonderes)})" if besonderes else name
