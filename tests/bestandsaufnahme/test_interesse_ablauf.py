"""What the days do to declarations: past their date they end, 30 days before it their authors are told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings

from bestandsaufnahme import tasks
from bestandsaufnahme.ablaeufe import interesse_ablauf as ablauf
from bestandsaufnahme.ablaeufe.interesse_folgen import TREFFER_SUCHEN
from bestandsaufnahme.auswahl import GUELTIGE_INTERESSEN, InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf, Statuswechsel
from kommunen.models import Konto, Meldung
from tests.fabriken.bestandsaufnahme import InteressenbekundungFactory
from tests.fabriken.kommunen import KontoFactory

pytestmark = pytest.mark.django_db

ENDE = date(2026, 4, 30)


def tag(abstand: int) -> date:
    return ENDE + timedelta(days=abstand)


@pytest.fixture
def interesse(kontakt: Konto) -> Interessenbekundung:
    return InteressenbekundungFactory(kommune=kontakt.kommune, durch=kontakt, gueltig_bis=ENDE)


# --- the end ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("abstand", "status"), [(-1, "abgegeben"), (0, "abgegeben"), (1, "abgelaufen")])
def test_declaration_ends_the_day_after_its_date(interesse: Interessenbekundung, abstand: int, status: str) -> None:
    ablauf.beenden(heute=tag(abstand))

    interesse.refresh_from_db()
    assert interesse.status == status


def test_end_is_noted_as_of_its_day_though_the_run_comes_late(interesse: Interessenbekundung) -> None:
    assert [ablauf.beenden(heute=tag(9)), ablauf.beenden(heute=tag(9))] == [1, 0]

    wechsel = Statuswechsel.objects.get(objekt_id=interesse.pk)
    assert (wechsel.von, wechsel.nach, wechsel.gueltig_ab) == ("abgegeben", "abgelaufen", tag(1))
    assert (wechsel.durch, wechsel.fuer, wechsel.grund) == (None, None, "gültig bis 30.04.2026")


@pytest.mark.parametrize("status", InteresseStatus)
def test_only_filed_ones_end(kontakt: Konto, status: InteresseStatus) -> None:
    rueckzug = {"zurueckgezogen_am": ENDE, "grund": "Anders."} if status == InteresseStatus.ZURUECKGEZOGEN else {}
    interesse = InteressenbekundungFactory(status=status, gueltig_bis=ENDE, **rueckzug)

    beendet = ablauf.beenden(heute=tag(1))

    interesse.refresh_from_db()
    erwartet = InteresseStatus.ABGELAUFEN if status in GUELTIGE_INTERESSEN else status
    assert (beendet, interesse.status) == (int(status in GUELTIGE_INTERESSEN), erwartet)


def test_unlimited_one_stays(kontakt: Konto) -> None:
    InteressenbekundungFactory(gueltig_bis=None)

    assert (ablauf.beenden(heute=tag(9999)), ablauf.ankuendigen(heute=tag(9999))) == (0, 0)


# --- telling ----------------------------------------------------------------------------------------------------------
def test_author_is_told_once_from_thirty_days_before(interesse: Interessenbekundung, kontakt: Konto) -> None:
    gemeldet = {abstand: ablauf.ankuendigen(heute=tag(abstand)) for abstand in range(-35, 5)}

    assert [abstand for abstand, anzahl in gemeldet.items() if anzahl] == [-30]
    meldung = Meldung.objects.get()
    assert (meldung.konto, meldung.anlass, meldung.bezug) == (kontakt, "ablauf", f"{interesse.pk}:2026-04-30")


def test_days_without_a_run_are_caught_up(interesse: Interessenbekundung) -> None:
    assert [ablauf.ankuendigen(heute=tag(abstand)) for abstand in (-40, -12, -11)] == [0, 1, 0]


def test_prolonged_and_running_out_again_is_told_again(interesse: Interessenbekundung) -> None:
    ablauf.ankuendigen(heute=tag(-30))
    Interessenbekundung.objects.update(gueltig_bis=tag(100))

    assert [ablauf.ankuendigen(heute=tag(abstand)) for abstand in (-29, 69, 70, 71)] == [0, 0, 1, 0]


def test_contact_is_told_too_and_nobody_of_another_kommune(
    interesse: Interessenbekundung, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    ansprechperson = KontoFactory(kommune=kontakt.kommune)
    KontoFactory(kommune=kontakt.kommune)
    Interessenbekundung.objects.update(kontakt=ansprechperson)

    ablauf.ankuendigen(heute=tag(-3))

    assert set(Meldung.objects.values_list("konto", flat=True)) == {kontakt.pk, ansprechperson.pk}


@pytest.mark.parametrize("merkmal", ["entwurf", "zurueckgezogen"])
def test_what_is_not_filed_or_over_is_not_told(kontakt: Konto, merkmal: str) -> None:
    InteressenbekundungFactory(kommune=kontakt.kommune, gueltig_bis=ENDE, **{merkmal: True})

    assert ablauf.ankuendigen(heute=tag(-1)) == 0


# --- the run ----------------------------------------------------------------------------------------------------------
def test_daily_run_does_both_once(interesse: Interessenbekundung, kontakt: Konto) -> None:
    vergangenes = InteressenbekundungFactory(gueltig_bis=tag(-11))
    with time_machine.travel(datetime(2026, 4, 20, 6, tzinfo=UTC), tick=False):
        tasks.interessen_taeglich()
        tasks.interessen_taeglich()
        lauf = Lauf.objects.get(art=ablauf.AUFGABE)
        tasks.interessen_ablaufen(lauf.pk)
        tasks.interessen_ablaufen(lauf.pk)

    lauf.refresh_from_db()
    vergangenes.refresh_from_db()
    assert (lauf.schluessel, lauf.status) == ("2026-04-20", LaufStatus.FERTIG)
    assert (vergangenes.status, Meldung.objects.count()) == ("abgelaufen", 1)


def test_daily_run_asks_for_a_search_of_partners() -> None:
    with time_machine.travel(datetime(2026, 4, 20, 6, 30, tzinfo=UTC), tick=False):
        tasks.interessen_taeglich()
        tasks.interessen_ablaufen(Lauf.objects.get(art=ablauf.AUFGABE).pk)
    assert Lauf.objects.get(art=TREFFER_SUCHEN).status == LaufStatus.WARTET


def test_beat_asks_before_the_mails_of_the_day() -> None:
    eintrag: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE["interessen-ablauf"]

    assert eintrag["task"] == tasks.interessen_taeglich.name
    assert tasks.interessen_ablaufen.name == ablauf.AUFGABE
    assert min(eintrag["schedule"].hour) < min(settings.CELERY_BEAT_SCHEDULE["meldungen-sammeln"]["schedule"].hour)
