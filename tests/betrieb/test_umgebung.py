from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ikz_portal import umgebung


@pytest.fixture(autouse=True)
def _ohne_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IKZ_X", "IKZ_X_FILE", "IKZ_Y"):
        monkeypatch.delenv(name, raising=False)


def test_text_unset_gives_the_default() -> None:
    assert umgebung.text("IKZ_X", "vorgabe") == "vorgabe"


def test_text_empty_gives_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IKZ_X", "")
    assert umgebung.text("IKZ_X", "vorgabe") == "vorgabe"

    (tmp_path / "leer").write_text("\n", encoding="utf-8")
    monkeypatch.setenv("IKZ_X_FILE", str(tmp_path / "leer"))
    assert umgebung.text("IKZ_X", "vorgabe") == "vorgabe"


def test_zahl_empty_gives_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "")

    assert umgebung.zahl("IKZ_X", 7) == 7


def test_text_from_a_file_that_is_no_text_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "wert").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("IKZ_X_FILE", str(tmp_path / "wert"))

    with pytest.raises(ImproperlyConfigured, match=r"wert ist nicht lesbar \(kein UTF-8\)"):
        umgebung.text("IKZ_X")


def test_text_comes_from_the_file_before_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "wert").write_text("geheim ä\n", encoding="utf-8")
    monkeypatch.setenv("IKZ_X", "offen")
    monkeypatch.setenv("IKZ_X_FILE", str(tmp_path / "wert"))

    assert umgebung.text("IKZ_X") == "geheim ä"


def test_text_with_a_missing_file_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IKZ_X_FILE", str(tmp_path / "fehlt"))

    with pytest.raises(ImproperlyConfigured, match=r"^IKZ_X_FILE: .*fehlt ist nicht lesbar"):
        umgebung.text("IKZ_X")


@pytest.mark.parametrize(
    ("wert", "erwartet"),
    [
        ("1", True),
        ("JA", True),
        ("true", True),
        ("on", True),
        ("", False),
        ("0", False),
        ("nein", False),
        ("off", False),
    ],
)
def test_ja_reads_the_usual_words(monkeypatch: pytest.MonkeyPatch, wert: str, erwartet: bool) -> None:
    monkeypatch.setenv("IKZ_X", wert)

    assert umgebung.ja("IKZ_X") is erwartet


def test_ja_refuses_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "vielleicht")

    with pytest.raises(ImproperlyConfigured, match="IKZ_X muss 1 oder 0 sein, nicht „vielleicht“"):
        umgebung.ja("IKZ_X")


def test_zahl_reads_or_takes_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "42")

    assert (umgebung.zahl("IKZ_X", 7), umgebung.zahl("IKZ_Y", 7)) == (42, 7)


def test_zahl_refuses_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "viele")

    with pytest.raises(ImproperlyConfigured, match="IKZ_X muss eine ganze Zahl sein, nicht „viele“"):
        umgebung.zahl("IKZ_X", 7)


def test_liste_drops_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "a, b,,c ,")

    assert umgebung.liste("IKZ_X") == ["a", "b", "c"]


def test_datenbank_takes_the_address_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_Y", "postgresql://ikz:ge%40heim@db.example:5433/portal?sslmode=require")

    assert umgebung.datenbank("IKZ_X", "IKZ_Y") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "portal",
        "USER": "ikz",
        "PASSWORD": "ge@heim",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_datenbank_takes_the_first_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "postgresql:///erste")
    monkeypatch.setenv("IKZ_Y", "postgresql:///zweite")

    assert umgebung.datenbank("IKZ_X", "IKZ_Y")["NAME"] == "erste"


def test_datenbank_refuses_other_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "mysql://a/b")

    with pytest.raises(ImproperlyConfigured, match="IKZ_X ist keine Adresse der Form postgresql://…"):
        umgebung.datenbank("IKZ_X")


def test_post_unset_gives_nothing() -> None:
    assert umgebung.post("IKZ_X") == {}


@pytest.mark.parametrize(
    ("adresse", "port", "ssl", "tls"),
    [
        ("smtp://a:b%3Ac@post.example", 25, False, False),
        ("smtps://a:b%3Ac@post.example", 465, True, False),
        ("smtp://a:b%3Ac@post.example:587?tls=1", 587, False, True),
    ],
)
def test_post_takes_the_address_apart(
    monkeypatch: pytest.MonkeyPatch, adresse: str, port: int, ssl: bool, tls: bool
) -> None:
    monkeypatch.setenv("IKZ_X", adresse)

    assert umgebung.post("IKZ_X") == {
        "EMAIL_HOST": "post.example",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "a",
        "EMAIL_HOST_PASSWORD": "b:c",
        "EMAIL_USE_SSL": ssl,
        "EMAIL_USE_TLS": tls,
        "EMAIL_TIMEOUT": 20,
    }


@pytest.mark.parametrize("adresse", ["http://post.example", "smtp://", "smtp:post.example"])
def test_post_refuses_other_addresses(monkeypatch: pytest.MonkeyPatch, adresse: str) -> None:
    monkeypatch.setenv("IKZ_X", adresse)

    with pytest.raises(ImproperlyConfigured, match="IKZ_X ist keine Adresse der Form smtp://rechner:port"):
        umgebung.post("IKZ_X")


def test_zahl_below_the_least_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKZ_X", "1")
    assert umgebung.zahl("IKZ_X", 7, mindestens=1) == 1

    monkeypatch.setenv("IKZ_X", "0")
    with pytest.raises(ImproperlyConfigured, match=r"^IKZ_X muss mindestens 1 sein, nicht 0\.$"):
        umgebung.zahl("IKZ_X", 7, mindestens=1)
