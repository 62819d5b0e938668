from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.feld import Aufgabenfeld, Kooperationsfeld
from bestandsaufnahme.models.interesse import Interessenbekundung, Interessenrunde, Rundenergebnis
from bestandsaufnahme.models.kooperation import Beteiligung, ExternerPartner, Kooperation, Partnerschaft

__all__ = [
    "Aufgabenfeld",
    "Beteiligung",
    "Erhebung",
    "ExternerPartner",
    "Interessenbekundung",
    "Interessenrunde",
    "Kooperation",
    "Kooperationsfeld",
    "Partnerschaft",
    "Rundenergebnis",
]
