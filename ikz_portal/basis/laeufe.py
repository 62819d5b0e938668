"""Background jobs: a row (Lauf) is the truth, Celery only rings the doorbell.

A job is put in a queue in the transaction of what it is about, and rung on commit. A worker claims it with a lease
that its heartbeat keeps; if the worker dies, the lease runs out, and the sweeper rings again for every row that waits
too long. So a job is done although the broker or a worker dies, and not twice although it is rung twice.
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import structlog
from celery import current_app
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from ikz_portal.basis import protokoll
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf

log = structlog.get_logger(__name__)

FRIST = timedelta(minutes=1)  # a worker that says nothing for so long is taken for dead
HERZSCHLAG = 15.0  # seconds; a step may take longer than FRIST, as long as its worker lives
NACHKLINGELN = timedelta(seconds=55)  # a ring that nobody followed for so long is repeated
VERSUCHE = 5
AUF_EINMAL = 500
KEHRER = "ikz_portal.basis.tasks.laeufe_kehren"


class Verloren(Exception):
    """The lease ran out and somebody else has the job: stop without a trace."""


class Scheitern(Exception):
    """The job can't be done; the message is a German sentence for whoever asked for it."""


class Nochmal(Exception):
    """The job could not be done now; the sweeper tries again after this time. The message tells why, in German."""

    def __init__(self, grund: str, nach: timedelta) -> None:
        super().__init__(grund)
        self.nach = nach


def einreihen(*, art: str, schluessel: str, laeuten: bool = True) -> Lauf:
    """Queue a job of this Celery task and ring on commit. IntegrityError if the same is open already.

    Without `laeuten` it waits for the sweeper: the minute, or whoever calls `kehren_lassen`.
    """
    lauf = Lauf.objects.create(art=art, schluessel=schluessel)
    if laeuten:
        transaction.on_commit(partial(klingeln, lauf), robust=True)
    return lauf


@transaction.atomic
def einmal(*, art: str, schluessel: str) -> Lauf | None:
    """Queue a job of which there is one for this key, whatever became of it; None if it was queued before.

    For periodic jobs, whose key is the period: two beats at once queue it once. The lock, and not a constraint,
    because other kinds of jobs are queued again under their key once they are over.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{art} {schluessel}"])
    if Lauf.objects.filter(art=art, schluessel=schluessel).exists():
        return None
    return einreihen(art=art, schluessel=schluessel)


def klingeln(lauf: Lauf) -> bool:
    """Ring for the job. Return False where the broker is away: the row waits, and the sweeper rings later."""
    try:
        current_app.send_task(lauf.art, args=[lauf.pk])
    except OperationalError:
        log.warning("warteschlange_nicht_erreichbar", lauf=lauf.pk, art=lauf.art)
        return False
    Lauf.objects.filter(pk=lauf.pk).update(gemeldet_am=timezone.now())
    return True


@transaction.atomic
def beanspruchen(lauf_id: int) -> Lauf | None:
    """Take the job for FRIST; None if it isn't due, is done, or somebody else has it."""
    jetzt = timezone.now()
    lauf = Lauf.objects.faellige(jetzt).select_for_update(skip_locked=True).filter(pk=lauf_id).first()
    if lauf is None:
        return None
    lauf.status, lauf.marke, lauf.frist = LaufStatus.LAEUFT, uuid.uuid4(), jetzt + FRIST
    lauf.versuche += 1
    lauf.save()
    return lauf


def melden(lauf: Lauf, *, schritt: str, fortschritt: int) -> None:
    """Say how far it is (percent) and keep the lease; Verloren if it is no longer ours."""
    _nur_mit_marke(lauf, schritt=schritt, fortschritt=fortschritt, frist=timezone.now() + FRIST)
    lauf.schritt, lauf.fortschritt = schritt, fortschritt


def beenden(lauf: Lauf) -> None:
    """Mark as done; to be called in the transaction that keeps the result. Verloren if it is no longer ours."""
    _nur_mit_marke(
        lauf,
        status=LaufStatus.FERTIG,
        fortschritt=100,
        schritt="",
        marke=None,
        frist=None,
        beendet_am=timezone.now(),
    )


def scheitern(lauf: Lauf, grund: str) -> None:
    _nur_mit_marke(
        lauf, status=LaufStatus.FEHLGESCHLAGEN, fehler=grund, marke=None, frist=None, beendet_am=timezone.now()
    )


def _nur_mit_marke(lauf: Lauf, **werte: object) -> None:
    if not Lauf.objects.filter(pk=lauf.pk, marke=lauf.marke).update(**werte):
        raise Verloren(lauf.pk)


