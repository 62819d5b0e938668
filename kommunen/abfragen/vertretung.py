"""Reading Vertretungen: rows in the order of what runs, what comes, what is past."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, IntegerField, Q, QuerySet, Value, When

from ikz_portal.basis.formate import tag
from kommunen.auswahl import VertretungStatus
from kommunen.models import Gremium, Kommune, Konto, Vertretung

BIS_AUF_WEITERES = "bis auf Weiteres"


@dataclass(frozen=True, slots=True)
class VertretungZeile:
    """`vertretung` is the row itself, for who has to decide whether it may be ended."""

    vertretung: Vertretung
    vertretener: str
    vertreter: str
    amt: str
    von: str
    letzter_tag: str
    status: VertretungStatus


def mit_status(vertretungen: QuerySet[Vertretung], *, heute: date) -> QuerySet[Vertretung]:
    """Annotate what `status` and `zeilen` read, in the order of the list."""
    wirksame = Vertretung.objects.wirksame(heute).filter(vertreter__is_active=True)
    stand = Case(
        When(bis__lte=heute, then=Value(VertretungStatus.VORBEI)),
        When(von__gt=heute, then=Value(VertretungStatus.KOMMT)),
        When(pk__in=wirksame.values("pk"), then=Value(VertretungStatus.LAEUFT)),
        default=Value(VertretungStatus.RUHT),
        output_field=CharField(),
    )
    rang = Case(
        When(Q(bis__lte=heute), then=Value(2)),
        When(Q(von__gt=heute), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    personen = ("vertretener__kommune", "vertreter__kommune", "sitz__gremium", "sitz__kommune")
    return vertretungen.select_related(*personen).annotate(stand=stand).order_by(rang, "-von", "-pk")


def status(vertretung: Vertretung) -> VertretungStatus:
    """Take a Vertretung from `mit_status`."""
    return VertretungStatus(vertretung.__dict__["stand"])


def amt(vertretung: Vertretung) -> str:
    """Return the office, not who holds it."""
    if vertretung.sitz is None:
        return amt_in_worten(None, vertretung.vertretener.kommune)
    return amt_in_worten(vertretung.sitz.gremium, vertretung.sitz.kommune)


def amt_in_worten(gremium: Gremium | None, kommune: Kommune | None) -> str:
    """Return the name of a seat, without a Gremium that of the head of the Kommune."""
    if gremium is None:
        return f"Verwaltungsspitze von {kommune}"
    return f"{gremium}, Sitz von {kommune}" if kommune else f"{gremium}, Gast"


def letzter_tag(vertretung: Vertretung) -> str:
    return tag(vertretung.bis - timedelta(days=1)) if vertretung.bis else BIS_AUF_WEITERES


def zeilen(vertretungen: Iterable[Vertretung]) -> list[VertretungZeile]:
    """Take Vertretungen from `mit_status`."""
    return [
        VertretungZeile(
            vertretung=vertretung,
            vertretener=vertretung.vertretener.name,
            vertreter=person(vertretung.vertreter),
            amt=amt(vertretung),
            von=tag(vertretung.von),
            letzter_tag=letzter_tag(vertretung),
            status=status(vertretung),
        )
        for vertretung in vertretungen
    ]


def person(konto: Konto) -> str:
    """Return the name with the Kommune, which for a deputy may be another one."""
    return f"{konto.name} ({konto.kommune})" if konto.kommune else konto.name
