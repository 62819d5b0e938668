"""PDF: whole, unencrypted, and without anything that acts or carries another file.

No parser: two readers of one PDF may see two documents. So the names that matter are looked for everywhere, written
with escapes too, and a stream whose dictionary can't be read for certain is a reason to refuse (decision 0012).
"""

import re
import zlib
from collections.abc import Iterable, Iterator

from ikz_portal.basis.schleuse.befund import Abgewiesen, Daten, unlesbar
from ikz_portal.basis.schleuse.inhalt import SEITE

AKTIV = "enthält ein Programm, das beim Öffnen starten kann"
ANHANG = "enthält eine angehängte Datei"
UEBERALL = {
    "JavaScript": AKTIV,
    "Rendition": AKTIV,
    "Launch": AKTIV,
    "RichMedia": AKTIV,
    "ImportData": AKTIV,
    "XFA": "enthält ein Formular mit Programm (XFA)",
    "EmbeddedFile": ANHANG,
    "EmbeddedFiles": ANHANG,
    "FileAttachment": ANHANG,
    "GoToE": ANHANG,
    "Encrypt": "ist verschlüsselt oder mit einem Passwort geschützt",
}
# Too short to be looked for in compressed data, where three bytes come about by chance.
IN_OBJEKTEN = {"JS": AKTIV, "EF": ANHANG, **UEBERALL}

