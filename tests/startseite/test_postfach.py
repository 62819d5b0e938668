"""`/postfach/`: the mailbox of the demo, with the links that its people click."""

import pytest

from ikz_portal.basis import post
from ikz_portal.basis.models import Postausgang
from kommunen.models import Konto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
LINK = "https://ikz.example/konto/einladung/geheim-17/"


@pytest.fixture
def nachricht() -> Postausgang:
    return post.einreihen(
        an="a@ikz.example", betreff="Einladung", text=f"<b>Öffnen</b>: {post.PERSOENLICHER_LINK}", link=LINK
    )


def test_mail_is_shown_as_the_recipient_gets_it(angemeldet, geschaeftsstelle: Konto, nachricht, settings) -> None:
    settings.IKZ_DEMO = True

    seite = angemeldet(geschaeftsstelle).get("/postfach/").content.decode()

    assert f'<a href="{LINK}" rel="nofollow">{LINK}</a>' in seite
    assert "&lt;b&gt;Öffnen&lt;/b&gt;" in seite
    assert "<p><p>" not in seite


def test_link_that_cannot_be_read_any_more_is_said(angemeldet, geschaeftsstelle: Konto, nachricht, settings) -> None:
    settings.IKZ_DEMO = True
    Postausgang.objects.update(geheimnis="unlesbar")

    seite = angemeldet(geschaeftsstelle).get("/postfach/").content.decode()

    assert "Der persönliche Link ist nicht mehr lesbar (SECRET_KEY wurde gewechselt)." in seite


def test_there_is_none_outside_of_the_demo(angemeldet, geschaeftsstelle: Konto) -> None:
    assert angemeldet(geschaeftsstelle).get("/postfach/").status_code == 404


def test_others_get_403(angemeldet, kontakt: Konto, settings) -> None:
    settings.IKZ_DEMO = True

    assert angemeldet(kontakt).get("/postfach/").status_code == 403
