"""What has come back in a round: numbers for everybody who is signed in, the state of each Kommune for one office."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from python_calamine import CalamineWorkbook

from bestandsaufnahme.abfragen.erhebung import erhebung as abfragen
from bestandsaufnahme.auswahl import Aussage, ErhebungStatus, FragebogenStatus
from bestandsaufnahme.models import Erhebung, Erinnerung
from ikz_portal.basis.models import Statuswechsel
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    ErhebungFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
    GespraechFactory,
    VeroeffentlichungFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

Anmelden = Callable[[Konto], Client]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-09-01 10:00+02:00", tick=False):
        yield


@pytest.fixture
def runde(kontakt: Konto, fremder_kontakt: Konto) -> Erhebung:
    """The own Kommune has begun, the other one has released, a third one hasn't even a Konto."""
    erhebung = ErhebungFactory(laufend=True, frist=date(2026, 9, 6), beginn=date(2026, 8, 1), beginn_genauigkeit="tag")
    eigener = FragebogenFactory(erhebung=erhebung, kommune=kontakt.kommune, status=FragebogenStatus.IN_BEARBEITUNG)
    Statuswechsel.objects.create(objekt=eigener, von="offen", nach="in_bearbeitung", gueltig_ab=date(2026, 8, 15))
    Erinnerung.objects.create(fragebogen=eigener, anlass="von_hand", am=date(2026, 8, 20))
    FragebogenFactory(erhebung=erhebung, kommune=fremder_kontakt.kommune, freigegeben=True)
    FragebogenFactory(erhebung=erhebung, kommune=KommuneFactory(name="Stummstadt"))
    GespraechFactory(erhebung=erhebung, kommune=kontakt.kommune)
    return erhebung


def kontext(client: Client, erhebung: Erhebung, frage: str = "") -> dict[str, Any]:
    return client.get(f"{erhebung.get_absolute_url()}{frage}").context


# --- when it is due ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("frist", "worte"),
    [
        (date(2026, 9, 6), "fällig in 5 Tagen"),
        (date(2026, 9, 2), "fällig morgen"),
        (date(2026, 9, 1), "fällig heute"),
        (date(2026, 8, 31), "seit gestern überfällig"),
        (date(2026, 8, 29), "seit 3 Tagen überfällig"),
    ],
)
def test_faellig_counts_the_days(frist: date, worte: str) -> None:
    assert abfragen.faellig(ErhebungFactory.build(laufend=True, frist=frist), heute=date(2026, 9, 1)) == worte


@pytest.mark.parametrize("status", [status for status in ErhebungStatus if status != ErhebungStatus.LAEUFT])
def test_faellig_is_said_only_while_the_round_runs(status: ErhebungStatus) -> None:
    erhebung = ErhebungFactory.build(status=status, frist=date(2026, 8, 1))

    assert abfragen.faellig(erhebung, heute=date(2026, 9, 1)) == ""


# --- the board --------------------------------------------------------------------------------------------------------
def test_geschaeftsstelle_sees_the_state_of_each_kommune(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung
) -> None:
    zeilen = {zeile.kommune: zeile for zeile in kontext(angemeldet(geschaeftsstelle), runde)["zeilen"]}

    eigene, stumme = zeilen["Musterstadt"], zeilen["Stummstadt"]
    assert (eigene.status, eigene.seit, eigene.erinnert) == ("in_bearbeitung", "15.08.2026", "20.08.2026")
    assert (eigene.gespraech, eigene.ohne_konto) == ("01.09.2026, 14:00 Uhr", False)
    assert (stumme.status, stumme.seit, stumme.erinnert, stumme.ohne_konto) == ("offen", "01.08.2026", "", True)
    assert len(zeilen) == 3


def test_board_tells_who_has_no_konto(angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung) -> None:
    assert kontext(angemeldet(geschaeftsstelle), runde)["adressaten"].ohne_konto == ["Stummstadt"]


def test_board_is_filtered_by_state_and_keeps_its_numbers(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung
) -> None:
    seite = kontext(angemeldet(geschaeftsstelle), runde, "?status=freigegeben")

    assert [zeile.kommune for zeile in seite["zeilen"]] == ["Nachbarstadt"]
    assert (seite["treffer"], seite["zahlen"].zurueck, seite["zahlen"].gesamt) == ("1 von 3 Kommunen", 1, 3)
    leer = angemeldet(geschaeftsstelle).get(f"{runde.get_absolute_url()}?status=geprueft").content.decode()
    assert "Keine Kommune ist auf diesem Stand" in leer


@pytest.mark.parametrize("frage", ["?status=x", "?status=%00", "?format=pdf"])
def test_board_answers_bad_input_with_400(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung, frage: str
) -> None:
    assert angemeldet(geschaeftsstelle).get(f"{runde.get_absolute_url()}{frage}").status_code == 400


@pytest.mark.parametrize("wer", ["kontakt", "lesend", "buergermeister"])
def test_others_see_counts_alone(
    angemeldet: Anmelden, request: pytest.FixtureRequest, runde: Erhebung, wer: str
) -> None:
    client = angemeldet(request.getfixturevalue(wer))

    antwort = client.get(runde.get_absolute_url())

    assert [(status.value, anzahl) for status, anzahl in antwort.context["zahlen"].je_status] == [
        ("uebernommen", 0),
        ("geprueft", 0),
        ("freigegeben", 1),
        ("in_bearbeitung", 1),
        ("offen", 1),
    ]
    assert antwort.context["zeilen"] == []
    assert "Stummstadt" not in antwort.content.decode()
    assert client.get(f"{runde.get_absolute_url()}?format=csv").status_code == 403


