from bestandsaufnahme.models.einlesung import Einlesung
from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.feld import Aufgabenfeld, Kooperationsfeld
from bestandsaufnahme.models.fragebogen import Erinnerung, Fragebogen, Fragebogenantwort, Pruefung
from bestandsaufnahme.models.gespraech import Gespraech
from bestandsaufnahme.models.interesse import (
    Beobachtung,
    Bestaetigungspflicht,
    Interessenaenderung,
    Interessenbekundung,
    Rundennennung,
)
from bestandsaufnahme.models.kooperation import Beteiligung, ExternerPartner, Hindernis, Kooperation, Partnerschaft
from bestandsaufnahme.models.runde import Interessenrunde, Rundenergebnis, Rundenrueckmeldung
from bestandsaufnahme.models.stand import Bestaetigung, Kooperationsstand
from bestandsaufnahme.models.taxonomie import Erfolgsfaktor, Hemmnis
from bestandsaufnahme.models.veroeffentlichung import Fussnotenfassung, Veroeffentlichung, Zustimmung

__all__ = [
    "Aufgabenfeld",
    "Beobachtung",
    "Bestaetigung",
    "Bestaetigungspflicht",
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
    "Interessenaenderung",
    "Interessenbekundung",
    "Interessenrunde",
    "Kooperation",
    "Kooperationsfeld",
    "Kooperationsstand",
    "Partnerschaft",
    "Pruefung",
    "Rundenergebnis",
    "Rundennennung",
    "Rundenrueckmeldung",
    "Veroeffentlichung",
    "Zustimmung",
]
