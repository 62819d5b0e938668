from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from kommunen import rechte
from kommunen.auswahl import GremiumArt, Rolle
from kommunen.rechte import darf_sitze_sehen, ist_geschaeftsstelle, sichtbare_kommunen
from tests.fabriken.kommunen import EinladungFactory, KontoFactory, SitzFactory, VertretungFactory

pytestmark = pytest.mark.django_db


def test_kommunen_are_public(kommune, andere_kommune):
    assert set(sichtbare_kommunen(AnonymousUser())) == {kommune, andere_kommune}


def test_sitze_are_for_those_signed_in(kontakt, lesend):
    assert not darf_sitze_sehen(AnonymousUser())
    assert darf_sitze_sehen(kontakt)
    assert darf_sitze_sehen(lesend)


def test_ist_geschaeftsstelle_only_with_the_active_role(geschaeftsstelle, kontakt, buergermeister, lesend):
    assert ist_geschaeftsstelle(geschaeftsstelle)
    assert not ist_geschaeftsstelle(KontoFactory(geschaeftsstelle=True, is_active=False))
    for konto in (kontakt, buergermeister, lesend, AnonymousUser()):
        assert not ist_geschaeftsstelle(konto)


# --- what a Konto acts as ---------------------------------------------------------------------------------------------


def test_contact_acts_for_the_own_kommune_and_is_no_head(kontakt):
    assert rechte.handelt_fuer(kontakt) == {kontakt.kommune_id}
    assert rechte.spitze_von(kontakt) == set()
    assert rechte.vertretene_kommunen(kontakt) == {}


def test_head_is_head_of_the_own_kommune(buergermeister):
    assert rechte.spitze_von(buergermeister) == rechte.handelt_fuer(buergermeister) == {buergermeister.kommune_id}
    assert rechte.vertritt(buergermeister, buergermeister.kommune, als_spitze=True) is None


def test_deputy_acts_as_head_of_the_represented_kommune(fremder_kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    assert rechte.spitze_von(fremder_kontakt) == {buergermeister.kommune_id}
    assert rechte.handelt_fuer(fremder_kontakt) == {fremder_kontakt.kommune_id, buergermeister.kommune_id}
    assert rechte.vertretene_kommunen(fremder_kontakt) == {buergermeister.kommune_id: "Verwaltungsspitze"}
    assert rechte.vertritt(fremder_kontakt, buergermeister.kommune) == buergermeister
    assert rechte.vertritt(fremder_kontakt, fremder_kontakt.kommune) is None


def test_contact_who_stands_in_for_the_own_head_does_so_only_where_it_takes_the_head(kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt)
    assert rechte.vertritt(kontakt, kontakt.kommune) is None
    assert rechte.vertritt(kontakt, kontakt.kommune, als_spitze=True) == buergermeister
    assert rechte.vertretene_kommunen(kontakt) == {}


def test_deputy_of_a_head_who_left_acts_for_nobody(lesend, kommune):
    VertretungFactory(vertretener=KontoFactory(kommune=kommune, buergermeister=True, is_active=False), vertreter=lesend)
    assert rechte.handelt_fuer(lesend) == set()


@pytest.mark.parametrize(
    ("sitz", "erwartet"),
    [
        ({}, True),
        ({"gremium__art": GremiumArt.DIENSTVERSAMMLUNG}, False),
        ({"bis": date(2020, 1, 1)}, False),
        ({"von": date(2999, 1, 1)}, False),
    ],
)
def test_member_of_the_lenkungsgruppe_holds_a_seat_in_it_today(kontakt, sitz, erwartet):
    SitzFactory(konto=kontakt, **sitz)
    assert rechte.ist_mitglied_der_lenkungsgruppe(kontakt) is erwartet


def test_deputy_in_a_seat_is_member_and_no_head(kontakt):
    sitz = SitzFactory(konto=KontoFactory(buergermeister=True))
    VertretungFactory(vertretener=sitz.konto, vertreter=kontakt, sitz=sitz)
    assert rechte.ist_mitglied_der_lenkungsgruppe(kontakt)
    assert rechte.spitze_von(kontakt) == set()


@pytest.mark.parametrize("rolle", Rolle)
def test_deactivated_account_has_no_rights(kommune, rolle):
    konto = KontoFactory(rolle=rolle, kommune=None if rolle == Rolle.GESCHAEFTSSTELLE else kommune, is_active=False)
    sitz = SitzFactory(konto=konto)
    VertretungFactory(vertretener__kommune=kommune, vertreter=konto)
    VertretungFactory(vertretener=konto, sitz=sitz)
    EinladungFactory(kommune=kommune)
    for praedikat in (
        rechte.ist_angemeldet, rechte.spitze_von, rechte.handelt_fuer, rechte.ist_mitglied_der_lenkungsgruppe,
        rechte.vertretene_kommunen, rechte.ist_geschaeftsstelle, rechte.darf_sitze_sehen, rechte.darf_namen_sehen,
        rechte.darf_konten_sehen, rechte.einladbare_rollen, rechte.hat_vertretbares_amt,
        rechte.darf_vertretungen_regeln, rechte.darf_protokoll_sehen,
    ):  # fmt: skip
        assert not praedikat(konto), praedikat
    for sichtbare in (
        rechte.sichtbare_konten, rechte.sichtbare_einladungen, rechte.sichtbare_vertretungen,
        rechte.einladbare_kommunen,
    ):  # fmt: skip
        assert not sichtbare(konto).exists(), sichtbare
    assert not rechte.darf_vertretung_regeln(konto, konto)
    assert not rechte.braucht_zweiten_faktor(konto, demo=False)
    with pytest.raises(PermissionDenied):
        rechte.angemeldetes(konto)
