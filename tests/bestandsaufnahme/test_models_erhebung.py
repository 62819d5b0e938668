"""What the database itself keeps of rounds, questionnaires, publications and the time machine, also against raw SQL."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bestandsaufnahme.auswahl import (
    AUSSAGEN,
    AntwortArt,
    Aussage,
    BeteiligungStatus,
    Entscheidung,
    ErhebungStatus,
    FragebogenStatus,
    VeroeffentlichungArt,
    VeroeffentlichungStatus,
)
from bestandsaufnahme.models import Beteiligung, Fragebogen, Fragebogenantwort, Kooperationsstand, Pruefung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BestaetigungFactory,
    BeteiligungFactory,
    ErhebungFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
    KooperationFactory,
    VeroeffentlichungFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory

pytestmark = pytest.mark.django_db


def freigeben(fragebogen: Fragebogen) -> None:
    werte = {"status": FragebogenStatus.FREIGEGEBEN, "freigegeben_am": timezone.now()}
    Fragebogen.objects.filter(pk=fragebogen.pk).update(**werte)


# --- the time machine -------------------------------------------------------------------------------------------------


def test_spans_that_overlap_are_refused_in_raw_sql():
    erste = BeteiligungFactory(gilt_ab=date(2013, 6, 30), gilt_bis=date(2020, 1, 1))
    with (
        pytest.raises(IntegrityError, match="ueberschneidungsfrei"),
        transaction.atomic(),
        connection.cursor() as zeiger,
    ):
        zeiger.execute(
            "INSERT INTO bestandsaufnahme_beteiligung"
            " (kooperation_id, kommune_id, status, rolle, herkunft, gilt_ab) "
            "VALUES (%s, %s, 'besteht', 'beteiligt', 'fussnote', '2019-12-31')",
            [erste.kooperation_id, erste.kommune_id],
        )
    BeteiligungFactory(kooperation=erste.kooperation, kommune=erste.kommune, gilt_ab=date(2020, 1, 1))
    assert Beteiligung.objects.count() == 2


def test_what_a_round_ended_names_its_day():
    beteiligung = BeteiligungFactory()
    with pytest.raises(IntegrityError, match="beendet_mit_tag"), transaction.atomic():
        Beteiligung.objects.filter(pk=beteiligung.pk).update(beendet_durch=ErhebungFactory())


def test_ende_leaves_out_what_a_round_said_that_may_not_be_known():
    runde = ErhebungFactory(veroeffentlicht=False)
    BeteiligungFactory(gilt_ab=date(2013, 6, 30), gilt_bis=date(2020, 1, 1), beendet_durch=runde)
    danach = date(2021, 1, 1)
    assert Beteiligung.objects.mit_ende().am(danach).count() == 0
    assert Beteiligung.objects.mit_ende(ohne=[runde.pk]).am(danach).count() == 1
    assert Beteiligung.objects.am(danach).count() == 0


def test_a_kooperation_changes_once_from_a_day_on():
    kooperation = KooperationFactory()
    angaben = {"kooperation": kooperation, "bis": date(2020, 1, 1), "rechtsform": kooperation.rechtsform}
    Kooperationsstand.objects.create(**angaben, bezeichnung="So hieß sie")
    with pytest.raises(IntegrityError, match="tag_eindeutig"), transaction.atomic():
        Kooperationsstand.objects.create(**angaben, bezeichnung="Und so")


@pytest.mark.parametrize("mit_kommune", [True, False])
def test_a_kooperation_is_confirmed_once_a_day_by_each(mit_kommune):
    kommune = KommuneFactory() if mit_kommune else None
    erste = BestaetigungFactory(kommune=kommune)
    with pytest.raises(IntegrityError, match="einmal_am_tag"), transaction.atomic():
        BestaetigungFactory(kooperation=erste.kooperation, kommune=kommune)


# --- rounds and questionnaires ----------------------------------------------------------------------------------------


def test_a_running_round_has_a_frist():
    with pytest.raises(IntegrityError, match="laeuft_mit_frist"), transaction.atomic():
        ErhebungFactory(status=ErhebungStatus.LAEUFT, frist=None)


def test_a_kommune_has_one_fragebogen_in_a_round():
    erster = FragebogenFactory()
    with pytest.raises(IntegrityError, match="einer_je_kommune"), transaction.atomic():
        FragebogenFactory(erhebung=erster.erhebung, kommune=erster.kommune)


@pytest.mark.parametrize(
    ("status", "am"), [(FragebogenStatus.FREIGEGEBEN, None), (FragebogenStatus.OFFEN, datetime(2026, 9, 1, tzinfo=UTC))]
)
def test_a_fragebogen_is_released_exactly_when_it_says_since_when(status, am):
    with pytest.raises(IntegrityError, match="freigegeben_mit_zeit"), transaction.atomic():
        FragebogenFactory(status=status, freigegeben_am=am)


@pytest.mark.parametrize("art", AntwortArt)
@pytest.mark.parametrize("aussage", Aussage)
def test_an_answer_says_what_fits_its_question(art, aussage):
    gegenstand = {
        AntwortArt.KOOPERATION: {"kooperation": KooperationFactory()},
        AntwortArt.NEU: {"kooperation": None},
        AntwortArt.INTERESSE: {"kooperation": None, "aufgabenfeld": AufgabenfeldFactory()},
        AntwortArt.ALLGEMEIN: {"kooperation": None, "schluessel": "federfuehrung"},
    }[art]
    if aussage in AUSSAGEN[art]:
        assert FragebogenantwortFactory(art=art, aussage=aussage, **gegenstand).pk
    else:
        with pytest.raises(IntegrityError, match="aussage_passt"), transaction.atomic():
            FragebogenantwortFactory(art=art, aussage=aussage, **gegenstand)


@pytest.mark.parametrize(
    "falsch",
    [
        {"art": AntwortArt.KOOPERATION, "kooperation": None},
        {"art": AntwortArt.INTERESSE, "kooperation": None},
        {"art": AntwortArt.ALLGEMEIN, "kooperation": None},
        {"art": AntwortArt.KOOPERATION, "schluessel": "kosten"},
    ],
)
def test_an_answer_belongs_to_a_question(falsch):
    with pytest.raises(IntegrityError, match="gegenstand_passt"), transaction.atomic():
        FragebogenantwortFactory(**falsch)


def test_a_released_answer_never_changes():
    antwort = FragebogenantwortFactory()
    freigeben(antwort.fragebogen)
    for anweisung in (
        "UPDATE bestandsaufnahme_fragebogenantwort SET aussage = 'beendet' WHERE id = %s",
        "DELETE FROM bestandsaufnahme_fragebogenantwort WHERE id = %s",
    ):
        with (
            pytest.raises(IntegrityError, match="nicht mehr geaendert"),
            transaction.atomic(),
            connection.cursor() as zeiger,
        ):
            zeiger.execute(anweisung, [antwort.pk])
    with pytest.raises(IntegrityError, match="nicht mehr geaendert"), transaction.atomic():
        FragebogenantwortFactory(fragebogen=antwort.fragebogen)


def test_an_answer_moves_into_no_released_fragebogen():
    antwort, freigegebener = FragebogenantwortFactory(), FragebogenFactory(erhebung=ErhebungFactory(laufend=True))
    freigeben(freigegebener)
    with pytest.raises(IntegrityError, match="nicht mehr geaendert"), transaction.atomic():
        Fragebogenantwort.objects.filter(pk=antwort.pk).update(fragebogen=freigegebener)


def test_who_answered_is_forgotten_after_the_release_too():
    antwort = FragebogenantwortFactory(zustaendig=KontoFactory(), bearbeitet_durch=KontoFactory())
    freigeben(antwort.fragebogen)
    Fragebogenantwort.objects.filter(pk=antwort.pk).update(zustaendig=None, bearbeitet_durch=None)
    antwort.refresh_from_db()
    assert (antwort.zustaendig, antwort.bearbeitet_durch) == (None, None)


def test_handing_a_question_on_raises_no_version():
    """A colleague who is typing the answer isn't told that somebody was faster."""
    antwort = FragebogenantwortFactory()
    Fragebogenantwort.objects.filter(pk=antwort.pk).update(zustaendig=KontoFactory())
    antwort.refresh_from_db()
    assert antwort.version == 1
    Fragebogenantwort.objects.filter(pk=antwort.pk).update(aussage=Aussage.GILT_NOCH)
    antwort.refresh_from_db()
    assert antwort.version == 2


