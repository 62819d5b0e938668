"""Small files, small functions, nothing left open."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

WURZEL = Path(__file__).resolve().parents[2]
ORTE = ["ikz_portal", "kommunen", "bestandsaufnahme", "projekte", "wissen", "tests"]
ZEILEN_JE_DATEI = 500
ZEILEN_JE_FUNKTION = 60
OFFEN = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")  # cut in two, so that this line is none itself


def python_dateien() -> Iterator[Path]:
    """Yield the files that people write; migrations are generated."""
    yield WURZEL / "manage.py"
    for ort in ORTE:
        yield from (p for p in sorted((WURZEL / ort).rglob("*.py")) if "migrations" not in p.parts)


def textdateien() -> Iterator[Path]:
    yield from python_dateien()
    for ort in ("templates", "static", "docs"):
        yield from (p for p in sorted((WURZEL / ort).rglob("*")) if p.suffix in {".html", ".txt", ".css", ".js", ".md"})


def zu_lange_funktionen(quelltext: str) -> list[str]:
    return [
        f"{knoten.name} ({laenge})"
        for knoten in ast.walk(ast.parse(quelltext))
        if isinstance(knoten, ast.FunctionDef | ast.AsyncFunctionDef)
        and (laenge := (knoten.end_lineno or 0) - knoten.lineno + 1) > ZEILEN_JE_FUNKTION
    ]


def offene_stellen(text: str) -> list[int]:
    return [nummer for nummer, zeile in enumerate(text.splitlines(), 1) if OFFEN.search(zeile)]


def lies(pfad: Path) -> str:
    return pfad.read_text(encoding="utf-8")


def test_helpers_see_what_is_too_long_or_open():
    lang = "def kurz():\n    pass\n\ndef lang():\n" + "    x = 1\n" * ZEILEN_JE_FUNKTION
    assert zu_lange_funktionen(lang) == ["lang (61)"]
    assert offene_stellen("alles gut\n# TO" + "DO: later") == [2]


def test_no_file_is_longer_than_500_lines():
    dateien = list(python_dateien())
    assert len(dateien) > 20
    assert {str(p.relative_to(WURZEL)) for p in dateien if len(lies(p).splitlines()) > ZEILEN_JE_DATEI} == set()


def test_no_function_is_longer_than_60_lines():
    gefunden = {str(p.relative_to(WURZEL)): zu_lange_funktionen(lies(p)) for p in python_dateien()}
    assert {pfad: namen for pfad, namen in gefunden.items() if namen} == {}


def test_nothing_is_left_open():
    gefunden = {str(p.relative_to(WURZEL)): offene_stellen(lies(p)) for p in textdateien()}
    assert {pfad: zeilen for pfad, zeilen in gefunden.items() if zeilen} == {}
