"""What a round that isn't public yet changed in the matrix is told to the public nowhere, not by a word or a number."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.ablaeufe import interesse
from bestandsaufnahme.ablaeufe import kooperation as ablauf
from bestandsaufnahme.ablaeufe.kooperation import KooperationAngaben
from bestandsaufnahme.auswahl import BeteiligungStatus, Rechtsform, Stufe
from bestandsaufnahme.models import Erhebung, Kooperation
from ikz_portal.basis.auswahl import Genauigkeit
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    FragebogenFactory,
    KooperationFactory,
    VeroeffentlichungFactory,
)
from tests.fabriken.projekte import ProjektFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

DAMALS, STICHTAG, HEUTE = date(2013, 6, 30), date(2026, 6, 30), date(2026, 9, 1)
MENGEN = {"externe_partner", "hemmnisse"}


@pytest.fixture(autouse=True)
def am_ersten_september() -> Any:
    with time_machine.travel(datetime(2026, 9, 1, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def runde() -> Erhebung:
    ErhebungFactory(stichtag=DAMALS)
    return ErhebungFactory(stichtag=STICHTAG, veroeffentlicht=False, name="zzrundezz")


@pytest.fixture
def kooperation(kommune: Kommune, andere_kommune: Kommune) -> Kooperation:
    """Known to everybody, since 2000, planned by one Kommune and once considered by the other."""
    eine = KooperationFactory(
        bezeichnung="Postverbund", seit=date(2000, 1, 1), seit_genauigkeit=Genauigkeit.JAHR, bestaetigt=DAMALS
    )
    BeteiligungFactory(kooperation=eine, kommune=kommune, status=BeteiligungStatus.VORGESEHEN)
    BeteiligungFactory(kooperation=eine, kommune=andere_kommune, status=BeteiligungStatus.ERWOGEN)
    ProjektFactory(slug="ausgeloest", veroeffentlicht=True).kooperationen.add(eine)
    return eine


def aendern(kooperation: Kooperation, durch: Konto, *, erhebung: Erhebung | None, ab: date | None, **neu: Any) -> None:
    heutige = Kooperation.objects.get(pk=kooperation.pk)
    namen = [feld.name for feld in fields(KooperationAngaben)]
    werte = {n: list(getattr(heutige, n).all()) if n in MENGEN else getattr(heutige, n) for n in namen}
    ablauf.bearbeiten(
        kooperation=heutige,
        version=heutige.version,
        angaben=KooperationAngaben(**{**werte, **neu}),
        ab=ab,
        erhebung=erhebung,
        durch=durch,
    )


def gelesen(kooperation: Kooperation, kommune: Kommune) -> dict[str, bytes]:
    """Return what the public reads."""
    seiten = (
        "/",
        "/bestandsaufnahme/?stichtag=2026-08-01",
        "/bestandsaufnahme/?stichtag=2013-06-30",
        "/bestandsaufnahme/?stichtag=2026-08-01&format=csv",
        "/bestandsaufnahme/vergleich/?von=2014-01-01&bis=2026-08-01&format=csv",
        "/bestandsaufnahme/kooperationen/?format=csv",
        "/bestandsaufnahme/kooperationen/?zustand=gescheitert&format=csv",
        "/interessen/",
        "/projekte/ausgeloest/",
        kooperation.get_absolute_url(),
        kommune.get_absolute_url(),
    )
    client = Client()
    antworten = {seite: client.get(seite) for seite in seiten}
    assert {antwort.status_code for antwort in antworten.values()} == {200}
    return {seite: antwort.getvalue() for seite, antwort in antworten.items()}


def neu_benannt(kooperation: Kooperation, runde: Erhebung, durch: Konto, kommune: Kommune) -> None:
    neu = {"bezeichnung": "zzneuzz", "erlaeuterung": "zzneuzz", "rechtsform": Rechtsform.ZV}
    aendern(kooperation, durch, erhebung=runde, ab=STICHTAG, **neu)


def anderer_beginn(kooperation: Kooperation, runde: Erhebung, durch: Konto, kommune: Kommune) -> None:
    neu = {"seit": date(1999, 5, 5), "seit_genauigkeit": Genauigkeit.TAG}
    aendern(kooperation, durch, erhebung=runde, ab=STICHTAG, **neu)


def gescheitert(kooperation: Kooperation, runde: Erhebung, durch: Konto, kommune: Kommune) -> None:
    ablauf.scheitern(
        kooperation=kooperation, jahr=2026, grund="zzgrundzz", hemmnisse=[], ab=STICHTAG, erhebung=runde, durch=durch
    )


def interesse_bekundet(kooperation: Kooperation, runde: Erhebung, durch: Konto, kommune: Kommune) -> None:
    interesse.aus_fragebogen(
        fragebogen=FragebogenFactory(erhebung=runde, kommune=kommune, freigegeben=True),
        aufgabenfeld=kooperation.kooperationsfeld.aufgabenfeld,
        bedingt=False,
        stufe=Stufe.INTERESSE,
        wofuer="zzwofuerzz",
        heute=HEUTE,
    )


@pytest.mark.parametrize(
    ("aenderung", "danach"),
    [
        (neu_benannt, "/projekte/ausgeloest/"),
        (anderer_beginn, "/bestandsaufnahme/kooperationen/?format=csv"),
        (gescheitert, "/bestandsaufnahme/kooperationen/?zustand=gescheitert&format=csv"),
        (interesse_bekundet, "/interessen/"),
    ],
)
def test_public_reads_the_same_before_and_after_until_the_round_is_public(  # noqa: PLR0917
    aenderung: Callable[..., None],
    danach: str,
    kooperation: Kooperation,
    runde: Erhebung,
    kommune: Kommune,
    geschaeftsstelle: Konto,
) -> None:
    vorher = gelesen(kooperation, kommune)
    aenderung(kooperation, runde, geschaeftsstelle, kommune)
    jetzt = gelesen(kooperation, kommune)
    assert [seite for seite in vorher if vorher[seite] != jetzt[seite]] == []
    VeroeffentlichungFactory(erhebung=runde, oeffentlich_ab=HEUTE)
    assert gelesen(kooperation, kommune)[danach] != vorher[danach]


def seit(kooperation: Kooperation, tag: date, *, geheime: list[int]) -> date | None:
    ((eine, _),) = am_tag(Kooperation.objects.filter(pk=kooperation.pk), tag, geheime=geheime)
    return eine.seit


def test_begin_said_by_a_round_holds_from_its_day_on(
    kooperation: Kooperation, runde: Erhebung, kommune: Kommune, geschaeftsstelle: Konto
) -> None:
    aendern(kooperation, geschaeftsstelle, erhebung=None, ab=date(2020, 1, 1), bezeichnung="Post")
    anderer_beginn(kooperation, runde, geschaeftsstelle, kommune)
    assert seit(kooperation, DAMALS, geheime=[]) == date(2000, 1, 1)
    assert seit(kooperation, STICHTAG, geheime=[]) == date(1999, 5, 5)
    assert seit(kooperation, STICHTAG, geheime=[runde.pk]) == date(2000, 1, 1)


def test_begin_corrected_by_hand_holds_for_all_days(
    kooperation: Kooperation, runde: Erhebung, kommune: Kommune, geschaeftsstelle: Konto
) -> None:
    anderer_beginn(kooperation, runde, geschaeftsstelle, kommune)
    aendern(kooperation, geschaeftsstelle, erhebung=None, ab=None, seit=date(1998, 2, 2))
    assert seit(kooperation, DAMALS, geheime=[]) == date(1998, 2, 2)
    assert seit(kooperation, STICHTAG, geheime=[runde.pk]) == date(1998, 2, 2)


@pytest.mark.parametrize("durch_wen", ["hand", "runde"])
def test_second_change_of_the_same_day_stays_secret_too(
    durch_wen: str, kooperation: Kooperation, runde: Erhebung, kommune: Kommune, geschaeftsstelle: Konto
) -> None:
    erste = runde if durch_wen == "runde" else None
    aendern(kooperation, geschaeftsstelle, erhebung=erste, ab=STICHTAG, rechtsform=Rechtsform.KAG)
    neu_benannt(kooperation, runde, geschaeftsstelle, kommune)
    anderer_beginn(kooperation, runde, geschaeftsstelle, kommune)
    ((eine, _),) = am_tag(Kooperation.objects.filter(pk=kooperation.pk), HEUTE, geheime=[runde.pk])
    assert (eine.bezeichnung, eine.rechtsform, eine.seit) == ("Postverbund", Rechtsform.UNBEKANNT, date(2000, 1, 1))
