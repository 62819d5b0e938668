"""What stands in fixtures/: well-formed, with its source, without any person or machine."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ORDNER = Path(__file__).resolve().parents[2] / "fixtures"
FAKTEN = sorted(ORDNER.glob("*.json"))
BEISPIELE = sorted((ORDNER / "beispiel").glob("*.json"))
ADRESSE = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
TELEFON = re.compile(
    r"(?:\+|\b00)\d{2}[\d\s/()-]{5,}|\b0\d{2,5}\s*[/ –-]\s*\d{3,}|\((?:0\d+)\)\s*\d+|\bTel(?:efon|\.)", re.IGNORECASE
)
PFAD = re.compile(r"/(?:home|work|tmp|root|usr|var|Users)/|[A-Z]:\\")


def namen(pfade: list[Path]) -> list[str]:
    return [str(pfad.relative_to(ORDNER)) for pfad in pfade]


def fremde_adressen(text: str) -> list[str]:
    return [adresse for adresse in ADRESSE.findall(text) if not adresse.endswith("@ikz.example")]


@pytest.mark.parametrize(
    "nummer", ["06142 402-0", "06152/989-0", "+49 6152 9890", "0049 6152 9890", "(06142) 4020", "Telefon", "Tel. 110"]
)
def test_telefon_sees_a_number(nummer):
    assert TELEFON.search(f"Rathaus, {nummer}, Raunheim")


@pytest.mark.parametrize("text", ["06433010", "2013-06-30", "276.307", "27.11.2020", "65479 Raunheim", "2014/55/EU"])
def test_telefon_lets_other_numbers_pass(text):
    assert not TELEFON.search(text)


def test_fremde_adressen_sees_every_other_address():
    assert fremde_adressen("a.b@stadt.de, lesen@ikz.example") == ["a.b@stadt.de"]


def test_there_are_facts_and_examples():
    assert len(FAKTEN) == 11
    assert len(BEISPIELE) == 7


@pytest.mark.parametrize("pfad", [*FAKTEN, *BEISPIELE], ids=namen([*FAKTEN, *BEISPIELE]))
def test_fixture_names_no_person_and_no_machine(pfad: Path):
    text = pfad.read_text(encoding="utf-8")
    assert isinstance(json.loads(text), dict)
    assert fremde_adressen(text) == []
    assert TELEFON.findall(text) == []
    assert PFAD.findall(text) == []


@pytest.mark.parametrize("pfad", FAKTEN, ids=namen(FAKTEN))
def test_facts_name_their_source(pfad: Path):
    datei: dict[str, Any] = json.loads(pfad.read_text(encoding="utf-8"))
    assert len(datei["quelle"]) > len("Vortrag")


@pytest.mark.parametrize("pfad", FAKTEN, ids=namen(FAKTEN))
def test_facts_hold_no_example(pfad: Path):
    assert "beispiel-" not in pfad.read_text(encoding="utf-8")
