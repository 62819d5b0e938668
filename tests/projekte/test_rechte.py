import pytest
from django.contrib.auth.models import AnonymousUser

from projekte import rechte
from projekte.auswahl import Antwort, AuftragStatus
from projekte.models import Projekt
from tests.fabriken.projekte import ProjektauftragFactory, ProjektFactory, TeilnahmeFactory
from tests.fabriken.wissen import BeitragFactory

pytestmark = pytest.mark.django_db
OEFFENTLICHKEIT = AnonymousUser()
IN_ARBEIT = [AuftragStatus.ENTWURF, AuftragStatus.EINGEREICHT, AuftragStatus.ZURUECKGEWIESEN]
FEST = [AuftragStatus.BESCHLOSSEN, AuftragStatus.UEBERLIEFERT]


@pytest.fixture
def projekt():
    return ProjektFactory(veroeffentlicht=True)


@pytest.fixture
def beteiligte(projekt, request):
    """The public, Lesen, a Kontakt not concerned; then a Kontakt that is, the head, the Geschäftsstelle."""
    namen = ["lesend", "fremder_kontakt", "kontakt", "buergermeister", "geschaeftsstelle"]
    personen = [OEFFENTLICHKEIT, *[request.getfixturevalue(name) for name in namen]]
    TeilnahmeFactory(projekt=projekt, kommune=personen[3].kommune)
    return personen


def test_public_sees_published_facts_only(projekt):
    ProjektFactory()
    ProjektFactory(veroeffentlicht=True, beispiel=True)
    assert list(rechte.sichtbare_projekte(OEFFENTLICHKEIT)) == [projekt]


def test_signed_in_sees_all(lesend):
    ProjektFactory()
    ProjektFactory(beispiel=True)
    assert rechte.sichtbare_projekte(lesend).count() == 2


def test_only_geschaeftsstelle_creates_and_releases(kontakt, buergermeister, geschaeftsstelle, lesend):
    personen = [OEFFENTLICHKEIT, lesend, kontakt, buergermeister, geschaeftsstelle]
    erwartet = [False, False, False, False, True]
    assert [rechte.darf_projekt_anlegen(person) for person in personen] == erwartet
    assert [rechte.darf_projekt_freigeben(person) for person in personen] == erwartet


def test_geschaeftsstelle_and_leader_edit(kontakt, fremder_kontakt, buergermeister, geschaeftsstelle, lesend):
    projekt = ProjektFactory(leitung=kontakt)
    personen = [OEFFENTLICHKEIT, lesend, fremder_kontakt, buergermeister, kontakt, geschaeftsstelle]
    assert [rechte.darf_projekt_bearbeiten(person, projekt) for person in personen] == [
        False, False, False, False, True, True,
    ]  # fmt: skip


def test_deactivated_account_edits_nothing(kontakt, geschaeftsstelle):
    projekt = ProjektFactory(leitung=kontakt)
    kontakt.is_active = geschaeftsstelle.is_active = False
    assert not rechte.darf_projekt_bearbeiten(kontakt, projekt)
    assert not rechte.darf_projekt_bearbeiten(geschaeftsstelle, projekt)
    assert not rechte.darf_internen_auftrag_sehen(geschaeftsstelle, projekt)


@pytest.mark.parametrize("status", FEST)
def test_fixed_order_is_seen_by_all_who_see_the_projekt(status, projekt, kontakt, lesend):
    auftrag = ProjektauftragFactory(projekt=projekt, status=status)
    for person in (OEFFENTLICHKEIT, lesend, kontakt):
        assert list(rechte.sichtbare_auftraege(person)) == [auftrag]


def test_order_of_a_hidden_projekt_is_not_public():
    ProjektauftragFactory(projekt=ProjektFactory(), beschlossen=True)
    assert not rechte.sichtbare_auftraege(OEFFENTLICHKEIT).exists()


@pytest.mark.parametrize("status", IN_ARBEIT)
def test_order_in_the_making_is_seen_by_those_concerned(status, projekt, beteiligte):
    ProjektauftragFactory(projekt=projekt, status=status)
    assert [rechte.sichtbare_auftraege(person).exists() for person in beteiligte] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(("status", "sieht"), [(AuftragStatus.ENTWURF, False), (AuftragStatus.EINGEREICHT, True)])
def test_kommune_asked_but_without_answer_sees_what_was_submitted(status, sieht, projekt, kontakt):
    ProjektauftragFactory(projekt=projekt, status=status)
    TeilnahmeFactory(projekt=projekt, kommune=kontakt.kommune, antwort=Antwort.OFFEN)
    assert rechte.sichtbare_auftraege(kontakt).exists() == sieht


def test_leader_sees_own_draft(fremder_kontakt):
    auftrag = ProjektauftragFactory(projekt=ProjektFactory(leitung=fremder_kontakt))
    ProjektauftragFactory()
    assert list(rechte.sichtbare_auftraege(fremder_kontakt)) == [auftrag]


def test_internal_edition_is_for_those_concerned(projekt, beteiligte):
    assert [rechte.darf_internen_auftrag_sehen(person, projekt) for person in beteiligte] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


def test_leader_sees_internal_edition_of_the_own_projekt_only(fremder_kontakt, projekt):
    eigenes = ProjektFactory(leitung=fremder_kontakt)
    assert rechte.darf_internen_auftrag_sehen(fremder_kontakt, eigenes)
    assert not rechte.darf_internen_auftrag_sehen(fremder_kontakt, projekt)


def test_beitraege_of_a_projekt_follow_their_publication(projekt, lesend):
    oeffentlich = BeitragFactory(projekt=projekt, oeffentlich=True)
    intern = BeitragFactory(projekt=projekt)
    BeitragFactory(projekt=projekt, entwurf=True)
    assert list(rechte.sichtbare_beitraege(OEFFENTLICHKEIT, projekt)) == [oeffentlich]
    assert set(rechte.sichtbare_beitraege(lesend, projekt)) == {oeffentlich, intern}


def test_answers_of_the_kommunen_are_not_public(lesend):
    assert rechte.darf_teilnahmen_sehen(lesend)
    assert not rechte.darf_teilnahmen_sehen(OEFFENTLICHKEIT)


def test_visible_and_may_edit_agree(kontakt):
    ProjektFactory(leitung=kontakt)
    bearbeitbare = [p for p in Projekt.objects.all() if rechte.darf_projekt_bearbeiten(kontakt, p)]
    assert set(bearbeitbare) <= set(rechte.sichtbare_projekte(kontakt))
    assert len(bearbeitbare) == 1
