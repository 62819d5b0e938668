"""The page of proposed groups: who sees which, filters, files, what it says where there is nothing."""

import pytest
import time_machine
from django.urls import reverse

from bestandsaufnahme.auswahl import Stufe
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenbekundungFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VertretungFactory
from tests.fabriken.projekte import StarthilfeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
URL = "/interessen/konstellationen/"


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-11-23T12:00:00+01:00"):
        yield


def vorschlag(feld, *kommunen, **werte):
    """Let enough Kommunen want it."""
    weitere = [KommuneFactory() for _ in range(3 - len(kommunen))]
    return [InteressenbekundungFactory(aufgabenfeld=feld, kommune=k, **werte) for k in (*kommunen, *weitere)]


def gezeigte(antwort):
    return [eine.feld for eine in antwort.context["vorschlaege"]]


# --- who may ----------------------------------------------------------------------------------------------------------
def test_liste_has_its_address():
    assert reverse("konstellation_liste") == URL


def test_liste_sends_the_public_to_sign_in(client):
    antwort = client.get(URL)
    assert (antwort.status_code, antwort.url.split("?")[0]) == (302, "/konto/anmelden/")


def test_liste_is_refused_to_who_acts_for_no_kommune(angemeldet, lesend):
    antwort = angemeldet(lesend).get(URL)
    assert antwort.status_code == 403
    assert "die Geschäftsstelle und alle, die für eine Kommune handeln" in antwort.content.decode()


def test_kommune_sees_what_it_is_part_of_and_the_geschaeftsstelle_all(  # noqa: PLR0917
    angemeldet, kontakt, fremder_kontakt, buergermeister, geschaeftsstelle, kommune
):
    vorschlag(AufgabenfeldFactory(name="Bauhof"), kommune)
    vorschlag(AufgabenfeldFactory(name="Personal"), fremder_kontakt.kommune)
    gesehen = [gezeigte(angemeldet(konto).get(URL)) for konto in (kontakt, buergermeister, fremder_kontakt)]
    assert gesehen == [["Bauhof"], ["Bauhof"], ["Personal"]]
    assert gezeigte(angemeldet(geschaeftsstelle).get(URL)) == ["Bauhof", "Personal"]


def test_who_stands_in_for_a_head_sees_what_that_kommune_is_part_of(angemeldet, kontakt, andere_kommune):
    VertretungFactory(vertretener=KontoFactory(kommune=andere_kommune, buergermeister=True), vertreter=kontakt)
    vorschlag(AufgabenfeldFactory(name="Personal"), andere_kommune)
    antwort = angemeldet(kontakt).get(URL)
    assert gezeigte(antwort) == ["Personal"]
    assert "eine Ihrer Kommunen" in antwort.content.decode()


# --- what it says -----------------------------------------------------------------------------------------------------
def test_liste_tells_who_why_what_is_missing_and_marks_the_own_kommune(angemeldet, kontakt, kommune):
    feld = AufgabenfeldFactory(name="Bauhof")
    eigene, *_ = vorschlag(feld, kommune, bietet="Kehrmaschine", sucht="Häcksler", stufe=Stufe.RESSOURCEN)
    text = angemeldet(kontakt).get(URL).content.decode()
    assert "Ihre Kommune" in text
    assert "bringen Ressourcen ein." in text
    assert "Noch keine Kommune würde federführen." in text
    assert "fehlt noch ein passendes Angebot." in text
    assert f'href="{eigene.get_absolute_url()}"' in text
    assert f'href="{feld.get_absolute_url()}"' in text
    assert "<strong>9</strong> Punkte" in text
    assert "denkbar" in text
    assert "So entsteht die Reihenfolge" in text


def test_projektidee_is_offered_to_the_geschaeftsstelle_alone(angemeldet, kontakt, geschaeftsstelle, kommune):
    feld = AufgabenfeldFactory(slug="bauhof")
    teil = KooperationsfeldFactory(aufgabenfeld=feld)
    andere = [KommuneFactory(name=f"Ort {n}") for n in (1, 2)]
    for eine in (kommune, *andere):
        InteressenbekundungFactory(kommune=eine, aufgabenfeld=None, kooperationsfeld=teil)
    ags = ",".join(k.ags for k in (kommune, *andere))
    adresse = f"/aufgabenfelder/bauhof/projektidee/?kommunen={ags}&amp;kooperationsfeld={teil.pk}"
    assert f'href="{adresse}"' in angemeldet(geschaeftsstelle).get(URL).content.decode()
    assert "projektidee" not in angemeldet(kontakt).get(URL).content.decode()


