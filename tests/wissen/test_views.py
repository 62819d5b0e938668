from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction

from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory
from tests.fabriken.projekte import ProjektFactory
from tests.fabriken.wissen import BeitragFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


def titel(antwort) -> list[str]:
    return [zeile.titel for zeile in antwort.context["zeilen"]]


@pytest.mark.parametrize(
    ("abfrage", "gefunden"),
    [
        ("", ["Leitfaden", "Schulung"]),
        ("art=fortbildung", ["Schulung"]),
        ("aufgabenfeld=energie", ["Leitfaden"]),
        ("q=schul", ["Schulung"]),
        ("q=einkauf", ["Leitfaden"]),
    ],
)
def test_list_filters(client, abfrage, gefunden):
    felder = [AufgabenfeldFactory(slug="energie"), AufgabenfeldFactory()]
    BeitragFactory(titel="Leitfaden", text="Vom Einkauf", aufgabenfelder=felder, oeffentlich=True)
    BeitragFactory(titel="Schulung", art="fortbildung", oeffentlich=True)
    BeitragFactory(titel="intern")
    assert titel(client.get(f"/wissen/?{abfrage}")) == gefunden


@pytest.mark.parametrize(
    ("abfrage", "satz"), [("art=x", "Die Art „x“ gibt es nicht."), ("aufgabenfeld=x", "gibt es nicht")]
)
def test_list_refuses_a_bad_parameter_in_german(client, abfrage, satz):
    antwort = client.get(f"/wissen/?{abfrage}")
    assert antwort.status_code == HTTPStatus.BAD_REQUEST
    assert satz in antwort.content.decode()


@pytest.mark.parametrize(("anzahl", "treffer"), [(1, "1 von 1 Beitrag"), (2, "2 von 2 Beiträgen")])
def test_hits_agree_in_number(client, anzahl, treffer):
    BeitragFactory.create_batch(anzahl, oeffentlich=True)
    assert client.get("/wissen/").context["treffer"] == treffer


def test_empty_list_says_why(client):
    assert "Noch keine Beiträge" in client.get("/wissen/").content.decode()
    BeitragFactory(oeffentlich=True)
    assert "Kein Beitrag passt zu diesen Filtern" in client.get("/wissen/?q=xyz").content.decode()


def test_list_is_exported(client):
    BeitragFactory(titel="Leitfaden", oeffentlich=True, aufgabenfelder=[AufgabenfeldFactory(name="Bauhof")])
    zeilen = client.get("/wissen/?format=csv").content.decode("utf-8-sig").splitlines()
    assert zeilen[1] == "Leitfaden;Leitfaden;Worum es geht.;Bauhof;15.01.2026;öffentlich;"


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_queries(angemeldet, lesend, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        BeitragFactory(aufgabenfelder=AufgabenfeldFactory.create_batch(anzahl))
    client = angemeldet(lesend)
    with django_assert_num_queries(8):
        assert client.get("/wissen/").status_code == HTTPStatus.OK


def test_detail_shows_markdown_source_and_links(client):
    projekt = ProjektFactory(veroeffentlicht=True)
    beitrag = BeitragFactory(
        oeffentlich=True, auszug=True, quelle="Vortrag 2022", projekt=projekt, aufgabenfelder=[AufgabenfeldFactory()]
    )
    seite = client.get(beitrag.get_absolute_url()).content.decode()
    assert "<h2>Schritt 1</h2>" in seite
    assert "<em>Ziel</em>" in seite
    assert "Die Quelle gibt nur einen Teil wieder." in seite
    assert "Vortrag 2022" in seite
    assert projekt.get_absolute_url() in seite


def test_detail_shows_harmful_markdown_as_text(client):
    beitrag = BeitragFactory(oeffentlich=True, text="<script>los()</script> [x](javascript:los)")
    seite = client.get(beitrag.get_absolute_url()).content.decode()
    assert "<script>los" not in seite
    assert 'href="javascript' not in seite


def test_projekt_that_may_not_be_seen_is_not_named(client, angemeldet, lesend):
    beitrag = BeitragFactory(oeffentlich=True, projekt=ProjektFactory(name="Geheimes Projekt"))
    assert "Geheimes Projekt" not in client.get(beitrag.get_absolute_url()).content.decode()
    assert "Geheimes Projekt" in angemeldet(lesend).get(beitrag.get_absolute_url()).content.decode()


def test_hidden_or_unknown_beitrag_is_not_found(client, angemeldet, lesend):
    intern, entwurf = BeitragFactory(), BeitragFactory(entwurf=True)
    assert client.get(intern.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
    assert client.get("/wissen/gibt-es-nicht/").status_code == HTTPStatus.NOT_FOUND
    assert angemeldet(lesend).get(intern.get_absolute_url()).status_code == HTTPStatus.OK
    assert angemeldet(lesend).get(entwurf.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("anzahl", [1, 3])
def test_detail_queries(client, django_assert_num_queries, anzahl):
    beitrag = BeitragFactory(
        oeffentlich=True,
        projekt=ProjektFactory(veroeffentlicht=True),
        aufgabenfelder=AufgabenfeldFactory.create_batch(anzahl),
    )
    with django_assert_num_queries(4):
        assert client.get(beitrag.get_absolute_url()).status_code == HTTPStatus.OK


def test_reserved_names_never_become_slugs(db):
    with pytest.raises(IntegrityError, match="slug_frei"), transaction.atomic():
        BeitragFactory(slug="foerderung")
