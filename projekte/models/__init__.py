from projekte.models.auftrag import Ergebnis, Projektauftrag
from projekte.models.bericht import Bericht
from projekte.models.ereignis import Ereignis
from projekte.models.meilenstein import Meilenstein
from projekte.models.projekt import Projekt, Projektherkunft, Projektkooperation
from projekte.models.starthilfe import Starthilfe
from projekte.models.teilnahme import Geleitzug, Teilnahme

__all__ = [
    "Bericht",
    "Ereignis",
    "Ergebnis",
    "Geleitzug",
    "Meilenstein",
    "Projekt",
    "Projektauftrag",
    "Projektherkunft",
    "Projektkooperation",
    "Starthilfe",
    "Teilnahme",
]
