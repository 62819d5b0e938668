"""Reading the answers of a Fragebogen: what the matrix says, what the Kommune says to it, in values and in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bestandsaufnahme.abfragen.erhebung import fragen
from bestandsaufnahme.abfragen.erhebung.fragen import Worte
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.auswahl import AntwortArt, Aussage, BeteiligungRolle, BeteiligungStatus, Rechtsform
from bestandsaufnahme.models import Beteiligung, Fragebogen, Fragebogenantwort, Kooperation
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import LEER, tag, ungefaehr, zeitpunkt
from ikz_portal.basis.zeit import tag_davor


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What the matrix says of a Kooperation and the Kommune's part in it on the Stichtag, as values."""

    bezeichnung: str = ""
    erlaeuterung: str = ""
    status: str = ""
    vorgesehen_bis: date | None = None
    rolle: str = ""
    rechtsform: str = ""
    seit: date | None = None
    seit_genauigkeit: str = Genauigkeit.UNBEKANNT
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Zeile:
    """One question: what it is about, what the matrix says, what was answered, by whom, and at whom it lies."""

    pk: int
    titel: str
    unter: str
    url: str
    stand: list[tuple[str, str]]
    aussage: Aussage
    gesagt: list[tuple[str, str]]
    liegt_bei: str
    wer: str
    version: int

    @property
    def offen(self) -> bool:
        return self.aussage is Aussage.OFFEN


def staende(fragebogen: Fragebogen, kooperationen: Iterable[int | None]) -> dict[int | None, Stand]:
    """Return what the matrix says of them and this Kommune on the Stichtag, by key. 3 queries."""
    stichtag = fragebogen.erhebung.stichtag
    schluessel = [pk for pk in kooperationen if pk is not None]
    gelesen = am_tag(Kooperation.objects.filter(pk__in=schluessel), stichtag)
    teile = {teil.kooperation_id: teil for teil in fragebogen.kommune.beteiligungen.am(stichtag)}
    return {kooperation.pk: _stand(kooperation, teile.get(kooperation.pk)) for kooperation, _ in gelesen}


def _stand(kooperation: Any, teil: Beteiligung | None) -> Stand:  # Any: it carries `partnernamen`
    return Stand(
        bezeichnung=kooperation.bezeichnung,
        erlaeuterung=kooperation.erlaeuterung,
        status=teil.status if teil else "",
        vorgesehen_bis=teil.vorgesehen_bis if teil else None,
        rolle=teil.rolle if teil else "",
        rechtsform=kooperation.rechtsform,
        seit=kooperation.seit,
        seit_genauigkeit=kooperation.seit_genauigkeit,
        partner=", ".join(kooperation.partnernamen),
    )


def zeile(antwort: Fragebogenantwort, stand: Stand | None, namen: Worte, mit_personen: bool) -> Zeile:
    kooperation = antwort.kooperation
    return Zeile(
        pk=antwort.pk,
        titel=str(antwort.aufgabenfeld) if antwort.art == AntwortArt.INTERESSE else fragen.worum(antwort),
        unter=_feld(antwort),
        url=kooperation.get_absolute_url() if kooperation else "",
        stand=stand_in_worten(stand) if stand else [],
        aussage=antwort.marke_der_aussage,
        gesagt=gesagt(antwort, stand, namen),
        liegt_bei=_liegt_bei(antwort) if mit_personen else "",
        wer=_wer(antwort) if mit_personen else "",
        version=antwort.version,
    )


def _feld(antwort: Fragebogenantwort) -> str:
    if antwort.kooperation:
        return f"{antwort.kooperation.kooperationsfeld.aufgabenfeld} · {antwort.kooperation.kooperationsfeld}"
    if antwort.art != AntwortArt.NEU:
        return ""
    return f"{antwort.aufgabenfeld} · {antwort.kooperationsfeld or antwort.feldvorschlag}"


def _liegt_bei(antwort: Fragebogenantwort) -> str:
    konto = antwort.zustaendig
    if konto is None:
        return ""
    return konto.name if konto.is_active else f"{konto.name} (Konto deaktiviert)"


def _wer(antwort: Fragebogenantwort) -> str:
    if antwort.bearbeitet_am is None:
        return ""
    return f"{antwort.bearbeitet_durch or 'nicht bekannt'}, {zeitpunkt(antwort.bearbeitet_am)}"


# --- in words ---------------------------------------------------------------------------------------------------------
def stand_in_worten(stand: Stand) -> list[tuple[str, str]]:
    """Return what the matrix says, leaving out what isn't known."""
    paare = [
        ("Status", _status(stand)),
        ("Rolle", _label(BeteiligungRolle, stand.rolle)),
        ("Rechtsform", "" if stand.rechtsform == Rechtsform.UNBEKANNT else _label(Rechtsform, stand.rechtsform)),
        ("Seit", ungefaehr(stand.seit, stand.seit_genauigkeit) if stand.seit else ""),
        ("Externe Partner", stand.partner),
    ]
    return [(name, wert) for name, wert in paare if wert]


def gesagt(antwort: Fragebogenantwort, stand: Stand | None, namen: Worte) -> list[tuple[str, str]]:
    """Return what was answered, as (what, words); a change names what it was before."""
    paare: list[tuple[str, str]] = []
    if antwort.aussage == Aussage.BEENDET:
        paare.append(("Letzter Tag", tag(tag_davor(antwort.ab)) if antwort.ab else "der Tag vor dem Stichtag"))
    elif antwort.aussage == Aussage.GEAENDERT:
        paare.append(("Ab", tag(antwort.ab) if antwort.ab else "dem Stichtag"))
        paare += _unterschiede(antwort, stand or Stand())
    elif antwort.aussage == Aussage.NEU:
        paare += _beschreibung(antwort)
    elif antwort.erlaeuterung:
        paare.append(("Wofür", antwort.erlaeuterung))
    if antwort.art == AntwortArt.ALLGEMEIN:
        frage = fragen.frage_zu(antwort)
        return [("", fragen.in_worten(frage, wert, namen)) for wert in antwort.angaben.values()]
    return paare + fragen.angaben_in_worten(antwort.angaben, namen)


def _beschreibung(von: Fragebogenantwort | Stand) -> list[tuple[str, str]]:
    paare = [
        ("Status", _status(von)),
        ("Rolle", _label(BeteiligungRolle, von.rolle)),
        ("Rechtsform", _label(Rechtsform, von.rechtsform)),
        ("Seit", ungefaehr(von.seit, von.seit_genauigkeit) if von.seit else ""),
        ("Erläuterung", von.erlaeuterung),
    ]
    return [(name, wert) for name, wert in paare if wert]


def _unterschiede(antwort: Fragebogenantwort, stand: Stand) -> list[tuple[str, str]]:
    frueher = {"Bezeichnung": stand.bezeichnung, **dict(_beschreibung(stand))}
    jetzt = {"Bezeichnung": antwort.bezeichnung, **dict(_beschreibung(antwort))}
    return [
        (name, f"{jetzt.get(name) or LEER} (bisher: {frueher.get(name) or LEER})")
        for name in dict.fromkeys([*jetzt, *frueher])
        if jetzt.get(name) != frueher.get(name)
    ]


def _status(von: Fragebogenantwort | Stand) -> str:
    label = _label(BeteiligungStatus, von.status).removeprefix("Status ")  # "Status: nicht überliefert"
    return f"{label} bis {tag(von.vorgesehen_bis)}" if von.vorgesehen_bis else label


def _label(auswahl: Any, wert: str) -> str:
    return str(auswahl(wert).label) if wert else ""