def test_example_is_marked(angemeldet, geschaeftsstelle):
    vorschlag(AufgabenfeldFactory(), beispiel=True)
    assert "marke-beispiel" in angemeldet(geschaeftsstelle).get(URL).content.decode()


def test_what_is_declared_is_shown_as_text(angemeldet, geschaeftsstelle):
    feld = AufgabenfeldFactory(name="<script>alert(1)</script>")
    vorschlag(feld, bietet="<b>Kehrmaschine</b>", sucht="<b>Kehrmaschine</b>")
    text = angemeldet(geschaeftsstelle).get(URL).content.decode()
    assert "<script>alert" not in text
    assert "<b>" not in text


# --- nothing to show --------------------------------------------------------------------------------------------------
def test_empty_page_says_where_kommunen_are_missing(angemeldet, geschaeftsstelle):
    InteressenbekundungFactory(aufgabenfeld=AufgabenfeldFactory(name="Archiv"))
    for name in ("Bauhof", "Personal"):
        feld = AufgabenfeldFactory(name=name)
        InteressenbekundungFactory(aufgabenfeld=feld)
        InteressenbekundungFactory(aufgabenfeld=feld)
    text = angemeldet(geschaeftsstelle).get(URL).content.decode()
    assert "Noch keine Vorschläge" in text
    assert (
        "In 2 Aufgabenfeldern fehlt eine Kommune, in 1 Aufgabenfeld fehlen zwei Kommunen. Ein Vorschlag braucht 3."
        in (" ".join(text.split()))
    )


def test_empty_page_of_a_kommune_tells_of_its_own_fields_alone(angemeldet, kontakt, kommune):
    InteressenbekundungFactory(aufgabenfeld=AufgabenfeldFactory(name="Archiv"), kommune=kommune)
    InteressenbekundungFactory(aufgabenfeld=AufgabenfeldFactory(name="Bauhof"))
    antwort = angemeldet(kontakt).get(URL)
    assert [eines.feld.name for eines in antwort.context["knapp"]] == ["Archiv"]
    assert "Noch keine Vorschläge für Ihre Kommune" in antwort.content.decode()


def test_empty_page_without_any_declaration(angemeldet, geschaeftsstelle):
    antwort = angemeldet(geschaeftsstelle).get(URL)
    assert (antwort.status_code, antwort.context["knapp"]) == (200, [])


# --- filters, pages, files --------------------------------------------------------------------------------------------
def test_liste_is_filtered_by_field_and_kommune(angemeldet, geschaeftsstelle, kommune, andere_kommune):
    bauhof, personal = AufgabenfeldFactory(name="Bauhof"), AufgabenfeldFactory(name="Personal")
    vorschlag(bauhof, kommune)
    vorschlag(personal, andere_kommune)
    client = angemeldet(geschaeftsstelle)
    antwort = client.get(URL, {"aufgabenfeld": bauhof.slug})
    assert (gezeigte(antwort), antwort.context["treffer"]) == (["Bauhof"], "1 von 2 Vorschlägen")
    assert gezeigte(client.get(URL, {"kommune": andere_kommune.ags})) == ["Personal"]
    leer = client.get(URL, {"kommune": andere_kommune.ags, "aufgabenfeld": bauhof.slug})
    assert gezeigte(leer) == []
    assert "Kein Vorschlag passt zu diesen Filtern" in leer.content.decode()


