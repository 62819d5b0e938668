"""Word, Excel and PowerPoint since 2007: which of them it is, and what their parts may refer to."""

import re
from xml.parsers import expat

from ikz_portal.basis.schleuse.archiv import Archiv
from ikz_portal.basis.schleuse.befund import OOXML, Dateiart, unlesbar
from ikz_portal.basis.schleuse.verbot import EINGEBETTET, MAKROS, NACHLADEN, verbot, verboten

TYPEN = "[Content_Types].xml"
HAUPTTEILE = {
    f"{OOXML}wordprocessingml.document.main+xml": Dateiart.DOCX,
    f"{OOXML}spreadsheetml.sheet.main+xml": Dateiart.XLSX,
    f"{OOXML}presentationml.presentation.main+xml": Dateiart.PPTX,
}
XML_HOECHSTENS = 4 << 20  # bytes of a part that is parsed
BEZUEGE_HOECHSTENS = 8 << 20

VERBOTE = (
    verbot(r"vbaProject|vbaData\.xml$|(^|/)macrosheets/|(^|/)dialogsheets/|(^|/)attachedToolbars", MAKROS),
    verbot(r"(^|/)activeX/|(^|/)ctrlProps/.*\.bin$", EINGEBETTET),
    verbot(r"(^|/)embeddings/", EINGEBETTET),
    verbot(r"(^|/)externalLinks/", NACHLADEN, rb"<(?:\w+:)?ddelink\b", b"ddelink"),
    # Word's fields that start programs
    verbot(
        r"^word/", NACHLADEN, rb"(?:instrtext[^<>]{0,200}>|\binstr\s*=\s*[\"'])[^<\"']{0,200}?\bdde(?:auto)?\b", b"dde"
    ),
)
EINGEBETTETE_BEZUEGE = {
    *("oleObject", "aFChunk", "control", "activeXControlBinary", "vbaProject", "xlMacrosheet", "xlIntlMacrosheet"),
    *("wordVbaData", "attachedToolbars", "subDocument"),
}
# A link to click on. Other schemes start programs on the reader's machine.
VERWEIS = re.compile(r"(?:https?:|mailto:|tel:|ftp:|file:|[^:]*\Z)", re.IGNORECASE)
# Word notes where the template lay; from the own disk it fetches nothing.
EIGENE_PLATTE = re.compile(r"(?:file:///)?(?:[A-Za-z]:[\\/]|[\w% .-]+\Z)")


def art(archiv: Archiv) -> Dateiart:
    """Return which it is; refuse what its relationships reach for."""
    arten = {HAUPTTEILE[typ] for typ in _typen(archiv) if typ in HAUPTTEILE}
    if len(arten) != 1:
        raise unlesbar("es ist kein Dokument von Word, Excel oder PowerPoint")
    bezugslisten = [glied for glied in archiv.glieder.values() if glied.name.lower().endswith(".rels")]
    if sum(glied.groesse for glied in bezugslisten) > BEZUEGE_HOECHSTENS:
        raise verboten("enthält zu viele Verweise")
    for glied in bezugslisten:
        for bezug in _elemente(archiv, glied.name, "Relationship"):
            _bezug_pruefen(bezug)
    return arten.pop()


def _typen(archiv: Archiv) -> list[str]:
    angaben = [*_elemente(archiv, TYPEN, "Override"), *_elemente(archiv, TYPEN, "Default")]
    typen = [angabe.get("ContentType", "") for angabe in angaben]
    if any(re.search("macro|vbaProject", typ, re.IGNORECASE) for typ in typen):
        raise verboten(MAKROS)
    return typen


def _bezug_pruefen(bezug: dict[str, str]) -> None:
    typ, ziel = bezug.get("Type", "").rpartition("/")[2], bezug.get("Target", "")
    if typ.lower() in {name.lower() for name in EINGEBETTETE_BEZUEGE}:
        raise verboten(EINGEBETTET)
    if bezug.get("TargetMode", "").lower() != "external":
        return
    erlaubt = {"hyperlink": VERWEIS, "attachedTemplate": EIGENE_PLATTE}.get(typ)
    if erlaubt is None or not erlaubt.match(ziel.strip()):
        raise verboten(NACHLADEN)


def _elemente(archiv: Archiv, name: str, gesucht: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of this name. A DTD is refused before it can mean anything."""
    gefunden: list[dict[str, str]] = []

    def element(voll: str, attribute: dict[str, str]) -> None:
        if voll.rpartition(" ")[2] == gesucht:
            gefunden.append(attribute)

    def dtd(*_: object) -> None:
        raise verboten("enthält Angaben, die in einem Dokument nicht vorkommen (DTD)")

    leser = expat.ParserCreate(namespace_separator=" ")
    leser.StartElementHandler, leser.StartDoctypeDeclHandler = element, dtd
    try:
        leser.Parse(archiv.ganz(name, hoechstens=XML_HOECHSTENS), True)
    except expat.ExpatError as fehler:
        raise unlesbar("ein Teil ist kein gültiges XML") from fehler
    return gefunden
