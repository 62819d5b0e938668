from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from ikz_portal.basis.formate import markdown

GEFAEHRLICH = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src='https://boese.example'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "<form action='https://boese.example'><input></form>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    "![x](https://boese.example/zaehler.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<javascript:alert(1)>",
    '[x](https://a.example "onmouseover=alert(1) \\"")',
    '[x](https://a.example"onclick="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "```html\n<script>alert(1)</script>\n```",
    "`<script>`",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
    "<a style='position:fixed' href='https://a.example'>x</a>",
    "a\x00<b>",
]


ERLAUBT = {"p", "a", "div", "code", "pre", "h2", "table", "thead", "tbody", "tr", "th", "td"}


class Leser(HTMLParser):
    """Collects what a browser would see as tags, attributes and addresses."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attribute, self.adressen = set(), set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attribute |= {name for name, _ in attrs}
        self.adressen += [wert for name, wert in attrs if name in {"href", "src"}]


@pytest.mark.parametrize("probe", GEFAEHRLICH)
def test_feindliches_wird_harmlos(probe):
    gelesen = Leser(markdown(probe))

    assert gelesen.tags <= ERLAUBT
    assert gelesen.attribute <= {"href", "rel", "title", "class", "role", "tabindex", "aria-label"}
    assert {urlsplit(adresse).scheme for adresse in gelesen.adressen} <= {"https", ""}


def test_rohes_html_steht_als_text_da():
    assert markdown("<b>fett</b>") == "<p>&lt;b&gt;fett&lt;/b&gt;</p>\n"


@pytest.mark.parametrize(
    ("text", "stufen"),
    [
        ("# A\n## B\n# C", ["h2", "h3", "h2"]),
        ("### A\n#### B", ["h2", "h3"]),
        ("# A\n#### B\n#### C", ["h2", "h3", "h3"]),
        ("## A\n# B", ["h2", "h2"]),
        ("# A\n## B\n### C\n#### D\n##### E\n###### F", ["h2", "h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_ueberschriften_beginnen_bei_h2_und_lassen_keine_stufe_aus(text, stufen):
    html = markdown(text)

    assert [zeile[1:3] for zeile in html.splitlines()] == stufen
    assert [zeile[-3:-1] for zeile in html.splitlines()] == stufen


def test_was_ein_beitrag_braucht_bleibt():
    html = markdown("**fett** *kursiv* [Link](https://ikz.example)\n\n| A |\n|---|\n| 1 |\n\n3. drei")

    assert html == (
        "<p><strong>fett</strong> <em>kursiv</em> "
        '<a href="https://ikz.example" rel="noopener noreferrer">Link</a></p>\n'
        '<div class="tabelle" role="region" tabindex="0" aria-label="Tabelle">'
        '<table class="table">\n<thead>\n<tr>\n<th>A</th>\n</tr>\n</thead>\n'
        "<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n"
        '</table></div>\n<ol start="3">\n<li>drei</li>\n</ol>\n'
    )


@pytest.mark.parametrize("leer", ["", None, "   "])
def test_nichts_gibt_nichts(leer):
    assert markdown(leer) == ""
