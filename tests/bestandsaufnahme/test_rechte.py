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
from tests.fabriken.kommunen import KontoFactory

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


def test_drafts_for_who_acts_for_the_kommune_and_the_geschaeftsstelle(
    kontakt, fremder_kontakt, buergermeister, geschaeftsstelle, lesend
):
    entwurf = InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)
    for konto in (kontakt, buergermeister, geschaeftsstelle):
        assert list(rechte.sichtbare_interessen(konto)) == [entwurf]
    lesend_der_kommune = KontoFactory(rolle=Rolle.LESEN, kommune=kontakt.kommune)
    for konto in (fremder_kontakt, lesend, lesend_der_kommune, OEFFENTLICHKEIT):
        assert not rechte.sichtbare_interessen(konto).exists()


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


def test_every_aufgabenfeld_is_public():
    feld = InteressenbekundungFactory().aufgabenfeld
    assert list(rechte.sichtbare_aufgabenfelder(OEFFENTLICHKEIT)) == [feld]


def test_every_kooperationsfeld_is_public():
    feld = KooperationsfeldFactory()
    assert list(rechte.sichtbare_kooperationsfelder(OEFFENTLICHKEIT)) == [feld]
