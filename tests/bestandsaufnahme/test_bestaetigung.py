"""The head of a Kommune confirms its declarations, where the Kommune wants that; what waits never counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from bestandsaufnahme.ablaeufe import bestaetigung as ablauf
from bestandsaufnahme.ablaeufe import interesse as bekunden
from bestandsaufnahme.ablaeufe import interesse_aenderung
from bestandsaufnahme.ablaeufe.interesse import Angaben, Inhalt
from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models import Bestaetigungspflicht, Interessenbekundung
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Aenderung, Statuswechsel
from kommunen.auswahl import Meldeanlass
from kommunen.models import Meldung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeobachtungFactory,
    BestaetigungspflichtFactory,
    InteressenbekundungFactory,
)
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

HEUTE = date(2026, 1, 15)
SEITE = "/interessen/bestaetigungen/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15 09:00", tick=True):
        yield


@pytest.fixture
def wartende(kommune):
    return InteressenbekundungFactory(kommune=kommune, aufgabenfeld__name="Bauhof", unbestaetigt=True)


def text(antwort):
    return antwort.content.decode()


def bestaetigen(interesse: Interessenbekundung, durch: Any) -> Interessenbekundung:
    return ablauf.bestaetigen(interesse=interesse, version=interesse.version, durch=durch, heute=HEUTE)


def abgeben(konto, feld=None):
    angaben = Angaben(
        art=InteresseArt.KOOPERATIONSWILLE,
        aufgabenfeld=feld or AufgabenfeldFactory(),
        stufe=Stufe.INTERESSE,
        wofuer="Mehr Kraft.",
    )
    return bekunden.abgeben(kommune=konto.kommune, angaben=angaben, durch=konto, heute=HEUTE)


def gemeldet(anlass):
    return set(Meldung.objects.filter(anlass=anlass).values_list("konto_id", flat=True))


# --- the operations ---------------------------------------------------------------------------------------------------
def test_bestaetigen_lets_it_count_and_tells_those_who_follow_the_field(wartende, buergermeister):
    beobachtung = BeobachtungFactory(aufgabenfeld=wartende.aufgabenfeld)
    assert not Interessenbekundung.objects.gueltige(HEUTE).exists()

    bestaetigen(wartende, buergermeister)

    assert list(Interessenbekundung.objects.gueltige(HEUTE)) == [wartende]
    wechsel = Statuswechsel.objects.get()
    assert (wechsel.von, wechsel.nach, wechsel.durch, wechsel.fuer) == (
        "abgegeben",
        "bestaetigt",
        buergermeister,
        None,
    )
    assert gemeldet(Meldeanlass.INTERESSE_NEU) == {beobachtung.konto_id}


def test_bestaetigen_in_the_place_of_the_head_records_both(wartende, buergermeister, fremder_kontakt):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)

    with protokoll.umstaende(quelle="/x/", konto=fremder_kontakt.pk):
        bestaetigen(wartende, fremder_kontakt)

    wechsel = Statuswechsel.objects.get()
    assert (wechsel.durch, wechsel.fuer) == (fremder_kontakt, buergermeister)
    aenderung = Aenderung.objects.filter(tabelle="bestandsaufnahme_interessenbekundung").first()
    assert (aenderung.konto_id, aenderung.fuer_id) == (fremder_kontakt.pk, buergermeister.pk)


@pytest.mark.parametrize(
    "zustand",
    [
        {},
        {"status": InteresseStatus.BESTAETIGT, "bestaetigung_noetig": True},
        {"entwurf": True},
        {"zurueckgezogen": True, "bestaetigung_noetig": True},
        {"status": InteresseStatus.ABGELAUFEN, "bestaetigung_noetig": True},
        {"unbestaetigt": True, "gueltig_bis": date(2026, 1, 14)},
    ],
    ids=["counts already", "twice", "draft", "withdrawn", "expired", "past its date"],
)
def test_bestaetigen_refuses_what_does_not_wait(buergermeister, zustand):
    interesse = InteressenbekundungFactory(kommune=buergermeister.kommune, **zustand)
    with pytest.raises(ValidationError, match="wartet nicht"):
        bestaetigen(interesse, buergermeister)
    interesse.refresh_from_db()
    assert interesse.status == zustand.get("status", interesse.status)
    assert not Statuswechsel.objects.exists()


def test_bestaetigen_refuses_a_text_that_nobody_has_read(wartende, buergermeister, kontakt):
    BestaetigungspflichtFactory(kommune=wartende.kommune)
    inhalt = Inhalt(stufe=Stufe.FEDERFUEHRUNG, wofuer="Etwas anderes.")
    interesse_aenderung.aendern(interesse=wartende, version=wartende.version, inhalt=inhalt, durch=kontakt, heute=HEUTE)
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        bestaetigen(wartende, buergermeister)
    wartende.refresh_from_db()
    assert wartende.unbestaetigt


def test_confirmed_one_that_a_contact_raises_waits_again(wartende, buergermeister, kontakt):
    BestaetigungspflichtFactory(kommune=wartende.kommune)
    bestaetigt = bestaetigen(wartende, buergermeister)
    bestaetigt.refresh_from_db()
    interesse_aenderung.anheben(interesse=bestaetigt, stufe=Stufe.RESSOURCEN, durch=kontakt, heute=HEUTE)
    wartende.refresh_from_db()
    assert wartende.unbestaetigt
    assert not Interessenbekundung.objects.gueltige(HEUTE).exists()
    assert gemeldet(Meldeanlass.BESTAETIGUNG) == {buergermeister.pk}


def test_confirmed_one_that_the_head_raises_stays_confirmed(wartende, buergermeister):
    bestaetigt = bestaetigen(wartende, buergermeister)
    interesse_aenderung.anheben(interesse=bestaetigt, stufe=Stufe.RESSOURCEN, durch=buergermeister, heute=HEUTE)
    wartende.refresh_from_db()
    assert (wartende.status, wartende.stufe) == (InteresseStatus.BESTAETIGT, Stufe.RESSOURCEN)


def test_verlangen_concerns_what_is_filed_from_then_on(kontakt, buergermeister):
    vorher = abgeben(kontakt)

    pflicht = ablauf.verlangen(kommune=kontakt.kommune, durch=buergermeister, heute=HEUTE)
    nachher, der_spitze = abgeben(kontakt), abgeben(buergermeister)

    assert (pflicht.seit, pflicht.durch) == (HEUTE, buergermeister)
    assert [i.unbestaetigt for i in (vorher, nachher, der_spitze)] == [False, True, False]
    assert der_spitze.status == InteresseStatus.BESTAETIGT
    assert gemeldet(Meldeanlass.BESTAETIGUNG) == {buergermeister.pk}


def test_verlangen_twice_keeps_the_first_day(kommune, buergermeister, geschaeftsstelle):
    ablauf.verlangen(kommune=kommune, durch=buergermeister, heute=HEUTE)
    ablauf.verlangen(kommune=kommune, durch=geschaeftsstelle, heute=date(2026, 2, 1))
    pflicht = Bestaetigungspflicht.objects.get()
    assert (pflicht.seit, pflicht.durch) == (HEUTE, buergermeister)


def test_verlangen_in_the_place_of_the_head_is_recorded_with_both(kommune, buergermeister, fremder_kontakt):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    with protokoll.umstaende(quelle="/x/", konto=fremder_kontakt.pk):
        ablauf.verlangen(kommune=kommune, durch=fremder_kontakt, heute=HEUTE)
    aenderung = Aenderung.objects.get(tabelle="bestandsaufnahme_bestaetigungspflicht")
    assert (aenderung.konto_id, aenderung.fuer_id) == (fremder_kontakt.pk, buergermeister.pk)


def test_verzichten_lets_the_waiting_ones_of_this_kommune_count(kommune, buergermeister, wartende):
    BestaetigungspflichtFactory(kommune=kommune)
    fremde = InteressenbekundungFactory(aufgabenfeld=wartende.aufgabenfeld, unbestaetigt=True)
    vorbei = InteressenbekundungFactory(kommune=kommune, unbestaetigt=True, gueltig_bis=date(2026, 1, 14))
    beobachtung = BeobachtungFactory(aufgabenfeld=wartende.aufgabenfeld)

    anzahl = ablauf.verzichten(kommune=kommune, durch=buergermeister, heute=HEUTE)

    assert anzahl == 1
    assert not Bestaetigungspflicht.objects.exists()
    assert list(Interessenbekundung.objects.gueltige(HEUTE)) == [wartende]
    assert {i.pk for i in Interessenbekundung.objects.unbestaetigte()} == {fremde.pk, vorbei.pk}
    assert gemeldet(Meldeanlass.INTERESSE_NEU) == {beobachtung.konto_id}


def test_verzichten_without_anything_to_waive_changes_nothing(kommune, buergermeister):
    zaehlt = InteressenbekundungFactory(kommune=kommune)
    assert ablauf.verzichten(kommune=kommune, durch=buergermeister, heute=HEUTE) == 0
    assert list(Interessenbekundung.objects.gueltige(HEUTE)) == [zaehlt]


# --- at the same instant ----------------------------------------------------------------------------------------------
def gleichzeitig(*arbeiten: Callable[[], Any]) -> list[str]:
    start = Barrier(len(arbeiten))

    def tun(arbeit: Callable[[], Any]) -> str:
        start.wait(timeout=30)
        try:
            arbeit()
        except ValidationError as fehler:
            return fehler.messages[0]
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(arbeiten)) as kraefte:
        return sorted(kraefte.map(tun, arbeiten))


@pytest.mark.django_db(transaction=True)
def test_head_and_deputy_confirm_at_once_and_one_does(wartende, buergermeister):
    vertreter = VertretungFactory(vertretener=buergermeister).vertreter
    ausgang = gleichzeitig(*(lambda k=konto: bestaetigen(wartende, k) for konto in (buergermeister, vertreter)))
    assert ausgang == ["Diese Interessenbekundung wartet nicht (mehr) auf eine Bestätigung.", "ok"]
    assert Statuswechsel.objects.filter(nach=InteresseStatus.BESTAETIGT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirming_while_it_is_withdrawn_ends_withdrawn(wartende, buergermeister, kontakt):
    ausgang = gleichzeitig(
        lambda: bestaetigen(wartende, buergermeister),
        lambda: bekunden.zurueckziehen(interesse=wartende, grund="Anders entschieden.", durch=kontakt, heute=HEUTE),
    )
    wartende.refresh_from_db()
    assert ausgang in (["ok", "ok"], ["Diese Interessenbekundung wartet nicht (mehr) auf eine Bestätigung.", "ok"])
    assert wartende.status == InteresseStatus.ZURUECKGEZOGEN


@pytest.mark.django_db(transaction=True)
def test_two_demand_it_at_once_and_it_is_there_once(kommune, buergermeister):
    konten = [buergermeister, KontoFactory(geschaeftsstelle=True)]
    ausgang = gleichzeitig(
        *(lambda k=konto: ablauf.verlangen(kommune=kommune, durch=k, heute=HEUTE) for konto in konten)
    )
    assert ausgang == ["ok", "ok"]
    assert Bestaetigungspflicht.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_filing_while_the_kommune_waives_it_never_leaves_one_behind(kommune, buergermeister, kontakt):
    """Before or after: it waited and counts now, or nobody asked for a confirmation any more."""
    BestaetigungspflichtFactory(kommune=kommune)
    felder = AufgabenfeldFactory.create_batch(4)
    ausgang = gleichzeitig(
        *(lambda f=feld: abgeben(kontakt, f) for feld in felder),
        lambda: ablauf.verzichten(kommune=kommune, durch=buergermeister, heute=HEUTE),
    )
    assert ausgang == ["ok"] * 5
    assert not Interessenbekundung.objects.unbestaetigte().exists()


# --- the page ---------------------------------------------------------------------------------------------------------
def url(interesse):
    return f"/interessen/{interesse.pk}/bestaetigen/"


def test_page_shows_the_head_the_whole_text(angemeldet, buergermeister, wartende):
    Interessenbekundung.objects.update(wofuer="Ein Bauhof für beide.", bietet="Zwei Bagger", sucht="Eine Halle")
    seite = text(angemeldet(buergermeister).get(SEITE))
    assert "Ein Interesse wartet auf Ihre Bestätigung" in seite
    for stelle in ("Ein Bauhof für beide.", "Zwei Bagger", "Eine Halle", "Interessen bestätige ich, bevor sie zählen"):
        assert stelle in seite
    for ziel in (f'action="{url(wartende)}"', f"/interessen/{wartende.pk}/#zurueckziehen"):
        assert ziel in seite


def test_page_shows_the_head_nothing_of_others(angemeldet, buergermeister):
    InteressenbekundungFactory(unbestaetigt=True)
    InteressenbekundungFactory(kommune=buergermeister.kommune)
    InteressenbekundungFactory(kommune=buergermeister.kommune, unbestaetigt=True, gueltig_bis=date(2026, 1, 14))
    antwort = angemeldet(buergermeister).get(SEITE)
    assert antwort.context["wartende"] == []
    assert [zeile.kommune for zeile in antwort.context["regelungen"]] == ["Musterstadt"]
    assert "Nichts wartet auf Ihre Bestätigung" in text(antwort)


def test_page_shows_the_geschaeftsstelle_numbers_and_no_text(angemeldet, geschaeftsstelle, andere_kommune, wartende):
    BestaetigungspflichtFactory(kommune=wartende.kommune)
    InteressenbekundungFactory(kommune=andere_kommune)
    antwort = angemeldet(geschaeftsstelle).get(SEITE)
    zahlen = {zeile.kommune: (zeile.noetig, zeile.wartend, zeile.zaehlend) for zeile in antwort.context["regelungen"]}
    assert zahlen == {"Musterstadt": (True, 1, 0), "Nachbarstadt": (False, 0, 1)}
    assert "Bauhof" not in text(antwort)
    assert "/bestaetigen/" not in text(antwort)


@pytest.mark.parametrize("wer", ["kontakt", "lesend"])
def test_page_is_403_for_those_who_confirm_nothing(request, angemeldet, wer):
    antwort = angemeldet(request.getfixturevalue(wer)).get(SEITE)
    assert antwort.status_code == 403
    assert "Bestätigen kann nur die Verwaltungsspitze der Kommune oder wer sie vertritt." in text(antwort)


@pytest.mark.parametrize("anzahl", [1, 3])
@pytest.mark.parametrize("wer", ["buergermeister", "geschaeftsstelle"])
def test_page_queries(request, angemeldet, django_assert_num_queries, wer, anzahl):
    person = request.getfixturevalue(wer)
    for _ in range(anzahl):
        InteressenbekundungFactory(kommune=person.kommune or BestaetigungspflichtFactory().kommune, unbestaetigt=True)
    client = angemeldet(person)
    with django_assert_num_queries({"buergermeister": 6, "geschaeftsstelle": 5}[wer]):
        client.get(SEITE)


def test_confirming_says_that_it_counts(angemeldet, buergermeister, wartende):
    client = angemeldet(buergermeister)
    antwort = client.post(url(wartende), {"version": wartende.version, "weitere": "ja"}, follow=True)
    assert antwort.redirect_chain == [(SEITE, 302)]
    assert "Bestätigt: Das Interesse „Bauhof“ von Musterstadt zählt jetzt." in text(antwort)
    noch_einmal = client.post(url(wartende), {"version": wartende.version}, follow=True)
    assert noch_einmal.redirect_chain == [(f"/interessen/{wartende.pk}/", 302)]
    assert "wartet nicht (mehr) auf eine Bestätigung" in text(noch_einmal)


def test_deputy_confirms_and_both_names_stand_in_the_history(angemeldet, buergermeister, fremder_kontakt, wartende):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    antwort = angemeldet(fremder_kontakt).post(url(wartende), {"version": wartende.version}, follow=True)
    assert "Bestätigt von Fremder Kontakt in Vertretung für Verwaltungsspitze." in text(antwort)


@pytest.mark.parametrize("wer", ["kontakt", "fremder_kontakt", "geschaeftsstelle", "lesend"])
def test_confirming_is_403_for_everybody_else(request, angemeldet, wartende, wer):
    antwort = angemeldet(request.getfixturevalue(wer)).post(url(wartende), {"version": wartende.version})
    assert antwort.status_code == 403
    assert "Bestätigen kann nur die Verwaltungsspitze" in text(antwort)
    wartende.refresh_from_db()
    assert wartende.unbestaetigt


@pytest.mark.parametrize("daten", [{}, {"version": "x"}, {"version": "0"}, {"version": "9" * 30}, {"version": "\x00"}])
def test_confirming_with_bad_input_writes_nothing(angemeldet, buergermeister, wartende, daten):
    antwort = angemeldet(buergermeister).post(url(wartende), daten, follow=True)
    assert "Die Angaben kamen unvollständig an. Bitte laden Sie die Seite neu." in text(antwort)
    wartende.refresh_from_db()
    assert wartende.unbestaetigt


def test_confirming_by_get_is_refused(angemeldet, buergermeister, wartende):
    assert angemeldet(buergermeister).get(url(wartende)).status_code == 405


# --- the setting ------------------------------------------------------------------------------------------------------
def regel(kommune):
    return f"{SEITE}{kommune.ags}/"


def test_head_switches_it_on_and_off_and_is_told_the_numbers(angemeldet, buergermeister, kommune, wartende):
    client = angemeldet(buergermeister)
    assert "Zurzeit zählt keines." in text(client.get(SEITE))

    an = client.post(regel(kommune), {"noetig": "ja"}, follow=True)

    assert "Von jetzt an zählen Interessen von Musterstadt erst" in text(an)
    assert "Das eine, das noch wartet, zählt dann auch." in text(an)
    assert Bestaetigungspflicht.objects.get().durch == buergermeister

    aus = client.post(regel(kommune), {"noetig": "nein"}, follow=True)

    assert "Das eine, das noch wartete, zählt jetzt." in text(aus)
    assert list(Interessenbekundung.objects.gueltige(HEUTE)) == [wartende]


def test_geschaeftsstelle_may_set_it_for_every_kommune(angemeldet, geschaeftsstelle, kommune):
    angemeldet(geschaeftsstelle).post(regel(kommune), {"noetig": "ja"})
    assert Bestaetigungspflicht.objects.get().kommune == kommune


@pytest.mark.parametrize("wer", ["kontakt", "fremder_kontakt", "lesend"])
def test_setting_is_403_for_everybody_else(request, angemeldet, kommune, wer):
    antwort = angemeldet(request.getfixturevalue(wer)).post(regel(kommune), {"noetig": "ja"})
    assert antwort.status_code == 403
    assert "Ob bestätigt wird, legt die Verwaltungsspitze der Kommune fest." in text(antwort)
    assert not Bestaetigungspflicht.objects.exists()


def test_head_of_another_kommune_cannot_set_it(angemeldet, buergermeister, andere_kommune):
    assert angemeldet(buergermeister).post(regel(andere_kommune), {"noetig": "ja"}).status_code == 403
    assert not Bestaetigungspflicht.objects.exists()


@pytest.mark.parametrize("daten", [{}, {"noetig": "vielleicht"}, {"noetig": "\x00"}])
def test_setting_with_bad_input_changes_nothing(angemeldet, buergermeister, kommune, daten):
    antwort = angemeldet(buergermeister).post(regel(kommune), daten, follow=True)
    assert "Bitte laden Sie die Seite neu." in text(antwort)
    assert not Bestaetigungspflicht.objects.exists()


def test_setting_of_an_unknown_kommune_is_404(angemeldet, geschaeftsstelle):
    assert angemeldet(geschaeftsstelle).post(f"{SEITE}99999999/", {"noetig": "ja"}).status_code == 404


# --- never counted, always marked -------------------------------------------------------------------------------------
MARKE = "wartet auf Bestätigung, zählt noch nicht"


def test_unconfirmed_one_is_not_in_the_ranking(client, angemeldet, lesend, wartende):
    for seite in (client.get("/interessen/"), angemeldet(lesend).get("/interessen/")):
        assert [rang.kommunen for rang in seite.context["rangliste"].raenge] == [0]


def test_unconfirmed_one_is_marked_on_dashboard_and_page_of_the_kommune(angemeldet, buergermeister, wartende):
    client = angemeldet(buergermeister)
    start = client.get("/")
    zahlen = {zahl.name: (zahl.wert, zahl.hinweis) for zahl in start.context["seite"].kennzahlen}
    assert zahlen["gültige Interessenbekundungen"] == (0, "1 wartet auf Bestätigung")
    for seite in (text(start), text(client.get(f"/kommunen/{buergermeister.kommune.ags}/"))):
        assert seite.count(MARKE) == 1


def test_dashboard_tells_the_head_and_the_deputy_how_many_wait(
    angemeldet, buergermeister, kontakt, geschaeftsstelle, wartende
):
    vertreter = VertretungFactory(vertretener=buergermeister, vertreter__lesend=True).vertreter
    satz = "1 Interesse wartet auf Ihre Bestätigung"
    assert {konto.name: satz in text(angemeldet(konto).get("/")) for konto in (buergermeister, vertreter)} == {
        buergermeister.name: True,
        vertreter.name: True,
    }
    for konto in (kontakt, geschaeftsstelle):
        assert satz not in text(angemeldet(konto).get("/"))


def test_dashboard_adds_up_what_waits_in_several_kommunen(angemeldet, buergermeister, wartende):
    fremde = KontoFactory(buergermeister=True)
    VertretungFactory(vertretener=fremde, vertreter=buergermeister)
    InteressenbekundungFactory(kommune=fremde.kommune, unbestaetigt=True)
    assert "2 Interessen warten auf Ihre Bestätigung" in text(angemeldet(buergermeister).get("/"))


def test_process_of_the_geschaeftsstelle_does_not_count_it(angemeldet, geschaeftsstelle, wartende):
    zahlen = {zahl.name: zahl.wert for zahl in angemeldet(geschaeftsstelle).get("/").context["seite"].kennzahlen}
    assert zahlen["gültige Interessenbekundungen"] == 0
