"""That somebody was told is forgotten after the period; what waits stays, and the record never had it."""

import pytest

from ikz_portal.basis import post
from ikz_portal.basis.auswahl import PostStatus
from ikz_portal.basis.models import Aenderung, Postausgang
from kommunen.ablaeufe import konto as konten
from kommunen.models import Konto, Meldewunsch, Meldung
from tests.betrieb.fristen import BEGINN, anwenden, ausgeschieden, tage
from tests.fabriken.bestandsaufnahme import BeobachtungFactory
from tests.fabriken.kommunen import MeldewunschFactory, MeldungFactory

pytestmark = pytest.mark.django_db


def test_done_meldung_is_deleted_after_the_period(uhr, kontakt: Konto) -> None:
    MeldungFactory.create_batch(2, konto=kontakt, erledigt_am=BEGINN)
    wartende = MeldungFactory(konto=kontakt)

    uhr(tage(364))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(365))

    assert anwenden("--trocken") == ["2 Benachrichtigungen würden gelöscht"]
    assert anwenden() == ["2 Benachrichtigungen gelöscht"]
    assert list(Meldung.objects.all()) == [wartende]


def test_period_is_a_setting(uhr, kontakt: Konto, settings) -> None:
    settings.FRISTEN = {**settings.FRISTEN, "meldung": 31}
    MeldungFactory(konto=kontakt, erledigt_am=BEGINN)

    uhr(tage(31))

    assert anwenden() == ["1 Benachrichtigung gelöscht"]


def test_record_never_had_it(kontakt: Konto) -> None:
    MeldungFactory(konto=kontakt, bezug="7:2026-04-01").delete()

    assert not Aenderung.objects.filter(tabelle="kommunen_meldung").exists()


def test_mail_goes_before_and_leaves_the_meldung(uhr, kontakt: Konto) -> None:
    nachricht = post.einreihen(an=kontakt.email, betreff="B", text="T")
    Postausgang.objects.update(status=PostStatus.GESENDET, gesendet_am=BEGINN)
    MeldungFactory(konto=kontakt, erledigt_am=BEGINN, nachricht=nachricht)

    uhr(tage(30))

    assert anwenden() == ["1 Nachricht gelöscht"]
    assert Meldung.objects.get().nachricht is None


def test_pseudonymised_konto_keeps_neither_wishes_nor_meldungen_nor_fields(uhr) -> None:
    konto = ausgeschieden()
    MeldewunschFactory(konto=konto)
    MeldungFactory(konto=konto)
    BeobachtungFactory(konto=konto)

    konten.pseudonymisieren(konto=konto, jetzt=BEGINN)

    assert (Meldewunsch.objects.count(), Meldung.objects.count(), konto.beobachtungen.count()) == (0, 0, 0)
