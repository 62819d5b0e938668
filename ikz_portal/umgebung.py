"""Typed readers of the environment. Every variable NAME may also come as NAME_FILE, a path whose content counts.

A variable that is set but empty counts as not set.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

WAHR = {"1", "ja", "true", "on"}
FALSCH = {"", "0", "nein", "false", "off"}


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


def zahl(name: str, vorgabe: int) -> int:
    wert = text(name, str(vorgabe))
    try:
        return int(wert)
    except ValueError as fehler:
        raise ImproperlyConfigured(f"{name} muss eine ganze Zahl sein, nicht „{wert}“.") from fehler


def liste(name: str, vorgabe: str = "") -> list[str]:
    """Return the comma-separated values, without empty ones."""
    return [teil.strip() for teil in text(name, vorgabe).split(",") if teil.strip()]


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
