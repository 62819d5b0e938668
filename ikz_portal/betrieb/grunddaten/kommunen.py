"""The Verbund, its Kommunen and its bodies."""

from ikz_portal.betrieb.grunddaten.lesen import Satz, auszug, lies, zeit
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from kommunen.models import Einwohnerstand, Gremium, Kommune, Sitz, Verbund


def verbund(schreiber: Schreiber) -> None:
    satz = lies("verbund")["verbund"]
    fest = auszug(satz, "stand_der_daten", "hinweis")
    schreiber.schreibe(Verbund, {"id": 1}, fest, einmalig={k: v for k, v in satz.items() if k not in fest})


def kommunen(schreiber: Schreiber) -> None:
    datei = lies("kommunen")
    nach_ags = {satz["ags"]: _kommune(schreiber, satz, datei) for satz in datei["kommunen"]}
    for satz in datei["kommunen"]:
        schreiber.verknuepfe(nach_ags[satz["ags"]], "nachbarn", [nach_ags[ags] for ags in satz["nachbarn"]])


def _kommune(schreiber: Schreiber, satz: Satz, datei: Satz) -> Kommune:
    stamm = ["name", "kurzname", "kuerzel", "art", "flaeche_km2", "verwaltungsorgan", "vertretungskoerperschaft"]
    stamm += ["amtsbezeichnung_spitze", "groessenklasse_vortrag", "kachel_zeile", "kachel_spalte"]
    kommune = schreiber.schreibe(
        Kommune,
        {"ags": satz["ags"]},
        {**auszug(satz, *stamm), "quelle": " ".join([datei["quelle"], *auszug(satz, "anmerkung").values()])},
        einmalig=auszug(satz, "anschrift", "website"),
    )
    quelle = datei["quelle_einwohner_kreis" if kommune.ist_kreis else "quelle_einwohner"]
    for stichtag, einwohner in satz["einwohner"].items():
        schluessel = {"kommune": kommune, "stichtag": stichtag}
        schreiber.schreibe(Einwohnerstand, schluessel, {"einwohner": einwohner, "quelle": quelle})
    return kommune


def gremien(schreiber: Schreiber) -> None:
    datei = lies("gremien")
    for satz in datei["gremien"]:
        texte = ("name", "kuerzel", "art", "aufgaben", "turnus", "mitglieder", "gebildet_hinweis", "quelle")
        werte = {"quelle": datei["quelle"], **auszug(satz, *texte), **zeit(satz, "gebildet")}
        gremium = schreiber.schreibe(Gremium, {"slug": satz["slug"]}, einmalig=werte)
        for kommune in Kommune.objects.all() if satz.get("sitz_je_kommune") else ():
            schreiber.schreibe(Sitz, {"gremium": gremium, "kommune": kommune, "nummer": 1})
