"""The rows of a Kooperation: who takes part, since when and until when, as its page tells it."""

from dataclasses import dataclass
from datetime import date

from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.models import Beteiligung
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis.formate import tag
from ikz_portal.basis.zeit import tag_davor

FASSUNG = ("status", "rolle", "herkunft", "erhebung_id", "vorgesehen_bis", "gilt_ab", "gilt_bis")


@dataclass(frozen=True, slots=True)
class Teilnahmezeile:
    """`zeit` says when it holds; `offen`, whether it still can be changed from a day on."""

    pk: int
    kommune: str
    kommune_pk: int
    kommune_url: str
    status: BeteiligungStatus
    status_worte: str
    rolle: str
    herkunft: str
    zeit: str
    beispiel: bool
    offen: bool


@dataclass(frozen=True, slots=True)
class Teilnahmen:
    laufende: list[Teilnahmezeile]
    kuenftige: list[Teilnahmezeile]
    fruehere: list[Teilnahmezeile]


def fassung(beteiligung: Beteiligung) -> str:
    """Return what the row says, to notice when somebody changed it since it was read."""
    return "|".join(str(getattr(beteiligung, feld)) for feld in FASSUNG)


def teilnahmen(beteiligungen: BeteiligungQuerySet, *, heute: date) -> Teilnahmen:
    """Take them with `ende`. One query."""
    geordnet = beteiligungen.select_related("kommune", "erhebung").order_by("kommune__sortierung", "gilt_ab")
    ergebnis = Teilnahmen([], [], [])
    for beteiligung in geordnet:
        ende = _ende(beteiligung)
        if ende is not None and ende <= heute:
            ergebnis.fruehere.append(zeile(beteiligung, heute=heute))
        elif beteiligung.gilt_ab > heute:
            ergebnis.kuenftige.append(zeile(beteiligung, heute=heute))
        else:
            ergebnis.laufende.append(zeile(beteiligung, heute=heute))
    return ergebnis


def zeit_in_worten(beteiligung: Beteiligung) -> str:
    """Return „belegt ab 30.06.2013“, „30.06.2013 bis 31.12.2015“: the last day is told, not the first one after it."""
    ende = _ende(beteiligung)
    if ende is None:
        return f"ab {tag(beteiligung.gilt_ab)}"
    return f"{tag(beteiligung.gilt_ab)} bis {tag(tag_davor(ende))}"


def _ende(beteiligung: Beteiligung) -> date | None:
    ende: date | None = getattr(beteiligung, "ende", beteiligung.gilt_bis)
    return ende


def zeile(beteiligung: Beteiligung, *, heute: date) -> Teilnahmezeile:
    ende, status = _ende(beteiligung), BeteiligungStatus(beteiligung.status)
    bis = f" bis {tag(beteiligung.vorgesehen_bis)}" if beteiligung.vorgesehen_bis else ""
    herkunft = beteiligung.get_herkunft_display()
    return Teilnahmezeile(
        pk=beteiligung.pk,
        kommune=beteiligung.kommune.name,
        kommune_pk=beteiligung.kommune_id,
        kommune_url=beteiligung.kommune.get_absolute_url(),
        status=status,
        status_worte=f"{status.label}{bis}",
        rolle=beteiligung.get_rolle_display(),
        herkunft=f"{herkunft}: {beteiligung.erhebung}" if beteiligung.erhebung else herkunft,
        zeit=zeit_in_worten(beteiligung),
        beispiel=beteiligung.erhebung is not None and beteiligung.erhebung.beispiel,
        offen=ende is None or ende > heute,
    )
