"""What an answer proposes to the matrix, as plain values, beside what the matrix says of that Kommune.

Values are what JSON keeps (days in ISO form, keys of rows), since a decision stores them (`Pruefung.werte`).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bestandsaufnahme.abfragen.kooperation.zustand import ende_der_kooperation
from bestandsaufnahme.auswahl import AntwortArt, Aussage, BeteiligungRolle, BeteiligungStatus, Rechtsform, Stufe
from bestandsaufnahme.fragenkatalog import GRUND, HEMMNISSE, JAHR
from bestandsaufnahme.models import Beteiligung, Fragebogenantwort, Kooperation
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import tag
from ikz_portal.basis.zeit import tag_davor

Werte = dict[str, Any]

STAND = "stand"  # the key of the fingerprint in Pruefung.werte
BESCHREIBEND = ("bezeichnung", "erlaeuterung", "rechtsform")
PARTNER = "partner_im_kreis"
LAENGE_WOFUER = 1700  # what is left of the text of a declaration, beside where it comes from
UNENTSCHIEDEN = (Aussage.OFFEN, Aussage.NEIN)
BLEIBT = (Aussage.GILT_NOCH, Aussage.GEAENDERT)


@dataclass(frozen=True, slots=True)
class Lage:
    """The part of one Kommune in one Kooperation over time, the earliest span first."""

    kooperation: Kooperation
    spannen: Sequence[Beteiligung] = ()

    def am(self, tag_: date) -> Beteiligung | None:
        return next((s for s in self.spannen if s.gilt_ab <= tag_ and (s.gilt_bis is None or s.gilt_bis > tag_)), None)

    def nach(self, tag_: date) -> Beteiligung | None:
        return next((spanne for spanne in self.spannen if spanne.gilt_ab > tag_), None)

    def stand(self, *, mit_beschreibung: bool = False) -> str:
        """Return a fingerprint of all that a decision looks at: another one means that it has to be looked at anew."""
        kooperation = self.kooperation
        angaben: list[Any] = [kooperation.bis, kooperation.gescheitert_jahr]
        angaben += [(s.gilt_ab, s.gilt_bis, s.status, s.rolle, s.vorgesehen_bis) for s in self.spannen]
        if mit_beschreibung:
            angaben += [getattr(kooperation, feld) for feld in BESCHREIBEND]
        return hashlib.sha256(json.dumps(angaben, default=str).encode()).hexdigest()[:16]


def lagen(beteiligungen: BeteiligungQuerySet, kooperationen: Iterable[Kooperation]) -> dict[int, Lage]:
    """Return by key what these Beteiligungen of one Kommune say of each Kooperation. One query."""
    ergebnis = {kooperation.pk: Lage(kooperation, []) for kooperation in kooperationen}
    for spanne in beteiligungen.filter(kooperation__in=ergebnis).order_by("gilt_ab"):
        ergebnis[spanne.kooperation_id].spannen.append(spanne)  # type: ignore[attr-defined]  # a list, while it is filled
    return ergebnis


def zu_entscheiden(antwort: Fragebogenantwort) -> bool:
    """Tell whether it would change anything; what is told only to be known, or not told at all, needs no decision."""
    return antwort.art != AntwortArt.ALLGEMEIN and antwort.aussage not in UNENTSCHIEDEN


def vorschlag(antwort: Fragebogenantwort, *, stichtag: date, lage: Lage | None) -> Werte:
    """Return what the answer says, column by column; what it leaves out stays as it is in the matrix."""
    ab = (antwort.ab or stichtag).isoformat()
    if antwort.art == AntwortArt.INTERESSE:
        return {"stufe": str(Stufe.INTERESSE), "wofuer": antwort.erlaeuterung[:LAENGE_WOFUER]}
    if antwort.art == AntwortArt.NEU:
        return _neues(antwort, stichtag)
    if antwort.aussage == Aussage.BEENDET:
        return {"ab": ab}
    if antwort.aussage == Aussage.GILT_NOCH:
        ab = stichtag.isoformat()
    return {"ab": ab, **_beteiligung(antwort, lage.am(date.fromisoformat(ab)) if lage else None)}


def _beteiligung(antwort: Fragebogenantwort, bisher: Beteiligung | None) -> Werte:
    status = bisher.status if bisher else str(BeteiligungStatus.BESTEHT)
    rolle = bisher.rolle if bisher else str(BeteiligungRolle.BETEILIGT)
    frist = bisher.vorgesehen_bis if bisher else None
    if antwort.aussage == Aussage.GEAENDERT:
        frist = antwort.vorgesehen_bis if antwort.status else frist
        status, rolle = antwort.status or status, antwort.rolle or rolle
    return {"status": status, "rolle": rolle, "vorgesehen_bis": frist.isoformat() if frist else None}


def _neues(antwort: Fragebogenantwort, stichtag: date) -> Werte:
    felder: Werte = {
        "ab": _erster_tag(antwort, stichtag).isoformat(),
        "bezeichnung": antwort.bezeichnung,
        "erlaeuterung": antwort.erlaeuterung,
        "status": antwort.status or str(BeteiligungStatus.BESTEHT),
        "rolle": antwort.rolle or str(BeteiligungRolle.BETEILIGT),
        "vorgesehen_bis": antwort.vorgesehen_bis.isoformat() if antwort.vorgesehen_bis else None,
        "rechtsform": antwort.rechtsform or str(Rechtsform.UNBEKANNT),
        "seit": antwort.seit.isoformat() if antwort.seit else None,
        "seit_genauigkeit": antwort.seit_genauigkeit,
    }
    return felder | (gescheitert(antwort) if felder["status"] == BeteiligungStatus.ERWOGEN else {})


def _erster_tag(antwort: Fragebogenantwort, stichtag: date) -> date:
    """Return from when on it is vouched for: the Stichtag, or the day after it on which it begins."""
    if antwort.ab:
        return antwort.ab
    spaeter = antwort.seit_genauigkeit == Genauigkeit.TAG and antwort.seit and antwort.seit > stichtag
    return antwort.seit if spaeter and antwort.seit else stichtag


def gescheitert(antwort: Fragebogenantwort) -> Werte:
    """Return year, reason and Hemmnisse of what was considered and did not come about."""
    jahr = str(antwort.angaben.get(JAHR, ""))
    return {
        "gescheitert_jahr": int(jahr) if jahr.isascii() and jahr.isdigit() and len(jahr) == 4 else None,
        "gescheitert_grund": str(antwort.angaben.get(GRUND, "")),
        "hemmnisse": [str(kuerzel) for kuerzel in _liste(antwort, HEMMNISSE)],
    }


def genannte_partner(antwort: Fragebogenantwort) -> list[str]:
    """Return the AGS of the Kommunen that it names as partners."""
    return [str(ags) for ags in _liste(antwort, PARTNER)]


def _liste(antwort: Fragebogenantwort, schluessel: str) -> list[Any]:
    wert = antwort.angaben.get(schluessel)
    return wert if isinstance(wert, list) else []


def neue_beschreibung(antwort: Fragebogenantwort, kooperation: Kooperation) -> dict[str, str]:
    """Return the columns in which the answer describes the Kooperation otherwise. It concerns the others in it too."""
    if antwort.aussage != Aussage.GEAENDERT:
        return {}
    gesagt = {feld: getattr(antwort, feld) for feld in BESCHREIBEND if getattr(antwort, feld)}
    if gesagt.get("rechtsform") == Rechtsform.UNBEKANNT:  # who doesn't know it doesn't contradict
        del gesagt["rechtsform"]
    anders = {feld: wert for feld, wert in gesagt.items() if wert != getattr(kooperation, feld)}
    if antwort.seit and (antwort.seit, antwort.seit_genauigkeit) != (kooperation.seit, kooperation.seit_genauigkeit):
        anders |= {"seit": antwort.seit.isoformat(), "seit_genauigkeit": antwort.seit_genauigkeit}
    return anders


def hindernis(antwort: Fragebogenantwort, werte: Werte, lage: Lage | None) -> str:
    """Return in a sentence why the matrix can't take these values, nothing where it can."""
    if antwort.art == AntwortArt.NEU:
        return _hindernis_des_neuen(werte, lage)
    if antwort.art != AntwortArt.KOOPERATION or lage is None:
        return ""
    ab = date.fromisoformat(werte["ab"])
    wer = str(antwort.fragebogen.kommune)
    if antwort.aussage in BLEIBT:
        return "" if lage.am(ab) else f"{wer} ist am {tag(ab)} nicht an der Kooperation beteiligt."
    letzter_tag = tag_davor(ab)
    if lage.am(letzter_tag) is None:
        return f"{wer} ist am letzten Tag davor, dem {tag(letzter_tag)}, nicht an der Kooperation beteiligt."
    spaeter = lage.nach(letzter_tag)
    return (
        f"Für {wer} steht ab dem {tag(spaeter.gilt_ab)} eine spätere Angabe. Nennen Sie einen Tag danach."
        if spaeter
        else ""
    )


def _hindernis_des_neuen(werte: Werte, lage: Lage | None) -> str:
    if lage is not None:
        bis = ende_der_kooperation(lage.kooperation)
        vorbei = bis is not None and bis < date.fromisoformat(werte["ab"])
        return f"Die Kooperation „{lage.kooperation}“ ist seit dem {tag(bis)} beendet." if vorbei else ""
    if not werte.get("kooperationsfeld") and not (werte.get("neues_feld") and werte.get("aufgabenfeld")):
        return "Bitte wählen Sie das Kooperationsfeld, oder nennen Sie ein neues mit seinem Aufgabenfeld."
    if werte["status"] == BeteiligungStatus.ERWOGEN and not werte.get("gescheitert_jahr"):
        return "Es fehlt das Jahr, in dem davon abgesehen wurde. Ergänzen Sie es mit „Angepasst übernehmen“."
    return ""
