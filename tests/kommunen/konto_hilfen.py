"""What the tests of the own Konto share: signing in, codes of the second factor, mail with its link."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from ikz_portal.basis import geheim
from ikz_portal.basis.models import Postausgang
from kommunen.models import Konto
from tests.fabriken.kommunen import KontoFactory

PASSWORT = "ein-langes-passwort-2026"
NEUES_PASSWORT = "noch-ein-anderes-wort-2027"
FALSCH = "E-Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides."
GESPERRT = "Zu viele Versuche. Bitte versuchen Sie es in einigen Minuten erneut."
CODE_FALSCH = "Dieser Code stimmt nicht."
EINGEBEN = "/konto/zweiter-faktor/eingeben/"
SCHLUESSEL = re.compile(r'id="schluessel">([A-Z2-7 ]+)<')
# What the library would say in its own words, or the name of a site that isn't ours.
FREMD = re.compile(
    r"example\.com|testserver|\b(email|password|account|sign[ -]?(in|out)|authenticator|recovery|security key|"
    r"please|token|your|you|Du|Dein|Dich)\b",
    re.IGNORECASE,
)


def konto_mit_passwort(**felder: Any) -> Konto:
    return KontoFactory(passwort=PASSWORT, **felder)


def anmelden(client: Client, email: str, passwort: str = PASSWORT) -> Any:
    return client.post("/konto/anmelden/", {"login": email, "password": passwort})


def angemeldeter(konto: Konto) -> Client:
    """Return a client that signed in by the form, as a person does."""
    client = Client()
    assert anmelden(client, konto.email).status_code == 302
    assert ist_angemeldet(client)
    return client


def ist_angemeldet(client: Client) -> bool:
    """Ask a page that only who is signed in gets."""
    return client.get("/konto/").status_code == 200


def text(antwort: Any) -> str:
    return antwort.content.decode()


def mit_app(konto: Konto) -> str:
    """Set up an app and emergency codes; return the seed."""
    seed = generate_totp_secret()
    Authenticator.objects.filter(user=konto).delete()
    TOTP.activate(konto, seed)
    RecoveryCodes.activate(konto)
    return seed


def code(seed: str, *, zuvor: int = 0) -> str:
    """Return what the app shows now, or showed so many half minutes ago."""
    return format_hotp_value(hotp_value(seed, int(time.time()) // 30 - zuvor))


def falscher_code(seed: str) -> str:
    """Return one that no app near this minute shows."""
    gueltige = {code(seed, zuvor=schritt) for schritt in (-1, 0, 1)}
    return next(versuch for versuch in map("{:06}".format, range(4)) if versuch not in gueltige)


def schluessel(seite: str) -> str:
    """Return the seed that the page shows to type."""
    gefunden = SCHLUESSEL.search(seite)
    assert gefunden
    return gefunden[1].replace(" ", "")


def notfallcodes(konto: Konto) -> list[str]:
    return RecoveryCodes(Authenticator.objects.get(user=konto, type="recovery_codes")).get_unused_codes()


def letzte_post(an: str) -> Postausgang:
    return Postausgang.objects.filter(an=an).latest("pk")


def pfad_aus(post: Postausgang) -> str:
    """Return the path of the personal link, which is kept apart from the text."""
    return "/" + geheim.entschluesseln(post.geheimnis).split("/", 3)[3]
