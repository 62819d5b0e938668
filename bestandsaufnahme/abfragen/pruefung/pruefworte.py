"""Values that an answer proposes, in the words of the pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bestandsaufnahme.abfragen.pruefung.vorschlag import Werte
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Entscheidung, Rechtsform, Stufe
from bestandsaufnahme.models import Beteiligung, Fragebogenantwort
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import LEER, tag, ungefaehr

NAMEN = {
    "kooperationsfeld": "Kooperationsfeld",
    "bezeichnung": "Bezeichnung",
    "erlaeuterung": "Erläuterung",
    "status": "Status",
    "vorgesehen_bis": "Vorgesehen bis",
    "rolle": "Rolle",
    "rechtsform": "Rechtsform",
    "seit": "Seit",
    "ab": "Gilt ab",
    "gescheitert_jahr": "Nicht zustande gekommen (Jahr)",
    "gescheitert_grund": "Grund des Scheiterns",
    "hemmnisse": "Hemmnisse",
    "stufe": "Stufe",
    "wofuer": "Wofür",
}
WORTE: Mapping[str, Any] = {
    "status": BeteiligungStatus,
    "rolle": BeteiligungRolle,
    "rechtsform": Rechtsform,
    "stufe": Stufe,
}
TAGE = ("ab", "vorgesehen_bis")
ERGEBNIS = {
    Entscheidung.ANGENOMMEN: "übernommen",
    Entscheidung.ANGEPASST: "angepasst übernommen",
    Entscheidung.ABGELEHNT: "nicht übernommen",
}


def in_worten(name: str, werte: Werte, hemmnisse: Mapping[str, str]) -> str:
    """Return one of the values as a person reads it; a dash for none."""
    wert = werte.get(name)
    if name == "seit":
        genauigkeit = werte.get("seit_genauigkeit") or Genauigkeit.UNBEKANNT
        return ungefaehr(date.fromisoformat(wert) if wert else None, genauigkeit)
    if wert in (None, "", []):
        return LEER
    if name in TAGE:
        return tag(date.fromisoformat(wert))
    if name == "hemmnisse":
        return ", ".join(hemmnisse.get(kuerzel, kuerzel) for kuerzel in wert)
    return str(WORTE[name](wert).label) if name in WORTE else str(wert)


def beteiligung_in_worten(spanne: Beteiligung | None) -> str:
    """Return how a Kommune takes part: „besteht, federführend“."""
    if spanne is None:
        return "nicht beteiligt"
    worte = [BeteiligungStatus(spanne.status).label, BeteiligungRolle(spanne.rolle).label]
    if spanne.vorgesehen_bis:
        worte.append(f"vorgesehen bis {tag(spanne.vorgesehen_bis)}")
    return ", ".join(worte)


def angepasst(antwort: Fragebogenantwort, werte: Mapping[str, Any], hemmnisse: Mapping[str, str]) -> list[str]:
    """Return in words what is taken over otherwise than it was said."""
    saetze = []
    for name, label in NAMEN.items():
        if name in werte and name != "kooperationsfeld":
            gesagt = _gesagt(antwort, name)
            zusatz = f" (angegeben: {gesagt})" if gesagt != LEER else ""
            saetze.append(f"{label}: {in_worten(name, dict(werte), hemmnisse)}{zusatz}")
    if werte.get("beschreibung") is False:
        saetze.append("Die Beschreibung der Kooperation bleibt, wie sie ist.")
    return saetze


def _gesagt(antwort: Fragebogenantwort, name: str) -> str:
    wert = getattr(antwort, name, None)
    roh = wert.isoformat() if isinstance(wert, date) else wert
    return in_worten(name, {name: roh, "seit_genauigkeit": antwort.seit_genauigkeit}, {})
