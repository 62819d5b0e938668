"""What names a person because of a survey round: answers, their checks, consents, files. The page counts it.

Of a Fragebogen it is told that one had to do with it and when, not what its answers say: these may be a colleague's
by now, and whoever left the Kommune reads them no more.
"""

from bestandsaufnahme.models import (
    Bestaetigung,
    Einlesung,
    Erinnerung,
    Fragebogen,
    Fragebogenantwort,
    Gespraech,
    Pruefung,
    Veroeffentlichung,
    Zustimmung,
)
from ikz_portal.startseite.abfragen.eigene_daten import Teil
from ikz_portal.startseite.abfragen.eigene_spalten import (
    MIT_DER_SACHE,
    NACHVOLLZIEHEN,
    durch_oder_fuer,
    name_oder_leer,
    rolle,
)

NACH_DER_RUNDE = "{fragebogen} nach dem Ende der Erhebung; danach ohne Bezug auf Sie"
NACH_DER_RUNDE_ODER_SACHE = f"{{fragebogen}} nach dem Ende der Erhebung; außerhalb einer Erhebung {MIT_DER_SACHE}"

ERHEBUNGEN = (
    Teil(
        schluessel="frageboegen",
        titel="Fragebögen, die Sie freigegeben haben",
        zweck=NACHVOLLZIEHEN,
        dauer=NACH_DER_RUNDE,
        modell=Fragebogen,
        felder=("freigegeben_durch", "freigegeben_fuer"),
        verwandt=("erhebung", "kommune"),
        gezaehlt=True,
        spalten=(
            ("Erhebung", name_oder_leer("erhebung")),
            ("Kommune", name_oder_leer("kommune")),
            ("Freigegeben", lambda zeile, konto: zeile.freigegeben_am),
            ("Durch", rolle({"freigegeben_durch": "von Ihnen", "freigegeben_fuer": "in Vertretung für Sie"})),
        ),
    ),
    Teil(
        schluessel="antworten",
        titel="Fragen in Fragebögen, die bei Ihnen liegen oder die Sie beantwortet haben",
        zweck=NACHVOLLZIEHEN,
        dauer=NACH_DER_RUNDE,
        modell=Fragebogenantwort,
        felder=("zustaendig", "bearbeitet_durch"),
        verwandt=("fragebogen__erhebung", "fragebogen__kommune"),
        gezaehlt=True,
        spalten=(
            ("Erhebung", lambda zeile, konto: str(zeile.fragebogen.erhebung)),
            ("Kommune", lambda zeile, konto: str(zeile.fragebogen.kommune)),
            ("Art der Frage", lambda zeile, konto: zeile.get_art_display()),
            ("Von Ihnen", rolle({"zustaendig": "zu beantworten", "bearbeitet_durch": "zuletzt bearbeitet"})),
        ),
    ),
    Teil(
        schluessel="pruefungen",
        titel="Prüfungen von Antworten",
        zweck=NACHVOLLZIEHEN,
        dauer=NACH_DER_RUNDE,
        modell=Pruefung,
        felder=("durch",),
        verwandt=("antwort__fragebogen__erhebung", "antwort__fragebogen__kommune"),
        gezaehlt=True,
        spalten=(
            ("Erhebung", lambda zeile, konto: str(zeile.antwort.fragebogen.erhebung)),
            ("Kommune", lambda zeile, konto: str(zeile.antwort.fragebogen.kommune)),
            ("Entscheidung", lambda zeile, konto: zeile.get_entscheidung_display()),
            ("Am", lambda zeile, konto: zeile.am),
        ),
    ),
    Teil(
        schluessel="erinnerungen",
        titel="Erinnerungen an Fragebögen, die Sie verschickt haben",
        zweck=NACHVOLLZIEHEN,
        dauer=NACH_DER_RUNDE,
        modell=Erinnerung,
        felder=("durch",),
        verwandt=("fragebogen__erhebung", "fragebogen__kommune"),
        gezaehlt=True,
        spalten=(
            ("Erhebung", lambda zeile, konto: str(zeile.fragebogen.erhebung)),
            ("Kommune", lambda zeile, konto: str(zeile.fragebogen.kommune)),
            ("Am", lambda zeile, konto: zeile.am),
        ),
    ),
    Teil(
        schluessel="bestaetigungen",
        titel="Bestätigungen von Kooperationen",
        zweck=NACHVOLLZIEHEN,
        dauer=NACH_DER_RUNDE_ODER_SACHE,
        modell=Bestaetigung,
        felder=("durch", "fuer"),
        verwandt=("kooperation", "kommune"),
        gezaehlt=True,
        spalten=(
            ("Kooperation", name_oder_leer("kooperation")),
            ("Kommune", name_oder_leer("kommune")),
            ("Am", lambda zeile, konto: zeile.am),
            ("Bestätigt", durch_oder_fuer),
        ),
    ),
    Teil(
        schluessel="gespraeche",
        titel="Gespräche in Erhebungen, die Sie eingetragen haben",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Gespraech,
        felder=("durch",),
        verwandt=("erhebung", "kommune"),
        gezaehlt=True,
        spalten=(
            ("Erhebung", name_oder_leer("erhebung")),
            ("Kommune", name_oder_leer("kommune")),
            ("Termin", lambda zeile, konto: zeile.am),
        ),
    ),
    Teil(
        schluessel="veroeffentlichungen",
        titel="Veröffentlichungen von Erhebungen",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Veroeffentlichung,
        felder=("durch",),
        verwandt=("erhebung",),
        gezaehlt=True,
        spalten=(
            ("Erhebung", name_oder_leer("erhebung")),
            ("Art", lambda zeile, konto: zeile.get_art_display()),
            ("Veröffentlicht", lambda zeile, konto: zeile.veroeffentlicht_am),
        ),
    ),
    Teil(
        schluessel="zustimmungen",
        titel="Zustimmungen zu Veröffentlichungen",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Zustimmung,
        felder=("durch", "fuer"),
        verwandt=("veroeffentlichung__erhebung", "kommune"),
        gezaehlt=True,
        spalten=(
            ("Erhebung", lambda zeile, konto: str(zeile.veroeffentlichung.erhebung)),
            ("Kommune", name_oder_leer("kommune")),
            ("Am", lambda zeile, konto: zeile.am),
            ("Vermerk", lambda zeile, konto: zeile.vermerk),
            ("Zugestimmt", durch_oder_fuer),
        ),
    ),
    Teil(
        schluessel="einlesungen",
        titel="Eingelesene Dateien",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Einlesung,
        felder=("durch",),
        verwandt=("fassung",),
        gezaehlt=True,
        spalten=(
            ("Datei", lambda zeile, konto: zeile.fassung.dateiname),
            ("Eingelesen", lambda zeile, konto: zeile.angelegt_am),
            ("Zustand", lambda zeile, konto: zeile.get_status_display()),
        ),
    ),
)
