"""In which words the record tells what JSON columns hold: names of keys, and of values that are choices."""

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Rechtsform, Stufe
from bestandsaufnahme.fragenkatalog import KATALOG, NEBENFRAGEN
from ikz_portal.basis.auswahl import Genauigkeit

FRAGEN = {frage.schluessel: frage.text for frage in (*NEBENFRAGEN, *KATALOG)}

_WAHLEN = (BeteiligungStatus, BeteiligungRolle, Rechtsform, Stufe, Genauigkeit)
# An empty name: what tells a person nothing.
WERTE = {str(glied.value): str(glied.label) for wahl in _WAHLEN for glied in wahl} | {
    "ab": "gilt ab",
    "bezeichnung": "Bezeichnung",
    "erlaeuterung": "Erläuterung",
    "gescheitert_grund": "Grund des Scheiterns",
    "gescheitert_jahr": "nicht zustande gekommen (Jahr)",
    "kooperation_beenden": "Kooperation beenden",
    "kooperation_scheitert": "Kooperation kommt nicht zustande",
    "neues_feld": "neues Kooperationsfeld",
    "seit_genauigkeit": "Genauigkeit des Beginns",
    "stand": "",
    "veroeffentlicht": "veröffentlicht",
    "wofuer": "Wofür",
}
