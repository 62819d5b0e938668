"""The row is the truth: claimed once, given back when its worker dies, failed with a reason, repeated, swept."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from ikz_portal.basis import laeufe
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf

# A task that every broker knows and that does nothing for a row that isn't due.
ART = "ikz_portal.basis.tasks.post_senden"


@pytest.fixture
def lauf(db: None) -> Lauf:
    return Lauf.objects.create(art=ART, schluessel="eins")


def frist_abgelaufen(lauf: Lauf) -> None:
    Lauf.objects.filter(pk=lauf.pk).update(frist=timezone.now() - timedelta(seconds=1))


def nichts(lauf: Lauf) -> None:
    """What a job does on failing that tells nobody."""


def test_einreihen_same_key_while_open_is_refused(lauf: Lauf) -> None:
    with pytest.raises(IntegrityError, match="einer_offen"):
        laeufe.einreihen(art=ART, schluessel="eins")


def test_einreihen_same_key_after_the_end_is_new(lauf: Lauf) -> None:
    laeufe.beenden(laeufe.beanspruchen(lauf.pk))

    neuer = laeufe.einreihen(art=ART, schluessel="eins")

    assert neuer.status == LaufStatus.WARTET


def test_beanspruchen_twice_gives_it_once(lauf: Lauf) -> None:
    assert laeufe.beanspruchen(lauf.pk) == lauf
    assert laeufe.beanspruchen(lauf.pk) is None


def test_beanspruchen_after_the_lease_gives_it_again(lauf: Lauf) -> None:
    laeufe.beanspruchen(lauf.pk)
    frist_abgelaufen(lauf)

    wieder = laeufe.beanspruchen(lauf.pk)

    assert wieder is not None
    assert wieder.versuche == 2


def test_melden_after_the_lease_was_lost_stops_the_first_worker(lauf: Lauf) -> None:
    erster = laeufe.beanspruchen(lauf.pk)
    frist_abgelaufen(lauf)
    laeufe.beanspruchen(lauf.pk)

    with pytest.raises(laeufe.Verloren):
        laeufe.melden(erster, schritt="weiter", fortschritt=50)


def test_beenden_after_the_lease_was_lost_keeps_the_row_of_the_second(lauf: Lauf) -> None:
    erster = laeufe.beanspruchen(lauf.pk)
    frist_abgelaufen(lauf)
    laeufe.beanspruchen(lauf.pk)

    with pytest.raises(laeufe.Verloren):
        laeufe.beenden(erster)
    lauf.refresh_from_db()
    assert lauf.status == LaufStatus.LAEUFT


def test_ausfuehren_unexpected_error_fails_with_step_and_kind(lauf: Lauf) -> None:
    def arbeit(lauf: Lauf) -> None:
        laeufe.melden(lauf, schritt="Seiten werden gesetzt", fortschritt=30)
        raise ZeroDivisionError

    gescheiterte = []
    laeufe.ausfuehren(lauf.pk, arbeit, nach_scheitern=gescheiterte.append)

    lauf.refresh_from_db()
    assert (lauf.status, lauf.fortschritt) == (LaufStatus.FEHLGESCHLAGEN, 30)
    assert lauf.fehler == "Im Schritt „Seiten werden gesetzt“ ist ein Fehler aufgetreten (ZeroDivisionError)."
    assert gescheiterte == [lauf]


def test_ausfuehren_expected_failure_tells_its_sentence(lauf: Lauf) -> None:
    def arbeit(lauf: Lauf) -> None:
        raise laeufe.Scheitern("Die Vorlage fehlt.")

    laeufe.ausfuehren(lauf.pk, arbeit, nach_scheitern=nichts)

    lauf.refresh_from_db()
    assert lauf.fehler == "Die Vorlage fehlt."


def test_ausfuehren_later_waits_and_gives_up_after_five_attempts(lauf: Lauf) -> None:
    def arbeit(lauf: Lauf) -> None:
        raise laeufe.Nochmal("Der Mailserver ist nicht erreichbar.", timedelta(minutes=-1))

    zustaende = []
    for _ in range(laeufe.VERSUCHE):
        laeufe.ausfuehren(lauf.pk, arbeit, nach_scheitern=nichts)
        lauf.refresh_from_db()
        zustaende.append(lauf.status)

    assert zustaende == [LaufStatus.WARTET] * 4 + [LaufStatus.FEHLGESCHLAGEN]
    assert lauf.fehler == "Der Mailserver ist nicht erreichbar."


def test_faellige_later_is_not_due_before_its_time(lauf: Lauf) -> None:
    Lauf.objects.filter(pk=lauf.pk).update(fruehestens=timezone.now() + timedelta(minutes=1))

    assert laeufe.beanspruchen(lauf.pk) is None


def test_wiederholen_failed_starts_afresh(lauf: Lauf) -> None:
    laeufe.scheitern(laeufe.beanspruchen(lauf.pk), "kaputt")

    laeufe.wiederholen(lauf)

    lauf.refresh_from_db()
    assert (lauf.status, lauf.fehler, lauf.versuche) == (LaufStatus.WARTET, "", 0)


def test_wiederholen_unless_failed_is_refused(lauf: Lauf) -> None:
    with pytest.raises(ValueError, match="fehlgeschlagener"):
        laeufe.wiederholen(lauf)


def test_kehren_rings_for_rows_that_were_never_rung(lauf: Lauf) -> None:
    assert laeufe.kehren() == 1
    lauf.refresh_from_db()
    assert lauf.gemeldet_am is not None


def test_kehren_leaves_alone_what_was_just_rung(lauf: Lauf) -> None:
    laeufe.klingeln(lauf)

    assert laeufe.kehren() == 0


def test_ausfuehren_gives_up_what_killed_its_worker_five_times(lauf: Lauf) -> None:
    laeufe.beanspruchen(lauf.pk)
    Lauf.objects.filter(pk=lauf.pk).update(versuche=laeufe.VERSUCHE)
    frist_abgelaufen(lauf)

    getan, gescheiterte = [], []
    laeufe.ausfuehren(lauf.pk, getan.append, nach_scheitern=gescheiterte.append)

    lauf.refresh_from_db()
    assert (lauf.status, lauf.fehler) == (LaufStatus.FEHLGESCHLAGEN, "Die Bearbeitung brach mehrmals ab.")
    assert (getan, gescheiterte) == ([], [lauf])


def test_kehren_rings_for_what_lost_its_worker(lauf: Lauf) -> None:
    laeufe.beanspruchen(lauf.pk)
    frist_abgelaufen(lauf)

    assert laeufe.kehren() == 1


def test_klingeln_without_broker_keeps_the_row(lauf: Lauf, ohne_warteschlange: None) -> None:
    assert laeufe.klingeln(lauf) is False
    lauf.refresh_from_db()
    assert lauf.wartet_auf_warteschlange


@pytest.mark.django_db(transaction=True)
def test_beanspruchen_by_eight_workers_at_once_gives_it_once() -> None:
    lauf = Lauf.objects.create(art=ART, schluessel="viele")
    start = threading.Barrier(8)
    bekommen = []

    def arbeiter() -> None:
        start.wait()
        if laeufe.beanspruchen(lauf.pk):
            bekommen.append(1)
        connection.close()

    faeden = [threading.Thread(target=arbeiter) for _ in range(8)]
    for faden in faeden:
        faden.start()
    for faden in faeden:
        faden.join()

    assert len(bekommen) == 1


@pytest.mark.django_db(transaction=True)
def test_ausfuehren_long_step_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laeufe, "HERZSCHLAG", 0.01)
    lauf = Lauf.objects.create(art=ART, schluessel="lang")
    gesehen = []

    def verlaengert(lauf: Lauf) -> bool:
        threading.Event().wait(0.01)
        return Lauf.objects.filter(pk=lauf.pk, frist__gt=timezone.now()).exists()

    def arbeit(lauf: Lauf) -> None:
        frist_abgelaufen(lauf)
        gesehen.append(any(verlaengert(lauf) for _ in range(1000)))
        laeufe.beenden(lauf)

    laeufe.ausfuehren(lauf.pk, arbeit, nach_scheitern=nichts)

    lauf.refresh_from_db()
    assert (gesehen, lauf.status) == ([True], LaufStatus.FERTIG)


@pytest.mark.parametrize(
    ("werte", "name"),
    [
        ({"status": "laeuft"}, "beansprucht_mit_marke"),
        ({"status": "fertig"}, "beendet_mit_zeit"),
        ({"status": "fehlgeschlagen", "beendet_am": timezone.now()}, "fehler_begruendet"),
        ({"fortschritt": 101}, "hoechstens_100"),
        ({"status": "unsinn", "beendet_am": timezone.now()}, "status_gueltig"),
    ],
)
def test_lauf_rules_hold_against_any_update(lauf: Lauf, werte: dict, name: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        Lauf.objects.filter(pk=lauf.pk).update(**werte)
