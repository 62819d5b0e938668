"""What stops the start: tried on the checks themselves and on every process that asks them."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from pytest_django import Settings

from ikz_portal import checks
from tests.betrieb.prozesse import WURZEL, umgebung, verwalten
from tests.fabriken.kommunen import KontoFactory

GUT = {
    "IKZ_DEMO": "0",
    "SECRET_KEY": "s" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgresql://ikz@127.0.0.1:1/ikz",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "BASE_URL": "https://ikz.example",
    "ALLOWED_HOSTS": "ikz.example",
}


@pytest.fixture
def betrieb(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> pytest.MonkeyPatch:
    """An environment in which nothing is wrong: only the test's own servers would be."""
    monkeypatch.delenv("IKZ_EINGEBETTET", raising=False)
    monkeypatch.delenv("IKZ_SCHLUESSEL_ERZEUGT", raising=False)
    monkeypatch.setenv("IKZ_DEMO", "0")
    monkeypatch.setenv("SECRET_KEY", GUT["SECRET_KEY"])
    settings.BASE_URL = "https://ikz.example"
    return monkeypatch


def kennungen() -> list[str | None]:
    return [eintrag.id for eintrag in checks.betriebsfehler()]


@pytest.mark.django_db
def test_good_environment_has_no_errors(betrieb: pytest.MonkeyPatch) -> None:
    assert kennungen() == []


@pytest.mark.django_db
def test_missing_key_is_an_error(betrieb: pytest.MonkeyPatch) -> None:
    betrieb.delenv("SECRET_KEY")

    assert kennungen() == ["ikz.E101"]


@pytest.mark.django_db
def test_key_out_of_the_data_folder_is_an_error(betrieb: pytest.MonkeyPatch) -> None:
    betrieb.setenv("IKZ_SCHLUESSEL_ERZEUGT", "1")

    assert kennungen() == ["ikz.E101"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("schluessel", "erwartet"),
    [
        (GUT["SECRET_KEY"][:49], ["ikz.E108"]),
        (GUT["SECRET_KEY"][-36:] + "s" * 14, []),
        ("s" * 60, ["ikz.E108"]),
        ("abcabcabc" * 8, ["ikz.E108"]),
        ("nur-fuer-tests-0123456789-0123456789-0123456789-0123456789", ["ikz.E108"]),
        ("django-insecure-0123456789-0123456789-0123456789-0123456789", ["ikz.E108"]),
    ],
    ids=["49 Zeichen", "50 Zeichen", "ein Zeichen", "drei Zeichen", "der Tests", "von Django"],
)
def test_weak_key_is_an_error(betrieb: pytest.MonkeyPatch, schluessel: str, erwartet: list[str]) -> None:
    betrieb.setenv("SECRET_KEY", schluessel)

    assert kennungen() == erwartet


@pytest.mark.django_db
def test_weak_key_is_none_in_the_demo(betrieb: pytest.MonkeyPatch) -> None:
    betrieb.setenv("SECRET_KEY", "kurz")
    betrieb.setenv("IKZ_DEMO", "1")

    assert kennungen() == []


@pytest.mark.django_db
def test_role_that_may_change_the_record_is_an_error_where_there_is_another_one(betrieb: pytest.MonkeyPatch) -> None:
    assert kennungen() == []
    betrieb.setenv("DATABASE_URL_EIGENTUEMER", "postgresql://eigentuemer@127.0.0.1:1/ikz")

    (fehler,) = checks.betriebsfehler()

    rolle = connection.settings_dict["USER"]
    assert fehler.id == "ikz.E109"
    assert fehler.msg.endswith(f"REVOKE UPDATE, DELETE, TRUNCATE ON basis_aenderung FROM {rolle};")


@pytest.mark.django_db
def test_debug_and_any_host_are_errors(betrieb: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["*"]

    assert kennungen() == ["ikz.E102", "ikz.E103"]


@pytest.mark.django_db
def test_password_of_the_demo_is_an_error(betrieb: pytest.MonkeyPatch) -> None:
    betrieb.setenv("IKZ_DEMO_PASSWORT", "ikz-demo-2022")

    assert kennungen() == ["ikz.E110"]


def test_embedded_database_is_an_error(betrieb: pytest.MonkeyPatch) -> None:
    betrieb.setenv("IKZ_EINGEBETTET", "1")

    assert kennungen() == ["ikz.E104"]


def test_missing_database_is_an_error(betrieb: pytest.MonkeyPatch) -> None:
    betrieb.delenv("DATABASE_URL")

    assert kennungen() == ["ikz.E105"]


@pytest.mark.django_db(transaction=True)
def test_demo_account_is_an_error(betrieb: pytest.MonkeyPatch) -> None:
    KontoFactory(demo=True)

    assert kennungen() == ["ikz.E106"]


@pytest.mark.django_db(transaction=True)
def test_deactivated_demo_account_is_none(betrieb: pytest.MonkeyPatch) -> None:
    KontoFactory(demo=True, is_active=False)

    assert kennungen() == []


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["http://localhost:8000", "http://ikz.example"])
def test_address_without_https_is_an_error(betrieb: pytest.MonkeyPatch, settings: Settings, adresse: str) -> None:
    settings.BASE_URL = adresse

    assert [(eintrag.id, eintrag.msg) for eintrag in checks.betriebsfehler()] == [
        ("ikz.E107", "BASE_URL muss außerhalb der Demo mit https:// beginnen.")
    ]


