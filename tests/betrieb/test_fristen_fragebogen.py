"""Who answered in a survey round is forgotten a year after it, in the record too; what was answered stays."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bestandsaufnahme.auswahl import Aussage, Entscheidung, ErhebungStatus, ErinnerungAnlass, FragebogenStatus
from bestandsaufnahme.models import Bestaetigung, Erhebung, Erinnerung, Fragebogen, Fragebogenantwort, Pruefung
from ikz_portal.basis import protokoll, verlauf
from ikz_portal.basis.models import Aenderung, Statuswechsel
from ikz_portal.betrieb.fristen_fragebogen import abgelaufene
from kommunen.models import Kommune, Konto
from tests.betrieb.fristen import BEGINN, anwenden, tage
from tests.fabriken.bestandsaufnahme import (
    BestaetigungFactory,
    ErhebungFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
    KooperationFactory,
)
from tests.fabriken.kommunen import KontoFactory

pytestmark = pytest.mark.django_db
NUMMER = 987654321  # of a Konto: nothing else in the database has this number
ENDE = BEGINN.date()
GELOEST = [
    "1 Fragebogen von der Person gelöst",
    "1 Antwort im Fragebogen von der Person gelöst",
    "1 Prüfung einer Antwort von der Person gelöst",
    "1 Erinnerung von der Person gelöst",
    "1 Bestätigung einer Kooperation von der Person gelöst",
    "2 Statuswechsel von Fragebögen von der Person gelöst",
]


def geschlossen(runde: Erhebung, am: date = ENDE) -> Erhebung:
    """Close the round on that day."""
    runde.status = ErhebungStatus.ABGESCHLOSSEN
    runde.save()
    Statuswechsel.objects.create(objekt=runde, von="auswertung", nach="abgeschlossen", gueltig_ab=am)
    return runde


def beantwortet(runde: Erhebung, kommune: Kommune, person: Konto, *, fuer: Konto | None = None) -> Fragebogen:
    """Let this person do all that can be done with a Fragebogen."""
    kooperation = KooperationFactory()
    with protokoll.umstaende(quelle="/bestandsaufnahme/erhebungen/1/06433007/", konto=person.pk):
        if fuer is not None:
            protokoll.in_vertretung(fuer.pk)
        bogen = FragebogenFactory(erhebung=runde, kommune=kommune, stelle="Hauptamt")
        antwort = FragebogenantwortFactory(fragebogen=bogen, kooperation=kooperation, zustaendig=person)
        antwort.aussage, antwort.bearbeitet_durch, antwort.bearbeitet_am = Aussage.GILT_NOCH, person, BEGINN
        antwort.save()
        Erinnerung.objects.create(fragebogen=bogen, anlass=ErinnerungAnlass.VON_HAND, am=ENDE, durch=person)
        bogen.status, bogen.freigegeben_am = FragebogenStatus.FREIGEGEBEN, BEGINN
        bogen.freigegeben_durch, bogen.freigegeben_fuer = person, fuer
        bogen.save()
        Pruefung.objects.create(antwort=antwort, entscheidung=Entscheidung.ANGENOMMEN, durch=person)
        BestaetigungFactory(kooperation=kooperation, kommune=kommune, erhebung=runde, durch=person, fuer=fuer)
        for nach in ("in_bearbeitung", "freigegeben"):
            Statuswechsel.objects.create(objekt=bogen, nach=nach, gueltig_ab=ENDE, durch=person, fuer=fuer)
    return bogen


def stellen(nummer: int) -> set[str]:
    """Return the tables of the whole database in which any column tells this number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        tabellen = [name for (name,) in cursor.fetchall()]
        gefunden = set()
        for tabelle in tabellen:
            cursor.execute(f'SELECT count(*) FROM "{tabelle}" AS zeile WHERE zeile::text LIKE %s', [f"%{nummer}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                gefunden.add(tabelle)
    return gefunden


def eigenes(nummer: int) -> None:
    """Take away what is about the Konto itself and not about what it did."""
    Konto.objects.filter(pk=nummer).delete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ikz.fristen = 'ja'")
        Aenderung.objects.filter(tabelle__in=["kommunen_konto", "account_emailaddress"]).delete()


@pytest.fixture
def runde() -> Erhebung:
    return ErhebungFactory(laufend=True, name="Erhebung 2024", frist=ENDE)


@pytest.fixture
def person(kommune: Kommune) -> Konto:
    return KontoFactory(pk=NUMMER, kommune=kommune)


# --- when -------------------------------------------------------------------------------------------------------------
def test_persons_are_forgotten_a_year_after_the_round_was_closed(
    uhr: Callable[[timedelta], None], runde: Erhebung, kommune: Kommune, person: Konto
) -> None:
    bogen = beantwortet(geschlossen(runde), kommune, person)

    uhr(tage(364))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(365))
    zeilen = anwenden()

    assert zeilen[:6] == GELOEST
    assert zeilen[6].endswith("Einträge im Protokoll über Fragebögen von der Person gelöst")
    bogen.refresh_from_db()
    assert (bogen.freigegeben_durch, bogen.stelle, bogen.freigegeben_am) == (None, "Hauptamt", BEGINN)


def test_search_through_all_columns_finds_the_person_no_more(
    uhr, runde: Erhebung, kommune: Kommune, person: Konto
) -> None:
    beantwortet(geschlossen(runde), kommune, person, fuer=person)
    betroffene = {"basis_aenderung", "basis_statuswechsel"} | {
        f"bestandsaufnahme_{name}"
        for name in ("fragebogen", "fragebogenantwort", "pruefung", "erinnerung", "bestaetigung")
    }
    assert betroffene < stellen(NUMMER)

    uhr(tage(365))
    anwenden()
    eigenes(NUMMER)

    assert stellen(NUMMER) == set()


def test_deputy_is_forgotten_too(uhr, runde: Erhebung, kommune: Kommune, person: Konto, buergermeister: Konto) -> None:
    beantwortet(geschlossen(runde), kommune, buergermeister, fuer=person)

    uhr(tage(365))
    anwenden()
    eigenes(NUMMER)

    assert stellen(NUMMER) == set()


def test_record_of_answers_that_were_deleted_forgets_too(uhr, runde: Erhebung, kommune: Kommune, person: Konto) -> None:
    bogen = FragebogenFactory(erhebung=geschlossen(runde), kommune=kommune)
    kooperation = KooperationFactory()
    with protokoll.umstaende(quelle="/x/", konto=person.pk):
        antwort = FragebogenantwortFactory(fragebogen=bogen, kooperation=kooperation, bearbeitet_durch=person)
        Pruefung.objects.create(antwort=antwort, entscheidung=Entscheidung.ANGENOMMEN, durch=person)
        antwort.delete()
        bogen.delete()

    uhr(tage(365))
    anwenden()
    eigenes(NUMMER)

    assert stellen(NUMMER) == set()


def test_round_that_runs_keeps_its_persons(uhr, kommune: Kommune, person: Konto) -> None:
    beantwortet(ErhebungFactory(laufend=True, frist=ENDE + tage(30)), kommune, person)

    uhr(tage(365))
    assert anwenden() == ["Nichts fällig."]


def test_other_round_keeps_its_persons(uhr, runde: Erhebung, kommune: Kommune, person: Konto) -> None:
    geschlossen(runde)
    spaetere = geschlossen(ErhebungFactory(laufend=True), ENDE + tage(1))
    bogen = beantwortet(spaetere, kommune, person)
    ausserhalb = BestaetigungFactory(kommune=kommune, durch=person)

    uhr(tage(365))
    assert anwenden() == ["Nichts fällig."]

    bogen.refresh_from_db()
    ausserhalb.refresh_from_db()
    assert (bogen.freigegeben_durch, ausserhalb.durch) == (person, person)


def test_confirmation_outside_of_a_round_keeps_who_it_was(
    uhr, runde: Erhebung, kommune: Kommune, person: Konto
) -> None:
    beantwortet(geschlossen(runde), kommune, person)
    ausserhalb = BestaetigungFactory(kommune=kommune, durch=person)

    uhr(tage(365))
    anwenden()

    ausserhalb.refresh_from_db()
    assert ausserhalb.durch == person
    assert Bestaetigung.objects.get(erhebung=runde).durch is None


@pytest.mark.parametrize(
    ("werte", "zu_ende"),
    [
        ({"ende": date(2024, 5, 31), "ende_genauigkeit": "tag", "frist": date(2024, 4, 30)}, date(2024, 5, 31)),
        ({"ende": date(2024, 5, 31), "ende_genauigkeit": "tag", "frist": date(2024, 7, 1)}, date(2024, 7, 1)),
        ({"ende": date(2024, 1, 1), "ende_genauigkeit": "jahr", "stichtag": date(2024, 9, 30)}, date(2024, 9, 30)),
        ({"ruecklauf_bis": date(2024, 6, 1), "frist": date(2024, 4, 30)}, date(2024, 6, 1)),
        ({"stichtag": date(2024, 3, 1)}, date(2024, 3, 1)),
    ],
    ids=["Ende", "Frist nach dem Ende", "Ende nur als Jahr bekannt", "Rücklauf", "nur der Stichtag"],
)
def test_round_without_a_day_of_closing_ends_on_the_last_day_it_names(werte: dict, zu_ende: date) -> None:
    runde = ErhebungFactory(**werte)
    mittags = BEGINN.replace(year=zu_ende.year, month=zu_ende.month, day=zu_ende.day) + tage(365)

    assert list(abgelaufene(mittags - tage(1))) == []
    assert list(abgelaufene(mittags)) == [runde]


def test_day_of_closing_counts_and_not_what_was_planned() -> None:
    runde = geschlossen(ErhebungFactory(laufend=True, frist=date(2020, 1, 1)))

    assert list(abgelaufene(BEGINN + tage(364))) == []
    assert list(abgelaufene(BEGINN + tage(365))) == [runde]


def test_period_is_a_setting(uhr, settings, runde: Erhebung, kommune: Kommune, person: Konto) -> None:
    settings.FRISTEN = {**settings.FRISTEN, "fragebogen": 10}
    beantwortet(geschlossen(runde), kommune, person)

    uhr(tage(9))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(10))
    assert anwenden()[:6] == GELOEST


