"""The gate for uploads: good files of every kind come in, with a clean name, through the form, into the store."""

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from pytest_django import Settings

from ikz_portal.basis import ablage, pdf
from ikz_portal.basis.schleuse import BILDER, DOKUMENTE, Abgewiesen, Dateiart, DateiFeld, Geprueft, dateiname, pruefen
from tests.basis import proben

MB = 1 << 20
VERSCHLUESSELT = (
    "Die Datei ist mit einem Passwort verschlüsselt oder in einem alten Office-Format gespeichert. "
    "Bitte speichern Sie sie ohne Passwort im heutigen Format (docx, xlsx, pptx)."
)
ALLE = frozenset(Dateiart)


def durch_die_schleuse(name: str, inhalt: bytes, *, erlaubt=ALLE, hoechstens: int = 50 * MB) -> Geprueft:
    return pruefen(proben.hochgeladen(name, inhalt), erlaubt=erlaubt, hoechstens=hoechstens)


# --- what comes in ----------------------------------------------------------------------------------------------------

GUT = {
    "pdf by hand": ("Protokoll.pdf", proben.pdf, "application/pdf"),
    "pdf of pypdf": ("Protokoll.pdf", proben.pdf_von_pypdf, "application/pdf"),
    "pdf with packed objects": (
        "Protokoll.pdf",
        lambda: proben.pdf(proben.objektstrom(b"<< /Title (Hallo) >>")),
        "application/pdf",
    ),
    "pdf with strings in a dictionary": (
        "Protokoll.pdf",
        lambda: proben.pdf(proben.strom(6, b"x", b"/L (a \\) (b) obj) /H <AB 01> % Anmerkung\n")),
        "application/pdf",
    ),
    "pdf with plain objects": (
        "Protokoll.pdf",
        lambda: proben.pdf(proben.strom(5, b"8 0 << /T (x) >>", b"/Type /ObjStm /N 1 /First 4")),
        "application/pdf",
    ),
    "jpeg with a stray mark": (
        "Foto.jpg",
        lambda: proben.bild("JPEG").replace(b"\xff\xdb", b"\xff\x01\xff\xdb", 1),
        "image/jpeg",
    ),
    "pdf with outlines": (
        "Protokoll.pdf",
        lambda: proben.pdf(b"6 0 obj << /First 7 0 R /Last 7 0 R >> endobj\n", katalog=b"/OpenAction [3 0 R /Fit]"),
        "application/pdf",
    ),
    "jpeg": ("Foto.JPG", lambda: proben.bild("JPEG"), "image/jpeg"),
    "progressive jpeg": ("Foto.jpeg", lambda: proben.bild("JPEG", progressive=True), "image/jpeg"),
    "jpeg with a preview behind it": (
        "Foto.jpg",
        lambda: proben.bild("JPEG") + bytes(7) + proben.bild("JPEG"),
        "image/jpeg",
    ),
    "png": ("Bild.png", lambda: proben.bild("PNG"), "image/png"),
    "docx": ("Brief.docx", proben.docx, Dateiart.DOCX.value.inhaltstyp),
    "docx written as a stream": ("Brief.docx", proben.gestroemt, Dateiart.DOCX.value.inhaltstyp),
    "docx with a link": (
        "Brief.docx",
        lambda: proben.docx_mit_bezug("hyperlink", "mailto:a@ikz.example"),
        Dateiart.DOCX.value.inhaltstyp,
    ),
    "docx from a template of the own disk": (
        "Brief.docx",
        lambda: proben.docx_mit_bezug("attachedTemplate", "file:///C:/Vorlagen/Brief.dotx"),
        Dateiart.DOCX.value.inhaltstyp,
    ),
    "docx that speaks of DDE": (
        "Brief.docx",
        lambda: proben.archiv(proben.docx_teile("DDEAUTO ist eine alte Schnittstelle")),
        Dateiart.DOCX.value.inhaltstyp,
    ),
    "xlsx with a chart": ("Kosten.xlsx", proben.xlsx, Dateiart.XLSX.value.inhaltstyp),
    "pptx": ("Vortrag.pptx", proben.pptx, Dateiart.PPTX.value.inhaltstyp),
    "pptx with the table of a chart": (
        "Vortrag.pptx",
        lambda: proben.pptx({"ppt/embeddings/Tabelle1.xlsx": proben.xlsx()}),
        Dateiart.PPTX.value.inhaltstyp,
    ),
    "odt": ("Brief.odt", lambda: proben.odf("text"), Dateiart.ODT.value.inhaltstyp),
    "ods": ("Kosten.ods", lambda: proben.odf("spreadsheet"), Dateiart.ODS.value.inhaltstyp),
    "odp": ("Vortrag.odp", lambda: proben.odf("presentation"), Dateiart.ODP.value.inhaltstyp),
    "odt with a picture of its own and a link": (
        "Brief.odt",
        lambda: proben.odf(inhalt='<d:image x:href="Pictures/1.png"/><t:a x:href="https://gemeinde.example">da</t:a>'),
        Dateiart.ODT.value.inhaltstyp,
    ),
    "csv": ("Liste.csv", "Ort;Fläche\nMusterstadt;20,5\n".encode, "text/csv; charset=utf-8"),
    "csv of Windows": ("Liste.csv", lambda: "Ort;Fläche\r\n".encode("cp1252"), "text/csv; charset=windows-1252"),
    "csv with a list and a bar": ("Liste.csv", lambda: b"a;- Amt | Ort\n", "text/csv; charset=utf-8"),
    "txt": ("Notiz.txt", "Grüße, a < b".encode, "text/plain; charset=utf-8"),
    # What a virus scanner looks for is text to the gate, and harmless as such.
    "txt with a scanner's test": ("eicar.txt", lambda: proben.EICAR, "text/plain; charset=utf-8"),
}


