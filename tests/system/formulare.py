"""What the forms of the portal ask for, filled in so that the request succeeds in the prepared scene."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bestandsaufnahme.models import Aufgabenfeld
from ikz_portal.basis.zeit import heute
from kommunen.models import Konto
from projekte.models import Projekt
from tests.system.szene import Szene


def _interesse(s: Szene) -> dict[str, Any]:
    feld = Aufgabenfeld.objects.last()
    return {
        "kommune": s.konto("S").kommune.ags,
        "feld": f"aufgabenfeld-{feld.pk}",
        "art": "kooperationswille",
        "stufe": "interesse",
        "wofuer": "Mehr Kraft.",
        "bietet": "",
        "sucht": "",
        "gueltig_bis": "",
    }


def _projekt(s: Szene, **weiteres: Any) -> dict[str, Any]:
    satz = {"meilensteine-TOTAL_FORMS": "0", "meilensteine-INITIAL_FORMS": "0"}
    felder = ("kurzbeschreibung", "status_hinweis", "beginn", "ende", "zeit_hinweis", "vorgaenger", "hinweis", "grund")
    return {
        "name": "Gemeinsamer Bauhof",
        "aufgabenfeld": Aufgabenfeld.objects.first().pk,
        "status": "bearbeitung",
        "beginn_genauigkeit": "unbekannt",
        "ende_genauigkeit": "offen",
        **dict.fromkeys(felder, ""),
        **satz,
        **weiteres,
    }


def _bearbeitetes_projekt(s: Szene) -> dict[str, Any]:
    return _projekt(s, version=Projekt.objects.get(slug="projekt").version)


def _konto(s: Szene) -> dict[str, Any]:
    konto = Konto.objects.get(pk=s.argumente["konto"]["pk"])
    eigenes = {"rolle": konto.rolle, "kommune": konto.kommune_id, "version": konto.version}
    return {"name": "Neu", "funktion": "Hauptamt", **eigenes}


def _profil(s: Szene) -> dict[str, Any]:
    version = Konto.objects.get(pk=s.konto("K").pk).version
    return {"name": "Kim Kontakt", "funktion": "Hauptamt", "version": version}


def _vertretung(s: Szene) -> dict[str, Any]:
    vertreter = s.argumente["konto"]["pk"]
    return {"amt": f"spitze-{s.konto('s').pk}", "vertreter": vertreter, "von": heute().isoformat(), "letzter_tag": ""}


def _annahme(s: Szene) -> dict[str, Any]:
    passwort = "bergwanderung-im-herbst"
    return {"name": "Eva", "funktion": "Kämmerei", "passwort": passwort, "wiederholung": passwort}


def _runde(s: Szene) -> dict[str, Any]:
    fragen = {"je_kooperation": ["kosten"], "einmal": ["interesse"]}
    tage = {"stichtag": heute().isoformat(), "frist": (heute() + timedelta(days=30)).isoformat()}
    return {"name": "Neue Runde", "anschreiben": "Bitte.", **tage, **fragen}


def _frist(s: Szene) -> dict[str, Any]:
    return {"frist": (heute() + timedelta(days=30)).isoformat()}


def _gespraech(s: Szene) -> dict[str, Any]:
    termin = {"tag": heute().isoformat(), "uhrzeit": "14:30"}
    return {"kommune": s.konto("K").kommune.ags, **termin, "ort": "Rathaus", "anwesende": "Hauptamt", "notizen": ""}


def fest(**werte: str) -> Callable[[Szene], dict[str, Any]]:
    return lambda s: dict(werte)


# A new form is one row more: address, object, who sends it, and what it asks for.
FORMULARE: list[tuple[str, str, str, Callable[[Szene], dict[str, Any]]]] = [
    ("interesse_neu", "-", "K", _interesse),
    ("interesse_neu", "-", "S", _interesse),
    ("interesse_zurueckziehen", "bekundung", "K", fest(grund="Anders entschieden.")),
    ("erhebung_neu", "-", "G", _runde),
    ("erhebung_bearbeiten", "erhebung-geplant", "G", lambda s: {**_runde(s), "version": 1}),
    ("erhebung_bearbeiten", "erhebung", "G", fest(name="Anders", lesehinweis="So.", quelle="Akte", version="1")),
    ("erhebung_eroeffnen", "erhebung-geplant", "G", fest()),
    ("erhebung_erinnern", "erhebung", "G", fest()),
    ("erhebung_verlaengern", "erhebung", "G", _frist),
    ("erhebung_auswerten", "erhebung", "G", fest()),
    ("erhebung_wieder_oeffnen", "erhebung-auswertung", "G", _frist),
    ("erhebung_abschliessen", "erhebung-auswertung", "G", fest()),
    ("gespraech_neu", "erhebung", "G", _gespraech),
    ("gespraech_bearbeiten", "gespraech", "G", lambda s: {**_gespraech(s), "version": 1}),
    ("projekt_neu", "-", "G", lambda s: _projekt(s, veroeffentlicht="")),
    ("projekt_bearbeiten", "projekt", "P", _bearbeitetes_projekt),
    ("projekt_bearbeiten", "projekt", "G", lambda s: {**_bearbeitetes_projekt(s), "veroeffentlicht": "on"}),
    ("bericht_liste", "-", "G", fest(stichtag="2026-01-05")),
    ("konto_profil", "-", "K", _profil),
    ("konto_bearbeiten", "konto", "G", _konto),
    ("konto_deaktivieren", "konto", "G", fest()),
    ("konto_reaktivieren", "konto-deaktiviert", "G", fest()),
    ("einladung_neu", "-", "S", fest(email="neue@ikz.example", name="Neue", funktion="")),
    ("einladung_neu", "-", "G", fest(email="neue@ikz.example", name="Neue", funktion="", rolle="lesen", kommune="")),
    ("einladung_erneut", "einladung", "S", fest()),
    ("einladung_zurueckziehen", "einladung", "S", fest()),
    ("einladung_annehmen", "einladung-link", "Ö", _annahme),
    ("vertretung_neu", "-", "G", _vertretung),
    ("vertretung_beenden", "vertretung", "S", fest()),
    ("bericht_freigeben", "bericht-unveroeffentlicht", "G", fest()),
]
