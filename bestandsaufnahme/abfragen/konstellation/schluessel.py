"""The text by which a proposal is known again: the field and the AGS of its Kommunen."""

import hashlib
from collections.abc import Iterable

HOECHSTENS = 200


def schluessel(aufgabenfeld: int, kooperationsfeld: int, ags: Iterable[str]) -> str:
    """Return „3/0:06433001,06433002“; of very many the end is a checksum, so that it stays short."""
    ganzer = f"{aufgabenfeld}/{kooperationsfeld}:{','.join(sorted(ags))}"
    if len(ganzer) <= HOECHSTENS:
        return ganzer
    summe = "#" + hashlib.sha256(ganzer.encode()).hexdigest()[:32]
    return ganzer[: HOECHSTENS - len(summe)] + summe


def feld_aus(text: str) -> str:
    """Return the part of the key that names the field."""
    return text.partition(":")[0]


def aufgabenfeld_aus(text: str) -> int | None:
    """Return the key of the Aufgabenfeld; None where the text is no key of a proposal."""
    nummer = text.partition("/")[0]
    return int(nummer) if nummer.isascii() and nummer.isdecimal() and len(nummer) < 10 else None


def ags_aus(text: str) -> frozenset[str]:
    """Return the AGS that it names; nothing where they were too many to name."""
    return frozenset() if "#" in text else frozenset(text.partition(":")[2].split(","))
