"""Nothing of ours is left out of the record but what is named here, with the reason."""

import pytest
from django.apps import apps
from django.db import connection

from ikz_portal.basis import verlauf

APPS = {"basis", "kommunen", "bestandsaufnahme", "projekte", "wissen", "startseite", "betrieb"}
OHNE = {
    "basis_aenderung": "the record itself",
    "basis_statuswechsel": "never changes, and names who and when itself",
    "basis_lauf": "a job is no object of the domain: its rows change every second while it runs",
    "basis_postausgang": "a job's mail: text and address go after their period, the record must not keep them",
    "basis_gespeicherteansicht": "a person's own bookmark",
    "bestandsaufnahme_beobachtung": "a person's own bookmark",
    "kommunen_meldung": "a person's post, until it is sent",
    "kommunen_anmeldung": "a log of its own, with a shorter period",
}


def tabellen() -> set[str]:
    """Return the tables of our models, those of relations between many included."""
    alle = apps.get_models(include_auto_created=True)
    return {modell._meta.db_table for modell in alle if modell._meta.app_label in APPS}


@pytest.mark.django_db
def test_every_table_has_the_trigger_or_a_reason():
    with connection.cursor() as zeiger:
        zeiger.execute(
            """
            SELECT tgrelid::regclass::text, tgtype FROM pg_trigger
            WHERE tgname LIKE 'pgtrigger_protokoll_%' AND tgenabled IN ('O', 'A')
            """
        )
        gefunden = dict(zeiger.fetchall())
    assert len(gefunden) > 25
    assert tabellen() - set(gefunden) == set(OHNE)
    # for each row (1), after; INSERT (4), DELETE (8), UPDATE (16)
    assert {tabelle: art for tabelle, art in gefunden.items() if art != 1 + 4 + 8 + 16} == {}


def test_every_recorded_table_can_be_read_back():
    modelle = {modell._meta.db_table for modell in verlauf.protokollierte_modelle()}
    assert modelle == tabellen() - set(OHNE)
    assert all(verlauf.modell(tabelle) for tabelle in modelle)


def test_relations_between_many_are_among_them():
    viele = {
        feld.remote_field.through._meta.db_table
        for modell in apps.get_models()
        if modell._meta.app_label in APPS
        for feld in modell._meta.local_many_to_many
    }
    assert len(viele) >= 5
    assert viele <= tabellen() - set(OHNE)