# --- how --------------------------------------------------------------------------------------------------------------
def test_second_run_finds_nothing(uhr, runde: Erhebung, kommune: Kommune, person: Konto) -> None:
    beantwortet(geschlossen(runde), kommune, person)
    uhr(tage(365))
    anwenden()

    assert anwenden() == ["Nichts fällig."]


def test_dry_run_counts_and_changes_nothing(uhr, runde: Erhebung, kommune: Kommune, person: Konto) -> None:
    bogen = beantwortet(geschlossen(runde), kommune, person)
    vorher = stellen(NUMMER)
    uhr(tage(365))

    zeilen = anwenden("--trocken")

    assert zeilen[0] == "1 Fragebogen würde von der Person gelöst"
    assert zeilen[5] == "2 Statuswechsel von Fragebögen würden von der Person gelöst"
    assert len(zeilen) == 7
    assert stellen(NUMMER) == vorher
    bogen.refresh_from_db()
    assert bogen.freigegeben_durch == person


def test_what_was_answered_and_when_stays(uhr, runde: Erhebung, kommune: Kommune, person: Konto) -> None:
    bogen = beantwortet(geschlossen(runde), kommune, person)
    uhr(tage(365))
    anwenden()

    antwort = Fragebogenantwort.objects.get(fragebogen=bogen)
    assert (antwort.aussage, antwort.bearbeitet_am, antwort.bearbeitet_durch) == (Aussage.GILT_NOCH, BEGINN, None)
    wechsel = Statuswechsel.objects.filter(objekt_id=bogen.pk).exclude(nach="abgeschlossen")
    assert {(zeile.nach, zeile.gueltig_ab) for zeile in wechsel} == {("in_bearbeitung", ENDE), ("freigegeben", ENDE)}
    anlage = Aenderung.objects.get(tabelle="bestandsaufnahme_fragebogen", art="anlage")
    assert (anlage.stand["stelle"], anlage.stand["freigegeben_durch_id"]) == ("Hauptamt", None)


