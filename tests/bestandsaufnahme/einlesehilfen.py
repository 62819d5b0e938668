"""Rows about one Kooperation, and what a file with them would do, in short."""

from datetime import date
from typing import Any

from bestandsaufnahme.abfragen.einlesung.plan import Plan, lies, planen
from bestandsaufnahme.auswahl import Herkunft
from tests.fabriken.tabellen import KOPF, mappe, zeile

TAG, STAND = date(2020, 1, 1), date(2013, 6, 30)


def eine(**angaben: Any) -> list[Any]:
    """A complete row about the Postverbund."""
    return zeile(
        **{
            "aufgabenfeld": "Zentrales",
            "kooperationsfeld": "Post",
            "zeichen": "■",
            "kooperation": "Postverbund",
            "ags": "06999010",
            "status": "besteht",
            **angaben,
        }
    )


def plan(*zeilen: list[Any], kopf: list[str] = KOPF, ab: date = TAG, herkunft: str = Herkunft.FUSSNOTE) -> Plan:
    return planen(lies(mappe([kopf, *zeilen]), "a.xlsx"), ab=ab, herkunft=herkunft)


def was(gelesen: Plan) -> list[tuple[str, str]]:
    assert gelesen.fehler == []
    return [(zeile.art, zeile.was) for zeile in gelesen.zeilen]


def fehler(gelesen: Plan) -> list[tuple[str, str]]:
    return [(fehler.stelle, fehler.satz) for fehler in gelesen.fehler]