def test_a_refused_answer_names_the_reason():
    with pytest.raises(IntegrityError, match="abgelehnt_mit_grund"), transaction.atomic():
        Pruefung.objects.create(antwort=FragebogenantwortFactory(), entscheidung=Entscheidung.ABGELEHNT)


def test_vorgesehen_bis_has_only_what_is_planned():
    with pytest.raises(IntegrityError, match="vorgesehen_bis_nur_dann"), transaction.atomic():
        FragebogenantwortFactory(status=BeteiligungStatus.BESTEHT, vorgesehen_bis=date(2027, 1, 1))


# --- publications -----------------------------------------------------------------------------------------------------


def test_a_round_is_published_once_in_each_way_until_it_is_withdrawn():
    erste = VeroeffentlichungFactory()
    with pytest.raises(IntegrityError, match="eine_je_art"), transaction.atomic():
        VeroeffentlichungFactory(erhebung=erste.erhebung)
    erste.status, erste.grund = VeroeffentlichungStatus.ZURUECKGEZOGEN, "Ein Fehler in der Tabelle."
    erste.save(update_fields=["status", "grund"])
    assert VeroeffentlichungFactory(erhebung=erste.erhebung).pk


def test_what_is_published_never_changes():
    erste = VeroeffentlichungFactory(art=VeroeffentlichungArt.ANONYM, inhalt={"zeilen": []})
    for werte in ({"inhalt": {"zeilen": [1]}}, {"oeffentlich_ab": date(2020, 1, 1)}, {"art": "mit_namen"}):
        with pytest.raises(IntegrityError, match="nie geaendert"), transaction.atomic():
            type(erste).objects.filter(pk=erste.pk).update(**werte)
    with pytest.raises(IntegrityError, match="nie geaendert"), transaction.atomic():
        type(erste).objects.filter(pk=erste.pk).delete()


def test_an_anonymised_publication_has_a_fixed_content():
    with pytest.raises(IntegrityError, match="anonym_mit_inhalt"), transaction.atomic():
        VeroeffentlichungFactory(art=VeroeffentlichungArt.ANONYM, inhalt=None)