@pytest.mark.django_db(transaction=True)
def test_real_account_is_none(betrieb: pytest.MonkeyPatch) -> None:
    KontoFactory(demo=False)

    assert kennungen() == []


def test_demo_allows_all_but_a_missing_key(betrieb: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.DEBUG = True
    betrieb.setenv("IKZ_DEMO", "1")
    betrieb.setenv("IKZ_EINGEBETTET", "1")

    assert kennungen() == []
    betrieb.delenv("SECRET_KEY")
    assert kennungen() == ["ikz.E101"]


def test_pango_is_there() -> None:
    assert checks.pangofehler() == []


def test_missing_pango_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PANGO", {"libfehlt.so.0": "libfehlt0", "libc.so.6": "libc6"})

    meldungen = [eintrag.msg for eintrag in checks.pangofehler()]

    assert meldungen == ["Für die Berichte fehlen Bibliotheken: apt-get install libfehlt0"]


OHNE_PANGO = """
import sys
from ikz_portal import checks

checks.PANGO = {"libfehlt.so.0": "libfehlt0"}
sys.argv = sys.argv[1:]
if sys.argv[0] == "celery":
    from celery.__main__ import main
else:
    from manage import main
main()
"""
FEHLT = "Für die Berichte fehlen Bibliotheken: apt-get install libfehlt0"


def ohne_pango(ordner: Path, *befehl: str, **mehr: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", OHNE_PANGO, *befehl],
        env=umgebung(ordner, **{**GUT, **mehr}),
        cwd=WURZEL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_check_without_pango_warns(tmp_path: Path) -> None:
    ergebnis = ohne_pango(tmp_path, "manage.py", "check")

    assert ergebnis.returncode == 0
    assert f"?: (ikz.W001) {FEHLT}\n" in ergebnis.stderr


def test_check_deploy_without_pango_fails_on_warnings(tmp_path: Path) -> None:
    ergebnis = ohne_pango(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert ergebnis.returncode == 1
    assert FEHLT in ergebnis.stderr


def test_starten_without_pango_stops(tmp_path: Path) -> None:
    ergebnis = ohne_pango(tmp_path, "manage.py", "starten", IKZ_DEMO="1")

    assert (ergebnis.returncode, ergebnis.stderr) == (1, f"CommandError: {FEHLT}\n")


def test_worker_without_pango_stops(tmp_path: Path) -> None:
    ergebnis = ohne_pango(tmp_path, "celery", "-A", "ikz_portal", "worker", "--concurrency", "1")

    assert ergebnis.returncode != 0
    assert f"Fehler: {FEHLT}" in ergebnis.stderr
    assert "Traceback" not in ergebnis.stderr


def test_checks_belong_to_deploy(betrieb: pytest.MonkeyPatch) -> None:
    betrieb.setenv("IKZ_EINGEBETTET", "1")

    with pytest.raises(SystemCheckError, match=r"ikz\.E104"):
        call_command("check", deploy=True, tags=["betrieb"])


def test_check_deploy_passes_in_a_good_environment(tmp_path: Path) -> None:
    ergebnis = verwalten(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **GUT)

    assert (ergebnis.returncode, ergebnis.stderr) == (0, "")


PROZESSE = {
    "web": ["-m", "gunicorn", "ikz_portal.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"],
    "worker": ["-m", "celery", "-A", "ikz_portal", "worker", "--concurrency", "1"],
    "beat": ["-m", "celery", "-A", "ikz_portal", "beat"],
    "starten": ["manage.py", "starten"],
    "check": ["manage.py", "check", "--deploy"],
}
SCHLECHT = {
    "DEBUG": "1",
    "ALLOWED_HOSTS": "ikz.example,*",
    "BASE_URL": "http://ikz.example",
    "IKZ_DEMO_PASSWORT": "ikz-demo-2022",
}
GRUENDE = (
    "DEBUG darf außerhalb der Demo nicht eingeschaltet sein.",
    "ALLOWED_HOSTS darf außerhalb der Demo nicht „*“ enthalten.",
    "BASE_URL muss außerhalb der Demo mit https:// beginnen.",
    "IKZ_DEMO_PASSWORT gehört nur zur Demo: entfernen.",
)


@pytest.mark.parametrize(
    ("schluessel", "grund"), [("", "SECRET_KEY fehlt"), ("kurz", "SECRET_KEY ist zu schwach")], ids=["ohne", "kurz"]
)
@pytest.mark.parametrize("prozess", PROZESSE)
def test_process_stops_with_every_reason_in_german(tmp_path: Path, prozess: str, schluessel: str, grund: str) -> None:
    umfeld = umgebung(tmp_path, **{**GUT, **SCHLECHT, "SECRET_KEY": schluessel})

    ergebnis = subprocess.run(
        [sys.executable, *PROZESSE[prozess]],
        env=umfeld,
        cwd=WURZEL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ergebnis.returncode != 0
    assert [satz for satz in (grund, *GRUENDE) if satz not in ergebnis.stderr] == []
    assert "Traceback" not in ergebnis.stderr