@pytest.mark.parametrize("probe", GUT)
def test_good_file_comes_in_with_its_facts(probe: str) -> None:
    name, machen, inhaltstyp = GUT[probe]
    inhalt = machen()

    geprueft = durch_die_schleuse(name, inhalt)

    assert (geprueft.groesse, geprueft.pruefsumme) == (len(inhalt), hashlib.sha256(inhalt).hexdigest())
    assert geprueft.inhaltstyp == inhaltstyp
    assert geprueft.name.lower() == name.lower()


def test_report_of_the_portal_itself_comes_in() -> None:
    bericht = pdf.html_zu_pdf('<html lang="de"><head><title>Bericht</title></head><body><h1>Bericht</h1></body></html>')

    assert durch_die_schleuse("Bericht.pdf", bericht).art is Dateiart.PDF


def test_file_on_disk_is_read_where_it_lies() -> None:
    datei = TemporaryUploadedFile("Protokoll.pdf", "application/pdf", 0, None)
    datei.write(proben.pdf())
    datei.size = len(proben.pdf())

    geprueft = pruefen(datei, erlaubt=ALLE, hoechstens=MB)

    assert geprueft.pruefsumme == hashlib.sha256(proben.pdf()).hexdigest()
    assert geprueft.datei.read() == proben.pdf()
    datei.close()


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roh", "name"),
    [
        ("Protokoll.pdf", "Protokoll.pdf"),
        ("Protokoll v1.2.PDF", "Protokoll v1.2.pdf"),
        ("Bericht.docx.pdf", "Bericht.docx.pdf"),
        ("C:\\Users\\jemand\\Protokoll.pdf", "Protokoll.pdf"),
        ("../../etc/Protokoll.pdf", "Protokoll.pdf"),
        ("Gro\u0308ße.pdf", "Größe.pdf"),
        ("a\x00b\r\nc\t\u202ed\u200be\ufeff.pdf", "ab c de.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("  Protokoll  vom   Mai .pdf", "Protokoll vom Mai.pdf"),
        ("--rm.pdf", "rm.pdf"),
        (".pdf.pdf", "pdf.pdf"),
        ("CON.pdf", "Datei CON.pdf"),
        ("com1.alt.pdf", "Datei com1.alt.pdf"),
        ("Konrad.pdf", "Konrad.pdf"),
        ("ä" * 300 + ".pdf", "ä" * 116 + ".pdf"),
    ],
)
def test_name_is_cleaned(roh: str, name: str) -> None:
    assert dateiname.gesaeubert(roh) == (name, "pdf")


# --- limits -----------------------------------------------------------------------------------------------------------


