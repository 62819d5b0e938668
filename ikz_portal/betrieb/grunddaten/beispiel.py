"""The example set and the demo accounts: created once, never reset."""

from datetime import date

from django.db.models import Model

from bestandsaufnahme.models import Aufgabenfeld
from ikz_portal.betrieb.demokonten import kennwort
from ikz_portal.betrieb.grunddaten.lesen import Satz, auszug, genau, lies, tage
from ikz_portal.betrieb.grunddaten.projekte import TEXTE, auftrag
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from kommunen.ablaeufe.konto import anlegen
from kommunen.models import Gremium, Kommune, Konto, Sitz, Vertretung
from projekte.auswahl import AuftragStatus
from projekte.models import Geleitzug, Meilenstein, Projekt, Teilnahme


def konten(schreiber: Schreiber) -> None:
    for satz in lies("beispiel/konten")["konten"]:
        if not Konto.objects.filter(email__iexact=satz["email"]).exists():
            werte = {**auszug(satz, "email", "name", "funktion", "rolle"), "kommune": kommune(satz)}
            konto = anlegen(passwort=kennwort(), **werte)
            Konto.objects.filter(pk=konto.pk).update(demo=True)
            schreiber.angelegt[Konto] += 1


def sitze(schreiber: Schreiber, heute: date) -> None:
    for satz in lies("beispiel/sitze")["sitze"]:
        schluessel = {"gremium": Gremium.objects.get(slug=satz["gremium"]), "kommune": kommune(satz)}
        personen = {name: konto(satz[name]) for name in ("konto", "stellvertretung")}
        schreiber.schreibe(Sitz, schluessel, einmalig={**personen, **tage(satz, heute), "beispiel": True})


def vertretungen(schreiber: Schreiber, heute: date) -> None:
    for satz in lies("beispiel/vertretungen")["vertretungen"]:
        schluessel = {"vertretener": konto(satz["vertretener"]), "vertreter": konto(satz["vertreter"])}
        if not Vertretung.objects.filter(**schluessel).exists():
            schreiber.lege_an(Vertretung, **schluessel, **tage(satz, heute), durch=konto(satz["durch"]))


def projekte(schreiber: Schreiber, heute: date) -> None:
    for satz in lies("beispiel/projekte")["projekte"]:
        if not Projekt.objects.filter(slug=satz["slug"]).exists():
            _projekt(schreiber, satz, heute)


def _projekt(schreiber: Schreiber, satz: Satz, heute: date) -> None:
    zeiten = tage(satz, heute)
    projekt = schreiber.lege_an(
        Projekt,
        **auszug(satz, "slug", *TEXTE),
        **zeiten,
        **genau(zeiten, ["beginn", "ende"]),
        aufgabenfeld=Aufgabenfeld.objects.get(slug=satz["aufgabenfeld"]),
        leitung=konto(satz["leitung"]),
        quelle="Beispieldaten",
        beispiel=True,
    )
    statuswechsel(schreiber, satz, projekt, heute)
    if "auftrag" in satz:
        stand = tage(satz["auftrag"], heute)["stand"]
        fassung = auftrag(schreiber, satz["auftrag"], projekt, status=AuftragStatus.BESCHLOSSEN, stand=stand)
        statuswechsel(schreiber, satz["auftrag"], fassung, heute)
    _ablauf(schreiber, satz, projekt, heute)
    _teilnahmen(schreiber, satz, projekt, heute)


def statuswechsel(schreiber: Schreiber, satz: Satz, objekt: Model, heute: date) -> None:
    for wechsel in satz.get("statuswechsel", ()):
        am, durch = tage(wechsel, heute)["gueltig_ab"], konto(wechsel.get("durch"))
        schreiber.halte_status_fest(objekt, am=am, durch=durch, **auszug(wechsel, "von", "nach", "grund"))


def _ablauf(schreiber: Schreiber, satz: Satz, projekt: Projekt, heute: date) -> None:
    for nummer, stein in enumerate(satz.get("meilensteine", ()), start=1):
        werte = {**auszug(stein, "name", "freigabe_noetig"), **tage(stein, heute)}
        verantwortlich = Kommune.objects.get(ags=stein["verantwortlich"])
        schreiber.lege_an(Meilenstein, projekt=projekt, reihenfolge=nummer, verantwortlich=verantwortlich, **werte)
    for zug in satz.get("geleitzuege", ()):
        zeiten = tage(zug, heute)
        genauigkeit = genau(zeiten, zeiten)
        schreiber.lege_an(Geleitzug, projekt=projekt, nummer=zug["nummer"], **zeiten, **genauigkeit)


def _teilnahmen(schreiber: Schreiber, satz: Satz, projekt: Projekt, heute: date) -> None:
    zuege = {zug.nummer: zug for zug in projekt.geleitzuege.all()}
    for antwort in satz.get("teilnahmen", ()):
        werte = {**auszug(antwort, "antwort", "vermerk"), **tage(antwort, heute)}
        zug = zuege.get(antwort.get("geleitzug"))
        schreiber.lege_an(Teilnahme, projekt=projekt, kommune=kommune(antwort), geleitzug=zug, **werte)


def kommune(satz: Satz) -> Kommune | None:
    return Kommune.objects.get(ags=satz["kommune"]) if satz["kommune"] else None


def konto(email: str | None) -> Konto | None:
    return Konto.objects.filter(email=email).first() if email else None
