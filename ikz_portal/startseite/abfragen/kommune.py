"""What the page of one Kommune puts together out of all apps."""

from dataclasses import dataclass
from datetime import date

from bestandsaufnahme.abfragen.interesse.interesse import InteresseZeile, mit_allem
from bestandsaufnahme.abfragen.interesse.interesse import zeilen as interessenzeilen
from bestandsaufnahme.abfragen.kooperation.kooperation import BeteiligungZeile
from bestandsaufnahme.abfragen.kooperation.kooperation import zeilen as beteiligungszeilen
from bestandsaufnahme.rechte import (
    darf_interessen_sehen,
    geheime_erhebungen,
    massgebliche_erhebungen,
    sichtbare_beteiligungen,
    sichtbare_interessen,
)
from ikz_portal.basis.formate import tag, zahl
from kommunen.models import Kommune, Sitz
from kommunen.models.kommune import groessenklasse
from kommunen.rechte import Betrachter, darf_sitze_sehen, sichtbare_kommunen
from projekte.auswahl import Antwort, ProjektStatus
from projekte.models import Teilnahme
from projekte.rechte import darf_teilnahmen_sehen, sichtbare_projekte

VAKANT = "nicht besetzt"


@dataclass(frozen=True)
class Teilnahmezeile:
    projekt: str
    url: str
    status: ProjektStatus
    antwort: Antwort
    am: str
    beispiel: bool


@dataclass(frozen=True)
class Sitzzeile:
    gremium: str
    konto: str
    stellvertretung: str
    beispiel: bool


@dataclass(frozen=True)
class KommuneSeite:
    """The parts of the page; those that the viewer may not see are None, which is not the same as empty."""

    fakten: list[tuple[str, str]]
    einwohner: list[tuple[str, str, str]]
    nachbarn: list[tuple[str, str]]
    stichtag: date
    kooperationen: list[BeteiligungZeile]
    interessen: list[InteresseZeile] | None
    projekte: list[Teilnahmezeile] | None
    sitze: list[Sitzzeile] | None


def kommune_seite(kommune: Kommune, *, konto: Betrachter, heute: date) -> KommuneSeite:
    """At most 8 queries."""
    staende = list(kommune.einwohnerstaende.all())
    stichtage = massgebliche_erhebungen(konto).filter(stichtag__lte=heute).values_list("stichtag", flat=True)
    stichtag = stichtage.first() or heute
    beteiligungen = sichtbare_beteiligungen(konto).am(stichtag).filter(kommune=kommune)
    nachbarn = sichtbare_kommunen(konto).filter(nachbarn=kommune)
    return KommuneSeite(
        fakten=_fakten(kommune, staende[0].einwohner if staende else None),
        einwohner=[(tag(stand.stichtag), zahl(stand.einwohner), stand.quelle) for stand in staende],
        nachbarn=[(nachbar.name, nachbar.get_absolute_url()) for nachbar in nachbarn],
        stichtag=stichtag,
        kooperationen=beteiligungszeilen(beteiligungen, stichtag=stichtag, geheime=geheime_erhebungen(konto)),
        interessen=_interessen(kommune, konto, heute) if darf_interessen_sehen(konto) else None,
        projekte=_projekte(kommune, konto) if darf_teilnahmen_sehen(konto) else None,
        sitze=_sitze(kommune, heute) if darf_sitze_sehen(konto) else None,
    )


def _fakten(kommune: Kommune, einwohner: int | None) -> list[tuple[str, str]]:
    paare = [
        ("AGS", kommune.ags),
        ("Art", kommune.get_art_display()),
        ("Größenklasse", "" if kommune.ist_kreis else groessenklasse(einwohner)),
        ("Größenklasse laut Vortrag 2022", kommune.groessenklasse_vortrag),
        ("Fläche", f"{zahl(kommune.flaeche_km2)} km²" if kommune.flaeche_km2 is not None else ""),
        ("Verwaltungsspitze", kommune.amtsbezeichnung_spitze),
        ("Verwaltungsorgan", kommune.verwaltungsorgan),
        ("Vertretungskörperschaft", kommune.vertretungskoerperschaft),
        ("Anschrift", kommune.anschrift),
        ("Website", kommune.website),
    ]
    return [(name, wert) for name, wert in paare if wert]


def _interessen(kommune: Kommune, konto: Betrachter, heute: date) -> list[InteresseZeile]:
    return interessenzeilen(mit_allem(sichtbare_interessen(konto).filter(kommune=kommune)), heute=heute)


def _projekte(kommune: Kommune, konto: Betrachter) -> list[Teilnahmezeile]:
    teilnahmen = Teilnahme.objects.filter(kommune=kommune, projekt__in=sichtbare_projekte(konto))
    return [
        Teilnahmezeile(
            projekt=teilnahme.projekt.name,
            url=teilnahme.projekt.get_absolute_url(),
            status=teilnahme.projekt.marke_des_status,
            antwort=teilnahme.marke_der_antwort,
            am=tag(teilnahme.am),
            beispiel=teilnahme.projekt.beispiel,
        )
        for teilnahme in teilnahmen.select_related("projekt").order_by("projekt__sortierung")
    ]


def _sitze(kommune: Kommune, heute: date) -> list[Sitzzeile]:
    sitze = Sitz.objects.am(heute).filter(kommune=kommune).select_related("gremium", "konto", "stellvertretung")
    return [
        Sitzzeile(
            gremium=sitz.gremium.name,
            konto=sitz.konto.name if sitz.konto else VAKANT,
            stellvertretung=sitz.stellvertretung.name if sitz.stellvertretung else VAKANT,
            beispiel=sitz.beispiel,
        )
        for sitz in sitze.order_by("gremium__name", "nummer")
    ]
