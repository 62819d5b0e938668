from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from kommunen.auswahl import GremiumArt
from projekte import rechte
from projekte.auswahl import Antwort, AuftragStatus
from projekte.models import Projekt
from tests.fabriken.kommunen import KontoFactory, SitzFactory, VertretungFactory
from tests.fabriken.projekte import ProjektauftragFactory, ProjektFactory, TeilnahmeFactory, bericht_anfordern
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
    auftrag = ProjektauftragFactory(projekt=projekt, beschlossen=True)
    ProjektauftragFactory(projekt=projekt, version=2)
    kontakt.is_active = geschaeftsstelle.is_active = False
    assert not rechte.darf_projekt_bearbeiten(kontakt, projekt)
    assert not rechte.darf_projekt_bearbeiten(geschaeftsstelle, projekt)
    for konto in (kontakt, geschaeftsstelle):
        assert not rechte.darf_internen_auftrag_sehen(konto, auftrag)
        assert not rechte.sichtbare_projekte(konto).exists()
        assert not rechte.sichtbare_auftraege(konto).exists()
        assert not rechte.sichtbare_berichte(konto).exists()
        assert not rechte.darf_teilnahmen_sehen(konto)


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
    auftrag = ProjektauftragFactory(projekt=projekt, beschlossen=True)
    assert [rechte.darf_internen_auftrag_sehen(person, auftrag) for person in beteiligte] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


def test_internal_edition_of_a_fixed_order_is_not_for_a_kommune_that_declined(projekt, kontakt, buergermeister):
    auftrag = ProjektauftragFactory(projekt=projekt, beschlossen=True)
    TeilnahmeFactory(projekt=projekt, kommune=kontakt.kommune, antwort=Antwort.NIMMT_NICHT_TEIL)
    assert not rechte.darf_internen_auftrag_sehen(kontakt, auftrag)
    assert rechte.darf_internen_auftrag_sehen(buergermeister, auftrag)


def test_who_sees_an_order_in_the_making_reads_all_of_it(projekt, kontakt, fremder_kontakt):
    auftrag = ProjektauftragFactory(projekt=projekt, status=AuftragStatus.EINGEREICHT)
    TeilnahmeFactory(projekt=projekt, kommune=kontakt.kommune, antwort=Antwort.OFFEN)
    assert rechte.darf_internen_auftrag_sehen(kontakt, auftrag)
    assert not rechte.darf_internen_auftrag_sehen(fremder_kontakt, auftrag)


def test_leader_sees_internal_edition_of_the_own_projekt_only(fremder_kontakt, projekt):
    eigener = ProjektauftragFactory(projekt=ProjektFactory(leitung=fremder_kontakt), beschlossen=True)
    fremder = ProjektauftragFactory(projekt=projekt, beschlossen=True)
    assert rechte.darf_internen_auftrag_sehen(fremder_kontakt, eigener)
    assert not rechte.darf_internen_auftrag_sehen(fremder_kontakt, fremder)


def test_lenkungsgruppe_reads_every_order_from_submission_on(fremder_kontakt):
    SitzFactory(konto=fremder_kontakt)
    ProjektauftragFactory()
    spaetere = [ProjektauftragFactory(status=status) for status in (*IN_ARBEIT[1:], *FEST)]
    assert set(rechte.sichtbare_auftraege(fremder_kontakt)) == set(spaetere)
    assert all(rechte.darf_internen_auftrag_sehen(fremder_kontakt, auftrag) for auftrag in spaetere)


def test_seat_elsewhere_or_of_the_past_is_no_part_of_the_lenkungsgruppe(fremder_kontakt):
    SitzFactory(konto=fremder_kontakt, gremium__art=GremiumArt.STAMMGRUPPE)
    SitzFactory(konto=fremder_kontakt, bis=date(2020, 1, 1))
    ProjektauftragFactory(status=AuftragStatus.EINGEREICHT)
    assert not rechte.sichtbare_auftraege(fremder_kontakt).exists()


def test_deputy_in_a_seat_reads_what_the_member_reads(fremder_kontakt):
    sitz = SitzFactory(konto=KontoFactory())
    VertretungFactory(vertretener=sitz.konto, vertreter=fremder_kontakt, sitz=sitz)
    auftrag = ProjektauftragFactory(status=AuftragStatus.EINGEREICHT)
    assert list(rechte.sichtbare_auftraege(fremder_kontakt)) == [auftrag]


def test_deputy_of_a_head_reads_what_the_head_reads(projekt, lesend, kommune):
    VertretungFactory(vertretener__kommune=kommune, vertreter=lesend)
    TeilnahmeFactory(projekt=projekt, kommune=kommune)
    entwurf = ProjektauftragFactory(projekt=projekt)
    fester = ProjektauftragFactory(beschlossen=True)
    assert set(rechte.sichtbare_auftraege(lesend)) == {entwurf, fester}
    assert rechte.darf_internen_auftrag_sehen(lesend, fester)


def test_reports_before_release_are_for_geschaeftsstelle_and_lenkungsgruppe(
    geschaeftsstelle, lesend, kontakt, fremder_kontakt
):
    SitzFactory(konto=fremder_kontakt)
    bericht, _ = bericht_anfordern(stichtag=date(2026, 1, 1), heute=date(2026, 1, 2))
    for konto in (geschaeftsstelle, fremder_kontakt):
        assert list(rechte.sichtbare_berichte(konto)) == [bericht]
    for konto in (lesend, kontakt, OEFFENTLICHKEIT):
        assert not rechte.sichtbare_berichte(konto).exists()


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
