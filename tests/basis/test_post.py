"""Mail leaves through a real SMTP server, once, with the Message-ID of its row; a server away is tried again."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from ikz_portal.basis import laeufe, post
from ikz_portal.basis.auswahl import LaufStatus, PostStatus
from ikz_portal.basis.models import Lauf, Postausgang
from tests.fabriken.kommunen import KontoFactory

pytestmark = pytest.mark.django_db


class Empfang:
    def __init__(self) -> None:
        self.umschlaege: list = []
        self.antwort = "250 angenommen"

    async def handle_RCPT(self, server, session, envelope, address, optionen) -> str:  # aiosmtpd's name
        if self.antwort.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.antwort

    async def handle_DATA(self, server, session, envelope) -> str:  # aiosmtpd's name
        self.umschlaege.append(envelope)
        return "250 angenommen"


@pytest.fixture
def empfang(settings) -> Iterator[Empfang]:
    halter = Empfang()
    with socket.create_server(("127.0.0.1", 0)) as frei:
        port = frei.getsockname()[1]
    server = Controller(halter, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_URL_GESETZT = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield halter
    server.stop()


@pytest.fixture
def nachricht() -> Postausgang:
    return post.einreihen(an="kontakt@ikz.example", betreff="Fertig", text="Grüße")


def ausfuehren(nachricht: Postausgang) -> Postausgang:
    laeufe.ausfuehren(nachricht.lauf_id, post.senden, nach_scheitern=post.gescheitert)
    return Postausgang.objects.select_related("lauf").get(pk=nachricht.pk)


def test_senden_reaches_the_server_with_the_rows_message_id(empfang: Empfang, nachricht: Postausgang) -> None:
    gesendet = ausfuehren(nachricht)

    [umschlag] = empfang.umschlaege
    assert umschlag.rcpt_tos == ["kontakt@ikz.example"]
    assert f"Message-ID: {nachricht.kennung}".encode() in umschlag.content
    assert gesendet.status == PostStatus.GESENDET


def test_senden_rung_twice_sends_once(empfang: Empfang, nachricht: Postausgang) -> None:
    ausfuehren(nachricht)
    ausfuehren(nachricht)

    assert len(empfang.umschlaege) == 1


def test_senden_server_away_waits_for_the_next_attempt(empfang: Empfang, nachricht: Postausgang, settings) -> None:
    settings.EMAIL_PORT = 9  # nobody listens there

    spaeter = ausfuehren(nachricht)

    assert (spaeter.status, spaeter.lauf.status) == (PostStatus.WARTET, LaufStatus.WARTET)
    assert spaeter.lauf.fruehestens is not None


def test_senden_refused_address_fails_with_the_reason(empfang: Empfang, nachricht: Postausgang) -> None:
    empfang.antwort = "550 unbekannt"

    gescheitert = ausfuehren(nachricht)

    assert gescheitert.status == PostStatus.FEHLGESCHLAGEN
    assert gescheitert.lauf.fehler == "Der Mailserver nimmt für diese Adresse nichts an."


def test_senden_greylisted_address_is_tried_again(empfang: Empfang, nachricht: Postausgang) -> None:
    empfang.antwort = "450 später"

    assert ausfuehren(nachricht).lauf.status == LaufStatus.WARTET


def test_einreihen_sender_with_a_name_gives_a_proper_message_id(settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "IKZ-Portal <portal@ikz.example>"

    assert post.einreihen(an="kontakt@ikz.example", betreff="B", text="T").kennung.endswith("@ikz.example>")


def test_senden_without_mail_server_fails_outside_of_the_demo(nachricht: Postausgang) -> None:
    assert ausfuehren(nachricht).lauf.fehler == "Es ist kein Mailserver eingerichtet."


def test_senden_without_mail_server_keeps_it_in_the_demos_mailbox(nachricht: Postausgang, settings) -> None:
    settings.IKZ_DEMO = True

    assert ausfuehren(nachricht).status == PostStatus.GESENDET


# --- the personal link -----------------------------------------------------------------------------------------------
LINK = "https://ikz.example/konto/einladung/geheim-17/"


@pytest.fixture
def mit_link() -> Postausgang:
    return post.einreihen(
        an="kontakt@ikz.example", betreff="Einladung", text=f"Weiter: {post.PERSOENLICHER_LINK}", link=LINK
    )


def in_der_datenbank() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(zeile::text, ' ') FROM basis_postausgang zeile")
        return str(cursor.fetchone()[0])


def test_senden_puts_the_link_into_the_mail_and_forgets_it(empfang: Empfang, mit_link: Postausgang) -> None:
    assert "geheim-17" not in in_der_datenbank()

    gesendet = ausfuehren(mit_link)

    [umschlag] = empfang.umschlaege
    assert LINK.encode() in umschlag.content
    assert (gesendet.geheimnis, gesendet.text) == ("", "Weiter: [persönlicher Link]")
    assert post.mit_link(gesendet) == "Weiter: [persönlicher Link]"


def test_senden_that_is_put_off_keeps_the_link(empfang: Empfang, mit_link: Postausgang) -> None:
    empfang.antwort = "450 später"

    assert post.mit_link(ausfuehren(mit_link)) == f"Weiter: {LINK}"


def test_senden_with_a_link_that_nobody_can_read_fails_with_a_sentence(
    empfang: Empfang, mit_link: Postausgang, settings
) -> None:
    settings.SECRET_KEY = "ein ganz anderer Schlüssel"

    gescheitert = ausfuehren(mit_link)

    assert (gescheitert.status, empfang.umschlaege) == (PostStatus.FEHLGESCHLAGEN, [])
    assert gescheitert.lauf.fehler == "Der persönliche Link ist nicht mehr lesbar (SECRET_KEY wurde gewechselt)."


# --- unsubscribing by one click ---------------------------------------------------------------------------------------
def kopf(empfang: Empfang) -> Message:
    [umschlag] = empfang.umschlaege
    return message_from_bytes(umschlag.content)


def test_senden_tells_the_mail_program_how_to_unsubscribe(empfang: Empfang) -> None:
    """A link as long as real ones: it must arrive in one piece, in the header too."""
    link = f"https://ikz.example/konto/benachrichtigungen/abbestellen/{'W' * 150}:{'a' * 43}/"
    nachricht = post.einreihen(
        an="kontakt@ikz.example", betreff="Neues", text=f"Ab: {post.PERSOENLICHER_LINK}", link=link, abbestellbar=True
    )

    ausfuehren(nachricht)

    zeilen = kopf(empfang)
    assert (zeilen["List-Unsubscribe"].strip(), zeilen["List-Unsubscribe-Post"]) == (
        f"<{link}>",
        "List-Unsubscribe=One-Click",
    )
    assert link in zeilen.get_payload(decode=True).decode()


def test_senden_of_any_other_mail_names_no_unsubscription(empfang: Empfang, mit_link: Postausgang) -> None:
    ausfuehren(mit_link)

    assert kopf(empfang)["List-Unsubscribe"] is None


def test_einreihen_without_a_link_can_not_be_unsubscribed() -> None:
    with pytest.raises(ValueError, match="nur über einen persönlichen Link"):
        post.einreihen(an="kontakt@ikz.example", betreff="B", text="T", abbestellbar=True)


# --- once more -------------------------------------------------------------------------------------------------------
def test_wiederholen_sends_a_failed_mail(empfang: Empfang, mit_link: Postausgang) -> None:
    empfang.antwort = "550 unbekannt"
    gescheitert = ausfuehren(mit_link)
    empfang.antwort = "250 angenommen"

    wartend = post.wiederholen(post=gescheitert, durch=KontoFactory(geschaeftsstelle=True))

    assert (wartend.status, Lauf.objects.get().status) == (PostStatus.WARTET, LaufStatus.WARTET)
    assert ausfuehren(wartend).status == PostStatus.GESENDET
    [umschlag] = empfang.umschlaege
    assert LINK.encode() in umschlag.content


@pytest.mark.parametrize("status", [PostStatus.WARTET, PostStatus.GESENDET])
def test_wiederholen_of_any_other_is_refused(nachricht: Postausgang, status: PostStatus) -> None:
    gesendet_am = timezone.now() if status == PostStatus.GESENDET else None
    Postausgang.objects.update(status=status, gesendet_am=gesendet_am)

    with pytest.raises(ValidationError, match="Nur eine fehlgeschlagene Nachricht lässt sich erneut senden"):
        post.wiederholen(post=nachricht, durch=KontoFactory(geschaeftsstelle=True))
