"""The list of Kooperationen, as they are described today."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from bestandsaufnahme.abfragen.kooperation.zustand import mit_zustand, ohne_verschwiegenes
from bestandsaufnahme.abfragen.matrix.matrix import REIHENFOLGE
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.abfragen.matrix.zeichen import bild
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, KooperationZustand, Rechtsform
from bestandsaufnahme.models import Kooperation
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis.formate import tag, zeitraum


@dataclass(frozen=True, slots=True)
class KooperationZeile:
    """`kommunen` are those of the day, each with what is special about it in brackets."""

    pk: int
    url: str
    bild: SafeString
    zeichen: str
    bezeichnung: str
    erlaeuterung: str
    feld: str
    aufgabenfeld: str
    zustand: KooperationZustand
    rechtsform: str
    rechtsform_hinweis: str
    zeitraum: str
    kommunen: list[str]
    partner: list[str]
    bestaetigt: date | None
    gescheitert_jahr: int | None
    gescheitert_grund: str
    quelle: str
    veroeffentlicht: bool

    @property
    def anzahl(self) -> str:
        return "1 Kommune" if len(self.kommunen) == 1 else f"{len(self.kommunen)} Kommunen"

    @property
    def zuletzt(self) -> str:
        return tag(self.bestaetigt)


def geordnet(kooperationen: QuerySet[Kooperation]) -> QuerySet[Kooperation]:
    return kooperationen.order_by(*REIHENFOLGE)


def zeilen(
    gezeigte: Iterable[Kooperation],
    *,
    beteiligungen: BeteiligungQuerySet,
    heute: date,
    geheime: Collection[int] = (),
) -> list[KooperationZeile]:
    """Return the rows in the order of the matrix; `beteiligungen` are those that may be seen. Three queries."""
    schluessel = [kooperation.pk for kooperation in gezeigte]
    alle = Kooperation.objects.filter(pk__in=schluessel).select_related("kooperationsfeld__aufgabenfeld")
    gelesene = am_tag(geordnet(mit_zustand(alle, heute, geheime=geheime)), heute, geheime=geheime)
    kommunen = _kommunen(beteiligungen.filter(kooperation__in=schluessel).am(heute))
    return [_zeile(ohne_verschwiegenes(eine), bestaetigt, kommunen[eine.pk]) for eine, bestaetigt in gelesene]


def _kommunen(beteiligungen: BeteiligungQuerySet) -> dict[int, list[str]]:
    namen: dict[int, list[str]] = defaultdict(list)
    werte = beteiligungen.order_by("kommune__sortierung").values_list(
        "kooperation_id", "kommune__kurzname", "status", "rolle"
    )
    for kooperation, kommune, status, rolle in werte:
        besonderes = [str(BeteiligungRolle(rolle).label)] if rolle != BeteiligungRolle.BETEILIGT else []
        if status in {BeteiligungStatus.VORGESEHEN, BeteiligungStatus.ERWOGEN}:
            besonderes.append("vorgesehen" if status == BeteiligungStatus.VORGESEHEN else "erwogen")
        namen[kooperation].append(f"{kommune} ({', '.join(besonderes)})" if besonderes else kommune)
    return namen


def _zeile(kooperation: Any, bestaetigt: date | None, kommunen: list[str]) -> KooperationZeile:
    feld = kooperation.kooperationsfeld
    return KooperationZeile(
        pk=kooperation.pk,
        url=kooperation.get_absolute_url(),
        bild=bild(kooperation.symbol),
        zeichen=kooperation.symbol,
        bezeichnung=kooperation.bezeichnung,
        erlaeuterung=kooperation.erlaeuterung,
        feld=feld.name,
        aufgabenfeld=feld.aufgabenfeld.name,
        zustand=KooperationZustand(kooperation.zustand),
        rechtsform=str(Rechtsform(kooperation.rechtsform).label),
        rechtsform_hinweis=kooperation.rechtsform_hinweis,
        zeitraum=zeit_in_worten(kooperation),
        kommunen=kommunen,
        partner=kooperation.partnernamen,
        bestaetigt=bestaetigt,
        gescheitert_jahr=kooperation.gescheitert_jahr,
        gescheitert_grund=kooperation.gescheitert_grund,
        quelle=kooperation.quelle,
        veroeffentlicht=kooperation.veroeffentlicht,
    )


def zeit_in_worten(kooperation: Kooperation) -> str:
    """Return „2012 – 31.12.2015“, „seit 2012“, with the note; of a begin alone nothing is said about the end."""
    worte = zeitraum(
        kooperation.seit, kooperation.seit_genauigkeit, kooperation.bis, kooperation.bis_genauigkeit
    ).replace(", Ende nicht bekannt", "")
    return f"{worte} ({kooperation.zeit_hinweis})" if kooperation.zeit_hinweis else worte
