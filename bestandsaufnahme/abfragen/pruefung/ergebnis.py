"""What became of the answers of a Fragebogen that was taken over, as its Kommune reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from bestandsaufnahme.abfragen.erhebung.fragen import worum
from bestandsaufnahme.abfragen.pruefung.pruefworte import ERGEBNIS, angepasst
from bestandsaufnahme.auswahl import AntwortArt, Aussage, Entscheidung, FragebogenStatus
from bestandsaufnahme.models import Fragebogen, Hemmnis, Kooperation, Kooperationsfeld, Pruefung

REIHENFOLGE = Case(
    *(When(antwort__art=art, then=Value(platz)) for platz, art in enumerate(AntwortArt)), output_field=IntegerField()
)


@dataclass(frozen=True, slots=True)
class Ergebnis:
    worum: str
    aussage: Aussage
    entscheidung: Entscheidung
    was: str
    wie: list[str]
    grund: str


def ergebnisse(fragebogen: Fragebogen) -> list[Ergebnis]:
    """Return a row per decided answer, none before the Fragebogen is taken over. At most four queries."""
    if fragebogen.status != FragebogenStatus.UEBERNOMMEN:
        return []
    pruefungen = list(
        Pruefung.objects.filter(antwort__fragebogen=fragebogen)
        .select_related("antwort__kooperation", "antwort__aufgabenfeld")
        .order_by(REIHENFOLGE, "antwort")
    )
    hemmnisse: dict[str, str] = {}
    if any("hemmnisse" in pruefung.werte for pruefung in pruefungen):
        hemmnisse = dict(Hemmnis.objects.values_list("kuerzel", "name"))
    kooperationen = _namen(Kooperation, pruefungen, "ziel")
    felder = _namen(Kooperationsfeld, pruefungen, "kooperationsfeld")
    return [
        Ergebnis(
            worum=worum(pruefung.antwort),
            aussage=Aussage(pruefung.antwort.aussage),
            entscheidung=pruefung.marke,
            was=ERGEBNIS[pruefung.marke],
            wie=[*_wohin(pruefung, kooperationen, felder), *angepasst(pruefung.antwort, pruefung.werte, hemmnisse)],
            grund=pruefung.grund,
        )
        for pruefung in pruefungen
    ]


def _namen(modell: Any, pruefungen: Iterable[Pruefung], schluessel: str) -> dict[int, str]:
    gesucht = {wert for pruefung in pruefungen if (wert := pruefung.werte.get(schluessel))}
    return {pk: str(objekt) for pk, objekt in modell.objects.in_bulk(gesucht).items()} if gesucht else {}


def _wohin(pruefung: Pruefung, kooperationen: dict[int, str], felder: dict[int, str]) -> list[str]:
    """Return where what was new stands in the matrix now."""
    if pruefung.entscheidung == Entscheidung.ABGELEHNT or pruefung.antwort.aussage != Aussage.NEU:
        return []
    werte = pruefung.werte
    if werte.get("ziel"):
        return [f"Eingetragen als Beteiligung an „{kooperationen.get(werte['ziel'], '')}“."]
    feld = felder.get(werte.get("kooperationsfeld") or 0) or werte.get("neues_feld", "")
    return [f"Eingetragen als neue Kooperation im Feld „{feld}“."]