def test_record_says_that_the_person_is_no_longer_known(uhr, runde: Erhebung, kommune: Kommune, person: Konto) -> None:
    beantwortet(geschlossen(runde), kommune, person)
    uhr(tage(365))
    anwenden()

    eintraege = Aenderung.objects.filter(tabelle="bestandsaufnahme_fragebogenantwort", quelle__startswith="/")
    vorgaenge = verlauf.vorgaenge(eintraege.select_related("konto", "fuer"))
    assert {vorgang.wer for vorgang in vorgaenge} == {"nicht mehr bekannt"}
    felder = {zeile.feld for vorgang in vorgaenge for eintrag in vorgang.eintraege for zeile in eintrag.felder}
    assert "Aussage" in felder
    assert {"Zuständig", "Bearbeitet durch"} & felder == set()


def test_restore_is_put_right_by_the_dates_alone(uhr, runde: Erhebung, kommune: Kommune, person: Konto) -> None:
    bogen = beantwortet(geschlossen(runde), kommune, person)
    uhr(tage(365))
    anwenden()
    Fragebogen.objects.filter(pk=bogen.pk).update(freigegeben_durch=person)

    uhr(tage(500))
    anwenden()
    eigenes(NUMMER)

    assert stellen(NUMMER) == set()


# --- a Statuswechsel never changes otherwise --------------------------------------------------------------------------
@pytest.fixture
def wechsel(kontakt: Konto) -> Statuswechsel:
    return Statuswechsel.objects.create(objekt=KooperationFactory(), nach="x", gueltig_ab=ENDE, durch=kontakt)


