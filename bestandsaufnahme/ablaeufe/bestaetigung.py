"""The head of a Kommune confirms its declarations, where the Kommune wants that."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.ablaeufe import interesse_folgen
from bestandsaufnahme.ablaeufe.interesse import gesperrte, vermerken
from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import Bestaetigungspflicht, Interessenbekundung
from ikz_portal.basis import protokoll
from kommunen.models import Kommune, Konto
from kommunen.rechte import vertritt


@transaction.atomic
def bestaetigen(*, interesse: Interessenbekundung, durch: Konto, heute: date) -> Interessenbekundung:
    """Let it count from now on."""
    gesperrt = gesperrte(interesse)
    if not gesperrt.unbestaetigt:
        raise ValidationError("Diese Interessenbekundung wartet nicht (mehr) auf eine Bestätigung.")
    fuer = vertritt(durch, gesperrt.kommune, als_spitze=True)
    if fuer is not None:
        protokoll.in_vertretung(fuer.pk)
    gesperrt.status = InteresseStatus.BESTAETIGT
    gesperrt.save(update_fields=["status"])
    vermerken(gesperrt, von=InteresseStatus.ABGEGEBEN, durch=durch, fuer=fuer, heute=heute)
    interesse_folgen.bekanntgeben(gesperrt)
    return gesperrt


@transaction.atomic
def verlangen(*, kommune: Kommune, durch: Konto, heute: date) -> Bestaetigungspflicht:
    """From now on the head confirms what is filed; what was filed before counts as it did."""
    pflicht, _ = Bestaetigungspflicht.objects.get_or_create(kommune=kommune, defaults={"seit": heute, "durch": durch})
    return pflicht


@transaction.atomic
def verzichten(*, kommune: Kommune, durch: Konto) -> int:
    """From now on what is filed counts at once; so does what still waited. Return how many that are."""
    Bestaetigungspflicht.objects.filter(kommune=kommune).delete()
    wartende = list(Interessenbekundung.objects.select_for_update().filter(kommune=kommune).unbestaetigte())
    for interesse in wartende:
        interesse.bestaetigung_noetig = False
        interesse.save(update_fields=["bestaetigung_noetig"])
        interesse_folgen.bekanntgeben(interesse)
    return len(wartende)
