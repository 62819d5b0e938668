"""The status report: asked for once, made from its snapshot, kept with its checksum, failed with a reason, repeated."""

import hashlib
from datetime import date

import page
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from ikz_portal.basis import laeufe
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Postausgang, Statuswechsel
from kommunen.models import Konto, Verbund
from projekte import berichte
from projekte.abfragen.bericht import portfolio
from projekte.ablaeufe import bericht as ablauf
from projekte.auswahl import AuftragStatus, ProjektStatus
from projekte.models import Bericht, Projekt
from tests.fabriken.projekte import (
    MeilensteinFactory,
    ProjektauftragFactory,
    ProjektFactory,
    TeilnahmeFactory,
    bericht_anfordern,
)

HEUTE = date(2026, 11, 22)
VORTRAG = date(2022, 5, 19)

pytestmark = pytest.mark.django_db


def seit(projekt: Projekt, tag: date, status: str | None = None) -> Projekt:
    Statuswechsel.objects.create(objekt=projekt, nach=status or projekt.status, gueltig_ab=tag)
    return projekt


@pytest.fixture
def laufendes(verbund: Verbund) -> Projekt:
    return seit(ProjektFactory(name="Einführung der E-Akte", zitiert=True), VORTRAG)


def anfordern(durch: Konto | None = None, stichtag: date = HEUTE) -> Bericht:
    bericht, _ = bericht_anfordern(stichtag=stichtag, durch=durch, heute=HEUTE)
    return bericht


def erstellen(bericht: Bericht) -> Bericht:
    laeufe.ausfuehren(bericht.lauf_id, ablauf.erstellen, nach_scheitern=ablauf.gescheitert)
    return Bericht.objects.select_related("lauf", "fassung").get(pk=bericht.pk)


# --- what it says -------------------------------------------------------------------------------------------------


def test_portfolio_counts_facts_and_examples_apart(laufendes: Projekt) -> None:
    seit(ProjektFactory(name="Beispiel: Ablage", beispiel=True), VORTRAG)

    daten = portfolio(Projekt.objects.all(), stichtag=HEUTE, heute=HEUTE)

    assert [projekt["name"] for projekt in daten["fakten"]["laufende"]] == ["Einführung der E-Akte"]
    assert [projekt["name"] for projekt in daten["beispiele"]["laufende"]] == ["Beispiel: Ablage"]
    assert (daten["fakten"]["anzahl"], daten["beispiele"]["anzahl"]) == (1, 1)


def test_portfolio_before_the_first_dated_fact_knows_nothing(laufendes: Projekt) -> None:
    daten = portfolio(Projekt.objects.all(), stichtag=date(2022, 5, 18), heute=HEUTE)

    assert (daten["fakten"]["anzahl"], daten["erster_tag"]) == (0, VORTRAG)


def test_portfolio_reads_the_status_of_the_day(laufendes: Projekt) -> None:
    seit(laufendes, date(2023, 1, 1), ProjektStatus.ABGESCHLOSSEN)

    damals = portfolio(Projekt.objects.all(), stichtag=date(2022, 12, 31), heute=HEUTE)
    danach = portfolio(Projekt.objects.all(), stichtag=date(2023, 1, 1), heute=HEUTE)

    assert damals["fakten"]["zaehlung"] == [{"status": "bearbeitung", "anzahl": 1}]
    assert danach["fakten"]["zaehlung"] == [{"status": "abgeschlossen", "anzahl": 1}]


def test_portfolio_absorbed_projekt_is_counted_apart(laufendes: Projekt) -> None:
    pilot = seit(ProjektFactory(name="Pilot", status=ProjektStatus.NICHT_ANGEGEBEN), VORTRAG)
    pilot.aufgegangen_in.add(laufendes)

    daten = portfolio(Projekt.objects.all(), stichtag=HEUTE, heute=HEUTE)

    assert daten["fakten"]["anzahl"] == 1
    assert daten["fakten"]["aufgegangene"][0]["aufgegangen_in"] == ["Einführung der E-Akte"]


def test_portfolio_milestone_reached_later_is_overdue_on_the_day(laufendes: Projekt) -> None:
    MeilensteinFactory(projekt=laufendes, geplant=date(2024, 1, 10), erreicht=date(2024, 3, 1))

    daten = portfolio(Projekt.objects.all(), stichtag=date(2024, 2, 1), heute=HEUTE)

    [meilenstein] = daten["fakten"]["laufende"][0]["meilensteine"]
    assert (meilenstein["stand"], meilenstein["erreicht"]) == ("ueberfaellig", None)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_portfolio_queries_stay_the_same(verbund: Verbund, django_assert_num_queries, anzahl: int) -> None:
    for _ in range(anzahl):
        projekt = seit(ProjektFactory(), VORTRAG)
        MeilensteinFactory(projekt=projekt)
        TeilnahmeFactory(projekt=projekt)
        ProjektauftragFactory(projekt=projekt, status=AuftragStatus.BESCHLOSSEN, ergebnisse=["Plan", "Analyse"])
    Statuswechsel.objects.status_am(Projekt, HEUTE)  # the content type is cached for the life of the process

    with django_assert_num_queries(8):
        portfolio(Projekt.objects.all(), stichtag=HEUTE, heute=HEUTE)


def test_portfolio_html_names_running_projects_and_empty_plans(laufendes: Projekt) -> None:
    html = berichte.portfolio_html(portfolio(Projekt.objects.all(), stichtag=HEUTE, heute=HEUTE), demo=False)

    assert "Einführung der E-Akte" in html
    assert "Kein Auftrag, keine Meilensteine hinterlegt." in html
    assert "14 von 15" in html


