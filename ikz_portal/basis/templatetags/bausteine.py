"""The components of the surface. Each has its template, whose header comment shows how it is used."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from ikz_portal.basis import formate
from ikz_portal.basis.auswahl import MarkenChoices

register = template.Library()

Stationen = Sequence[tuple[str, str]]

SYMBOLE = "bilder/symbole.svg"
ARTEN = {"info": "info", "warnung": "warnung", "fehler": "kreuz", "erfolg": "haken"}
ART_DER_MELDUNG = {"debug": "info", "success": "erfolg", "warning": "warnung", "error": "fehler"}
LEISTE_BREIT = 90
LEISTE_MIT_TEILEN = 30  # more than that many parts would be too thin to count


# --- small ones ------------------------------------------------------------------------------------------------------
@register.inclusion_tag("bausteine/symbol.html")
def symbol(name: str, label: str = "", klasse: str = "") -> dict[str, Any]:
    return {"name": name, "label": label, "klasse": klasse, "symbole": static(SYMBOLE)}


@register.inclusion_tag("bausteine/marke.html")
def marke(glied: MarkenChoices | str | None, text: str = "") -> dict[str, Any]:
    """Take a member of MarkenChoices; a bare string becomes a neutral badge without symbol, None nothing."""
    if not isinstance(glied, MarkenChoices):
        return {"text": text or glied, "farbe": "neutral"}
    return {"text": text or glied.label, "farbe": glied.farbe, "name": glied.symbol, "symbole": static(SYMBOLE)}


@register.inclusion_tag("bausteine/beispiel.html")
def beispiel(ist_beispiel: bool = True) -> dict[str, Any]:
    return {"ist_beispiel": ist_beispiel}


@register.inclusion_tag("bausteine/n_von_m.html")
def n_von_m(n: int | None, m: int | None, was: str = "", titel: str = "") -> dict[str, Any]:
    """Draw m parts of which n are filled; one plain bar if the parts are too many to see."""
    if n is None or not m:
        return {"bekannt": False}
    teil = LEISTE_BREIT / m if m <= LEISTE_MIT_TEILEN else 0
    return {
        "bekannt": True,
        "n": n,
        "m": m,
        "was": was,
        "titel": titel,
        "breit": LEISTE_BREIT,
        "voll": f"{LEISTE_BREIT * max(0, min(n, m)) / m:.2f}",
        "strich": f"{teil - 1.5:.2f} 1.5" if teil else "",
    }


@register.inclusion_tag("bausteine/kennzahl.html")
def kennzahl(wert: str | int | None, label: str, url: str = "", hinweis: str = "") -> dict[str, Any]:
    text = formate.zahl(wert) if wert is None or isinstance(wert, int) else wert
    return {"wert": text, "label": label, "url": url, "hinweis": hinweis}


@register.inclusion_tag("bausteine/fortschritt.html")
def fortschritt(wert: int | None, von: int = 100, schritt: str = "", label: str = "Fortschritt") -> dict[str, Any]:
    """Take None as value where the end can't be foreseen."""
    return {"wert": wert, "von": von, "schritt": schritt, "label": label}


# --- with a body -----------------------------------------------------------------------------------------------------
def _oder_leer(content: SafeString) -> SafeString:
    """Return nothing for a body of white space, so that the template needs no frame for it."""
    return content if content.strip() else SafeString()


@register.simple_block_tag(takes_context=True)
def seitenkopf(
    context: Context,
    content: SafeString,
    titel: str,
    satz: str = "",
    *stationen: str,
    pfad: Stationen | None = None,
    marken: str = "",
) -> SafeString:
    """Take the way to this page as pairs name, address; the start page comes first by itself and has none itself."""
    paare = list(pfad or zip(stationen[::2], stationen[1::2], strict=True))
    with suppress(NoReverseMatch):
        start = reverse("start")
        if paare or getattr(context.get("request"), "path", None) != start:
            paare.insert(0, ("Übersicht", start))
    werte = {"titel": titel, "satz": satz, "pfad": paare, "aktionen": _oder_leer(content), "marken": marken}
    return render_to_string("bausteine/seitenkopf.html", werte)


@register.simple_block_tag
def leer(content: SafeString, titel: str, warum: str = "", bild: str = "liste") -> SafeString:
    return render_to_string(
        "bausteine/leer.html", {"titel": titel, "warum": warum, "bild": bild, "aktion": _oder_leer(content)}
    )


