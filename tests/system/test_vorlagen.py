"""Templates: every one is used and compiles, and none needs what the Content-Security-Policy forbids."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.template.utils import get_app_template_dirs

WURZEL = Path(__file__).resolve().parents[2]
VORLAGEN = WURZEL / "templates"
ORTE = ["ikz_portal", "kommunen", "bestandsaufnahme", "projekte", "wissen"]
FEHLERSEITE = re.compile(r"[45]\d\d\.html")
VERWEIS = re.compile(r"""\{%\s*(?:extends|include)\s+["']([^"']+)["']""")
KOMMENTAR = re.compile(r"\{#.*?#\}")
DJANGO = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
VERBOTEN = {
    "style=": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "<style>": re.compile(r"<style\b", re.IGNORECASE),
    "<script> ohne src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "on…=": re.compile(r"<[a-z][^<>]*\s(?:on\w+|hx-on[\w:-]*)\s*=", re.IGNORECASE),
    "javascript:": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
}


def namen() -> list[str]:
    return [p.relative_to(VORLAGEN).as_posix() for p in sorted(VORLAGEN.rglob("*")) if p.is_file()]


def lies(name: str) -> str:
    return (VORLAGEN / name).read_text(encoding="utf-8")


def python_verweise(quelltext: str) -> Iterator[str]:
    """Yield, as patterns, the strings that may name a template; a computed part stands for one name."""
    for knoten in ast.walk(ast.parse(quelltext)):
        if isinstance(knoten, ast.JoinedStr):
            teile = [re.escape(str(t.value)) if isinstance(t, ast.Constant) else r"[\w-]+" for t in knoten.values]
            yield "".join(teile)
        elif isinstance(knoten, ast.Constant) and isinstance(knoten.value, str):
            yield re.escape(knoten.value)


def vorlagen_verweise(text: str) -> set[str]:
    return set(VERWEIS.findall(KOMMENTAR.sub("", text)))


def verbotenes(text: str) -> list[str]:
    html = DJANGO.sub("", text)
    return [was for was, muster in VERBOTEN.items() if muster.search(html)]


def unbenutzt(vorhanden: list[str], muster: set[str], verweise: set[str]) -> list[str]:
    benannt = re.compile("|".join(m for m in muster if re.search(r"\.\w+$", m)) or r"(?!)")
    return [
        name
        for name in vorhanden
        if not (name in verweise or FEHLERSEITE.fullmatch(name) or benannt.fullmatch(name) or ueberschreibt(name))
    ]


def ueberschreibt(name: str) -> bool:
    """Tell whether an installed package has a template of that name, which ours takes the place of."""
    return any((Path(ordner) / name).is_file() for ordner in get_app_template_dirs("templates"))


def test_python_verweise_reads_plain_and_computed_names():
    muster = list(python_verweise('a = "x/liste.html"\nb = f"bausteine/{art}.html"'))
    assert any(re.fullmatch(m, "x/liste.html") for m in muster)
    assert any(re.fullmatch(m, "bausteine/karte.html") for m in muster)
    assert not any(re.fullmatch(m, "bausteine/tief/karte.html") for m in muster)


def test_unbenutzt_names_the_orphan_only():
    vorhanden = ["a/liste.html", "a/_zeile.html", "a/waise.html", "404.html"]
    assert unbenutzt(vorhanden, {re.escape("a/liste.html"), "waise"}, {"a/_zeile.html"}) == ["a/waise.html"]


@pytest.mark.parametrize(
    ("text", "was"),
    [
        ('<p class="a" style="color:red">', "style="),
        ('<p {% if a > b %}hidden{% endif %}\n style="color:red">', "style="),
        ("<style>p {}</style>", "<style>"),
        ("<script>los()</script>", "<script> ohne src"),
        ('<script type="application/json">', "<script> ohne src"),
        ('<a href="#" onclick="los()">', "on…="),
        ('<a hx-on:click="los()">', "on…="),
        ('<a href="javascript:los()">', "javascript:"),
    ],
)
def test_verbotenes_sees_what_the_policy_would_block(text, was):
    assert verbotenes(text) == [was]


@pytest.mark.parametrize(
    "text",
    [
        '<script src="{% static "js/portal.js" %}" defer></script>',
        "{# <p style='x'> #}{% comment %}<script>{% endcomment %}",
        '<p data-only="1">Online: on = style</p>',
        '<link rel="stylesheet" href="x">',
    ],
)
def test_verbotenes_lets_the_rest_pass(text):
    assert verbotenes(text) == []


def test_every_template_is_used():
    quelltexte = [p.read_text(encoding="utf-8") for ort in ORTE for p in (WURZEL / ort).rglob("*.py")]
    muster = {m for quelltext in quelltexte for m in python_verweise(quelltext)}
    verweise = {verweis for name in namen() for verweis in vorlagen_verweise(lies(name)) - {name}}
    assert len(namen()) > 10
    assert unbenutzt(namen(), muster, verweise) == []


def test_no_template_needs_what_the_policy_forbids():
    gefunden = {name: verbotenes(lies(name)) for name in namen() if name.endswith((".html", ".svg"))}
    assert {name: was for name, was in gefunden.items() if was} == {}


def test_every_template_compiles_and_finds_what_it_names():
    maschine = engines["django"]
    alle = {verweis for name in namen() for verweis in {name, *vorlagen_verweise(lies(name))}}
    assert [name for name in sorted(alle) if not maschine.get_template(name)] == []
