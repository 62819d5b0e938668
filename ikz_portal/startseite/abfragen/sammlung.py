"""When the collected mails go out: each morning, what is collected for a week in the first run of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from ikz_portal.basis.models import Lauf
from ikz_portal.basis.zeit import tag_danach

SAMMELN = "ikz_portal.startseite.tasks.meldungen_sammeln"

# In which hours of the day they are asked for (settings.CELERY_BEAT_SCHEDULE): in the first, or later if that failed.
STUNDEN = range(7, 20)


@dataclass(frozen=True, slots=True)
class Sammlung:
    """The days of the next collected mails."""

    taeglich: date
    woechentlich: date


def naechste(jetzt: datetime) -> Sammlung:
    heute = timezone.localdate(jetzt)
    zu_spaet = timezone.localtime(jetzt).hour >= STUNDEN.stop
    vorbei = zu_spaet or _laeufe().filter(schluessel=heute.isoformat()).exists()
    tag = tag_danach(heute) if vorbei else heute
    return Sammlung(tag, tag if ist_erste_der_woche(tag) else _montag(tag) + timedelta(days=7))


def ist_erste_der_woche(tag: date) -> bool:
    """Tell whether since Monday there was no run before this day: on Monday, and later if the portal stood still."""
    return not _laeufe().filter(schluessel__gte=_montag(tag).isoformat(), schluessel__lt=tag.isoformat()).exists()


def _montag(tag: date) -> date:
    return tag - timedelta(days=tag.weekday())


def _laeufe() -> QuerySet[Lauf]:
    return Lauf.objects.filter(art=SAMMELN)
