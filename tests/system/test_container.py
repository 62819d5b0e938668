"""What docker-compose.yml and the Dockerfile promise: no root, no secret in them, a health check for all that runs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

WURZEL = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((WURZEL / "docker-compose.yml").read_text(encoding="utf-8"))
DIENSTE: dict[str, dict[str, Any]] = COMPOSE["services"]
PORTAL = ["einrichten", "web", "worker", "beat"]
DAUERND = sorted(set(DIENSTE) - {"einrichten"})
INTERN = {"IKZ_EINGEBETTET", "IKZ_SCHLUESSEL_ERZEUGT"}  # what the embedded servers tell the processes they serve
GEHEIM = re.compile(r"(SECRET|PASSWORD|PASSWORT|TOKEN|DATABASE_URL|EMAIL_URL)(?!.*_FILE$)")


def anweisungen(text: str) -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions with their arguments, continued lines joined, comments left out."""
    ohne_kommentar = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    zeilen = re.sub(r"\\\n\s*", "", ohne_kommentar).splitlines()
    return [(wort.upper(), rest.strip()) for wort, _, rest in (z.strip().partition(" ") for z in zeilen) if wort]


def stufen(text: str) -> list[list[tuple[str, str]]]:
    ergebnis: list[list[tuple[str, str]]] = []
    for wort, rest in anweisungen(text):
        if wort == "FROM":
            ergebnis.append([])
        ergebnis[-1].append((wort, rest))
    return ergebnis


def offene_geheimnisse(umgebung: dict[str, str]) -> list[str]:
    return [name for name, wert in umgebung.items() if GEHEIM.search(name) and wert]


STUFEN = stufen((WURZEL / "Dockerfile").read_text(encoding="utf-8"))
ENDE = dict(STUFEN[-1])


def argumente(wort: str) -> list[str]:
    return [rest for stufe in STUFEN for name, rest in stufe if name == wort]


def test_anweisungen_joins_lines_and_drops_comments():
    assert anweisungen("FROM a\n# no\nRUN x \\\n    && y\n") == [("FROM", "a"), ("RUN", "x && y")]


def test_offene_geheimnisse_sees_a_password_but_not_its_file():
    assert offene_geheimnisse({"POSTGRES_PASSWORD": "x", "POSTGRES_PASSWORD_FILE": "/run/x", "DEBUG": "1"}) == [
        "POSTGRES_PASSWORD"
    ]


def test_dockerfile_installs_the_lock_with_hashes_in_a_stage_of_its_own():
    bau = [rest for wort, rest in STUFEN[1] if wort == "RUN"]
    assert len(STUFEN) == 3
    assert [z for z in bau if "--require-hashes -r /tmp/requirements.lock" in z]
    assert not [z for z in argumente("RUN") if "eingebettet" in z or "entwicklung" in z]
    assert "pip install" not in " ".join(rest for _, rest in STUFEN[-1])


def test_dockerfile_has_pango_and_the_static_files():
    lauf = " ".join(argumente("RUN"))
    for paket in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert paket in lauf
    assert "manage.py collectstatic" in lauf


def test_dockerfile_ends_as_a_user_without_rights():
    nutzer = ENDE["USER"].split(":")[0]
    assert nutzer.isdigit()
    assert int(nutzer) >= 1000
    assert ENDE["USER"] == DIENSTE["web"]["user"]


def test_dockerfile_asks_for_readiness_and_never_preloads():
    assert "/gesund/bereit/" in ENDE["HEALTHCHECK"]
    assert "ikz_portal.wsgi" in ENDE["CMD"]
    assert "--preload" not in ENDE["CMD"]
    assert "--worker-class=sync" in ENDE["CMD"]


def test_dockerfile_keeps_no_secret():
    assert not [rest for rest in argumente("ENV") + argumente("ARG") if GEHEIM.search(rest)]
    assert not [rest for rest in argumente("COPY") if "geheim" in rest or ".env" in rest]


def test_dockerignore_keeps_secrets_history_and_environment_out():
    zeilen = (WURZEL / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".*", "geheim", "var", "tests"} <= set(zeilen)


def test_compose_has_all_services():
    assert set(DIENSTE) == {*PORTAL, "datenbank", "broker"}


