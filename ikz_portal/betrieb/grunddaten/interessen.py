"""The examples of declarations of interest: a finished round, who follows what, and what became of one."""

from datetime import date
from typing import Any

from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beobachtung,
    Bestaetigungspflicht,
    Interessenaenderung,
    Interessenbekundung,
    Interessenrunde,
    Kooperationsfeld,
    Rundenergebnis,
    Rundennennung,
    Rundenrueckmeldung,
)
from ikz_portal.betrieb.grunddaten.beispiel import kommune, konto, statuswechsel
from ikz_portal.betrieb.grunddaten.lesen import Satz, auszug, lies, tage
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from kommunen.models import Kommune
from projekte.models import Projekt, Starthilfe

TEXTE = ("stufe", "status", "wofuer", "bietet", "sucht", "grund", "vermerk", "bestaetigung_noetig")


def interessen(schreiber: Schreiber, heute: date) -> None:
    """Any declaration of that Kommune for the same counts as the same: a second active one would be a double."""
    datei = lies("beispiel/interessen")
    neue = [satz for satz in datei["interessen"] if _bekundung(schreiber, satz, heute)]
    if not neue:
        return
    for satz in datei["bestaetigungspflichten"]:
        einmalig = {**tage(satz, heute), "durch": konto(satz["durch"])}
        schreiber.schreibe(Bestaetigungspflicht, {"kommune": kommune(satz)}, einmalig=einmalig)
    for satz in datei["beobachtungen"]:
        for feld in Aufgabenfeld.objects.filter(slug__in=satz["aufgabenfelder"]):
            schluessel = {"konto": konto(satz["konto"]), "aufgabenfeld": feld}
            schreiber.schreibe(Beobachtung, schluessel, einmalig={"seit": heute})
    for satz in datei["starthilfen"]:
        _starthilfe(schreiber, satz, heute)
    _runde(schreiber, datei["runde"], heute)


def _bekundung(schreiber: Schreiber, satz: Satz, heute: date) -> bool:
    """Write it and what happened to it since, unless it is there; tell whether it is new."""
    schluessel = {"kommune": kommune(satz), "art": satz["art"], **_feld(satz)}
    personen = {name: konto(satz.get(name)) for name in ("durch", "kontakt")}
    einmalig = {**auszug(satz, *TEXTE), **tage(satz, heute), **personen, "beispiel": True}
    if "anschluss_an" in satz:
        einmalig["anschluss_an"] = Interessenbekundung.objects.filter(
            kommune__ags=satz["anschluss_an"], beispiel=True, **_feld(satz)
        ).first()
    interesse = schreiber.schreibe(Interessenbekundung, schluessel, einmalig=einmalig)
    if not schreiber.ist_neu(interesse):
        return False
    statuswechsel(schreiber, satz, interesse, heute)
    for aenderung in satz.get("aenderungen", ()):
        werte = {**auszug(aenderung, "stufe_von", "stufe_nach"), **tage(aenderung, heute)}
        schreiber.lege_an(Interessenaenderung, interesse=interesse, durch=konto(aenderung["durch"]), **werte)
    return True


def _feld(satz: Satz) -> Satz:
    felder: Satz = {"aufgabenfeld": None, "kooperationsfeld": None}
    if "aufgabenfeld" in satz:
        felder["aufgabenfeld"] = Aufgabenfeld.objects.get(slug=satz["aufgabenfeld"])
    if "kooperationsfeld" in satz:
        slug, name = satz["kooperationsfeld"]
        felder["kooperationsfeld"] = Kooperationsfeld.objects.get(aufgabenfeld__slug=slug, name=name)
    return felder


def _starthilfe(schreiber: Schreiber, satz: Satz, heute: date) -> None:
    projekt = Projekt.objects.filter(slug=satz["projekt"], beispiel=True).first()
    interesse = Interessenbekundung.objects.filter(kommune=kommune(satz), beispiel=True, **_feld(satz)).first()
    if projekt is not None and interesse is not None:
        einmalig = {"kontakt": konto(satz["kontakt"]), **tage(satz, heute)}
        schreiber.schreibe(Starthilfe, {"projekt": projekt, "interesse": interesse}, einmalig=einmalig)


def _runde(schreiber: Schreiber, satz: Satz, heute: date) -> None:
    """Write a finished round with the totals of the example declarations that counted on its last day."""
    if Interessenrunde.objects.filter(name=satz["name"]).exists():
        return
    zeiten, durch = tage(satz, heute), konto(satz["durch"])
    runde = schreiber.lege_an(
        Interessenrunde,
        **auszug(satz, "name", "anschreiben", "hinweis"),
        **zeiten,
        jahr=zeiten["beginn"].year,
        status=RundeStatus.ABGESCHLOSSEN,
        quelle="Beispieldaten",
        beispiel=True,
    )
    schritte = ((RundeStatus.LAEUFT, "beginn"), (RundeStatus.ABGESCHLOSSEN, "abgeschlossen_am"))
    von = ""
    for nach, wann in ((RundeStatus.VORBEREITUNG, "beginn"), *schritte):
        schreiber.halte_status_fest(runde, von=von, nach=nach, am=zeiten[wann], durch=durch)
        von = nach
    for eine in Kommune.objects.all():
        am = None if eine.ags in satz["ohne_antwort"] else zeiten["frist"]
        schreiber.lege_an(Rundenrueckmeldung, runde=runde, kommune=eine, am=am)
    _ergebnis(schreiber, runde, zeiten["abgeschlossen_am"])


def _ergebnis(schreiber: Schreiber, runde: Interessenrunde, tag: date) -> None:
    gezaehlt: Any = Interessenbekundung.objects.filter(beispiel=True, abgegeben_am__lte=tag).gueltige(tag).mit_feld()
    kommunen: dict[int, set[int]] = {}
    for interesse in gezaehlt.order_by("pk"):  # Any: rows carry the annotation
        schreiber.lege_an(Rundennennung, runde=runde, interesse=interesse, stufe=interesse.stufe)
        kommunen.setdefault(interesse.feld_id, set()).add(interesse.kommune_id)
    for feld in Aufgabenfeld.objects.all():
        schreiber.lege_an(
            Rundenergebnis, runde=runde, aufgabenfeld=feld, bezeichnung=feld.name, anzahl=len(kommunen.get(feld.pk, ()))
        )
