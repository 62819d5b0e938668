"""Every mail of the own Konto: German, plain text, signed by the Verbund, with what to do if it wasn't oneself."""

from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.test import RequestFactory
from pytest_django import Settings

from ikz_portal.basis import post
from ikz_portal.basis.models import Postausgang
from kommunen.models import Konto, Verbund
from tests.kommunen.konto_hilfen import FREMD

pytestmark = pytest.mark.django_db
VORLAGEN = Path(__file__).resolve().parents[2] / "templates"
BENACHRICHTIGUNGEN = [
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "account/email/email_changed",
    "account/email/email_deleted",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "mfa/email/recovery_codes_generated",
]
MIT_LINK = {
    "account/email/password_reset_key": "password_reset_url",
    "account/email/email_confirmation": "activate_url",
}
WERTE = {"from_email": "alt@ikz.example", "to_email": "neu@ikz.example", "deleted_email": "weg@ikz.example"}


@pytest.fixture
def verbund(verbund: Verbund) -> Verbund:
    verbund.name, verbund.kontakt = "Städte & Gemeinden <Musterkreis>", "geschaeftsstelle@ikz.example"
    verbund.save()
    return verbund


def benachrichtigen(vorlage: str, konto: Konto) -> Postausgang:
    anfrage = RequestFactory().post("/", HTTP_USER_AGENT="Jetzt hier klicken: https://boese.example")
    anfrage.user = konto
    with context.request_context(anfrage):
        get_adapter().send_notification_mail(vorlage, konto, WERTE)
    return Postausgang.objects.latest("pk")


@pytest.mark.parametrize("vorlage", BENACHRICHTIGUNGEN)
def test_notification_is_german_signed_and_says_what_to_do(
    kontakt: Konto, verbund: Verbund, settings: Settings, vorlage: str
) -> None:
    nachricht = benachrichtigen(vorlage, kontakt)

    assert nachricht.an == kontakt.email
    assert FREMD.findall(f"{nachricht.betreff} {nachricht.text}".replace(kontakt.email, "")) == []
    assert nachricht.text.startswith("Guten Tag,\n\n")
    assert "Waren Sie das nicht? Dann" in nachricht.text
    assert nachricht.text.endswith(
        f"Freundliche Grüße\n{verbund.geschaeftsstelle}\n{verbund.name}\n{verbund.kontakt}\n\n"
        f"IKZ-Portal: {settings.BASE_URL}"
    )
    assert "boese" not in nachricht.text


@pytest.mark.parametrize("vorlage", MIT_LINK)
def test_mail_with_a_link_keeps_it_out_of_the_text(kontakt: Konto, verbund: Verbund, vorlage: str) -> None:
    anfrage = RequestFactory().post("/")
    anfrage.user = kontakt
    with context.request_context(anfrage):
        get_adapter().send_mail(vorlage, "neu@ikz.example", {MIT_LINK[vorlage]: "https://portal.example/geheim"})
    nachricht = Postausgang.objects.get()

    assert nachricht.text.count(post.PERSOENLICHER_LINK) == 1
    assert "geheim" not in nachricht.text + nachricht.geheimnis
    assert "https://portal.example/geheim" in post.mit_link(nachricht)
    assert FREMD.findall(f"{nachricht.betreff} {nachricht.text}") == []


def test_every_mail_template_has_its_test() -> None:
    vorhanden = {
        str(pfad.relative_to(VORLAGEN)).removesuffix("_message.txt")
        for bereich in ("account", "mfa")
        for pfad in (VORLAGEN / bereich / "email").glob("*_message.txt")
    }
    assert vorhanden - {"account/email/base"} == {*BENACHRICHTIGUNGEN, *MIT_LINK}
