"""The marks of the matrix: what one looks like, what it says, and the HTML of its cell.

A page holds some thousand cells. Their HTML is put together here, one string per row, because a component or a template
variable per cell would cost more than all the rest of the page; whatever comes out of the data is escaped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus
from ikz_portal.basis.formate import tag

# Marks as the survey prints them → id in symbole.svg; any other mark stands as text.
SYMBOLE = {"■": "quadrat", "□": "quadrat-leer", "●": "punkt", "⊕": "kreis-plus", "+": "plus"}
WORTE_JE_ZEICHEN = 220  # characters of the footnote that are shown where a mark is pointed at


@dataclass(frozen=True, slots=True)
class Teilnahme:
    """What a row of Beteiligung says of one Kommune in one Kooperation."""

    kooperation: int
    kommune: int
    status: str
    rolle: str
    vorgesehen_bis: date | None
    beispiel: bool

    @property
    def art(self) -> tuple[str, str, date | None, bool]:
        return self.status, self.rolle, self.vorgesehen_bis, self.beispiel


@dataclass(frozen=True, slots=True)
class Zeichen:
    """One mark: what is drawn, what it says of the Kommune, and the number of its footnote with its first words."""

    zeichen: str
    klasse: str
    fussnote: int
    kommune: str
    aussage: str
    bezeichnung: str
    worte: str
    beispiel: bool
    gezeichnet: SafeString | None = None  # its drawing, where that was made for all of its kind at once

    @property
    def bild(self) -> SafeString:
        return self.gezeichnet or bild(self.zeichen)

    @property
    def symbol(self) -> str:
        return SYMBOLE.get(self.zeichen, "")

    @property
    def ansage(self) -> str:
        return f"{self.kommune}: {self.aussage}"

    @property
    def titel(self) -> str:
        return f"{self.ansage} – {self.bezeichnung}"


def aussage(teilnahme: Teilnahme, *, unbestaetigt: str = "") -> str:
    """Return „vorgesehen bis 31.12.2013, federführend“: status, role if it is a special one, and what is to be said."""
    status = str(BeteiligungStatus(teilnahme.status).label)
    if teilnahme.vorgesehen_bis:
        status = f"{status} bis {tag(teilnahme.vorgesehen_bis)}"
    rolle = "" if teilnahme.rolle == BeteiligungRolle.BETEILIGT else str(BeteiligungRolle(teilnahme.rolle).label)
    return ", ".join(wort for wort in (status, rolle, unbestaetigt, "Beispiel" * teilnahme.beispiel) if wort)


def klasse(teilnahme: Teilnahme, *, veraltet: bool) -> str:
    merkmale = (
        (True, teilnahme.status),
        (teilnahme.rolle == BeteiligungRolle.FEDERFUEHREND, "federfuehrend"),
        (veraltet, "unbestaetigt"),
        (teilnahme.beispiel, "beispiel"),
    )
    return " ".join(f"zeichen-{name}" for gilt, name in merkmale if gilt)


def erste_worte(text: str) -> str:
    return str(Truncator(text).chars(WORTE_JE_ZEICHEN)) if len(text) > WORTE_JE_ZEICHEN else text


def bild(zeichen: str) -> SafeString:
    """Return the drawing of a mark, which says nothing to a screen reader: what it means stands beside it.

    Call it once per mark and page: finding a static file takes longer than all the rest of a cell.
    """
    if zeichen not in SYMBOLE:
        return format_html('<span aria-hidden="true">{}</span>', zeichen)
    datei, kennung = static("bilder/symbole.svg"), SYMBOLE[zeichen]
    return format_html('<svg class="symbol" aria-hidden="true"><use href="{}#{}"/></svg>', datei, kennung)


def zeile_html(pk: int, name: str, nummern: Iterable[int], zellen: Iterable[tuple[str, list[Zeichen]]]) -> SafeString:
    """Return a row: the Kooperationsfeld with the numbers of its footnotes, and a cell for every Kommune."""
    verweise = "".join(
        f'<sup><a href="#fussnote-{nummer}"><span class="visually-hidden">Fußnote </span>{nummer}</a></sup>'
        for nummer in nummern
    )
    kopf = f'<th scope="row" id="feld-{pk}" tabindex="-1">{escape(name)}{verweise}</th>'
    return mark_safe(f"<tr>{kopf}{zellen_html(zellen)}</tr>")  # noqa: S308  # escaped


def zellen_html(zellen: Iterable[tuple[str, list[Zeichen]]]) -> SafeString:
    """Return the cells of a row, each given by the short name of its Kommune and its marks."""
    return mark_safe("".join(_zelle(kommune, marken) for kommune, marken in zellen))  # noqa: S308  # escaped below


def _zelle(kommune: str, marken: list[Zeichen]) -> str:
    return f"<td>{''.join(_verweis(kommune, marke) for marke in marken)}</td>" if marken else "<td></td>"


def _verweis(kommune: str, marke: Zeichen) -> str:
    worte = f'<span class="zeichen-mehr" aria-hidden="true">{escape(marke.worte)}</span>' if marke.worte else ""
    return (
        f'<a class="zeichen {marke.klasse}" href="#fussnote-{marke.fussnote}" data-kommune="{escape(kommune)}">'
        f'{marke.bild}<span class="zeichen-worte">{escape(marke.titel)}{worte}</span></a>'
    )


def liste_html(eintraege: Iterable[tuple[str, Zeichen]]) -> SafeString:
    """Return the items of a list, each a Kooperationsfeld and a mark, of one Kommune alone."""
    return mark_safe("".join(_punkt(feld, marke) for feld, marke in eintraege))  # noqa: S308  # escaped below


def _punkt(feld: str, marke: Zeichen) -> str:
    beispiel = ' <span class="marke marke-beispiel">Beispiel</span>' if marke.beispiel else ""
    return (
        f'<li><a class="zeichen {marke.klasse}" href="#fussnote-{marke.fussnote}"'
        f' aria-label="Fußnote {marke.fussnote}">{marke.bild}</a>'
        f' <span><span class="kommunen-feld">{escape(feld)}</span> {escape(marke.bezeichnung)}'
        f' <span class="leise">{escape(marke.aussage)}</span>{beispiel}</span></li>'
    )
