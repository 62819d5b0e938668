"""Reports of errors to Sentry, where SENTRY_DSN names one: what broke and where, never who did or typed what.

Left to its defaults the client sends the body of a form and the query string of an address all the same.
"""

from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import sentry_sdk
from django.conf import settings
from sentry_sdk.types import Event, Hint

from ikz_portal.betrieb.verdecken import ueberall

WEG = ("data", "query_string", "cookies", "env")
KOPFZEILEN = {"host", "accept", "content-type", "content-length", "user-agent"}


def einrichten(dsn: str, **weiteres: Any) -> None:
    sentry_sdk.init(
        dsn=dsn,
        release=settings.VERSION,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,  # SQL and log lines before the error may hold names
        before_send=bereinigt,
        **weiteres,
    )


def bereinigt(ereignis: Event, _hinweis: Hint) -> Event:
    """Return the event without user, body, cookies, query strings and the headers that may carry any of them."""
    ereignis.pop("user", None)
    anfrage: dict[str, Any] = ereignis.get("request", {})
    if anfrage:
        for name in WEG:
            anfrage.pop(name, None)
        if "url" in anfrage:
            anfrage["url"] = _ohne_anhang(anfrage["url"])
        kopf = anfrage.get("headers", {})
        anfrage["headers"] = {name: wert for name, wert in kopf.items() if name.lower() in KOPFZEILEN}
    return cast(Event, ueberall(ereignis))


def _ohne_anhang(adresse: str) -> str:
    return urlunsplit((*urlsplit(adresse)[:3], "", ""))
