"""The portfolio page, its filters, its export and its saved views."""

import csv
import io
from datetime import date
from http import HTTPStatus

import pytest

from ikz_portal.basis.models import GespeicherteAnsicht
from projekte.auswahl import Antwort, ProjektStatus
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory
from tests.fabriken.projekte import (
    MeilensteinFactory,
    ProjektFactory,
    TeilnahmeFactory,
    volles_projekt,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "_heute")]


def namen(antwort) -> list[str]:
    return [zeile.name for zeile in antwort.context["zeilen"]]


# --- list -------------------------------------------------------------------------------------------------------------


def test_list_shows_the_public_published_facts(client):
    ProjektFactory(name="öffentlich", veroeffentlicht=True)
    ProjektFactory(name="intern")
    ProjektFactory(name="Beispiel", veroeffentlicht=True, beispiel=True)
    antwort = client.get("/projekte/")
    assert namen(antwort) == ["öffentlich"]
    assert antwort.context["treffer"] == "1 von 1 Projekt"
    assert "beispiel" not in antwort.context["filterset"].form.fields
    assert "/projekte/neu/" not in antwort.content.decode()


def test_list_shows_examples_with_badge_and_counts_them_apart(angemeldet, kontakt):
    ProjektFactory(name="wirklich")
    ProjektFactory(name="gespielt", beispiel=True)
    antwort = angemeldet(kontakt).get("/projekte/")
    assert antwort.context["zahlen"].je_status == [(ProjektStatus.BEARBEITUNG, 1)]
    assert antwort.context["treffer"] == "2 von 2 Projekten"
    assert "marke-beispiel" in antwort.content.decode()


def test_every_count_links_to_its_rows(angemeldet, kontakt):
    ProjektFactory(name="wirklich")
    ProjektFactory(name="gespielt", beispiel=True)
    client = angemeldet(kontakt)
    assert "/projekte/?status=bearbeitung&amp;beispiel=nein" in client.get("/projekte/").content.decode()
    assert namen(client.get("/projekte/?status=bearbeitung&beispiel=nein")) == ["wirklich"]
    assert namen(client.get("/projekte/?beispiel=ja")) == ["gespielt"]


def test_absorbed_pilot_stands_apart(client):
    pilot = ProjektFactory(name="Pilot", veroeffentlicht=True)
    pilot.aufgegangen_in.add(ProjektFactory(name="Vergabe", veroeffentlicht=True))
    antwort = client.get("/projekte/")
    assert namen(antwort) == ["Vergabe"]
    assert antwort.context["zahlen"].fakten == 1
    assert [(zeile.name, zeile.aufgegangen_in) for zeile in antwort.context["aufgegangene"]] == [("Pilot", "Vergabe")]


@pytest.mark.parametrize(
    ("abfrage", "gefunden"),
    [
        ("status=idee", ["Archiv"]),
        ("aufgabenfeld=energie", ["Archiv"]),
        ("q=strom", ["Bauhof"]),
        ("q=archiv", ["Archiv"]),
        ("ueberfaellig=ja", ["Bauhof"]),
        ("ueberfaellig=nein", ["Archiv"]),
        ("status=idee&q=strom", []),
    ],
)
def test_list_filters(client, abfrage, gefunden):
    ProjektFactory(
        name="Archiv",
        status="idee",
        veroeffentlicht=True,
        aufgabenfeld=AufgabenfeldFactory(slug="energie"),
    )
    bauhof = ProjektFactory(name="Bauhof", kurzbeschreibung="Gemeinsamer Stromeinkauf", veroeffentlicht=True)
    MeilensteinFactory(projekt=bauhof, geplant=date(2026, 5, 31))
    assert namen(client.get(f"/projekte/?{abfrage}")) == gefunden


