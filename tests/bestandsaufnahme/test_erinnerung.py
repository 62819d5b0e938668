"""Reminders: to those alone who are missing, each occasion once, whatever runs twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from bestandsaufnahme import tasks
from bestandsaufnahme.ablaeufe import erhebung as erhebungen
from bestandsaufnahme.ablaeufe import erinnerung as ablauf
from bestandsaufnahme.auswahl import Aussage, ErhebungStatus, FragebogenStatus
from bestandsaufnahme.models import Erhebung, Erinnerung, Fragebogen
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf, Postausgang
from kommunen.models import Konto
from tests.fabriken.bestandsaufnahme import ErhebungFactory, FragebogenantwortFactory, FragebogenFactory
from tests.fabriken.kommunen import KontoFactory, VerbundFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

FRIST = date(2026, 10, 20)


@pytest.fixture
def runde(db: None) -> Erhebung:
    return ErhebungFactory(
        laufend=True, name="Erhebung 2026", frist=FRIST, beginn=date(2026, 9, 1), beginn_genauigkeit="tag"
    )


@pytest.fixture
def bogen(runde: Erhebung, kontakt: Konto) -> Fragebogen:
    return FragebogenFactory(erhebung=runde, kommune=kontakt.kommune)


def am(abstand: int) -> int:
    """Run on the day that is so far from the Frist, and return how many mails that made."""
    tag = FRIST + timedelta(days=abstand)
    return ablauf.faellige_erinnern(faellig_am=tag, heute=tag)


def texte() -> list[str]:
    return list(Postausgang.objects.order_by("pk").values_list("text", flat=True))


# --- by itself --------------------------------------------------------------------------------------------------------
def test_missing_are_reminded_before_and_after_the_frist(bogen: Fragebogen) -> None:
    gesendet = {abstand: am(abstand) for abstand in range(-15, 16)}

    assert [abstand for abstand, mails in gesendet.items() if mails] == [-7, -1, 1, 7]
    assert list(bogen.erinnerungen.order_by("am").values_list("anlass", "am")) == [
        ("vor_frist", date(2026, 10, 13)),
        ("vor_frist", date(2026, 10, 19)),
        ("nach_frist", date(2026, 10, 21)),
        ("nach_frist", date(2026, 10, 27)),
    ]


def test_only_who_is_missing_is_reminded(runde: Erhebung, bogen: Fragebogen, fremder_kontakt: Konto) -> None:
    angefangener = KontoFactory()
    FragebogenFactory(erhebung=runde, kommune=angefangener.kommune, status=FragebogenStatus.IN_BEARBEITUNG)
    FragebogenFactory(erhebung=runde, kommune=fremder_kontakt.kommune, freigegeben=True)

    assert am(-7) == 2
    gesendet = set(Postausgang.objects.values_list("an", flat=True))
    assert gesendet == {angefangener.email, bogen.kommune.konten.get().email}


@pytest.mark.parametrize(
    ("abstand", "satz"),
    [(-7, "Zeit ist bis zum 20. Oktober 2026."), (1, "Die Frist war der 20. Oktober 2026.")],
)
def test_mail_says_until_when_and_how_much_is_missing(
    settings: Any, bogen: Fragebogen, abstand: int, satz: str
) -> None:
    FragebogenantwortFactory.create_batch(2, fragebogen=bogen)
    FragebogenantwortFactory(fragebogen=bogen, aussage=Aussage.GILT_NOCH)
    FragebogenantwortFactory(fragebogen=bogen, art="neu", kooperation=None, aussage=Aussage.NEU, bezeichnung="Neu")

    am(abstand)

    (text,) = texte()
    assert satz in text
    assert "Noch nicht beantwortet: 2 von 3 Fragen." in text
    assert f"{settings.BASE_URL}{bogen.get_absolute_url()}" in text


def test_mail_where_only_the_release_is_missing(bogen: Fragebogen) -> None:
    FragebogenantwortFactory(fragebogen=bogen, aussage=Aussage.GILT_NOCH)

    am(-1)

    assert "Es fehlt nur die Freigabe" in texte()[0]


def test_running_twice_sends_once(bogen: Fragebogen) -> None:
    assert [am(-7), am(-7)] == [1, 0]


def test_run_that_comes_late_sends_once_and_says_what_is_true_then(bogen: Fragebogen) -> None:
    """The worker was away over the Frist: the run of the day before it comes two days later."""
    gestern, heute = FRIST - timedelta(days=1), FRIST + timedelta(days=1)

    gesendet = [ablauf.faellige_erinnern(faellig_am=tag, heute=heute) for tag in (gestern, heute)]

    assert gesendet == [1, 0]
    assert bogen.erinnerungen.get().anlass == "nach_frist"
    assert "Die Frist war" in texte()[0]


@pytest.mark.parametrize("status", [ErhebungStatus.AUSWERTUNG, ErhebungStatus.ABGESCHLOSSEN])
def test_round_that_no_longer_runs_reminds_nobody(runde: Erhebung, bogen: Fragebogen, status: ErhebungStatus) -> None:
    Erhebung.objects.filter(pk=runde.pk).update(status=status)

    assert [am(abstand) for abstand in (-7, -1, 1, 7)] == [0, 0, 0, 0]


def test_round_that_was_extended_reminds_by_its_new_frist(
    runde: Erhebung, bogen: Fragebogen, geschaeftsstelle: Konto
) -> None:
    erhebungen.verlaengern(
        erhebung=runde, frist=FRIST + timedelta(days=10), durch=geschaeftsstelle, heute=FRIST - timedelta(days=8)
    )

    assert {abstand: am(abstand) for abstand in (-7, -1, 1, 3, 7, 9)} == {-7: 0, -1: 0, 1: 0, 3: 1, 7: 0, 9: 1}


def test_round_that_was_opened_that_day_does_not_remind_yet(runde: Erhebung, bogen: Fragebogen) -> None:
    Erhebung.objects.filter(pk=runde.pk).update(beginn=FRIST - timedelta(days=7))

    assert [am(-7), am(-1)] == [0, 1]


def test_who_was_reminded_by_hand_that_day_gets_no_second_mail(
    runde: Erhebung, bogen: Fragebogen, geschaeftsstelle: Konto
) -> None:
    ablauf.erinnern(erhebung=runde, durch=geschaeftsstelle, heute=FRIST - timedelta(days=7))

    assert am(-7) == 0


# --- the daily run ----------------------------------------------------------------------------------------------------
@time_machine.travel("2026-10-13 07:10+02:00", tick=False)
def test_daily_run_is_queued_once_and_sends(bogen: Fragebogen) -> None:
    tasks.erinnerungen_taeglich()
    tasks.erinnerungen_taeglich()
    lauf = Lauf.objects.get(art=ablauf.AUFGABE)

    tasks.erinnern(lauf.pk)
    tasks.erinnern(lauf.pk)

    lauf.refresh_from_db()
    assert (lauf.schluessel, lauf.status) == ("2026-10-13", LaufStatus.FERTIG)
    assert len(texte()) == 1


def test_beat_asks_for_the_daily_run_in_the_daytime(settings: Any) -> None:
    eintrag = settings.CELERY_BEAT_SCHEDULE["erhebung-erinnern"]

    assert eintrag["task"] == tasks.erinnerungen_taeglich.name
    assert (min(eintrag["schedule"].hour), max(eintrag["schedule"].hour)) == (7, 19)
    assert tasks.erinnern.name == ablauf.AUFGABE


@pytest.mark.django_db(transaction=True)
def test_eight_runs_at_once_send_once() -> None:
    VerbundFactory()
    runde = ErhebungFactory(laufend=True, frist=FRIST)
    for konto in KontoFactory.create_batch(3):
        FragebogenFactory(erhebung=runde, kommune=konto.kommune)
    schranke = threading.Barrier(8)

    def laufen(_: int) -> int:
        try:
            schranke.wait()
            return am(-7)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as faeden:
        gesendet = list(faeden.map(laufen, range(8)))

    assert sorted(gesendet) == [0, 0, 0, 0, 0, 0, 0, 3]
    assert (Erinnerung.objects.count(), len(texte())) == (3, 3)


# --- by hand ----------------------------------------------------------------------------------------------------------
def test_erinnern_by_hand_once_a_day(runde: Erhebung, bogen: Fragebogen, geschaeftsstelle: Konto) -> None:
    heute = date(2026, 10, 1)

    versand = ablauf.erinnern(erhebung=runde, durch=geschaeftsstelle, heute=heute)

    assert (versand.mails, versand.kommunen) == (1, 1)
    erinnerung = bogen.erinnerungen.get()
    assert (erinnerung.anlass, erinnerung.am, erinnerung.durch) == ("von_hand", heute, geschaeftsstelle)
    with pytest.raises(ValidationError, match="Heute ist schon"):
        ablauf.erinnern(erhebung=runde, durch=geschaeftsstelle, heute=heute)
    assert ablauf.erinnern(erhebung=runde, durch=geschaeftsstelle, heute=heute + timedelta(days=1)).mails == 1


def test_erinnern_where_nothing_is_missing(runde: Erhebung, kontakt: Konto, geschaeftsstelle: Konto) -> None:
    FragebogenFactory(erhebung=runde, kommune=kontakt.kommune, freigegeben=True)

    with pytest.raises(ValidationError, match="Es fehlt keine Rückmeldung"):
        ablauf.erinnern(erhebung=runde, durch=geschaeftsstelle, heute=date(2026, 10, 1))


def test_erinnern_names_the_kommune_without_konto(runde: Erhebung, bogen: Fragebogen, geschaeftsstelle: Konto) -> None:
    stumm = FragebogenFactory(erhebung=runde, kommune__name="Stummstadt")

    versand = ablauf.erinnern(erhebung=runde, durch=geschaeftsstelle, heute=date(2026, 10, 1))

    assert (versand.mails, versand.ohne_konto) == (1, ["Stummstadt"])
    assert not stumm.erinnerungen.exists()
    with pytest.raises(ValidationError, match="Für Stummstadt hat niemand ein Konto"):
        ablauf.erinnern(erhebung=runde, durch=geschaeftsstelle, heute=date(2026, 10, 1))


@pytest.mark.parametrize("status", [status for status in ErhebungStatus if status != ErhebungStatus.LAEUFT])
def test_erinnern_only_while_the_round_runs(
    runde: Erhebung, bogen: Fragebogen, geschaeftsstelle: Konto, status: ErhebungStatus
) -> None:
    Erhebung.objects.filter(pk=runde.pk).update(status=status)

    with pytest.raises(ValidationError, match=f"Sie ist {status.label}"):
        ablauf.erinnern(erhebung=runde, durch=geschaeftsstelle, heute=date(2026, 10, 1))
    assert texte() == []
