"""Files made by hand and by libraries, good ones and hostile ones, for the tests of the gate."""

import hashlib
import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

OOXML = "application/vnd.openxmlformats-officedocument"
BEZUEGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def hochgeladen(name: str, inhalt: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, inhalt)


@cache
def abwechslung(laenge: int) -> bytes:
    """Return bytes that don't pack well, always the same."""
    return hashlib.shake_256(b"").digest(laenge)


# --- PDF --------------------------------------------------------------------------------------------------------------


def pdf(zusatz: bytes = b"", *, katalog: bytes = b"", vorspann: bytes = b"%PDF-1.7\n", nachspann: bytes = b"") -> bytes:
    """Return a PDF of one page; `katalog` goes into its catalog, `zusatz` between its objects."""
    return (
        vorspann
        + b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R "
        + katalog
        + b" >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        + b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n"
        + strom(4, b"BT /F1 12 Tf (Guten Tag) Tj ET")
        + zusatz
        + b"trailer\n<< /Root 1 0 R /Size 9 >>\nstartxref\n0\n%%EOF\n"
        + nachspann
    )


def strom(nummer: int, inhalt: bytes, angaben: bytes = b"") -> bytes:
    kopf = b"%d 0 obj\n<< /Length %d %s >>\nstream\n" % (nummer, len(inhalt), angaben)
    return kopf + inhalt + b"\nendstream\nendobj\n"


def objektstrom(objekt: bytes, *, angaben: bytes = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode") -> bytes:
    return strom(5, zlib.compress(b"8 0 " + objekt), angaben)


def abgeschnittene_objekte() -> bytes:
    """Return a PDF that ends in the middle of its packed objects, so that what is packed seems to go on to the end."""
    gepackt = zlib.compress(abwechslung(4000))
    return pdf()[:-6] + b"5 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + gepackt[:3000] + b"%%EOF"


def pdf_von_pypdf(**umgang: Any) -> bytes:
    schreiber = PdfWriter()
    schreiber.add_blank_page(width=595, height=842)
    for name, werte in umgang.items():
        getattr(schreiber, name)(*werte)
    ziel = io.BytesIO()
    schreiber.write(ziel)
    return ziel.getvalue()


# --- images -----------------------------------------------------------------------------------------------------------


def bild(art: str, **optionen: Any) -> bytes:
    ziel = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(ziel, art, **optionen)
    return ziel.getvalue()


def png_stueck(art: bytes, inhalt: bytes) -> bytes:
    return struct.pack(">I", len(inhalt)) + art + inhalt + struct.pack(">I", zlib.crc32(art + inhalt))


def png(breite: int, hoehe: int, *weitere: bytes) -> bytes:
    kopf = png_stueck(b"IHDR", struct.pack(">IIBBBBB", breite, hoehe, 1, 0, 0, 0, 0))
    rest = png_stueck(b"IDAT", zlib.compress(bytes(10))) + png_stueck(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + kopf + b"".join(weitere) + rest


def viele_durchgaenge() -> bytes:
    roh = bild("JPEG", progressive=True)
    stelle = roh.index(b"\xff\xda")
    return roh[:stelle] + roh[stelle:-2] * 101 + b"\xff\xd9"


def riesiges_jpeg() -> bytes:
    roh = bytearray(bild("JPEG"))
    stelle = roh.index(b"\xff\xc0") + 5
    roh[stelle : stelle + 4] = struct.pack(">HH", 60_000, 60_000)
    return bytes(roh)


# --- office documents -------------------------------------------------------------------------------------------------


def archiv(teile: dict[str, bytes | str], *, packen: int = zipfile.ZIP_DEFLATED) -> bytes:
    ziel = io.BytesIO()
    with zipfile.ZipFile(ziel, "w", packen) as datei:
        for name, inhalt in teile.items():
            eintrag = zipfile.ZipInfo(name)
            eintrag.compress_type = zipfile.ZIP_STORED if name == "mimetype" else packen
            datei.writestr(eintrag, inhalt)
    return ziel.getvalue()


def typen(*angaben: tuple[str, str]) -> str:
    zeilen = "".join(f'<Override PartName="{teil}" ContentType="{typ}"/>' for teil, typ in angaben)
    namensraum = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{namensraum}">{zeilen}</Types>'


def bezuege(*angaben: str) -> str:
    namensraum = "http://schemas.openxmlformats.org/package/2006/relationships"
    zeilen = "".join(f'<Relationship Id="r{nummer}" {angabe}/>' for nummer, angabe in enumerate(angaben))
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{namensraum}">{zeilen}</Relationships>'


def bezug(typ: str, ziel: str, *, aussen: bool = True) -> str:
    return f'Type="{BEZUEGE}/{typ}" Target="{ziel}"' + (' TargetMode="External"' if aussen else "")


def docx_teile(text: str = "Guten Tag") -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": typen(("/word/document.xml", f"{OOXML}.wordprocessingml.document.main+xml")),
        "_rels/.rels": bezuege(bezug("officeDocument", "word/document.xml", aussen=False)),
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:t>{text}</w:t></w:document>',
    }


def docx(weitere: dict[str, bytes | str] | None = None, **optionen: Any) -> bytes:
    return archiv({**docx_teile(), **(weitere or {})}, **optionen)


def docx_mit_bezug(typ: str, ziel: str, *, aussen: bool = True) -> bytes:
    return docx({"word/_rels/document.xml.rels": bezuege(bezug(typ, ziel, aussen=aussen))})


def pptx(weitere: dict[str, bytes | str] | None = None) -> bytes:
    haupt = ("/ppt/presentation.xml", f"{OOXML}.presentationml.presentation.main+xml")
    return archiv({"[Content_Types].xml": typen(haupt), "ppt/presentation.xml": "<p/>", **(weitere or {})})


def xlsx(verweis: str = "https://gemeinde.example") -> bytes:
    ziel = io.BytesIO()
    mappe = xlsxwriter.Workbook(ziel, {"in_memory": True})
    blatt = mappe.add_worksheet("Kosten")
    blatt.write_row(0, 0, ["Kommune", "Betrag"])
    blatt.write_url(1, 0, verweis)
    diagramm = mappe.add_chart({"type": "bar"})
    diagramm.add_series({"values": "=Kosten!$B$1:$B$2"})
    blatt.insert_chart("D1", diagramm)
    mappe.close()
    return ziel.getvalue()


def odf(art: str = "text", weitere: dict[str, bytes | str] | None = None, inhalt: str = "Guten Tag") -> bytes:
    teile: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{art}",
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:d xmlns:office="urn:o">{inhalt}</office:d>',
        "META-INF/manifest.xml": '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:m"/>',
    }
    return archiv({**teile, **(weitere or {})})


