"""What stays out of the log and of error reports: personal links, addresses of people, values out of the database.

Applied to whole lines, since nobody knows beforehand what a library writes: Django the path of every error, PostgreSQL
the row that broke a constraint.
"""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

VERDECKT = "[persönlich]"

# The part of the path that is the secret stands behind these.
_LINK = re.compile(
    r"(/konto/einladung/|/konto/passwort/neu/|/konto/adresse/|/konto/benachrichtigungen/abbestellen/|/kalender/|"
    r"/mitteilungen/abstimmung/)[^/\s?#\"']+"
)
# What a link leaves where its path was torn: long, with capitals, small letters and digits, or with a long sum in hex.
_SCHLUESSEL = re.compile(
    r"(?<![\w=:-])(?:(?=[\w=:-]*\d)(?=[\w=:-]*[a-z])(?=[\w=:-]*[A-Z])[\w=:-]{32,}|[\w=:-]{0,40}[0-9a-f]{32}[\w=:-]*)"
)
_ANHANG = re.compile(r"(?<=[/\w])\?[\w.%\[\]-]+=[^\s\"']*")
# Begins at the start of a word and never goes back: what is logged may be long, and is the client's word.
_LOKAL = r"[\w.!#$%&*+=?^`{|}~-]"
_ADRESSE = re.compile(rf"(?<!{_LOKAL}){_LOKAL}++@[\w-]++(?:\.[\w-]++)++(?:{_LOKAL}*+@[\w-]*+(?:\.[\w-]++)*+)*+")
_WERTE = re.compile(r"^((?:DETAIL|CONTEXT): +).*$", re.MULTILINE)


def ohne_geheimnis(text: str) -> str:
    """Return the text without the secret part of links, query strings, addresses and the values of rows."""
    text = _LINK.sub(rf"\1{VERDECKT}", text)
    text = _WERTE.sub(rf"\1{VERDECKT}", text)
    text = _ANHANG.sub("", text)
    text = _ADRESSE.sub(VERDECKT, text)
    return _SCHLUESSEL.sub(VERDECKT, text)


def ueberall(wert: Any) -> Any:
    """Return the same structure with every text in it cleaned."""
    if isinstance(wert, str):
        return ohne_geheimnis(wert)
    if isinstance(wert, dict):
        return {name: ueberall(inhalt) for name, inhalt in wert.items()}
    if isinstance(wert, list | tuple):
        return [ueberall(inhalt) for inhalt in wert]
    return wert if wert is None or isinstance(wert, bool | int | float) else ohne_geheimnis(str(wert))


def _bereinigt(_logger: WrappedLogger, _name: str, ereignis: EventDict) -> EventDict:
    return {name: ueberall(wert) for name, wert in ereignis.items()}


class Zeile(structlog.stdlib.ProcessorFormatter):
    """Formats a line after everything in it, the traceback too, was cleaned."""

    def __init__(self, *, processor: Processor, foreign_pre_chain: list[Processor]) -> None:
        kette = [self.remove_processors_meta, _bereinigt, processor]
        super().__init__(processors=kette, foreign_pre_chain=foreign_pre_chain)
