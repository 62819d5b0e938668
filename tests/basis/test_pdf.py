import io
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import page
import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from ikz_portal.basis.diagramme import Kachel, PlanZeile, ablaufplan, kachelkarte
from ikz_portal.basis.pdf import QuelleVerweigert, eigene_datei, html_zu_pdf

WURZEL = Path(__file__).resolve().parents[2]
SYMBOL = '<svg viewBox="0 0 10 10"><circle cx="5" cy="5" r="4" fill="#1f6fb5"/></svg>'
TEXTE = {"titel": "Plan", "beschreibung": "Die Meilensteine als Diagramm."}


def bericht(inhalt: str = "", **weiter: object) -> str:
    """Return a whole report in the portal's template, with the given HTML in its body."""
    kontext = {
        "titel": "Jahresbericht für Büttelborn",
        "verbund": "IKZ-Verbund Groß-Gerau",
        "stand": "19. Mai 2026",
        "verzeichnis": [SimpleNamespace(anker="k1", titel="Überblick", stufe=2)],
    }
    return render_to_string("pdf/basis.html", kontext | weiter).replace("<main>", f"<main>{inhalt}")


def kapitel() -> str:
    plan = ablaufplan(
        [PlanZeile("Straße", date(2026, 5, 1), ueberfaellig=True)], kennung="p", heute=date(2026, 5, 19), **TEXTE
    )
    karte = kachelkarte([Kachel(0, 0, "GG", "Groß-Gerau", "3", 2, "/gg/")], kennung="k", **TEXTE)
    zeilen = "".join(f'<tr><th scope="row">Zeile {i}</th><td class="zahl">{i}</td></tr>' for i in range(60))
    return (
        f'<section class="kapitel"><h2 id="k1">Überblick</h2><p>Größe, Maß und <a href="https://ikz.example/">Ziel</a>.</p>'
        f'<p><span class="marke marke-blau">{SYMBOL}in Bearbeitung</span></p>'
        f'<div class="beispiel"><p>Erfunden.</p></div><figure>{karte}<figcaption>Karte</figcaption></figure>'
        f'<table><caption>Werte</caption><thead><tr><th scope="col">Name</th><th scope="col">Wert</th></tr></thead>'
        f"<tbody>{zeilen}</tbody></table></section>"
        f'<section class="quer"><h3>Ablauf</h3>{plan}</section><section><h3>Danach</h3><p>Hochkant.</p></section>'
    )


@pytest.fixture(scope="module")
def datei() -> bytes:
    return html_zu_pdf(bericht(kapitel()))


@pytest.fixture(scope="module")
def seiten(datei: bytes) -> list[str]:
    return [seite.extract_text() for seite in PdfReader(io.BytesIO(datei)).pages]


@pytest.mark.parametrize("profil", ["ua1", "2a"])
def test_bericht_haelt_pdfua_und_pdfa(datei: bytes, profil: str) -> None:
    ergebnis = page.validate_pdf_bytes(datei, profile=profil)

    assert [(mangel.rule_id, mangel.message) for mangel in ergebnis.failures] == []


def test_bericht_hat_laufende_koepfe_nur_hinter_der_titelseite(seiten: list[str]) -> None:
    anzahl = len(seiten)

    assert "Jahresbericht für Büttelborn" in seiten[0]
    assert "Seite" not in seiten[0]
    for nummer, seite in enumerate(seiten[1:], start=2):
        assert f"Seite {nummer} von {anzahl}" in seite
        assert "IKZ-Verbund Groß-Gerau" in seite
        assert "Stand 19. Mai 2026" in seite


def test_kurzes_dokument_zaehlt_ab_der_ersten_seite() -> None:
    html = '<html lang="de"><head><title>Kurz</title><link rel="stylesheet" href="ikz-static:css/pdf.css"></head>'

    datei = html_zu_pdf(
        f'{html}<body data-titel="Kurz" data-verbund="V" data-stand="Stand heute"><h1>Äöüß</h1></body></html>'
    )

    text = PdfReader(io.BytesIO(datei)).pages[0].extract_text()
    assert "Seite 1 von 1" in text
    assert "Äöüß" in text


def test_verzeichnis_nennt_die_seite(seiten: list[str]) -> None:
    assert re.search(r"Überblick[ .]+ 3\n", seiten[1])
    assert "Größe, Maß und Ziel" in seiten[2]


def test_tabelle_wiederholt_ihren_kopf(seiten: list[str]) -> None:
    assert "Zeile 59" in seiten[4]
    assert "Name Wert" in seiten[4]


def test_nur_der_plan_liegt_quer(datei: bytes) -> None:
    masse = [
        (float(seite.mediabox.width), float(seite.mediabox.height)) for seite in PdfReader(io.BytesIO(datei)).pages
    ]

    assert [breite > hoehe for breite, hoehe in masse] == [False] * (len(masse) - 2) + [True, False]