def ausfuehren(lauf_id: int, arbeit: Callable[[Lauf], None], *, nach_scheitern: Callable[[Lauf], None]) -> None:
    """Claim the job and do the work, which ends with `beenden`; every failure ends in the row, with its reason."""
    lauf = beanspruchen(lauf_id)
    if lauf is None:
        return
    try:
        if lauf.versuche > VERSUCHE:  # what kills its worker each time is not tried for ever
            _aufgeben(lauf, "Die Bearbeitung brach mehrmals ab.", nach_scheitern)
        else:
            with _herzschlag(lauf), protokoll.umstaende(quelle=f"Auftrag {lauf.art.rpartition('.')[2]}"):
                _versuchen(lauf, arbeit, nach_scheitern)
    except Verloren:
        log.warning("lauf_verloren", lauf=lauf_id)


@contextmanager
def _herzschlag(lauf: Lauf) -> Iterator[None]:
    """Keep the lease while the work goes on, from a thread: it ends with the process, and the lease with it."""
    ende = threading.Event()

    def schlagen() -> None:
        while not ende.wait(HERZSCHLAG):
            Lauf.objects.filter(pk=lauf.pk, marke=lauf.marke).update(frist=timezone.now() + FRIST)
            connection.close()

    faden = threading.Thread(target=schlagen, name=f"herzschlag-{lauf.pk}", daemon=True)
    faden.start()
    try:
        yield
    finally:
        ende.set()
        faden.join()


def _versuchen(lauf: Lauf, arbeit: Callable[[Lauf], None], nach_scheitern: Callable[[Lauf], None]) -> None:
    try:
        arbeit(lauf)
    except Verloren:
        raise
    except Nochmal as aufschub:
        _vertagen(lauf, aufschub, nach_scheitern)
    except Scheitern as grund:
        _aufgeben(lauf, str(grund), nach_scheitern)
    except Exception as fehler:
        log.exception("lauf_gescheitert", lauf=lauf.pk, art=lauf.art)
        schritt = lauf.schritt or "Vorbereitung"
        _aufgeben(lauf, f"Im Schritt „{schritt}“ ist ein Fehler aufgetreten ({type(fehler).__name__}).", nach_scheitern)


@transaction.atomic
def _aufgeben(lauf: Lauf, grund: str, nach_scheitern: Callable[[Lauf], None]) -> None:
    scheitern(lauf, grund)
    nach_scheitern(lauf)


def _vertagen(lauf: Lauf, aufschub: Nochmal, nach_scheitern: Callable[[Lauf], None]) -> None:
    if lauf.versuche >= VERSUCHE:
        _aufgeben(lauf, str(aufschub), nach_scheitern)
        return
    _nur_mit_marke(
        lauf,
        status=LaufStatus.WARTET,
        fehler=str(aufschub),
        marke=None,
        frist=None,
        gemeldet_am=None,
        fruehestens=timezone.now() + aufschub.nach,
    )


def kehren_lassen() -> None:
    """Let the worker sweep on commit, whether or not there is a job: how long that takes tells nobody which."""
    transaction.on_commit(_nach_dem_kehrer_klingeln, robust=True)


def _nach_dem_kehrer_klingeln() -> None:
    try:
        current_app.send_task(KEHRER)
    except OperationalError:
        log.warning("warteschlange_nicht_erreichbar", art=KEHRER)


@transaction.atomic
def wiederholen(lauf: Lauf) -> Lauf:
    """Start a failed job again from its first attempt, and ring. ValueError unless it has failed."""
    lauf = Lauf.objects.select_for_update().get(pk=lauf.pk)
    if lauf.status != LaufStatus.FEHLGESCHLAGEN:
        raise ValueError("Nur ein fehlgeschlagener Lauf kann wiederholt werden.")
    lauf.status, lauf.fehler, lauf.schritt, lauf.fortschritt, lauf.versuche = LaufStatus.WARTET, "", "", 0, 0
    lauf.beendet_am = lauf.gemeldet_am = lauf.fruehestens = None
    lauf.save()
    transaction.on_commit(partial(klingeln, lauf), robust=True)
    return lauf


def kehren() -> int:
    """Ring for every due job whose last ring nobody followed. Return how many."""
    jetzt = timezone.now()
    still = Lauf.objects.faellige(jetzt).filter(Q(gemeldet_am=None) | Q(gemeldet_am__lt=jetzt - NACHKLINGELN))
    return sum(klingeln(lauf) for lauf in still.order_by("angelegt_am")[:AUF_EINMAL])