def test_minimum_may_be_raised_but_not_lowered(angemeldet, geschaeftsstelle, settings):
    feld = AufgabenfeldFactory(name="Bauhof")
    vorschlag(feld)
    InteressenbekundungFactory(aufgabenfeld=feld)
    vorschlag(AufgabenfeldFactory(name="Personal"))
    client = angemeldet(geschaeftsstelle)
    assert gezeigte(client.get(URL, {"mindestens": "4"})) == ["Bauhof"]
    assert client.get(URL, {"mindestens": "2"}).status_code == 400
    settings.KONSTELLATION_MINDESTENS = 4
    assert gezeigte(client.get(URL)) == ["Bauhof"]
    assert client.get(URL, {"mindestens": "3"}).status_code == 400


def test_kommune_filters_by_its_own_alone(angemeldet, kontakt, andere_kommune):
    vorschlag(AufgabenfeldFactory(), andere_kommune)
    VertretungFactory(vertretener=KontoFactory(buergermeister=True), vertreter=kontakt)
    client = angemeldet(kontakt)
    assert client.get(URL, {"kommune": kontakt.kommune.ags}).status_code == 200
    assert client.get(URL, {"kommune": andere_kommune.ags}).status_code == 400


@pytest.mark.parametrize(
    ("frage", "status"),
    [
        ("aufgabenfeld=gibt-es-nicht", 400),
        ("kommune=99999999", 400),
        ("mindestens=viele", 400),
        ("mindestens=%00", 400),
        ("aufgabenfeld=" + "x" * 5000, 400),
        ("format=pdf", 400),
        ("seite=99", 404),
        ("seite=null", 404),
        ("unbekannt=1", 200),
    ],
)
def test_hostile_addresses_are_answered_in_german(angemeldet, geschaeftsstelle, frage, status):
    KommuneFactory.create_batch(2)
    assert angemeldet(geschaeftsstelle).get(f"{URL}?{frage}").status_code == status


def test_liste_is_paged(angemeldet, geschaeftsstelle):
    for _ in range(11):
        vorschlag(AufgabenfeldFactory())
    client = angemeldet(geschaeftsstelle)
    assert [len(gezeigte(client.get(URL, {"seite": seite}))) for seite in (1, 2)] == [10, 1]


def test_proposal_names_the_projekt_that_came_from_its_declarations(angemeldet, geschaeftsstelle):
    eine, *_ = vorschlag(AufgabenfeldFactory(name="Bauhof"))
    vorschlag(AufgabenfeldFactory(name="Personal"))
    StarthilfeFactory(interesse=eine, projekt__name="Gemeinsamer Bauhof")
    antwort = angemeldet(geschaeftsstelle).get(URL)
    daraus = {vorschlag.feld: projekte for vorschlag, projekte in antwort.context["mit_projekten"]}
    assert daraus == {"Bauhof": ["Gemeinsamer Bauhof"], "Personal": []}
    assert antwort.content.decode().count("Aus Bekundungen dieser Gruppe wurde schon: Gemeinsamer Bauhof") == 1


def test_csv_holds_what_is_filtered(angemeldet, kontakt, fremder_kontakt, kommune):
    vorschlag(AufgabenfeldFactory(name="Bauhof"), kommune, stufe=Stufe.FEDERFUEHRUNG)
    vorschlag(AufgabenfeldFactory(name="Personal"), fremder_kontakt.kommune)
    antwort = angemeldet(kontakt).get(URL, {"format": "csv"})
    kopf, *zeilen = antwort.content.decode("utf-8-sig").splitlines()
    assert kopf.startswith(
        "Aufgabenfeld;Kooperationsfeld;Kommunen;Zahl der Kommunen;Würden federführen;Punkte;Aussicht"
    )
    assert len(zeilen) == 1
    assert zeilen[0].startswith("Bauhof;;")
    assert ";3;" in zeilen[0]
    assert "würden federführen. (25)" in zeilen[0]
    assert angemeldet(kontakt).get(URL, {"format": "xlsx"}).content[:2] == b"PK"


@pytest.mark.parametrize("anzahl", [1, 3])
def test_liste_takes_the_same_twelve_queries(angemeldet, geschaeftsstelle, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        vorschlag(AufgabenfeldFactory())
    client = angemeldet(geschaeftsstelle)
    client.get(URL)  # what is kept between requests
    with django_assert_num_queries(12):
        assert len(gezeigte(client.get(URL))) == anzahl
