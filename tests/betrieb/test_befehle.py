"""What a command says where the database isn't ready: one German line, never a traceback."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.betrieb.prozesse import verwalten

SCHLUESSEL = "s" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz"


def adresse(name: str, **mehr: str) -> str:
    werte = connection.settings_dict
    teile = {"host": werte["HOST"], "port": werte["PORT"], "user": werte["USER"], "password": werte["PASSWORD"]}
    return make_conninfo(**{wort: wert for wort, wert in {**teile, "dbname": name, **mehr}.items() if wert})


@pytest.fixture
def leere_datenbank(django_db_setup: None) -> Iterator[str]:
    """A database beside the tests' own, without any table; its name."""
    name = f"{connection.settings_dict['NAME']}_leer"
    with psycopg.connect(adresse("postgres"), autocommit=True) as verwalter:
        verwalter.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        verwalter.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        yield name
        verwalter.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.parametrize(
    "befehl",
    [["grunddaten"], ["statusbericht"], ["konto_einladen", "a@example.org", "--rolle", "lesen"]],
    ids=["grunddaten", "statusbericht", "konto_einladen"],
)
def test_unmigrated_database_is_told(tmp_path: Path, leere_datenbank: str, befehl: list[str]) -> None:
    ergebnis = verwalten(tmp_path, *befehl, DATABASE_URL=adresse(leere_datenbank), SECRET_KEY=SCHLUESSEL)

    assert (ergebnis.returncode, ergebnis.stdout, ergebnis.stderr) == (
        1,
        "",
        "Fehler: Die Datenbank ist nicht eingerichtet oder nicht auf dem Stand: python manage.py migrate\n",
    )


@pytest.mark.django_db
def test_statusbericht_without_grunddaten_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^Es sind noch keine Grunddaten geladen: python manage\.py grunddaten$"):
        call_command("statusbericht", datei=tmp_path / "bericht.pdf", stdout=StringIO())


@pytest.fixture
def rollen(leere_datenbank: str) -> Iterator[dict[str, str]]:
    """Two roles, with the rights of docs/betrieb.md: one owns the tables, the application's only uses them."""
    namen = {wozu: f"{leere_datenbank}_{wozu}" for wozu in ("eigentuemer", "anwendung")}
    eigentuemer, anwendung, datenbank = map(sql.Identifier, [*namen.values(), leere_datenbank])
    with psycopg.connect(adresse("postgres"), autocommit=True) as verwalter:
        for rolle in (eigentuemer, anwendung):
            verwalter.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(rolle))  # left behind by a killed run
            verwalter.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x'").format(rolle))
            # whoever isn't superuser may create a role, and has to let himself act for it
            verwalter.execute(sql.SQL("GRANT {} TO CURRENT_USER WITH SET TRUE").format(rolle))
        verwalter.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(datenbank, eigentuemer))
    with psycopg.connect(adresse(leere_datenbank), autocommit=True) as verwalter:
        for satz in rechte():
            verwalter.execute(satz.format(eigentuemer=eigentuemer, anwendung=anwendung))
    yield {wozu: adresse(leere_datenbank, user=name, password="x") for wozu, name in namen.items()}
    with psycopg.connect(adresse(leere_datenbank), autocommit=True) as verwalter:
        for rolle in (anwendung, eigentuemer):
            verwalter.execute(sql.SQL("DROP OWNED BY {}").format(rolle))
    with psycopg.connect(adresse("postgres"), autocommit=True) as verwalter:
        verwalter.execute(sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(datenbank))
        for rolle in (anwendung, eigentuemer):
            verwalter.execute(sql.SQL("DROP ROLE {}").format(rolle))


def rechte() -> list[sql.SQL]:
    """Return the sentences that docs/betrieb.md has the administrator say."""
    text = (Path(__file__).parents[2] / "docs" / "betrieb.md").read_text(encoding="utf-8")
    block = text.split("```sql\n")[1].split("```")[0]
    saetze = " ".join(block.replace("ikz_eigentuemer", "{eigentuemer}").replace("ikz_portal", "{anwendung}").split())
    return [sql.SQL(satz) for satz in saetze.split(";") if "ALTER DEFAULT" in satz]


def test_two_roles_set_up_and_load(tmp_path: Path, rollen: dict[str, str]) -> None:
    umfeld = {
        "DATABASE_URL": rollen["anwendung"],
        "DATABASE_URL_EIGENTUEMER": rollen["eigentuemer"],
        "SECRET_KEY": SCHLUESSEL,
        "IKZ_DEMO": "1",
    }

    befehle = (["migrate", "--verbosity", "0"], ["createcachetable"], ["fristen_anwenden"], ["grunddaten"])
    for befehl in (*befehle, ["grunddaten"]):
        ergebnis = verwalten(tmp_path, *befehl, **umfeld)
        assert (ergebnis.returncode, ergebnis.stderr) == (0, ""), befehl

    assert ergebnis.stdout == "Grunddaten: auf dem Stand, nichts geändert.\n"
    with psycopg.connect(rollen["anwendung"]) as verbindung:
        assert verbindung.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall() == [(psycopg.conninfo.conninfo_to_dict(rollen["eigentuemer"])["user"],)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            verbindung.execute("DROP TABLE kommunen_verbund")
    _kann_das_protokoll_nur_fortschreiben(rollen["anwendung"])


def _kann_das_protokoll_nur_fortschreiben(anwendung: str) -> None:
    with psycopg.connect(anwendung, autocommit=True) as verbindung:
        verbindung.execute("SET ikz.fristen = 'ja'")  # what opens the trigger doesn't open the rights
        (anzahl,) = verbindung.execute("SELECT count(*) FROM basis_aenderung").fetchone() or (0,)
        for satz in (
            "UPDATE basis_aenderung SET konto_id = NULL",
            "DELETE FROM basis_aenderung",
            "TRUNCATE basis_aenderung",
            "ALTER TABLE basis_aenderung DISABLE TRIGGER ALL",
            "ALTER TABLE kommunen_verbund DISABLE TRIGGER ALL",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                verbindung.execute(satz)
        verbindung.execute("UPDATE kommunen_verbund SET hinweis = 'von Hand'")
        assert verbindung.execute("SELECT count(*) FROM basis_aenderung").fetchone() == (anzahl + 1,)
        assert anzahl > 0


def test_role_without_rights_is_told(tmp_path: Path, rollen: dict[str, str]) -> None:
    umfeld = {"DATABASE_URL": rollen["anwendung"], "SECRET_KEY": SCHLUESSEL}

    ergebnis = verwalten(tmp_path, "migrate", "--verbosity", "0", **umfeld)

    assert ergebnis.returncode != 0
    assert "Traceback" not in ergebnis.stderr
    assert ergebnis.stderr.count("\n") == 1
