import pytest
from django.contrib.auth.models import AnonymousUser

from tests.fabriken.wissen import BeitragFactory
from wissen.rechte import sichtbare_beitraege

pytestmark = pytest.mark.django_db


@pytest.fixture
def beitraege():
    return {
        "öffentlich": BeitragFactory(oeffentlich=True),
        "intern": BeitragFactory(),
        "Entwurf": BeitragFactory(oeffentlich=True, entwurf=True),
        "Beispiel": BeitragFactory(oeffentlich=True, beispiel=True),
    }


def sichtbar(konto, beitraege) -> set[str]:
    gesehen = set(sichtbare_beitraege(konto))
    return {name for name, beitrag in beitraege.items() if beitrag in gesehen}


def test_public_sees_public_published_facts(beitraege):
    assert sichtbar(AnonymousUser(), beitraege) == {"öffentlich"}


def test_signed_in_sees_all_that_is_published(beitraege, lesend, kontakt):
    assert sichtbar(lesend, beitraege) == {"öffentlich", "intern", "Beispiel"}
    assert sichtbar(kontakt, beitraege) == {"öffentlich", "intern", "Beispiel"}


def test_geschaeftsstelle_sees_drafts_too(beitraege, geschaeftsstelle):
    assert sichtbar(geschaeftsstelle, beitraege) == set(beitraege)
