"""Telling by e-mail: in the rhythm that each person chose, once, and nothing that it may no longer see."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bestandsaufnahme.abfragen.interesse.konstellation import konstellationen
from bestandsaufnahme.ablaeufe import bestaetigung
from bestandsaufnahme.ablaeufe import interesse as interessen
from bestandsaufnahme.auswahl import InteresseStatus, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung
from ikz_portal import celery_app
from ikz_portal.basis import laeufe, post
from ikz_portal.basis.auswahl import LaufStatus, PostStatus
from ikz_portal.basis.models import Lauf, Postausgang
from ikz_portal.startseite import tasks
from ikz_portal.startseite.abfragen import sammlung
from ikz_portal.startseite.ablaeufe import meldungen as ablauf
from kommunen.ablaeufe import konto as konten
from kommunen.ablaeufe.meldung import SOFORT_SENDEN, vormerken
from kommunen.auswahl import Meldeanlass, Rhythmus, Rolle
from kommunen.models import Kommune, Konto, Meldewunsch, Meldung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeobachtungFactory,
    BestaetigungspflichtFactory,
    InteressenaenderungFactory,
    InteressenbekundungFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import (
    KommuneFactory,
    KontoFactory,
    MeldewunschFactory,
    MeldungFactory,
    VerbundFactory,
    VertretungFactory,
)
from tests.fabriken.projekte import StarthilfeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

MONTAG = datetime(2026, 3, 16, 6, 0, tzinfo=UTC)  # 7 o'clock in Berlin
HEUTE = MONTAG.date()
ALLE = tuple(Rhythmus)
TAG = timedelta(days=1)


@pytest.fixture(autouse=True)
def uhr() -> Any:
    with time_machine.travel(MONTAG, tick=False) as reise:
        yield reise


def melden(konto: Konto, *rhythmen: Rhythmus) -> Postausgang | None:
    return ablauf.melden(konto=konto.pk, rhythmen=rhythmen or ALLE, heute=timezone.localdate(), jetzt=timezone.now())


def briefe() -> list[tuple[str, str]]:
    return list(Postausgang.objects.order_by("pk").values_list("an", "betreff"))


def sofort() -> None:
    """Run what was rung for, as the worker does."""
    for lauf in Lauf.objects.filter(art=SOFORT_SENDEN, status=LaufStatus.WARTET):
        tasks.meldungen_sofort(lauf.pk)


def am_morgen() -> None:
    """Ask as beat does, and do what was queued."""
    tasks.meldungen_taeglich()
    for lauf in Lauf.objects.filter(art=sammlung.SAMMELN, status=LaufStatus.WARTET):
        tasks.meldungen_sammeln(lauf.pk)


# --- what each mail says ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fall:
    """A Meldung with what it is about."""

    konto: Konto
    meldung: Meldung
    interesse: Interessenbekundung
    eigenes: Interessenbekundung | None = None


def neues(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    feld = Aufgabenfeld.objects.filter(name="Bauhof").first() or AufgabenfeldFactory(name="Bauhof")
    BeobachtungFactory(konto=konto, aufgabenfeld=feld)
    interesse = InteressenbekundungFactory(kommune=andere, aufgabenfeld=feld, **felder)
    return Fall(konto, MeldungFactory(konto=konto, anlass="interesse_neu", bezug=str(interesse.pk)), interesse)


def anschluss(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    eigenes = InteressenbekundungFactory(kommune=konto.kommune, durch=konto)
    interesse = InteressenbekundungFactory(
        kommune=andere, aufgabenfeld=eigenes.aufgabenfeld, anschluss_an=eigenes, **felder
    )
    meldung = MeldungFactory(konto=konto, anlass="anschluss", bezug=str(interesse.pk))
    return Fall(konto, meldung, interesse, eigenes)


def laeuft_ab(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    werte = {"kommune": konto.kommune, "durch": konto, "gueltig_bis": date(2026, 4, 1), **felder}
    interesse = InteressenbekundungFactory(aufgabenfeld__name="Bauhof", **werte)
    return Fall(
        konto, MeldungFactory(konto=konto, anlass="ablauf", bezug=f"{interesse.pk}:2026-04-01"), interesse, interesse
    )


def zu_bestaetigen(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    interesse = InteressenbekundungFactory(
        kommune=konto.kommune, aufgabenfeld__name="Bauhof", unbestaetigt=True, **felder
    )
    meldung = MeldungFactory(konto=konto, anlass="bestaetigung", bezug=f"{interesse.pk}:0")
    return Fall(konto, meldung, interesse, interesse)


def projektidee(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    interesse = InteressenbekundungFactory(kommune=konto.kommune, aufgabenfeld__name="Bauhof", **felder)
    starthilfe = StarthilfeFactory(
        interesse=interesse, projekt__name="Gemeinsamer Bauhof", projekt__beispiel=interesse.beispiel
    )
    bezug = f"{starthilfe.projekt.pk}:{interesse.pk}"
    return Fall(konto, MeldungFactory(konto=konto, anlass="projektidee", bezug=bezug), interesse, interesse)


def konstellation(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    """Three Kommunen, as many as it takes, want the same."""
    feld = AufgabenfeldFactory(name="Bauhof")
    for kommune in (andere, KommuneFactory(name="Drittstadt")):
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, **felder)
    eigenes = InteressenbekundungFactory(kommune=konto.kommune, aufgabenfeld=feld, **felder)
    [eine] = konstellationen(heute=HEUTE, mindestens=3)
    meldung = MeldungFactory(konto=konto, anlass="konstellation", bezug=eine.schluessel)
    return Fall(konto, meldung, eigenes, eigenes)


ANLAESSE: dict[str, Callable[..., Fall]] = {
    "interesse_neu": neues,
    "anschluss": anschluss,
    "ablauf": laeuft_ab,
    "bestaetigung": zu_bestaetigen,
    "projektidee": projektidee,
    "konstellation": konstellation,
}


@pytest.fixture
def bauen(kommune: Kommune, andere_kommune: Kommune) -> Callable[..., Fall]:
    """Return what makes a case of this Anlass; the one that it concerns is the head where it must be."""

    def machen(anlass: str, **felder: Any) -> Fall:
        konto = KontoFactory(kommune=kommune, buergermeister=anlass == "bestaetigung")
        return ANLAESSE[anlass](konto, andere_kommune, **felder)

    return machen


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


def test_joining_that_is_told_is_not_told_again_as_a_new_declaration(bauen: Callable[..., Fall], uhr: Any) -> None:
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


# --- what may no longer be told ---------------------------------------------------------------------------------------
def zurueckziehen(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(
        status=InteresseStatus.ZURUECKGEZOGEN, zurueckgezogen_am=HEUTE, grund="Anders entschieden."
    )


def eigenes_zurueckziehen(fall: Fall) -> None:
    assert fall.eigenes
    zurueckziehen(Fall(fall.konto, fall.meldung, fall.eigenes))


def vergehen(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(gueltig_bis=HEUTE - TAG)


def wieder_unbestaetigt(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(bestaetigung_noetig=True)


def wieder_entwurf(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(status=InteresseStatus.ENTWURF, abgegeben_am=None)


def bestaetigen(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(status=InteresseStatus.BESTAETIGT)


def verlaengern(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(gueltig_bis=date(2026, 4, 10))


def aendern(fall: Fall) -> None:
    InteressenaenderungFactory(interesse=fall.interesse)


def deaktivieren(fall: Fall) -> None:
    konten.deaktivieren(konto=fall.konto, durch=KontoFactory(geschaeftsstelle=True), jetzt=MONTAG)


def versetzen(fall: Fall) -> None:
    Konto.objects.filter(pk=fall.konto.pk).update(kommune=KontoFactory().kommune)


def nur_noch_lesen(fall: Fall) -> None:
    Konto.objects.filter(pk=fall.konto.pk).update(rolle=Rolle.LESEN)


def nur_noch_kontakt(fall: Fall) -> None:
    Konto.objects.filter(pk=fall.konto.pk).update(rolle=Rolle.KONTAKT)


def nicht_mehr_beobachten(fall: Fall) -> None:
    fall.konto.beobachtungen.all().delete()


def abbestellen(fall: Fall) -> None:
    MeldewunschFactory(konto=fall.konto, anlass=fall.meldung.anlass, rhythmus=Rhythmus.NIE)


def ohne_starthilfe(fall: Fall) -> None:
    fall.interesse.starthilfen.all().delete()


def loeschen(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).delete()


UEBERALL = (deaktivieren, abbestellen)
FAELLE = {
    "interesse_neu": (zurueckziehen, vergehen, wieder_unbestaetigt, wieder_entwurf, nicht_mehr_beobachten, loeschen),
    "anschluss": (
        *(zurueckziehen, vergehen, wieder_unbestaetigt, wieder_entwurf, loeschen),
        *(eigenes_zurueckziehen, versetzen, nur_noch_lesen),
    ),
    "ablauf": (zurueckziehen, vergehen, verlaengern, wieder_entwurf, versetzen, nur_noch_lesen, loeschen),
    "bestaetigung": (zurueckziehen, vergehen, bestaetigen, aendern, versetzen, nur_noch_kontakt, loeschen),
    "projektidee": (ohne_starthilfe, versetzen, nur_noch_lesen),
    "konstellation": (zurueckziehen, vergehen, wieder_unbestaetigt, versetzen, nur_noch_lesen),
}


@pytest.mark.parametrize(
    ("anlass", "geschehen"),
    [
        pytest.param(anlass, geschehen, id=f"{anlass}-{geschehen.__name__}")
        for anlass, eigene in FAELLE.items()
        for geschehen in (*eigene, *UEBERALL)
    ],
)
def test_what_may_no_longer_be_told_is_given_up_without_a_mail(
    bauen: Callable[..., Fall], anlass: str, geschehen: Callable[[Fall], None]
) -> None:
    fall = bauen(anlass)
    assert len(list(Meldung.objects.wartende())) == 1
    geschehen(fall)
    Meldung.objects.exclude(pk=fall.meldung.pk).delete()

    am_morgen()

    assert (briefe(), Meldung.objects.count()) == ([], 0)
    assert Lauf.objects.get(art=sammlung.SAMMELN).status == LaufStatus.FERTIG


@pytest.mark.parametrize("anlass", ANLAESSE)
def test_what_may_be_told_is(bauen: Callable[..., Fall], anlass: str) -> None:
    """The other half of the table above: without what happened there, there is a mail."""
    fall = bauen(anlass)

    am_morgen()

    assert [an for an, _ in briefe()] == [fall.konto.email]


def test_what_was_given_up_is_told_when_it_counts_again(uhr: Any, kommune: Kommune, kontakt: Konto) -> None:
    """Changed before it was told, it waits for the head; confirmed, it is news."""
    spitze = KontoFactory(kommune=kommune, buergermeister=True)
    fall = neues(KontoFactory(lesend=True), kommune)
    wieder_unbestaetigt(fall)
    melden(fall.konto)
    fall.interesse.refresh_from_db()

    bestaetigung.bestaetigen(interesse=fall.interesse, version=fall.interesse.version, durch=spitze, heute=HEUTE)

    nachricht = melden(fall.konto)
    assert nachricht
    assert nachricht.betreff == "Neues Interesse: Musterstadt, Bauhof"


def test_deputy_is_asked_while_the_deputyship_lasts(uhr: Any, kommune: Kommune, andere_kommune: Kommune) -> None:
    spitze = KontoFactory(kommune=kommune, buergermeister=True)
    vertreter = KontoFactory(kommune=kommune)
    vertretung = VertretungFactory(vertretener=spitze, vertreter=vertreter)
    fall = zu_bestaetigen(vertreter, andere_kommune)
    vertretung.bis = HEUTE + TAG
    vertretung.save()

    uhr.move_to(MONTAG + TAG)
    assert melden(vertreter) is None
    assert not Meldung.objects.filter(pk=fall.meldung.pk).exists()


# --- the own act ------------------------------------------------------------------------------------------------------
def test_author_is_not_told_of_the_own_declaration(kontakt: Konto, fremder_kontakt: Konto) -> None:
    feld = AufgabenfeldFactory()
    for konto in (kontakt, fremder_kontakt):
        BeobachtungFactory(konto=konto, aufgabenfeld=feld)
    angaben = interessen.Angaben(
        art="kooperationswille", aufgabenfeld=feld, kooperationsfeld=None, stufe="interesse", wofuer="Mehr Kraft."
    )

    interessen.abgeben(kommune=kontakt.kommune, angaben=angaben, durch=kontakt, heute=HEUTE)

    assert list(Meldung.objects.values_list("konto", flat=True)) == [fremder_kontakt.pk]


def test_head_is_not_told_of_what_it_has_just_confirmed(
    kontakt: Konto, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    BestaetigungspflichtFactory(kommune=kontakt.kommune)
    feld = AufgabenfeldFactory()
    for konto in (kontakt, buergermeister, fremder_kontakt):
        BeobachtungFactory(konto=konto, aufgabenfeld=feld)
    interesse = InteressenbekundungFactory(
        kommune=kontakt.kommune, aufgabenfeld=feld, durch=kontakt, bestaetigung_noetig=True
    )

    bestaetigung.bestaetigen(interesse=interesse, version=interesse.version, durch=buergermeister, heute=HEUTE)

    assert list(Meldung.objects.values_list("konto", flat=True)) == [fremder_kontakt.pk]


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


def test_each_is_told_in_the_rhythm_of_the_own_choice(uhr: Any, leser: Callable[[Rhythmus], Konto]) -> None:
    uhr.move_to(MONTAG + 2 * TAG)
    Lauf.objects.create(art=sammlung.SAMMELN, schluessel="2026-03-16", status=LaufStatus.FERTIG, beendet_am=MONTAG)
    konten_je = {rhythmus: leser(rhythmus) for rhythmus in Rhythmus}
    gesagt: dict[str, datetime] = {}

    sofort()
    for tage in range(7):
        gesagt |= {an: timezone.now() for an, _ in briefe() if an not in gesagt}
        uhr.move_to(MONTAG + (2 + tage) * TAG + timedelta(hours=1))
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
    Lauf.objects.filter(pk=erster.pk).update(
        status=LaufStatus.FEHLGESCHLAGEN, fehler="Abgewiesen.", beendet_am=MONTAG
    )

    tasks.meldungen_sofort(zweiter.pk)

    assert len(briefe()) == 2


def test_beat_asks_twice_and_it_is_done_once(leser: Callable[[Rhythmus], Konto]) -> None:
    leser(Rhythmus.TAEGLICH)
    am_morgen()
    leser(Rhythmus.TAEGLICH)
    am_morgen()

    assert (len(briefe()), Lauf.objects.filter(art=sammlung.SAMMELN).count()) == (1, 1)


def test_week_whose_monday_failed_is_told_on_the_next_day(uhr: Any, leser: Callable[[Rhythmus], Konto]) -> None:
    leser(Rhythmus.WOECHENTLICH)
    uhr.move_to(MONTAG + TAG)

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
    bauen: Callable[..., Fall], monkeypatch: pytest.MonkeyPatch, uhr: Any
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
    uhr.move_to(MONTAG + ablauf.SPAETER)
    tasks.meldungen_sammeln(lauf.pk)

    assert [an for an, _ in briefe()] == [anderer.konto.email, fall.konto.email]


@pytest.mark.django_db(transaction=True)
def test_eight_runs_at_once_send_one_mail_to_each(uhr: Any) -> None:
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
