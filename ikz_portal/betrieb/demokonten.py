"""The accounts of the demo, as `starten` prints them. Only with IKZ_DEMO."""

from ikz_portal import umgebung
from ikz_portal.betrieb.grunddaten.lesen import lies


def liste() -> list[tuple[str, str]]:
    """Return address and description of each."""
    return [(satz["email"], satz["wer"]) for satz in lies("beispiel/konten")["konten"]]


def kennwort() -> str:
    return umgebung.text("IKZ_DEMO_PASSWORT", "ikz-demo-2022")
