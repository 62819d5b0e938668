"""What the tests of the periods share: a day to begin with, the command, and a search through the whole database."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection

from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.models import Anmeldung, Konto
from tests.fabriken.kommunen import EinladungFactory, KontoFactory

BEGINN = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
NAME, ADRESSE = "Xaverine Quendelbaum", "x.quendelbaum@ikz.example"


def anwenden(*worte: str) -> list[str]:
    ausgabe = StringIO()
    call_command("fristen_anwenden", *worte, stdout=ausgabe)
    return ausgabe.getvalue().splitlines()


def tage(anzahl: int) -> timedelta:
    return timedelta(days=anzahl)


def fundstellen(*worte: str) -> list[str]:
    """Return table and column of every text in the whole database that contains one of these words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND (data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY') OR data_type = 'inet')"
        )
        spalten = cursor.fetchall()
        assert ("basis_aenderung", "stand") in spalten
        gefunden = []
        for tabelle, spalte in spalten:
            for wort in worte:
                cursor.execute(
                    f'SELECT count(*) FROM "{tabelle}" WHERE "{spalte}"::text ILIKE %s',  # noqa: S608
                    [f"%{wort}%"],
                )
                gefunden += [f"{tabelle}.{spalte}: {wort}"] * bool(cursor.fetchone()[0])
    return gefunden


def ausgeschieden(**felder: Any) -> Konto:
    konto = KontoFactory(name=NAME, email=ADRESSE, funktion="Hauptamtsleitung", **felder)
    return konto_ablauf.deaktivieren(konto=konto, durch=KontoFactory(geschaeftsstelle=True), jetzt=BEGINN)


def bestand() -> None:
    ausgeschieden()
    EinladungFactory.create_batch(3, gueltig_bis=BEGINN)
    Anmeldung.objects.create(ip="203.0.113.77", gelungen=False)
