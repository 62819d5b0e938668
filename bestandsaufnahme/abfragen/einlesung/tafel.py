"""The plain sheet: a row per Kooperationsfeld, a column per Kommune, marks in the cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bestandsaufnahme.abfragen.einlesung.angabe import BEKANNT_DURCH, KOOPERATION, ZEICHEN, Angabe
from bestandsaufnahme.abfragen.einlesung.blatt import Unpassend
from bestandsaufnahme.abfragen.einlesung.leser import NAME_LAENGE, Leser
from bestandsaufnahme.abfragen.einlesung.werte import ROLLEN, STATUS, text, vergleichbar
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus

GEDRUCKTE = "■□●⊕+"
LEER = {"", "-", "–", "—"}
NEIN = {"nein", "n"}
JA = {"x", "ja", "✓", "✔"}
BUCHSTABEN: dict[str, str] = {
    "v": BeteiligungStatus.VORGESEHEN,
    "e": BeteiligungStatus.ERWOGEN,
    "?": BeteiligungStatus.UNBEKANNT,
    "f": BeteiligungRolle.FEDERFUEHREND,
    "l": BeteiligungRolle.LEISTUNGSEMPFAENGER,
}
# A mark, with what is told of it in brackets behind it: „■“, „■ (vF)“
EINTRAG = re.compile(r"\s*([^\s,;/()]+)\s*(?:\(([^()]*)\))?\s*[,;/]?")
KURZ = re.compile(r"x?([ve?]?)([fl]?)", re.IGNORECASE)
GEWOLLT = (
    "Möglich sind ein Zeichen (■ □ ● ⊕ +), x, v (vorgesehen), e (erwogen), ? (nicht überliefert), "
    "dazu F (federführend) oder L (Leistungsempfänger)."
)


@dataclass(frozen=True, slots=True)
class Eintrag:
    zeichen: str
    status: str
    rolle: str


@dataclass(frozen=True, slots=True)
class _Zeile:
    aufgabenfeld: int
    name: str
    feld: str
    zeichen: str
    kooperation: str
    herkunft: str


def angaben(leser: Leser, bekannte: dict[tuple[int, str], set[str]]) -> list[Angabe]:
    """Return what every cell says that has no error. `bekannte` are the marks that a field has in the portal."""
    gelesen: list[Angabe] = []
    for nummer in leser.zeilen():
        anzahl = len(leser.fehler)
        schluessel, name = leser.aufgabenfeld(nummer)
        zeile = _Zeile(
            schluessel,
            name,
            leser.kooperationsfeld(nummer),
            leser.zeichen(nummer, ZEICHEN),
            leser.name(nummer, KOOPERATION, NAME_LAENGE),
            leser.herkunft(nummer),
        )
        in_ordnung = len(leser.fehler) == anzahl
        zeichen = bekannte.get((schluessel, vergleichbar(zeile.feld)), set()) | {zeile.zeichen} - {""}
        zellen = list(_zellen(leser, nummer, zeile, zeichen))
        gelesen += zellen if in_ordnung else []
    return gelesen


def _zellen(leser: Leser, nummer: int, zeile: _Zeile, bekannte: set[str]) -> Iterator[Angabe]:
    for spalte, kommune in leser.kopf.kommunen.items():
        try:
            eintraege = zelle(text(leser.roh(nummer, spalte)), bekannte)
            _passt_zur_zeile(eintraege, zeile)
        except Unpassend as grund:
            leser.bemaengeln(nummer, spalte, grund.satz)
            continue
        for eintrag in eintraege:
            yield Angabe(
                zeile=nummer + 1,
                spalten={"": spalte, **{t: leser.kopf.spalten[t] for t in (BEKANNT_DURCH,) if zeile.herkunft}},
                stelle=leser.stelle(nummer, spalte),
                aufgabenfeld=zeile.aufgabenfeld,
                aufgabenfeld_name=zeile.name,
                kooperationsfeld=zeile.feld,
                zeichen=eintrag.zeichen or zeile.zeichen,
                kooperation=zeile.kooperation,
                kommune=kommune,
                status=eintrag.status,
                rolle=eintrag.rolle,
                herkunft=zeile.herkunft,
                ab=leser.umfeld.ab,
                ohne_namen=True,
            )


def _passt_zur_zeile(eintraege: list[Eintrag], zeile: _Zeile) -> None:
    fremde = [eintrag.zeichen for eintrag in eintraege if zeile.zeichen and eintrag.zeichen not in {"", zeile.zeichen}]
    if fremde:
        raise Unpassend(f"Die Zeile ist die von „{zeile.zeichen}“, in der Zelle steht „{fremde[0]}“.")
    gleiche = [eintrag.zeichen for eintrag in eintraege]
    if len(set(gleiche)) < len(gleiche):
        raise Unpassend("In der Zelle steht dieselbe Kooperation zweimal.")


def zelle(glatt: str, bekannte: set[str]) -> list[Eintrag]:
    """Return what the cell says of each Kooperation; without a mark the one of the row, or of the field, is meant."""
    if vergleichbar(glatt) in LEER:
        return []
    if vergleichbar(glatt) in NEIN:
        raise Unpassend(
            "„Nein“ wird nicht gelesen: Eine leere Zelle ändert nichts. Eine Beteiligung beenden Sie auf der Seite der "
            "Kooperation, oder in der Liste mit „Belegt bis (ausschließlich)“."
        )
    if (status := STATUS.get(vergleichbar(glatt))) is not None:
        return [Eintrag("", status, "")]
    eintraege, stelle = [], 0
    while stelle < len(glatt):
        gefunden = EINTRAG.match(glatt, stelle)
        if gefunden is None:
            raise _unverstanden(glatt)
        eintraege += _eintraege(gefunden[1], gefunden[2], bekannte, glatt)
        stelle = gefunden.end()
    return eintraege


def _eintraege(wort: str, zusatz: str | None, bekannte: set[str], ganz: str) -> list[Eintrag]:
    status, rolle = _zusatz(zusatz, ganz)
    if wort in bekannte:
        return [Eintrag(wort, status, rolle)]
    if all(zeichen in GEDRUCKTE for zeichen in wort):
        if zusatz is not None and len(wort) > 1:
            raise Unpassend(f"Bitte trennen Sie die Zeichen in „{ganz[:40]}“, zum Beispiel: ■ □ (v).")
        return [Eintrag(zeichen, status, rolle) for zeichen in wort]
    if wort.casefold() in JA:
        return [Eintrag("", status, rolle)]
    if zusatz is None and (kurz := KURZ.fullmatch(wort)):
        return [Eintrag("", *_gelesen(kurz))]
    if zusatz is None and (gemeint := ROLLEN.get(vergleichbar(wort))):
        return [Eintrag("", BeteiligungStatus.BESTEHT, gemeint)]
    raise _unverstanden(ganz)


def _zusatz(zusatz: str | None, ganz: str) -> tuple[str, str]:
    """Return Status and Rolle out of „v“, „vF“, „v, F“, „vorgesehen, federführend“."""
    status, rolle = str(BeteiligungStatus.BESTEHT), ""
    if zusatz is None:
        return status, rolle
    if (wort := STATUS.get(vergleichbar(zusatz))) is not None:
        return wort, rolle
    for teil in filter(None, re.split(r"[\s,;]+", zusatz)):
        if kurz := KURZ.fullmatch(teil):
            neu, dazu = _gelesen(kurz)
            status, rolle = neu if kurz[1] else status, dazu or rolle
        elif vergleichbar(teil) in ROLLEN:
            rolle = ROLLEN[vergleichbar(teil)]
        elif vergleichbar(teil) in STATUS:
            status = STATUS[vergleichbar(teil)]
        else:
            raise _unverstanden(ganz)
    return status, rolle


def _gelesen(kurz: re.Match[str]) -> tuple[str, str]:
    status = BUCHSTABEN.get(kurz[1].lower(), str(BeteiligungStatus.BESTEHT))
    return status, BUCHSTABEN.get(kurz[2].lower(), "")


def _unverstanden(ganz: str) -> Unpassend:
    kurz = ganz if len(ganz) <= 40 else f"{ganz[:39]}…"
    return Unpassend(f"„{kurz}“ lässt sich nicht lesen. {GEWOLLT}")
