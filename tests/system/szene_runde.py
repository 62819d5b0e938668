"""Rounds of declarations in the prepared county: of each state one, and one whose result is public."""

from datetime import timedelta
from typing import Any

from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenrunde
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import InteressenrundeFactory, RundenergebnisFactory, RundenrueckmeldungFactory

# How a Kommune told the Geschäftsstelle that it has nothing to add.
VERMERK = "zzrueckmeldungzz"


def runden(eigene: Kommune) -> dict[str, Any]:
    """The own Kommune is missing in the running round; in the closed one somebody answered on its behalf."""
    frist = heute() + timedelta(days=9)
    laufende = InteressenrundeFactory(laufend=True, beginn=heute() - timedelta(days=9), frist=frist)
    RundenrueckmeldungFactory(runde=laufende, kommune=eigene)
    geplante = InteressenrundeFactory(status=RundeStatus.VORBEREITUNG, frist=frist, veroeffentlicht=False)
    geschlossene = RundenergebnisFactory(runde__veroeffentlicht=False).runde
    RundenrueckmeldungFactory(runde=geschlossene, kommune=eigene, am=heute(), vermerk=VERMERK)
    return {
        "runde": {"pk": laufende.pk},
        "runde-geplant": {"pk": geplante.pk},
        "runde-abgeschlossen": {"pk": geschlossene.pk},
        "runde-oeffentlich": {"pk": RundenergebnisFactory().runde.pk},
        "verlauf-runde": {"modell": "interessenrunde", "pk": str(laufende.pk)},
    }


def laufen(argumente: dict[str, dict[str, Any]], laeuft: bool, **koerper: Any) -> dict[str, Any]:
    """Let the running round run or be over, since one alone may run; return what the form asks for."""
    status = RundeStatus.LAEUFT if laeuft else RundeStatus.ABGESCHLOSSEN
    Interessenrunde.objects.filter(pk=argumente["runde"]["pk"]).update(status=status)
    return koerper
