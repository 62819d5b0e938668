"""The kinds of files that may come in, and what the gate says of a file: its facts, or why not."""

import mmap
from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import ValidationError
from django.core.files.base import File

# A file as something to search and slice: mapped where it lies on disk, else the bytes themselves.
Daten = bytes | mmap.mmap

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Angaben:
    name: str
    endungen: tuple[str, ...]
    inhaltstyp: str


class Dateiart(Enum):
    PDF = Angaben("PDF", ("pdf",), "application/pdf")
    JPEG = Angaben("JPEG", ("jpg", "jpeg"), "image/jpeg")
    PNG = Angaben("PNG", ("png",), "image/png")
    DOCX = Angaben("Word (docx)", ("docx",), f"{OOXML}wordprocessingml.document")
    XLSX = Angaben("Excel (xlsx)", ("xlsx",), f"{OOXML}spreadsheetml.sheet")
    PPTX = Angaben("PowerPoint (pptx)", ("pptx",), f"{OOXML}presentationml.presentation")
    ODT = Angaben("OpenDocument-Text (odt)", ("odt",), f"{ODF}text")
    ODS = Angaben("OpenDocument-Tabelle (ods)", ("ods",), f"{ODF}spreadsheet")
    ODP = Angaben("OpenDocument-Präsentation (odp)", ("odp",), f"{ODF}presentation")
    CSV = Angaben("CSV", ("csv",), "text/csv")
    TXT = Angaben("Text (txt)", ("txt",), "text/plain")


BILDER = frozenset({Dateiart.JPEG, Dateiart.PNG})
TABELLEN = frozenset({Dateiart.XLSX, Dateiart.ODS, Dateiart.CSV})
DOKUMENTE = frozenset(Dateiart) - BILDER - {Dateiart.CSV, Dateiart.TXT}


class Abgewiesen(ValidationError):
    """The file stays out. The sentence names the reason and the way out, the code the reason alone."""

    def __init__(self, satz: str, code: str) -> None:
        super().__init__(satz, code=code)


def unlesbar(was: str) -> Abgewiesen:
    return Abgewiesen(
        f"Die Datei ist unvollständig oder beschädigt ({was}). "
        "Bitte öffnen Sie sie, speichern Sie sie neu und laden Sie die neue Datei hoch.",
        "beschaedigt",
    )


@dataclass(frozen=True)
class Geprueft:
    """A file that came through, with what `basis.ablage.aufnehmen` keeps of it."""

    datei: File
    name: str
    art: Dateiart
    groesse: int
    pruefsumme: str
    inhaltstyp: str
