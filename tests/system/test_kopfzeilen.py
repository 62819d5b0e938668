"""Headers: every kind of answer carries them, whoever answers; what is personal isn't kept; cookies are closed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone
from pytest_django import Settings

from ikz_portal import urls
from ikz_portal.basis import ablage, herausgabe
from ikz_portal.basis.middleware import GEHEIME_TEILE
from kommunen.ablaeufe import einladung
from kommunen.models import Konto
from tests.betrieb.prozesse import verwalten
from tests.kommunen.konto_hilfen import anmelden, konto_mit_passwort
from tests.system.szene import Szene, szene
from tests.system.test_vorlagen import VERBOTEN
from tests.system.test_zugriff import adresse
from tests.system.zugriffstabelle import ZEILEN

pytestmark = pytest.mark.django_db

Anmelden = Callable[[Konto], Client]

FESTE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), usb=()",
}
RICHTLINIE = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
EINER_DATEI = {"default-src 'none'", "frame-ancestors 'none'", "sandbox"}
DATEN = re.compile(r"""<script[^>]*\stype=["']application/json["'][^>]*>""")


def kaputt(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Absicht")


urlpatterns = [path("kaputt/", kaputt), *urls.urlpatterns]
handler400 = urls.handler400


@pytest.fixture
def mit_kaputter_seite(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


def richtlinie(antwort: HttpResponse) -> set[str]:
    return {teil.strip() for teil in antwort.headers["Content-Security-Policy"].split(";")}


def fehlendes(antwort: HttpResponse) -> dict[str, str]:
    """Return which headers are not as they should be, with their value."""
    falsch = {name: antwort.headers.get(name, "") for name, wert in FESTE.items() if antwort.headers.get(name) != wert}
    if richtlinie(antwort) != RICHTLINIE:
        falsch["Content-Security-Policy"] = antwort.headers["Content-Security-Policy"]
    return falsch


# --- every kind of answer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adresse", "status"),
    [
        ("/", 200),
        ("/projekte/", 200),
        ("/projekte/?format=csv", 200),
        ("/projekte/?format=xlsx", 200),
        ("/konto/anmelden/", 200),
        ("/berichte/", 302),
        ("/projekte", 301),
        ("/projekte/?status=gibt-es-nicht", 400),
        ("/gibt-es-nicht/", 404),
        ("/gesund/lebt/", 200),
        ("/gesund/bereit/", 200),
    ],
)
@pytest.mark.usefixtures("verbund")
def test_answer_to_the_public_carries_the_headers(client: Client, adresse: str, status: int) -> None:
    antwort = client.get(adresse)

    assert antwort.status_code == status
    assert fehlendes(antwort) == {}


@pytest.mark.parametrize(
    ("adresse", "status"),
    [
        ("/", 200),
        ("/berichte/", 200),
        ("/interessen/?format=csv", 200),
        ("/interessen/neu/", 200),
        ("/projekte/neu/", 403),
        ("/interessen/1/zurueckziehen/", 405),
        ("/konto/", 200),
    ],
)
def test_answer_to_a_signed_in_person_carries_the_headers_and_is_not_kept(
    kontakt: Konto, angemeldet: Anmelden, adresse: str, status: int
) -> None:
    antwort = angemeldet(kontakt).get(adresse)

    assert antwort.status_code == status
    assert fehlendes(antwort) == {}
    assert "no-store" in antwort.headers["Cache-Control"]
    assert "private" in antwort.headers["Cache-Control"]


@pytest.mark.usefixtures("mit_kaputter_seite")
def test_error_of_the_server_carries_the_headers(geschaeftsstelle: Konto, angemeldet: Anmelden) -> None:
    client = angemeldet(geschaeftsstelle)
    client.raise_request_exception = False

    antwort = client.get("/kaputt/")

    assert antwort.status_code == 500
    assert fehlendes(antwort) == {}
    assert "no-store" in antwort.headers["Cache-Control"]


def test_unknown_host_carries_the_headers(client: Client) -> None:
    antwort = client.get("/", headers={"host": "fremd.example"})

    assert antwort.status_code == 400
    assert fehlendes(antwort) == {}


def test_form_from_elsewhere_carries_the_headers() -> None:
    antwort = Client(enforce_csrf_checks=True).post("/konto/anmelden/", {})

    assert antwort.status_code == 403
    assert fehlendes(antwort) == {}


def test_too_many_attempts_carry_the_headers(client: Client) -> None:
    call_command("createcachetable", verbosity=0)
    for _ in range(11):
        antwort = client.post("/konto/passwort/vergessen/", {"email": "niemand@ikz.example"})

    assert antwort.status_code == 429
    assert fehlendes(antwort) == {}


def test_static_file_carries_the_headers_and_opens_to_no_other_origin(settings: Settings) -> None:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    datei = Path(settings.STATIC_ROOT) / "probe.0123456789ab.css"
    datei.write_text("p {}")

    antwort = Client().get("/static/probe.0123456789ab.css")

    datei.unlink()
    assert antwort.status_code == 200
    assert fehlendes(antwort) == {}
    assert "Access-Control-Allow-Origin" not in antwort.headers
    assert antwort.getvalue() == b"p {}"


def test_kept_file_is_saved_and_never_shown_as_a_page() -> None:
    fassung = ablage.ablegen(
        titel="x", dateiname="Bericht Mai.pdf", inhaltstyp="application/pdf", inhalt=b"%PDF", durch=None
    )
    anfrage = RequestFactory().get("/")

    antwort = herausgabe.datei_antwort(anfrage, fassung)

    assert antwort.headers["Content-Disposition"] == 'attachment; filename="Bericht Mai.pdf"'
    assert antwort.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert (antwort.headers["Content-Type"], antwort.headers["X-Content-Type-Options"]) == (
        "application/pdf",
        "nosniff",
    )
    assert antwort.headers["Cache-Control"] == "private, no-cache"
    antwort.file_to_stream.close()  # not `close()`: it ends the request, and the test's connection with it
    wieder = RequestFactory().get("/", headers={"If-None-Match": antwort.headers["ETag"]})
    assert herausgabe.datei_antwort(wieder, fassung).status_code == 304


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_public_page_may_be_kept_but_not_for_who_has_another_cookie(client: Client) -> None:
    antwort = client.get("/projekte/")

    assert "Cache-Control" not in antwort.headers
    assert "Cookie" in antwort.headers["Vary"]


def test_page_after_signing_out_is_asked_for_again(kontakt: Konto, angemeldet: Anmelden) -> None:
    client = angemeldet(kontakt)
    assert client.get("/berichte/").status_code == 200

    client.post("/konto/abmelden/")

    assert client.get("/berichte/").status_code == 302


@pytest.mark.parametrize("gueltig", [True, False])
def test_page_behind_a_personal_link_is_not_kept_and_told_to_no_other_host(
    client: Client, kontakt: Konto, gueltig: bool
) -> None:
    _, link = einladung.einladen(
        email="neu@ikz.example", name="Neu", rolle="lesen", kommune=None, durch=None, jetzt=timezone.now()
    )
    weg = link.removeprefix("http://localhost:8000") if gueltig else "/konto/einladung/falsch/"

    antwort = client.get(weg)

    assert antwort.status_code == (200 if gueltig else 404)
    assert antwort.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in antwort.headers["Cache-Control"]


# --- every page -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vorbereitet(django_db_setup: None, django_db_blocker: Any) -> Iterator[Szene]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield szene()
        transaction.set_rollback(True)


@pytest.mark.parametrize("wer", ["Ö", "K", "G"])
@pytest.mark.parametrize("methode", ["get", "post"])
def test_every_address_carries_the_headers_and_no_page_has_code_of_its_own(
    vorbereitet: Szene, wer: str, methode: str
) -> None:
    maengel, seiten = [], 0
    for zeile in ZEILEN:
        with transaction.atomic():
            antwort = getattr(vorbereitet.client(wer), methode)(adresse(zeile, vorbereitet))
            inhalt = antwort.getvalue() if antwort.streaming else antwort.content
            transaction.set_rollback(True)
        falsch = [*fehlendes(antwort), *_eigener_code(antwort, inhalt)]
        if "Content-Security-Policy" in falsch and richtlinie(antwort) == EINER_DATEI:
            falsch.remove("Content-Security-Policy")
        if wer != "Ö" and not {"no-store", "no-cache"} & set(antwort.headers.get("Cache-Control", "").split(", ")):
            falsch.append("Cache-Control")
        seiten += antwort.headers.get("Content-Type", "").startswith("text/html")
        maengel += [(str(zeile), falsch)] if falsch else []

    assert seiten > 20
    assert maengel == []


def _eigener_code(antwort: HttpResponse, inhalt: bytes) -> list[str]:
    """Return what of the page the policy would block; a script that is data is none."""
    if not antwort.headers.get("Content-Type", "").startswith("text/html"):
        return []
    text = DATEN.sub("", inhalt.decode())
    return [was for was, muster in VERBOTEN.items() if muster.search(text)]


def test_secret_parts_of_paths_are_known_by_their_names(vorbereitet: Szene) -> None:
    geheime = {"einladung-link", "abbestell-link", "adresse-link", "passwort-link"}

    assert [a for a in geheime if not GEHEIME_TEILE & set(vorbereitet.argumente[a])] == []


# --- https ------------------------------------------------------------------------------------------------------------

HTTPS = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SESSION_COOKIE_NAME": "__Host-sitzung",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}


def test_address_with_https_closes_cookies_and_demands_it(tmp_path: Path) -> None:
    umfeld = {"BASE_URL": "https://ikz.example", "DATABASE_URL": "postgresql://ikz@127.0.0.1:1/ikz"}

    zeilen = verwalten(tmp_path, "diffsettings", "--all", **umfeld).stdout.splitlines()

    gesetzt = {name: wert for name, _, wert in (zeile.lstrip("# ").partition(" = ") for zeile in zeilen)}
    assert {name: gesetzt[name].removesuffix("  ###") for name in HTTPS} == {n: repr(w) for n, w in HTTPS.items()}
    for cookie in ("SESSION", "CSRF"):
        rahmen = [gesetzt[f"{cookie}_COOKIE_{name}"] for name in ("DOMAIN", "PATH", "HTTPONLY", "SAMESITE")]
        assert [wert.removesuffix("  ###") for wert in rahmen] == ["None", "'/'", "True", "'Lax'"]


@pytest.fixture
def unter_https(settings: Settings) -> Client:
    for name, wert in HTTPS.items():
        setattr(settings, name, wert)
    return Client(headers={"x-forwarded-proto": "https"})


@pytest.mark.usefixtures("unter_https")
def test_plain_request_is_led_to_https_with_the_headers(client: Client) -> None:
    antwort = client.get("/projekte/?status=idee")

    assert (antwort.status_code, antwort.headers["Location"]) == (301, "https://testserver/projekte/?status=idee")
    assert fehlendes(antwort) == {}


def test_https_answer_demands_https_for_a_year(unter_https: Client) -> None:
    assert unter_https.get("/projekte/").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_sign_in_sets_closed_cookies_that_end_with_the_browser(unter_https: Client) -> None:
    konto = konto_mit_passwort(lesend=True)
    unter_https.get("/konto/anmelden/")

    assert anmelden(unter_https, konto.email).status_code == 302

    for name in ("__Host-sitzung", "__Host-csrf"):
        cookie = unter_https.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert unter_https.cookies["__Host-sitzung"]["max-age"] == ""
