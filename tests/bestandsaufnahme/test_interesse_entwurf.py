"""Drafts of a declaration: kept, gone on with, filed, thrown away."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.ablaeufe import interesse_entwurf
from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Meldung
from tests.bestandsaufnahme.interessehilfen import GESTERN, HEUTE, angaben, bekundung, unveraendert
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenrundeFactory,
    KooperationsfeldFactory,
    RundenrueckmeldungFactory,
)
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

NICHT_ENTWURF = [status for status in InteresseStatus if status != InteresseStatus.ENTWURF]


@pytest.mark.django_db
def test_entwerfen_keeps_it_for_the_kommune_and_tells_nobody(kontakt):
    runde = InteressenrundeFactory(laufend=True)
    rueckmeldung = RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune)
    feld = AufgabenfeldFactory()
    entwurf = interesse_entwurf.entwerfen(
        kommune=kontakt.kommune, angaben=angaben(aufgabenfeld=feld, wofuer=""), durch=kontakt, heute=HEUTE
    )
    entwurf.refresh_from_db()
    rueckmeldung.refresh_from_db()
    assert (entwurf.status, entwurf.abgegeben_am, entwurf.runde, entwurf.wofuer) == ("entwurf", None, None, "")
    assert rueckmeldung.am is None
    assert not Meldung.objects.exists()
    assert not Interessenbekundung.objects.gueltige(HEUTE).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [InteresseStatus.ENTWURF, InteresseStatus.ABGEGEBEN, InteresseStatus.BESTAETIGT])
def test_entwerfen_refuses_a_double(kontakt, status):
    vorhandene = bekundung(kontakt.kommune, status=status)
    with pytest.raises(ablauf.Doppelt) as fehler:
        interesse_entwurf.entwerfen(
            kommune=kontakt.kommune, angaben=angaben(aufgabenfeld=vorhandene.aufgabenfeld), durch=kontakt, heute=HEUTE
        )
    assert fehler.value.vorhandene == vorhandene
    assert Interessenbekundung.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("werte", "satz"),
    [
        ({"aufgabenfeld": None}, "Ein Kooperationswille gilt einem Aufgabenfeld"),
        ({"gueltig_bis": GESTERN}, "Vergangenheit"),
        ({"art": "quatsch"}, "angebotenen Werte"),
    ],
)
def test_entwerfen_refuses_what_makes_no_sense(kontakt, werte, satz):
    alle = {"aufgabenfeld": AufgabenfeldFactory(), **werte}
    with pytest.raises(ValidationError, match=satz):
        interesse_entwurf.entwerfen(kommune=kontakt.kommune, angaben=angaben(**alle), durch=kontakt, heute=HEUTE)
    assert not Interessenbekundung.objects.exists()


@pytest.mark.django_db
def test_entwurf_bearbeiten_changes_all_that_it_says(kontakt):
    entwurf = bekundung(kontakt.kommune, status=InteresseStatus.ENTWURF)
    teil = KooperationsfeldFactory()
    neu = angaben(art=InteresseArt.INFO_AUSTAUSCH, kooperationsfeld=teil, wofuer=" Anders. ", kontakt=kontakt)
    interesse_entwurf.bearbeiten(interesse=entwurf, version=1, angaben=neu, durch=kontakt, heute=HEUTE)
    entwurf.refresh_from_db()
    assert (entwurf.feld, entwurf.art, entwurf.wofuer, entwurf.kontakt) == (teil, "info_austausch", "Anders.", kontakt)
    assert (entwurf.status, entwurf.version) == (InteresseStatus.ENTWURF, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("tun", [interesse_entwurf.bearbeiten, interesse_entwurf.abgeben])
def test_draft_that_somebody_changed_meanwhile_is_left_alone(kontakt, tun):
    entwurf = bekundung(kontakt.kommune, status=InteresseStatus.ENTWURF)
    with pytest.raises(Veraltet):
        tun(
            interesse=entwurf, version=2, angaben=angaben(aufgabenfeld=entwurf.aufgabenfeld), durch=kontakt, heute=HEUTE
        )
    assert unveraendert(entwurf)


@pytest.mark.django_db
@pytest.mark.parametrize("status", NICHT_ENTWURF)
@pytest.mark.parametrize("tun", [interesse_entwurf.bearbeiten, interesse_entwurf.abgeben])
def test_only_a_draft_is_gone_on_with(kontakt, tun, status):
    interesse = bekundung(kontakt.kommune, status=status)
    with pytest.raises(ValidationError, match="Diese Interessenbekundung ist schon abgegeben"):
        tun(
            interesse=interesse,
            version=1,
            angaben=angaben(aufgabenfeld=interesse.aufgabenfeld),
            durch=kontakt,
            heute=HEUTE,
        )
    assert unveraendert(interesse)


@pytest.mark.django_db
@pytest.mark.parametrize("status", NICHT_ENTWURF)
def test_only_a_draft_is_thrown_away(kontakt, status):
    interesse = bekundung(kontakt.kommune, status=status)
    with pytest.raises(ValidationError, match="Nur ein Entwurf lässt sich verwerfen"):
        interesse_entwurf.verwerfen(interesse=interesse, version=interesse.version, durch=kontakt)
    assert unveraendert(interesse)


@pytest.mark.django_db
def test_draft_that_is_thrown_away_is_gone_and_makes_room(kontakt):
    entwurf = bekundung(kontakt.kommune, status=InteresseStatus.ENTWURF)
    interesse_entwurf.verwerfen(interesse=entwurf, version=entwurf.version, durch=kontakt)
    assert not Interessenbekundung.objects.exists()
    with pytest.raises(ValidationError, match="Er wurde inzwischen verworfen"):
        interesse_entwurf.abgeben(
            interesse=entwurf, version=1, angaben=angaben(aufgabenfeld=entwurf.aufgabenfeld), durch=kontakt, heute=HEUTE
        )


@pytest.mark.django_db
def test_draft_is_filed_by_who_files_it_in_the_running_round(kontakt, fremder_kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    runde = InteressenrundeFactory(laufend=True)
    rueckmeldung = RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune)
    entwurf = bekundung(kontakt.kommune, status=InteresseStatus.ENTWURF, durch=kontakt)
    interesse_entwurf.abgeben(
        interesse=entwurf,
        version=1,
        angaben=angaben(aufgabenfeld=entwurf.aufgabenfeld),
        durch=fremder_kontakt,
        heute=HEUTE,
    )
    entwurf.refresh_from_db()
    rueckmeldung.refresh_from_db()
    assert (entwurf.status, entwurf.abgegeben_am, entwurf.runde) == (InteresseStatus.ABGEGEBEN, HEUTE, runde)
    assert (entwurf.durch, entwurf.fuer) == (fremder_kontakt, buergermeister)
    assert (rueckmeldung.am, rueckmeldung.durch) == (HEUTE, fremder_kontakt)


@pytest.mark.django_db
def test_draft_without_words_is_not_filed(kontakt):
    entwurf = bekundung(kontakt.kommune, status=InteresseStatus.ENTWURF)
    with pytest.raises(ValidationError) as fehler:
        interesse_entwurf.abgeben(
            interesse=entwurf,
            version=1,
            angaben=angaben(aufgabenfeld=entwurf.aufgabenfeld, wofuer=" "),
            durch=kontakt,
            heute=HEUTE,
        )
    assert set(fehler.value.message_dict) == {"wofuer"}
    assert unveraendert(entwurf)


@pytest.mark.django_db
def test_draft_is_not_filed_beside_another_one(kontakt):
    vorhandene = bekundung(kontakt.kommune)
    entwurf = bekundung(kontakt.kommune, status=InteresseStatus.ENTWURF)
    with pytest.raises(ablauf.Doppelt) as fehler:
        interesse_entwurf.abgeben(
            interesse=entwurf,
            version=1,
            angaben=angaben(aufgabenfeld=vorhandene.aufgabenfeld),
            durch=kontakt,
            heute=HEUTE,
        )
    assert fehler.value.vorhandene == vorhandene
    assert unveraendert(entwurf)


@pytest.mark.django_db(transaction=True)
def test_draft_filed_twice_at_once_is_filed_once():
    konto, start = KontoFactory(), Barrier(4)
    entwurf = bekundung(konto.kommune, status=InteresseStatus.ENTWURF)

    def einer(_):
        try:
            start.wait(timeout=20)
            return interesse_entwurf.abgeben(
                interesse=entwurf,
                version=1,
                angaben=angaben(aufgabenfeld=entwurf.aufgabenfeld),
                durch=konto,
                heute=HEUTE,
            ).status
        except ValidationError as fehler:
            return fehler.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as kraefte:
        ergebnisse = list(kraefte.map(einer, range(4)))
    assert ergebnisse.count(InteresseStatus.ABGEGEBEN) == 1
    assert ergebnisse.count("Diese Interessenbekundung ist schon abgegeben.") == 3
    assert Statuswechsel.objects.count() == 1