def test_list_filters_by_kommune_without_touching_the_counts(angemeldet, kontakt):
    projekt, anderes = ProjektFactory(name="mit"), ProjektFactory(name="ohne")
    TeilnahmeFactory(projekt=projekt, kommune=kontakt.kommune)
    TeilnahmeFactory(projekt=projekt)
    TeilnahmeFactory(projekt=anderes, kommune=kontakt.kommune, antwort=Antwort.NIMMT_NICHT_TEIL)
    antwort = angemeldet(kontakt).get(f"/projekte/?kommune={kontakt.kommune.ags}")
    assert [(zeile.name, zeile.teilnahme.text) for zeile in antwort.context["zeilen"]] == [("mit", "2 von 2")]


def test_public_cannot_ask_who_takes_part(client, kommune):
    ProjektFactory(veroeffentlicht=True)
    antwort = client.get(f"/projekte/?kommune={kommune.ags}")
    assert len(namen(antwort)) == 1
    assert "kommune" not in antwort.context["filterset"].form.fields


@pytest.mark.parametrize(
    ("sortierung", "reihenfolge"),
    [
        ("", ["Bauhof", "Ämter", "Zoo"]),
        ("name", ["Ämter", "Bauhof", "Zoo"]),
        ("-name", ["Zoo", "Bauhof", "Ämter"]),
        ("beginn", ["Bauhof", "Ämter", "Zoo"]),
        ("-beginn", ["Ämter", "Bauhof", "Zoo"]),
        ("-status", ["Zoo", "Ämter", "Bauhof"]),
    ],
)
def test_list_sorts(client, sortierung, reihenfolge):
    ProjektFactory(
        name="Zoo", status="abgeschlossen", beginn=None, beginn_genauigkeit="unbekannt", veroeffentlicht=True
    )
    ProjektFactory(name="Ämter", status="idee", veroeffentlicht=True)
    ProjektFactory(name="Bauhof", beginn=date(2020, 1, 1), veroeffentlicht=True)
    antwort = client.get(f"/projekte/?sortierung={sortierung}")
    assert namen(antwort) == reihenfolge
    richtungen = [kopf["richtung"] for kopf in antwort.context["spaltenkoepfe"]]
    assert sum(bool(richtung) for richtung in richtungen) == 1


@pytest.mark.parametrize(
    ("abfrage", "satz"),
    [
        ("sortierung=farbe", "Sortierung: Möglich sind"),
        ("status=x", "Den Status „x“ gibt es nicht."),
        ("aufgabenfeld=x", "Das Aufgabenfeld „x“ gibt es nicht."),
        ("ueberfaellig=x", "Möglich sind „ja“ und „nein“."),
        ("format=exe", "Dieses Dateiformat gibt es nicht"),
        ("q=%00", ""),
    ],
)
def test_list_refuses_a_bad_parameter_in_german(client, abfrage, satz):
    antwort = client.get(f"/projekte/?{abfrage}")
    assert antwort.status_code == HTTPStatus.BAD_REQUEST
    assert satz in antwort.content.decode()


@pytest.mark.parametrize(("abfrage", "worte"), [("", "Noch keine Projekte"), ("q=x", "Noch keine Projekte")])
def test_empty_list_says_why(client, abfrage, worte):
    assert worte in client.get(f"/projekte/?{abfrage}").content.decode()


def test_list_without_hits_offers_the_way_back(client):
    ProjektFactory(veroeffentlicht=True)
    assert "Kein Projekt passt zu diesen Filtern" in client.get("/projekte/?q=xyz").content.decode()