@register.simple_block_tag
def hinweis(content: SafeString, art: str = "info", titel: str = "") -> SafeString:
    """Take info, warnung, fehler, erfolg or the level of one of Django's messages."""
    art = ART_DER_MELDUNG.get(art, art)
    werte = {"art": art, "bild": ARTEN[art], "titel": titel, "inhalt": content}
    return render_to_string("bausteine/hinweis.html", werte)


@register.simple_block_tag
def karte(content: SafeString, titel: str, url: str = "", ebene: int = 2, fuss: str = "") -> SafeString:
    werte = {"titel": titel, "url": url, "ebene": ebene, "fuss": fuss, "inhalt": content}
    return render_to_string("bausteine/karte.html", werte)


@register.simple_block_tag
def fakten(content: SafeString, paare: Iterable[tuple[str, object]] = (), klasse: str = "") -> SafeString:
    return render_to_string("bausteine/fakten.html", {"paare": paare, "klasse": klasse, "inhalt": content})


@register.simple_block_tag
def tabelle(content: SafeString, label: str, klasse: str = "") -> SafeString:
    return render_to_string("bausteine/tabelle.html", {"label": label, "klasse": klasse, "inhalt": content})


@register.simple_block_tag
def filterleiste(
    content: SafeString, gesetzt: Stationen = (), treffer: str = "", zurueck: str = "", offen: bool = False
) -> SafeString:
    """Take the applied filters as pairs label, address without it; zurueck is the address without any."""
    werte = {"gesetzt": gesetzt, "treffer": treffer, "zurueck": zurueck, "offen": offen, "inhalt": content}
    return render_to_string("bausteine/filterleiste.html", werte)


# --- lists and forms -------------------------------------------------------------------------------------------------
def _blaettern(context: Context, nummer: int, parameter: str) -> str:
    abfrage = context["request"].GET.copy()
    abfrage[parameter] = str(nummer)
    return f"?{abfrage.urlencode()}"


@register.inclusion_tag("bausteine/seiten.html", takes_context=True)
def seiten(context: Context, seite: Page[Any], was: str = "Einträge", parameter: str = "seite") -> dict[str, Any]:
    """Link the pages of a Page and keep every other query parameter."""
    blaetter = seite.paginator
    nummern = blaetter.get_elided_page_range(seite.number, on_each_side=1, on_ends=1)
    return {
        "seite": seite,
        "was": was,
        "mehrere": blaetter.num_pages > 1,
        "vorige": seite.has_previous() and _blaettern(context, seite.number - 1, parameter),
        "naechste": seite.has_next() and _blaettern(context, seite.number + 1, parameter),
        "nummern": [(n, _blaettern(context, n, parameter) if isinstance(n, int) else "") for n in nummern],
    }


def _ziel(feld: BoundField) -> str:
    """Return the id of the first control of the field: groups of options have none of their own."""
    if feld.id_for_label:
        return feld.id_for_label
    teile = feld.subwidgets
    return teile[0].id_for_label if teile else feld.auto_id


def _mit_doppelpunkt(frage: str) -> str:
    """Return the label as it stands before an error: a question has its mark already."""
    return frage if frage.endswith("?") else f"{frage}:"


def _fehler(formular: BaseForm) -> list[dict[str, str]]:
    allgemein = [{"text": str(text)} for text in formular.non_field_errors()]
    return allgemein + [
        {"feld": _mit_doppelpunkt(str(feld.label)), "text": str(text), "ziel": "" if feld.is_hidden else _ziel(feld)}
        for feld in formular
        for text in feld.errors
    ]


@register.inclusion_tag("bausteine/formularfehler.html")
def formularfehler(*formulare: BaseForm | BaseFormSet) -> dict[str, Any]:
    """Sum up the errors of forms and formsets; nothing while there are none."""
    fehler: list[dict[str, str]] = []
    for formular in formulare:
        if isinstance(formular, BaseFormSet):
            fehler += [{"text": str(text)} for text in formular.non_form_errors()] if formular.is_bound else []
            fehler += [eintrag for einzeln in formular for eintrag in _fehler(einzeln)]
        else:
            fehler += _fehler(formular)
    return {"fehler": fehler}
