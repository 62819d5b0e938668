"""What names a person because of declarations of interest: what it is told, what it follows, what it entered."""

from bestandsaufnahme.abfragen.interesse.interesse import feldname
from bestandsaufnahme.models import (
    Beobachtung,
    Bestaetigungspflicht,
    Interessenaenderung,
    Interessenbekundung,
    Rundenrueckmeldung,
)
from ikz_portal.startseite.abfragen.eigene_daten import Teil
from ikz_portal.startseite.abfragen.eigene_spalten import (
    MIT_DEM_KONTO,
    MIT_DER_SACHE,
    MITARBEIT,
    NACHVOLLZIEHEN,
    durch_oder_fuer,
    name_oder_leer,
    rolle,
)
from kommunen.models import Meldewunsch, Meldung
from projekte.models import Starthilfe

BENACHRICHTIGEN = "Benachrichtigung, wie Sie es gewählt haben"

INTERESSEN = (
    Teil(
        schluessel="meldewuensche",
        titel="Ihre Wahl, wie Sie benachrichtigt werden",
        zweck=BENACHRICHTIGEN,
        dauer=MIT_DEM_KONTO,
        modell=Meldewunsch,
        felder=("konto",),
        gezaehlt=True,
        spalten=(
            ("Anlass", lambda zeile, konto: zeile.get_anlass_display()),
            ("E-Mail", lambda zeile, konto: zeile.get_rhythmus_display()),
        ),
    ),
    Teil(
        schluessel="beobachtungen",
        titel="Aufgabenfelder, die Sie beobachten",
        zweck=BENACHRICHTIGEN,
        dauer=MIT_DEM_KONTO,
        modell=Beobachtung,
        felder=("konto",),
        verwandt=("aufgabenfeld",),
        gezaehlt=True,
        spalten=(
            ("Aufgabenfeld", name_oder_leer("aufgabenfeld")),
            ("Seit", lambda zeile, konto: zeile.seit),
        ),
    ),
    Teil(
        schluessel="meldungen",
        titel="Benachrichtigungen",
        zweck=BENACHRICHTIGEN,
        dauer="{meldung}",
        modell=Meldung,
        felder=("konto",),
        gezaehlt=True,
        spalten=(
            ("Anlass", lambda zeile, konto: zeile.get_anlass_display()),
            ("Vorgemerkt", lambda zeile, konto: zeile.angelegt_am),
            ("Erledigt", lambda zeile, konto: zeile.erledigt_am),
        ),
    ),
    Teil(
        schluessel="interessenbekundungen",
        titel="Interessenbekundungen",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Interessenbekundung,
        felder=("durch", "fuer", "kontakt"),
        verwandt=("kommune", "aufgabenfeld", "kooperationsfeld"),
        gezaehlt=True,
        spalten=(
            ("Kommune", name_oder_leer("kommune")),
            ("Feld", lambda zeile, konto: feldname(zeile)),
            ("Abgegeben", lambda zeile, konto: zeile.abgegeben_am),
            (
                "Sie",
                rolle(
                    {
                        "durch": "haben sie eingetragen",
                        "fuer": "wurden dabei vertreten",
                        "kontakt": "sind Ansprechperson",
                    }
                ),
            ),
        ),
    ),
    Teil(
        schluessel="interessenaenderungen",
        titel="Änderungen von Interessenbekundungen",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Interessenaenderung,
        felder=("durch", "fuer"),
        verwandt=("interesse__kommune", "interesse__aufgabenfeld", "interesse__kooperationsfeld"),
        gezaehlt=True,
        spalten=(
            ("Interessenbekundung", name_oder_leer("interesse")),
            ("Am", lambda zeile, konto: zeile.am),
            ("Grund", lambda zeile, konto: zeile.grund),
            ("Eingetragen", durch_oder_fuer),
        ),
    ),
    Teil(
        schluessel="rundenrueckmeldungen",
        titel="Rückmeldungen in Interessenrunden",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Rundenrueckmeldung,
        felder=("durch", "fuer"),
        verwandt=("runde", "kommune"),
        gezaehlt=True,
        spalten=(
            ("Runde", name_oder_leer("runde")),
            ("Kommune", name_oder_leer("kommune")),
            ("Am", lambda zeile, konto: zeile.am),
            ("Eingetragen", durch_oder_fuer),
        ),
    ),
    Teil(
        schluessel="bestaetigungspflichten",
        titel="Von Ihnen verlangte Bestätigungen von Interessen",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Bestaetigungspflicht,
        felder=("durch",),
        verwandt=("kommune",),
        gezaehlt=True,
        spalten=(
            ("Kommune", name_oder_leer("kommune")),
            ("Seit", lambda zeile, konto: zeile.seit),
        ),
    ),
    Teil(
        schluessel="starthilfen",
        titel="Projektideen, für die Sie Ansprechperson sind",
        zweck=MITARBEIT,
        dauer=MIT_DER_SACHE,
        modell=Starthilfe,
        felder=("kontakt",),
        verwandt=("projekt",),
        gezaehlt=True,
        spalten=(
            ("Projekt", name_oder_leer("projekt")),
            ("Am", lambda zeile, konto: zeile.am),
        ),
    ),
)
