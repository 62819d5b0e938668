"""Kooperationen with their rows and partners in the prepared county, and what their forms ask for."""

from typing import Any

from bestandsaufnahme.abfragen.kooperation import partner
from bestandsaufnahme.abfragen.kooperation.beteiligung import fassung
from bestandsaufnahme.ablaeufe import beteiligung
from bestandsaufnahme.models import Beteiligung, ExternerPartner, Kooperation, Kooperationsfeld
from ikz_portal.basis.zeit import heute
from kommunen.models import Konto
from tests.fabriken.bestandsaufnahme import BeteiligungFactory, ExternerPartnerFactory, KooperationFactory

PARTNER, IRRTUM = "zzpartnerzz", "zzirrtumzz"
BESTEHT = {"status": "besteht", "vorgesehen_bis": "", "rolle": "beteiligt", "herkunft": "beschluss", "erhebung": ""}
DES_FORMULARS = (
    *("kooperationsfeld", "neues_aufgabenfeld", "neues_feld", "symbol", "erlaeuterung", "rechtsform_hinweis"),
    *("neue_partner", "quelle", "sicherheit", "seit", "bis", "zeit_hinweis", "veroeffentlicht", "ab"),
    *("art_der_aenderung", "gescheitert_jahr", "gescheitert_grund"),
)


def kooperationen(offene: int, interne: int, *, kontakt: Konto, geschaeftsstelle: Konto) -> dict[str, dict[str, int]]:
    """Give the two Kooperationen (keys) partners and a row that was a mistake; add one that is only planned."""
    kooperation = Kooperation.objects.get(pk=offene)
    geplante = BeteiligungFactory(kommune=kontakt.kommune, status="vorgesehen").kooperation
    offener, interner = ExternerPartnerFactory(), ExternerPartnerFactory(name=PARTNER)
    kooperation.externe_partner.add(offener)
    Kooperation.objects.get(pk=interne).externe_partner.add(interner)
    irrtum = BeteiligungFactory(kooperation=KooperationFactory(), kommune=kontakt.kommune)
    wer = {"durch": geschaeftsstelle, "heute": heute()}
    beteiligung.entfernen(beteiligung=irrtum, gelesen=fassung(irrtum), grund=IRRTUM, **wer)
    return {
        "kooperation-geplant": {"pk": geplante.pk},
        "kooperation-irrtum": {"pk": irrtum.kooperation.pk},
        "beteiligung": {"pk": offene, "bpk": kooperation.beteiligungen.get().pk},
        "partner": {"pk": offener.pk},
        "partner-intern": {"pk": interner.pk},
    }


def neue(argumente: dict[str, Any]) -> dict[str, Any]:
    gemeinsame = {f"teilnehmende-{name}": wert for name, wert in BESTEHT.items() if name != "rolle"}
    return {
        **dict.fromkeys(DES_FORMULARS, ""),
        **gemeinsame,
        "bezeichnung": "Streusalz",
        "kooperationsfeld": Kooperationsfeld.objects.first().pk,
        "rechtsform": "oerv_m",
        "seit_genauigkeit": "unbekannt",
        "bis_genauigkeit": "offen",
        "externe_partner": [],
        "hemmnisse": [],
        "teilnehmende-ab": "2020-01-01",
        f"teilnehmende-kommune_{argumente['kommune']['ags']}": "beteiligt",
    }


def bearbeitete(argumente: dict[str, Any]) -> dict[str, Any]:
    version = Kooperation.objects.get(pk=argumente["kooperation"]["pk"]).version
    geaendert = {"art_der_aenderung": "geaendert", "ab": "2020-01-01", "symbol": "●", "version": version}
    return neue(argumente) | geaendert


def schritt(argumente: dict[str, Any], **werte: str) -> dict[str, Any]:
    return {**werte, "gelesen": fassung(Beteiligung.objects.get(pk=argumente["beteiligung"]["bpk"]))}


def bearbeiteter_partner(argumente: dict[str, Any]) -> dict[str, Any]:
    gelesen = partner.fassung(ExternerPartner.objects.get(pk=argumente["partner"]["pk"]))
    return {"name": "Salinen AG", "hinweis": "", "gelesen": gelesen}
