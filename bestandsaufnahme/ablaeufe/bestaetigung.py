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

ZAEHLT_OHNE = "zählt, seit die Kommune keine Bestätigung mehr verlangt"


@transaction.atomic
def bestaetigen(*, interesse: Interessenbekundung, version: int, durch: Konto, heute: date) -> Interessenbekundung:
    """Let it count from now on, as the head has read it: refused where the text was changed since that version."""
    gesperrt = gesperrte(interesse)
    if not gesperrt.unbestaetigt or (gesperrt.gueltig_bis is not None and gesperrt.gueltig_bis < heute):
        raise ValidationError("Diese Interessenbekundung wartet nicht (mehr) auf eine Bestätigung.")
    if gesperrt.version != version:
        raise ValidationError(
            "Der Text wurde inzwischen geändert. Bitte lesen Sie ihn noch einmal und bestätigen dann."
        )
    fuer = _als_spitze(durch, gesperrt.kommune)
    gesperrt.status = InteresseStatus.BESTAETIGT
    gesperrt.save(update_fields=["status"])
    vermerken(gesperrt, von=InteresseStatus.ABGEGEBEN, durch=durch, fuer=fuer, heute=heute)
    interesse_folgen.bekanntgeben(gesperrt, durch=durch)
    return gesperrt


@transaction.atomic
def verlangen(*, kommune: Kommune, durch: Konto, heute: date) -> Bestaetigungspflicht:
    """From now on the head confirms what is filed; what was filed before counts as it did."""
    _als_spitze(durch, kommune)
    pflicht, _ = Bestaetigungspflicht.objects.get_or_create(kommune=kommune, defaults={"seit": heute, "durch": durch})
    return pflicht


@transaction.atomic
def verzichten(*, kommune: Kommune, durch: Konto, heute: date) -> int:
    """From now on what is filed counts at once; so does what still waited. Return how many that are."""
    fuer = _als_spitze(durch, kommune)
    Bestaetigungspflicht.objects.filter(kommune=kommune).delete()
    wartende = Interessenbekundung.objects.select_for_update().filter(kommune=kommune).laufende(heute).unbestaetigte()
    for interesse in (gezaehlte := list(wartende)):
        interesse.bestaetigung_noetig = False
        interesse.save(update_fields=["bestaetigung_noetig"])
        vermerken(interesse, von=interesse.status, durch=durch, fuer=fuer, heute=heute, grund=ZAEHLT_OHNE)
        interesse_folgen.bekanntgeben(interesse, durch=durch)
    return len(gezaehlte)


def _als_spitze(durch: Konto, kommune: Kommune) -> Konto | None:
    """Return the head in whose place this is done, and tell the record."""
    fuer = vertritt(durch, kommune, als_spitze=True)
    if fuer is not None:
        protokoll.in_vertretung(fuer.pk)
    return fuer
