"""HTML to PDF: one file that is PDF/A-2a and PDF/UA-1, made from nothing but the given HTML and the portal's own files.

WeasyPrint does the layout and the tags. What it leaves open, `_vollenden` adds right before the file is written: the
PDF/UA mark, the scope of header cells, and running heads and decorative figures as artifacts.
"""

import warnings
from collections.abc import Iterator
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import fontpkg_fira_sans
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation

STATISCH = "ikz-static:"
SCHRIFT = "ikz-schrift:"
OHNE_BASIS = "about:blank"  # relative addresses reach the fetcher as they are, and are refused
SCHRIFTEN = {
    "FiraSans-Regular.ttf": (400, "normal"),
    "FiraSans-Italic.ttf": (400, "italic"),
    "FiraSans-Medium.ttf": (500, "normal"),
    "FiraSans-SemiBold.ttf": (600, "normal"),
    "FiraSans-Bold.ttf": (700, "normal"),
}

# PDF/A-2 knows no PDF/UA mark, so the file has to describe that schema along with using it (ISO 19005-2, 6.6.2.3).
PDFUA_MARKE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class QuelleVerweigert(Exception):
    """The HTML wants something that is neither a data: URI nor one of the portal's own files; no PDF is made."""


def html_zu_pdf(html: str) -> bytes:
    """Return the PDF; the same HTML gives the same bytes as long as the installed packages stay the same.

    The HTML needs lang, a title, h1 first, no skipped heading level, and an alternative text on every image that means
    something (a title as first child of an SVG); a figure without one counts as decoration. Own files are named
    ikz-static:css/pdf.css. Anything else raises QuelleVerweigert.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError

        holer = _holer()
        schriften = FontConfiguration()
        try:
            blatt = CSS(string=_schriftregeln(), url_fetcher=holer, font_config=schriften)
            inhalt = HTML(string=html, base_url=OHNE_BASIS, url_fetcher=holer).write_pdf(
                finisher=_vollenden, font_config=schriften, stylesheets=[blatt], pdf_variant="pdf/a-2a"
            )
        except FatalURLFetchingError as fehler:
            raise QuelleVerweigert(str(fehler)) from fehler
        if holer.verweigert:
            raise QuelleVerweigert(holer.verweigert[0])
    return bytes(inhalt)


# --- what may be read -------------------------------------------------------------------------------------------------


def _holer() -> Any:
    """Return WeasyPrint's fetcher, a class of its own only here because WeasyPrint is imported late."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Holer(URLFetcher):  # type: ignore[misc, unused-ignore]  # WeasyPrint comes without types
        """Reads data: URIs and own files.

        WeasyPrint swallows every error but a fatal one, and inside of an SVG that one too: so refusals are also kept.
        """

        def __init__(self) -> None:
            super().__init__(allowed_protocols=["data"], allow_redirects=False)
            self.verweigert: list[str] = []

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            try:
                pfad = eigene_datei(url)
            except QuelleVerweigert as fehler:
                self.verweigert.append(str(fehler))
                raise FatalURLFetchingError(str(fehler)) from fehler
            typ = guess_type(pfad.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, pfad.read_bytes(), {"Content-Type": typ})

    return Holer()


def eigene_datei(url: str) -> Path:
    """Return the file behind ikz-static: or ikz-schrift:, or raise QuelleVerweigert."""
    if url.startswith(SCHRIFT) and (name := url.removeprefix(SCHRIFT)) in SCHRIFTEN:
        return Path(fontpkg_fira_sans.ROOT) / "files" / name
    if not url.startswith(STATISCH):
        raise QuelleVerweigert(f"Quelle nicht erlaubt: {url[:200]} (erlaubt sind data: und {STATISCH})")
    try:
        fund = finders.find(unquote(url.removeprefix(STATISCH)))
    except (SuspiciousFileOperation, ValueError) as fehler:
        raise QuelleVerweigert(f"Quelle nicht erlaubt: {url[:200]} liegt außerhalb der eigenen Dateien") from fehler
    if not isinstance(fund, str) or not Path(fund).is_file():
        raise QuelleVerweigert(f"Eigene Datei nicht gefunden: {url[:200]}")
    return Path(fund)


