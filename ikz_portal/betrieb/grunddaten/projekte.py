"""The Projekte that are handed down, their orders, and the history of the process."""

from collections.abc import Iterable
from datetime import date

from bestandsaufnahme.models import Aufgabenfeld
from ikz_portal.betrieb.grunddaten.lesen import Satz, auszug, lies, zeit
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from kommunen.models import Gremium
from projekte.auswahl import AuftragStatus
from projekte.models import Ereignis, Ergebnis, Geleitzug, Projekt, Projektauftrag

TEXTE = ("name", "kurzbeschreibung", "status", "status_hinweis", "zeit_hinweis", "hinweis")
PUNKTE = (
    "titel",
    "einleitung",
    "rahmenbedingungen",
    "projektziele",
    "start_und_ende",
    "projektkosten",
    "projektleitung",
    "projektgruppe",
    "informationsmanagement",
    "hinweis",
    "quelle",
)


def projekte(schreiber: Schreiber) -> None:
    """People work on a Projekt once it is there: from then on only what the source says is refreshed."""
    datei = lies("projekte")
    for satz in datei["projekte"]:
        projekt = _projekt(schreiber, satz)
        if schreiber.ist_neu(projekt):
            _dazu(schreiber, satz, projekt)
            schreiber.halte_status_fest(
                projekt, nach=projekt.status, am=datei["stand"], grund=datei["grund_des_status"]
            )


def _projekt(schreiber: Schreiber, satz: Satz) -> Projekt:
    zitat = auszug(satz, "teilnahme_zitat", "teilnahme_zitat_von", "teilnahme_zitat_stand", "quelle")
    einmalig = {
        **auszug(satz, *TEXTE),
        **zeit(satz, "beginn", "ende"),
        "aufgabenfeld": Aufgabenfeld.objects.get(slug=satz["aufgabenfeld"]),
        "gruppe": Gremium.objects.get(slug=satz["gruppe"]) if "gruppe" in satz else None,
        "vorgaenger": Projekt.objects.get(slug=satz["vorgaenger"]) if "vorgaenger" in satz else None,
        "veroeffentlicht": True,
    }
    return schreiber.schreibe(Projekt, auszug(satz, "slug"), zitat, einmalig=einmalig)


def _dazu(schreiber: Schreiber, satz: Satz, projekt: Projekt) -> None:
    ziele = Projekt.objects.filter(slug__in=satz.get("aufgegangen_in", ()))
    schreiber.verknuepfe(projekt, "aufgegangen_in", ziele)
    for zug in satz.get("geleitzuege", ()):
        schreiber.lege_an(Geleitzug, projekt=projekt, **zug)


def auftraege(schreiber: Schreiber) -> None:
    stand, grund = (lies("projekte")[name] for name in ("stand", "grund_des_status"))
    for satz in lies("auftraege")["auftraege"]:
        projekt = Projekt.objects.get(slug=satz["projekt"])
        if not projekt.auftraege.exists():
            fassung = auftrag(schreiber, satz, projekt, status=AuftragStatus.UEBERLIEFERT)
            schreiber.halte_status_fest(fassung, nach=fassung.status, am=stand, grund=grund)


def auftrag(
    schreiber: Schreiber, satz: Satz, projekt: Projekt, *, status: AuftragStatus, stand: date | None = None
) -> Projektauftrag:
    """Write a first version with its Ergebnisse while it is a draft; then its status closes it for good."""
    fassung = schreiber.lege_an(Projektauftrag, projekt=projekt, stand=stand, **auszug(satz, *PUNKTE))
    _ergebnisse(schreiber, fassung, satz["ergebnisse"])
    fassung.status = status
    fassung.save(update_fields=["status"])
    return fassung


def _ergebnisse(
    schreiber: Schreiber, fassung: Projektauftrag, saetze: Iterable[Satz], eltern: Ergebnis | None = None
) -> None:
    for satz in saetze:
        ergebnis = schreiber.lege_an(
            Ergebnis,
            auftrag=fassung,
            eltern=eltern,
            reihenfolge=fassung.ergebnisse.count() + 1,
            **auszug(satz, "nummer", "text"),
        )
        _ergebnisse(schreiber, fassung, satz.get("teile", ()), ergebnis)


def ereignisse(schreiber: Schreiber) -> None:
    datei = lies("ereignisse")
    for satz in datei["ereignisse"]:
        texte = auszug(satz, "titel", "text", "zeit_hinweis", "ausblick", "quelle")
        werte = {"quelle": datei["quelle"], **texte, **zeit(satz, "beginn", "ende")}
        schreiber.schreibe(Ereignis, auszug(satz, "schluessel"), werte)
