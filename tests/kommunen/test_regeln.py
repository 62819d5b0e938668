"""What PostgreSQL itself keeps true about Verbund, Kommunen, Konten and Sitze, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, connection

from ikz_portal.basis.models import Statuswechsel
from kommunen.auswahl import GremiumArt, Rolle
from kommunen.models import Gremium, Kommune, Verbund
from tests.fabriken.kommunen import GremiumFactory, KommuneFactory, KontoFactory, SitzFactory

pytestmark = pytest.mark.django_db


def sql(befehl: str, *werte: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(befehl, werte)


def test_verbund_is_never_deleted(verbund: Verbund) -> None:
    with pytest.raises(IntegrityError, match="genau einem Verbund"):
        sql("DELETE FROM kommunen_verbund")


def test_second_kreis_is_refused() -> None:
    KommuneFactory(kreis=True)

    with pytest.raises(IntegrityError, match="ein_kreis"):
        KommuneFactory(kreis=True)


def test_geschaeftsstelle_belongs_to_no_kommune(kommune: Kommune) -> None:
    with pytest.raises(IntegrityError, match="geschaeftsstelle_ohne_kommune"):
        KontoFactory(rolle=Rolle.GESCHAEFTSSTELLE, kommune=kommune)


def test_stammgruppe_with_two_seats_stays_one() -> None:
    gremium = GremiumFactory(art=GremiumArt.STAMMGRUPPE)
    SitzFactory(gremium=gremium, nummer=2)

    with pytest.raises(IntegrityError, match="zwei Sitze"):
        Gremium.objects.filter(pk=gremium.pk).update(art=GremiumArt.ARBEITSGRUPPE)


def test_seat_for_no_day_at_all_is_refused() -> None:
    with pytest.raises(IntegrityError, match="von_vor_bis"):
        SitzFactory(von=date(2026, 1, 1), bis=date(2026, 1, 1))


def test_statuswechsel_is_neither_changed_nor_deleted(kommune: Kommune) -> None:
    Statuswechsel.objects.create(objekt=kommune, nach="besteht", gueltig_ab=date(2026, 1, 1))

    with pytest.raises(IntegrityError, match="nie geaendert"):
        sql("DELETE FROM basis_statuswechsel")
