from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from bestandsaufnahme import rechte
from kommunen.auswahl import Rolle
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

pytestmark = pytest.mark.django_db
OEFFENTLICHKEIT = AnonymousUser()


def test_kooperationen_and_their_marks_public_when_published(lesend):
    offene = BeteiligungFactory()
    interne = BeteiligungFactory(kooperation=KooperationFactory(veroeffentlicht=False))
    assert list(rechte.sichtbare_kooperationen(OEFFENTLICHKEIT)) == [offene.kooperation]
    assert list(rechte.sichtbare_beteiligungen(OEFFENTLICHKEIT)) == [offene]
    assert set(rechte.sichtbare_kooperationen(lesend)) == {offene.kooperation, interne.kooperation}
    assert set(rechte.sichtbare_beteiligungen(lesend)) == {offene, interne}


def test_erhebungen_public_when_published_and_no_example(lesend):
    offene = ErhebungFactory()
    ErhebungFactory(veroeffentlicht=False)
    ErhebungFactory(beispiel=True)
    assert list(rechte.sichtbare_erhebungen(OEFFENTLICHKEIT)) == [offene]
    assert rechte.sichtbare_erhebungen(lesend).count() == 3


def test_runden_public_when_published(lesend):
    offene = InteressenrundeFactory()
    InteressenrundeFactory(veroeffentlicht=False)
    assert list(rechte.sichtbare_runden(OEFFENTLICHKEIT)) == [offene]
    assert rechte.sichtbare_runden(lesend).count() == 2


def test_filed_declarations_for_all_who_are_signed_in(
    kontakt, fremder_kontakt, buergermeister, geschaeftsstelle, lesend
):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune)
    for konto in (kontakt, fremder_kontakt, buergermeister, geschaeftsstelle, lesend):
        assert list(rechte.sichtbare_interessen(konto)) == [interesse]
    assert not rechte.sichtbare_interessen(OEFFENTLICHKEIT).exists()


def test_drafts_are_the_own_kommunes_alone(kontakt, fremder_kontakt, buergermeister, geschaeftsstelle, lesend):
    entwurf = InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)
    for konto in (kontakt, buergermeister):
        assert list(rechte.sichtbare_interessen(konto)) == [entwurf]
    lesend_der_kommune = KontoFactory(rolle=Rolle.LESEN, kommune=kontakt.kommune)
    for konto in (fremder_kontakt, lesend, lesend_der_kommune, geschaeftsstelle, OEFFENTLICHKEIT):
        assert not rechte.sichtbare_interessen(konto).exists()


def test_drafts_count_for_nobody(kontakt, geschaeftsstelle):
    InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)
    for konto in (kontakt, geschaeftsstelle, OEFFENTLICHKEIT):
        assert not rechte.zaehlbare_interessen(konto).exists()


def test_ranking_of_the_public_leaves_out_examples_and_unpublished_rounds(lesend):
    zaehlt = InteressenbekundungFactory(runde=InteressenrundeFactory())
    InteressenbekundungFactory(beispiel=True)
    InteressenbekundungFactory(runde=InteressenrundeFactory(veroeffentlicht=False))
    assert list(rechte.zaehlbare_interessen(OEFFENTLICHKEIT)) == [zaehlt]
    assert rechte.zaehlbare_interessen(lesend).count() == 3


def test_only_who_acts_for_a_kommune_files(kontakt, buergermeister, geschaeftsstelle, lesend):
    assert rechte.darf_interesse_abgeben(kontakt)
    assert rechte.darf_interesse_abgeben(buergermeister)
    for konto in (geschaeftsstelle, lesend, OEFFENTLICHKEIT, KontoFactory(is_active=False)):
        assert not rechte.darf_interesse_abgeben(konto)


def test_only_the_own_kommune_withdraws(kontakt, fremder_kontakt, buergermeister, geschaeftsstelle, lesend):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune)
    assert rechte.darf_interesse_zurueckziehen(kontakt, interesse)
    assert rechte.darf_interesse_zurueckziehen(buergermeister, interesse)
    for konto in (fremder_kontakt, geschaeftsstelle, lesend, OEFFENTLICHKEIT):
        assert not rechte.darf_interesse_zurueckziehen(konto, interesse)


def test_deputy_of_a_head_acts_for_that_kommune_with_the_same_rights(kontakt, fremder_kontakt):
    entwurf = InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)
    VertretungFactory(vertretener__kommune=kontakt.kommune, vertreter=fremder_kontakt)
    assert list(rechte.sichtbare_interessen(fremder_kontakt)) == [entwurf]
    assert set(rechte.bekundbare_kommunen(fremder_kontakt)) == {kontakt.kommune, fremder_kontakt.kommune}
    assert rechte.darf_interesse_bekunden_fuer(fremder_kontakt, kontakt.kommune)
    assert rechte.darf_interesse_zurueckziehen(fremder_kontakt, entwurf)


def test_deputy_without_a_kommune_declares_for_the_represented_one(kommune, lesend):
    VertretungFactory(vertretener__kommune=kommune, vertreter=lesend)
    assert list(rechte.bekundbare_kommunen(lesend)) == [kommune]
    assert rechte.darf_interesse_abgeben(lesend)


@pytest.mark.parametrize("ende", [{"bis": date(2020, 1, 2)}, {"von": date(2999, 1, 1)}])
def test_deputy_before_and_after_the_span_acts_for_nobody(kommune, lesend, ende):
    VertretungFactory(vertretener__kommune=kommune, vertreter=lesend, **ende)
    assert not rechte.bekundbare_kommunen(lesend).exists()


def test_deactivated_account_sees_what_the_public_sees(kontakt):
    konto = KontoFactory(kommune=kontakt.kommune, is_active=False)
    InteressenbekundungFactory(kommune=kontakt.kommune)
    BeteiligungFactory(kooperation=KooperationFactory(veroeffentlicht=False))
    ErhebungFactory(veroeffentlicht=False)
    InteressenrundeFactory(veroeffentlicht=False)
    for sichtbare in (
        rechte.sichtbare_interessen,
        rechte.bekundbare_kommunen,
        rechte.sichtbare_kooperationen,
        rechte.sichtbare_beteiligungen,
        rechte.sichtbare_erhebungen,
        rechte.sichtbare_runden,
    ):
        assert not sichtbare(konto).exists(), sichtbare
    assert not rechte.darf_interessen_sehen(konto)
    assert not rechte.darf_interesse_bekunden_fuer(konto, kontakt.kommune)


def test_every_aufgabenfeld_is_public():
    feld = InteressenbekundungFactory().aufgabenfeld
    assert list(rechte.sichtbare_aufgabenfelder(OEFFENTLICHKEIT)) == [feld]


def test_every_kooperationsfeld_is_public():
    feld = KooperationsfeldFactory()
    assert list(rechte.sichtbare_kooperationsfelder(OEFFENTLICHKEIT)) == [feld]
