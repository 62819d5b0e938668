"""Hostile PDFs, images, texts and names, each with the code of its refusal: what it is → (name, content, code)."""

from pypdf.actions import JavaScript

from tests.basis import proben

MB = 1 << 20
AUTOSTART = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"

DATEIEN = {
    # PDF
    "script at the start": ("a.pdf", lambda: proben.pdf(katalog=b"/OpenAction " + AUTOSTART), "aktiv"),
    "script with an escaped name": (
        "a.pdf",
        lambda: proben.pdf(katalog=b"/OpenAction << /S /J#61vaScr#69pt /JS 7 0 R >>"),
        "aktiv",
    ),
    "script in packed objects": ("a.pdf", lambda: proben.pdf(proben.objektstrom(AUTOSTART)), "aktiv"),
    "script in objects with a kind written elsewhere": (
        "a.pdf",
        lambda: proben.pdf(proben.objektstrom(AUTOSTART, angaben=b"/Type 9 0 R /N 1 /First 4 /Filter/FlateDecode")),
        "aktiv",
    ),
    "script in objects across two blocks": (
        "a.pdf",
        lambda: proben.pdf(proben.objektstrom(b"<< /T (" + b"x" * (65536 - 15) + b") >>" + AUTOSTART)),
        "aktiv",
    ),
    "script of pypdf": ("a.pdf", lambda: proben.pdf_von_pypdf(add_open_action=[JavaScript("app.alert(1)")]), "aktiv"),
    "objects packed twice": (
        "a.pdf",
        lambda: proben.pdf(proben.objektstrom(b"", angaben=b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]")),
        "undurchsichtig",
    ),
    "objects packed as said elsewhere": (
        "a.pdf",
        lambda: proben.pdf(proben.objektstrom(b"", angaben=b"/Type /ObjStm /Filter 9 0 R")),
        "undurchsichtig",
    ),
    "objects packed with a predictor": (
        "a.pdf",
        lambda: proben.pdf(
            proben.objektstrom(b"", angaben=b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>")
        ),
        "undurchsichtig",
    ),
    "objects that hide behind a comment": (
        "a.pdf",
        lambda: proben.pdf(proben.objektstrom(b"", angaben=b"/Type /ObjStm /X % 1 0 obj\n<< /Length 5 >>")),
        "undurchsichtig",
    ),
    "objects that hide behind a string": (
        "a.pdf",
        lambda: proben.pdf(proben.objektstrom(b"", angaben=b"/Type /ObjStm /X (\n1 0 obj\n<< >>)")),
        "undurchsichtig",
    ),
    "stream behind two dictionaries": (
        "a.pdf",
        lambda: proben.pdf(b"5 0 obj << >> << /Length 1 >> stream\nx\nendstream\n"),
        "undurchsichtig",
    ),
    "stream behind crossed brackets": (
        "a.pdf",
        lambda: proben.pdf(proben.strom(5, b"x", b"/A [ << ] >>")),
        "undurchsichtig",
    ),
    "stream behind an open string": (
        "a.pdf",
        lambda: proben.pdf(proben.strom(5, b"x", b"/A (")),
        "undurchsichtig",
    ),
    "stream behind an open dictionary": (
        "a.pdf",
        lambda: proben.pdf(b"5 0 obj << /A\nstream\nx\nendstream\n"),
        "undurchsichtig",
    ),
    "stream behind words that look like an object": (
        "a.pdf",
        lambda: proben.pdf(b"obj " * 30 + b"<< >> stream\nx\nendstream\n"),
        "undurchsichtig",
    ),
    "endless dictionaries": (
        "a.pdf",
        lambda: proben.pdf(proben.strom(5, b"x", b"/A (" + b" null" * 6000 + b" )") * 150),
        "undurchsichtig",
    ),
    "objects cut off": ("a.pdf", proben.abgeschnittene_objekte, "beschaedigt"),
    "stream without an object": ("a.pdf", lambda: proben.pdf(b">> stream\nx\nendstream\n"), "undurchsichtig"),
    "objects that end early": (
        "a.pdf",
        lambda: proben.pdf(b"5 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + b"x\x9c\x03"),
        "beschaedigt",
    ),
    "objects that are not packed": (
        "a.pdf",
        lambda: proben.pdf(proben.strom(5, b"8 0 << >>", b"/Type /ObjStm /Filter /FlateDecode")),
        "beschaedigt",
    ),
    "bomb of packed objects": ("a.pdf", lambda: proben.pdf(proben.objektstrom(bytes(65 * MB))), "undurchsichtig"),
    "program started": ("a.pdf", lambda: proben.pdf(katalog=b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "aktiv"),
    "attachment": ("a.pdf", lambda: proben.pdf_von_pypdf(add_attachment=["x.txt", b"x"]), "aktiv"),
    "attachment without a kind": ("a.pdf", lambda: proben.pdf(b"7 0 obj << /EF << /F 8 0 R >> >> endobj\n"), "aktiv"),
    "form with XFA": ("a.pdf", lambda: proben.pdf(katalog=b"/AcroForm << /XFA [(t) 7 0 R] >>"), "aktiv"),
    "rich media": ("a.pdf", lambda: proben.pdf(b"7 0 obj << /Subtype /RichMedia >> endobj\n"), "aktiv"),
    "encrypted PDF": ("a.pdf", lambda: proben.pdf_von_pypdf(encrypt=["geheim"]), "verschluesselt"),
    "PDF and ZIP at once": ("a.pdf", lambda: proben.pdf(nachspann=proben.archiv({"a": "x"})), "mehrdeutig"),
    "PDF around a ZIP": (
        "a.pdf",
        lambda: proben.pdf() + proben.archiv({"a": "x"}) + b"%%EOF",
        "mehrdeutig",
    ),
    "PDF and page": (
        "a.pdf",
        lambda: proben.pdf(vorspann=b"%PDF-1.7\n%<script>los()</script>\n"),
        "mehrdeutig",
    ),
    "PDF that starts later": ("a.pdf", lambda: b"\n" + proben.pdf(), "inhalt_passt_nicht"),
    "PDF of no version": ("a.pdf", lambda: proben.pdf(vorspann=b"%PDF-x\n"), "beschaedigt"),
    "truncated PDF": ("a.pdf", lambda: proben.pdf()[:-20], "beschaedigt"),
    "EICAR called PDF": ("a.pdf", lambda: proben.EICAR, "inhalt_passt_nicht"),
    "program called PDF": ("a.pdf", lambda: b"MZ\x90\x00", "inhalt_passt_nicht"),
    # images
    "PNG with its head later": (
        "a.png",
        lambda: proben.bild("PNG")[:8] + proben.png_stueck(b"tEXt", b"a\0b") + proben.bild("PNG")[8:],
        "beschaedigt",
    ),
    "JPEG of countless marks": (
        "a.jpg",
        lambda: b"\xff\xd8" + b"\xff\x01" * 20_001 + proben.bild("JPEG")[2:],
        "beschaedigt",
    ),
    "JPEG of countless pictures": ("a.jpg", lambda: proben.bild("JPEG") * 21, "angehaengt"),
    "huge PNG": ("a.png", lambda: proben.png(50_000, 50_000), "zu_viele_bildpunkte"),
    "huge JPEG": ("a.jpg", proben.riesiges_jpeg, "zu_viele_bildpunkte"),
    "PNG without size": ("a.png", lambda: proben.png(0, 5), "beschaedigt"),
    "truncated PNG": ("a.png", lambda: proben.bild("PNG")[:-12], "beschaedigt"),
    "truncated JPEG": ("a.jpg", lambda: proben.bild("JPEG")[:-2], "beschaedigt"),
    "JPEG that breaks off": ("a.jpg", lambda: proben.bild("JPEG")[:40], "beschaedigt"),
    "JPEG of a head alone": ("a.jpg", lambda: b"\xff\xd8\xff\xd9", "beschaedigt"),
    "JPEG of a thousand passes": ("a.jpg", proben.viele_durchgaenge, "beschaedigt"),
    "PNG with a changed byte": ("a.png", lambda: proben.bild("PNG").replace(b"IDAT", b"IDAU", 1), "beschaedigt"),
    "PNG without a head": ("a.png", lambda: proben.png(5, 5).replace(b"IHDR", b"IHDX"), "beschaedigt"),
    "PNG of too many chunks": (
        "a.png",
        lambda: proben.png(5, 5, *[proben.png_stueck(b"tEXt", b"")] * 20_001),
        "beschaedigt",
    ),
    "PNG and ZIP at once": ("a.png", lambda: proben.bild("PNG") + proben.archiv({"a": "x"}), "angehaengt"),
    "JPEG and ZIP at once": ("a.jpg", lambda: proben.bild("JPEG") + proben.archiv({"a": "x"}), "angehaengt"),
    "PNG with a script": (
        "a.png",
        lambda: proben.png(5, 5, proben.png_stueck(b"tEXt", b"Comment\0<script>los()</script>")),
        "mehrdeutig",
    ),
    "JPEG with PHP": ("a.jpg", lambda: proben.bild("JPEG", comment=b"<?php system($_GET[0]); ?>"), "mehrdeutig"),
    "GIF and script at once": ("a.png", lambda: b"GIF89a/*" + bytes(9) + b"*/=1;alert(1)", "inhalt_passt_nicht"),
    "SVG called PNG": ("a.png", lambda: b'<svg onload="los()"/>', "inhalt_passt_nicht"),
    # text
    "page called text": ("a.txt", lambda: b"\xef\xbb\xbf \n<!DOCTYPE html><script>los()</script>", "webseite"),
    "SVG called CSV": ("a.csv", lambda: b'<?xml version="1.0"?><svg/>', "webseite"),
    "text with a null byte": ("a.txt", lambda: b"a\x00b", "kein_text"),
    "text in UTF-16": ("a.txt", lambda: "Guten Tag".encode("utf-16"), "kein_text"),
    "text of no charset": ("a.txt", lambda: b"\x81\x8d\xff", "zeichensatz"),
    "cell that starts a program": ("a.csv", lambda: b"a;=cmd|'/c calc'!A1\n", "programmaufruf"),
    "cell that hides a program": ("a.csv", lambda: b"\"@SUM(1+1)*cmd |'/c calc'!A1\"\n", "programmaufruf"),
    # names and kinds
    "SVG": ("a.svg", lambda: b"<svg/>", "art"),
    "page": ("a.html", lambda: b"<p>", "art"),
    "program": ("a.exe", lambda: b"MZ", "art"),
    "EICAR": ("eicar.com", lambda: proben.EICAR, "art"),
    "extension turned around": ("Rechnung\u202efdp.exe", proben.pdf, "art"),
    "two extensions": ("Rechnung.exe.pdf", proben.pdf, "doppelte_endung"),
    "two extensions with spaces": ("Rechnung.html   .pdf", proben.pdf, "doppelte_endung"),
    "nothing but an extension": ("....pdf", proben.pdf, "ohne_endung"),
    "no extension": ("Rechnung", proben.pdf, "ohne_endung"),
    "extension of dots": ("Rechnung.pdf...", lambda: b"MZ", "inhalt_passt_nicht"),
    "empty": ("a.pdf", lambda: b"", "leer"),
}