def test_portfolio_html_day_without_facts_says_so(laufendes: Projekt) -> None:
    daten = portfolio(Projekt.objects.all(), stichtag=date(2015, 1, 1), heute=HEUTE)

    assert "Die ersten Angaben gelten ab dem 19. Mai 2022." in berichte.portfolio_html(daten, demo=False)


# --- how it comes about -------------------------------------------------------------------------------------------


def test_anfordern_day_to_come_is_refused(laufendes: Projekt) -> None:
    with pytest.raises(ValidationError, match="Zukunft"):
        anfordern(stichtag=date(2026, 11, 23))


def test_anfordern_twice_in_a_row_is_one_report(laufendes: Projekt) -> None:
    erster, neu = bericht_anfordern(stichtag=HEUTE, durch=None, heute=HEUTE)
    zweiter, auch_neu = bericht_anfordern(stichtag=HEUTE, durch=None, heute=HEUTE)

    assert (erster, neu, auch_neu) == (zweiter, True, False)


def test_anfordern_after_the_first_is_done_makes_a_new_one(laufendes: Projekt) -> None:
    erster = erstellen(anfordern())

    assert anfordern() != erster


def test_erstellen_keeps_the_pdf_with_its_checksum(laufendes: Projekt, geschaeftsstelle: Konto) -> None:
    bericht = erstellen(anfordern(geschaeftsstelle))

    with bericht.fassung.datei.open("rb") as datei:
        inhalt = datei.read()
    assert bericht.marke_des_status == LaufStatus.FERTIG
    assert inhalt.startswith(b"%PDF-")
    assert bericht.fassung.pruefsumme == hashlib.sha256(inhalt).hexdigest()


def test_erstellen_tells_who_asked(laufendes: Projekt, geschaeftsstelle: Konto) -> None:
    bericht = erstellen(anfordern(geschaeftsstelle))

    nachricht = Postausgang.objects.get()
    assert (nachricht.an, nachricht.betreff) == (geschaeftsstelle.email, f"{bericht} ist fertig")
    assert str(bericht.pk) in nachricht.text


def test_erstellen_uses_the_snapshot_alone(laufendes: Projekt) -> None:
    bericht = anfordern()
    Projekt.objects.update(name="Umbenannt")

    html = berichte.portfolio_html(Bericht.objects.get(pk=bericht.pk).schnappschuss, demo=False)

    assert "Einführung der E-Akte" in html
    assert "Umbenannt" not in html


def test_erstellen_failure_is_told_and_can_be_repeated(laufendes: Projekt, geschaeftsstelle: Konto) -> None:
    bericht = anfordern(geschaeftsstelle)
    gut = bericht.schnappschuss
    Bericht.objects.filter(pk=bericht.pk).update(schnappschuss={})

    bericht = erstellen(bericht)
    assert bericht.marke_des_status == LaufStatus.FEHLGESCHLAGEN
    assert bericht.lauf.fehler == "Im Schritt „Daten werden aufbereitet“ ist ein Fehler aufgetreten (KeyError)."
    assert Postausgang.objects.get().betreff == f"{bericht} konnte nicht erstellt werden"

    Bericht.objects.filter(pk=bericht.pk).update(schnappschuss=gut)
    ablauf.wiederholen(bericht=bericht, durch=geschaeftsstelle)
    assert erstellen(bericht).marke_des_status == LaufStatus.FERTIG


def test_wiederholen_unless_failed_is_refused(laufendes: Projekt, geschaeftsstelle: Konto) -> None:
    with pytest.raises(ValidationError, match="nicht fehlgeschlagen"):
        ablauf.wiederholen(bericht=anfordern(), durch=geschaeftsstelle)


def test_freigeben_unfinished_is_refused(laufendes: Projekt, geschaeftsstelle: Konto) -> None:
    with pytest.raises(ValidationError, match="fertigen"):
        ablauf.freigeben(bericht=anfordern(), durch=geschaeftsstelle)


def test_freigeben_finished_notes_who_and_when(laufendes: Projekt, geschaeftsstelle: Konto) -> None:
    bericht = erstellen(anfordern())

    ablauf.freigeben(bericht=bericht, durch=geschaeftsstelle)

    bericht.refresh_from_db()
    assert bericht.freigegeben_durch == geschaeftsstelle
    assert bericht.freigegeben_am is not None


def test_finished_report_change_by_raw_sql_is_refused(laufendes: Projekt) -> None:
    bericht = erstellen(anfordern())

    with pytest.raises(IntegrityError, match="nie geaendert"), connection.cursor() as cursor:
        cursor.execute("UPDATE projekte_bericht SET schnappschuss = '{}' WHERE id = %s", [bericht.pk])


@pytest.mark.parametrize("profil", ["ua1", "2a"])
def test_pdf_of_the_report_is_accessible_and_archivable(laufendes: Projekt, profil: str) -> None:
    MeilensteinFactory(projekt=laufendes, geplant=date(2026, 10, 1))
    ProjektauftragFactory(projekt=laufendes, status=AuftragStatus.BESCHLOSSEN, ergebnisse=["Plan", "Analyse"])
    daten = portfolio(Projekt.objects.all(), stichtag=HEUTE, heute=HEUTE)

    ergebnis = page.validate_pdf_bytes(berichte.pdf(berichte.portfolio_html(daten, demo=True)), profile=profil)

    assert [(mangel.rule_id, mangel.message) for mangel in ergebnis.failures] == []


def test_portfolio_before_any_facts_are_loaded_is_empty(db: None) -> None:
    daten = portfolio(Projekt.objects.all(), stichtag=HEUTE, heute=HEUTE)

    assert (daten["verbund"], daten["fakten"]["anzahl"]) == ("Interkommunale Zusammenarbeit", 0)