def test_statuswechsel_forgets_a_person_by_that_door_alone(wechsel: Statuswechsel) -> None:
    zeilen = Statuswechsel.objects.filter(pk=wechsel.pk)

    with pytest.raises(IntegrityError, match="wird nie geaendert"), transaction.atomic():
        zeilen.update(durch=None)
    assert protokoll.nach_frist_aendern(zeilen, durch=None) == 1
    assert zeilen.get().durch is None


@pytest.mark.parametrize("werte", [{"nach": "y"}, {"durch": None, "grund": "anders"}, {"gueltig_ab": date(2020, 1, 1)}])
def test_statuswechsel_keeps_what_it_says_by_that_door_too(wechsel: Statuswechsel, werte: dict) -> None:
    with pytest.raises(IntegrityError, match="wird nie geaendert"), transaction.atomic():
        protokoll.nach_frist_aendern(Statuswechsel.objects.filter(pk=wechsel.pk), **werte)


def test_statuswechsel_gets_no_other_person_by_that_door(wechsel: Statuswechsel, buergermeister: Konto) -> None:
    with pytest.raises(IntegrityError, match="wird nie geaendert"), transaction.atomic():
        protokoll.nach_frist_aendern(Statuswechsel.objects.filter(pk=wechsel.pk), durch=buergermeister)


def test_statuswechsel_is_not_deleted_by_that_door(wechsel: Statuswechsel) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ikz.fristen = 'ja'")
    with pytest.raises(IntegrityError, match="wird nie geaendert"), transaction.atomic():
        wechsel.delete()
