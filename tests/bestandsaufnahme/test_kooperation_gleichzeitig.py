"""Several people at one Kooperation at once: no span overlaps, no mark is given twice, nobody's words get lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from bestandsaufnahme.abfragen.kooperation.beteiligung import fassung
from bestandsaufnahme.ablaeufe import beteiligung as ablauf
from bestandsaufnahme.ablaeufe import kooperation as kooperationen
from bestandsaufnahme.auswahl import SYMBOLE_DER_REIHE
from bestandsaufnahme.models import Beteiligung, ExternerPartner, Kooperation
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Konto
from tests.bestandsaufnahme.test_kooperation_ablaeufe import angaben
from tests.fabriken.bestandsaufnahme import BeteiligungFactory, KooperationFactory, KooperationsfeldFactory
from tests.fabriken.kommunen import KommuneFactory, KontoFactory

AUF_EINMAL = 6

pytestmark = pytest.mark.django_db(transaction=True)
BESTEHT = {"status": "besteht", "rolle": "beteiligt", "herkunft": "beschluss"}


@pytest.fixture
def durch() -> Konto:
    return KontoFactory(geschaeftsstelle=True)


@pytest.fixture
def gleichzeitig() -> Iterator[Callable[[Callable[[int], Any]], list[Any]]]:
    """Run the work in so many threads in the same instant, and return what came of each: its result or its refusal."""
    gleichauf = Barrier(AUF_EINMAL)

    def einer(arbeit: Callable[[int], Any], nummer: int) -> Any:
        gleichauf.wait(timeout=30)
        try:
            return arbeit(nummer)
        except ValidationError as ablehnung:
            return ablehnung
        finally:
            connection.close()

    with ThreadPoolExecutor(AUF_EINMAL) as laeufer:
        yield lambda arbeit: list(laeufer.map(lambda nummer: einer(arbeit, nummer), range(AUF_EINMAL)))


def test_one_kommune_joins_once(durch: Konto, gleichzeitig: Any) -> None:
    kooperation, kommune = KooperationFactory(), KommuneFactory()

    def beitreten(nummer: int) -> Any:
        ab = date(2020 + nummer, 1, 1)
        return ablauf.aufnehmen(kooperation=kooperation, kommune=kommune, ab=ab, durch=durch, **BESTEHT)

    ergebnisse = gleichzeitig(beitreten)
    assert all(isinstance(eines, Beteiligung | ValidationError) for eines in ergebnisse)
    spannen = [(b.gilt_ab, b.gilt_bis) for b in kooperation.beteiligungen.order_by("gilt_ab")]
    assert len(spannen) == sum(isinstance(eines, Beteiligung) for eines in ergebnisse)
    assert [bis for _, bis in spannen] == [*[ab for ab, _ in spannen[1:]], None]


def test_of_those_who_read_the_same_row_one_changes_it(durch: Konto, gleichzeitig: Any) -> None:
    eine = BeteiligungFactory(gilt_ab=date(2013, 1, 1))
    gelesen = fassung(eine)

    def aendern(nummer: int) -> Any:
        ab = date(2020 + nummer, 1, 1)
        werte = BESTEHT | {"rolle": "federfuehrend"}
        return ablauf.aendern(beteiligung=eine, gelesen=gelesen, ab=ab, durch=durch, **werte)

    ergebnisse = gleichzeitig(aendern)
    assert Counter(type(eines) for eines in ergebnisse) == {Beteiligung: 1, ValidationError: AUF_EINMAL - 1}
    assert {eines.code for eines in ergebnisse if isinstance(eines, ValidationError)} == {"veraltet"}
    assert eine.kooperation.beteiligungen.count() == 2


def test_each_new_kooperation_of_a_field_gets_a_mark_of_its_own(durch: Konto, gleichzeitig: Any) -> None:
    feld = KooperationsfeldFactory()

    def anlegen(nummer: int) -> str:
        neue = angaben(kooperationsfeld=feld, bezeichnung=f"Kooperation {nummer}")
        return kooperationen.erfassen(angaben=neue, durch=durch).symbol

    assert sorted(gleichzeitig(anlegen)) == sorted(SYMBOLE_DER_REIHE[:AUF_EINMAL])


def test_of_those_who_read_the_same_version_one_is_saved(durch: Konto, gleichzeitig: Any) -> None:
    eine = KooperationFactory(bezeichnung="Alt")
    version = eine.version
    neue = [angaben(eine, bezeichnung=f"von {nummer}") for nummer in range(AUF_EINMAL)]

    def bearbeiten(nummer: int) -> Any:
        return kooperationen.bearbeiten(
            kooperation=eine, version=version, angaben=neue[nummer], ab=date(2020, 1, 1), durch=durch
        )

    ergebnisse = gleichzeitig(bearbeiten)
    assert Counter(type(eines) for eines in ergebnisse) == {Kooperation: 1, Veraltet: AUF_EINMAL - 1}
    (gespeichert,) = [eines for eines in ergebnisse if isinstance(eines, Kooperation)]
    eine.refresh_from_db()
    assert (eine.bezeichnung, eine.version) == (gespeichert.bezeichnung, version + 1)
    assert [stand.bezeichnung for stand in eine.staende.all()] == ["Alt"]


def test_ending_and_joining_at_once_leave_nobody_behind(durch: Konto, gleichzeitig: Any) -> None:
    kooperation = KooperationFactory()
    kommunen = [KommuneFactory() for _ in range(AUF_EINMAL)]
    for kommune in kommunen[: AUF_EINMAL // 2]:
        BeteiligungFactory(kooperation=kooperation, kommune=kommune)

    def arbeiten(nummer: int) -> Any:
        if nummer == 0:
            return kooperationen.beenden(kooperation=kooperation, letzter_tag=date(2020, 12, 31), durch=durch)
        ab = date(2020, 1, 1)
        return ablauf.eintragen(kooperation=kooperation, kommune=kommunen[nummer], ab=ab, durch=durch, **BESTEHT)

    gleichzeitig(arbeiten)
    kooperation.refresh_from_db()
    assert kooperation.bis == date(2020, 12, 31)
    assert not kooperation.beteiligungen.am(date(2021, 1, 1)).exists()


def test_a_new_partner_that_several_name_at_once_is_there_once(durch: Konto, gleichzeitig: Any) -> None:
    feld = KooperationsfeldFactory()

    def anlegen(nummer: int) -> Any:
        neue = angaben(kooperationsfeld=feld, bezeichnung=f"Kooperation {nummer}")
        return kooperationen.erfassen(angaben=neue, neue_partner=["Salinen AG"], durch=durch)

    assert [type(eines) for eines in gleichzeitig(anlegen)] == [Kooperation] * AUF_EINMAL
    assert ExternerPartner.objects.get().kooperationen.count() == AUF_EINMAL
