"""The access table: every address × ten persons × GET and POST, with the answer that the matrix of rights wants."""

import re
from collections.abc import Iterable, Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.system.szene import PERSONEN, Szene
from tests.system.zugriffstabelle import ZEICHEN, ZEILEN, Zeile

pytestmark = pytest.mark.django_db

# What reading may write: the session, and the counters of attempts in the cache.
BEIM_LESEN_ERLAUBT = {"django_session", "cache"}
SCHREIBEND = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


def url_namen(muster: Iterable[URLPattern | URLResolver], raum: str = "") -> Iterator[str]:
    for eines in muster:
        if isinstance(eines, URLResolver):
            yield from url_namen(eines.url_patterns, raum + (f"{eines.namespace}:" if eines.namespace else ""))
        else:
            yield raum + (eines.name or f"ohne Namen: {eines.pattern}")


def anfragen(client: Client, methode: str, adresse: str) -> tuple[str, set[str]]:
    """Return the sign of the answer and the tables that were written; all of it is taken back."""
    connection.queries_log.clear()  # it keeps 9,000
    with transaction.atomic(), CaptureQueriesContext(connection) as abfragen:
        antwort = getattr(client, methode)(adresse)
        if antwort.streaming:
            antwort.getvalue()
        transaction.set_rollback(True)
    ziel = antwort.headers.get("Location", "")
    zeichen = "a" if ziel.startswith("/konto/anmelden/") else ZEICHEN.get(antwort.status_code, str(antwort.status_code))
    geschrieben = {treffer[1].lower() for q in abfragen for treffer in SCHREIBEND.finditer(_ohne_sperren(q["sql"]))}
    return zeichen, geschrieben


def _ohne_sperren(sql: str) -> str:
    return sql.replace("FOR UPDATE", "")


def adresse(zeile: Zeile, vorbereitet: Szene) -> str:
    if zeile.name.startswith("/"):
        return zeile.name
    return reverse(zeile.name, kwargs=vorbereitet.argumente[zeile.objekt])


def test_every_address_has_a_row_and_every_row_an_address():
    namen = set(url_namen(get_resolver().url_patterns))
    assert namen - {zeile.name for zeile in ZEILEN} == set()
    assert {zeile.name for zeile in ZEILEN if not zeile.name.startswith("/")} - namen == set()
    assert all(len(zeile.get) == len(zeile.post) == len(PERSONEN) for zeile in ZEILEN)
    assert len({(zeile.name, zeile.objekt) for zeile in ZEILEN}) == len(ZEILEN)


@pytest.mark.parametrize("zeile", ZEILEN, ids=str)
def test_zugriff(zeile: Zeile, vorbereitet: Szene) -> None:
    ziel = adresse(zeile, vorbereitet)
    gelesen = [anfragen(vorbereitet.client(wer), "get", ziel) for wer in PERSONEN]
    gesandt = [anfragen(vorbereitet.client(wer), "post", ziel) for wer in PERSONEN]
    assert "".join(zeichen for zeichen, _ in gelesen) == zeile.get
    assert "".join(zeichen for zeichen, _ in gesandt) == zeile.post
    assert set[str]().union(*(tabellen for _, tabellen in gelesen)) <= BEIM_LESEN_ERLAUBT
