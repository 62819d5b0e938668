from kommunen.models.anmeldung import Anmeldung
from kommunen.models.einladung import Einladung
from kommunen.models.gremium import Gremium, Sitz
from kommunen.models.kommune import Einwohnerstand, Kommune, Nachbarschaft
from kommunen.models.konto import Konto, ZweiterFaktor
from kommunen.models.meldung import Meldewunsch, Meldung
from kommunen.models.verbund import Verbund
from kommunen.models.vertretung import Vertretung

__all__ = [
    "Anmeldung",
    "Einladung",
    "Einwohnerstand",
    "Gremium",
    "Kommune",
    "Konto",
    "Meldewunsch",
    "Meldung",
    "Nachbarschaft",
    "Sitz",
    "Verbund",
    "Vertretung",
    "ZweiterFaktor",
]