def test_kommune_is_led_to_its_own_fragebogen(angemeldet: Anmelden, kontakt: Konto, runde: Erhebung) -> None:
    bogen = runde.frageboegen.get(kommune=kontakt.kommune)
    FragebogenantwortFactory(fragebogen=bogen)
    FragebogenantwortFactory(fragebogen=bogen, aussage=Aussage.GILT_NOCH)

    antwort = angemeldet(kontakt).get(runde.get_absolute_url())

    (eigener,) = antwort.context["eigene"]
    assert (eigener.kommune, eigener.beantwortet, eigener.fragen) == ("Musterstadt", 1, 2)
    assert f'href="{bogen.get_absolute_url()}">Fragebogen ausfüllen' in antwort.content.decode()


def test_geschaeftsstelle_has_no_fragebogen_of_its_own(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung
) -> None:
    assert kontext(angemeldet(geschaeftsstelle), runde)["eigene"] == []


@pytest.mark.parametrize("anzahl", [1, 3])
@pytest.mark.parametrize(("wer", "abfragen_"), [("geschaeftsstelle", 12), ("kontakt", 8)])
def test_page_takes_the_same_queries_for_any_number(
    *,
    angemeldet: Anmelden,
    request: pytest.FixtureRequest,
    kommune: Kommune,
    django_assert_num_queries: Any,
    wer: str,
    abfragen_: int,
    anzahl: int,
) -> None:
    erhebung = ErhebungFactory(laufend=True)
    client = angemeldet(request.getfixturevalue(wer))
    for eine in [kommune, *KommuneFactory.create_batch(anzahl)]:
        KontoFactory(kommune=eine)
        FragebogenantwortFactory(fragebogen=FragebogenFactory(erhebung=erhebung, kommune=eine))
        GespraechFactory(erhebung=erhebung, kommune=eine)

    with django_assert_num_queries(abfragen_):
        client.get(erhebung.get_absolute_url())


# --- the files --------------------------------------------------------------------------------------------------------
def test_ruecklauf_as_csv_is_what_is_filtered(
    angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung, kommune: Kommune
) -> None:
    antwort = angemeldet(geschaeftsstelle).get(f"{runde.get_absolute_url()}?status=in_bearbeitung&format=csv")

    assert antwort["Content-Disposition"] == f'attachment; filename="ruecklauf-{runde.stichtag}.csv"'
    assert antwort.content.decode("utf-8-sig").splitlines() == [
        "Kommune;AGS;Stand;Seit;Freigegeben am;Zuletzt erinnert am;Gespräch am;Konto vorhanden;Rückmeldung auf Papier",
        f"Musterstadt;{kommune.ags};in Bearbeitung;15.08.2026;;20.08.2026;01.09.2026 14:00;ja;",
    ]


def test_ruecklauf_as_xlsx_has_every_kommune(angemeldet: Anmelden, geschaeftsstelle: Konto, runde: Erhebung) -> None:
    antwort = angemeldet(geschaeftsstelle).get(f"{runde.get_absolute_url()}?format=xlsx")

    zeilen = CalamineWorkbook.from_filelike(BytesIO(antwort.content)).get_sheet_by_index(0).to_python()
    assert [(zeile[0], zeile[2]) for zeile in zeilen[1:]] == [
        ("Musterstadt", "in Bearbeitung"),
        ("Nachbarstadt", "freigegeben"),
        ("Stummstadt", "offen"),
    ]


# --- what is published ------------------------------------------------------------------------------------------------
def test_public_sees_the_round_but_not_its_return(client: Client, runde: Erhebung) -> None:
    Erhebung.objects.filter(pk=runde.pk).update(status=ErhebungStatus.ABGESCHLOSSEN, lesehinweis="So zu lesen.")
    VeroeffentlichungFactory(erhebung=runde)

    antwort = client.get(runde.get_absolute_url())

    text = antwort.content.decode()
    assert f'href="/bestandsaufnahme/?stichtag={runde.stichtag}"' in text
    assert "So zu lesen." in text
    for verschwiegenes in ("Rücklauf</h2>", "Stummstadt", "Gespräche", "Nächste Schritte"):
        assert verschwiegenes not in text
    assert client.get(f"{runde.get_absolute_url()}?format=csv").status_code == 403


def test_public_is_not_led_to_a_matrix_that_it_may_not_read(client: Client) -> None:
    anonym = VeroeffentlichungFactory(art="anonym", inhalt={})

    assert "Matrix an diesem Stichtag" not in client.get(anonym.erhebung.get_absolute_url()).content.decode()


def test_nobody_is_led_to_a_matrix_of_the_future(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    erhebung = ErhebungFactory(laufend=True, stichtag=date(2026, 9, 2))

    assert not kontext(angemeldet(geschaeftsstelle), erhebung)["zeigt_matrix"]


def test_closed_round_without_frageboegen_says_that_none_are_handed_down(
    angemeldet: Anmelden, geschaeftsstelle: Konto
) -> None:
    ergebnis = ErhebungFactory(name="Bestandsaufnahme 2013", ruecklauf_bis=date(2013, 5, 29))
    client = angemeldet(geschaeftsstelle)

    text = client.get(ergebnis.get_absolute_url()).content.decode()

    assert "Keine Fragebögen überliefert" in text
    assert "29.05.2013" in text
    assert "Stand je Kommune" not in text
    (zeile,) = client.get("/bestandsaufnahme/erhebungen/").context["zeilen"]
    assert (zeile.ueberliefert, zeile.gesamt) == (True, None)
