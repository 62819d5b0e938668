"""Several people of a Kommune at the same instant: one release, no answer after it, no answer lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier, Event
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from bestandsaufnahme.ablaeufe import antwort as antwort_ablauf
from bestandsaufnahme.ablaeufe import erhebung as runden
from bestandsaufnahme.ablaeufe import fragebogen as ablauf
from bestandsaufnahme.ablaeufe.antwort import AntwortAngaben
from bestandsaufnahme.auswahl import Aussage, FragebogenStatus
from bestandsaufnahme.models import Fragebogen
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Konto
from tests.bestandsaufnahme.sperrhilfen import bis_jemand_wartet
from tests.fabriken.bestandsaufnahme import FragebogenantwortFactory, FragebogenFactory
from tests.fabriken.kommunen import KontoFactory, VerbundFactory, VertretungFactory

pytestmark = pytest.mark.django_db(transaction=True)

WANN: dict[str, Any] = {"heute": date(2026, 11, 22), "jetzt": datetime(2026, 11, 22, 9, tzinfo=UTC)}
PERSONEN = 4


@pytest.fixture
def bogen(buergermeister: Konto) -> Fragebogen:
    VerbundFactory()
    return FragebogenFactory(kommune=buergermeister.kommune)


def gleichzeitig(*arbeiten: Callable[[], Any]) -> list[str]:
    """Do all at the same instant, each with a connection of its own; return what became of them, sorted."""
    gleichauf = Barrier(len(arbeiten))

    def tun(arbeit: Callable[[], Any]) -> str:
        gleichauf.wait(timeout=30)
        try:
            arbeit()
        except (Veraltet, ValidationError) as fehler:
            return type(fehler).__name__
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(arbeiten)) as laeufer:
        return sorted(laeufer.map(tun, arbeiten))


def test_head_and_deputy_release_at_once(bogen: Fragebogen, buergermeister: Konto) -> None:
    vertreter = VertretungFactory(vertretener=buergermeister).vertreter
    FragebogenantwortFactory(fragebogen=bogen)

    ausgang = gleichzeitig(
        *(
            lambda k=konto: ablauf.unveraendert(fragebogen=bogen, durch=k, **WANN)
            for konto in (buergermeister, vertreter)
        )
    )

    assert ausgang == ["ValidationError", "ok"]
    assert Statuswechsel.objects.filter(nach=FragebogenStatus.FREIGEGEBEN).count() == 1


def test_answering_while_the_head_releases(bogen: Fragebogen, buergermeister: Konto) -> None:
    """Whichever comes first: an answer is there before the release, or it is refused, never in between."""
    kontakt = KontoFactory(kommune=bogen.kommune)
    antwort = FragebogenantwortFactory(fragebogen=bogen, aussage=Aussage.GILT_NOCH)
    beendet = AntwortAngaben(aussage=Aussage.BEENDET)

    ausgang = gleichzeitig(
        lambda: ablauf.freigeben(fragebogen=bogen, durch=buergermeister, **WANN),
        lambda: antwort_ablauf.speichern(antwort=antwort, version=1, angaben=beendet, durch=kontakt, **WANN),
    )

    bogen.refresh_from_db()
    antwort.refresh_from_db()
    assert bogen.status == FragebogenStatus.FREIGEGEBEN
    assert (ausgang, antwort.aussage) in [
        (["ok", "ok"], Aussage.BEENDET),
        (["ValidationError", "ok"], Aussage.GILT_NOCH),
    ]


def test_many_people_on_one_question_one_is_saved_the_others_are_told(bogen: Fragebogen) -> None:
    antwort = FragebogenantwortFactory(fragebogen=bogen)
    personen = [KontoFactory(kommune=bogen.kommune) for _ in range(PERSONEN)]

    ausgang = gleichzeitig(
        *(lambda k=konto: antwort_ablauf.gilt_noch(antwort=antwort, version=1, durch=k, **WANN) for konto in personen)
    )

    assert ausgang == [*["Veraltet"] * (PERSONEN - 1), "ok"]
    antwort.refresh_from_db()
    assert antwort.version == 2


def test_many_people_on_many_questions_begin_it_once(bogen: Fragebogen) -> None:
    personen = [KontoFactory(kommune=bogen.kommune) for _ in range(PERSONEN)]
    paare = [(FragebogenantwortFactory(fragebogen=bogen), konto) for konto in personen]

    ausgang = gleichzeitig(
        *(lambda a=a, k=k: antwort_ablauf.gilt_noch(antwort=a, version=1, durch=k, **WANN) for a, k in paare)
    )

    assert ausgang == ["ok"] * PERSONEN
    assert set(bogen.antworten.values_list("aussage", flat=True)) == {Aussage.GILT_NOCH}
    assert Statuswechsel.objects.filter(nach=FragebogenStatus.IN_BEARBEITUNG).count() == 1


def test_release_that_waits_while_the_return_is_closed_comes_too_late(bogen: Fragebogen, buergermeister: Konto) -> None:
    FragebogenantwortFactory(fragebogen=bogen, aussage=Aussage.GILT_NOCH)
    stelle, geschlossen = KontoFactory(geschaeftsstelle=True), Event()

    def schliessen() -> None:
        with transaction.atomic():
            runden.auswerten(erhebung=bogen.erhebung, durch=stelle, heute=WANN["heute"])
            geschlossen.set()
            bis_jemand_wartet()

    def freigeben() -> None:
        geschlossen.wait(timeout=30)
        ablauf.freigeben(fragebogen=bogen, durch=buergermeister, **WANN)

    assert gleichzeitig(schliessen, freigeben) == ["ValidationError", "ok"]

    bogen.refresh_from_db()
    assert bogen.status == FragebogenStatus.OFFEN
