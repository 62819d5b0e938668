"""Importing a matrix: the file is kept and its dry run shown, and with consent all of it is written, or nothing.

What would be done is computed by `abfragen.einlesung`; here it is computed once more under locks, and written only if
it is still what the person saw.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.abfragen.einlesung.plan import Plan, lies, plan_der, planen
from bestandsaufnahme.ablaeufe.einlesung_schreiben import schreiben
from bestandsaufnahme.auswahl import EINLESUNG_UEBERGAENGE, EinlesungStatus, Herkunft
from bestandsaufnahme.models import Aufgabenfeld, Einlesung, Erhebung, Kooperation
from ikz_portal.basis import ablage
from ikz_portal.basis.formate import tag, zeitpunkt
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.schleuse import Geprueft
from kommunen.models import Konto


@transaction.atomic
def aufnehmen(*, geprueft: Geprueft, gilt_ab: date, herkunft: Herkunft | str, durch: Konto, heute: date) -> Einlesung:
    """Keep the file and what it would do; the matrix stays as it is. ValidationError if it can't be read at all."""
    if herkunft == Herkunft.ERHEBUNG and not Erhebung.objects.filter(stichtag=gilt_ab, beispiel=False).exists():
        satz = f"Zum {tag(gilt_ab)} gibt es keine Erhebung. Bitte nennen Sie den Stichtag einer Erhebung."
        raise ValidationError({"gilt_ab": satz})
    geprueft.datei.seek(0)
    try:
        plan = planen(lies(geprueft.datei.read(), geprueft.name), ab=gilt_ab, herkunft=herkunft)
    except ValidationError as fehler:
        raise ValidationError({"datei": fehler.messages}) from fehler
    geprueft.datei.seek(0)
    fassung = ablage.aufnehmen(titel=f"Matrix zum Einlesen: {geprueft.name}", geprueft=geprueft, durch=durch)
    einlesung = Einlesung(fassung=fassung, gilt_ab=gilt_ab, herkunft=herkunft, durch=durch)
    _festhalten(einlesung, plan, durch=durch, heute=heute)
    return einlesung


@transaction.atomic
def uebernehmen(*, einlesung: Einlesung, gesehen: str, durch: Konto, jetzt: datetime, heute: date) -> bool:
    """Write all that the person saw (`gesehen`, the sum of that dry run); False if it would do something else by now.

    Then nothing is written but the new dry run. ValidationError if it is settled already, or has errors.
    """
    gesperrt = _sperren(einlesung)
    plan = plan_der(gesperrt)
    if plan.pruefsumme != gesehen:
        _festhalten(gesperrt, plan, durch=durch, heute=heute)
        return False
    if plan.fehler:
        raise ValidationError("Die Datei hat Fehler. Bitte berichtigen Sie sie und laden Sie sie noch einmal hoch.")
    if not plan.aendert_etwas:
        raise ValidationError("Die Datei ändert nichts an der Matrix; es gibt nichts zu übernehmen.")
    schreiben(plan, quelle=f"Datei „{gesperrt}“, eingelesen am {tag(heute)}", durch=durch)
    gesperrt.uebernommen_am = jetzt
    gesperrt.zusammenfassung, gesperrt.pruefsumme = _zusammenfassung(plan), plan.pruefsumme
    _status_setzen(gesperrt, EinlesungStatus.UEBERNOMMEN, durch=durch, heute=heute)
    return True


@transaction.atomic
def verwerfen(*, einlesung: Einlesung, durch: Konto, heute: date) -> Einlesung:
    """Settle a file that isn't to be taken over; it stays in the list."""
    gesperrt = _sperren(einlesung, matrix=False)
    _status_setzen(gesperrt, EinlesungStatus.VERWORFEN, durch=durch, heute=heute)
    return gesperrt


def _sperren(einlesung: Einlesung, *, matrix: bool = True) -> Einlesung:
    """Lock the file, then the matrix: nobody takes another file over, or changes a Kooperation, meanwhile."""
    gesperrt = Einlesung.objects.select_for_update(of=("self",)).select_related("fassung").get(pk=einlesung.pk)
    if not gesperrt.ist_offen:
        raise ValidationError(_erledigt(gesperrt))
    if matrix:
        for modell in (Kooperation, Aufgabenfeld):  # in the order of all others: nobody waits for us in a circle
            list(modell.objects.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return gesperrt


def _erledigt(einlesung: Einlesung) -> str:
    if einlesung.uebernommen_am:
        return f"Diese Datei ist schon übernommen: am {zeitpunkt(einlesung.uebernommen_am)}."
    return f"Diese Datei ist {einlesung.marke_des_status.label}. Laden Sie sie noch einmal hoch, um sie zu übernehmen."


def _festhalten(einlesung: Einlesung, plan: Plan, *, durch: Konto, heute: date) -> None:
    einlesung.zusammenfassung, einlesung.pruefsumme = _zusammenfassung(plan), plan.pruefsumme
    status = EinlesungStatus.FEHLERHAFT if plan.fehler else EinlesungStatus.GEPRUEFT
    if einlesung.status == status:
        einlesung.save(update_fields=["zusammenfassung", "pruefsumme"])
    else:
        _status_setzen(einlesung, status, durch=durch, heute=heute)


def _zusammenfassung(plan: Plan) -> dict[str, object]:
    return {"art": plan.art, "blatt": plan.blatt, **plan.zahlen}


def _status_setzen(einlesung: Einlesung, nach: EinlesungStatus, *, durch: Konto, heute: date) -> None:
    von = einlesung.status
    if von and nach not in EINLESUNG_UEBERGAENGE[EinlesungStatus(von)]:
        raise ValidationError(_erledigt(einlesung))
    einlesung.status = nach
    einlesung.save()
    Statuswechsel.objects.create(objekt=einlesung, von=von, nach=nach, gueltig_ab=heute, durch=durch)
