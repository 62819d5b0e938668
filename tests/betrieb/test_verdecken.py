"""Neither log nor error report holds a link, an address, a password: tried on the portal's own log lines."""

import io
import json
import logging
import time
from collections.abc import Iterator

import pytest
import structlog
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from pytest_django import Settings

from ikz_portal import urls
from ikz_portal.basis import post
from ikz_portal.basis.models import Postausgang
from ikz_portal.betrieb import fehlermeldung
from ikz_portal.betrieb.verdecken import VERDECKT, Zeile, ohne_geheimnis
from kommunen.ablaeufe import einladung
from kommunen.models import Konto
from tests.kommunen.konto_hilfen import PASSWORT, anmelden, konto_mit_passwort

TOKEN = "ib2sMJ1yh2AxyhcbyBYdiJ4AYWBd0XHCI0FkXbeSIx8"
UUID = "0190b1c2-1234-7abc-8def-0123456789ab"


def kaputt(request: HttpRequest, token: str) -> HttpResponse:
    raise RuntimeError(f"Post an {request.user} <kollegin@ikz.example> ging nicht: {request.build_absolute_uri()}")


def doppelt(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kommunen_konto SELECT * FROM kommunen_konto LIMIT 1")
    raise AssertionError


urlpatterns = [path("konto/einladung/<str:token>/kaputt/", kaputt), path("doppelt/", doppelt), *urls.urlpatterns]


@pytest.fixture
def zeilen() -> Iterator[io.StringIO]:
    """What the portal's own handler writes, with the format that is configured for it."""
    formate = [h.formatter for h in logging.getLogger().handlers if isinstance(h.formatter, Zeile)]
    assert len(formate) == 1
    sammler = logging.StreamHandler(io.StringIO())
    sammler.setFormatter(formate[0])
    logging.getLogger().addHandler(sammler)
    yield sammler.stream
    logging.getLogger().removeHandler(sammler)


# --- the rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sauber"),
    [
        (f"Not Found: /konto/einladung/{TOKEN}/", f"Not Found: /konto/einladung/{VERDECKT}/"),
        (f"/konto/einladung/{TOKEN[:9]}", f"/konto/einladung/{VERDECKT}"),
        ("/konto/passwort/neu/1c-d8x-0a1b/", f"/konto/passwort/neu/{VERDECKT}/"),
        ("/konto/adresse/MTQ:1tX:abc/", f"/konto/adresse/{VERDECKT}/"),
        (
            "Not Found: /konto/benachrichtigungen/abbestellen/Wzcs:Ab-_9/",
            f"Not Found: /konto/benachrichtigungen/abbestellen/{VERDECKT}/",
        ),
        ("/konto/benachrichtigungen/", None),
        (f"Not Found: /einladung/{TOKEN}.", f"Not Found: /einladung/{VERDECKT}."),
        ("Not Found: /irgendwo/3-digo9q-e9183f7bb0179af0063b833b34c3bbe2", f"Not Found: /irgendwo/{VERDECKT}"),
        ("/suche/?q=Mustermann&seite=2 x", "/suche/ x"),
        ("an Max.Muster+x@gemeinde.example, dann", f"an {VERDECKT}, dann"),
        ("x\nDETAIL:  Key (name)=(Max) exists.\nENDE", f"x\nDETAIL:  {VERDECKT}\nENDE"),
        (f"Not Found: /berichte/{UUID}/", None),
        ("/projekte/interkommunaler-bauhof-der-sued-kommunen-2022/", None),
        ('File "/srv/portal/kommunen/migrations/0009_einladung_und_vertretung_der_konten.py", line 3', None),
        ("Was nun?", None),
    ],
)
def test_ohne_geheimnis_takes_what_is_personal_and_nothing_else(text: str, sauber: str | None) -> None:
    assert ohne_geheimnis(text) == (text if sauber is None else sauber)


def dauer(text: str) -> float:
    """Return the shortest of three times, in seconds of CPU."""
    zeiten = []
    for _ in range(3):
        anfang = time.process_time()
        ohne_geheimnis(text)
        zeiten.append(time.process_time() - anfang)
    return min(zeiten)


@pytest.mark.parametrize("stueck", ["a", "0a", "a?b", "-A", "a@b", "a@b.c+", "b.", "/?"])
def test_ohne_geheimnis_takes_time_that_grows_with_the_length_alone(stueck: str) -> None:
    """Headers and paths are logged as they came: going back at each letter would take sixteen times as long here."""
    assert dauer(stueck * 8_000) < 8 * dauer(stueck * 2_000) + 0.01


