import pytest
from django.contrib.auth.models import AnonymousUser

from kommunen.rechte import darf_sitze_sehen, ist_geschaeftsstelle, sichtbare_kommunen
from tests.fabriken.kommunen import KontoFactory

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
