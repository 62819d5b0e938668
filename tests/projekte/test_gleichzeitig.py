"""64 people edit one Projekt at once: nobody's words are lost, nobody's are overwritten unseen."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http import HTTPStatus
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Konto
from projekte.ablaeufe import projekt as ablauf
from projekte.ablaeufe.projekt import ProjektAngaben
from projekte.models import Projekt
from tests.fabriken.kommunen import KontoFactory
from tests.fabriken.projekte import ProjektFactory

PERSONEN = 64
TEXTE = re.compile(r'<span class="veraltet-text">(.*?)</span>')
AUF_EINMAL = 8  # connections of the pool: as many as one process works on at a time

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def personen() -> list[Konto]:
    return [KontoFactory(geschaeftsstelle=True, name=f"Person {nummer}") for nummer in range(PERSONEN)]


@pytest.fixture
def gleichzeitig() -> Iterator[Callable[[Callable[[Any], Any], list[Any]], list[Any]]]:
    """Run the work for all at once, the first of them in the same instant; each with a connection of its own."""
    gleichauf = Barrier(AUF_EINMAL)

    def arbeiten(arbeit: Callable[[Any], Any], nummer: int, fuer: Any) -> Any:
        if nummer < AUF_EINMAL:
            gleichauf.wait(timeout=30)
        try:
            return arbeit(fuer)
        finally:
            connection.close()

    with ThreadPoolExecutor(AUF_EINMAL) as laeufer:
        yield lambda arbeit, alle: list(laeufer.map(lambda paar: arbeiten(arbeit, *paar), enumerate(alle)))


def angaben(projekt: Projekt, **andere: object) -> ProjektAngaben:
    felder = ("name", "aufgabenfeld", "status", "beginn", "beginn_genauigkeit", "ende", "ende_genauigkeit", "hinweis")
    return ProjektAngaben(**{feld: getattr(projekt, feld) for feld in felder} | andere)


def test_of_64_who_read_the_same_one_is_saved_and_63_are_told(personen, gleichzeitig):
    projekt = ProjektFactory(hinweis="alt")
    gelesen = {
        "name": projekt.name,
        "aufgabenfeld": projekt.aufgabenfeld_id,
        "status": projekt.status,
        "beginn": "2025-03-01",
        "beginn_genauigkeit": "tag",
        "ende_genauigkeit": "offen",
        "version": projekt.version,
        "meilensteine-TOTAL_FORMS": 0,
        "meilensteine-INITIAL_FORMS": 0,
    }
    browser = {}
    for konto in personen:
        browser[konto.name] = Client()
        browser[konto.name].force_login(konto)

    def senden(name: str) -> tuple[str, Any]:
        antwort = browser[name].post(f"/projekte/{projekt.slug}/bearbeiten/", gelesen | {"hinweis": f"von {name}"})
        return name, antwort

    antworten = gleichzeitig(senden, list(browser))
    assert Counter(antwort.status_code for _, antwort in antworten) == {HTTPStatus.FOUND: 1, HTTPStatus.CONFLICT: 63}
    gespeichert = Projekt.objects.get()
    (sieger,) = [name for name, antwort in antworten if antwort.status_code == HTTPStatus.FOUND]
    assert (gespeichert.hinweis, gespeichert.version) == (f"von {sieger}", 2)
    for name, antwort in antworten:
        if name != sieger:
            seite = antwort.content.decode()
            assert TEXTE.findall(seite) == [f"von {sieger}", f"von {name}"]
            assert f"<li><strong>{sieger}</strong>" in seite


def test_all_64_contributions_are_in_the_end_text_and_on_record(personen, gleichzeitig):
    projekt = ProjektFactory(hinweis="Beiträge:")

    def beitragen(konto: Konto) -> int:
        """Read, add a line, save; and again from the beginning as long as somebody was faster."""
        for versuch in range(1, 1000):
            gelesen = Projekt.objects.get(pk=projekt.pk)
            neu = angaben(gelesen, hinweis=f"{gelesen.hinweis}\n{konto.name}")
            with protokoll.umstaende(quelle="/projekte/", konto=konto.pk):
                try:
                    ablauf.bearbeiten(
                        projekt=gelesen,
                        version=gelesen.version,
                        angaben=neu,
                        meilensteine=[],
                        durch=konto,
                        heute=date(2026, 6, 1),
                    )
                except Veraltet:
                    continue
                else:
                    return versuch
        pytest.fail("nie gespeichert")

    versuche = gleichzeitig(beitragen, personen)
    namen = sorted(konto.name for konto in personen)
    ende = Projekt.objects.get()
    assert sorted(ende.hinweis.splitlines()[1:]) == namen
    assert ende.version == 1 + PERSONEN
    assert sum(versuche) > PERSONEN  # they did get in each other's way
    eintraege = list(Aenderung.objects.von(ende).filter(art="aenderung").select_related("konto").order_by("pk"))
    assert sorted(eintrag.konto.name for eintrag in eintraege) == namen
    assert [eintrag.stand["hinweis"].splitlines()[-1] for eintrag in eintraege] == ende.hinweis.splitlines()[1:]
