"""Reading Konten and Einladungen: rows of the list, and what one Konto holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from ikz_portal.basis.formate import LEER, tag, zeitpunkt
from kommunen.abfragen.vertretung import VertretungZeile, mit_status
from kommunen.abfragen.vertretung import zeilen as vertretungszeilen
from kommunen.auswahl import EinladungStatus, KontoStatus, Rolle, VertretungStatus
from kommunen.models import Einladung, Konto, Sitz, Vertretung


@dataclass(frozen=True, slots=True)
class KontoZeile:
    name: str
    url: str
    email: str
    funktion: str
    rolle: str
    kommune: str
    status: KontoStatus


@dataclass(frozen=True, slots=True)
class EinladungZeile:
    pk: int
    name: str
    email: str
    rolle: str
    kommune: str
    durch: str
    am: str
    gueltig_bis: str
    status: EinladungStatus


@dataclass(frozen=True, slots=True)
class KontoSeite:
    """What one Konto holds: seats with their Kommune, Projekte that it leads (name, address), Vertretungen.

    `bleibt` says what is left without somebody when it is deactivated.
    """

    zeile: KontoZeile
    seit: str
    angemeldet: str
    deaktiviert: str
    sitze: list[tuple[str, str]]
    projekte: list[tuple[str, str]]
    vertretungen: list[VertretungZeile]
    bleibt: str

    @property
    def vertretungen_ruhen(self) -> bool:
        """Whether there is one that rests as soon as the Konto is deactivated."""
        return any(zeile.status in {VertretungStatus.LAEUFT, VertretungStatus.KOMMT} for zeile in self.vertretungen)


def mit_kommune(konten: QuerySet[Konto]) -> QuerySet[Konto]:
    """In the order of the list: who belongs to no Kommune first, then Kommune by Kommune."""
    return konten.select_related("kommune").order_by(F("kommune__sortierung").asc(nulls_first=True), "name", "pk")


def status(konto: Konto) -> KontoStatus:
    return KontoStatus.AKTIV if konto.is_active else KontoStatus.DEAKTIVIERT


def zeilen(konten: Iterable[Konto]) -> list[KontoZeile]:
    return [_zeile(konto) for konto in konten]


def einladungen(offene: QuerySet[Einladung], *, jetzt: datetime) -> list[EinladungZeile]:
    """Return the open ones, the newest first; some may have expired."""
    return [
        EinladungZeile(
            pk=einladung.pk,
            name=einladung.name,
            email=einladung.email,
            rolle=einladung.get_rolle_display(),
            kommune=str(einladung.kommune or ""),
            durch=einladung.durch.name if einladung.durch else "Betrieb",
            am=tag(einladung.angelegt_am),
            gueltig_bis=zeitpunkt(einladung.gueltig_bis),
            status=einladung.status(jetzt),
        )
        for einladung in offene.select_related("kommune", "durch")
    ]


def seite(konto: Konto, *, vertretungen: QuerySet[Vertretung], heute: date, mit_projekten: bool) -> KontoSeite:
    """Three queries. Take the Vertretungen that the viewer may see; Projekte only for who sees all of them."""
    sitze = list(Sitz.objects.am(heute).filter(konto=konto).select_related("gremium", "kommune"))
    projekte = list(konto.projekte.all()) if mit_projekten else []
    beteiligte = mit_status(vertretungen.filter(Q(vertretener=konto) | Q(vertreter=konto)), heute=heute)
    return KontoSeite(
        zeile=_zeile(konto),
        seit=tag(konto.angelegt_am),
        angemeldet=zeitpunkt(konto.last_login) if konto.last_login else "noch nie",
        deaktiviert=tag(konto.deaktiviert_am) if konto.deaktiviert_am else "",
        sitze=[(sitz.gremium.name, str(sitz.kommune or "Gast")) for sitz in sitze],
        projekte=[(str(projekt), projekt.get_absolute_url()) for projekt in projekte],
        vertretungen=vertretungszeilen(beteiligte),
        bleibt=_was_bleibt(len(sitze), len(projekte)),
    )


def _zeile(konto: Konto) -> KontoZeile:
    return KontoZeile(
        name=konto.name,
        url=reverse("konto_detail", args=[konto.pk]),
        email="" if konto.pseudonymisiert_am else konto.email,
        funktion=konto.funktion,
        rolle=Rolle(konto.rolle).label,
        kommune=str(konto.kommune or LEER),
        status=status(konto),
    )


def _was_bleibt(sitze: int, projekte: int) -> str:
    """Tell what a Konto that is deactivated leaves without somebody; empty where there is nothing."""
    teile = [_anzahl(sitze, "Sitz", "Sitze"), _anzahl(projekte, "Projekt", "Projekte")]
    verb = "bleibt" if sitze + projekte == 1 else "bleiben"
    worte = " und ".join(filter(None, teile))
    return f"{worte} {verb} hier eingetragen, bis Sie die Nachfolge regeln." if worte else ""


def _anzahl(anzahl: int, eins: str, mehrere: str) -> str:
    return f"{anzahl} {eins if anzahl == 1 else mehrere}" if anzahl else ""
