"""What counts in the figures of the matrix: facts that hold on the day, and nothing that is only planned."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis.formate import tag_lang

# Where the source has lost the status the Kommune did take part in something: it counts, and the page says so.
GEZAEHLT = (BeteiligungStatus.BESTEHT, BeteiligungStatus.UNBEKANNT)
BEISPIEL = Q(erhebung__isnull=False, erhebung__beispiel=True)


@dataclass(frozen=True)
class Grundlage:
    """How many marks of the day are counted, and how many are not."""

    stichtag: date
    status: str
    gezaehlt: int
    unbekannt: int
    andere: int
    beispiele: int

    @property
    def satz(self) -> str:
        return f"{self._gezaehlt()} {self._nicht_gezaehlt()}".strip()

    def _gezaehlt(self) -> str:
        am = f"am {tag_lang(self.stichtag)}"
        if self.status:
            return f"Gezählt wird, was {am} den gewählten Status „{BeteiligungStatus(self.status).label}“ hat."
        if not self.unbekannt:
            return f"Gezählt wird, was {am} besteht."
        offen = f"{self.unbekannt} von {self.gezaehlt} Zeichen"
        return f"Gezählt wird, was {am} besteht, und was ohne überlieferten Status eingetragen ist ({offen})."

    def _nicht_gezaehlt(self) -> str:
        weggelassen = []
        if self.andere:
            weggelassen.append(f"{self.andere} Zeichen für Vorgesehenes oder nicht zustande Gekommenes")
        if self.beispiele:
            weggelassen.append(f"{self.beispiele} aus Beispielen")
        return f"Nicht mitgezählt: {' und '.join(weggelassen)}." if weggelassen else ""


def zaehlbare(beteiligungen: BeteiligungQuerySet, *, status: str = "") -> BeteiligungQuerySet:
    """Take those of a day; without a status of one's own choice count what exists or whose status is lost."""
    return beteiligungen.order_by().filter(~BEISPIEL, status__in=[status] if status else GEZAEHLT)


def grundlage(beteiligungen: BeteiligungQuerySet, *, stichtag: date, status: str = "") -> Grundlage:
    zaehlt = Q(status__in=[status] if status else GEZAEHLT)
    zahlen = beteiligungen.order_by().aggregate(
        gezaehlt=Count("pk", filter=zaehlt & ~BEISPIEL),
        unbekannt=Count("pk", filter=zaehlt & ~BEISPIEL & Q(status=BeteiligungStatus.UNBEKANNT)),
        andere=Count("pk", filter=~zaehlt & ~BEISPIEL),
        beispiele=Count("pk", filter=BEISPIEL),
    )
    return Grundlage(stichtag, status, **zahlen)
