"""What is refused inside an office document: by the name of a part, or by what a part of that name holds."""

import re
from dataclasses import dataclass

from ikz_portal.basis.schleuse.befund import Abgewiesen

MAKROS = "enthält Makros"
EINGEBETTET = "enthält eine eingebettete Datei"
VERSCHLUESSELT = "ist mit einem Passwort verschlüsselt"
NACHLADEN = "lädt beim Öffnen Inhalte aus anderen Dateien oder aus dem Netz"

AUSWEGE = {
    VERSCHLUESSELT: "Bitte speichern Sie sie ohne Passwort.",
    MAKROS: "Bitte speichern Sie sie im Format ohne Makros, zum Beispiel als docx, xlsx oder odt.",
    EINGEBETTET: "Bitte entfernen Sie das eingebettete Objekt oder fügen Sie es als Bild ein.",
    NACHLADEN: "Bitte lösen Sie die Verknüpfungen (in Excel: Daten, Verknüpfungen bearbeiten), "
    "fügen Sie Bilder fest ein und speichern Sie neu.",
}


@dataclass(frozen=True)
class Verbot:
    """`woran` are words without which `inhalt` can't match: looking for them first is many times as fast."""

    name: re.Pattern[str]
    was: str
    inhalt: re.Pattern[bytes] | None = None
    woran: tuple[bytes, ...] = ()

    def trifft(self, klein: bytes) -> bool:
        """Tell whether this content, in lower case, is what is refused."""
        return bool(self.inhalt and any(wort in klein for wort in self.woran) and self.inhalt.search(klein))


def verbot(name: str, was: str, inhalt: bytes = b"", *woran: bytes) -> Verbot:
    return Verbot(re.compile(name, re.IGNORECASE), was, re.compile(inhalt) if inhalt else None, woran)


def verboten(was: str) -> Abgewiesen:
    code = {MAKROS: "makros", EINGEBETTET: "eingebettet", NACHLADEN: "nachladen", VERSCHLUESSELT: "verschluesselt"}.get(
        was, "ungewoehnlich"
    )
    ausweg = AUSWEGE.get(was, "Bitte speichern Sie das Dokument neu, am besten als PDF.")
    return Abgewiesen(f"Die Datei {was}. {ausweg}", code)
