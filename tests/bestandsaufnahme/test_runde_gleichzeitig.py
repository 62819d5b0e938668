"""A round of declarations with several people at the same instant: nothing is lost, nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from bestandsaufnahme.ablaeufe import interesse as bekundungen
from bestandsaufnahme.ablaeufe import interessenrunde as ablauf
from bestandsaufnahme.ablaeufe.interesse import Angaben
from bestandsaufnahme.auswahl import InteresseArt, RundeStatus, Stufe
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Interessenbekundung,
    Interessenrunde,
    Rundenergebnis,
    Rundennennung,
    Rundenrueckmeldung,
)
from tests.bestandsaufnahme.sperrhilfen import bis_jemand_wartet
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenrundeFactory,
    RundenrueckmeldungFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VerbundFactory

pytestmark = pytest.mark.django_db(transaction=True)

HEUTE, FRIST = date(2026, 11, 22), date(2026, 12, 31)


def angaben(feld: Aufgabenfeld) -> Angaben:
    return Angaben(art=InteresseArt.KOOPERATIONSWILLE, stufe=Stufe.INTERESSE, wofuer="Mehr Kraft.", aufgabenfeld=feld)


def gleichzeitig(*arbeiten: Callable[[], Any]) -> list[str]:
    """Do all at the same instant, each with a connection of its own; return what became of them, sorted."""
    gleichauf = Barrier(len(arbeiten))

    def tun(arbeit: Callable[[], Any]) -> str:
        gleichauf.wait(timeout=30)
        try:
            arbeit()
        except ValidationError as fehler:
            return " ".join(fehler.messages)
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(arbeiten)) as laeufer:
        return sorted(laeufer.map(tun, arbeiten))


def test_closing_while_many_file_loses_none() -> None:
    """Each is in the round with a Nennung, or after it with neither."""
    VerbundFactory()
    stelle, feld = KontoFactory(geschaeftsstelle=True), AufgabenfeldFactory()
    runde = InteressenrundeFactory(laufend=True)
    personen = KontoFactory.create_batch(6)

    ausgang = gleichzeitig(
        lambda: ablauf.abschliessen(runde=runde, trotz_fehlender=True, durch=stelle, heute=HEUTE),
        *(
            lambda k=konto: bekundungen.abgeben(kommune=k.kommune, angaben=angaben(feld), durch=k, heute=HEUTE)
            for konto in personen
        ),
    )

    assert ausgang == ["ok"] * 7
    in_der_runde = set(Interessenbekundung.objects.filter(runde=runde).values_list("pk", flat=True))
    assert set(Rundennennung.objects.values_list("interesse", flat=True)) == in_der_runde
    assert Interessenbekundung.objects.count() == 6
    assert Rundenergebnis.objects.get().anzahl == len(in_der_runde)


def test_filing_that_waits_while_the_round_is_closed_comes_after_it() -> None:
    VerbundFactory()
    stelle, person, geschlossen = KontoFactory(geschaeftsstelle=True), KontoFactory(), Event()
    runde, feld = InteressenrundeFactory(laufend=True), AufgabenfeldFactory()

    def schliessen() -> None:
        with transaction.atomic():
            ablauf.abschliessen(runde=runde, trotz_fehlender=True, durch=stelle, heute=HEUTE)
            geschlossen.set()
            bis_jemand_wartet()

    def abgeben() -> None:
        geschlossen.wait(timeout=30)
        bekundungen.abgeben(kommune=person.kommune, angaben=angaben(feld), durch=person, heute=HEUTE)

    assert gleichzeitig(schliessen, abgeben) == ["ok", "ok"]

    assert Interessenbekundung.objects.get().runde is None
    assert Rundenergebnis.objects.get().anzahl == 0


def test_closing_that_waits_while_somebody_files_counts_it() -> None:
    VerbundFactory()
    stelle, person, abgegeben = KontoFactory(geschaeftsstelle=True), KontoFactory(), Event()
    runde, feld = InteressenrundeFactory(laufend=True), AufgabenfeldFactory()
    RundenrueckmeldungFactory(runde=runde, kommune=person.kommune)

    def abgeben() -> None:
        with transaction.atomic():
            bekundungen.abgeben(kommune=person.kommune, angaben=angaben(feld), durch=person, heute=HEUTE)
            abgegeben.set()
            bis_jemand_wartet()

    def schliessen() -> None:
        abgegeben.wait(timeout=30)
        ablauf.abschliessen(runde=runde, trotz_fehlender=False, durch=stelle, heute=HEUTE)

    assert gleichzeitig(abgeben, schliessen) == ["ok", "ok"]

    assert Interessenbekundung.objects.get().runde == runde
    assert Rundenergebnis.objects.get().anzahl == 1


def test_two_rounds_opened_at_once_one_is_refused_in_words() -> None:
    VerbundFactory()
    stelle = KontoFactory(geschaeftsstelle=True)
    KommuneFactory.create_batch(2)
    runden = InteressenrundeFactory.create_batch(2, status=RundeStatus.VORBEREITUNG, frist=FRIST, veroeffentlicht=False)

    ausgang = gleichzeitig(*(lambda r=runde: ablauf.eroeffnen(runde=r, durch=stelle, heute=HEUTE) for runde in runden))

    assert len(ausgang) == 2
    assert "ok" in ausgang
    assert "läuft schon" in next(einer for einer in ausgang if einer != "ok")
    assert Interessenrunde.objects.filter(status=RundeStatus.LAEUFT).count() == 1
    assert Rundenrueckmeldung.objects.count() == 2


def test_four_people_of_a_kommune_answer_at_once() -> None:
    VerbundFactory()
    person = KontoFactory()
    anfrage = RundenrueckmeldungFactory(runde=InteressenrundeFactory(laufend=True), kommune=person.kommune)
    personen = [person, *KontoFactory.create_batch(3, kommune=person.kommune)]

    ausgang = gleichzeitig(
        *(
            lambda k=konto: ablauf.zurueckmelden(runde=anfrage.runde, kommune=k.kommune, durch=k, heute=HEUTE)
            for konto in personen
        )
    )

    assert ausgang.count("ok") == 1
    assert sum("hat schon" in einer for einer in ausgang) == 3
