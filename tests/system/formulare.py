"""What the forms of the portal ask for, filled in so that the request succeeds in the prepared scene."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bestandsaufnahme.models import Aufgabenfeld, Fragebogenantwort
from ikz_portal.basis.zeit import heute
from kommunen.models import Konto
from projekte.models import Projekt
from tests.system import szene_einlesung, szene_feld, szene_kooperation, szene_runde
from tests.system.szene import Szene


def _interesse(s: Szene) -> dict[str, Any]:
    feld = Aufgabenfeld.objects.last()
    return {
        "kommune": s.konto("S").kommune.ags,
        "feld": f"aufgabenfeld-{feld.pk}",
        "art": "kooperationswille",
        **_inhalt(s),
    }


def _inhalt(s: Szene) -> dict[str, Any]:
    """What a declaration says and may say differently later."""
    leere = dict.fromkeys(("bietet", "sucht", "kontakt", "gueltig_bis"), "")
    return {**leere, "stufe": "interesse", "wofuer": "Mehr Kraft."}


def _einlesung(s: Szene) -> dict[str, Any]:
    datei = szene_einlesung.datei(s.konto("K").kommune)
    return {"datei": datei, "gilt_ab": "2020-01-01", "herkunft": "beschluss"}


def _gesehene_einlesung(s: Szene) -> dict[str, Any]:
    return {"pruefsumme": szene_einlesung.gesehenes(s.argumente["einlesung"]["pk"])}


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


def _interessenrunde(s: Szene) -> dict[str, Any]:
    return {"name": "Neue Runde", "anschreiben": "Bitte.", **_frist(s)}


def _runde_laeuft(laeuft: bool, **werte: str) -> Callable[[Szene], dict[str, Any]]:
    return lambda s: szene_runde.laufen(s.argumente, laeuft=laeuft, **werte)


def _rueckmeldung(s: Szene) -> dict[str, Any]:
    return szene_runde.laufen(s.argumente, laeuft=True, kommune=s.konto("K").kommune.ags)


def _gespraech(s: Szene) -> dict[str, Any]:
    termin = {"tag": heute().isoformat(), "uhrzeit": "14:30"}
    return {"kommune": s.konto("K").kommune.ags, **termin, "ort": "Rathaus", "anwesende": "Hauptamt", "notizen": ""}


def _zustimmung(s: Szene) -> dict[str, Any]:
    return {"kommune": s.konto("s").kommune.ags, "vermerk": "Schreiben vom 01.09."}


def _interessen(s: Szene) -> dict[str, Any]:
    pk = Fragebogenantwort.objects.get(art="interesse").pk
    return {
        f"aussage-{pk}": "ja",
        f"prioritaet-{pk}": "hoch",
        f"erlaeuterung-{pk}": "Winterdienst",
        f"version-{pk}": "1",
    }


def _kooperation(s: Szene) -> dict[str, Any]:
    """What describes one that the Kommune adds; what isn't asked for stays empty."""
    return {
        "feld": f"aufgabenfeld-{Aufgabenfeld.objects.first().pk}",
        "feldvorschlag": "Winterdienst",
        "bezeichnung": "Gemeinsamer Winterdienst",
        "erlaeuterung": "Räumen und streuen.",
        "status": "besteht",
        "rolle": "beteiligt",
        "rechtsform": "informell",
        "seit": "2024-05-01",
        "seit_genauigkeit": "tag",
        "hemmnisse": [],
    }


def _scheitern(s: Szene) -> dict[str, Any]:
    return {"jahr": "2016", "grund": "Zu teuer.", "hemmnisse": [], "ab": "2016-05-01"}


def _beitritt(s: Szene) -> dict[str, Any]:
    return {**szene_kooperation.BESTEHT, "kommune": s.konto("k").kommune.ags, "ab": "2020-01-01"}


def _schritt(s: Szene, **werte: str) -> dict[str, Any]:
    return szene_kooperation.schritt(s.argumente, **{**szene_kooperation.BESTEHT, **werte})


def fest(**werte: str) -> Callable[[Szene], dict[str, Any]]:
    return lambda s: dict(werte)


