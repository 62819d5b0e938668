"""The variables of single sign-on: none is fine, half of them or nonsense stops the start with a German sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ikz_portal import umgebung

WURZEL = Path(__file__).resolve().parents[2]
ZIELE = ("kontakt", "lesen")


@pytest.fixture(autouse=True)
def _ohne_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IKZ_X", "IKZ_X_FILE", "IKZ_Y", "IKZ_Y_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("gesetzte", [(), ("IKZ_X", "IKZ_Y")])
def test_gemeinsam_accepts_none_and_all(monkeypatch: pytest.MonkeyPatch, gesetzte: tuple[str, ...]) -> None:
    for name in gesetzte:
        monkeypatch.setenv(name, "a")

    assert umgebung.gemeinsam("IKZ_X", "IKZ_Y") is None


def test_gemeinsam_refuses_a_part(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "leer").write_text("\n", encoding="utf-8")
    monkeypatch.setenv("IKZ_X", "a")
    monkeypatch.setenv("IKZ_Y_FILE", str(tmp_path / "leer"))

    with pytest.raises(ImproperlyConfigured, match=r"^IKZ_X, IKZ_Y gehören zusammen: Es fehlt IKZ_Y\.$"):
        umgebung.gemeinsam("IKZ_X", "IKZ_Y")


def test_aussteller_unset_is_none() -> None:
    assert umgebung.aussteller("IKZ_X", auch_http=False, hoechstens=200) == ""


@pytest.mark.parametrize(
    "adresse", ["https://sso.kreis.example/realms/ikz", "http://localhost:8080/realms/ikz", "http://[::1]:8080"]
)
def test_aussteller_takes_https_and_this_machine(monkeypatch: pytest.MonkeyPatch, adresse: str) -> None:
    monkeypatch.setenv("IKZ_X", adresse)

    assert umgebung.aussteller("IKZ_X", auch_http=False, hoechstens=200) == adresse


def test_aussteller_over_http_is_for_the_demo_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "http://sso.kreis.example")

    assert umgebung.aussteller("IKZ_X", auch_http=True, hoechstens=200) == "http://sso.kreis.example"
    with pytest.raises(ImproperlyConfigured, match="IKZ_X muss mit https:// beginnen"):
        umgebung.aussteller("IKZ_X", auch_http=False, hoechstens=200)


@pytest.mark.parametrize(
    "adresse",
    [
        "sso.kreis.example",
        "ftp://sso.kreis.example",
        "https://",
        "https://[",
        "https://sso.kreis.example:99999",
        "https://sso.kreis.example/?a=b",
        "https://sso.kreis.example/#a",
        f"https://sso.kreis.example/{'a' * 200}",
    ],
)
def test_aussteller_refuses_what_is_no_address(monkeypatch: pytest.MonkeyPatch, adresse: str) -> None:
    monkeypatch.setenv("IKZ_X", adresse)

    with pytest.raises(ImproperlyConfigured, match="IKZ_X ist keine Adresse der Form https://…"):
        umgebung.aussteller("IKZ_X", auch_http=True, hoechstens=200)


def test_zuordnung_unset_means_itself() -> None:
    assert umgebung.zuordnung("IKZ_X", ZIELE) == {"kontakt": "kontakt", "lesen": "lesen"}


def test_zuordnung_reads_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "/ikz/team = kontakt, cn=alle=lesen,leser=lesen")

    assert umgebung.zuordnung("IKZ_X", ZIELE) == {"/ikz/team": "kontakt", "cn=alle": "lesen", "leser": "lesen"}


@pytest.mark.parametrize("wert", ["kontakt", "team=", "=kontakt", "team=admin", "team=Kontakt", "team=kontakt=x"])
def test_zuordnung_refuses_an_unknown_target(monkeypatch: pytest.MonkeyPatch, wert: str) -> None:
    monkeypatch.setenv("IKZ_X", wert)

    with pytest.raises(ImproperlyConfigured, match=r"^IKZ_X: .* geht nicht\. Hinter dem letzten = steht eines von"):
        umgebung.zuordnung("IKZ_X", ZIELE)


def test_start_with_half_a_provider_stops_with_one_german_line() -> None:
    lauf = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=WURZEL,
        env=os.environ | {"DATABASE_URL": "postgresql:///x", "OIDC_ISSUER": "https://sso.kreis.example"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert lauf.returncode == 1
    assert lauf.stderr == (
        "Fehler: OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET gehören zusammen: "
        "Es fehlt OIDC_CLIENT_ID, OIDC_CLIENT_SECRET.\n"
    )
