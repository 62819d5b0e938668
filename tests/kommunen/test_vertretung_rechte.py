"""What standing in for somebody allows from day to day, and who may settle it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from kommunen.auswahl import GremiumArt
from kommunen.models import Konto, Sitz, Vertretung
from kommunen.rechte import (
    darf_vertretung_regeln,
    darf_vertretungen_regeln,
    handelt_fuer,
    ist_mitglied_der_lenkungsgruppe,
    sichtbare_konten,
    sichtbare_vertretungen,
    sitzt_in,
    spitze_von,
    vertretbare_sitze,
    vertretbare_spitzen,
    vertritt,
    waehlbare_vertreter,
)
from tests.fabriken.kommunen import KontoFactory, SitzFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

VON, LETZTER = date(2026, 3, 2), date(2026, 3, 13)

Anmelden = Callable[[Konto], Client]


def frisch(konto: Konto) -> Konto:
    """Read it as a request would: what it may act as is asked once."""
    return Konto.objects.get(pk=konto.pk)


def am(tag: str) -> time_machine.travel:
    return time_machine.travel(f"{tag} 00:30+01:00", tick=False)


@pytest.fixture
def vertreter() -> Konto:
    """Of no Kommune, so that all that it may is by deputyship."""
    return KontoFactory(name="Vertreterin", lesend=True)


# --- rights, from day to day ------------------------------------------------------------------------------------------
TAGE = [("2026-03-01", False), ("2026-03-02", True), ("2026-03-13", True), ("2026-03-14", False)]


@pytest.mark.parametrize(("tag", "gilt"), TAGE)
def test_deputy_of_the_head_acts_from_the_first_to_the_last_day(
    buergermeister: Konto, vertreter: Konto, tag: str, gilt: bool
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter, von=VON, bis=LETZTER + timedelta(days=1))
    kommune = frozenset({buergermeister.kommune_id} if gilt else set())

    with am(tag):
        konto = frisch(vertreter)

        assert (spitze_von(konto), handelt_fuer(konto)) == (kommune, kommune)
        for als_spitze in (False, True):
            gesagt = vertritt(konto, buergermeister.kommune, als_spitze=als_spitze)
            assert gesagt == (buergermeister if gilt else None)
        assert sichtbare_konten(konto).filter(pk=buergermeister.pk).exists() == gilt


@pytest.mark.parametrize(("tag", "gilt"), TAGE)
def test_deputy_in_a_seat_sits_there_from_the_first_to_the_last_day(
    buergermeister: Konto, vertreter: Konto, tag: str, gilt: bool
) -> None:
    sitz = SitzFactory(konto=buergermeister, kommune=buergermeister.kommune)
    VertretungFactory(
        vertretener=buergermeister, vertreter=vertreter, sitz=sitz, von=VON, bis=LETZTER + timedelta(days=1)
    )

    with am(tag):
        konto = frisch(vertreter)

        assert sitzt_in(konto, GremiumArt.LENKUNGSGRUPPE) == gilt
        assert ist_mitglied_der_lenkungsgruppe(konto) == gilt
        assert not sitzt_in(konto, GremiumArt.STAMMGRUPPE)
        assert (spitze_von(konto), handelt_fuer(konto)) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    "aenderung",
    [
        {"is_active": False, "deaktiviert_am": datetime(2026, 3, 3, tzinfo=UTC)},
        {"rolle": "kontakt"},
    ],
)
def test_deputy_loses_the_office_with_the_one_who_is_represented(
    buergermeister: Konto, vertreter: Konto, aenderung: dict[str, Any]
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)

    Konto.objects.filter(pk=buergermeister.pk).update(**aenderung)

    konto = frisch(vertreter)
    assert (spitze_von(konto), handelt_fuer(konto)) == (frozenset(), frozenset())
    assert vertritt(konto, buergermeister.kommune) is None


@pytest.mark.parametrize("aenderung", ["anderer", "beendet", "deaktiviert"])
def test_deputy_in_a_seat_loses_it_with_its_holder(buergermeister: Konto, vertreter: Konto, aenderung: str) -> None:
    sitz = SitzFactory(konto=buergermeister, kommune=buergermeister.kommune, von=date(2020, 1, 1))
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter, sitz=sitz)
    schritte: dict[str, Callable[[], object]] = {
        "anderer": lambda: Sitz.objects.filter(pk=sitz.pk).update(konto=KontoFactory()),
        "beendet": lambda: Sitz.objects.filter(pk=sitz.pk).update(bis=timezone.localdate()),
        "deaktiviert": lambda: Konto.objects.filter(pk=buergermeister.pk).update(
            is_active=False, deaktiviert_am=timezone.now()
        ),
    }
    assert sitzt_in(frisch(vertreter), GremiumArt.LENKUNGSGRUPPE)

    schritte[aenderung]()

    assert not sitzt_in(frisch(vertreter), GremiumArt.LENKUNGSGRUPPE)


def test_deactivated_deputy_acts_for_nobody(buergermeister: Konto) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=(konto := KontoFactory(lesend=True, is_active=False)))

    assert (spitze_von(konto), handelt_fuer(konto)) == (frozenset(), frozenset())


def test_deputyship_is_not_handed_on(buergermeister: Konto, vertreter: Konto) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)

    assert not darf_vertretungen_regeln(frisch(vertreter))
    assert not vertretbare_spitzen(vertreter).exists()


def test_head_keeps_the_office_while_represented(buergermeister: Konto, vertreter: Konto) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)

    assert spitze_von(frisch(buergermeister)) == {buergermeister.kommune_id}


# --- who settles whose, who may be chosen -----------------------------------------------------------------------------
def test_predicates_equal_the_visible_rows_and_choices(
    geschaeftsstelle: Konto, buergermeister: Konto, kontakt: Konto, vertreter: Konto, fremder_kontakt: Konto
) -> None:
    """What somebody may settle is visible to them, and they may settle something where there is a choice."""
    sitz = SitzFactory(konto=kontakt, kommune=kontakt.kommune)
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)
    VertretungFactory(vertretener=kontakt, vertreter=buergermeister, sitz=sitz)
    VertretungFactory(vertretener__kommune=fremder_kontakt.kommune, vertreter=fremder_kontakt)
    alle = list(Vertretung.objects.select_related("vertretener"))
    for betrachter in [*Konto.objects.all(), AnonymousUser()]:
        sichtbare = set(sichtbare_vertretungen(betrachter))
        regelbare = {v for v in alle if darf_vertretung_regeln(betrachter, v.vertretener)}
        wahl = vertretbare_spitzen(betrachter).exists() or vertretbare_sitze(betrachter).exists()
        assert regelbare <= sichtbare
        assert darf_vertretungen_regeln(betrachter) == wahl
        beteiligt = {v for v in alle if betrachter.pk in {v.vertreter_id, v.vertretener_id}}
        spitze = {v for v in alle if v.vertretener.kommune_id in spitze_von(betrachter)}
        assert sichtbare == (set(alle) if betrachter == geschaeftsstelle else beteiligt | spitze)


def test_head_chooses_colleagues_the_geschaeftsstelle_everybody(
    geschaeftsstelle: Konto, buergermeister: Konto, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    KontoFactory(kommune=buergermeister.kommune, is_active=False)

    assert set(waehlbare_vertreter(buergermeister)) == {kontakt}
    assert set(waehlbare_vertreter(geschaeftsstelle)) == {geschaeftsstelle, buergermeister, kontakt, fremder_kontakt}
    assert not waehlbare_vertreter(AnonymousUser()).exists()
    assert not waehlbare_vertreter(KontoFactory(lesend=True)).exists()