# A new form is one row more: address, object, who sends it, and what it asks for.
FORMULARE: list[tuple[str, str, str, Callable[[Szene], dict[str, Any]]]] = [
    ("interesse_neu", "-", "K", _interesse),
    ("interesse_neu", "-", "S", _interesse),
    ("interesse_fuer_andere", "-", "G", lambda s: {**_interesse(s), "vermerk": "Anruf.", "beleg": ""}),
    ("interesse_bearbeiten", "bekundung", "K", lambda s: {**_inhalt(s), "grund": "", "version": "1"}),
    ("interesse_bearbeiten", "bekundung", "G", lambda s: {**_inhalt(s), "grund": "Nach Anruf.", "version": "1"}),
    ("interesse_bearbeiten", "bekundung-entwurf", "K", lambda s: {**_interesse(s), "version": "1"}),
    ("interesse_anschliessen", "bekundung", "k", lambda s: {**_inhalt(s), "kommune": s.konto("k").kommune.ags}),
    ("interesse_zurueckziehen", "bekundung", "K", fest(grund="Anders entschieden.")),
    ("interesse_anheben", "bekundung", "K", fest(stufe="ressourcen")),
    ("interesse_bestaetigen", "bekundung-wartend", "S", fest(version="1")),
    ("interesse_verwerfen", "bekundung-entwurf", "K", fest(version="1")),
    ("bestaetigungspflicht_setzen", "kommune", "S", fest(noetig="ja")),
    ("kooperation_neu", "-", "G", lambda s: szene_kooperation.neue(s.argumente)),
    ("kooperation_bearbeiten", "kooperation", "G", lambda s: szene_kooperation.bearbeitete(s.argumente)),
    ("kooperation_beenden", "kooperation", "G", fest(letzter_tag="2020-12-31")),
    ("kooperation_scheitern", "kooperation-geplant", "G", _scheitern),
    ("kooperation_bestaetigen", "kooperation", "S", lambda s: {"kommune": s.konto("S").kommune.ags}),
    ("beteiligung_neu", "kooperation-irrtum", "G", _beitritt),
    ("beteiligung_aendern", "beteiligung", "G", lambda s: _schritt(s, ab="2020-01-01", rolle="federfuehrend")),
    ("beteiligung_beenden", "beteiligung", "G", lambda s: _schritt(s, letzter_tag="2020-12-31")),
    ("beteiligung_berichtigen", "beteiligung", "G", lambda s: _schritt(s, gilt_ab="2012-01-01", letzter_tag="")),
    ("beteiligung_entfernen", "beteiligung", "G", lambda s: _schritt(s, grund="Falsche Spalte.")),
    ("partner_neu", "-", "G", fest(name="Salinen AG", hinweis="")),
    ("partner_bearbeiten", "partner", "G", lambda s: szene_kooperation.bearbeiteter_partner(s.argumente)),
    ("runde_neu", "-", "G", _interessenrunde),
    ("runde_bearbeiten", "runde-geplant", "G", lambda s: {**_interessenrunde(s), "version": 1}),
    ("runde_eroeffnen", "runde-geplant", "G", _runde_laeuft(False)),
    ("runde_erinnern", "runde", "G", _runde_laeuft(True)),
    ("runde_verlaengern", "runde", "G", lambda s: szene_runde.laufen(s.argumente, laeuft=True, **_frist(s))),
    ("runde_zurueckmelden", "runde", "K", _rueckmeldung),
    ("runde_zurueckmelden", "runde", "G", lambda s: {**_rueckmeldung(s), "vermerk": "Anruf vom 12.11.2026"}),
    ("runde_abschliessen", "runde", "G", _runde_laeuft(True, trotz_fehlender="on")),
    ("runde_veroeffentlichen", "runde-abgeschlossen", "G", fest(veroeffentlicht="ja")),
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
    ("fragebogen_stelle", "fragebogen", "K", fest(stelle="Hauptamt", version="1")),
    ("fragebogen_papier", "fragebogen", "G", fest(vermerk="Brief vom 12.05.2026")),
    ("fragebogen_interessen", "fragebogen", "K", _interessen),
    ("fragebogen_rest_gilt", "fragebogen", "K", fest()),
    ("fragebogen_vorlegen", "fragebogen", "K", fest()),
    ("fragebogen_unveraendert", "fragebogen", "S", fest()),
    ("fragebogen_freigeben", "fragebogen", "S", fest()),
    ("antwort_neu", "fragebogen", "K", _kooperation),
    ("antwort_bearbeiten", "antwort", "K", fest(aussage="gilt_noch", version="1")),
    ("antwort_gilt_noch", "antwort", "K", fest(version="1")),
    ("antwort_loeschen", "antwort-neu", "K", fest(version="1")),
    ("antwort_uebergeben", "antwort", "S", lambda s: {"an": s.konto("K").pk}),
    ("pruefung_entscheiden", "pruefung-antwort", "G", fest(entscheidung="abgelehnt", grund="Doppelt.", version="0")),
    ("pruefung_unveraenderte", "pruefung", "G", fest()),
    ("pruefung_abschliessen", "pruefung-leer", "G", fest()),
    ("pruefung_wieder_oeffnen", "pruefung-fertig", "G", fest()),
    ("fragebogen_uebernehmen", "pruefung-fertig", "G", fest()),
    ("fragebogen_zurueckgeben", "pruefung", "G", fest(grund="Ein Jahr fehlt.")),
    ("einlesung_liste", "-", "G", _einlesung),
    ("einlesung_uebernehmen", "einlesung", "G", _gesehene_einlesung),
    ("einlesung_verwerfen", "einlesung", "G", fest()),
    ("starthilfe_neu", "feld", "G", lambda s: szene_feld.projektidee(s.argumente, s.konto("G"))),
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
    ("benachrichtigungen", "-", "L", fest(interesse_neu="nie")),
    ("abbestellen", "abbestell-link", "Ö", fest()),
    ("vertretung_neu", "-", "G", _vertretung),
    ("vertretung_beenden", "vertretung", "S", fest()),
    ("bericht_freigeben", "bericht-unveroeffentlicht", "G", fest()),
    ("veroeffentlichung_neu", "erhebung-mit-namen", "G", fest(art="anonym", kreis="intern", oeffentlich_ab="")),
    ("fussnote_bearbeiten", "fussnote", "G", fest(bezeichnung="Postverbund", erlaeuterung="")),
    ("zustimmung_erteilen", "veroeffentlichungsentwurf", "s", lambda s: {"kommune": s.konto("s").kommune.ags}),
    ("zustimmung_erteilen", "veroeffentlichungsentwurf", "G", _zustimmung),
    ("zustimmung_zuruecknehmen", "zustimmung", "S", fest()),
    ("veroeffentlichung_freigeben", "veroeffentlichungsentwurf", "G", fest()),
    ("veroeffentlichung_zuruecknehmen", "anonymisierte", "G", fest(grund="Eine Zeile war falsch.")),
    ("veroeffentlichung_verwerfen", "veroeffentlichungsentwurf", "G", fest()),
]
