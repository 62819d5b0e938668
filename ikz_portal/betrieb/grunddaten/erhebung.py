"""The example of a survey round that runs: opened like every other, with a few Kommunen that have answered."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from bestandsaufnahme.ablaeufe import fragebogen as ablauf
from bestandsaufnahme.auswahl import AntwortArt, Aussage, ErhebungStatus
from bestandsaufnahme.models import Aufgabenfeld, Erhebung, Fragebogen, Fragebogenantwort, Gespraech
from ikz_portal.betrieb.grunddaten.beispiel import konto, statuswechsel
from ikz_portal.betrieb.grunddaten.lesen import Satz, auszug, genau, lies, tage
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from kommunen.models import Kommune


def erhebung(schreiber: Schreiber, heute: date) -> None:
    """Write it once; a round that somebody made for the same Stichtag stays the only one of that day."""
    datei = lies("beispiel/erhebung")
    satz = datei["erhebung"]
    zeiten = tage(satz, heute)
    if Erhebung.objects.filter(beispiel=True).exists() or Erhebung.objects.filter(stichtag=zeiten["stichtag"]).exists():
        return
    runde = schreiber.lege_an(
        Erhebung,
        **auszug(satz, "name", "fragen", "anschreiben"),
        **zeiten,
        **genau(zeiten, ["beginn"]),
        status=ErhebungStatus.LAEUFT,
        quelle="Beispieldaten",
        beispiel=True,
    )
    statuswechsel(schreiber, datei, runde, heute)
    geschaeftsstelle: Any = konto(datei["statuswechsel"][0]["durch"])
    boegen = {
        kommune.ags: ablauf.anlegen(erhebung=runde, kommune=kommune, durch=geschaeftsstelle)
        for kommune in Kommune.objects.all()
    }
    for bogen in datei["frageboegen"]:
        _ausfuellen(schreiber, bogen, boegen[bogen["kommune"]], heute)
    for gespraech in datei["gespraeche"]:
        _gespraech(schreiber, gespraech, runde, heute)


def _ausfuellen(schreiber: Schreiber, satz: Satz, fragebogen: Fragebogen, heute: date) -> None:
    letzter = tage(satz["statuswechsel"][-1], heute)["gueltig_ab"]
    for antwort in satz["antworten"]:
        _antworten(antwort, fragebogen, bearbeitet_durch=konto(satz["durch"]), bearbeitet_am=_um(letzter, "11:30"))
    for name, wert in auszug(satz, "stelle", "status", "papier_vermerk").items():
        setattr(fragebogen, name, wert)
    if "freigegeben_durch" in satz:
        fragebogen.freigegeben_am, fragebogen.freigegeben_durch = (
            _um(letzter, "14:00"),
            konto(satz["freigegeben_durch"]),
        )
    fragebogen.save()
    statuswechsel(schreiber, satz, fragebogen, heute)


def _antworten(satz: Satz, fragebogen: Fragebogen, **werte: Any) -> None:
    werte |= {"aussage": satz["aussage"], **satz.get("werte", {})}
    if "neu" in satz:
        feld = Aufgabenfeld.objects.get(slug=satz["neu"])
        Fragebogenantwort.objects.create(fragebogen=fragebogen, art=AntwortArt.NEU, aufgabenfeld=feld, **werte)
        return
    frage = {
        "kooperationsfeld": "kooperation__kooperationsfeld__name",
        "interesse": "aufgabenfeld__slug",
        "frage": "schluessel",
    }
    (gesucht,) = ({spalte: satz[name]} for name, spalte in frage.items() if name in satz)
    antwort = fragebogen.antworten.select_related("kooperation").get(**gesucht)
    if antwort.kooperation and satz["aussage"] == Aussage.GEAENDERT:  # the form is pre-filled with today's words
        werte = {name: getattr(antwort.kooperation, name) for name in ("bezeichnung", "erlaeuterung")} | werte
    fragebogen.antworten.filter(pk=antwort.pk).update(**werte)


def _gespraech(schreiber: Schreiber, satz: Satz, runde: Erhebung, heute: date) -> None:
    schreiber.lege_an(
        Gespraech,
        erhebung=runde,
        kommune=Kommune.objects.get(ags=satz["kommune"]),
        am=_um(tage(satz, heute)["am"], satz["uhrzeit"]),
        **auszug(satz, "ort", "anwesende", "notizen"),
    )


def _um(tag: date, uhrzeit: str) -> datetime:
    return timezone.make_aware(datetime.combine(tag, time.fromisoformat(uhrzeit)))
