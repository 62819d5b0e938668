"""The fields of municipal work, the matrix of 2013 and the totals of the historical round."""

from typing import Any

from bestandsaufnahme.auswahl import BeteiligungRolle
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beteiligung,
    Erhebung,
    ExternerPartner,
    Interessenrunde,
    Kooperation,
    Kooperationsfeld,
    Rundenergebnis,
)
from ikz_portal.betrieb.grunddaten.lesen import Satz, auszug, lies, zeit
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from kommunen.models import Kommune


def aufgabenfelder(schreiber: Schreiber) -> None:
    for nummer, satz in enumerate(lies("aufgabenfelder")["aufgabenfelder"], start=1):
        werte = {**auszug(satz, "name", "aliase"), "reihenfolge": nummer}
        schreiber.schreibe(Aufgabenfeld, {"slug": satz["slug"]}, werte)


def matrix(schreiber: Schreiber) -> None:
    datei = lies("matrix_2013")
    erhebung = _erhebung(schreiber, datei)
    for satz in datei["externe_partner"]:
        schreiber.schreibe(ExternerPartner, auszug(satz, "name"), auszug(satz, "hinweis"))
    for satz in datei["kooperationen"]:
        kooperation = _kooperation(schreiber, satz, datei["quelle"], erhebung)
        _beteiligungen(schreiber, satz, kooperation, erhebung)


def _erhebung(schreiber: Schreiber, datei: Satz) -> Erhebung:
    satz = datei["erhebung"]
    fest = {**auszug(satz, "ruecklauf_bis", "lesehinweis"), **zeit(satz, "beginn", "ende"), "quelle": datei["quelle"]}
    einmalig = auszug(satz, "name", "status", "veroeffentlicht")
    erhebung = schreiber.schreibe(Erhebung, auszug(satz, "stichtag"), fest, einmalig=einmalig)
    if schreiber.ist_neu(erhebung):
        grund = f"überliefert, Stand am Stichtag: {datei['quelle']}"
        schreiber.halte_status_fest(erhebung, nach=erhebung.status, am=erhebung.stichtag, grund=grund)
    return erhebung


def _kooperation(schreiber: Schreiber, satz: Satz, quelle: str, erhebung: Erhebung) -> Kooperation:
    feld = schreiber.schreibe(
        Kooperationsfeld,
        {
            "aufgabenfeld": Aufgabenfeld.objects.get(slug=satz["aufgabenfeld"]),
            "name": satz["kooperationsfeld"],
        },
        auszug(satz, "reihenfolge"),
    )
    texte = auszug(satz, "bezeichnung", "erlaeuterung", "rechtsform", "rechtsform_hinweis", "zeit_hinweis")
    einmalig = {**texte, **zeit(satz, "seit", "bis"), "zuletzt_bestaetigt_am": erhebung.stichtag}
    kooperation = schreiber.schreibe(
        Kooperation,
        {"kooperationsfeld": feld, "symbol": satz["symbol"]},
        {"quelle": quelle, **auszug(satz, "sicherheit")},
        einmalig={**einmalig, "veroeffentlicht": True},
    )
    if schreiber.ist_neu(kooperation):
        partner = ExternerPartner.objects.filter(name__in=satz["externe_partner"])
        schreiber.verknuepfe(kooperation, "externe_partner", partner)
    return kooperation


def _beteiligungen(schreiber: Schreiber, satz: Satz, kooperation: Kooperation, erhebung: Erhebung) -> None:
    alle = Kommune.objects.all()
    for kommune in alle if satz["kommunen"] == "alle" else alle.filter(ags__in=satz["kommunen"]):
        werte: dict[str, Any] = {**auszug(satz, "status", "herkunft"), "erhebung": erhebung}
        werte["rolle"] = satz.get("rollen", {}).get(kommune.ags, BeteiligungRolle.BETEILIGT)
        schluessel = {"kooperation": kooperation, "kommune": kommune, "gilt_ab": erhebung.stichtag}
        schreiber.schreibe(Beteiligung, schluessel, werte)


def interessenrunde(schreiber: Schreiber) -> None:
    datei = lies("interessen_2013")
    satz = datei["runde"]
    runde = schreiber.schreibe(
        Interessenrunde,
        auszug(satz, "name"),
        {**auszug(satz, "jahr", "hinweis"), "quelle": datei["quelle"]},
        einmalig=auszug(satz, "veroeffentlicht"),
    )
    for ergebnis in datei["ergebnisse"]:
        feld = Aufgabenfeld.objects.get(slug=ergebnis["aufgabenfeld"])
        werte = auszug(ergebnis, "anzahl", "bezeichnung")
        schreiber.schreibe(Rundenergebnis, {"runde": runde, "aufgabenfeld": feld}, werte)
