"""Who may do what is decided in `rechte.py` alone: nothing else asks a Konto for its Rolle, or whether it is active."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WURZEL = Path(__file__).resolve().parents[2]
ORDNER = ("ikz_portal", "kommunen", "bestandsaufnahme", "projekte", "wissen")

# Where a Rolle or the state of a Konto is data that is shown, kept or checked, and decides no right.
DATEN = (
    "*/rechte.py",
    "*/rechte/*",
    "*/auswahl.py",
    "*/models/*",
    "*/migrations/*",
    "kommunen/ablaeufe/*",
    "kommunen/abfragen/konto.py",
    "kommunen/forms/*",
    "kommunen/filtersets.py",
    "kommunen/oidc/*",
    "ikz_portal/betrieb/management/commands/konto_einladen.py",
    "bestandsaufnahme/abfragen/*/*",  # the Rolle of a Kommune in a Kooperation
)
# Where it is asked whether anybody is signed in, because the page or the way on is another one then; the adapter also
# tells a deactivated Konto at the sign-in.
AUSNAHMEN = {
    "ikz_portal/startseite/kontext.py": {"is_authenticated"},
    "ikz_portal/startseite/views/start.py": {"is_authenticated"},
    "kommunen/adapter.py": {"is_authenticated", "is_active"},
    "kommunen/views/einladung.py": {"is_authenticated"},
}
MERKMALE = {"rolle", "is_active", "is_staff", "is_superuser", "leitung_id"}
BEDINGUNG = re.compile(r"\{%\s*(?:el)?if\b[^%]*\b(?:rolle|is_authenticated|is_active|kommune_id)\b[^%]*%\}")
# Says which of two steps fits a Konto that is shown; who may take it is handed in.
VORLAGEN_MIT_ZUSTAND = {"kommunen/konto/_schritte.html"}


def fragen(quelltext: str) -> set[str]:
    """Return what a module asks of a Konto that rights hang on."""
    gefunden = set()
    for knoten in ast.walk(ast.parse(quelltext)):
        if isinstance(knoten, ast.Attribute):
            glied = isinstance(knoten.value, ast.Name) and knoten.value.id == "Rolle" and knoten.attr.isupper()
            gefunden |= {knoten.attr} if knoten.attr in {*MERKMALE, "is_authenticated"} or glied else set()
        elif isinstance(knoten, ast.Name) and knoten.id == "ROLLEN_EINER_KOMMUNE":
            gefunden.add(knoten.id)
    return gefunden


def module() -> Iterator[Path]:
    for ordner in ORDNER:
        yield from (pfad.relative_to(WURZEL) for pfad in sorted((WURZEL / ordner).rglob("*.py")))


@pytest.mark.parametrize(
    ("zeile", "erwartet"),
    [
        ("if konto.rolle == Rolle.KONTAKT: pass", {"rolle", "KONTAKT"}),
        ("darf = request.user.is_authenticated", {"is_authenticated"}),
        ("x = k.rolle in ROLLEN_EINER_KOMMUNE", {"rolle", "ROLLEN_EINER_KOMMUNE"}),
        ("werte = Rolle.values; feld = form['rolle']", set()),
    ],
)
def test_fragen_sees_what_rights_hang_on(zeile, erwartet):
    assert fragen(zeile) == erwartet


def test_rights_are_decided_in_rechte_alone():
    gefunden = {
        str(pfad): fragen((WURZEL / pfad).read_text(encoding="utf-8"))
        for pfad in module()
        if not any(pfad.match(muster) for muster in DATEN)
    }
    assert len(gefunden) > 50
    assert {pfad: fund for pfad, fund in gefunden.items() if fund} == AUSNAHMEN


def test_templates_are_told_what_may_be_done():
    vorlagen = sorted((WURZEL / "templates").rglob("*.html"))
    gefunden = {
        str(pfad.relative_to(WURZEL / "templates")): BEDINGUNG.findall(pfad.read_text(encoding="utf-8"))
        for pfad in vorlagen
    }
    assert len(gefunden) > 30
    assert {pfad for pfad, fund in gefunden.items() if fund} <= VORLAGEN_MIT_ZUSTAND
