"""Hostile archives and office documents, each with the code of its refusal: what it is → (name, content, code)."""

from ikz_portal.basis.schleuse import Dateiart
from tests.basis import proben

LISTENER = '<x:event-listener xmlns:x="urn:s" x:language="ooo:script" xlink:href="irgendwas"/>'

DOKUMENTE = {
    # archives
    "zip bomb": ("a.docx", proben.zip_bombe, "bombe"),
    "zip bomb with a lying directory": ("a.docx", lambda: proben.zip_bombe(angegeben=4000), "bombe"),
    "ten gigabytes announced": (
        "a.docx",
        lambda: proben.docx_mit_rohem("word/x.xml", b"\x03\x00", groesse=0xFFFFFFF0),
        "bombe",
    ),
    "large members together": ("a.docx", proben.viele_grosse, "bombe"),
    "large table behind a chart": (
        "a.pptx",
        lambda: proben.docx_mit_rohem(
            "ppt/embeddings/T.xlsx", bytes(1 << 20), groesse=21 << 20, grundlage=proben.pptx()
        ),
        "bombe",
    ),
    "too many relationships": (
        "a.docx",
        lambda: proben.docx({f"word/_rels/{nummer}.rels": proben.abwechslung(3 << 20) for nummer in range(3)}),
        "ungewoehnlich",
    ),
    "member that ends early": (
        "a.docx",
        lambda: proben.docx_mit_rohem("x", b"\x03\x00\x00", groesse=0),
        "beschaedigt",
    ),
    "directory that counts wrong": (
        "a.docx",
        lambda: proben.ersetzt(proben.docx(), b"\x03\x00\x03\x00", b"\x02\x00\x02\x00", nur=-1),
        "beschaedigt",
    ),
    "directory without an entry": (
        "a.docx",
        lambda: proben.ersetzt(proben.docx(), b"PK\x01\x02", b"PK\x01\x00", nur=0),
        "beschaedigt",
    ),
    "member without a head": (
        "a.docx",
        lambda: proben.ersetzt(proben.docx(), b"PK\x03\x04", b"PK\x03\x00", nur=-1),
        "beschaedigt",
    ),
    "two names of one member": (
        "a.docx",
        lambda: proben.ersetzt(proben.docx(), b"word/document.xml", b"word/dokument.xml", nur=-1),
        "beschaedigt",
    ),
    "data of no member": ("a.docx", proben.mit_luecke, "beschaedigt"),
    "packed in an unknown way": (
        "a.docx",
        lambda: proben.docx_mit_rohem("x", b"x", groesse=1, packung=12),
        "beschaedigt",
    ),
    "name of no charset": (
        "a.docx",
        lambda: proben.docx({"ü": b"x"}).replace("ü".encode(), b"\xff\xff"),
        "beschaedigt",
    ),
    "overlapping members": ("a.docx", proben.ueberlappend, "beschaedigt"),
    "too many members": (
        "a.docx",
        lambda: proben.docx({f"word/{nummer}.xml": "" for nummer in range(5001)}),
        "bombe",
    ),
    "wrong checksum": (
        "a.docx",
        lambda: proben.docx_mit_rohem("word/x.bin", b"\x03\x00", groesse=0, pruefzahl=1),
        "beschaedigt",
    ),
    "member that is no deflate": ("a.docx", lambda: proben.docx_mit_rohem("x", b"\xff\xff", groesse=2), "beschaedigt"),
    "two members of one name": (
        "a.docx",
        lambda: proben.docx_mit_rohem("WORD/document.xml", b"\x03\x00", groesse=0),
        "beschaedigt",
    ),
    "path upwards": ("a.docx", lambda: proben.docx({"word/../../../etc/passwd": "x"}), "pfad"),
    "absolute path": ("a.docx", lambda: proben.docx({"/etc/passwd": "x"}), "pfad"),
    "path of Windows": ("a.docx", lambda: proben.docx_mit_rohem(r"word\..\x", b"\x03\x00", groesse=0), "pfad"),
    "drive letter": ("a.docx", lambda: proben.docx({"C:/x": "x"}), "pfad"),
    "symbolic link": ("a.docx", proben.mit_verweis, "verknuepfung"),
    "encrypted member": ("a.docx", lambda: proben.mit_merkmal(proben.docx(), 1), "verschluesselt"),
    "data in front of the archive": ("a.docx", lambda: b"MZ" + proben.docx(), "inhalt_passt_nicht"),
    "data behind the archive": ("a.docx", lambda: proben.docx() + b"<script>", "beschaedigt"),
    "truncated archive": ("a.docx", lambda: proben.docx()[:-30], "beschaedigt"),
    "archive of nothing but a head": ("a.docx", lambda: b"PK\x03\x04", "beschaedigt"),
    "plain zip": ("a.docx", lambda: proben.archiv({"a.txt": "x"}), "zip_archiv"),
    "zip in a document": ("a.docx", lambda: proben.docx({"word/x.bin": proben.archiv({"a": "x"})}), "eingebettet"),
    # office documents
    "macros of Word": ("a.docx", lambda: proben.docx({"word/vbaProject.bin": proben.OLE}), "makros"),
    "macros under another name": ("a.docx", lambda: proben.docx({"word/media/bild.png": proben.OLE}), "eingebettet"),
    "document with macros renamed": (
        "a.docx",
        lambda: proben.docx(
            {"[Content_Types].xml": proben.typen(("/d", "application/vnd.ms-word.document.macroEnabled.main+xml"))}
        ),
        "makros",
    ),
    "macro sheet of Excel 4": ("a.docx", lambda: proben.docx({"xl/macrosheets/sheet1.xml": "<x/>"}), "makros"),
    "OLE object": ("a.docx", lambda: proben.docx({"word/embeddings/oleObject1.bin": b"x"}), "eingebettet"),
    "OLE object by relationship": (
        "a.docx",
        lambda: proben.docx_mit_bezug("oleObject", "media/x.dat", aussen=False),
        "eingebettet",
    ),
    "table with macros behind a chart": (
        "a.pptx",
        lambda: proben.pptx({"ppt/embeddings/T.xlsx": proben.docx({"xl/vbaProject.bin": b"x"})}),
        "makros",
    ),
    "text behind a chart": ("a.pptx", lambda: proben.pptx({"ppt/embeddings/T.xlsx": proben.docx()}), "eingebettet"),
    "ActiveX": ("a.docx", lambda: proben.docx({"word/activeX/activeX1.xml": "<x/>"}), "eingebettet"),
    "foreign part": (
        "a.docx",
        lambda: proben.docx_mit_bezug("aFChunk", "x.mht", aussen=False),
        "eingebettet",
    ),
    "template from the net": (
        "a.docx",
        lambda: proben.docx_mit_bezug("attachedTemplate", "https://boese.example/x.dotm"),
        "nachladen",
    ),
    "template from a share": (
        "a.docx",
        lambda: proben.docx_mit_bezug("attachedTemplate", r"\\boese.example\x\y.dotm"),
        "nachladen",
    ),
    "net picture": (
        "a.docx",
        lambda: proben.docx_mit_bezug("image", "https://boese.example/1.png"),
        "nachladen",
    ),
    "link that starts a program": (
        "a.docx",
        lambda: proben.docx_mit_bezug("hyperlink", "ms-msdt:/id PCWDiagnostic"),
        "nachladen",
    ),
    "field that starts a program": (
        "a.docx",
        lambda: proben.archiv(proben.docx_teile(r"<w:instrText>DDEAUTO c:\\cmd.exe</w:instrText>")),
        "nachladen",
    ),
    "table that starts a program": (
        "a.docx",
        lambda: proben.docx({"xl/externalLinks/externalLink1.xml": '<ddeLink ddeService="cmd"/>'}),
        "nachladen",
    ),
    "entities": (
        "a.docx",
        lambda: proben.docx({"word/styles.xml": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'}),
        "ungewoehnlich",
    ),
    "entities in the relationships": (
        "a.docx",
        lambda: proben.docx({"_rels/.rels": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}),
        "ungewoehnlich",
    ),
    "relationships that are no XML": ("a.docx", lambda: proben.docx({"_rels/.rels": "<x"}), "beschaedigt"),
    "part in UTF-16": ("a.docx", lambda: proben.docx({"word/x.xml": "<x/>".encode("utf-16")}), "ungewoehnlich"),
    "part in UTF-7": (
        "a.docx",
        lambda: proben.docx({"word/x.xml": '<?xml version="1.0" encoding="UTF-7"?><x/>'}),
        "ungewoehnlich",
    ),
    "document of no kind": ("a.docx", lambda: proben.docx({"[Content_Types].xml": proben.typen()}), "beschaedigt"),
    "Excel called Word": ("a.docx", proben.xlsx, "inhalt_passt_nicht"),
    "encrypted by Office": ("a.docx", lambda: proben.OLE, "altes_format"),
    "macros of LibreOffice": ("a.odt", lambda: proben.odf(weitere={"Basic/Standard/Modul.xml": "<x/>"}), "makros"),
    "script of LibreOffice": ("a.odt", lambda: proben.odf(weitere={"Scripts/python/x.py": "x"}), "makros"),
    "event of LibreOffice": ("a.odt", lambda: proben.odf(inhalt=LISTENER), "makros"),
    "link to a macro": ("a.odt", lambda: proben.odf(inhalt='<a href="vnd.sun.star.script:x.py$f"/>'), "makros"),
    "click to start": (
        "a.odp",
        lambda: proben.odf("presentation", inhalt='<e p:action="execute"/>'),
        "makros",
    ),
    "OLE object of LibreOffice": ("a.odt", lambda: proben.odf(inhalt="<draw:object-ole/>"), "eingebettet"),
    "frame of LibreOffice": ("a.odt", lambda: proben.odf(inhalt="<q:floating-frame />"), "eingebettet"),
    "picture of LibreOffice from the net": (
        "a.odt",
        lambda: proben.odf(inhalt='<draw:image a="b" xlink:href="https://boese.example/1.png"/>'),
        "nachladen",
    ),
    "foreign table of LibreOffice": (
        "a.ods",
        lambda: proben.odf("spreadsheet", inhalt="<o:dde-source/>"),
        "nachladen",
    ),
    "encrypted by LibreOffice": (
        "a.odt",
        lambda: proben.odf(weitere={"META-INF/manifest.xml": "<m><m:encryption-data/></m>"}),
        "verschluesselt",
    ),
    "OpenDocument of another kind": ("a.odt", lambda: proben.odf("database"), "beschaedigt"),
    "OpenDocument with its kind at the end": (
        "a.odt",
        lambda: proben.archiv({"content.xml": "<x/>", "mimetype": Dateiart.ODT.value.inhaltstyp}),
        "beschaedigt",
    ),
}
