"""Reminders of a round of declarations: to those alone who are missing, each occasion once, whatever runs twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from bestandsaufnahme import tasks
from bestandsaufnahme.ablaeufe import interessenrunde
from bestandsaufnahme.ablaeufe import rundenerinnerung as ablauf
from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenrunde, Rundenrueckmeldung
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf, Postausgang
from kommunen.models import Konto
from tests.fabriken.bestandsaufnahme import InteressenrundeFactory, RundenrueckmeldungFactory
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VerbundFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

FRIST = date(2026, 10, 20)
TAG = date(2026, 10, 1)


@pytest.fixture
def runde(db: None) -> Interessenrunde:
    return InteressenrundeFactory(laufend=True, name="Runde 2026", frist=FRIST, beginn=date(2026, 9, 1))


@pytest.fixture
def anfrage(runde: Interessenrunde, kontakt: Konto) -> Rundenrueckmeldung:
    return RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune)


def am(abstand: int) -> int:
    """Run on the day that is so far from the Frist, and return how many mails that made."""
    tag = FRIST + timedelta(days=abstand)
    return ablauf.faellige_erinnern(faellig_am=tag, heute=tag)


def adressen() -> set[str]:
    return set(Postausgang.objects.values_list("an", flat=True))


# --- by itself --------------------------------------------------------------------------------------------------------
def test_missing_are_reminded_before_and_after_the_frist(anfrage: Rundenrueckmeldung) -> None:
    gesendet = {abstand: am(abstand) for abstand in range(-15, 16)}

    assert [abstand for abstand, mails in gesendet.items() if mails] == [-7, -1, 1, 7]
    anfrage.refresh_from_db()
    assert anfrage.erinnert_am == date(2026, 10, 27)


def test_only_who_is_missing_is_reminded(
    runde: Interessenrunde, anfrage: Rundenrueckmeldung, kontakt: Konto, fremder_kontakt: Konto, buergermeister: Konto
) -> None:
    RundenrueckmeldungFactory(runde=runde, kommune=fremder_kontakt.kommune, am=TAG)
    vertreter = VertretungFactory(vertretener=buergermeister, von=date(2026, 1, 1)).vertreter

    assert am(-7) == 3
    assert adressen() == {kontakt.email, buergermeister.email, vertreter.email}


@pytest.mark.parametrize(
    ("abstand", "satz"),
    [(-7, "Zeit ist bis zum 20. Oktober 2026."), (1, "Die Frist war der 20. Oktober 2026. Bitte holen Sie")],
)
def test_mail_says_until_when_and_where(settings: Any, anfrage: Rundenrueckmeldung, abstand: int, satz: str) -> None:
    am(abstand)

    brief = Postausgang.objects.get()
    assert brief.betreff == "Erinnerung: Runde 2026"
    assert "fehlt noch die Antwort von Musterstadt" in brief.text
    assert satz in brief.text
    assert f"{settings.BASE_URL}{anfrage.runde.get_absolute_url()}" in brief.text


def test_running_twice_sends_once(anfrage: Rundenrueckmeldung) -> None:
    assert [am(-7), am(-7)] == [1, 0]


def test_run_that_comes_late_sends_once_and_says_what_is_true_then(anfrage: Rundenrueckmeldung) -> None:
    gestern, heute = FRIST - timedelta(days=1), FRIST + timedelta(days=1)

    gesendet = [ablauf.faellige_erinnern(faellig_am=tag, heute=heute) for tag in (gestern, heute)]

    assert gesendet == [1, 0]
    assert "Die Frist war" in Postausgang.objects.get().text


@pytest.mark.parametrize("status", [RundeStatus.VORBEREITUNG, RundeStatus.ABGESCHLOSSEN])
def test_round_that_does_not_run_reminds_nobody(
    runde: Interessenrunde, anfrage: Rundenrueckmeldung, status: RundeStatus
) -> None:
    Interessenrunde.objects.filter(pk=runde.pk).update(status=status)

    assert [am(abstand) for abstand in (-7, -1, 1, 7)] == [0, 0, 0, 0]


def test_round_that_was_extended_reminds_by_its_new_frist(
    runde: Interessenrunde, anfrage: Rundenrueckmeldung, geschaeftsstelle: Konto
) -> None:
    spaeter, vorher = FRIST + timedelta(days=10), FRIST - timedelta(days=8)
    interessenrunde.verlaengern(runde=runde, frist=spaeter, durch=geschaeftsstelle, heute=vorher)

    assert {abstand: am(abstand) for abstand in (-7, -1, 1, 3, 7, 9)} == {-7: 0, -1: 0, 1: 0, 3: 1, 7: 0, 9: 1}


def test_round_that_was_opened_that_day_does_not_remind_yet(
    runde: Interessenrunde, anfrage: Rundenrueckmeldung
) -> None:
    Interessenrunde.objects.filter(pk=runde.pk).update(beginn=FRIST - timedelta(days=7))

    assert [am(-7), am(-1)] == [0, 1]


# --- the daily run ----------------------------------------------------------------------------------------------------
@time_machine.travel("2026-10-13 07:10+02:00", tick=False)
def test_daily_run_is_queued_once_and_sends(anfrage: Rundenrueckmeldung) -> None:
    tasks.rundenerinnerungen_taeglich()
    tasks.rundenerinnerungen_taeglich()
    lauf = Lauf.objects.get(art=ablauf.AUFGABE)

    tasks.an_runden_erinnern(lauf.pk)
    tasks.an_runden_erinnern(lauf.pk)

    lauf.refresh_from_db()
    assert (lauf.schluessel, lauf.status) == ("2026-10-13", LaufStatus.FERTIG)
    assert Postausgang.objects.count() == 1


def test_beat_asks_for_the_daily_run_in_the_daytime(settings: Any) -> None:
    eintrag = settings.CELERY_BEAT_SCHEDULE["runde-erinnern"]

    assert eintrag["task"] == tasks.rundenerinnerungen_taeglich.name
    assert (min(eintrag["schedule"].hour), max(eintrag["schedule"].hour)) == (7, 19)
    assert tasks.an_runden_erinnern.name == ablauf.AUFGABE


@pytest.mark.django_db(transaction=True)
def test_four_runs_at_once_send_once() -> None:
    VerbundFactory()
    runde = InteressenrundeFactory(laufend=True, frist=FRIST, beginn=date(2026, 9, 1))
    for konto in KontoFactory.create_batch(3):
        RundenrueckmeldungFactory(runde=runde, kommune=konto.kommune)
    schranke = threading.Barrier(4)

    def laufen(_: int) -> int:
        try:
            schranke.wait(timeout=30)
            return am(-7)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as faeden:
        gesendet = list(faeden.map(laufen, range(4)))

    assert sorted(gesendet) == [0, 0, 0, 3]
    assert Postausgang.objects.count() == 3


# --- by hand ----------------------------------------------------------------------------------------------------------
def test_erinnern_by_hand_once_a_day(
    runde: Interessenrunde, anfrage: Rundenrueckmeldung, geschaeftsstelle: Konto
) -> None:
    versand = ablauf.erinnern(runde=runde, durch=geschaeftsstelle, heute=TAG)

    assert (versand.mails, versand.kommunen) == (1, 1)
    anfrage.refresh_from_db()
    assert anfrage.erinnert_am == TAG
    with pytest.raises(ValidationError, match="Heute ist schon"):
        ablauf.erinnern(runde=runde, durch=geschaeftsstelle, heute=TAG)
    assert ablauf.erinnern(runde=runde, durch=geschaeftsstelle, heute=TAG + timedelta(days=1)).mails == 1


def test_who_was_reminded_by_hand_that_day_gets_no_second_mail(
    runde: Interessenrunde, anfrage: Rundenrueckmeldung, geschaeftsstelle: Konto
) -> None:
    ablauf.erinnern(runde=runde, durch=geschaeftsstelle, heute=FRIST - timedelta(days=7))

    assert am(-7) == 0


def test_erinnern_where_nothing_is_missing(runde: Interessenrunde, kontakt: Konto, geschaeftsstelle: Konto) -> None:
    RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune, am=TAG)

    with pytest.raises(ValidationError, match="Es fehlt keine Rückmeldung"):
        ablauf.erinnern(runde=runde, durch=geschaeftsstelle, heute=TAG)


def test_erinnern_names_the_kommune_without_konto(
    runde: Interessenrunde, anfrage: Rundenrueckmeldung, geschaeftsstelle: Konto
) -> None:
    stumme = RundenrueckmeldungFactory(runde=runde, kommune=KommuneFactory(name="Stummstadt"))

    versand = ablauf.erinnern(runde=runde, durch=geschaeftsstelle, heute=TAG)

    stumme.refresh_from_db()
    assert (versand.mails, versand.ohne_konto, stumme.erinnert_am) == (1, ["Stummstadt"], None)
    with pytest.raises(ValidationError, match="Für Stummstadt hat niemand ein Konto"):
        ablauf.erinnern(runde=runde, durch=geschaeftsstelle, heute=TAG)


@pytest.mark.parametrize("status", [RundeStatus.VORBEREITUNG, RundeStatus.ABGESCHLOSSEN])
def test_erinnern_in_a_round_that_does_not_run(
    runde: Interessenrunde, anfrage: Rundenrueckmeldung, geschaeftsstelle: Konto, status: RundeStatus
) -> None:
    Interessenrunde.objects.filter(pk=runde.pk).update(status=status)

    with pytest.raises(ValidationError, match="nur in einer laufenden Runde"):
        ablauf.erinnern(runde=runde, durch=geschaeftsstelle, heute=TAG)
