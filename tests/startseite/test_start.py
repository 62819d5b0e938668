"""The start page: public figures without examples; a Kommune's dashboard whose figures equal the rows behind them."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client

from kommunen.auswahl import Rolle
from kommunen.models import Kommune, Konto, Verbund
from projekte.auswahl import Antwort, ProjektStatus
from tests.fabriken.bestandsaufnahme import FragebogenFactory, InteressenbekundungFactory, KooperationFactory
from tests.fabriken.kommunen import KontoFactory, VertretungFactory
from tests.fabriken.projekte import EreignisFactory, MeilensteinFactory, ProjektFactory, TeilnahmeFactory

Anmelden = Callable[[Konto], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel(date(2026, 11, 22), tick=False):
        yield


def zahlen(antwort) -> dict[str, int]:
    return {zahl.name: zahl.wert for zahl in antwort.context["seite"].kennzahlen}


def test_start_public_counts_published_facts_only(client: Client, kommune: Kommune) -> None:
    ProjektFactory(status=ProjektStatus.ABGESCHLOSSEN, veroeffentlicht=True)
    ProjektFactory(status=ProjektStatus.ABGESCHLOSSEN, veroeffentlicht=True, beispiel=True)
    ProjektFactory(status=ProjektStatus.BEARBEITUNG, veroeffentlicht=False)
    KooperationFactory(veroeffentlicht=True)
    KooperationFactory(veroeffentlicht=False)

    assert zahlen(client.get("/")) == {
        "Kommunen im Verbund": 1,
        "erfasste Kooperationen": 1,
        "Projekte in Bearbeitung": 0,
        "Projekte abgeschlossen": 1,
    }


def test_start_public_shows_the_name_and_the_history(client: Client, verbund: Verbund) -> None:
    EreignisFactory(titel="Rücklauf abgeschlossen")

    text = client.get("/").content.decode()

    assert f"<h1>{verbund.name}</h1>" in text
    assert "Rücklauf abgeschlossen" in text


@pytest.mark.parametrize("anzahl", [1, 3])
def test_start_public_queries(client: Client, django_assert_num_queries, anzahl: int) -> None:
    for _ in range(anzahl):
        EreignisFactory()
        ProjektFactory(veroeffentlicht=True)

    with django_assert_num_queries(5):
        client.get("/")


def test_start_head_sees_the_own_kommune_only(
    buergermeister: Konto, andere_kommune: Kommune, angemeldet: Anmelden
) -> None:
    TeilnahmeFactory(kommune=buergermeister.kommune, projekt__name="Unser Projekt", antwort=Antwort.OFFEN)
    TeilnahmeFactory(kommune=andere_kommune, projekt__name="Deren Projekt")
    TeilnahmeFactory(kommune=buergermeister.kommune, antwort=Antwort.NIMMT_NICHT_TEIL)
    InteressenbekundungFactory(kommune=buergermeister.kommune)

    antwort = angemeldet(buergermeister).get("/")

    assert zahlen(antwort) == {
        "Projekte Ihrer Kommune": 1,
        "offene Antworten": 1,
        "überfällige Meilensteine": 0,
        "gültige Interessenbekundungen": 1,
    }
    assert "Unser Projekt" in antwort.content.decode()
    assert "Deren Projekt" not in antwort.content.decode()


def test_start_head_overdue_milestones_are_listed_and_counted(buergermeister: Konto, angemeldet: Anmelden) -> None:
    projekt = TeilnahmeFactory(kommune=buergermeister.kommune).projekt
    MeilensteinFactory(projekt=projekt, name="Konzept", geplant=date(2026, 11, 20))
    MeilensteinFactory(projekt=projekt, name="Erledigt", geplant=date(2026, 11, 1), erreicht=date(2026, 11, 2))
    MeilensteinFactory(projekt=projekt, name="Verschoben", geplant=date(2026, 11, 1), prognose=date(2026, 12, 1))

    seite = angemeldet(buergermeister).get("/").context["seite"]

    assert [(zeile.name, zeile.tage) for zeile in seite.ueberfaellige] == [("Konzept", 2)]


def test_start_head_figures_equal_the_rows_behind_them(buergermeister: Konto, angemeldet: Anmelden) -> None:
    for antwort in (Antwort.OFFEN, Antwort.STIMMT_ZU, Antwort.GREMIENBESCHLUSS):
        TeilnahmeFactory(kommune=buergermeister.kommune, antwort=antwort)

    seite = angemeldet(buergermeister).get("/").context["seite"]

    assert [zahl.wert for zahl in seite.kennzahlen] == [
        len(seite.projekte),
        len(seite.wartende),
        len(seite.ueberfaellige),
        len(seite.interessen),
    ]
    assert (len(seite.projekte), len(seite.wartende)) == (3, 2)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_start_head_queries(
    buergermeister: Konto, angemeldet: Anmelden, django_assert_num_queries, anzahl: int
) -> None:
    for _ in range(anzahl):
        projekt = TeilnahmeFactory(kommune=buergermeister.kommune).projekt
        MeilensteinFactory(projekt=projekt, geplant=date(2026, 1, 1), verantwortlich=buergermeister.kommune)
        InteressenbekundungFactory(kommune=buergermeister.kommune)
    client = angemeldet(buergermeister)

    with django_assert_num_queries(7):
        client.get("/")


def test_start_names_the_questionnaire_that_waits(
    kontakt: Konto, fremder_kontakt: Konto, geschaeftsstelle: Konto, angemeldet: Anmelden
) -> None:
    bogen = FragebogenFactory(kommune=kontakt.kommune)
    FragebogenFactory(kommune=kontakt.kommune, freigegeben=True, erhebung__stichtag=date(2025, 6, 30))

    gezeigt = {wer: angemeldet(wer).get("/") for wer in (kontakt, fremder_kontakt, geschaeftsstelle)}

    (zeile,) = gezeigt[kontakt].context["frageboegen"]
    assert (zeile.kommune, zeile.url, zeile.frist) == (
        "Musterstadt",
        bogen.get_absolute_url(),
        "31.12.2026 – noch 39 Tage",
    )
    assert bogen.get_absolute_url() in gezeigt[kontakt].content.decode()
    assert [gezeigt[wer].context["frageboegen"] for wer in (fremder_kontakt, geschaeftsstelle)] == [[], []]


def test_start_tells_the_geschaeftsstelle_of_the_round_that_runs(
    kontakt: Konto, geschaeftsstelle: Konto, lesend: Konto, angemeldet: Anmelden
) -> None:
    bogen = FragebogenFactory(kommune=kontakt.kommune, freigegeben=True)
    FragebogenFactory(erhebung=bogen.erhebung)

    gezeigt = {wer: angemeldet(wer).get("/") for wer in (geschaeftsstelle, lesend)}

    (runde,) = gezeigt[geschaeftsstelle].context["erhebungen"]
    assert (runde.zurueck, runde.alle, runde.zu_pruefen, runde.zu_uebernehmen) == (1, 2, 1, 0)
    assert f"{bogen.erhebung.get_absolute_url()}?status=freigegeben#tafel" in gezeigt[geschaeftsstelle].content.decode()
    assert gezeigt[lesend].context["erhebungen"] == []


def test_start_names_the_kommunen_that_somebody_stands_in_for(
    fremder_kontakt: Konto, buergermeister: Konto, angemeldet: Anmelden
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)

    antwort = angemeldet(fremder_kontakt).get("/")

    assert antwort.context["seite"].kommune == fremder_kontakt.kommune
    (zeile,) = antwort.context["vertretungen"]
    assert (zeile.kommune, zeile.url, zeile.spitze) == (
        "Musterstadt",
        buergermeister.kommune.get_absolute_url(),
        "Verwaltungsspitze",
    )
    assert "Sie handeln in Vertretung" in antwort.content.decode()


def test_start_reader_of_a_kommune_is_not_asked_to_declare(kommune: Kommune, angemeldet: Anmelden) -> None:
    antwort = angemeldet(KontoFactory(rolle=Rolle.LESEN, kommune=kommune)).get("/")
    assert antwort.context["seite"].kommune == kommune
    assert "/interessen/neu/" not in antwort.content.decode()


def test_start_geschaeftsstelle_sees_the_whole(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    ProjektFactory(status=ProjektStatus.BEARBEITUNG)
    MeilensteinFactory(projekt__status=ProjektStatus.VORBEREITUNG, geplant=date(2026, 1, 1))

    assert zahlen(angemeldet(geschaeftsstelle).get("/")) == {
        "Projekte in Bearbeitung": 1,
        "Projekte in Vorbereitung": 1,
        "überfällige Meilensteine": 1,
        "gültige Interessenbekundungen": 0,
    }


def test_start_post_is_refused(client: Client) -> None:
    assert client.post("/").status_code == 405


def test_start_figures_of_the_whole_equal_the_lists_behind_them(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    ProjektFactory.create_batch(2, status=ProjektStatus.BEARBEITUNG)
    ProjektFactory(status=ProjektStatus.BEARBEITUNG, beispiel=True)
    InteressenbekundungFactory.create_batch(3)
    InteressenbekundungFactory(beispiel=True)
    InteressenbekundungFactory(gueltig_bis=date(2026, 1, 1))
    client = angemeldet(geschaeftsstelle)

    zahlen = [zahl for zahl in client.get("/").context["seite"].kennzahlen if zahl.url.startswith("/")]

    gezeigt = [client.get(zahl.url).context["paginator"].count for zahl in zahlen]
    assert [zahl.wert for zahl in zahlen] == gezeigt == [2, 0, 3]
    assert [zahl.hinweis for zahl in zahlen] == ["dazu 1 Beispiel", "", "dazu 1 Beispiel"]


def test_start_public_figures_equal_the_lists_behind_them(client: Client) -> None:
    ProjektFactory.create_batch(2, status=ProjektStatus.ABGESCHLOSSEN, veroeffentlicht=True)

    zahlen = [zahl for zahl in client.get("/").context["seite"].kennzahlen if zahl.url.startswith("/projekte/")]

    assert (
        [zahl.wert for zahl in zahlen] == [client.get(zahl.url).context["paginator"].count for zahl in zahlen] == [0, 2]
    )


def test_start_many_overdue_milestones_show_the_oldest_and_the_way_to_all(geschaeftsstelle, angemeldet) -> None:
    projekt = ProjektFactory(status=ProjektStatus.BEARBEITUNG)
    MeilensteinFactory.create_batch(26, projekt=projekt, geplant=date(2026, 1, 1))

    seite = angemeldet(geschaeftsstelle).get("/").content.decode()

    assert "Gezeigt sind die 25 ältesten von 26." in seite
    assert "/projekte/?ueberfaellig=ja" in seite