# --- archives that lie ------------------------------------------------------------------------------------------------


def zip_bombe(*, angegeben: int | None = None) -> bytes:
    """Return a document with 300 MB of zeros in a few hundred kB, whose directory may say something else."""
    return docx_mit_rohem("word/media/bild.png", _nullen(300), groesse=300 << 20 if angegeben is None else angegeben)


@cache
def _nullen(megabyte: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabyte)), packer.flush()])


def docx_mit_rohem(
    name: str, gepackt: bytes, *, groesse: int, pruefzahl: int = 0, packung: int = 8, grundlage: bytes = b""
) -> bytes:
    """Return a document with one more member, whose packed bytes and measures are as given."""
    roh = grundlage or docx()
    anfang = struct.unpack("<I", roh[-6:-2])[0]
    kopf = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, packung, 0, 0, pruefzahl, len(gepackt), groesse, len(name), 0)
    glied = kopf + name.encode() + gepackt
    felder = (20, 20, 0, packung, 0, 0, pruefzahl, len(gepackt), groesse, len(name), 0, 0, 0, 0, 0, anfang)
    eintrag = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *felder) + name.encode()
    verzeichnis = roh[anfang:-22] + eintrag
    anzahl = struct.unpack("<H", roh[-12:-10])[0] + 1
    ende = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, anzahl, anzahl, len(verzeichnis), anfang + len(glied), 0)
    return roh[:anfang] + glied + verzeichnis + ende


def viele_grosse() -> bytes:
    """Return a document of three members, none of them suspicious, that together announce 600 MB."""
    roh = docx()
    for nummer in range(3):
        roh = docx_mit_rohem(f"word/media/{nummer}.emf", bytes(1 << 20), groesse=200 << 20, grundlage=roh)
    return roh


def gestroemt() -> bytes:
    """Return a document as programs write it that can't go back: sizes follow the data."""

    class Strom(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    ziel = Strom()
    with zipfile.ZipFile(ziel, "w", zipfile.ZIP_DEFLATED) as datei:
        for name, inhalt in docx_teile().items():
            datei.writestr(name, inhalt)
    return ziel.getvalue()


def ersetzt(roh: bytes, alt: bytes, neu: bytes, *, nur: int) -> bytes:
    """Replace one occurrence of these bytes, counted from 0, or from the end below it."""
    stellen = [stelle for stelle in range(len(roh)) if roh.startswith(alt, stelle)]
    return roh[: stellen[nur]] + neu + roh[stellen[nur] + len(alt) :]


def mit_luecke() -> bytes:
    """Return a document with bytes between its last member and the directory."""
    roh = docx()
    anfang = struct.unpack("<I", roh[-6:-2])[0]
    return roh[:anfang] + bytes(99) + roh[anfang:-6] + struct.pack("<I", anfang + 99) + roh[-2:]


def ueberlappend() -> bytes:
    """Return a document whose last two members share their packed bytes."""
    roh = bytearray(docx())
    eintraege = [stelle for stelle in range(len(roh)) if roh[stelle : stelle + 4] == b"PK\x01\x02"]
    erster = roh[eintraege[0] + 42 : eintraege[0] + 46]
    roh[eintraege[1] + 42 : eintraege[1] + 46] = erster
    return bytes(roh)


def mit_merkmal(roh: bytes, merkmal: int) -> bytes:
    """Set this flag at every member, in the directory and in front of the data."""
    geaendert = bytearray(roh)
    for kennung, versatz in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        stelle = geaendert.find(kennung)
        while stelle != -1:
            geaendert[stelle + versatz] |= merkmal
            stelle = geaendert.find(kennung, stelle + 4)
    return bytes(geaendert)


def mit_verweis() -> bytes:
    """Return a document in which one member is a symbolic link."""
    ziel = io.BytesIO()
    with zipfile.ZipFile(ziel, "w") as datei:
        for name, inhalt in docx_teile().items():
            datei.writestr(name, inhalt)
        verweis = zipfile.ZipInfo("word/media/bild.png")
        verweis.create_system, verweis.external_attr = 3, 0o120777 << 16
        datei.writestr(verweis, "/etc/passwd")
    return ziel.getvalue()