def test_address_right_behind_another_one_is_hidden_too() -> None:
    assert ohne_geheimnis("an a@ikz.example+b@ikz.example und c") == f"an {VERDECKT} und c"


def test_line_of_our_own_is_cleaned_in_every_value(zeilen: io.StringIO) -> None:
    structlog.get_logger("ikz").warning("verschickt", an=["a@ikz.example"], wo={"link": f"/x/{TOKEN}"}, nummer=7)

    zeile = json.loads(zeilen.getvalue())

    assert (zeile["event"], zeile["an"], zeile["wo"]) == ("verschickt", [VERDECKT], {"link": f"/x/{VERDECKT}"})
    assert (zeile["nummer"], zeile["level"]) == (7, "warning")


# --- what people do ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("verbund")
def test_signing_in_inviting_and_resetting_leave_no_trace_in_the_log(client: Client, zeilen: io.StringIO) -> None:
    call_command("createcachetable", verbosity=0)
    konto = konto_mit_passwort(lesend=True)
    anmelden(client, konto.email, "falsches-passwort-4711")
    anmelden(client, "niemand@ikz.example", "falsches-passwort-4711")
    anmelden(client, konto.email)
    _, link = einladung.einladen(
        email="eingeladen@ikz.example", name="Neu", rolle="lesen", kommune=None, durch=None, jetzt=timezone.now()
    )
    Client().post("/konto/passwort/vergessen/", {"email": konto.email})
    links = [link, *(post.mit_link(brief) for brief in Postausgang.objects.exclude(geheimnis=""))]
    schluessel = {wort.rstrip("/").rpartition("/")[2] for text in links for wort in text.split() if "/konto/" in wort}
    for weg in schluessel:
        for vorn in ("/konto/einladung/", "/konto/passwort/neu/", "/konto/adresse/", "/irgendwo/"):
            Client().get(f"{vorn}{weg}/")
            Client().post(f"{vorn}{weg}")

    gesehen = zeilen.getvalue()

    assert len(schluessel) == 2
    assert "Not Found" in gesehen
    spuren = [konto.email, "niemand@", "eingeladen@", PASSWORT, "4711", *schluessel, *(s[-20:] for s in schluessel)]
    assert [spur for spur in spuren if spur in gesehen] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("verbund")
def test_error_of_the_server_leaves_its_traceback_and_nobody(
    settings: Settings, kontakt: Konto, zeilen: io.StringIO
) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(kontakt)

    antwort = client.get(f"/konto/einladung/{TOKEN}/kaputt/?wer=Mustermann")

    assert antwort.status_code == 500
    (zeile,) = [json.loads(zeile) for zeile in zeilen.getvalue().splitlines()]
    assert zeile["event"] == f"Internal Server Error: /konto/einladung/{VERDECKT}/kaputt/"
    assert "RuntimeError: Post an" in zeile["exception"]
    assert [spur for spur in (TOKEN, "Mustermann", "kollegin@", kontakt.email) if spur in zeilen.getvalue()] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("verbund")
def test_broken_constraint_leaves_its_name_and_no_row(settings: Settings, kontakt: Konto, zeilen: io.StringIO) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(kontakt)

    antwort = client.get("/doppelt/")

    assert antwort.status_code == 500
    assert "duplicate key value violates unique constraint" in zeilen.getvalue()
    assert f"({kontakt.pk})" not in zeilen.getvalue()


def test_error_report_is_cleaned_as_a_whole() -> None:
    ereignis = {
        "exception": {"values": [{"value": "an kollegin@ikz.example"}]},
        "logentry": {"message": "Internal Server Error: %s", "params": [f"/konto/einladung/{TOKEN}/"]},
        "extra": {"request": f"<WSGIRequest: GET '/konto/einladung/{TOKEN}/?wer=x'>"},
        "request": {"url": f"https://ikz.example/konto/einladung/{TOKEN}/?wer=x", "headers": {}},
    }

    bereinigt = fehlermeldung.bereinigt(ereignis, {})  # type: ignore[arg-type]  # an event as plain dict

    assert bereinigt["exception"]["values"][0]["value"] == f"an {VERDECKT}"
    assert bereinigt["request"]["url"] == f"https://ikz.example/konto/einladung/{VERDECKT}/"
    assert [spur for spur in (TOKEN, "kollegin", "wer=") if spur in json.dumps(bereinigt)] == []
