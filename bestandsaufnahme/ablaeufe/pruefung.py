"""What the Geschäftsstelle decides on the answers of a released Fragebogen. The matrix stays as it is."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.abfragen.pruefung.pruefpunkte import Pruefpunkt, pruefpunkt, pruefpunkte
from bestandsaufnahme.abfragen.pruefung.vorschlag import STAND, Werte
from bestandsaufnahme.auswahl import FRAGEBOGEN_UEBERGAENGE, Entscheidung, ErhebungStatus, FragebogenStatus
from bestandsaufnahme.models import Fragebogen, Fragebogenantwort, Pruefung
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Konto

OHNE_GRUND = "Bitte nennen Sie den Grund, warum die Angabe nicht übernommen wird."


@transaction.atomic
def entscheiden(
    *,
    antwort: Fragebogenantwort,
    version: int,
    entscheidung: Entscheidung | str,
    werte: Werte,
    grund: str = "",
    durch: Konto,
) -> Pruefung:
    """Decide on an answer, or decide anew on the decision of this version (0: there was none).

    `werte` are those that the answer is taken over with, and how: what is the same as the answer isn't kept, so that
    it counts as adjusted only where it was. Veraltet if somebody was faster.
    """
    gesperrt = _zu_pruefender(antwort.fragebogen)
    punkt = _punkt(gesperrt, antwort, werte)
    if not punkt.zu_entscheiden:
        raise ValidationError("Diese Angabe ändert nichts. Über sie müssen Sie nicht entscheiden.")
    if version != (punkt.pruefung.version if punkt.pruefung else 0):
        raise Veraltet("Über diese Angabe hat inzwischen jemand anderes entschieden.")
    grund = grund.strip()
    if entscheidung == Entscheidung.ABGELEHNT:
        if not grund:
            raise ValidationError({"grund": OHNE_GRUND})
        return _festhalten(punkt, Entscheidung.ABGELEHNT, {}, grund, durch)
    if punkt.beschreibung:
        werte = {"beschreibung": False, **werte}
    behalten, angepasst = _angepasste(punkt, werte)
    if hindernis := punkt.hindernis({**punkt.vorschlag, **behalten}):
        raise ValidationError(hindernis)
    entschieden = Entscheidung.ANGEPASST if angepasst else Entscheidung.ANGENOMMEN
    return _festhalten(punkt, entschieden, behalten, grund, durch)


@transaction.atomic
def unveraenderte_annehmen(*, fragebogen: Fragebogen, durch: Konto, heute: date) -> int:
    """Accept each „gilt noch“ that nobody has decided on yet and return how many these were.

    Those whose mark changed since the Stichtag are left: somebody has to look at them.
    """
    gesperrt = _zu_pruefender(fragebogen)
    offene = [p for p in pruefpunkte(gesperrt) if not p.entschieden and p.unveraendert(heute)]
    for punkt in offene:
        _festhalten(punkt, Entscheidung.ANGENOMMEN, {}, "", durch)
    return len(offene)


@transaction.atomic
def abschliessen(*, fragebogen: Fragebogen, durch: Konto, heute: date) -> Fragebogen:
    """Say that all is decided; ValidationError with the answers that are left."""
    gesperrt = _zu_pruefender(fragebogen)
    offene = [f"„{p.worum}“" for p in pruefpunkte(gesperrt) if p.zu_entscheiden and not p.entschieden]
    if offene:
        raise ValidationError(f"Noch zu entscheiden: {', '.join(offene)}.")
    return uebergehen(gesperrt, FragebogenStatus.GEPRUEFT, durch=durch, heute=heute)


@transaction.atomic
def wieder_oeffnen(*, fragebogen: Fragebogen, durch: Konto, heute: date) -> Fragebogen:
    """Take „geprüft“ back, so that decisions can be changed."""
    gesperrt = sperren(fragebogen)
    if gesperrt.status != FragebogenStatus.GEPRUEFT:
        raise ValidationError(
            "Wieder öffnen lässt sich nur eine abgeschlossene Prüfung. "
            f"Dieser Fragebogen ist {gesperrt.marke_des_status.label}."
        )
    return uebergehen(gesperrt, FragebogenStatus.FREIGEGEBEN, durch=durch, heute=heute)


# --- shared with taking over ------------------------------------------------------------------------------------------
def sperren(fragebogen: Fragebogen) -> Fragebogen:
    """Return it locked, with Erhebung and Kommune; refused once the round is closed."""
    gelesen = Fragebogen.objects.select_related("erhebung", "kommune", "freigegeben_durch", "freigegeben_fuer")
    gesperrt = gelesen.select_for_update(of=("self",)).get(pk=fragebogen.pk)
    if gesperrt.erhebung.status == ErhebungStatus.ABGESCHLOSSEN:
        raise ValidationError(f"Die {gesperrt.erhebung} ist abgeschlossen. Ihre Fragebögen ändern sich nicht mehr.")
    return gesperrt


def uebergehen(
    gesperrt: Fragebogen, nach: FragebogenStatus, *, durch: Konto, heute: date, grund: str = ""
) -> Fragebogen:
    von = gesperrt.marke_des_status
    if nach not in FRAGEBOGEN_UEBERGAENGE[von]:
        raise ValidationError(f"Der Fragebogen von {gesperrt.kommune} ist {von.label}.")
    gesperrt.status = nach
    gesperrt.save(update_fields=["status"])
    Statuswechsel.objects.create(objekt=gesperrt, von=von, nach=nach, gueltig_ab=heute, durch=durch, grund=grund)
    return gesperrt


# --- own steps --------------------------------------------------------------------------------------------------------
def _zu_pruefender(fragebogen: Fragebogen) -> Fragebogen:
    gesperrt = sperren(fragebogen)
    if gesperrt.status != FragebogenStatus.FREIGEGEBEN:
        raise ValidationError(
            f"Entscheiden lässt sich nur über einen freigegebenen Fragebogen. Dieser ist "
            f"{gesperrt.marke_des_status.label}."
        )
    return gesperrt


def _punkt(fragebogen: Fragebogen, antwort: Fragebogenantwort, werte: Werte) -> Pruefpunkt:
    frisch = fragebogen.antworten.select_related("kooperation", "aufgabenfeld", "pruefung").get(pk=antwort.pk)
    frisch.fragebogen = fragebogen
    return pruefpunkt(frisch, werte=werte)


def _angepasste(punkt: Pruefpunkt, werte: Werte) -> tuple[Werte, bool]:
    """Return what has to be kept of these values, and whether they say something else than the answer does."""
    gesagt = {**punkt.vorschlag, **punkt.beschreibung}
    behalten = {name: wert for name, wert in werte.items() if gesagt.get(name, _FEHLT) != wert}
    anders = any(name in punkt.vorschlag or name in punkt.beschreibung for name in behalten)
    return behalten, anders or behalten.get("beschreibung") is False


def _festhalten(punkt: Pruefpunkt, entscheidung: Entscheidung, werte: Werte, grund: str, durch: Konto) -> Pruefung:
    pruefung = punkt.pruefung or Pruefung(antwort=punkt.antwort)
    if entscheidung != Entscheidung.ABGELEHNT:
        werte = {**werte, STAND: punkt.stand(werte)}
    pruefung.entscheidung, pruefung.werte, pruefung.grund, pruefung.durch = entscheidung, werte, grund, durch
    pruefung.full_clean()
    pruefung.save()
    return pruefung


_FEHLT: Any = object()
