"""Dependencies: each with its reason, all locked with hashes, no package index named, nothing third-party committed."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

WURZEL = Path(__file__).resolve().parents[2]
SPERREN = ["requirements.lock", "requirements-eingebettet.lock", "requirements-entwicklung.lock"]
ANFORDERUNG = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(?P<version>\S+)(?P<rest>.*)$")
INDEX = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host|(?<!\w)-[if]\s|https?://|file:|\bgit\+")
FREMD = re.compile(r"\.min\.|\.(woff2?|ttf|otf|eot|whl|jar|so|exe)$|(^|/)(node_modules|vendor|dist)/")
BANNER = re.compile(r"^\s*/\*!|@license|licensed under (the )?(MIT|BSD|Apache)", re.IGNORECASE)


def ohne_begruendung(pyproject: str) -> list[str]:
    """Return the dependencies whose line in pyproject.toml says no reason behind a #."""
    projekt = tomllib.loads(pyproject)["project"]
    alle = projekt["dependencies"] + [d for liste in projekt["optional-dependencies"].values() for d in liste]
    return [d for d in alle if not re.search(rf'"{re.escape(d)}",\s+#\s+\S.{{4,}}', pyproject)]


def gesperrt(text: str) -> dict[str, str]:
    """Return name → version of a lock file; ValueError for a requirement without a hash or without a version."""
    versionen: dict[str, str] = {}
    for anforderung in _anforderungen(text):
        treffer = ANFORDERUNG.match(anforderung)
        if not treffer:
            raise ValueError(f"keine feste Version: {anforderung}")
        if "--hash=sha256:" not in treffer["rest"]:
            raise ValueError(f"keine Prüfsumme: {anforderung}")
        versionen[treffer["name"].lower()] = treffer["version"]
    return versionen


def _anforderungen(text: str) -> list[str]:
    ohne_kommentare = "\n".join(z for z in text.splitlines() if not z.lstrip().startswith("#"))
    return [z.strip() for z in re.sub(r"\\\n\s*", " ", ohne_kommentare).splitlines() if z.strip()]


def index_angaben(text: str) -> list[str]:
    return [zeile for zeile in text.splitlines() if INDEX.search(zeile)]


def lies(name: str) -> str:
    return (WURZEL / name).read_text(encoding="utf-8")


def eingecheckt() -> list[str]:
    aus = subprocess.run(["git", "ls-files", "-z"], cwd=WURZEL, capture_output=True, check=True, text=True).stdout
    return [name for name in aus.split("\0") if name and (WURZEL / name).is_file()]


def test_ohne_begruendung_names_the_bare_one():
    text = '[project]\ndependencies = [\n  "a~=1",  # why it is there\n  "b>=2",\n]\n[project.optional-dependencies]\n'
    assert ohne_begruendung(text) == ["b>=2"]


def test_gesperrt_refuses_a_line_without_hash_or_version():
    assert gesperrt("# Kopf\na==1.0 ; python_version < '3' \\\n    --hash=sha256:00\n    # via b\n") == {"a": "1.0"}
    with pytest.raises(ValueError, match="Prüfsumme"):
        gesperrt("a==1.0\n")
    with pytest.raises(ValueError, match="Version"):
        gesperrt("a>=1.0 --hash=sha256:00\n")


@pytest.mark.parametrize("zeile", ["--index-url x", "--extra-index-url=x", "--find-links x", "-i x", "# https://x"])
def test_index_angaben_sees_every_way_to_name_one(zeile):
    assert index_angaben(f"a==1 --hash=sha256:0\n{zeile}\n") == [zeile]


@pytest.mark.parametrize("pfad", ["static/js/htmx.min.js", "static/x.woff2", "static/vendor/a.css", "fira.ttf"])
def test_fremd_sees_third_party_files(pfad):
    assert FREMD.search(pfad)


def test_every_dependency_says_why_it_is_there():
    assert ohne_begruendung(lies("pyproject.toml")) == []


@pytest.mark.parametrize("name", SPERREN)
def test_lock_has_hashes_and_names_no_index(name):
    assert len(gesperrt(lies(name))) > 50
    assert index_angaben(lies(name)) == []


@pytest.mark.parametrize(("klein", "gross"), [SPERREN[:2], SPERREN[1:]])
def test_larger_lock_holds_the_smaller_one_unchanged(klein, gross):
    assert gesperrt(lies(klein)).items() <= gesperrt(lies(gross)).items()


def test_every_dependency_is_locked():
    projekt = tomllib.loads(lies("pyproject.toml"))["project"]
    extras = projekt["optional-dependencies"]
    for name, angaben in zip(
        SPERREN, [projekt["dependencies"], extras["eingebettet"], extras["entwicklung"]], strict=True
    ):
        namen = {re.match(r"[\w.-]+", a)[0].lower() for a in angaben}
        assert namen - set(gesperrt(lies(name))) == set()


def test_no_third_party_file_is_committed():
    assert [name for name in eingecheckt() if FREMD.search(name)] == []


def test_no_script_or_style_sheet_carries_a_foreign_licence():
    eigene = [name for name in eingecheckt() if name.startswith("static/") and name.endswith((".css", ".js", ".svg"))]
    assert [name for name in eigene if BANNER.search(lies(name))] == []
