"""`manage.py konto_einladen`: the first account on an empty system."""

import os
import pty
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from kommunen.auswahl import Rolle
from kommunen.models import Konto
from tests.betrieb.prozesse import WURZEL, umgebung
from tests.fabriken.kommunen import KommuneFactory, KontoFactory

PASSWORT = "vierzehn-kraehen-am-main"


@pytest.fixture(autouse=True)
def _passwort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTO_PASSWORT", PASSWORT)


def einladen(*worte: str) -> str:
    ausgabe = StringIO()
    call_command("konto_einladen", *worte, stdout=ausgabe)
    return ausgabe.getvalue().strip()


@pytest.mark.django_db
def test_konto_einladen_creates_the_account() -> None:
    zeile = einladen("Erste.Person@Example.org", "--rolle", "geschaeftsstelle", "--name", "Erste Person")

    konto = Konto.objects.get()
    assert zeile == "Das Konto erste.person@example.org ist angelegt (Geschäftsstelle)."
    assert (konto.email, konto.name, konto.rolle) == (
        "erste.person@example.org",
        "Erste Person",
        Rolle.GESCHAEFTSSTELLE,
    )
    assert (konto.demo, konto.is_active, konto.check_password(PASSWORT)) == (False, True, True)


@pytest.mark.django_db
def test_konto_einladen_with_its_kommune() -> None:
    kommune = KommuneFactory()

    einladen("spitze@example.org", "--rolle", "buergermeister", "--kommune", kommune.ags)

    konto = Konto.objects.get()
    assert (konto.kommune, konto.name) == (kommune, "spitze@example.org")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("worte", "satz"),
    [
        (["keine-adresse", "--rolle", "lesen"], "Bitte gültige E-Mail-Adresse eingeben"),
        (["a@example.org"], "--rolle fehlt: geschaeftsstelle, buergermeister, kontakt, lesen."),
        (["a@example.org", "--rolle", "chef"], "Die Rolle „chef“ gibt es nicht: geschaeftsstelle"),
        (["a@example.org", "--rolle", "kontakt"], "Diese Rolle gehört immer zu einer Kommune."),
        (["a@example.org", "--rolle", "kontakt", "--kommune", "1"], "Eine Kommune mit dem AGS „1“ gibt es nicht."),
    ],
)
def test_konto_einladen_refuses_in_german(worte: list[str], satz: str) -> None:
    with pytest.raises(CommandError) as fehler:
        einladen(*worte)

    assert str(fehler.value).startswith(satz)
    assert "\n" not in str(fehler.value)
    assert not Konto.objects.exists()


@pytest.mark.django_db
def test_konto_einladen_refuses_a_second_one_for_the_address() -> None:
    KontoFactory(email="a@example.org", lesend=True)

    with pytest.raises(CommandError, match=r"^Für diese E-Mail-Adresse gibt es schon ein Konto\.$"):
        einladen("A@example.org", "--rolle", "lesen")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("passwort", "satz"),
    [("kurz", "mindestens 12 Zeichen"), ("1q2w3e4r5t6y", "zu üblich")],
)
def test_konto_einladen_refuses_a_weak_password(monkeypatch: pytest.MonkeyPatch, passwort: str, satz: str) -> None:
    monkeypatch.setenv("KONTO_PASSWORT", passwort)

    with pytest.raises(CommandError, match=satz):
        einladen("a@example.org", "--rolle", "lesen")
    assert not Konto.objects.exists()


@pytest.mark.django_db
def test_konto_einladen_reads_the_password_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "passwort").write_text("neun-reiher-am-altrhein\n", encoding="utf-8")
    monkeypatch.setenv("KONTO_PASSWORT_FILE", str(tmp_path / "passwort"))

    einladen("a@example.org", "--rolle", "lesen")

    assert Konto.objects.get().check_password("neun-reiher-am-altrhein")


@pytest.mark.django_db
def test_konto_einladen_without_terminal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KONTO_PASSWORT")
    monkeypatch.setattr(sys, "stdin", StringIO())

    with pytest.raises(CommandError, match="KONTO_PASSWORT_FILE"):
        einladen("a@example.org", "--rolle", "lesen")


def am_terminal(tmp_path: Path, *eingaben: str) -> int:
    """Run the command with a terminal of its own and type these lines; return its status."""
    werte = connection.settings_dict
    adresse = make_conninfo(
        host=werte["HOST"],
        port=werte["PORT"] or None,
        user=werte["USER"],
        password=werte["PASSWORD"],
        dbname=werte["NAME"],
    )
    umfeld = umgebung(tmp_path, DATABASE_URL=adresse, SECRET_KEY="s" * 50, REDIS_URL="redis://127.0.0.1:1/0")
    umfeld.pop("KONTO_PASSWORT", None)
    befehl = [sys.executable, "manage.py", "konto_einladen", "a@example.org", "--rolle", "lesen"]
    wir, er = pty.openpty()
    lauf = subprocess.Popen(
        befehl, env=umfeld, cwd=WURZEL, stdin=er, stdout=er, stderr=er, start_new_session=True, close_fds=True
    )
    os.close(er)
    with os.fdopen(wir, "r+b", buffering=0) as terminal:
        gelesen = b""
        for eingabe in eingaben:
            while not gelesen.endswith(b": "):
                gelesen += terminal.read(1)
            gelesen = b""
            terminal.write(f"{eingabe}\n".encode())
        return lauf.wait(60)


@pytest.mark.django_db(transaction=True)
def test_konto_einladen_asks_twice_at_the_terminal(tmp_path: Path) -> None:
    assert am_terminal(tmp_path, PASSWORT, "etwas-anderes-getippt") == 1
    assert not Konto.objects.exists()

    assert am_terminal(tmp_path, PASSWORT, PASSWORT) == 0
    assert Konto.objects.get().check_password(PASSWORT)
