"""What stands inside office documents: no macros, no embedded objects, nothing fetched from elsewhere."""

import re
from collections.abc import Iterable

from ikz_portal.basis.schleuse import odf, ooxml
from ikz_portal.basis.schleuse.archiv import Archiv, Glied
from ikz_portal.basis.schleuse.befund import Abgewiesen, Dateiart, Daten
from ikz_portal.basis.schleuse.verbot import EINGEBETTET, Verbot, verboten

EINGEBETTETE_TABELLE = re.compile(r"(?:word|ppt)/embeddings/[^/]+\.xlsx", re.IGNORECASE)
EINGEBETTET_HOECHSTENS = 20 << 20
# Beginnings of files that have no place inside a document: ZIP, OLE, programs, PDF.
FREMDE = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"%PDF-", b"#!")
ZEICHENSATZ = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]+)[\"']")
ERLAUBTE_ZEICHENSAETZE = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
DTD = (b"<!doctype", b"<!entity")
UEBERLAPPUNG = 8192  # so that what is looked for is found across two blocks


def pruefen(daten: Daten, *, eingebettet: bool = False) -> Dateiart:
    """Return the kind that the content declares."""
    archiv = Archiv(daten)
    verbote: tuple[Verbot, ...]
    if "mimetype" in archiv.glieder:
        art, verbote = odf.art(archiv), odf.VERBOTE
    elif ooxml.TYPEN in archiv.glieder:
        art, verbote = ooxml.art(archiv), ooxml.VERBOTE
    else:
        raise Abgewiesen(
            "Ein ZIP-Archiv kann nicht hochgeladen werden. Bitte entpacken Sie es und laden Sie die Dateien einzeln.",
            "zip_archiv",
        )
    for glied in archiv.glieder.values():
        if EINGEBETTETE_TABELLE.fullmatch(glied.name) and not eingebettet:
            _tabelle_eines_diagramms(archiv, glied)
        else:
            _teil_pruefen(archiv, glied, verbote)
    return art


def _tabelle_eines_diagramms(archiv: Archiv, glied: Glied) -> None:
    """The table behind a chart is let in by the same rules, one level deep."""
    inhalt = archiv.ganz(glied.name, hoechstens=EINGEBETTET_HOECHSTENS)
    if pruefen(inhalt, eingebettet=True) is not Dateiart.XLSX:
        raise verboten(EINGEBETTET)


def _teil_pruefen(archiv: Archiv, glied: Glied, verbote: tuple[Verbot, ...]) -> None:
    for verbot in verbote:
        if verbot.name.search(glied.name) and verbot.inhalt is None:
            raise verboten(verbot.was)
    gesucht = [verbot for verbot in verbote if verbot.inhalt and verbot.name.search(glied.name)]
    rest = b""
    xml = False
    for block in archiv.lesen(glied):
        if not rest:
            xml = _anfang_pruefen(glied.name, block)
        if xml:
            _inhalt_pruefen(rest + block, gesucht)
        rest = (rest + block)[-UEBERLAPPUNG:]


def _anfang_pruefen(name: str, anfang: bytes) -> bool:
    """Refuse a foreign file, return whether it is XML: in a charset in which the patterns read what a parser reads."""
    if anfang.startswith(FREMDE):
        raise verboten(EINGEBETTET)
    xml = name.lower().endswith((".xml", ".rels", ".vml", ".rdf")) or anfang.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    angabe = ZEICHENSATZ.search(anfang[:200])
    fremd = angabe is not None and angabe[1].lower() not in ERLAUBTE_ZEICHENSAETZE
    if xml and (fremd or b"\x00" in anfang[:200]):
        raise verboten("enthält Text in einem ungewöhnlichen Zeichensatz")
    return xml


def _inhalt_pruefen(stueck: bytes, gesucht: Iterable[Verbot]) -> None:
    klein = stueck.lower()
    if any(wort in klein for wort in DTD):
        raise verboten("enthält Angaben, die in einem Dokument nicht vorkommen (DTD)")
    for verbot in gesucht:
        if verbot.trifft(klein):
            raise verboten(verbot.was)
