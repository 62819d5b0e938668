"""What leaves the house when something breaks: the real client, with a transport that keeps what it would send."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from pytest_django import Settings
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from ikz_portal.betrieb import fehlermeldung
from kommunen.models import Konto

# Made while it runs: a report quotes source lines, this file's too.
GEHEIM = secrets.token_hex(8)
RECHNER = ".".join(["203", "0", "113", "7"])


@csrf_exempt
def kaputt(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Absicht")


urlpatterns = [path("kaputt/", kaputt)]


class Sammler(Transport):
    def __init__(self, options: dict[str, Any] | None = None) -> None:
        super().__init__(options)
        self.ereignisse: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        if ereignis := envelope.get_event():
            self.ereignisse.append(dict(ereignis))


@pytest.fixture
def gemeldet() -> Iterator[list[dict[str, Any]]]:
    sammler = Sammler()
    with sentry_sdk.isolation_scope():
        fehlermeldung.einrichten("https://schluessel@meldungen.example/1", transport=sammler)
        yield sammler.ereignisse
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)


@pytest.mark.django_db(transaction=True)
def test_report_holds_neither_form_nor_person(
    gemeldet: list[dict[str, Any]], settings: Settings, geschaeftsstelle: Konto
) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client()
    client.force_login(geschaeftsstelle)
    anfrage = RequestFactory().post(
        f"/kaputt/?q={GEHEIM}",
        {"wofuer": GEHEIM, "bemerkung": GEHEIM},
        REMOTE_ADDR=RECHNER,
        HTTP_X_FORWARDED_FOR=RECHNER,
        HTTP_REFERER=f"http://testserver/?q={GEHEIM}",
        HTTP_COOKIE=f"{client.cookies.output(header='')}; anderes={GEHEIM}",
    )

    b"".join(WSGIHandler()(anfrage.environ, lambda *_: lambda _: None))

    (ereignis,) = gemeldet
    assert ereignis["exception"]["values"][-1]["value"] == "Absicht"
    assert ereignis["request"]["url"] == "http://testserver/kaputt/"
    assert ereignis["request"]["method"] == "POST"
    text = repr(ereignis)
    assert [wort for wort in (GEHEIM, RECHNER, geschaeftsstelle.email) if wort in text] == []
    assert {"user", "data", "cookies", "query_string"} & {*ereignis, *ereignis["request"]} == set()


def test_bereinigt_leaves_an_event_without_request_as_it_is() -> None:
    assert fehlermeldung.bereinigt({"message": "x", "user": {"id": 1}}, {}) == {"message": "x"}
