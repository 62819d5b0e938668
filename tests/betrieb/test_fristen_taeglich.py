"""The daily run of the periods: once a day, and with two database roles as far as the portal's own may."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError
from django.db import connection

from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Aenderung, Lauf
from ikz_portal.betrieb import fristen, tasks
from kommunen.models import Einladung, Konto
from tests.betrieb.fristen import BEGINN, NAME, anwenden, bestand, fundstellen, tage

pytestmark = pytest.mark.django_db


# --- the daily run ---------------------------------------------------------------------------------------------------
def test_daily_run_does_the_same(uhr) -> None:
    bestand()
    uhr(tage(200))
    tasks.fristen_taeglich()
    (lauf,) = Lauf.objects.all()

    tasks.fristen_anwenden(lauf.pk)

    lauf.refresh_from_db()
    assert (lauf.art, lauf.schluessel, lauf.status) == (fristen.AUFGABE, "2025-09-19", LaufStatus.FERTIG)
    assert fundstellen("Quendelbaum") == []


def test_daily_run_that_fails_names_the_rule(uhr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fristen.konto_ablauf, "pseudonymisieren", lambda **_: 1 / 0)
    bestand()
    uhr(tage(200))
    lauf = fristen.einreihen()
    assert lauf

    tasks.fristen_anwenden(lauf.pk)

    lauf.refresh_from_db()
    assert (lauf.status, lauf.fehler) == (LaufStatus.FEHLGESCHLAGEN, "Nicht angewendet: Konten.")


def test_daily_run_is_queued_once_a_day(uhr) -> None:
    assert fristen.einreihen()
    assert fristen.einreihen() is None
    Lauf.objects.update(status=LaufStatus.FERTIG, beendet_am=BEGINN)
    assert fristen.einreihen() is None
    uhr(tage(1))
    assert fristen.einreihen()


def test_beat_asks_for_the_daily_run(settings) -> None:
    eintrag = settings.CELERY_BEAT_SCHEDULE["fristen-anwenden"]
    assert (eintrag["task"], eintrag["schedule"]) == (tasks.fristen_taeglich.name, 3600.0)
    assert tasks.fristen_anwenden.name == fristen.AUFGABE


# --- two roles -------------------------------------------------------------------------------------------------------
@pytest.fixture
def als_anwendung(db: None) -> Callable[[], None]:
    """Go on as a role that may add to the record and nothing else; it goes with the test's transaction."""

    def wechseln() -> None:
        rolle = connection.ops.quote_name(f"{connection.settings_dict['NAME']}_anwendung")
        with connection.cursor() as cursor:
            for satz in (
                "CREATE ROLE {}",
                "GRANT {} TO CURRENT_USER",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
                "REVOKE UPDATE, DELETE, TRUNCATE ON basis_aenderung FROM {}",
                "SET LOCAL ROLE {}",
            ):
                cursor.execute(satz.format(rolle))

    return wechseln


def test_applications_role_does_the_rest_and_tells_what_waits(uhr, als_anwendung) -> None:
    bestand()
    uhr(tage(200))
    als_anwendung()

    with pytest.raises(CommandError, match=r"^9 Einträge im Protokoll sind fällig, .* DATABASE_URL_EIGENTUEMER"):
        anwenden()

    assert (Konto.objects.filter(name=NAME).count(), Einladung.objects.count()) == (0, 0)
    assert Aenderung.objects.filter(stand__name=NAME).exists()


def test_daily_run_of_the_applications_role_is_done_and_the_page_tells_what_waits(
    uhr, als_anwendung, angemeldet, geschaeftsstelle: Konto, verbund
) -> None:
    bestand()
    client = angemeldet(geschaeftsstelle)
    als_anwendung()
    assert "Im Protokoll stehen" not in client.get("/betrieb/nachrichten/").content.decode()
    uhr(tage(200))
    lauf = fristen.einreihen()
    assert lauf
    tasks.fristen_anwenden(lauf.pk)

    lauf.refresh_from_db()
    assert lauf.status == LaufStatus.FERTIG
    client.force_login(geschaeftsstelle)
    assert "9 Einträge warten" in client.get("/betrieb/nachrichten/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_queue_one_run() -> None:
    schranke = threading.Barrier(8)

    def schlagen(_: int) -> bool:
        try:
            schranke.wait()
            return fristen.einreihen() is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as faeden:
        eingereiht = list(faeden.map(schlagen, range(8)))

    assert (eingereiht.count(True), Lauf.objects.filter(art=fristen.AUFGABE).count()) == (1, 1)
