"""A comparison as the page and the file tell it: rows by Aufgabenfeld with marks and sentences, and plain rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bestandsaufnahme.abfragen.matrix.zeichen import SYMBOLE, bild
from bestandsaufnahme.abfragen.vergleich.vergleich import Aenderung, Paar, Zustand
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Veraenderung
from ikz_portal.basis.feldworte import gekuerzt
from kommunen.models import Kommune

BETEILIGUNG, STATUS, ROLLE, VORGESEHEN_BIS = "Beteiligung", "Status", "Rolle", "Vorgesehen bis"
SYMBOLDATEI = "bilder/symbole.svg"
KOPF = ("Aufgabenfeld", "Kooperationsfeld", "Zeichen", "Kooperation", "AGS", "Kommune", "Änderung", "Angabe")
HINWEISE = {
    Veraenderung.NEU: "Vorher war in diesem Kooperationsfeld keine Kommune beteiligt.",
    Veraenderung.WEGGEFALLEN: "Danach ist in diesem Kooperationsfeld keine Kommune mehr beteiligt.",
}


# --- the page ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Satz:
    """What happened, to whom, in the list."""

    art: Veraenderung
    wer: str
    vorher: str
    nachher: str


@dataclass(frozen=True)
class Zeile:
    pk: int
    symbol: str
    zeichen: str
    bezeichnung: str
    url: str
    feld: str
    art: Veraenderung | None
    hinweis: str
    zellen: SafeString
    saetze: list[Satz]


@dataclass(frozen=True)
class Gruppe:
    name: str
    zeilen: list[Zeile]


def gruppen(aenderungen: Iterable[Aenderung], kommunen: Sequence[Kommune]) -> list[Gruppe]:
    """Return these as rows by Aufgabenfeld."""
    bilder = Bilder()
    je_feld = groupby(aenderungen, key=lambda eine: eine.heute.kooperationsfeld.aufgabenfeld.name)
    return [Gruppe(name, [_zeile(eine, kommunen, bilder) for eine in gruppe]) for name, gruppe in je_feld]


def _zeile(aenderung: Aenderung, kommunen: Sequence[Kommune], bilder: "Bilder") -> Zeile:
    kooperation = aenderung.gezeigt
    return Zeile(
        pk=kooperation.pk,
        symbol=SYMBOLE.get(kooperation.symbol, ""),
        zeichen=kooperation.symbol,
        bezeichnung=kooperation.bezeichnung,
        url=kooperation.get_absolute_url(),
        feld=kooperation.kooperationsfeld.name,
        art=aenderung.art,
        hinweis=HINWEISE[aenderung.im_feld] if aenderung.im_feld else "",
        zellen=_zellen(aenderung, kommunen, bilder),
        saetze=[*_saetze(aenderung, kommunen), *_saetze_der_beschreibung(aenderung)],
    )


class Bilder:
    """The drawings of a page, each made once: that of a mark, and that of what became of it."""

    def __init__(self) -> None:
        self.zeichen = cache(bild)
        self.veraenderungen = {
            art: format_html(
                '<svg class="symbol" aria-hidden="true"><use href="{}#{}"/></svg>', static(SYMBOLDATEI), art.symbol
            )
            for art in Veraenderung
        }


def _zellen(aenderung: Aenderung, kommunen: Sequence[Kommune], bilder: Bilder) -> SafeString:
    """Return the cells of a row as one string: a template variable for each would take longer than all the rest."""
    zellen = aenderung.zellen
    zeichen = bilder.zeichen(aenderung.gezeigt.symbol)
    fertige = [
        _zelle(kommune, zellen[kommune.pk], aenderung.gezeigt.pk, zeichen, bilder)
        if kommune.pk in zellen
        else "<td></td>"
        for kommune in kommunen
    ]
    return mark_safe("".join(fertige))  # noqa: S308  # escaped below


def _zelle(kommune: Kommune, paar: Paar, pk: int, zeichen: SafeString, bilder: Bilder) -> str:
    """Return a mark as it is, or as it was where it went, with the sign of what became of it."""
    art, zustand = paar.art, paar.nachher or paar.vorher
    worte = {
        None: f"unverändert, {_worte_des(zustand)}",
        Veraenderung.NEU: f"neu, {_worte_des(zustand)}",
        Veraenderung.WEGGEFALLEN: f"weggefallen, vorher {_worte_des(zustand)}",
        Veraenderung.GEAENDERT: f"geändert, vorher {_worte_des(paar.vorher)}, jetzt {_worte_des(paar.nachher)}",
    }[art]
    fuehrend = zustand is not None and zustand.rolle == BeteiligungRolle.FEDERFUEHREND
    klassen = " ".join([f"vergleich-{art or 'gleich'}", *["zeichen-federfuehrend"] * fuehrend])
    gesagt = f'<span class="zeichen-worte">{escape(f"{kommune.name}: {worte}")}</span>'
    gezeichnet = f"{bilder.veraenderungen[art] if art else ''}{zeichen}"
    return f'<td><a class="zeichen {klassen}" href="#geschehen-{pk}">{gezeichnet}{gesagt}</a></td>'


def _worte_des(zustand: Zustand | None) -> str:
    return zustand.worte if zustand else ""


def _saetze(aenderung: Aenderung, kommunen: Sequence[Kommune]) -> Iterator[Satz]:
    """Yield one for all Kommunen to whom the same happened."""
    je_paar: dict[Paar, list[str]] = defaultdict(list)
    for kommune in kommunen:
        if (paar := aenderung.zellen.get(kommune.pk)) and paar.art:
            je_paar[paar].append(kommune.name)
    for art in Veraenderung:
        for paar, namen in je_paar.items():
            if paar.art == art:
                yield Satz(art, ", ".join(namen), _worte_des(paar.vorher), _worte_des(paar.nachher))


def _saetze_der_beschreibung(aenderung: Aenderung) -> Iterator[Satz]:
    for name, vorher, nachher in aenderung.beschreibung:
        kurz = gekuerzt(vorher, nachher)
        yield Satz(Veraenderung.GEAENDERT, name, kurz[0].kurz, kurz[1].kurz)


# --- the file ---------------------------------------------------------------------------------------------------------
def dateizeilen(aenderungen: Iterable[Aenderung], kommunen: Sequence[Kommune]) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each thing that is different, with its two states."""
    for eine in aenderungen:
        kooperation = eine.gezeigt
        feld = kooperation.kooperationsfeld
        kopf = (feld.aufgabenfeld.name, feld.name, kooperation.symbol, kooperation.bezeichnung)
        for kommune in kommunen:
            if (paar := eine.zellen.get(kommune.pk)) and (art := paar.art):
                for angabe in _angaben(paar):
                    yield (*kopf, kommune.ags, kommune.name, art.label, *angabe)
        for angabe in eine.beschreibung:
            yield (*kopf, "", "", Veraenderung.GEAENDERT.label, *angabe)


def _angaben(paar: Paar) -> Iterator[tuple[str, Any, Any]]:
    if paar.vorher is None or paar.nachher is None:
        yield BETEILIGUNG, _worte_des(paar.vorher), _worte_des(paar.nachher)
        return
    vorher, nachher = _einzeln(paar.vorher), _einzeln(paar.nachher)
    yield from ((name, vorher[name], nachher[name]) for name in vorher if vorher[name] != nachher[name])


def _einzeln(zustand: Zustand) -> dict[str, Any]:
    return {
        STATUS: BeteiligungStatus(zustand.status).label,
        ROLLE: BeteiligungRolle(zustand.rolle).label,
        VORGESEHEN_BIS: zustand.vorgesehen_bis,
    }
