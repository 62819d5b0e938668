"""Error pages: what happened, in German, and a way on."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape

from kommunen.models import Konto

Anmelden = Callable[[Konto], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


def text(antwort) -> str:
    return " ".join(antwort.content.decode().split())


def test_bad_parameter_offers_the_page_without_any(client: Client) -> None:
    antwort = client.get("/projekte/?status=gibt-es-nicht")

    assert antwort.status_code == 400
    assert "<h1>Diese Angabe passt nicht</h1>" in text(antwort)
    assert '<a class="btn btn-primary" href="/projekte/">Ohne Filter anzeigen</a>' in text(antwort)


def test_bad_parameter_is_told_back_as_text_only(client: Client) -> None:
    antwort = client.get("/projekte/", {"status": "<script>los()</script>"})

    assert antwort.status_code == 400
    assert "<script>los" not in antwort.content.decode()


def test_unreadable_request_says_so(client: Client) -> None:
    antwort = client.get("/", headers={"host": "fremd.example"})

    assert antwort.status_code == 400
    assert "<h1>Die Anfrage ist nicht lesbar</h1>" in text(antwort)
    assert "Ohne Filter anzeigen" not in text(antwort)


@pytest.mark.parametrize("seite", ["999", "abc", "0"])
def test_page_beyond_the_list_leads_to_its_start(client: Client, seite: str) -> None:
    antwort = client.get("/projekte/", {"seite": seite, "sortierung": "name"})

    assert antwort.status_code == 404
    assert "<h1>Diese Seite der Liste gibt es nicht</h1>" in text(antwort)
    assert f'href="{escape("/projekte/?sortierung=name")}"' in text(antwort)


def test_unknown_address_is_no_page_of_a_list(client: Client) -> None:
    assert "<h1>Diese Seite gibt es nicht</h1>" in text(client.get("/gibt-es-nicht/?seite=2"))


def test_not_found_offers_the_sign_in_to_the_public_only(client: Client, kontakt: Konto, angemeldet: Anmelden) -> None:
    oeffentlich, intern = text(client.get("/gibt-es-nicht/")), text(angemeldet(kontakt).get("/gibt-es-nicht/"))

    assert "nur nach der Anmeldung zu sehen" in oeffentlich
    assert "Melden Sie sich an" in oeffentlich
    assert "nicht für Ihr Konto freigegeben" in intern
    assert "Melden Sie sich an" not in intern


def test_forbidden_tells_whose_account_it_is_and_why(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    antwort = angemeldet(geschaeftsstelle).get("/interessen/neu/")

    assert antwort.status_code == 403
    assert "Das ist nicht für Ihr Konto vorgesehen" in text(antwort)
    assert "Kontakte und Verwaltungsspitzen" in text(antwort)
    assert "Sie sind als Geschäftsstelle angemeldet." in text(antwort)


def test_forbidden_without_a_reason(kontakt: Konto, angemeldet: Anmelden) -> None:
    assert "anderen Konten vorbehalten" in text(angemeldet(kontakt).get("/projekte/neu/"))


def test_wrong_method_has_a_page_and_keeps_its_header(kontakt: Konto, angemeldet: Anmelden) -> None:
    antwort = angemeldet(kontakt).get("/interessen/1/zurueckziehen/")

    assert antwort.status_code == 405
    assert antwort.headers["Allow"] == "POST"
    assert "<h1>So lässt sich diese Adresse nicht aufrufen</h1>" in text(antwort)


def test_start_has_no_way_to_itself(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    client = angemeldet(geschaeftsstelle)

    assert 'class="brotkrumen"' not in text(client.get("/"))
    assert '<li><a href="/">Übersicht</a></li>' in text(client.get("/projekte/"))
