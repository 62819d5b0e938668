"""The accounts of the demo, as `starten` prints them. Only with IKZ_DEMO. And nobody else's password is theirs."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError

from ikz_portal import umgebung
from ikz_portal.betrieb.grunddaten.lesen import lies

VORGABE = "ikz-demo-2022"


def liste() -> list[tuple[str, str]]:
    """Return address and description of each."""
    return [(satz["email"], satz["wer"]) for satz in lies("beispiel/konten")["konten"]]


def kennwort() -> str:
    return umgebung.text("IKZ_DEMO_PASSWORT", VORGABE)


class KeinDemopasswort:
    """Everyone can read the demo's password in the repository, so no account of a person takes it (settings.py)."""

    def validate(self, password: str, user: Any = None) -> None:
        if unicodedata.normalize("NFKC", password).strip().lower() in {VORGABE, kennwort().lower()}:
            raise ValidationError(
                "Dieses Passwort ist öffentlich bekannt. Bitte wählen Sie ein anderes.", "demopasswort"
            )

    def get_help_text(self) -> str:
        return "Das Passwort darf nicht öffentlich bekannt sein."
