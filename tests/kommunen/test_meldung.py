"""Noting what to tell, for whom and how: each once, as wished, and done only by who has it in hand."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ikz_portal.basis import post
from ikz_portal.basis.models import Lauf
from kommunen.abfragen.meldung import faellige, gewuenschte_rhythmen
from kommunen.ablaeufe import meldewunsch, meldung
from kommunen.auswahl import VORGABE_RHYTHMUS, Meldeanlass, Rhythmus
from kommunen.models import Konto, Meldewunsch, Meldung
from tests.fabriken.kommunen import KontoFactory, MeldewunschFactory, MeldungFactory

pytestmark = pytest.mark.django_db

ANLASS = Meldeanlass.ABLAUF


def vormerken(*konten: Konto, anlass: Meldeanlass = ANLASS, bezug: str = "7:2026-04-01") -> int:
    return meldung.vormerken(anlass=anlass, bezug=bezug, konten=konten)


def sofortlaeufe() -> int:
    return Lauf.objects.filter(art=meldung.SOFORT_SENDEN).count()


# --- noting -----------------------------------------------------------------------------------------------------------
def test_vormerken_notes_each_person_once(kontakt: Konto, fremder_kontakt: Konto) -> None:
    assert [vormerken(kontakt), vormerken(kontakt, fremder_kontakt), vormerken(kontakt)] == [1, 1, 0]
    assert sorted(Meldung.objects.values_list("konto", flat=True)) == sorted([kontakt.pk, fremder_kontakt.pk])


def test_vormerken_notes_another_date_anew(kontakt: Konto) -> None:
    assert [vormerken(kontakt), vormerken(kontakt, bezug="7:2027-04-01")] == [1, 1]


def test_vormerken_of_what_is_told_is_not_new(kontakt: Konto) -> None:
    MeldungFactory(konto=kontakt, anlass=ANLASS, bezug="7:2026-04-01", erledigt_am=timezone.now())

    assert vormerken(kontakt) == 0


def test_vormerken_passes_over_who_wants_nothing_or_is_gone(kontakt: Konto) -> None:
    MeldewunschFactory(konto=kontakt, anlass=ANLASS, rhythmus=Rhythmus.NIE)
    ehemaliger = KontoFactory(is_active=False, deaktiviert_am=timezone.now())

    assert (vormerken(kontakt, ehemaliger), Meldung.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("rhythmus", "laeufe"), [(Rhythmus.SOFORT, 1), (Rhythmus.TAEGLICH, 0), (Rhythmus.WOECHENTLICH, 0)]
)
def test_vormerken_rings_where_somebody_wants_to_know_at_once(kontakt: Konto, rhythmus: Rhythmus, laeufe: int) -> None:
    MeldewunschFactory(konto=kontakt, anlass=ANLASS, rhythmus=rhythmus)

    vormerken(kontakt)
    vormerken(kontakt)

    assert sofortlaeufe() == laeufe


def test_vormerken_goes_with_its_event(kontakt: Konto) -> None:
    def ereignis() -> None:
        with transaction.atomic():
            vormerken(kontakt)
            raise RuntimeError("Absicht")

    with pytest.raises(RuntimeError):
        ereignis()

    assert (Meldung.objects.count(), sofortlaeufe()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_eight_events_at_once_note_it_once() -> None:
    konten = KontoFactory.create_batch(3)
    schranke = threading.Barrier(8)

    def laufen(_: int) -> None:
        try:
            schranke.wait()
            vormerken(*konten)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as faeden:
        list(faeden.map(laufen, range(8)))

    assert Meldung.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_vormerken_waits_for_a_run_that_is_about_to_give_it_up() -> None:
    """Else it would be known to the event, gone a moment later, and told to nobody."""
    kontakt = KontoFactory()
    MeldungFactory(konto=kontakt, anlass=ANLASS, bezug="7:2026-04-01")

    def ereignis() -> int:
        try:
            return vormerken(kontakt)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as faeden:
        with transaction.atomic():
            gehalten = meldung.abholen(konto=kontakt.pk, rhythmen=list(Rhythmus))
            neu = faeden.submit(ereignis)
            _bis_jemand_wartet()
            meldung.aufgeben(meldungen=gehalten)
        assert neu.result(timeout=10) == 1

    assert Meldung.objects.wartende().count() == 1


def _bis_jemand_wartet() -> None:
    """Until another session waits for a lock of this one."""
    ende = timezone.now() + timezone.timedelta(seconds=10)
    while timezone.now() < ende:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Niemand wartet.")


# --- what is due ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("anlass", Meldeanlass)
def test_default_holds_for_who_has_not_chosen(kontakt: Konto, anlass: Meldeanlass) -> None:
    MeldungFactory(konto=kontakt, anlass=anlass)

    treffer = [rhythmus for rhythmus in Rhythmus if faellige([rhythmus]).exists()]

    assert treffer == [VORGABE_RHYTHMUS[anlass]]
    assert gewuenschte_rhythmen(kontakt)[anlass] == VORGABE_RHYTHMUS[anlass]


@pytest.mark.parametrize("rhythmus", [Rhythmus.SOFORT, Rhythmus.TAEGLICH, Rhythmus.WOECHENTLICH])
def test_own_choice_goes_before_the_default(kontakt: Konto, fremder_kontakt: Konto, rhythmus: Rhythmus) -> None:
    MeldewunschFactory(konto=kontakt, anlass=ANLASS, rhythmus=rhythmus)
    MeldewunschFactory(konto=fremder_kontakt, anlass=ANLASS, rhythmus=Rhythmus.SOFORT)
    meine = MeldungFactory(konto=kontakt, anlass=ANLASS)

    treffer = [r for r in Rhythmus if faellige([r]).filter(pk=meine.pk).exists()]

    assert treffer == [rhythmus]


def test_what_nobody_is_to_be_told_any_more_is_always_due(kontakt: Konto) -> None:
    MeldewunschFactory(konto=kontakt, anlass=ANLASS, rhythmus=Rhythmus.NIE)
    MeldungFactory(konto=kontakt, anlass=ANLASS)
    MeldungFactory(konto=KontoFactory(is_active=False, deaktiviert_am=timezone.now()), anlass=ANLASS)

    assert faellige([Rhythmus.WOECHENTLICH]).count() == 2


def test_done_ones_are_not_due(kontakt: Konto) -> None:
    MeldungFactory(konto=kontakt, anlass=ANLASS, erledigt_am=timezone.now())

    assert not faellige(list(Rhythmus)).exists()


def test_abholen_gives_up_what_is_unsubscribed(kontakt: Konto) -> None:
    MeldewunschFactory(konto=kontakt, anlass=ANLASS, rhythmus=Rhythmus.NIE)
    MeldungFactory(konto=kontakt, anlass=ANLASS)
    bleibende = MeldungFactory(konto=kontakt, anlass=Meldeanlass.ANSCHLUSS)

    assert meldung.abholen(konto=kontakt.pk, rhythmen=[Rhythmus.SOFORT]) == [bleibende]
    assert list(Meldung.objects.all()) == [bleibende]


def test_erledigen_names_mail_and_time(kontakt: Konto) -> None:
    wartende = MeldungFactory(konto=kontakt)
    nachricht = post.einreihen(an=kontakt.email, betreff="B", text="T")
    jetzt = timezone.now()

    meldung.erledigen(meldungen=[wartende], nachricht=nachricht, jetzt=jetzt)

    wartende.refresh_from_db()
    assert (wartende.nachricht, wartende.erledigt_am) == (nachricht, jetzt)


# --- wishes -----------------------------------------------------------------------------------------------------------
def test_wuenschen_writes_what_differs_and_says_how_much(kontakt: Konto) -> None:
    wahl = dict(VORGABE_RHYTHMUS)

    assert meldewunsch.wuenschen(rhythmen=wahl, durch=kontakt) == 0
    assert meldewunsch.wuenschen(rhythmen={**wahl, ANLASS: Rhythmus.NIE}, durch=kontakt) == 1
    assert meldewunsch.wuenschen(rhythmen=wahl, durch=kontakt) == 1
    assert list(Meldewunsch.objects.values_list("anlass", "rhythmus")) == [("ablauf", "sofort")]


def test_wuenschen_sofort_rings_for_what_waits(kontakt: Konto) -> None:
    MeldungFactory(konto=kontakt, anlass=Meldeanlass.KONSTELLATION)

    meldewunsch.wuenschen(rhythmen={Meldeanlass.INTERESSE_NEU: Rhythmus.SOFORT}, durch=kontakt)
    assert sofortlaeufe() == 0
    meldewunsch.wuenschen(rhythmen={Meldeanlass.KONSTELLATION: Rhythmus.SOFORT}, durch=kontakt)
    assert sofortlaeufe() == 1


def test_token_tells_konto_and_anlaesse_and_nothing_else(kontakt: Konto) -> None:
    zeichen = meldewunsch.token(kontakt, [Meldeanlass.PROJEKTIDEE, ANLASS, ANLASS])

    assert meldewunsch.gelesen(zeichen) == meldewunsch.Abbestellung(kontakt.pk, (ANLASS, Meldeanlass.PROJEKTIDEE))
    assert len(zeichen) < 200


@pytest.mark.django_db(transaction=True)
def test_eight_unsubscriptions_at_once_are_one_wish() -> None:
    abbestellung = meldewunsch.Abbestellung(KontoFactory().pk, (ANLASS,))
    schranke = threading.Barrier(8)

    def laufen(_: int) -> bool:
        try:
            schranke.wait()
            return meldewunsch.abbestellen(abbestellung=abbestellung)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as faeden:
        assert all(faeden.map(laufen, range(8)))

    assert list(Meldewunsch.objects.values_list("rhythmus", flat=True)) == ["nie"]