def _schriftregeln() -> str:
    return "".join(
        f'@font-face{{font-family:"Fira Sans";font-weight:{gewicht};font-style:{lage};src:url({SCHRIFT}{name})}}'
        for name, (gewicht, lage) in SCHRIFTEN.items()
    )


# --- what WeasyPrint leaves open --------------------------------------------------------------------------------------


def _vollenden(document: Any, pdf: Any) -> None:
    """Complete the tags; WeasyPrint calls this after the file is built and before it is written."""
    elemente = [o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/StructElem"]
    _kopfzellen_ausrichten(pdf, elemente)
    _schmuck_loesen(pdf, elemente)
    _artefakte_zeichnen(pdf, len(document.pages))
    _marke_setzen(pdf)


def _objekt(pdf: Any, verweis: bytes) -> Any:
    return pdf.objects[int(verweis.split()[0])]


def _kopfzellen_ausrichten(pdf: Any, elemente: list[Any]) -> None:
    """A header cell in a THead rules its column, any other one its row."""
    for zelle in elemente:
        if zelle["S"] == "/TH" and "A" in zelle:
            gruppe = _objekt(pdf, _objekt(pdf, zelle["P"])["P"])
            zelle["A"]["Scope"] = "/Column" if gruppe["S"] == "/THead" else "/Row"


def _schmuck_loesen(pdf: Any, elemente: list[Any]) -> None:
    """Take figures without an alternative text out of the tree: they stand beside a word that says the same."""
    for bild in elemente:
        if bild["S"] == "/Figure" and "Alt" not in bild:
            _objekt(pdf, bild["P"])["K"].remove(bild.reference)


def _artefakte_zeichnen(pdf: Any, seiten: int) -> None:
    """Mark as artifact what no branch of the tree holds: running heads, feet and decoration."""
    wurzel = _objekt(pdf, pdf.catalog["StructTreeRoot"])
    erreicht = {wurzel.reference, *_nachkommen(pdf, wurzel)}
    zuordnung = _objekt(pdf, wurzel["ParentTree"])["Nums"]
    for seite in range(seiten):
        eintraege = zuordnung[2 * seite + 1]
        lose = {stelle for stelle, verweis in enumerate(eintraege) if verweis not in erreicht}
        for stelle in lose:
            eintraege[stelle] = "null"
        strom = _objekt(pdf, _objekt(pdf, pdf.page_references[seite])["Contents"])
        strom.stream = list(_ohne_marken(strom.stream, lose))


def _nachkommen(pdf: Any, element: Any) -> Iterator[bytes]:
    for kind in element.get("K", ()):
        if isinstance(kind, bytes):
            yield kind
            yield from _nachkommen(pdf, _objekt(pdf, kind))


def _ohne_marken(strom: list[Any], lose: set[int]) -> Iterator[Any]:
    """Yield the page's operators, `/Span <</MCID n>> BDC` turned into `/Artifact BMC` for the loose numbers."""
    stelle = 0
    while stelle < len(strom):
        dreier = strom[stelle : stelle + 3]
        if len(dreier) == 3 and dreier[2] == b"BDC" and dreier[1].get("MCID") in lose:
            yield from ("/Artifact", b"BMC")
            stelle += 3
        else:
            yield strom[stelle]
            stelle += 1


def _marke_setzen(pdf: Any) -> None:
    metadaten = _objekt(pdf, pdf.catalog["Metadata"])
    metadaten.compress = False  # so that an archive can read it without knowing PDF
    metadaten.stream = [teil.replace(b"</rdf:RDF>", PDFUA_MARKE + b"</rdf:RDF>") for teil in metadaten.stream]
