"""Columns and words that several parts of the own data share."""

from datetime import date, timedelta
from typing import Any

from kommunen.abfragen import vertretung as vertretung_abfragen
from kommunen.models import Konto, Vertretung

MITARBEIT = "Zusammenarbeit der Kommunen"
ZUGANG = "Zugang zum Portal"
NACHVOLLZIEHEN = "Nachvollziehen, wer was eingetragen oder entschieden hat"
MIT_DEM_KONTO = "bis das Konto endet, danach {konto}"
MIT_DER_SACHE = "so lange wie der Eintrag; nach dem Ende des Kontos steht dort nur noch die Funktion"


def amt(vertretung: Vertretung, konto: Konto) -> str:
    return vertretung_abfragen.amt(vertretung)


def rolle(felder: dict[str, str]) -> Any:
    """Return the column that says in which of these foreign keys the person stands."""
    return lambda zeile, konto: " und ".join(
        wort for feld, wort in felder.items() if getattr(zeile, f"{feld}_id") == konto.pk
    )


durch_oder_fuer = rolle({"durch": "von Ihnen", "fuer": "in Vertretung für Sie"})


def letzter_tag(zeile: Any, konto: Konto) -> date | None:
    return zeile.bis - timedelta(days=1) if zeile.bis else None


def name_oder_leer(feld: str) -> Any:
    """Return the column with the name of what this foreign key points to."""
    return lambda zeile, konto: str(getattr(zeile, feld) or "")