@pytest.mark.parametrize("name", sorted(DIENSTE))
def test_service_is_locked_down(name):
    dienst = DIENSTE[name]
    assert dienst["cap_drop"] == ["ALL"]
    assert dienst["security_opt"] == ["no-new-privileges:true"]
    assert dienst["read_only"] is True
    assert "/tmp" in dienst["tmpfs"]  # noqa: S108 - a mount inside the container
    assert dienst["user"].split(":")[0] not in {"", "0", "root"}
    assert "privileged" not in dienst


@pytest.mark.parametrize("name", DAUERND)
def test_service_restarts_and_has_a_health_check(name):
    dienst = DIENSTE[name]
    assert dienst["restart"] == "unless-stopped"
    assert name == "web" or dienst["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert not dienst.get("healthcheck", {}).get("disable")


@pytest.mark.parametrize("name", sorted(DIENSTE))
def test_service_gets_secrets_from_files_only(name):
    dienst = DIENSTE[name]
    umgebung = dienst.get("environment", {})
    dateien = {wert.rsplit("/", 1)[1] for schluessel, wert in umgebung.items() if schluessel.endswith("_FILE")}
    assert not offene_geheimnisse(umgebung)
    assert dateien == set(dienst.get("secrets", []))
    assert dateien <= set(COMPOSE["secrets"])
    assert not {"IKZ_DEMO", "DEBUG"} & set(umgebung)


def test_secrets_are_files_outside_the_repository():
    ausgenommen = (WURZEL / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {Path(geheimnis["file"]).parts[0] for geheimnis in COMPOSE["secrets"].values()} == {"geheim"}
    assert "/geheim/" in ausgenommen


def test_database_and_broker_are_reachable_from_inside_only():
    assert COMPOSE["networks"]["innen"] == {"internal": True}
    for name in ("datenbank", "broker"):
        assert DIENSTE[name]["networks"] == ["innen"]
        assert "ports" not in DIENSTE[name]


def test_only_web_is_published_and_only_to_this_machine():
    veroeffentlicht = {name: dienst["ports"] for name, dienst in DIENSTE.items() if "ports" in dienst}
    assert list(veroeffentlicht) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in veroeffentlicht["web"])


def test_portal_waits_for_the_database_and_its_set_up():
    befehle = DIENSTE["einrichten"]["command"][-1]
    assert re.findall(r"manage\.py (\w+)", befehle) == ["check", "migrate", "createcachetable", "grunddaten"]
    assert "check --deploy --fail-level WARNING" in befehle
    assert DIENSTE["einrichten"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        assert DIENSTE[name]["depends_on"]["einrichten"]["condition"] == "service_completed_successfully"


def test_limits_of_attempts_count_clients_behind_one_proxy():
    assert {DIENSTE[name]["environment"]["PROXY_ANZAHL"] for name in PORTAL} == {"${PROXY_ANZAHL:-1}"}


def test_nobody_writes_an_access_log():
    assert "access-log" not in ENDE["CMD"]
    assert not [name for name, dienst in DIENSTE.items() if "access-log" in str(dienst.get("command", ""))]


def test_worker_and_beat_are_celery():
    assert DIENSTE["worker"]["command"][:4] == ["celery", "-A", "ikz_portal", "worker"]
    assert DIENSTE["beat"]["command"][:4] == ["celery", "-A", "ikz_portal", "beat"]


def test_servers_are_postgresql_18_and_valkey_9_with_their_data_kept():
    assert DIENSTE["datenbank"]["image"] == "postgres:18"
    assert DIENSTE["broker"]["image"] == "valkey/valkey:9"
    assert DIENSTE["datenbank"]["volumes"] == ["datenbank:/var/lib/postgresql"]
    assert DIENSTE["worker"]["volumes"] == DIENSTE["web"]["volumes"] == ["dateien:/daten/dateien"]
    assert set(COMPOSE["volumes"]) == {"datenbank", "dateien"}


def gelesene_variablen() -> set[str]:
    quelltext = "\n".join(p.read_text(encoding="utf-8") for p in (WURZEL / "ikz_portal").rglob("*.py"))
    gelesen = set(re.findall(r"umgebung\.(?:text|ja|zahl|liste|post)\(\s*\"([A-Z_]+)\"", quelltext))
    return (gelesen | {"DATABASE_URL"}) - INTERN


@pytest.mark.parametrize("datei", [".env.example", "docs/betrieb.md"])
def test_every_variable_that_is_read_is_described(datei):
    text = (WURZEL / datei).read_text(encoding="utf-8")
    assert {name for name in gelesene_variablen() if not re.search(rf"\b{name}\b", text)} == set()