def test_export_has_what_is_filtered_and_the_pilot(client):
    vergabe = ProjektFactory(name="Vergabe", veroeffentlicht=True, zitiert=True)
    ProjektFactory(name="Pilot", veroeffentlicht=True).aufgegangen_in.add(vergabe)
    ProjektFactory(name="Idee", status="idee", veroeffentlicht=True)
    MeilensteinFactory(projekt=vergabe, name="Start", geplant=date(2026, 5, 1))
    antwort = client.get("/projekte/?format=csv&status=bearbeitung&sortierung=name")
    zeilen = list(csv.DictReader(io.StringIO(antwort.content.decode("utf-8-sig")), delimiter=";"))
    assert [(zeile["Projekt"], zeile["aufgegangen in"]) for zeile in zeilen] == [("Pilot", "Vergabe"), ("Vergabe", "")]
    assert (zeilen[1]["Teilnahme"], zeilen[1]["von"], zeilen[1]["fällig am"]) == ("14", "15", "01.05.2026")
    assert (zeilen[1]["Herkunft der Zahl"], zeilen[1]["noch ausstehend"]) == ("laut Quelle, Stand 19.05.2022", "")
    assert client.get("/projekte/?format=xlsx").content[:2] == b"PK"


def test_export_tells_what_is_missing_apart_from_the_source(angemeldet, lesend):
    projekt = ProjektFactory(beispiel=True)
    for antwort in (Antwort.GREMIENBESCHLUSS, Antwort.OFFEN, Antwort.OFFEN):
        TeilnahmeFactory(projekt=projekt, antwort=antwort)
    datei = angemeldet(lesend).get("/projekte/?format=csv").content.decode("utf-8-sig")
    [zeile] = csv.DictReader(io.StringIO(datei), delimiter=";")
    assert (zeile["Herkunft der Zahl"], zeile["Beispiel"]) == ("", "ja")
    assert zeile["noch ausstehend"] == "1 Gremienbeschluss steht aus, 2 Antworten offen"


@pytest.mark.parametrize("status", ["abgeschlossen", "eingestellt"])
def test_what_is_over_is_never_overdue(client, status):
    projekt = ProjektFactory(veroeffentlicht=True, status=status)
    MeilensteinFactory(projekt=projekt, geplant=date(2026, 5, 1))
    assert namen(client.get("/projekte/?ueberfaellig=ja")) == []
    assert namen(client.get("/projekte/?ueberfaellig=nein")) == [projekt.name]
    assert "überfällig<" not in client.get("/projekte/").content.decode()
    seite = client.get(projekt.get_absolute_url()).content.decode()
    assert "Nächster Meilenstein" not in seite
    assert "nicht erreicht" in seite
    assert "marke-rot" not in seite.split('id="meilensteine"')[1]
    [zeile] = csv.DictReader(
        io.StringIO(client.get("/projekte/?format=csv").content.decode("utf-8-sig")), delimiter=";"
    )
    assert (zeile["nächster Meilenstein"], zeile["fällig am"], zeile["überfällige Meilensteine"]) == ("", "", "0")


def test_filters_say_what_they_leave(angemeldet, lesend):
    antwort = angemeldet(lesend).get("/projekte/?beispiel=ja&ueberfaellig=nein")
    felder = antwort.context["filterset"].form.fields
    assert [text for _, text in felder["beispiel"].choices] == ["mit Beispielen", "nur Beispiele", "ohne Beispiele"]
    assert [text for _, text in felder["ueberfaellig"].choices] == ["alle", "mit überfälligen", "ohne überfällige"]
    chips = [text for text, _ in antwort.context["angewandte_filter"]]
    assert chips == ["Meilensteine: ohne überfällige", "Beispieldaten: nur Beispiele"]


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_queries_for_the_public(client, django_assert_num_queries, anzahl):
    for nummer in range(anzahl):
        volles_projekt(nummer + 1)
    with django_assert_num_queries(7):
        assert client.get("/projekte/").status_code == HTTPStatus.OK


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_queries_for_a_person(angemeldet, geschaeftsstelle, django_assert_num_queries, anzahl):
    for nummer in range(anzahl):
        volles_projekt(nummer + 1)
        GespeicherteAnsicht.objects.create(konto=geschaeftsstelle, seite="projekt_liste", name=str(nummer))
    client = angemeldet(geschaeftsstelle)
    with django_assert_num_queries(11):
        assert client.get("/projekte/?status=bearbeitung").status_code == HTTPStatus.OK


