"""Fields that a form doesn't ask for never stick: every column of every model is posted, with foreign values.

What the database recorded of a request must be the same with these fields as without them.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from ikz_portal.basis import verlauf
from ikz_portal.basis.models import Aenderung, Postausgang, Statuswechsel
from tests.system.formulare import FORMULARE
from tests.system.szene import Szene
from tests.system.zugriffstabelle import ZEILEN

pytestmark = pytest.mark.django_db

APPS = ("basis", "kommunen", "bestandsaufnahme", "projekte", "wissen")
# Differs from one request to the next, whatever was posted.
FLUECHTIG = ("id", "version", "pruefsumme", "slug", "lauf_id")


# Change nothing that the record keeps: views, what is followed and the outbox are checked by their own tests.
OHNE_PROTOKOLL = {
    "ansicht_speichern", "ansicht_loeschen", "nachricht_wiederholen", "bericht_wiederholen", "konto_faktor_entfernen",
    "verlauf", "aufgabenfeld_beobachten",
}  # fmt: skip


# --- foreign values ---------------------------------------------------------------------------------------------------


def fremde_felder(s: Szene) -> dict[str, Any]:
    """Return a value that nobody meant for every column of every model, by field and by column name."""
    spalten: dict[str, Any] = {"pk": 1}
    for modell in (m for app in APPS for m in apps.get_app_config(app).get_models()):
        for feld in modell._meta.concrete_fields:
            wert = fremder_wert(feld, s)
            spalten |= {feld.name: wert, feld.attname: wert}
    return spalten


def fremder_wert(feld: Any, s: Szene) -> Any:
    if feld.is_relation:
        ziele = {"Konto": s.konto("k").pk, "Kommune": s.konto("k").kommune_id}
        return ziele.get(feld.related_model.__name__, 1)
    if feld.choices:
        return list(feld.choices)[-1][0]
    werte = {
        "BooleanField": "on",
        "DateField": "2020-01-01",
        "DateTimeField": "2020-01-01 10:00",
        "EmailField": "x@y.zz",
    }
    return werte.get(feld.get_internal_type(), 1 if "Integer" in feld.get_internal_type() else "zzfremdzz")


# --- what a request changed -------------------------------------------------------------------------------------------


def gesandt(s: Szene, wer: str, ziel: str, koerper: dict[str, Any]) -> list[Any]:
    """Return what the request changed, without what differs each time; it is taken back."""
    with transaction.atomic():
        vorher = [(modell, letzter(modell)) for modell in (Aenderung, Statuswechsel, Postausgang)]
        antwort = s.client(wer).post(ziel, koerper)
        assert antwort.status_code < 500
        (aenderungen, wechsel, post) = [modell.objects.filter(pk__gt=pk).order_by("pk") for modell, pk in vorher]
        neue = {(zeile.tabelle, zeile.objekt) for zeile in aenderungen if zeile.art == "anlage"}
        ergebnis = [(zeile.tabelle, zeile.art, zeile.konto_id, bereinigt(zeile, neue)) for zeile in aenderungen]
        ergebnis += wechsel.values_list("von", "nach", "durch", "fuer", "grund")
        ergebnis += post.values_list("an", "betreff")
        transaction.set_rollback(True)
    return ergebnis


def letzter(modell: type[models.Model]) -> int:
    return modell.objects.aggregate(pk=models.Max("pk"))["pk"] or 0


def bereinigt(zeile: Aenderung, neue: set[tuple[str, str]]) -> dict[str, Any]:
    """Return the row without what is never the same; what it refers to that is as new as itself is „neu“."""
    modell = verlauf.modell(zeile.tabelle)
    assert modell
    ziele = {f.column: f.related_model._meta.db_table for f in modell._meta.concrete_fields if f.related_model}
    return {
        spalte: "neu" if (ziele.get(spalte), str(wert)) in neue else wert
        for spalte, wert in zeile.stand.items()
        if spalte not in FLUECHTIG
        and not (spalte.endswith("_am") or (spalte in {"am", "gueltig_bis"} and "T" in str(wert)))
    }


@pytest.mark.parametrize(
    ("name", "objekt", "wer", "koerper"), FORMULARE, ids=lambda wert: wert if isinstance(wert, str) else ""
)
def test_foreign_fields_change_nothing(
    name: str, objekt: str, wer: str, koerper: Callable[[Szene], dict[str, Any]], vorbereitet: Szene
) -> None:
    ziel = reverse(name, kwargs=vorbereitet.argumente[objekt])
    ohne = gesandt(vorbereitet, wer, ziel, koerper(vorbereitet))
    mit = gesandt(vorbereitet, wer, ziel, fremde_felder(vorbereitet) | koerper(vorbereitet))
    assert ohne != []
    assert mit == ohne


def test_every_address_that_takes_something_has_a_row():
    """What the library's own forms take is their own matter: they know no model of the portal."""
    nehmende = {
        zeile.name
        for zeile in ZEILEN
        if set(zeile.post) & set(".>!") and not zeile.name.startswith(("/", "account_", "mfa_", "openid_"))
    }
    assert nehmende - OHNE_PROTOKOLL == {name for name, *_ in FORMULARE}
