"""The status report as HTML and PDF, from its snapshot alone."""

from datetime import date
from typing import Any

from django.template.loader import render_to_string

from ikz_portal.basis import formate
from ikz_portal.basis.diagramme import PlanZeile, ablaufplan
from ikz_portal.basis.pdf import html_zu_pdf
from projekte.auswahl import AuftragStatus, MeilensteinStand, ProjektStatus


def dateiname(stichtag: date) -> str:
    return f"IKZ-Statusbericht-{stichtag}.pdf"


def pdf(html: str) -> bytes:
    return html_zu_pdf(html)


def portfolio_html(schnappschuss: dict[str, Any], *, demo: bool) -> str:
    """Return the report's HTML; the same snapshot gives the same text."""
    daten = _mit_tagen(schnappschuss)
    teile = [
        _teil("fakten", "Projekte", daten["fakten"], daten["stichtag"]),
        _teil("beispiele", "Beispieldaten", daten["beispiele"], daten["stichtag"]),
    ]
    return render_to_string(
        "projekte/bericht/portfolio.html",
        {
            **daten,
            "titel": "Statusbericht",
            "untertitel": f"Portfolio zum {formate.tag_lang(daten['stichtag'])}",
            "art": "Für die Lenkungsgruppe",
            "stand": f"{daten['stichtag']:%d.%m.%Y}",
            "herausgeber": daten["geschaeftsstelle"],
            "demo": demo,
            "teile": [teil for teil in teile if teil["anzahl"] or teil["aufgegangene"]],
        },
    )


def _mit_tagen(wert: Any) -> Any:
    """Turn the ISO days of the stored JSON back into dates, all the way down."""
    if isinstance(wert, dict):
        return {name: _mit_tagen(teil) for name, teil in wert.items()}
    if isinstance(wert, list):
        return [_mit_tagen(teil) for teil in wert]
    if isinstance(wert, str) and len(wert) == len("2022-05-19") and wert[4] == wert[7] == "-":
        try:
            return date.fromisoformat(wert)
        except ValueError:
            return wert
    return wert


def _teil(kennung: str, titel: str, teil: dict[str, Any], stichtag: date) -> dict[str, Any]:
    return {
        "kennung": kennung,
        "titel": titel,
        "anzahl": teil["anzahl"],
        "zaehlung": [(ProjektStatus(zeile["status"]), zeile["anzahl"]) for zeile in teil["zaehlung"]],
        "laufende": [
            _projekt(projekt, f"{kennung}-{nummer}", stichtag)
            for nummer, projekt in enumerate(teil["laufende"], start=1)
        ],
        "uebrige": [{**projekt, "marke": ProjektStatus(projekt["status"])} for projekt in teil["uebrige"]],
        "aufgegangene": teil["aufgegangene"],
    }


def _projekt(projekt: dict[str, Any], kennung: str, stichtag: date) -> dict[str, Any]:
    meilensteine = [{**zeile, "marke": MeilensteinStand(zeile["stand"])} for zeile in projekt["meilensteine"]]
    auftrag = projekt["auftrag"]
    return {
        **projekt,
        "kennung": kennung,
        "marke": ProjektStatus(projekt["status"]),
        "auftrag": auftrag and {**auftrag, "marke": AuftragStatus(auftrag["status"])},
        "meilensteine": meilensteine,
        "diagramm": _diagramm(projekt, meilensteine, kennung, stichtag) if meilensteine else "",
    }


def _diagramm(projekt: dict[str, Any], meilensteine: list[dict[str, Any]], kennung: str, stichtag: date) -> str:
    return ablaufplan(
        [
            PlanZeile(
                name=zeile["name"],
                geplant=zeile["geplant"],
                prognose=zeile["prognose"],
                erreicht=zeile["erreicht"],
                ueberfaellig=zeile["marke"] == MeilensteinStand.UEBERFAELLIG,
                verantwortlich=zeile["verantwortlich"],
            )
            for zeile in meilensteine
        ],
        kennung=kennung,
        titel=f"Projektablaufplan: {projekt['name']}",
        beschreibung="Die Tabelle „Meilensteine“ nennt dieselben Daten.",
        heute=stichtag,
        beginn=projekt["beginn"],
        ende=projekt["ende"],
    )
