"""A small identity provider of its own: a real HTTP server that approves everybody, and lies where a test tells it to.

It speaks OpenID Connect's code flow with PKCE, as Keycloak does, and checks what the portal sends.
"""

import base64
import hashlib
import html
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

HIN = "/konto/sso/oidc/"
ZURUECK = "/konto/sso/oidc/zurueck/"
PERSON = {"sub": "kennung-1", "email": "neu@ikz.example", "email_verified": True, "name": "Neu Hier"}

CLIENT = "ikz-portal"
GEHEIMNIS = "geheimnis-des-portals"
SCHLUESSEL = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FREMDER_SCHLUESSEL = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Anbieter(ThreadingHTTPServer):
    """`person` are the claims of who signs in next. `antworten` replaces the answer at a path: (status, type, body)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Anfrage)
        self.adresse = f"http://127.0.0.1:{self.server_port}/realms/kreis"
        self.person: dict[str, Any] = {}
        self.antworten: dict[str, tuple[int, str, bytes]] = {}
        self.schluessel = SCHLUESSEL
        self.verfahren = "RS256"
        self.kopf: dict[str, Any] = {"kid": "eins"}
        self.codes: dict[str, dict[str, str]] = {}
        self.gefragt: list[str] = []

    def bestaetigen(self, parameter: dict[str, str]) -> str:
        """Approve at once, as after a sign-in there; return the address that the browser is sent back to."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = parameter
        return f"{parameter['redirect_uri']}?{urlencode({'code': code, 'state': parameter['state']})}"

    def eintauschen(self, formular: dict[str, str]) -> dict[str, Any]:
        anfrage = self.codes.pop(formular["code"])  # a code works once
        geprueft = base64.urlsafe_b64encode(hashlib.sha256(formular["code_verifier"].encode()).digest()).rstrip(b"=")
        assert (formular["client_id"], formular["client_secret"]) == (CLIENT, GEHEIMNIS)
        assert (anfrage["code_challenge_method"], anfrage["code_challenge"]) == ("S256", geprueft.decode())
        assert formular["redirect_uri"] == anfrage["redirect_uri"]
        return {"access_token": "zugriff-geheim", "token_type": "Bearer", "id_token": self.id_token(anfrage["nonce"])}

    def id_token(self, nonce: str) -> str:
        jetzt = int(time.time())
        fest = {"iss": self.adresse, "aud": CLIENT, "iat": jetzt, "exp": jetzt + 300, "nonce": nonce}
        claims = {name: wert for name, wert in (fest | self.person).items() if wert is not None}
        schluessel = None if self.verfahren == "none" else self.schluessel
        return jwt.encode(claims, schluessel, algorithm=self.verfahren, headers=self.kopf)

    def beschreibung(self) -> dict[str, Any]:
        return {
            "issuer": self.adresse,
            "authorization_endpoint": f"{self.adresse}/auth",
            "token_endpoint": f"{self.adresse}/token",
            "userinfo_endpoint": f"{self.adresse}/userinfo",
            "jwks_uri": f"{self.adresse}/certs",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def schluesselsatz(self) -> dict[str, Any]:
        oeffentlich = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(SCHLUESSEL.public_key()))
        andere = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(FREMDER_SCHLUESSEL.public_key()))
        return {
            "keys": [
                {**oeffentlich, "kid": "eins", "use": "sig", "alg": "RS256"},
                {**andere, "kid": "zwei", "use": "enc", "alg": "RS256"},
            ]
        }


class Anfrage(BaseHTTPRequestHandler):
    server: Anbieter

    def do_GET(self) -> None:
        pfad, parameter = self._zerlegt(self.path)
        if pfad == "auth" and pfad not in self.server.antworten:
            self._antworten(302, "text/plain", b"", ziel=self.server.bestaetigen(parameter))
            return
        inhalt = {".well-known/openid-configuration": self.server.beschreibung, "certs": self.server.schluesselsatz}
        self._inhalt(pfad, inhalt[pfad])

    def do_POST(self) -> None:
        pfad, _ = self._zerlegt(self.path)
        gesendet = self.rfile.read(int(self.headers["Content-Length"])).decode()
        formular = {name: werte[0] for name, werte in parse_qs(gesendet).items()}
        self._inhalt(pfad, lambda: self.server.eintauschen(formular))

    def _zerlegt(self, adresse: str) -> tuple[str, dict[str, str]]:
        teile = urlsplit(adresse)
        pfad = teile.path.removeprefix("/realms/kreis/")
        self.server.gefragt.append(pfad)
        return pfad, {name: werte[0] for name, werte in parse_qs(teile.query).items()}

    def _inhalt(self, pfad: str, erzeugen: Any) -> None:
        if pfad in self.server.antworten:
            self._antworten(*self.server.antworten[pfad])
            return
        try:
            self._antworten(200, "application/json", json.dumps(erzeugen()).encode())
        except (AssertionError, KeyError):
            self._antworten(400, "application/json", b'{"error": "invalid_grant"}')

    def _antworten(self, status: int, art: str, inhalt: bytes, ziel: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", art)
        self.send_header("Content-Length", str(len(inhalt)))
        if ziel:
            self.send_header("Location", ziel)
        self.end_headers()
        self.wfile.write(inhalt)

    def log_message(self, *_: Any) -> None:
        """Say nothing into the tests' output."""


@contextmanager
def anbieter(settings: Any) -> Iterator[Anbieter]:
    """Start it and let the portal know it."""
    server = Anbieter()
    settings.BASE_URL = "http://testserver"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.OIDC_ISSUER, settings.OIDC_NAME = server.adresse, "Kreis-Anmeldung"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, GEHEIMNIS
    yield server
    server.shutdown()
    server.server_close()


def beginnen(client: Client, **daten: str) -> str:
    """Press the button; return the provider's page that it leads to."""
    seite = client.post(HIN, daten).content.decode()
    return html.unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', seite)[1])


def beim_anbieter(ziel: str) -> str:
    """Be approved there; return the address that the browser is sent back to, as path and query."""
    zurueck = urlsplit(requests.get(ziel, allow_redirects=False, timeout=5).headers["Location"])
    return f"{zurueck.path}?{zurueck.query}"


def anmelden(client: Client, **daten: str) -> Any:
    return client.get(beim_anbieter(beginnen(client, **daten)))
