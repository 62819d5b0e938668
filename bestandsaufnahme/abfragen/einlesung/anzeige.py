"""The dry run as values for the page and for a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bestandsaufnahme.abfragen.einlesung.plan import Plan
from bestandsaufnahme.auswahl import EinlesezeileArt, EinlesungStatus
from bestandsaufnahme.models import Einlesung
from ikz_portal.basis.formate import tag, zahl, zeitpunkt

FEHLER_GEZEIGT = 200
SPALTEN_DES_PROBELAUFS = (
    *("Stelle", "Was geschieht", "Aufgabenfeld", "Kooperationsfeld", "Zeichen", "Kooperation", "Kommune"),
    *("Genauer", "Hinweis"),
)
ZAHLEN = (
    ("fehler", "Fehler", "Fehler"),
    ("neue_felder", "neues Kooperationsfeld", "neue Kooperationsfelder"),
    ("neue_kooperationen", "neue Kooperation", "neue Kooperationen"),
    ("neue_beteiligungen", "neue Beteiligung", "neue Beteiligungen"),
    ("geaenderte_angaben", "geänderte Angabe", "geänderte Angaben"),
    ("unveraenderte", "unveränderte Angabe", "unveränderte Angaben"),
)


@dataclass(frozen=True)
class EinlesungZeile:
    datei: str
    url: str
    eingelesen: str
    durch: str
    status: EinlesungStatus
    gilt_ab: str
    ergebnis: str


def zeilen(einlesungen: Iterable[Einlesung]) -> list[EinlesungZeile]:
    return [
        EinlesungZeile(
            datei=str(einlesung),
            url=einlesung.get_absolute_url(),
            eingelesen=zeitpunkt(einlesung.angelegt_am),
            durch=str(einlesung.durch or ""),
            status=einlesung.marke_des_status,
            gilt_ab=tag(einlesung.gilt_ab),
            ergebnis=", ".join(
                f"{anzahl} {worte}" for anzahl, worte in zahlen(einlesung.zusammenfassung) if anzahl != "0"
            ),
        )
        for einlesung in einlesungen
    ]


def zahlen(zusammenfassung: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (number, what of) in the order of the page; new rows of the matrix are told where there are any."""
    return [
        (zahl(anzahl), einzahl if anzahl == 1 else mehrzahl)
        for name, einzahl, mehrzahl in ZAHLEN
        if isinstance(anzahl := zusammenfassung.get(name, 0), int) and (anzahl or name != "neue_felder")
    ]


def gelesen(zusammenfassung: Mapping[str, Any]) -> str:
    """Return „1.000 Zeilen mit Inhalt“."""
    anzahl = zusammenfassung.get("zeilen", 0)
    return "1 Zeile mit Inhalt" if anzahl == 1 else f"{zahl(anzahl)} Zeilen mit Inhalt"


def auswahl(plan: Plan, nur: EinlesezeileArt | None) -> list[tuple[str, str, bool]]:
    """Return (words, address, chosen) for all rows and for those of each kind that there are."""
    je_art = {art: sum(zeile.art == art for zeile in plan.zeilen) for art in EinlesezeileArt}
    alle = [(f"alle ({zahl(len(plan.zeilen))})", "?#zeilen", nur is None)]
    return alle + [
        (f"{art.label} ({zahl(anzahl)})", f"?art={art.value}#zeilen", nur == art)
        for art, anzahl in je_art.items()
        if anzahl
    ]


def ausgabe(plan: Plan) -> Iterator[tuple[str, ...]]:
    """Yield the errors, then the rows, as they stand on the page."""
    for fehler in plan.fehler:
        yield (fehler.stelle, "Fehler", "", "", "", "", "", fehler.satz, "")
    for zeile in plan.zeilen:
        yield (
            *(zeile.stelle, str(zeile.art.label), zeile.aufgabenfeld, zeile.kooperationsfeld, zeile.zeichen),
            *(zeile.kooperation, zeile.kommune, zeile.was, zeile.hinweis),
        )
