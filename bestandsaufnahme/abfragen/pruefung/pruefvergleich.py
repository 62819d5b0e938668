"""Today's state of the matrix beside what an answer proposes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bestandsaufnahme.abfragen.erhebung.fragen import Worte
from bestandsaufnahme.abfragen.pruefung.pruefpunkte import Pruefpunkt
from bestandsaufnahme.abfragen.pruefung.pruefworte import NAMEN, beteiligung_in_worten, in_worten
from bestandsaufnahme.abfragen.pruefung.widersprueche import Widerspruch
from bestandsaufnahme.auswahl import AntwortArt, Aussage
from bestandsaufnahme.models import Beteiligung, Fragebogenantwort, Interessenbekundung, Kooperation
from ikz_portal.basis.formate import LEER, tag, ungefaehr
from ikz_portal.basis.zeit import tag_davor

DES_NEUEN = ("bezeichnung", "erlaeuterung", "status", "vorgesehen_bis", "rolle", "rechtsform", "seit", "ab")
DES_ERWOGENEN = ("gescheitert_jahr", "gescheitert_grund", "hemmnisse")


@dataclass(frozen=True, slots=True)
class Vergleich:
    """One value: as it is (empty: nothing to compare with), as the answer has it, and whether these differ."""

    name: str
    heute: str
    vorschlag: str

    @property
    def anders(self) -> bool:
        return self.heute not in {"", self.vorschlag}


@dataclass(frozen=True, slots=True)
class Umfeld:
    """What the cards of a page are told beside their own answer."""

    heute: date
    namen: Worte
    andere: Mapping[int, list[str]]
    interessen: Mapping[int, Interessenbekundung]
    widersprueche: Sequence[Widerspruch]


def vergleiche(punkt: Pruefpunkt, umfeld: Umfeld) -> list[Vergleich]:
    """Return today's state beside what the answer proposes, line by line."""
    antwort = punkt.antwort
    if antwort.art == AntwortArt.INTERESSE:
        return [_interesse(antwort, umfeld)]
    if antwort.art == AntwortArt.NEU:
        return _des_neuen(punkt, umfeld)
    bisher = punkt.lage.am(umfeld.heute) if punkt.lage else None
    if antwort.aussage == Aussage.BEENDET:
        ab = date.fromisoformat(punkt.vorschlag["ab"])
        return [Vergleich("Beteiligung", beteiligung_in_worten(bisher), f"endet am {tag(tag_davor(ab))}")]
    if antwort.aussage == Aussage.GILT_NOCH:
        return [Vergleich("Beteiligung", beteiligung_in_worten(bisher), beteiligung_in_worten(_am_tag(punkt)))]
    return _des_geaenderten(punkt, bisher, umfeld)


def _am_tag(punkt: Pruefpunkt) -> Beteiligung | None:
    return punkt.lage.am(punkt.stichtag) if punkt.lage else None


def _des_geaenderten(punkt: Pruefpunkt, bisher: Beteiligung | None, umfeld: Umfeld) -> list[Vergleich]:
    jetzt: dict[str, Any] = {}
    if bisher:
        frist = bisher.vorgesehen_bis
        jetzt = {"status": bisher.status, "rolle": bisher.rolle, "vorgesehen_bis": frist and frist.isoformat()}
    namen = [n for n in ("status", "rolle", "vorgesehen_bis") if n != "vorgesehen_bis" or punkt.vorschlag.get(n)]
    zeilen = [_vergleich(name, jetzt, punkt.vorschlag, umfeld) for name in namen]
    if punkt.lage:
        kooperation = punkt.lage.kooperation
        seit = kooperation.seit.isoformat() if kooperation.seit else None
        beschrieben = {name: getattr(kooperation, name) for name in punkt.beschreibung} | {"seit": seit}
        gesagt = [name for name in punkt.beschreibung if name != "seit_genauigkeit"]
        zeilen += [_vergleich(name, beschrieben, punkt.beschreibung, umfeld) for name in gesagt]
    return [*zeilen, Vergleich(NAMEN["ab"], "", in_worten("ab", punkt.vorschlag, {}))]


def _vergleich(name: str, jetzt: Mapping[str, Any], neu: Mapping[str, Any], umfeld: Umfeld) -> Vergleich:
    hemmnisse = umfeld.namen.hemmnisse
    return Vergleich(NAMEN[name], in_worten(name, dict(jetzt), hemmnisse), in_worten(name, dict(neu), hemmnisse))


def _des_neuen(punkt: Pruefpunkt, umfeld: Umfeld) -> list[Vergleich]:
    namen = [*DES_NEUEN, *(DES_ERWOGENEN if "gescheitert_jahr" in punkt.vorschlag else ())]
    gesagt = {name: in_worten(name, punkt.vorschlag, umfeld.namen.hemmnisse) for name in namen}
    heute = _heutige(punkt.lage.kooperation) if punkt.lage else {}
    return [
        Vergleich(NAMEN[name], heute.get(name, ""), wert)
        for name, wert in gesagt.items()
        if wert != LEER and not (name == "seit" and punkt.vorschlag["seit"] is None)
    ]


def _heutige(ziel: Kooperation) -> dict[str, str]:
    return {
        "bezeichnung": ziel.bezeichnung,
        "erlaeuterung": ziel.erlaeuterung or LEER,
        "rechtsform": ziel.get_rechtsform_display(),
        "seit": ungefaehr(ziel.seit, ziel.seit_genauigkeit),
    }


def _interesse(antwort: Fragebogenantwort, umfeld: Umfeld) -> Vergleich:
    steht = umfeld.interessen.get(antwort.aufgabenfeld_id or 0)
    if steht is not None:
        abgegeben = f"abgegeben am {tag(steht.abgegeben_am)}"
        return Vergleich("Interesse", abgegeben, abgegeben)
    wie = "Interesse, bedingt" if antwort.aussage == Aussage.BEDINGT else "Interesse"
    return Vergleich("Interesse", "nicht bekundet", f"{wie}: {antwort.erlaeuterung}" if antwort.erlaeuterung else wie)