def test_larger_than_allowed_says_how_large() -> None:
    with pytest.raises(Abgewiesen) as abgewiesen:
        durch_die_schleuse("a.txt", b"x" * (MB + 1), hoechstens=MB)

    assert abgewiesen.value.messages == [
        "Die Datei ist größer als 1 MB. Bitte verkleinern Sie sie, zum Beispiel ihre Bilder."
    ]
    assert durch_die_schleuse("a.txt", b"x" * MB, hoechstens=MB).groesse == MB


def test_kind_that_is_not_asked_for_names_those_that_are() -> None:
    with pytest.raises(Abgewiesen) as abgewiesen:
        durch_die_schleuse("a.txt", b"x", erlaubt={Dateiart.PNG, Dateiart.PDF})

    assert abgewiesen.value.messages == [
        "Dateien mit der Endung „.txt“ werden hier nicht angenommen. Möglich sind: PDF, PNG."
    ]


@pytest.mark.parametrize("angegeben", [None, 4000], ids=["said", "lied about"])
def test_bomb_costs_no_memory(angegeben: int | None) -> None:
    bombe = proben.hochgeladen("a.docx", proben.zip_bombe(angegeben=angegeben))
    tracemalloc.start()

    with pytest.raises(Abgewiesen):
        pruefen(bombe, erlaubt=ALLE, hoechstens=50 * MB)

    _, hoechststand = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert hoechststand < 2 * MB


# --- the field of a form, the store -----------------------------------------------------------------------------------


class Formular(forms.Form):
    anlage = DateiFeld(erlaubt=DOKUMENTE, required=False)
    pflicht = DateiFeld(erlaubt=BILDER, hoechstens=2 * MB)


def formular(**dateien: tuple[str, bytes]) -> Formular:
    return Formular({}, {feld: proben.hochgeladen(*datei) for feld, datei in dateien.items()})


def test_field_returns_what_the_gate_found() -> None:
    ausgefuellt = formular(pflicht=("Foto.jpg", proben.bild("JPEG")))

    assert ausgefuellt.is_valid()
    assert ausgefuellt.cleaned_data["anlage"] is None
    assert ausgefuellt.cleaned_data["pflicht"].art is Dateiart.JPEG


def test_field_shows_the_sentence_of_the_refusal() -> None:
    ausgefuellt = formular(anlage=("Brief.docx", proben.OLE), pflicht=("Foto.jpg", b""))

    assert ausgefuellt.errors == {
        "anlage": [VERSCHLUESSELT],
        "pflicht": ["Die Datei ist leer. Bitte wählen Sie eine andere."],
    }


def test_field_that_is_left_out_asks_for_a_file() -> None:
    assert formular().errors == {"pflicht": ["Bitte wählen Sie eine Datei aus."]}


def test_field_says_beforehand_what_it_takes(settings: Settings) -> None:
    feld = Formular().fields["pflicht"]

    assert feld.help_text == "JPEG, PNG; höchstens 2 MB"
    assert feld.widget.attrs["accept"] == ".jpg,.jpeg,.png"
    assert DateiFeld(erlaubt=BILDER, hoechstens=99 * MB).hoechstens == settings.DATEI_HOECHSTENS == 50 * MB


@pytest.mark.django_db
def test_file_is_kept_under_its_checksum_outside_of_what_is_served(settings: Settings, client: Client) -> None:
    geprueft = durch_die_schleuse("../Protokoll vom Mai.pdf", proben.pdf())

    fassung = ablage.aufnehmen(titel="Protokoll", geprueft=geprueft, durch=None)

    assert fassung.datei.name == f"{geprueft.pruefsumme[:2]}/{geprueft.pruefsumme}"
    assert (fassung.dateiname, fassung.inhaltstyp) == ("Protokoll vom Mai.pdf", "application/pdf")
    assert ablage.unversehrt(fassung)
    assert Path(fassung.datei.path).stat().st_mode & 0o777 == 0o640
    assert settings.MEDIA_URL in {"", "/"}
    for adresse in (f"/{fassung.datei.name}", f"/dateien/{fassung.datei.name}", f"/static/{fassung.datei.name}"):
        assert client.get(adresse).status_code == 404
