"""The conversation with the identity provider: where to send the person, and whether what comes back is genuine.

The library brings state, PKCE and the exchange of the code; nonce and signature are checked here (decision 0011).
"""

import secrets
from enum import StrEnum
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

# Its name in addresses and in the session; whom a person is known by is the issuer.
ANBIETER = "oidc"

ENDPUNKTE = ("authorization_endpoint", "token_endpoint", "jwks_uri")
VERFAHREN = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
UHREN_GEHEN_AUSEINANDER = 30  # seconds

# What reading an answer raises that isn't one: not JSON, another type, a name missing, nested without end.
UNLESBAR = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


class Grund(StrEnum):
    """Why nobody came back with a proof; all that the log tells."""

    ZUSTAND = "zustand"
    ANBIETER = "anbieter"
    ABGELEHNT = "abgelehnt"
    NACHWEIS = "nachweis"


class Gescheitert(Exception):
    """There is no proof of who this is."""

    def __init__(self, grund: Grund) -> None:
        super().__init__(grund)
        self.grund = grund


class Gespraech(OpenIDConnectOAuth2Adapter):
    """Asks for a proof of identity, and accepts none that isn't signed for this portal and for this attempt."""

    request: HttpRequest

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Build it on BASE_URL: it has to be the one that the provider knows, whatever the Host header says."""
        return f"{settings.BASE_URL}{reverse('openid_connect_callback', args=[self.provider_id])}"

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Gescheitert if it is somebody else, or would have secrets sent in clear."""
        aussteller = settings.OIDC_ISSUER.rstrip("/")
        angaben = _abgerufen(f"{aussteller}/.well-known/openid-configuration")
        erlaubt = {"https", urlsplit(aussteller).scheme}
        if str(angaben.get("issuer")).rstrip("/") != aussteller:
            raise Gescheitert(Grund.ANBIETER)
        if not all(_brauchbar(angaben.get(name), erlaubt) for name in ENDPUNKTE):
            raise Gescheitert(Grund.ANBIETER)
        return angaben

    def beginnen(self, weiter: str | None) -> str:
        """Keep state, PKCE verifier and nonce in the session; return the provider's page to go to."""
        nonce = secrets.token_urlsafe(32)
        anbieter = self.get_provider()
        antwort = anbieter.redirect(self.request, AuthProcess.LOGIN, weiter, auth_params={"nonce": nonce}, nonce=nonce)
        return antwort.url

    def nachweis(self, code: str, zustand: dict[str, Any]) -> dict[str, Any]:
        """Exchange the code and return the claims of the ID token. Gescheitert unless it is meant for this attempt."""
        id_token = self._eingetauscht(code, zustand["pkce_code_verifier"])
        try:
            claims = self._entschluesselt(id_token)
        except (jwt.PyJWTError, *UNLESBAR) as fehler:
            raise Gescheitert(Grund.NACHWEIS) from fehler
        if claims.get("nonce") != zustand["nonce"] or not _fuer_uns(claims):
            raise Gescheitert(Grund.NACHWEIS)
        return claims

    def _eingetauscht(self, code: str, verifier: str) -> Any:
        client = self.get_client(self.request, self.get_provider().app)
        try:
            return client.get_access_token(code, pkce_code_verifier=verifier)["id_token"]
        except OAuth2Error as fehler:
            raise Gescheitert(Grund.ABGELEHNT) from fehler
        except (OSError, *UNLESBAR) as fehler:
            raise Gescheitert(Grund.ANBIETER) from fehler

    def _entschluesselt(self, id_token: Any) -> dict[str, Any]:
        return jwt.decode(
            id_token,
            self._schluessel(id_token),
            algorithms=VERFAHREN,
            audience=settings.OIDC_CLIENT_ID,
            issuer=self.openid_config["issuer"],
            leeway=UHREN_GEHEN_AUSEINANDER,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )

    def _schluessel(self, id_token: Any) -> jwt.PyJWK:
        kennung = jwt.get_unverified_header(id_token).get("kid")
        satz = jwt.PyJWKSet.from_dict(_abgerufen(self.openid_config["jwks_uri"]))
        signierende = [s for s in satz.keys if s.public_key_use in {None, "sig"}]
        (schluessel,) = [s for s in signierende if kennung in {None, s.key_id}]
        return schluessel


class Anbieter(OpenIDConnectProvider):
    pkce_enabled_default = True
    oauth2_adapter_class = Gespraech


def _abgerufen(adresse: str) -> dict[str, Any]:
    try:
        with get_adapter().get_requests_session() as sitzung:
            antwort = sitzung.get(adresse)
            antwort.raise_for_status()
            inhalt = antwort.json()
    except (OSError, *UNLESBAR) as fehler:  # what `requests` raises is an OSError
        raise Gescheitert(Grund.ANBIETER) from fehler
    if not isinstance(inhalt, dict):
        raise Gescheitert(Grund.ANBIETER)
    return inhalt


def _brauchbar(adresse: Any, schemata: set[str]) -> bool:
    try:
        teile = urlsplit(adresse)
        return isinstance(adresse, str) and teile.scheme in schemata and bool(teile.hostname)
    except UNLESBAR:
        return False


def _fuer_uns(claims: dict[str, Any]) -> bool:
    """A token for several recipients says for whom of them it was issued (OpenID Connect Core, 3.1.3.7)."""
    mehrere = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    return claims.get("azp", None if mehrere else settings.OIDC_CLIENT_ID) == settings.OIDC_CLIENT_ID