def test_public_never_reads_the_name_of_an_unpublished_later_projekt(client, angemeldet, lesend):
    frueheres = ProjektFactory(name="Pilot", veroeffentlicht=True)
    frueheres.aufgegangen_in.add(ProjektFactory(name="Geheimes Vorhaben"))
    frueheres.aufgegangen_in.add(ProjektFactory(name="Weiteres Geheimes", veroeffentlicht=True, beispiel=True))
    for adresse in ("/projekte/", "/projekte/?format=csv"):
        assert "Geheimes" not in client.get(adresse).content.decode()
        assert "Geheimes Vorhaben und Weiteres Geheimes" in angemeldet(lesend).get(adresse).content.decode()
    assert "aufgegangen in einem späteren Projekt" in client.get("/projekte/").content.decode()
    assert client.get("/projekte/").context["zahlen"].alle == 0


# --- saved views ------------------------------------------------------------------------------------------------------


def test_view_is_saved_without_page_and_format(angemeldet, kontakt):
    parameter = "status=idee&q=&seite=2&format=csv&csrfmiddlewaretoken=x"
    antwort = angemeldet(kontakt).post(
        "/projekte/ansichten/speichern/", {"name": " Ideen ", "parameter": parameter}, follow=True
    )
    ansicht = GespeicherteAnsicht.objects.get()
    assert (ansicht.konto, ansicht.name, ansicht.parameter) == (kontakt, "Ideen", "status=idee")
    assert antwort.redirect_chain[0][0] == "/projekte/?status=idee"
    assert list(antwort.context["ansichten"]) == [ansicht]


@pytest.mark.parametrize(
    ("name", "satz"),
    [
        ("", "Bitte geben Sie der Ansicht einen Namen."),
        ("x" * 81, "höchstens 80 Zeichen"),
        ("Ideen", "Eine Ansicht mit diesem Namen haben Sie schon."),
    ],
)
def test_refused_name_is_told_at_its_field_in_the_filtered_list(angemeldet, kontakt, name, satz):
    GespeicherteAnsicht.objects.create(konto=kontakt, seite="projekt_liste", name="Ideen")
    client = angemeldet(kontakt)
    werte = {"name": name, "parameter": "status=idee&seite=2"}
    antwort = client.post("/projekte/ansichten/speichern/", werte, follow=True)
    seite = antwort.content.decode()
    assert antwort.redirect_chain == [("/projekte/?status=idee", HTTPStatus.FOUND)]
    assert satz in antwort.context["ansicht_abgelehnt"]["satz"]
    assert f'value="{name}" aria-invalid="true" aria-describedby="ansicht-fehler" autofocus' in seite
    assert '<details class="mb-3" open>' in seite
    assert GespeicherteAnsicht.objects.count() == 1
    assert satz not in client.get("/projekte/?status=idee").content.decode()


def test_view_without_filters_is_refused_on_the_list(angemeldet, kontakt):
    antwort = angemeldet(kontakt).post(
        "/projekte/ansichten/speichern/", {"name": "Alle", "parameter": "q="}, follow=True
    )
    assert antwort.redirect_chain == [("/projekte/?", HTTPStatus.FOUND)]
    assert "Es ist kein Filter gesetzt." in antwort.content.decode()
    assert not GespeicherteAnsicht.objects.exists()


def test_own_view_is_deleted_and_another_persons_not_found(angemeldet, kontakt, fremder_kontakt):
    ansicht = GespeicherteAnsicht.objects.create(konto=kontakt, seite="projekt_liste", name="Ideen")
    adresse = f"/projekte/ansichten/{ansicht.pk}/loeschen/"
    assert angemeldet(fremder_kontakt).post(adresse).status_code == HTTPStatus.NOT_FOUND
    assert angemeldet(kontakt).get(adresse).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert angemeldet(kontakt).post(adresse).status_code == HTTPStatus.FOUND
    assert not GespeicherteAnsicht.objects.exists()
