"""What import-linter can't see: the direction of relations and links, and that the domain knows no HTTP."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

WURZEL = Path(__file__).resolve().parents[2]
REIHE = ["basis", "kommunen", "bestandsaufnahme", "projekte", "wissen", "startseite", "betrieb"]
FACHAPPS = ["kommunen", "bestandsaufnahme", "projekte", "wissen"]
FACHMODULE = ["auswahl", "models", "rechte", "abfragen", "berichte", "tasks", "ablaeufe"]
WEB = ("django.http", "django.shortcuts")
WEBNAMEN = {"HttpRequest", "HttpResponse"}
LINK = re.compile(r"""\{%\s*url\s+["']([\w:-]+)["'](.*?)%\}""")

# basis records who did something; the user model is a setting that it names, the model itself stays in kommunen.
NUTZERMODELL = "kommunen.Konto"


def zeigt_aufwaerts(von: str, nach: str) -> bool:
    """Tell whether an app relies on a higher one; packages beside ours lie below all of them."""
    return nach in REIHE and (von not in REIHE or REIHE.index(nach) > REIHE.index(von))


# --- relations --------------------------------------------------------------------------------------------------------


def beziehungen(modelle: Iterable[type[Model]]) -> Iterator[tuple[str, str, str]]:
    """Yield (app, field, target model) of every relation that a model declares itself."""
    for modell in modelle:
        for feld in [*modell._meta.fields, *modell._meta.private_fields, *modell._meta.many_to_many]:
            if isinstance(ziel := feld.related_model, type):
                yield modell._meta.app_label, str(feld), ziel._meta.label
            if feld.many_to_many:
                yield modell._meta.app_label, str(feld), feld.remote_field.through._meta.label


def beziehungen_aufwaerts(gefunden: Iterable[tuple[str, str, str]]) -> list[str]:
    return [
        f"{feld} → {ziel}"
        for app, feld, ziel in gefunden
        if ziel != NUTZERMODELL and zeigt_aufwaerts(app, ziel.split(".")[0])
    ]


def test_beziehungen_aufwaerts_sees_the_wrong_way_only():
    falsch = ("kommunen", "kommunen.Kommune.projekt", "projekte.Projekt")
    gut = [
        ("projekte", "projekte.Projekt.kommune", "kommunen.Kommune"),
        ("basis", "basis.Lauf.durch", NUTZERMODELL),
        ("basis", "basis.Lauf.art", "contenttypes.ContentType"),
    ]
    assert beziehungen_aufwaerts([*gut, falsch]) == ["kommunen.Kommune.projekt → projekte.Projekt"]


def test_relations_never_point_upwards():
    eigene = [modell for modell in apps.get_models(include_auto_created=True) if modell._meta.app_label in REIHE]
    gefunden = list(beziehungen(eigene))
    assert len(gefunden) > 10
    assert beziehungen_aufwaerts(gefunden) == []


# --- HTTP -------------------------------------------------------------------------------------------------------------


def web_importe(quelltext: str) -> list[str]:
    """Return what a module imports from Django's web layer."""
    gefunden = []
    for knoten in ast.walk(ast.parse(quelltext)):
        if isinstance(knoten, ast.Import):
            gefunden += [name.name for name in knoten.names]
        elif isinstance(knoten, ast.ImportFrom):
            gefunden += [f"{knoten.module}.{name.name}" for name in knoten.names]
    return [name for name in gefunden if name.startswith(WEB) or name.split(".")[-1] in WEBNAMEN]


def fachdateien() -> Iterator[Path]:
    for app in FACHAPPS:
        for modul in FACHMODULE:
            yield from (WURZEL / app).glob(f"{modul}.py")
            yield from (WURZEL / app / modul).rglob("*.py")


@pytest.mark.parametrize(
    "zeile",
    [
        "from django.http import Http404",
        "import django.shortcuts",
        "from django import http",
        "from django.shortcuts import get_object_or_404",
        "from django.core.handlers.wsgi import HttpRequest",
        "def f():\n    from django.http.request import QueryDict",
    ],
)
def test_web_importe_sees_every_way_to_import_them(zeile):
    assert len(web_importe(zeile)) == 1


def test_web_importe_lets_the_rest_pass():
    assert web_importe("from django.urls import reverse\nfrom django.db import models\n") == []


def test_domain_modules_know_no_http():
    gefunden = {str(p.relative_to(WURZEL)): web_importe(p.read_text(encoding="utf-8")) for p in fachdateien()}
    assert len(gefunden) > 10
    assert {pfad: namen for pfad, namen in gefunden.items() if namen} == {}


# --- links ------------------------------------------------------------------------------------------------------------


def app_von(muster: URLPattern) -> str:
    """Return the app that answers this pattern: the first part of its view's module that is one of ours."""
    ansicht = getattr(muster.callback, "view_class", muster.callback)
    teile = ansicht.__module__.removeprefix("ikz_portal.").split(".")
    return teile[0] if teile[0] in REIHE else "fremd"


def url_namen(muster: Iterable[URLPattern | URLResolver], vorsatz: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name, app) of every named pattern, names of a namespace with its prefix."""
    for eines in muster:
        if isinstance(eines, URLResolver):
            raum = f"{eines.namespace}:" if eines.namespace else ""
            yield from url_namen(eines.url_patterns, vorsatz + raum)
        elif eines.name:
            yield vorsatz + eines.name, app_von(eines)


def links_aufwaerts(app: str, vorlage: str, namen: dict[str, str]) -> list[str]:
    """Return the names in {% url %} that belong to a higher app or are unknown; {% url … as … %} may ask for a page."""
    return [
        name
        for name, rest in LINK.findall(vorlage)
        if (zeigt_aufwaerts(app, namen[name]) if name in namen else " as " not in rest)
    ]


def test_links_aufwaerts_sees_higher_and_unknown_names():
    namen = {"projekt_liste": "projekte", "kommune_liste": "kommunen", "account_login": "fremd"}
    vorlage = "{% url 'projekt_liste' %}{% url \"kommune_liste\" %}{% url 'account_login' %}{% url 'fehlt' pk %}"
    assert links_aufwaerts("kommunen", vorlage, namen) == ["projekt_liste", "fehlt"]
    assert links_aufwaerts("projekte", vorlage, namen) == ["fehlt"]
    assert links_aufwaerts("projekte", "{% url 'fehlt' as ziel %}", namen) == []


def test_links_in_templates_never_point_upwards():
    """Folders of templates that are no app (layout, bausteine: navigation and components) may link everywhere."""
    namen = dict(url_namen(get_resolver().url_patterns))
    vorlagen = [(app, p) for app in REIHE for p in sorted((WURZEL / "templates" / app).rglob("*.html"))]
    gefunden = {
        str(p.relative_to(WURZEL)): links_aufwaerts(app, p.read_text(encoding="utf-8"), namen) for app, p in vorlagen
    }
    assert len(gefunden) > 10
    assert {pfad: falsch for pfad, falsch in gefunden.items() if falsch} == {}
