"""Released Fragebögen of the own Kommune, one in each state of the examination."""

from datetime import timedelta
from typing import Any

from bestandsaufnahme.auswahl import Aussage, FragebogenStatus
from bestandsaufnahme.models import Fragebogen
from ikz_portal.basis.zeit import heute
from kommunen.models import Konto
from tests.bestandsaufnahme.pruefhilfen import antwort, beteiligt, bogen, entscheiden, freigeben, runde
from tests.fabriken.bestandsaufnahme import KooperationFactory

# Stands in a released answer, and in the reason of a decision.
VORSCHLAG = "zzvorschlagzz"


def pruefungen(spitze: Konto, geschaeftsstelle: Konto) -> dict[str, dict[str, Any]]:
    """Return what the addresses take: one that is to be decided on, one without an answer, one that is examined."""
    offener, leerer, gepruefter = (_freigegebener(spitze, nummer) for nummer in range(3))
    eine = _bestaetigt(offener)
    andere = _bestaetigt(gepruefter)
    for fragebogen in (offener, leerer, gepruefter):
        freigeben(fragebogen, spitze)
    entscheiden(andere, geschaeftsstelle)
    freigeben(gepruefter, spitze, status=FragebogenStatus.GEPRUEFT)
    return {
        "pruefung": _weg(offener),
        "pruefung-leer": _weg(leerer),
        "pruefung-fertig": _weg(gepruefter),
        "pruefung-antwort": {**_weg(offener), "antwort_pk": eine.pk},
        "pruefung-runde": {"pk": offener.erhebung_id},
    }


def _freigegebener(spitze: Konto, nummer: int) -> Fragebogen:
    stichtag = heute() - timedelta(days=30 + nummer)
    kommune = spitze.kommune
    assert kommune
    return bogen(kommune, runde(name=f"Zu prüfen {nummer}", stichtag=stichtag, frist=heute() + timedelta(days=9)))


def _bestaetigt(fragebogen: Fragebogen) -> Any:
    gegenstand = KooperationFactory()
    beteiligt(fragebogen.kommune, gegenstand)
    return antwort(fragebogen, Aussage.GILT_NOCH, gegenstand, angaben={"kosten": VORSCHLAG})


def _weg(fragebogen: Fragebogen) -> dict[str, Any]:
    return {"pk": fragebogen.erhebung_id, "ags": fragebogen.kommune.ags}
