"""What a Fragebogen asks, and what was answered under the keys of the catalogue, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bestandsaufnahme import fragenkatalog
from bestandsaufnahme.auswahl import AntwortArt
from bestandsaufnahme.fragenkatalog import NACH_SCHLUESSEL, NEBENFRAGEN, Antwortform, Frage
from bestandsaufnahme.models import Erfolgsfaktor, Fragebogen, Fragebogenantwort, Hemmnis
from ikz_portal.basis.formate import tag, zahl
from kommunen.auswahl import KommuneArt
from kommunen.models import Kommune

_ALLE = {frage.schluessel: frage for frage in NEBENFRAGEN} | NACH_SCHLUESSEL


@dataclass(frozen=True, slots=True)
class Worte:
    """The names behind the keys that answers hold: of Kommunen by AGS, of both taxonomies by Kürzel."""

    kommunen: Mapping[str, str]
    erfolgsfaktoren: Mapping[str, str]
    hemmnisse: Mapping[str, str]


def worte() -> Worte:
    """3 queries."""
    return Worte(
        kommunen=dict(Kommune.objects.order_by("sortierung").values_list("ags", "name")),
        erfolgsfaktoren=dict(Erfolgsfaktor.objects.values_list("kuerzel", "name")),
        hemmnisse=dict(Hemmnis.objects.values_list("kuerzel", "name")),
    )


def anlage(kommune: Kommune) -> int:
    return fragenkatalog.anlage(ist_kreis=kommune.art == KommuneArt.KREIS)


def einmalige(fragebogen: Fragebogen) -> list[Frage]:
    """Return the questions that its round chose and asks once, in its Anlage."""
    return fragenkatalog.gewaehlte(fragebogen.erhebung.fragen, anlage=anlage(fragebogen.kommune), je_kooperation=False)


def je_kooperation(fragebogen: Fragebogen) -> list[Frage]:
    """Return the questions that its round chose and asks at every Kooperation, in its Anlage."""
    return fragenkatalog.gewaehlte(fragebogen.erhebung.fragen, anlage=anlage(fragebogen.kommune), je_kooperation=True)


def angaben_in_worten(angaben: Mapping[str, Any], namen: Worte) -> list[tuple[str, str]]:
    """Return (question, answer) in the order of the catalogue; a key that it doesn't know is left out."""
    return [
        (frage.text, in_worten(frage, angaben[schluessel], namen))
        for schluessel, frage in _ALLE.items()
        if schluessel in angaben
    ]


def in_worten(frage: Frage, wert: Any, namen: Worte) -> str:
    """Return an answer as a person reads it; a key that has no name any more stands as it is."""
    quellen = {
        Antwortform.KOMMUNEN: namen.kommunen,
        Antwortform.ERFOLGSFAKTOREN: namen.erfolgsfaktoren,
        Antwortform.HEMMNISSE: namen.hemmnisse,
    }
    if isinstance(wert, list):
        quelle = quellen.get(frage.form, {})
        return ", ".join(quelle.get(str(eins), str(eins)) for eins in wert)
    return _UEBERSETZT.get(frage.form, str)(wert)


def _tag_in_worten(wert: Any) -> str:
    try:
        return tag(date.fromisoformat(str(wert)))
    except ValueError:
        return str(wert)


def _zahl_in_worten(wert: Any) -> str:
    try:
        return zahl(Decimal(str(wert)))
    except InvalidOperation:
        return str(wert)


_UEBERSETZT: dict[Antwortform, Callable[[Any], str]] = {
    Antwortform.DATUM: _tag_in_worten,
    Antwortform.ZAHL: _zahl_in_worten,
}


def worum(antwort: Fragebogenantwort) -> str:
    """Return what the question is about, in a few words."""
    if antwort.art == AntwortArt.ALLGEMEIN:
        return frage_zu(antwort).text
    if antwort.art == AntwortArt.INTERESSE:
        return f"Interesse: {antwort.aufgabenfeld}"
    return str(antwort.kooperation or antwort.bezeichnung)


def frage_zu(antwort: Fragebogenantwort) -> Frage:
    """Return the question asked once; one that the catalogue no longer has asks by its key."""
    schluessel = antwort.schluessel
    return NACH_SCHLUESSEL.get(schluessel, Frage(schluessel, schluessel, Antwortform.TEXT))
