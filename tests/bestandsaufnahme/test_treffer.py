"""Telling of proposals: whom, once, and not again where the group has only become smaller."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from bestandsaufnahme.abfragen.interesse.konstellation import konstellationen
from bestandsaufnahme.ablaeufe import treffer
from bestandsaufnahme.ablaeufe.interesse_folgen import TREFFER_SUCHEN, treffer_suchen_lassen
from bestandsaufnahme.auswahl import Stufe
from bestandsaufnahme.tasks import treffer_suchen
from ikz_portal.basis import laeufe
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf
from kommunen.auswahl import Meldeanlass, Rhythmus
from kommunen.models import Meldung
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, InteressenbekundungFactory
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, MeldewunschFactory, VertretungFactory

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 11, 23)


def wollen(feld, *kommunen, **werte):
    return [InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, **werte) for kommune in kommunen]


def melden():
    return treffer.melden(heute=HEUTE)


def gemeldete(konto):
    return list(Meldung.objects.filter(konto=konto, anlass=Meldeanlass.KONSTELLATION).values_list("bezug", flat=True))


@pytest.fixture
def orte():
    return [KommuneFactory(name=f"Ort {nummer}") for nummer in range(5)]


def test_those_who_act_for_a_kommune_are_told_and_nobody_else(  # noqa: PLR0917
    orte, kontakt, buergermeister, fremder_kontakt, geschaeftsstelle, lesend
):
    vertreterin = KontoFactory(kommune=None, lesend=True)
    VertretungFactory(vertretener=buergermeister, vertreter=vertreterin)
    KontoFactory(kommune=kontakt.kommune, is_active=False)
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2])
    assert melden() == 3
    (eine,) = konstellationen(heute=HEUTE, mindestens=3)
    assert {meldung.konto_id for meldung in Meldung.objects.all()} == {kontakt.pk, buergermeister.pk, vertreterin.pk}
    assert {meldung.bezug for meldung in Meldung.objects.all()} == {eine.schluessel}


def test_nobody_is_told_below_the_minimum_or_of_what_does_not_count(orte, kontakt):
    feld = AufgabenfeldFactory()
    wollen(feld, kontakt.kommune, orte[0])
    wollen(feld, orte[1], unbestaetigt=True)
    assert (melden(), gemeldete(kontakt)) == (0, [])


def test_the_same_is_told_once(orte, kontakt):
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2])
    assert (melden(), melden()) == (1, 0)


def test_a_larger_group_is_told_and_a_smaller_one_is_not(orte, kontakt):
    feld = AufgabenfeldFactory()
    wollen(feld, kontakt.kommune, *orte[:2])
    melden()
    (vierte,) = wollen(feld, orte[2])
    assert melden() == 1
    vierte.delete()
    assert melden() == 0
    wollen(feld, orte[3])
    assert melden() == 1
    assert len(gemeldete(kontakt)) == 3


def test_what_waits_to_be_told_and_no_longer_holds_keeps_nobody_from_the_smaller_group(orte, kontakt):
    *_, vierte = wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:3])
    melden()
    vierte.delete()
    assert melden() == 1
    (kleine,) = konstellationen(heute=HEUTE, mindestens=3)
    assert gemeldete(kontakt)[-1] == kleine.schluessel


def test_who_was_told_of_the_larger_group_is_not_told_of_the_smaller_one(orte, kontakt):
    *_, vierte = wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:3])
    melden()
    Meldung.objects.update(erledigt_am=timezone.now())
    vierte.delete()
    assert melden() == 0


def test_only_the_best_of_a_field_is_told_to_each_kommune(orte, kontakt):
    fern = KontoFactory(kommune=orte[4])
    for nachbar in orte[:2]:
        kontakt.kommune.nachbarn.add(nachbar)
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte)
    melden()
    nahe, alle = konstellationen(heute=HEUTE, mindestens=3)
    assert (gemeldete(kontakt), gemeldete(fern)) == ([nahe.schluessel], [alle.schluessel])


def test_each_field_is_told_by_itself(orte, kontakt):
    for _ in range(2):
        wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2])
    assert (melden(), len(gemeldete(kontakt))) == (2, 2)


def test_a_real_proposal_comes_before_one_with_examples(orte, kontakt):
    feld = AufgabenfeldFactory()
    wollen(feld, kontakt.kommune, *orte[:2])
    wollen(feld, orte[2], beispiel=True, stufe=Stufe.FEDERFUEHRUNG)
    melden()
    echte = next(k for k in konstellationen(heute=HEUTE, mindestens=3) if not k.beispiel)
    assert gemeldete(kontakt) == [echte.schluessel]


def test_examples_are_told_in_the_demo(orte, kontakt):
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2], beispiel=True)
    assert melden() == 1


def test_who_does_not_want_to_know_is_passed_over(orte, kontakt):
    MeldewunschFactory(konto=kontakt, anlass=Meldeanlass.KONSTELLATION, rhythmus=Rhythmus.NIE)
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2])
    assert (melden(), gemeldete(kontakt)) == (0, [])


def test_who_comes_later_is_told_too(orte, kontakt):
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2])
    melden()
    neue = KontoFactory(kommune=kontakt.kommune)
    assert (melden(), len(gemeldete(neue)), len(gemeldete(kontakt))) == (1, 1, 1)


# --- the job ----------------------------------------------------------------------------------------------------------
def test_a_declaration_that_counts_asks_for_a_search():
    treffer_suchen_lassen()
    assert treffer_suchen.name == TREFFER_SUCHEN
    assert Lauf.objects.get(art=TREFFER_SUCHEN).status == LaufStatus.WARTET


def test_of_several_jobs_the_last_one_looks_for_all(orte, kontakt, monkeypatch):
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2])
    gesucht = []
    monkeypatch.setattr(treffer, "melden", lambda *, heute: gesucht.append(heute) or 0)
    erster, zweiter = (laeufe.einreihen(art=TREFFER_SUCHEN, schluessel=str(nummer)) for nummer in range(2))
    treffer_suchen(erster.pk)
    erster.refresh_from_db()
    assert (erster.status, gesucht) == (LaufStatus.FERTIG, [])
    treffer_suchen(zweiter.pk)
    zweiter.refresh_from_db()
    assert (zweiter.status, len(gesucht)) == (LaufStatus.FERTIG, 1)


def test_job_notes_who_is_to_be_told(orte, kontakt):
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2])
    treffer_suchen(laeufe.einreihen(art=TREFFER_SUCHEN, schluessel="einer").pk)
    assert len(gemeldete(kontakt)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_searches_at_once_tell_once(orte, kontakt):
    wollen(AufgabenfeldFactory(), kontakt.kommune, *orte[:2])
    gleichauf = Barrier(2)

    def suchen():
        gleichauf.wait(timeout=30)
        try:
            return melden()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as faeden:
        neue = [faden.result(timeout=60) for faden in [faeden.submit(suchen) for _ in range(2)]]
    assert (sorted(neue), len(gemeldete(kontakt))) == ([0, 1], 1)
