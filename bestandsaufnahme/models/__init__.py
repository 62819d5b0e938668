from bestandsaufnahme.models.einlesung import Einlesung
from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.feld import Aufgabenfeld, Kooperationsfeld
from bestandsaufnahme.models.fragebogen import Erinnerung, Fragebogen, Fragebogenantwort, Pruefung
from bestandsaufnahme.models.gespraech import Gespraech
from bestandsaufnahme.models.interesse import Interessenbekundung, Interessenrunde, Rundenergebnis
from bestandsaufnahme.models.kooperation import Beteiligung, ExternerPartner, Hindernis, Kooperation, Partnerschaft
from bestandsaufnahme.models.stand import Bestaetigung, Kooperationsstand
from bestandsaufnahme.models.taxonomie import Erfolgsfaktor, Hemmnis
from bestandsaufnahme.models.veroeffentlichung import Fussnotenfassung, Veroeffentlichung, Zustimmung

__all__ = [
    "Aufgabenfeld",
    "Bestaetigung",
    "Beteiligung",
    "Einlesung",
    "Erfolgsfaktor",
    "Erhebung",
    "Erinnerung",
    "ExternerPartner",
    "Fragebogen",
    "Fragebogenantwort",
    "Fussnotenfassung",
    "Gespraech",
    "Hemmnis",
    "Hindernis",
    "Interessenbekundung",
    "Interessenrunde",
    "Kooperation",
    "Kooperationsfeld",
    "Kooperationsstand",
    "Partnerschaft",
    "Pruefung",
    "Rundenergebnis",
    "Veroeffentlichung",
    "Zustimmung",
]
