"""What the days do to declarations: those that are past their date end, those that soon will are told of."""

from datetime import date, timedelta

import structlog
from django.db import transaction

from bestandsaufnahme.abfragen.interesse.empfaenger import autoren
from bestandsaufnahme.ablaeufe.interesse import ablaufen, gesperrte
from bestandsaufnahme.ablaeufe.interesse_folgen import treffer_suchen_lassen
from bestandsaufnahme.auswahl import ABLAUF_MELDEN_TAGE, GUELTIGE_INTERESSEN
from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis import laeufe
from ikz_portal.basis.models import Lauf
from ikz_portal.basis.zeit import heute as heutiger_tag
from kommunen.ablaeufe.meldung import vormerken
from kommunen.auswahl import Meldeanlass

log = structlog.get_logger(__name__)

AUFGABE = "bestandsaufnahme.tasks.interessen_ablaufen"


def einreihen() -> Lauf | None:
    """Queue the run of today, unless it was before."""
    return laeufe.einmal(art=AUFGABE, schluessel=heutiger_tag().isoformat())


def ausfuehren(lauf: Lauf) -> None:
    """Both go by what is true now, so that a day without a run is caught up by the next.

    Then partners are looked for: where a declaration ended or was withdrawn the others may still begin together.
    """
    heute = heutiger_tag()
    beendete, gemeldete = beenden(heute=heute), ankuendigen(heute=heute)
    log.info("interessen_abgelaufen", beendet=beendete, gemeldet=gemeldete)
    with transaction.atomic():
        treffer_suchen_lassen()
        laeufe.beenden(lauf)


def beenden(*, heute: date) -> int:
    """Note those that are past their date as expired since the day after it, and return how many that are."""
    vergangene = Interessenbekundung.objects.filter(status__in=GUELTIGE_INTERESSEN, gueltig_bis__lt=heute)
    return sum(_beenden(interesse, heute) for interesse in vergangene.order_by("pk"))


@transaction.atomic
def _beenden(interesse: Interessenbekundung, heute: date) -> bool:
    gesperrt = gesperrte(interesse)
    bis = gesperrt.gueltig_bis
    if gesperrt.status not in GUELTIGE_INTERESSEN or bis is None or bis >= heute:
        return False  # withdrawn meanwhile
    ablaufen(gesperrt)
    return True


def ankuendigen(*, heute: date) -> int:
    """Tell the authors of those that soon run out, each once for its date, and return how many mails wait for that."""
    bald = Interessenbekundung.objects.laufende(heute).filter(
        gueltig_bis__lte=heute + timedelta(days=ABLAUF_MELDEN_TAGE)
    )
    return sum(
        vormerken(
            anlass=Meldeanlass.ABLAUF,
            bezug=f"{interesse.pk}:{interesse.gueltig_bis:%Y-%m-%d}",
            konten=autoren(interesse),
        )
        for interesse in bald.order_by("pk")
    )
