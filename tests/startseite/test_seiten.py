"""Help, mailbox, legal and error pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from ikz_portal.basis import post
from kommunen.models import Konto

Anmelden = Callable[[Konto], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.mark.parametrize("pfad", ["/hilfe/", "/hilfe/berichte/", "/impressum/", "/datenschutz/", "/barrierefreiheit/"])
def test_page_is_open_to_everybody(client: Client, pfad: str) -> None:
    assert client.get(pfad).status_code == 200


def test_hilfe_unknown_chapter_is_not_found(client: Client) -> None:
    assert client.get("/hilfe/gibt-es-nicht/").status_code == 404


def test_postfach_shows_the_mails_of_the_demo(geschaeftsstelle: Konto, angemeldet: Anmelden, settings) -> None:
    settings.IKZ_DEMO = True
    post.einreihen(an="kontakt@ikz.example", betreff="Bericht ist fertig", text="Guten Tag")

    assert "Bericht ist fertig" in angemeldet(geschaeftsstelle).get("/postfach/").content.decode()


def test_postfach_is_not_for_others(kontakt: Konto, angemeldet: Anmelden, settings) -> None:
    settings.IKZ_DEMO = True

    assert angemeldet(kontakt).get("/postfach/").status_code == 403


def test_postfach_outside_of_the_demo_is_not_found(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    assert angemeldet(geschaeftsstelle).get("/postfach/").status_code == 404


def test_unknown_page_says_so_in_german(client: Client) -> None:
    antwort = client.get("/gibt-es-nicht/")

    assert antwort.status_code == 404
    assert "gibt es nicht" in antwort.content.decode()


def test_headers_allow_own_scripts_and_styles_only(client: Client) -> None:
    antwort = client.get("/")

    regeln = antwort.headers["Content-Security-Policy"]
    assert "default-src 'none'" in regeln
    assert "script-src 'self'" in regeln
    assert "unsafe" not in regeln
    assert "camera=()" in antwort.headers["Permissions-Policy"]
