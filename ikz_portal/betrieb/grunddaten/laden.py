"""Loads all in the order in which it leans on each other, in one transaction."""

from datetime import date

from django.db import connection, transaction

from ikz_portal.betrieb.grunddaten import beispiel, bestandsaufnahme, erhebung, interessen, kommunen, projekte, wissen
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber

SPERRE = 433  # advisory lock: two processes that start at once load one after the other


@transaction.atomic
def lade(*, demo: bool, heute: date) -> Schreiber:
    """Load or refresh the facts, with `demo` also accounts and examples, and return what was written."""
    with connection.cursor() as zeiger:
        zeiger.execute("SELECT pg_advisory_xact_lock(%s)", [SPERRE])
    schreiber = Schreiber()
    _fakten(schreiber)
    if demo:
        _beispiele(schreiber, heute)
    return schreiber


def _fakten(schreiber: Schreiber) -> None:
    kommunen.verbund(schreiber)
    kommunen.kommunen(schreiber)
    kommunen.gremien(schreiber)
    bestandsaufnahme.aufgabenfelder(schreiber)
    bestandsaufnahme.taxonomien(schreiber)
    bestandsaufnahme.taxonomien(schreiber)
    bestandsaufnahme.matrix(schreiber)
    bestandsaufnahme.interessenrunde(schreiber)
    projekte.projekte(schreiber)
    projekte.auftraege(schreiber)
    projekte.ereignisse(schreiber)
    wissen.beitraege(schreiber)


def _beispiele(schreiber: Schreiber, heute: date) -> None:
    beispiel.konten(schreiber)
    beispiel.sitze(schreiber, heute)
    beispiel.vertretungen(schreiber, heute)
    beispiel.projekte(schreiber, heute)
    interessen.interessen(schreiber, heute)
    erhebung.erhebung(schreiber, heute)
    wissen.beispielbeitraege(schreiber, heute)
