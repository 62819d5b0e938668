"""That somebody was told of something is forgotten after a while. What waits is kept: the daily mails end it."""

from datetime import datetime

from django.db.models import QuerySet

from ikz_portal.betrieb.fristen_regel import loeschen, seit, zeilen
from kommunen.models import Meldung


def _erledigte(jetzt: datetime) -> QuerySet[Meldung]:
    return Meldung.objects.filter(erledigt_am__lte=seit(jetzt, "meldung"))


REGELN = (zeilen("Benachrichtigung", "Benachrichtigungen", "gelöscht", _erledigte, loeschen),)