def test_lesezeichen_nennen_kapitel(datei: bytes) -> None:
    oben = [eintrag.title for eintrag in PdfReader(io.BytesIO(datei)).outline if not isinstance(eintrag, list)]

    assert oben == ["Inhalt", "Überblick"]


def test_schrift_ist_fira_sans(datei: bytes) -> None:
    schriften = {
        str(schrift.get_object()["/BaseFont"])
        for seite in PdfReader(io.BytesIO(datei)).pages
        for schrift in seite["/Resources"]["/Font"].values()
    }

    assert schriften
    assert [name for name in schriften if "Fira" not in name] == []


def test_kopfzellen_haben_richtung_und_schmuck_ist_artefakt(datei: bytes) -> None:
    leser = PdfReader(io.BytesIO(datei))
    elemente = list(_elemente(leser.root_object["/StructTreeRoot"]["/K"][0].get_object()))

    richtungen = {element["/A"]["/Scope"] for element in elemente if element["/S"] == "/TH" and "/A" in element}
    figuren = [element["/Alt"] for element in elemente if element["/S"] == "/Figure"]
    assert richtungen == {"/Row", "/Column"}
    assert figuren == ["Plan", "Plan"]
    assert b"/Artifact" in leser.pages[2].get_contents().get_data()


def test_gleiches_html_gibt_gleiche_bytes(datei: bytes) -> None:
    assert html_zu_pdf(bericht(kapitel())) == datei


def test_anderer_prozess_gibt_gleiche_bytes(datei: bytes, tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text(bericht(kapitel()), encoding="utf-8")
    programm = (
        "import sys, pathlib, django; from django.conf import settings;"
        f"settings.configure(STATICFILES_DIRS=[{str(WURZEL / 'static')!r}], STATIC_URL='s/'); django.setup();"
        "from ikz_portal.basis.pdf import html_zu_pdf;"
        "sys.stdout.buffer.write(html_zu_pdf(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8')))"
    )

    umgebung = os.environ | {"PYTHONHASHSEED": "7"}
    lauf = subprocess.run(
        [sys.executable, "-c", programm, tmp_path / "b.html"], cwd=WURZEL, env=umgebung, capture_output=True, check=True
    )

    assert lauf.stdout == datei
    assert lauf.stderr == b""


@pytest.mark.parametrize(
    "quelle",
    [
        "http://127.0.0.1:9/bild.png",
        "https://ikz.example/bild.png",
        "file:///etc/passwd",
        "/etc/passwd",
        "bild.png",
        "ftp://ikz.example/x",
        "ikz-static:../manage.py",
        "ikz-static:%2e%2e/manage.py",
        "ikz-static:/etc/passwd",
        "ikz-static:css",
        "ikz-static:css/fehlt.css",
        "ikz-schrift:../METADATA",
    ],
)
@pytest.mark.parametrize(
    "html", ['<img alt="x" src="{}">', '<link rel="stylesheet" href="{}">', "<style>p{{background:url({})}}</style>"]
)
def test_fremde_quelle_wird_verweigert(quelle: str, html: str) -> None:
    with pytest.raises(QuelleVerweigert, match=r"Quelle nicht erlaubt|Eigene Datei nicht gefunden"):
        html_zu_pdf(f'<html lang="de"><title>T</title><h1>T</h1><p>x</p>{html.format(quelle)}')


def test_fremde_quelle_im_svg_wird_verweigert() -> None:
    with pytest.raises(QuelleVerweigert):
        html_zu_pdf('<html lang="de"><svg viewBox="0 0 9 9"><title>T</title><image href="file:///etc/passwd"/></svg>')


def test_data_adresse_und_eigene_datei_werden_gelesen() -> None:
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

    assert html_zu_pdf(f'<html lang="de"><title>T</title><h1>T</h1><img alt="Punkt" src="{pixel}">').startswith(
        b"%PDF-1.7"
    )
    assert eigene_datei("ikz-static:css/pdf.css") == WURZEL / "static" / "css" / "pdf.css"


def test_pdf_css_versteht_weasyprint_ganz(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING", logger="weasyprint"):
        html_zu_pdf(bericht(kapitel()))

    assert [eintrag.getMessage() for eintrag in caplog.records if eintrag.name == "weasyprint"] == []


def _elemente(element: dict) -> list:
    kinder = element.get("/K", [])
    kinder = kinder if isinstance(kinder, list) else [kinder]
    gefunden = [element]
    for kind in (kind.get_object() for kind in kinder):
        if isinstance(kind, dict) and "/S" in kind:
            gefunden += _elemente(kind)
    return gefunden
