"""The Kooperationen of one Aufgabenfeld as they are today: who takes part, who considered it, by what it failed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from bestandsaufnahme.abfragen.kooperation.kooperation_liste import geordnet, zeit_in_worten
from bestandsaufnahme.abfragen.kooperation.zustand import mit_zustand, ohne_verschwiegenes
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, KooperationZustand
from bestandsaufnahme.models import Hemmnis, Kooperation
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
    schluessel_der_kommunen: frozenset[int]
    erwogen: list[str]
    letzte_erwaegung: int
    bestaetigt: str
    gescheitert_jahr: int | None
    gescheitert_grund: str
    hemmnisse: list[str]
    beispiel: bool

    @property
    def laeuft(self) -> bool:
        """One that is only thought of doesn't."""
        bekannt = self.zustand in {KooperationZustand.LAUFEND, KooperationZustand.VORGESEHEN}
        return bekannt and (bool(self.kommunen) or not self.erwogen)


def im_feld(
    kooperationen: QuerySet[Kooperation],
    *,
    beteiligungen: BeteiligungQuerySet,
    heute: date,
    geheime: Collection[int] = (),
) -> list[Feldkooperation]:
    """Take those of the field that may be seen, and the Beteiligungen that may (with `ende`). Two queries."""
    hemmnisse = Hemmnis.objects.filter(kooperationen=OuterRef("pk")).order_by("kuerzel").values("name")
    eigene = beteiligungen.filter(kooperation=OuterRef("pk"), gilt_ab__lte=heute)
    erwogene = eigene.filter(status=BeteiligungStatus.ERWOGEN)
    heutige = eigene.am(heute).exclude(status=BeteiligungStatus.ERWOGEN)
    gelesen = mit_zustand(kooperationen, heute, geheime=geheime).select_related("kooperationsfeld")
    mit_allem = gelesen.annotate(
        hemmnisnamen=ArraySubquery(hemmnisse), heutige=_kommunen(heutige), erwogene=_kommunen(erwogene)
    )
    return [
        _zeile(ohne_verschwiegenes(eine), bestaetigt)
        for eine, bestaetigt in am_tag(geordnet(mit_allem), heute, geheime=geheime)
    ]


def _kommunen(beteiligungen: BeteiligungQuerySet) -> ArraySubquery:
    """Return what a row says of a Kommune, in the order of their names."""
    werte = JSONObject(
        pk="pk",
        kommune=F("kommune_id"),
        name=F("kommune__kurzname"),
        status="status",
        rolle="rolle",
        beispiel=Coalesce(F("erhebung__beispiel"), False),
    )
    return ArraySubquery(beteiligungen.order_by("kommune__sortierung", "gilt_ab").values(werte=werte))


def _zeile(kooperation: Any, bestaetigt: date | None) -> Feldkooperation:  # Any: it carries annotations
    heutige: list[dict[str, Any]] = kooperation.heutige
    beteiligte = {eine["kommune"] for eine in heutige}
    erwogene = [eine for eine in kooperation.erwogene if eine["kommune"] not in beteiligte]
    gescheitert = kooperation.gescheitert_jahr is not None
    return Feldkooperation(
        pk=kooperation.pk,
        url=kooperation.get_absolute_url(),
        bezeichnung=kooperation.bezeichnung,
        feld=kooperation.kooperationsfeld.name,
        zustand=KooperationZustand(kooperation.zustand),
        zeitraum=zeit_in_worten(kooperation),
        kommunen=_einmal(_name(eine) for eine in heutige),
        schluessel_der_kommunen=frozenset(beteiligte),
        erwogen=_einmal(eine["name"] for eine in erwogene),
        letzte_erwaegung=max((eine["pk"] for eine in erwogene), default=0),
        bestaetigt=tag(bestaetigt) if bestaetigt else "",
        gescheitert_jahr=kooperation.gescheitert_jahr,
        gescheitert_grund=kooperation.gescheitert_grund,
        hemmnisse=kooperation.hemmnisnamen if gescheitert else [],
        beispiel=any(eine["beispiel"] for eine in [*heutige, *erwogene]),
    )


def _einmal(namen: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(namen))


def _name(beteiligung: Mapping[str, Any]) -> str:
    besonderes = []
    if beteiligung["rolle"] != BeteiligungRolle.BETEILIGT:
        besonderes.append(str(BeteiligungRolle(beteiligung["rolle"]).label))
    if beteiligung["status"] == BeteiligungStatus.VORGESEHEN:
        besonderes.append("vorgesehen")
    return f"{beteiligung['name']} ({', '.join(besonderes)})" if besonderes else beteiligung["name"]
