"""The fields of municipal work, the matrix of 2013 and the totals of the historical round."""

from typing import Any

from bestandsaufnahme.auswahl import BeteiligungRolle, VeroeffentlichungArt, VeroeffentlichungStatus
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Bestaetigung,
    Beteiligung,
    Erfolgsfaktor,
    Erhebung,
    ExternerPartner,
    Hemmnis,
    Interessenrunde,
    Kooperation,
    Kooperationsfeld,
    Rundenergebnis,
    Veroeffentlichung,
)
from ikz_portal.betrieb.grunddaten.lesen import Satz, auszug, lies, zeit
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from kommunen.models import Kommune


def aufgabenfelder(schreiber: Schreiber) -> None:
    for nummer, satz in enumerate(lies("aufgabenfelder")["aufgabenfelder"], start=1):
        werte = {**auszug(satz, "name", "aliase"), "reihenfolge": nummer}
        schreiber.schreibe(Aufgabenfeld, {"slug": satz["slug"]}, werte)


def taxonomien(schreiber: Schreiber) -> None:
    datei = lies("taxonomien")
    for modell, liste in ((Erfolgsfaktor, "erfolgsfaktoren"), (Hemmnis, "hemmnisse")):
        for satz in datei[liste]:
            schreiber.schreibe(modell, auszug(satz, "kuerzel"), auszug(satz, "name", "quelle"))


def matrix(schreiber: Schreiber) -> None:
    datei = lies("matrix_2013")
    erhebung = _erhebung(schreiber, datei)
    if not schreiber.ist_neu(erhebung):
        return  # from then on people keep the matrix, and may move, correct and end what stands in it
    for satz in datei["externe_partner"]:
        schreiber.schreibe(ExternerPartner, auszug(satz, "name"), auszug(satz, "hinweis"))
    for satz in datei["kooperationen"]:
        kooperation = _kooperation(schreiber, satz, datei["quelle"], erhebung)
        _beteiligungen(schreiber, satz, kooperation, erhebung)


def _erhebung(schreiber: Schreiber, datei: Satz) -> Erhebung:
    satz = datei["erhebung"]
    fest = {**auszug(satz, "ruecklauf_bis"), **zeit(satz, "beginn", "ende"), "quelle": datei["quelle"]}
    fest["lesehinweis"] = _lesehinweis(satz)
    einmalig = auszug(satz, "name", "status")
    erhebung = schreiber.schreibe(Erhebung, auszug(satz, "stichtag"), fest, einmalig=einmalig)
    if schreiber.ist_neu(erhebung):
        grund = f"überliefert, Stand am Stichtag: {datei['quelle']}"
        schreiber.halte_status_fest(erhebung, nach=erhebung.status, am=erhebung.stichtag, grund=grund)
        _veroeffentlichung(schreiber, satz, erhebung)
    return erhebung


def _lesehinweis(satz: Satz) -> str:
    """Return as Markdown how the source was read, what it printed where, and which column is whose."""
    abdruck = satz["abdruck"]
    namen = dict(Kommune.objects.values_list("ags", "name"))
    gedruckt = [[zeile["kooperationsfeld"], *_gedruckte(zeile, abdruck["spalten"])] for zeile in abdruck["zeilen"]]
    gelesen = [
        [
            ", ".join(lesart["spalten"]),
            ", ".join(namen.get(ags, ags) for ags in lesart["kommunen"]),
            lesart["sicherheit"],
            lesart["grund"],
        ]
        for lesart in abdruck["lesart"]
    ]
    return "\n".join(
        [
            *satz["lesehinweis"],
            *("", "## So gedruckt", "", *_tabelle(["Kooperationsfeld", *abdruck["spalten"]], gedruckt)),
            *("", "## So gelesen", "", *_tabelle(["Spalte", "Kommune", "Sicherheit", "Grund"], gelesen)),
        ]
    )


def _gedruckte(zeile: Satz, spalten: list[str]) -> list[str]:
    """Return what each column printed in this row."""
    return ["".join(zeichen for zeichen, wo in zeile["zeichen"].items() if spalte in wo) for spalte in spalten]


def _tabelle(kopf: list[str], zeilen: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(zeile)} |" for zeile in [kopf, ["---"] * len(kopf), *zeilen]]


def _veroeffentlichung(schreiber: Schreiber, satz: Satz, erhebung: Erhebung) -> None:
    tag = satz["veroeffentlicht_am"]
    schreiber.lege_an(
        Veroeffentlichung,
        erhebung=erhebung,
        art=VeroeffentlichungArt.MIT_NAMEN,
        status=VeroeffentlichungStatus.VEROEFFENTLICHT,
        veroeffentlicht_am=tag,
        oeffentlich_ab=tag,
    )


def _kooperation(schreiber: Schreiber, satz: Satz, quelle: str, erhebung: Erhebung) -> Kooperation:
    feld = schreiber.schreibe(
        Kooperationsfeld,
        {
            "aufgabenfeld": Aufgabenfeld.objects.get(slug=satz["aufgabenfeld"]),
            "name": satz["kooperationsfeld"],
        },
        auszug(satz, "reihenfolge"),
    )
    texte = auszug(satz, "symbol", "bezeichnung", "erlaeuterung", "rechtsform", "rechtsform_hinweis", "zeit_hinweis")
    belege = {"quelle": quelle, **auszug(satz, "sicherheit")}
    kooperation = schreiber.lege_an(
        Kooperation, kooperationsfeld=feld, veroeffentlicht=True, **texte, **belege, **zeit(satz, "seit", "bis")
    )
    partner = ExternerPartner.objects.filter(name__in=satz["externe_partner"])
    schreiber.verknuepfe(kooperation, "externe_partner", partner)
    schreiber.lege_an(Bestaetigung, kooperation=kooperation, am=erhebung.stichtag, erhebung=erhebung)
    return kooperation


def _beteiligungen(schreiber: Schreiber, satz: Satz, kooperation: Kooperation, erhebung: Erhebung) -> None:
    alle = Kommune.objects.all()
    for kommune in alle if satz["kommunen"] == "alle" else alle.filter(ags__in=satz["kommunen"]):
        werte: dict[str, Any] = {**auszug(satz, "status", "herkunft"), "erhebung": erhebung}
        werte["rolle"] = satz.get("rollen", {}).get(kommune.ags, BeteiligungRolle.BETEILIGT)
        schreiber.lege_an(Beteiligung, kooperation=kooperation, kommune=kommune, gilt_ab=erhebung.stichtag, **werte)


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