LEER = b"\x00\t\n\f\r "
TRENNER = LEER + rb"()<>\[\]{}/%"
UMSCHRIFT = re.compile(rb"#([0-9A-Fa-f]{2})")
NAME = re.compile(rb"/([^" + TRENNER + rb"]*)")
STROM = re.compile(rb">>[" + LEER + rb"]*stream|(?<![A-Za-z])stream[ \t]*[\r\n]")
OBJEKT = re.compile(rb"\d[" + LEER + rb"]+\d+[" + LEER + rb"]+\Z")
WORT = re.compile(
    rb"["
    + LEER
    + rb"]+|%[^\r\n]*|<<|>>|[\[\]]|<[0-9A-Fa-f"
    + LEER
    + rb"]*>|/[^"
    + TRENNER
    + rb"]*|[^"
    + TRENNER
    + rb"]+"
)
# Most dictionaries: no strings but hexadecimal ones, no comments, one level of others inside. Read in one go.
SCHLICHT = rb"[^<>()%\[\]]++|<[0-9A-Fa-f" + LEER + rb"]*+>"
EINFACH = re.compile(rb"[%b]*<<(?:%b|\[(?:%b)*+\]|<<(?:%b)*+>>)*+>>[%b]*" % (LEER, SCHLICHT, SCHLICHT, SCHLICHT, LEER))
KLAMMER = re.compile(rb"\\.|[()]", re.DOTALL)
FILTER = {
    *("FlateDecode", "Fl", "LZWDecode", "LZW", "ASCIIHexDecode", "AHx", "ASCII85Decode", "A85"),
    *("RunLengthDecode", "RL", "Crypt", "DCTDecode", "DCT", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode", "CCF"),
}
ENDE = b"%%EOF"
STROEME = 200_000
WOERTERBUCH = 1 << 15  # bytes between „obj“ and „stream“
WOERTERBUECHER = 4 << 20  # bytes of all that aren't simple
VERSUCHE = 20  # „obj“ that turn out to be part of another word
OBJEKTE = 64 << 20  # bytes of unpacked object streams
BLOCK = 1 << 16


def _muster(namen: Iterable[str]) -> re.Pattern[bytes]:
    """Return what finds these names, each character plain or as #xx."""
    return re.compile(rb"/(?:" + b"|".join(map(_mit_umschrift, namen)) + rb")(?=[" + TRENNER + rb"]|\Z)")


def _mit_umschrift(name: str) -> bytes:
    return b"".join(rb"(?:%c|#(?i:%02x))" % (byte, byte) for byte in name.encode())


MUSTER_UEBERALL = _muster(UEBERALL)
MUSTER_IN_OBJEKTEN = _muster(IN_OBJEKTEN)


def pruefen(daten: Daten) -> None:
    """Refuse what acts, carries files, is encrypted, is more than a PDF, or can't be looked through."""
    _rahmen_pruefen(daten)
    _verbotenes(daten, MUSTER_UEBERALL)
    geruest = gelesen = 0
    for nummer, treffer in enumerate(STROM.finditer(daten)):
        if nummer >= STROEME:
            raise _undurchsichtig()
        _verbotenes(daten[geruest : treffer.start()], MUSTER_IN_OBJEKTEN)
        woerterbuch = _woerterbuch(daten, treffer.start() + treffer.group().index(b"stream"))
        if not EINFACH.fullmatch(woerterbuch):
            gelesen += len(woerterbuch)
            if gelesen > WOERTERBUECHER:
                raise _undurchsichtig()
            woerterbuch = b"".join(_worte(woerterbuch))
        _strom_pruefen(daten, treffer.end(), woerterbuch)
        if geruest < treffer.end():
            ende = daten.find(b"endstream", treffer.end())
            geruest = len(daten) if ende == -1 else ende
    _verbotenes(daten[geruest:], MUSTER_IN_OBJEKTEN)


def _rahmen_pruefen(daten: Daten) -> None:
    if not re.match(rb"%PDF-[12]\.\d", daten):
        raise unlesbar("der Anfang ist nicht der einer PDF-Datei")
    ende = daten.rfind(ENDE)
    if ende == -1:
        raise unlesbar("das Ende der PDF-Datei fehlt")
    hinter = ende + len(ENDE)
    if len(daten) - hinter > 1024 or daten[hinter:].strip(LEER):
        raise _mehrdeutig()
    if daten.find(b"PK\x05\x06", max(0, len(daten) - 66_000)) != -1 or SEITE.search(daten[:1024]):
        raise _mehrdeutig()


def _strom_pruefen(daten: Daten, anfang: int, woerterbuch: bytes) -> None:
    """Look through the dictionary of a stream and, if it holds objects, through these."""
    _verbotenes(woerterbuch, MUSTER_IN_OBJEKTEN)
    namen = [_ausgeschrieben(name) for name in NAME.findall(woerterbuch)]
    if "ObjStm" in namen or {"First", "N"} <= set(namen):
        _objekte_pruefen(daten, anfang, namen)


def _ausgeschrieben(name: bytes) -> str:
    return UMSCHRIFT.sub(_zeichen, name).decode("latin-1")


def _zeichen(treffer: re.Match[bytes]) -> bytes:
    return bytes([int(treffer[1], 16)])


def _woerterbuch(daten: Daten, ende: int) -> bytes:
    """Return what stands between the last „obj“ and this „stream“."""
    anfang = max(0, ende - WOERTERBUCH)
    stelle = ende
    for _ in range(VERSUCHE):
        stelle = daten.rfind(b"obj", anfang, stelle)
        if stelle == -1:
            break
        if OBJEKT.search(daten, max(0, stelle - 32), stelle):
            return daten[stelle + 3 : ende]
    raise _undurchsichtig()


def _worte(stueck: bytes) -> Iterator[bytes]:
    """Yield the tokens of exactly one dictionary, strings emptied; refuse if it is anything else."""
    offen: list[bytes] = []
    fertig = False
    for wort in _zerlegt(stueck):
        if wort[:1] in LEER or wort[:1] == b"%":
            yield b" "
            continue
        if fertig or not (offen or wort == b"<<"):
            raise _undurchsichtig()
        if wort in {b"<<", b"["}:
            offen.append(wort)
        elif wort in {b">>", b"]"} and offen.pop() != {b">>": b"<<", b"]": b"["}[wort]:
            raise _undurchsichtig()
        fertig = not offen
        yield wort
    if not fertig:
        raise _undurchsichtig()


def _zerlegt(stueck: bytes) -> Iterator[bytes]:
    stelle = 0
    while stelle < len(stueck):
        if stueck[stelle : stelle + 1] == b"(":
            stelle = _hinter_der_zeichenkette(stueck, stelle)
            yield b"()"
        elif treffer := WORT.match(stueck, stelle):
            yield treffer.group()
            stelle = treffer.end()
        else:
            raise _undurchsichtig()


def _hinter_der_zeichenkette(stueck: bytes, stelle: int) -> int:
    tiefe = 0
    for treffer in KLAMMER.finditer(stueck, stelle):
        tiefe += {b"(": 1, b")": -1}.get(treffer.group(), 0)
        if tiefe == 0:
            return treffer.end()
    raise _undurchsichtig()


def _objekte_pruefen(daten: Daten, anfang: int, namen: list[str]) -> None:
    """Look into a stream that holds objects: packed in the one usual way, or not at all."""
    filter_ = [name for name in namen if name in FILTER]
    if "Filter" not in namen and "F" not in namen and not filter_:
        return  # plain: what it holds has been looked through with the rest
    if filter_ not in (["FlateDecode"], ["Fl"]) or {"DecodeParms", "DP"} & set(namen):
        raise _undurchsichtig()
    rest = b""
    for block in _entpackt(daten, anfang):
        _verbotenes(rest + block, MUSTER_IN_OBJEKTEN)
        rest = block[-64:]


def _entpackt(daten: Daten, stelle: int) -> Iterator[bytes]:
    while daten[stelle : stelle + 1] in {b"\r", b"\n", b" "}:
        stelle += 1
    packer, gesamt = zlib.decompressobj(), 0
    try:
        while not packer.eof:
            rest = packer.unconsumed_tail
            if not rest:
                rest, stelle = daten[stelle : stelle + BLOCK], stelle + BLOCK
            if not rest:
                raise unlesbar("ein Teil der PDF-Datei fehlt")
            block = packer.decompress(rest, BLOCK)
            gesamt += len(block)
            if gesamt > OBJEKTE:
                raise _undurchsichtig()
            yield block
    except zlib.error as fehler:
        raise unlesbar("ein Teil der PDF-Datei ist nicht lesbar") from fehler


def _verbotenes(stueck: Daten, muster: re.Pattern[bytes]) -> None:
    if treffer := muster.search(stueck):
        name = _ausgeschrieben(treffer.group()[1:])
        raise Abgewiesen(
            f"Die PDF-Datei {IN_OBJEKTEN[name]}. Bitte drucken Sie sie als neue PDF-Datei und laden Sie diese hoch.",
            "verschluesselt" if name == "Encrypt" else "aktiv",
        )


def _undurchsichtig() -> Abgewiesen:
    return Abgewiesen(
        "Die PDF-Datei ist so ungewöhnlich aufgebaut, dass sie nicht geprüft werden kann. "
        "Bitte drucken Sie sie als neue PDF-Datei und laden Sie diese hoch.",
        "undurchsichtig",
    )


def _mehrdeutig() -> Abgewiesen:
    return Abgewiesen(
        "Die Datei ist nicht nur eine PDF-Datei: Sie enthält davor oder dahinter noch andere Inhalte. "
        "Bitte drucken Sie sie als neue PDF-Datei und laden Sie diese hoch.",
        "mehrdeutig",
    )
