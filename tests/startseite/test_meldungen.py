"""Telling by e-mail: in the rhythm that each person chose, in one mail, and once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bestandsaufnahme.auswahl import Stufe
from ikz_portal import celery_app
from ikz_portal.basis import laeufe, post
from ikz_portal.basis.auswahl import LaufStatus, PostStatus
from ikz_portal.basis.models import Lauf, Postausgang
from ikz_portal.startseite import tasks
from ikz_portal.startseite.abfragen import sammlung
from ikz_portal.startseite.ablaeufe import meldungen as ablauf
from kommunen.ablaeufe.meldung import SOFORT_SENDEN, vormerken
from kommunen.auswahl import Meldeanlass, Rhythmus
from kommunen.models import Kommune, Konto, Meldewunsch, Meldung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeobachtungFactory,
    InteressenbekundungFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import (
    KontoFactory,
    MeldewunschFactory,
    MeldungFactory,
    VerbundFactory,
)
from tests.startseite.meldefaelle import (
    ANLAESSE,
    HEUTE,
    MONTAG,
    TAG,
    Fall,
    am_morgen,
    briefe,
    melden,
    neues,
    sofort,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "montag")]


@pytest.mark.parametrize(
    ("anlass", "betreff", "satz"),
    [
        (
            "interesse_neu",
            "Neues Interesse: Nachbarstadt, Bauhof",
            "Nachbarstadt hat Interesse (Kooperationswille im Aufgabenfeld „Bauhof“).",
        ),
        (
            "ablauf",
            "Ihr Interesse läuft ab: Musterstadt, Bauhof",
            "gilt bis zum 1. April 2026. Bis dahin können Sie sie verlängern, danach zählt sie nicht mehr.",
        ),
        (
            "bestaetigung",
            "Bitte bestätigen: Musterstadt, Bauhof",
            "Das Interesse zählt erst, wenn Sie es bestätigen.",
        ),
        (
            "projektidee",
            "Aus Ihrem Interesse wird eine Projektidee: Gemeinsamer Bauhof",
            "Sie ist aus der Interessenbekundung von Musterstadt entstanden (Bauhof).",
        ),
    ],
)
def test_mail_says_what_who_and_where(bauen: Callable[..., Fall], anlass: str, betreff: str, satz: str) -> None:
    fall = bauen(anlass)

    nachricht = melden(fall.konto)

    assert nachricht
    assert (nachricht.an, nachricht.betreff, nachricht.status) == (fall.konto.email, betreff, PostStatus.WARTET)
    assert satz in nachricht.text
    assert nachricht.text.startswith("Guten Tag,\n\ndas ist neu für Sie im IKZ-Portal:\n\n" + betreff)
    ziel = fall.interesse.starthilfen.get().projekt if anlass == "projektidee" else fall.interesse
    assert f"{settings.BASE_URL}{ziel.get_absolute_url()}\n" in nachricht.text
    assert f"{settings.BASE_URL}/konto/benachrichtigungen/\n" in nachricht.text
    fall.meldung.refresh_from_db()
    assert (fall.meldung.nachricht, fall.meldung.erledigt_am) == (nachricht, MONTAG)


def test_anschluss_names_who_joins(bauen: Callable[..., Fall]) -> None:
    fall = bauen("anschluss", stufe=Stufe.FEDERFUEHRUNG, gueltig_bis=date(2026, 12, 31))

    nachricht = melden(fall.konto)

    assert nachricht
    feld = fall.interesse.aufgabenfeld
    assert nachricht.betreff == f"Nachbarstadt schließt sich Ihrem Interesse an: {feld}"
    satz = f"würde federführen (Kooperationswille im Aufgabenfeld „{feld}“, gültig bis 31. Dezember 2026)."
    assert f"Nachbarstadt {satz}" in nachricht.text


def test_proposal_names_the_partners_and_a_reason(bauen: Callable[..., Fall]) -> None:
    nachricht = melden(bauen("konstellation", stufe=Stufe.FEDERFUEHRUNG).konto)

    assert nachricht
    assert nachricht.betreff == "Mögliche Partner: Bauhof"
    assert "Drittstadt, Musterstadt und Nachbarstadt könnten gemeinsam beginnen (" in nachricht.text
    assert "federführen" in nachricht.text
    assert f"{settings.BASE_URL}/aufgabenfelder/" in nachricht.text


@pytest.mark.parametrize("anlass", ANLAESSE)
def test_example_says_that_it_is_one(bauen: Callable[..., Fall], anlass: str) -> None:
    nachricht = melden(bauen(anlass, beispiel=True).konto)

    assert nachricht
    assert nachricht.betreff.endswith(" (Beispiel)")


def test_declaration_for_a_part_of_a_field_names_both(kontakt: Konto, andere_kommune: Kommune) -> None:
    teilfeld = KooperationsfeldFactory(name="Standesamt", aufgabenfeld__name="Ordnung")
    BeobachtungFactory(konto=kontakt, aufgabenfeld=teilfeld.aufgabenfeld)
    interesse = InteressenbekundungFactory(kommune=andere_kommune, aufgabenfeld=None, kooperationsfeld=teilfeld)
    MeldungFactory(konto=kontakt, bezug=str(interesse.pk))

    nachricht = melden(kontakt)

    assert nachricht
    assert nachricht.betreff == "Neues Interesse: Nachbarstadt, Standesamt"
    assert "im Aufgabenfeld „Ordnung“" in nachricht.text


def test_several_news_are_one_mail_with_what_is_to_be_done_first(bauen: Callable[..., Fall]) -> None:
    fall = bauen("bestaetigung")
    neues(fall.konto, KontoFactory(kommune__name="Drittstadt").kommune)

    nachricht = melden(fall.konto)

    assert nachricht
    assert (nachricht.betreff, Postausgang.objects.count()) == ("2 Neuigkeiten zu Interessen", 1)
    assert "diese 2 Dinge sind neu für Sie" in nachricht.text
    assert nachricht.text.index("Bitte bestätigen") < nachricht.text.index("Drittstadt")
    assert list(Meldung.objects.values_list("nachricht", flat=True)) == [nachricht.pk] * 2


def test_long_name_is_cut_in_the_subject_alone(bauen: Callable[..., Fall]) -> None:
    fall = bauen("projektidee")
    projekt = fall.interesse.starthilfen.get().projekt
    type(projekt).objects.filter(pk=projekt.pk).update(name="Bau\nhof " + "x" * 190)

    nachricht = melden(fall.konto)

    assert nachricht
    assert (len(nachricht.betreff), "\n" in nachricht.betreff) == (200, False)


def test_joining_that_is_told_is_not_told_again_as_a_new_declaration(bauen: Callable[..., Fall], montag: Any) -> None:
    fall = bauen("anschluss")
    BeobachtungFactory(konto=fall.konto, aufgabenfeld=fall.interesse.aufgabenfeld)
    MeldungFactory(konto=fall.konto, bezug=str(fall.interesse.pk))

    erste = melden(fall.konto, Rhythmus.SOFORT)
    zweite = melden(fall.konto)

    assert erste
    assert (zweite, Meldung.objects.wartende().count()) == (None, 0)


def test_joining_and_new_in_one_mail_is_one_news(bauen: Callable[..., Fall]) -> None:
    fall = bauen("anschluss")
    BeobachtungFactory(konto=fall.konto, aufgabenfeld=fall.interesse.aufgabenfeld)
    MeldungFactory(konto=fall.konto, bezug=str(fall.interesse.pk))

    nachricht = melden(fall.konto)

    assert nachricht
    assert "schließt sich Ihrem Interesse an" in nachricht.betreff


# --- at once, daily, weekly -------------------------------------------------------------------------------------------
@pytest.fixture
def leser(db: None) -> Callable[[Rhythmus], Konto]:
    """Return what makes a person that wants new declarations in this rhythm, with one that is new."""
    feld = AufgabenfeldFactory(name="Bauhof")
    interesse = InteressenbekundungFactory(aufgabenfeld=feld)

    def machen(rhythmus: Rhythmus) -> Konto:
        konto = KontoFactory(lesend=True)
        BeobachtungFactory(konto=konto, aufgabenfeld=feld)
        MeldewunschFactory(konto=konto, rhythmus=rhythmus)
        vormerken(anlass=Meldeanlass.INTERESSE_NEU, bezug=str(interesse.pk), konten=[konto])
        return konto

    return machen


def test_each_is_told_in_the_rhythm_of_the_own_choice(montag: Any, leser: Callable[[Rhythmus], Konto]) -> None:
    montag.move_to(MONTAG + 2 * TAG)
    Lauf.objects.create(art=sammlung.SAMMELN, schluessel="2026-03-16", status=LaufStatus.FERTIG, beendet_am=MONTAG)
    konten_je = {rhythmus: leser(rhythmus) for rhythmus in Rhythmus}
    gesagt: dict[str, datetime] = {}

    sofort()
    for tage in range(7):
        gesagt |= {an: timezone.now() for an, _ in briefe() if an not in gesagt}
        montag.move_to(MONTAG + (2 + tage) * TAG + timedelta(hours=1))
        am_morgen()
    gesagt |= {an: timezone.now() for an, _ in briefe() if an not in gesagt}

    assert gesagt == {
        konten_je[Rhythmus.SOFORT].email: MONTAG + 2 * TAG,
        konten_je[Rhythmus.TAEGLICH].email: MONTAG + 2 * TAG + timedelta(hours=1),
        konten_je[Rhythmus.WOECHENTLICH].email: MONTAG + 7 * TAG + timedelta(hours=1),
    }
    assert len(briefe()) == 3


@pytest.mark.parametrize(
    ("rhythmen", "gemeldet"),
    [
        ((Rhythmus.SOFORT,), [Meldeanlass.ANSCHLUSS]),
        ((Rhythmus.SOFORT, Rhythmus.TAEGLICH), [Meldeanlass.INTERESSE_NEU, Meldeanlass.ANSCHLUSS]),
    ],
)
def test_defaults_hold_for_who_has_not_chosen(
    bauen: Callable[..., Fall], rhythmen: tuple[Rhythmus, ...], gemeldet: list[Meldeanlass]
) -> None:
    fall = bauen("anschluss")
    neues(fall.konto, KontoFactory().kommune)

    melden(fall.konto, *rhythmen)

    erledigte = Meldung.objects.filter(erledigt_am__isnull=False).order_by("-anlass")
    assert list(erledigte.values_list("anlass", flat=True)) == gemeldet


def test_event_rings_for_who_wants_to_know_at_once(leser: Callable[[Rhythmus], Konto]) -> None:
    leser(Rhythmus.TAEGLICH)
    assert not Lauf.objects.filter(art=SOFORT_SENDEN).exists()
    leser(Rhythmus.SOFORT)
    assert Lauf.objects.filter(art=SOFORT_SENDEN).count() == 1


def test_run_at_once_sends_what_an_earlier_one_left(leser: Callable[[Rhythmus], Konto]) -> None:
    for _ in range(2):
        leser(Rhythmus.SOFORT)
    erster, zweiter = Lauf.objects.filter(art=SOFORT_SENDEN).order_by("pk")
    Lauf.objects.filter(pk=erster.pk).update(status=LaufStatus.FEHLGESCHLAGEN, fehler="Abgewiesen.", beendet_am=MONTAG)

    tasks.meldungen_sofort(zweiter.pk)

    assert len(briefe()) == 2


def test_beat_asks_twice_and_it_is_done_once(leser: Callable[[Rhythmus], Konto]) -> None:
    leser(Rhythmus.TAEGLICH)
    am_morgen()
    leser(Rhythmus.TAEGLICH)
    am_morgen()

    assert (len(briefe()), Lauf.objects.filter(art=sammlung.SAMMELN).count()) == (1, 1)


def test_week_whose_monday_failed_is_told_on_the_next_day(montag: Any, leser: Callable[[Rhythmus], Konto]) -> None:
    leser(Rhythmus.WOECHENTLICH)
    montag.move_to(MONTAG + TAG)

    am_morgen()

    assert len(briefe()) == 1


def test_monday_is_one_mail_for_day_and_week(bauen: Callable[..., Fall]) -> None:
    fall = bauen("anschluss")
    MeldewunschFactory(konto=fall.konto, anlass=Meldeanlass.ANSCHLUSS, rhythmus=Rhythmus.WOECHENTLICH)
    neues(fall.konto, KontoFactory().kommune)

    am_morgen()

    assert briefe() == [(fall.konto.email, "2 Neuigkeiten zu Interessen")]


@pytest.mark.parametrize(
    ("jetzt", "gelaufen", "taeglich", "woechentlich"),
    [
        (MONTAG - timedelta(hours=2), [], HEUTE, HEUTE),
        (MONTAG, ["2026-03-16"], HEUTE + TAG, HEUTE + 7 * TAG),
        (MONTAG + timedelta(hours=13), [], HEUTE + TAG, HEUTE + TAG),
        (MONTAG + TAG, ["2026-03-16"], HEUTE + TAG, HEUTE + 7 * TAG),
        (MONTAG + 6 * TAG, ["2026-03-16", "2026-03-22"], HEUTE + 7 * TAG, HEUTE + 7 * TAG),
    ],
)
def test_next_collected_mails(jetzt: datetime, gelaufen: list[str], taeglich: date, woechentlich: date) -> None:
    for schluessel in gelaufen:
        Lauf.objects.create(art=sammlung.SAMMELN, schluessel=schluessel, status=LaufStatus.FERTIG, beendet_am=jetzt)

    assert sammlung.naechste(jetzt) == sammlung.Sammlung(taeglich, woechentlich)


def test_tasks_are_found_and_beat_asks_in_the_daytime() -> None:
    celery_app.loader.import_default_modules()
    eintrag = settings.CELERY_BEAT_SCHEDULE["meldungen-sammeln"]

    assert {SOFORT_SENDEN, sammlung.SAMMELN, eintrag["task"]} <= set(celery_app.tasks)
    assert (tasks.meldungen_sofort.name, tasks.meldungen_sammeln.name) == (SOFORT_SENDEN, sammlung.SAMMELN)
    assert eintrag["task"] == tasks.meldungen_taeglich.name
    assert sorted(eintrag["schedule"].hour) == list(sammlung.STUNDEN)


# --- nothing lost, nothing double -------------------------------------------------------------------------------------
def test_failure_in_between_leaves_all_to_the_next_run(
    bauen: Callable[..., Fall], monkeypatch: pytest.MonkeyPatch, montag: Any
) -> None:
    """As if killed after the mail was written: mail and marks stand or fall together."""
    fall, anderer = bauen("ablauf"), bauen("anschluss")
    erledigen = ablauf.ablauf.erledigen

    def abbrechen(**werte: Any) -> None:
        if fall.meldung in werte["meldungen"]:
            raise RuntimeError("Absicht")
        erledigen(**werte)

    monkeypatch.setattr(ablauf.ablauf, "erledigen", abbrechen)
    am_morgen()
    lauf = Lauf.objects.get(art=sammlung.SAMMELN)
    assert [an for an, _ in briefe()] == [anderer.konto.email]
    assert (lauf.status, lauf.fehler) == (LaufStatus.WARTET, "Nicht alle Benachrichtigungen ließen sich schreiben.")

    monkeypatch.undo()
    montag.move_to(MONTAG + ablauf.SPAETER)
    tasks.meldungen_sammeln(lauf.pk)

    assert [an for an, _ in briefe()] == [anderer.konto.email, fall.konto.email]


@pytest.mark.django_db(transaction=True)
def test_eight_runs_at_once_send_one_mail_to_each(montag: Any) -> None:
    VerbundFactory()
    feld = AufgabenfeldFactory()
    interesse = InteressenbekundungFactory(aufgabenfeld=feld)
    leute = KontoFactory.create_batch(3, lesend=True)
    for konto in leute:
        BeobachtungFactory(konto=konto, aufgabenfeld=feld)
        MeldungFactory(konto=konto, bezug=str(interesse.pk))
    schranke = threading.Barrier(8)
    einer = [laeufe.einreihen(art=SOFORT_SENDEN, schluessel=str(nummer), laeuten=False) for nummer in range(8)]
    Meldewunsch.objects.bulk_create(Meldewunsch(konto=k, anlass="interesse_neu", rhythmus="sofort") for k in leute)

    def laufen(lauf: Lauf) -> None:
        try:
            schranke.wait()
            tasks.meldungen_sofort(lauf.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as faeden:
        list(faeden.map(laufen, einer))

    assert sorted(an for an, _ in briefe()) == sorted(konto.email for konto in leute)
    assert set(Lauf.objects.filter(art=SOFORT_SENDEN).values_list("status", flat=True)) == {LaufStatus.FERTIG}


def test_queries_of_a_mail_do_not_grow_with_the_news(kontakt: Konto, django_assert_num_queries: Any) -> None:
    for anzahl in (1, 3):
        for _ in range(anzahl):
            neues_feld = AufgabenfeldFactory()
            BeobachtungFactory(konto=kontakt, aufgabenfeld=neues_feld)
            MeldungFactory(konto=kontakt, bezug=str(InteressenbekundungFactory(aufgabenfeld=neues_feld).pk))
        with django_assert_num_queries(12):
            melden(kontakt)


# --- the mailbox ------------------------------------------------------------------------------------------------------
def test_mail_waits_in_the_outbox_and_is_read_in_the_demos_mailbox(
    angemeldet: Any, geschaeftsstelle: Konto, bauen: Callable[..., Fall], settings: Any
) -> None:
    settings.IKZ_DEMO = True
    nachricht = melden(bauen("ablauf").konto)
    assert nachricht
    client = angemeldet(geschaeftsstelle)

    liste = client.get("/betrieb/nachrichten/").content.decode()
    assert "Ihr Interesse läuft ab: Musterstadt, Bauhof" in liste
    assert "wartet" in liste
    postfach = client.get("/postfach/").content.decode()
    assert "danach zählt sie nicht mehr" in postfach
    assert "/konto/benachrichtigungen/abbestellen/" in postfach


def test_link_that_unsubscribes_is_kept_encrypted(bauen: Callable[..., Fall]) -> None:
    nachricht = melden(bauen("ablauf").konto)

    assert nachricht
    assert nachricht.abbestellbar
    assert "/abbestellen/" not in nachricht.text + nachricht.geheimnis
    assert post.PERSOENLICHER_LINK in nachricht.text
    assert f"{settings.BASE_URL}/konto/benachrichtigungen/abbestellen/" in post.mit_link(nachricht)
