"""Answers change the matrix only when they are taken over, all of them or none."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from bestandsaufnahme.ablaeufe import beteiligung, kooperation, pruefung
from bestandsaufnahme.auswahl import (
    Aussage,
    BeteiligungStatus,
    Entscheidung,
    ErhebungStatus,
    FragebogenStatus,
    Rechtsform,
)
from bestandsaufnahme.models import (
    Bestaetigung,
    Beteiligung,
    Erhebung,
    Fragebogen,
    Kooperation,
    Kooperationsstand,
)
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Aenderung, Postausgang, Statuswechsel
from tests.bestandsaufnahme.pruefhilfen import (
    BISHER,
    GRUND,
    HEUTE,
    SEIT,
    STICHTAG,
    abschliessen,
    alles,
    antwort,
    beteiligt,
    bogen,
    entscheiden,
    freigeben,
    neu,
    runde,
    spannen,
    uebernehmen,
)
from tests.fabriken.bestandsaufnahme import (
    HemmnisFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory

pytestmark = pytest.mark.django_db


# --- a Kooperation of the matrix --------------------------------------------------------------------------------------
def test_answers_change_the_matrix_only_when_taken_over_and_the_change_shows_round_and_author(
    kommune, buergermeister, geschaeftsstelle
):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand)
    fragebogen = bogen(kommune)
    eine = antwort(fragebogen, Aussage.GEAENDERT, gegenstand, status="besteht", rolle="federfuehrend")
    freigeben(fragebogen, buergermeister)
    entscheiden(eine, geschaeftsstelle)
    assert spannen(kommune, gegenstand) == [BISHER]
    abschliessen(fragebogen, geschaeftsstelle)
    assert spannen(kommune, gegenstand) == [BISHER]
    with protokoll.umstaende(quelle="/pruefung/", konto=geschaeftsstelle.pk):
        uebernehmen(fragebogen, geschaeftsstelle)
    assert spannen(kommune, gegenstand) == [
        (SEIT, STICHTAG, "besteht", "beteiligt", None),
        (STICHTAG, None, "besteht", "federfuehrend", "Erhebung 2026"),
    ]
    assert Beteiligung.objects.get(gilt_ab=SEIT).beendet_durch == fragebogen.erhebung
    bestaetigung = Bestaetigung.objects.get()
    assert (bestaetigung.kommune, bestaetigung.am, bestaetigung.durch) == (kommune, STICHTAG, buergermeister)
    assert bestaetigung.erhebung == fragebogen.erhebung
    eintrag = Aenderung.objects.von(gegenstand).filter(stand__rolle="federfuehrend").get()
    assert (eintrag.konto, eintrag.quelle) == (geschaeftsstelle, "/pruefung/")
    wechsel = Statuswechsel.objects.filter(nach=FragebogenStatus.UEBERNOMMEN).get()
    assert (wechsel.von, wechsel.durch, wechsel.gueltig_ab) == ("geprueft", geschaeftsstelle, HEUTE)


def test_gilt_noch_confirms_and_leaves_the_span(kommune, buergermeister, geschaeftsstelle):
    vertretene = KontoFactory(kommune=kommune)
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand, status=BeteiligungStatus.UNBEKANNT)
    fragebogen = bogen(kommune)
    antwort(fragebogen, Aussage.GILT_NOCH, gegenstand)
    freigeben(fragebogen, vertretene, buergermeister)
    alles(fragebogen, geschaeftsstelle)
    assert spannen(kommune, gegenstand) == [(SEIT, None, "unbekannt", "beteiligt", None)]
    bestaetigung = Bestaetigung.objects.get()
    assert (bestaetigung.durch, bestaetigung.fuer) == (vertretene, buergermeister)


def test_gilt_noch_adjusted_changes_the_part_and_confirms(kommune, geschaeftsstelle):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand)
    fragebogen = bogen(kommune)
    antwort(fragebogen, Aussage.GILT_NOCH, gegenstand)
    freigeben(fragebogen)
    werte = {"ab": "2026-06-30", "status": "besteht", "rolle": "leistungsempfaenger", "vorgesehen_bis": None}
    alles(fragebogen, geschaeftsstelle, entscheidung=Entscheidung.ANGEPASST, werte=werte)
    assert spannen(kommune, gegenstand)[-1] == (STICHTAG, None, "besteht", "leistungsempfaenger", "Erhebung 2026")
    assert Bestaetigung.objects.count() == 1


def test_geaendert_from_another_day(kommune, geschaeftsstelle):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand)
    fragebogen = bogen(kommune)
    antwort(fragebogen, Aussage.GEAENDERT, gegenstand, rolle="federfuehrend", ab=date(2025, 1, 1))
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle)
    assert [spanne[0] for spanne in spannen(kommune, gegenstand)] == [SEIT, date(2025, 1, 1)]


@pytest.mark.parametrize(("angenommen", "bezeichnung", "staende"), [(True, "Neuer Name", 1), (False, "Alter Name", 0)])
def test_a_changed_description_counts_only_where_that_part_was_accepted(
    kommune, geschaeftsstelle, angenommen, bezeichnung, staende
):
    gegenstand = KooperationFactory(bezeichnung="Alter Name", rechtsform=Rechtsform.KAG)
    beteiligt(kommune, gegenstand)
    fragebogen = bogen(kommune)
    antwort(fragebogen, Aussage.GEAENDERT, gegenstand, bezeichnung="Neuer Name", rolle="federfuehrend")
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle, werte={"beschreibung": angenommen})
    gegenstand.refresh_from_db()
    assert (gegenstand.bezeichnung, gegenstand.rechtsform) == (bezeichnung, Rechtsform.KAG)
    assert Kooperationsstand.objects.filter(bis=STICHTAG, erhebung=fragebogen.erhebung).count() == staende
    assert spannen(kommune, gegenstand)[-1][3] == "federfuehrend"
    erwartet = Entscheidung.ANGENOMMEN if angenommen else Entscheidung.ANGEPASST
    assert fragebogen.antworten.get().pruefung.entscheidung == erwartet


def test_beendet_leaves_with_the_day_before(kommune, andere_kommune, geschaeftsstelle):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand)
    beteiligt(andere_kommune, gegenstand)
    fragebogen = bogen(kommune)
    antwort(fragebogen, Aussage.BEENDET, gegenstand, ab=date(2026, 1, 1))
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle)
    assert [spanne[1] for spanne in spannen(kommune, gegenstand)] == [date(2026, 1, 1)]
    assert spannen(andere_kommune, gegenstand) == [BISHER]
    assert Beteiligung.objects.get(kommune=kommune).beendet_durch == fragebogen.erhebung
    assert Bestaetigung.objects.count() == 0


def test_the_last_one_may_end_the_whole_kooperation(kommune, geschaeftsstelle):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand)
    fragebogen = bogen(kommune)
    antwort(fragebogen, Aussage.BEENDET, gegenstand)
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle, werte={"kooperation_beenden": True})
    gegenstand.refresh_from_db()
    assert gegenstand.bis == date(2026, 6, 29)


def test_a_kooperation_in_which_others_stay_is_not_ended(kommune, andere_kommune, geschaeftsstelle):
    gegenstand = KooperationFactory(bezeichnung="Postverbund")
    beteiligt(kommune, gegenstand)
    beteiligt(andere_kommune, gegenstand)
    fragebogen = bogen(kommune)
    antwort(fragebogen, Aussage.BEENDET, gegenstand)
    freigeben(fragebogen)
    with pytest.raises(ValidationError, match="„Postverbund“: An der Kooperation sind noch andere beteiligt"):
        alles(fragebogen, geschaeftsstelle, werte={"kooperation_beenden": True})


def test_what_was_planned_may_fail_as_a_whole(kommune, geschaeftsstelle):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand, status=BeteiligungStatus.VORGESEHEN)
    hemmnis = HemmnisFactory()
    fragebogen = bogen(kommune)
    angaben = {"jahr": "2025", "grund": "Kein Beschluss.", "hemmnisse": [hemmnis.kuerzel]}
    antwort(fragebogen, Aussage.GEAENDERT, gegenstand, status="erwogen", rolle="beteiligt", angaben=angaben)
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle, werte={"kooperation_scheitert": True})
    gegenstand.refresh_from_db()
    assert (gegenstand.gescheitert_jahr, gegenstand.gescheitert_grund) == (2025, "Kein Beschluss.")
    assert list(gegenstand.hemmnisse.all()) == [hemmnis]
    assert spannen(kommune, gegenstand)[-1][2] == "erwogen"
    assert Bestaetigung.objects.count() == 0


# --- refused as a whole -----------------------------------------------------------------------------------------------
@pytest.fixture
def gepruefter(kommune, geschaeftsstelle) -> Fragebogen:
    """Two Kooperationen that are confirmed, the first would change too; all is decided."""
    fragebogen = bogen(kommune)
    for name in ("Postverbund", "Rechtsamt"):
        gegenstand = KooperationFactory(bezeichnung=name)
        beteiligt(kommune, gegenstand)
        antwort(fragebogen, Aussage.GEAENDERT, gegenstand, rolle="federfuehrend")
    freigeben(fragebogen)
    for eine in fragebogen.antworten.all():
        entscheiden(eine, geschaeftsstelle)
    return abschliessen(fragebogen, geschaeftsstelle)


def unveraendert(fragebogen: Fragebogen) -> None:
    fragebogen.refresh_from_db()
    assert fragebogen.status == FragebogenStatus.GEPRUEFT
    assert Beteiligung.objects.filter(rolle="federfuehrend").count() == 0
    assert Bestaetigung.objects.count() == 0
    assert Postausgang.objects.count() == 0


def test_a_mark_that_is_gone_meanwhile_refuses_the_whole(gepruefter, kommune, geschaeftsstelle):
    rechtsamt = Kooperation.objects.get(bezeichnung="Rechtsamt")
    beteiligung.beenden(kooperation=rechtsamt, kommune=kommune, letzter_tag=date(2026, 5, 31), durch=geschaeftsstelle)
    with pytest.raises(
        ValidationError, match=r"„Rechtsamt“: Musterstadt ist am 30\.06\.2026 nicht an der"
    ) as abgelehnt:
        uebernehmen(gepruefter, geschaeftsstelle)
    assert "Postverbund" not in str(abgelehnt.value)
    unveraendert(gepruefter)


def test_a_kooperation_that_ended_meanwhile_refuses_the_whole(gepruefter, geschaeftsstelle):
    rechtsamt = Kooperation.objects.get(bezeichnung="Rechtsamt")
    kooperation.beenden(kooperation=rechtsamt, letzter_tag=date(2026, 8, 31), durch=geschaeftsstelle)
    with pytest.raises(ValidationError, match="„Rechtsamt“: Die Matrix wurde seit der Entscheidung geändert"):
        uebernehmen(gepruefter, geschaeftsstelle)
    unveraendert(gepruefter)


def test_a_decision_that_is_outdated_can_be_made_anew(gepruefter, kommune, geschaeftsstelle):
    rechtsamt = Kooperation.objects.get(bezeichnung="Rechtsamt")
    kooperation.beenden(kooperation=rechtsamt, letzter_tag=date(2026, 8, 31), durch=geschaeftsstelle)
    pruefung.wieder_oeffnen(fragebogen=gepruefter, durch=geschaeftsstelle, heute=HEUTE)
    with pytest.raises(ValidationError, match="Noch zu entscheiden: „Rechtsamt“"):
        abschliessen(gepruefter, geschaeftsstelle)
    eine = gepruefter.antworten.get(kooperation=rechtsamt)
    entscheiden(eine, geschaeftsstelle, version=1, entscheidung=Entscheidung.ABGELEHNT, grund=GRUND)
    abschliessen(gepruefter, geschaeftsstelle)
    uebernehmen(gepruefter, geschaeftsstelle)
    assert spannen(kommune, rechtsamt) == [(SEIT, date(2026, 9, 1), "besteht", "beteiligt", None)]


def test_a_refusal_in_the_middle_undoes_what_was_before(kommune, andere_kommune, geschaeftsstelle):
    """The second answer fails in the operation itself; the first was written by then."""
    fragebogen = bogen(kommune)
    for name, aussage in (("Postverbund", Aussage.GEAENDERT), ("Rechtsamt", Aussage.BEENDET)):
        gegenstand = KooperationFactory(bezeichnung=name)
        beteiligt(kommune, gegenstand)
        beteiligt(andere_kommune, gegenstand)
        antwort(fragebogen, aussage, gegenstand, rolle="federfuehrend" if aussage == Aussage.GEAENDERT else "")
    freigeben(fragebogen)
    for eine in fragebogen.antworten.all():
        entscheiden(eine, geschaeftsstelle, werte={"kooperation_beenden": eine.aussage == Aussage.BEENDET})
    abschliessen(fragebogen, geschaeftsstelle)
    with pytest.raises(ValidationError, match=r"„Rechtsamt“: An der Kooperation sind noch andere.*nichts übernommen"):
        uebernehmen(fragebogen, geschaeftsstelle)
    unveraendert(fragebogen)


@pytest.mark.parametrize("status", [FragebogenStatus.FREIGEGEBEN, FragebogenStatus.UEBERNOMMEN])
def test_only_an_examined_one_is_taken_over(gepruefter, geschaeftsstelle, status):
    Fragebogen.objects.filter(pk=gepruefter.pk).update(status=status)
    satz = "ist schon übernommen" if status == FragebogenStatus.UEBERNOMMEN else "nur ein geprüfter Fragebogen"
    with pytest.raises(ValidationError, match=satz):
        uebernehmen(gepruefter, geschaeftsstelle)
    assert Bestaetigung.objects.count() == 0


def test_taking_over_twice_is_refused(gepruefter, geschaeftsstelle):
    uebernehmen(gepruefter, geschaeftsstelle)
    with pytest.raises(ValidationError, match="Der Fragebogen von Musterstadt ist schon übernommen"):
        uebernehmen(gepruefter, geschaeftsstelle)


def test_a_closed_round_is_not_taken_over(gepruefter, geschaeftsstelle):
    Erhebung.objects.update(status=ErhebungStatus.ABGESCHLOSSEN)
    with pytest.raises(ValidationError, match="ist abgeschlossen"):
        uebernehmen(gepruefter, geschaeftsstelle)
    unveraendert(gepruefter)


# --- and then ---------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("fremder_kontakt")
def test_the_kommune_is_told(gepruefter, kontakt, buergermeister, geschaeftsstelle):
    eine = gepruefter.antworten.first()
    pruefung.wieder_oeffnen(fragebogen=gepruefter, durch=geschaeftsstelle, heute=HEUTE)
    entscheiden(eine, geschaeftsstelle, version=1, entscheidung=Entscheidung.ABGELEHNT, grund=GRUND)
    abschliessen(gepruefter, geschaeftsstelle)
    uebernehmen(gepruefter, geschaeftsstelle)
    post = Postausgang.objects.order_by("an")
    assert [eine.an for eine in post] == sorted([kontakt.email, buergermeister.email])
    assert "1 übernommen, 1 nicht übernommen" in post[0].text
    assert gepruefter.get_absolute_url() in post[0].text


def test_an_unanswered_fragebogen_of_a_refused_answer_changes_nothing(kommune, geschaeftsstelle):
    gegenstand = KooperationFactory()
    beteiligt(kommune, gegenstand)
    fragebogen = bogen(kommune)
    antwort(fragebogen, Aussage.BEENDET, gegenstand)
    freigeben(fragebogen)
    alles(fragebogen, geschaeftsstelle, entscheidung=Entscheidung.ABGELEHNT, grund=GRUND)
    assert spannen(kommune, gegenstand) == [BISHER]
    fragebogen.refresh_from_db()
    assert fragebogen.status == FragebogenStatus.UEBERNOMMEN


# --- at once, and killed in the middle --------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_it_over_once(gepruefter, geschaeftsstelle):
    def versuchen(_: int) -> str:
        try:
            uebernehmen(Fragebogen.objects.get(pk=gepruefter.pk), geschaeftsstelle)
        except ValidationError as fehler:
            return str(fehler.messages[0])
        return "übernommen"

    ausgaenge = sorted(gleichzeitig(versuchen, 4))
    assert ausgaenge == ["Der Fragebogen von Musterstadt ist schon übernommen."] * 3 + ["übernommen"]
    assert Bestaetigung.objects.count() == 2
    assert Statuswechsel.objects.filter(nach=FragebogenStatus.UEBERNOMMEN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_kommunen_of_a_round_at_once_make_one_new_kooperation(kommune, andere_kommune, geschaeftsstelle):
    feld, erhebung = KooperationsfeldFactory(), runde()
    boegen = [bogen(eine, erhebung) for eine in (kommune, andere_kommune)]
    for fragebogen in boegen:
        neu(fragebogen)
        freigeben(fragebogen)
        entscheiden(fragebogen.antworten.get(), geschaeftsstelle, werte={"kooperationsfeld": feld.pk})
        abschliessen(fragebogen, geschaeftsstelle)

    def versuchen(nummer: int) -> bool:
        try:
            uebernehmen(boegen[nummer], geschaeftsstelle)
        except ValidationError:
            return False
        return True

    assert sorted(gleichzeitig(versuchen, 2)) == [False, True]
    assert Kooperation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_done(gepruefter, kontakt, geschaeftsstelle, stirbt_bei_der_nachricht):
    def versuchen(_: int) -> str:
        try:
            uebernehmen(Fragebogen.objects.get(pk=gepruefter.pk), geschaeftsstelle)
        except OperationalError:
            return "tot"
        return "übernommen"

    assert gleichzeitig(versuchen, 1) == ["tot"]
    unveraendert(gepruefter)


@pytest.fixture
def stirbt_bei_der_nachricht() -> Iterator[None]:
    """Let the process be cut off from the database after everything is written, right before the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION sterben() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER sterben AFTER INSERT ON basis_postausgang FOR EACH ROW EXECUTE FUNCTION sterben()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION sterben() CASCADE")


def gleichzeitig(arbeit: Callable[[int], Any], anzahl: int) -> list[Any]:
    """Run it that many times in the same instant, each with a connection of its own."""
    gleichauf = Barrier(anzahl)

    def arbeiten(nummer: int) -> Any:
        gleichauf.wait(timeout=30)
        try:
            return arbeit(nummer)
        finally:
            connection.close()

    with ThreadPoolExecutor(anzahl) as laeufer:
        return list(laeufer.map(arbeiten, range(anzahl)))
