"""From the claims of a verified ID token to what the portal takes from them; whatever isn't text is not there."""

from typing import Any, TypeGuard

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kommunen.ablaeufe.einmalanmeldung import Angaben
from kommunen.auswahl import Rolle
from kommunen.oidc.anbieter import Gescheitert, Grund

# as long as the columns are
KENNUNG_LAENGE = 191
NAME_LAENGE = 120


def lesen(claims: dict[str, Any]) -> Angaben:
    """Gescheitert if the person has no usable identifier."""
    kennung = claims["sub"]
    if not _ist_text(kennung) or len(kennung) > KENNUNG_LAENGE:
        raise Gescheitert(Grund.NACHWEIS)
    return Angaben(
        aussteller=settings.OIDC_ISSUER,
        kennung=kennung,
        email=_email(claims),
        name=_name(claims),
        rolle=hoechste_rolle(_texte(claims, settings.OIDC_ROLLEN_CLAIM)),
        ags=_einziger(_texte(claims, settings.OIDC_KOMMUNE_CLAIM)),
    )


def hoechste_rolle(werte: list[str]) -> Rolle | None:
    """Return the one with the most rights; `Rolle` names them in this order."""
    rollen = {settings.OIDC_ROLLEN.get(wert) for wert in werte}
    return next((rolle for rolle in Rolle if rolle in rollen), None)


def _texte(claims: dict[str, Any], pfad: str) -> list[str]:
    wert = claims.get(pfad)  # some providers name claims by an address, with dots in it
    if wert is None:
        wert = claims
        for teil in pfad.split("."):
            wert = wert.get(teil) if isinstance(wert, dict) else None
    return [text for text in (wert if isinstance(wert, list) else [wert]) if _ist_text(text)]


def _einziger(werte: list[str]) -> str:
    """Several are no answer: nobody is guessed into a Kommune."""
    return werte[0] if len(set(werte)) == 1 else ", ".join(werte)


def _email(claims: dict[str, Any]) -> str:
    """Only if the provider vouches for it, by the truth value itself: „false“ as text would be true."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not _ist_text(email):
        return ""
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email.lower()


def _name(claims: dict[str, Any]) -> str:
    voll, vor, nach = (_einzeilig(claims.get(teil)) for teil in ("name", "given_name", "family_name"))
    return (voll or f"{vor} {nach}".strip())[:NAME_LAENGE]


def _einzeilig(wert: Any) -> str:
    text = " ".join(wert.split()) if isinstance(wert, str) else ""
    return text if _ist_text(text) else ""


def _ist_text(wert: Any) -> TypeGuard[str]:
    """Something to read, without the characters that a database refuses."""
    return isinstance(wert, str) and bool(wert.strip()) and wert.isprintable()
