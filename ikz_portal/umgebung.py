"""Typed readers of the environment. Every variable NAME may also come as NAME_FILE, a path whose content counts.

A variable that is set but empty counts as not set.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

WAHR = {"1", "ja", "true", "on"}
FALSCH = {"", "0", "nein", "false", "off"}
DIESE_MASCHINE = {"localhost", "127.0.0.1", "::1"}


def text(name: str, vorgabe: str = "") -> str:
    """Return the variable, or the content of the file that NAME_FILE names; ImproperlyConfigured if unreadable."""
    datei = os.environ.get(f"{name}_FILE")
    if not datei:
        return os.environ.get(name) or vorgabe
    try:
        return Path(datei).read_text(encoding="utf-8").strip() or vorgabe
    except (OSError, UnicodeDecodeError) as fehler:
        raise ImproperlyConfigured(f"{name}_FILE: {datei} ist nicht lesbar ({_grund(fehler)}).") from fehler


def _grund(fehler: OSError | UnicodeDecodeError) -> str | None:
    return fehler.strerror if isinstance(fehler, OSError) else "kein UTF-8"


def ja(name: str) -> bool:
    wert = text(name).lower()
    if wert in WAHR:
        return True
    if wert in FALSCH:
        return False
    raise ImproperlyConfigured(f"{name} muss 1 oder 0 sein, nicht „{wert}“.")


def zahl(name: str, vorgabe: int, *, mindestens: int | None = None) -> int:
    wert = text(name, str(vorgabe))
    try:
        gelesen = int(wert)
    except ValueError as fehler:
        raise ImproperlyConfigured(f"{name} muss eine ganze Zahl sein, nicht „{wert}“.") from fehler
    if mindestens is not None and gelesen < mindestens:
        raise ImproperlyConfigured(f"{name} muss mindestens {mindestens} sein, nicht {gelesen}.")
    return gelesen


def liste(name: str, vorgabe: str = "") -> list[str]:
    """Return the comma-separated values, without empty ones."""
    return [teil.strip() for teil in text(name, vorgabe).split(",") if teil.strip()]


def gemeinsam(*namen: str) -> None:
    """Refuse half a configuration: these are set together, or none of them."""
    fehlend = [name for name in namen if not text(name)]
    if fehlend and len(fehlend) < len(namen):
        raise ImproperlyConfigured(f"{', '.join(namen)} gehören zusammen: Es fehlt {', '.join(fehlend)}.")


def aussteller(name: str, *, auch_http: bool, hoechstens: int) -> str:
    """Return an https:// address without query; http:// only for this machine itself, or where it is allowed."""
    wert = text(name)
    if not wert:
        return ""
    try:
        teile = urlsplit(wert)
        rechner, _ = teile.hostname, teile.port
    except ValueError as fehler:
        raise ImproperlyConfigured(f"{name} ist keine Adresse der Form https://…") from fehler
    if teile.scheme not in {"https", "http"} or not rechner or teile.query or teile.fragment or len(wert) > hoechstens:
        raise ImproperlyConfigured(f"{name} ist keine Adresse der Form https://…")
    if teile.scheme == "http" and not auch_http and rechner not in DIESE_MASCHINE:
        raise ImproperlyConfigured(f"{name} muss mit https:// beginnen, außer in der Demo und auf diesem Rechner.")
    return wert


def zuordnung(name: str, ziele: Sequence[str]) -> dict[str, str]:
    """Return what each word means, from comma-separated word=target; without any, each target means itself."""
    paare = [teil.rpartition("=") for teil in liste(name)]
    for wort, _, ziel in paare:
        if not wort.strip() or ziel.strip() not in ziele:
            raise ImproperlyConfigured(
                f"{name}: „{wort}={ziel}“ geht nicht. Hinter dem letzten = steht eines von {', '.join(ziele)}."
            )
    return {wort.strip(): ziel.strip() for wort, _, ziel in paare} or {ziel: ziel for ziel in ziele}


def datenbank(*namen: str) -> dict[str, Any]:
    """Return Django's database settings from the first of these variables that is set (a postgresql:// URL)."""
    name = next((name for name in namen if text(name)), namen[-1])
    adresse = text(name)
    try:
        teile = conninfo_to_dict(adresse)
    except ProgrammingError as fehler:
        raise ImproperlyConfigured(f"{name} ist keine Adresse der Form postgresql://…") from fehler
    bekannt = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django: str(teile.pop(libpq, "") or "") for libpq, django in bekannt.items()},
        "OPTIONS": teile,
    }


def post(name: str) -> dict[str, Any]:
    """Return Django's EMAIL_* settings from smtp:// or smtps://user:password@host:port (?tls=1 for STARTTLS)."""
    adresse = urlsplit(text(name))
    if not adresse.scheme:
        return {}
    if adresse.scheme not in {"smtp", "smtps"} or not adresse.hostname:
        raise ImproperlyConfigured(f"{name} ist keine Adresse der Form smtp://rechner:port")
    return {
        "EMAIL_HOST": adresse.hostname,
        "EMAIL_PORT": adresse.port or (465 if adresse.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(adresse.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(adresse.password or ""),
        "EMAIL_USE_SSL": adresse.scheme == "smtps",
        "EMAIL_USE_TLS": parse_qs(adresse.query).get("tls") == ["1"],
        "EMAIL_TIMEOUT": 20,
    }
