"""What names a person because it was entered, decided or led by it; the page counts most of it."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Q

from ikz_portal.basis.models import Aenderung, Fassung, Statuswechsel
from ikz_portal.startseite.abfragen.eigene_daten import Teil
from ikz_portal.startseite.abfragen.eigene_spalten import (
    MIT_DEM_KONTO,
    MIT_DER_SACHE,
    MITARBEIT,
    NACHVOLLZIEHEN,
    amt,
    durch_oder_fuer,
    letzter_tag,
    name_oder_leer,
    rolle,
)
from kommunen.models import Einladung, Konto, Vertretung
from projekte.models import Bericht, Projekt, Teilnahme


@cache
def _tabellen() -> dict[str, str]:
    return {modell._meta.db_table: str(modell._meta.verbose_name) for modell in apps.get_models()}


def _stand(spalte: str) -> Any:
    """Return the column of the own Konto's record; who else had a hand in it is not told."""
    return lambda eintrag, konto: {
        name: wert for name, wert in (getattr(eintrag, spalte) or {}).items() if not name.endswith("_id")
    }


EINTRAEGE = (
    Teil(
        schluessel="projekte",
        titel="Projekte, die Sie leiten",
        zweck=MITARBEIT,
        dauer=MIT_DER_SACHE,
        modell=Projekt,
        felder=("leitung",),
        gezaehlt=True,
        spalten=(("Projekt", lambda zeile, konto: zeile.name),),
    ),
    Teil(
        schluessel="teilnahmen",
        titel="Antworten zur Teilnahme an Projekten",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Teilnahme,
        felder=("durch", "fuer"),
        verwandt=("kommune", "projekt"),
        gezaehlt=True,
        spalten=(
            ("Projekt", lambda zeile, konto: zeile.projekt.name),
            ("Kommune", name_oder_leer("kommune")),
            ("Antwort", lambda zeile, konto: zeile.get_antwort_display()),
            ("Am", lambda zeile, konto: zeile.am),
            ("Vermerk", lambda zeile, konto: zeile.vermerk),
            ("Eingetragen", durch_oder_fuer),
        ),
    ),
    Teil(
        schluessel="statuswechsel",
        titel="Statuswechsel",
        zweck=NACHVOLLZIEHEN,
        dauer=f"{MIT_DER_SACHE}; bei einem Fragebogen {{fragebogen}} nach dem Ende der Erhebung",
        modell=Statuswechsel,
        felder=("durch", "fuer"),
        verwandt=("content_type",),
        gezaehlt=True,
        spalten=(
            ("Gegenstand", lambda zeile, konto: f"{zeile.content_type.name} {zeile.objekt_id}"),
            ("Von", lambda zeile, konto: zeile.von),
            ("Nach", lambda zeile, konto: zeile.nach),
            ("Gültig ab", lambda zeile, konto: zeile.gueltig_ab),
            ("Grund", lambda zeile, konto: zeile.grund),
            ("Eingetragen", durch_oder_fuer),
        ),
    ),
    Teil(
        schluessel="berichte",
        titel="Berichte",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Bericht,
        felder=("durch", "freigegeben_durch"),
        gezaehlt=True,
        spalten=(
            ("Stichtag", lambda zeile, konto: zeile.stichtag),
            ("Angefordert", lambda zeile, konto: zeile.angefordert_am),
            ("Von Ihnen", rolle({"durch": "angefordert", "freigegeben_durch": "freigegeben"})),
        ),
    ),
    Teil(
        schluessel="dateien",
        titel="Dateien",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Fassung,
        felder=("durch",),
        gezaehlt=True,
        spalten=(
            ("Datei", lambda zeile, konto: zeile.dateiname),
            ("Angelegt", lambda zeile, konto: zeile.angelegt_am),
        ),
    ),
    Teil(
        schluessel="ausgesprochene_einladungen",
        titel="Einladungen, die Sie ausgesprochen haben",
        zweck=NACHVOLLZIEHEN,
        dauer="{einladung} nach Annahme, Rückzug oder Ablauf",
        modell=Einladung,
        felder=("durch",),
        verwandt=("kommune",),
        gezaehlt=True,
        spalten=(
            ("Rolle", lambda zeile, konto: zeile.get_rolle_display()),
            ("Kommune", name_oder_leer("kommune")),
            ("Verschickt", lambda zeile, konto: zeile.angelegt_am),
        ),
    ),
    Teil(
        schluessel="eingetragene_vertretungen",
        titel="Vertretungen, die Sie eingetragen haben",
        zweck=NACHVOLLZIEHEN,
        dauer=MIT_DER_SACHE,
        modell=Vertretung,
        felder=("durch",),
        verwandt=("vertretener__kommune", "sitz__gremium", "sitz__kommune"),
        gezaehlt=True,
        spalten=(
            ("Amt", amt),
            ("Von", lambda zeile, konto: zeile.von),
            ("Letzter Tag", letzter_tag),
        ),
    ),
    Teil(
        schluessel="protokoll_ueber_konto",
        titel="Einträge im Protokoll über Ihr Konto",
        zweck=NACHVOLLZIEHEN,
        dauer=f"Name und Adresse: {MIT_DEM_KONTO}",
        modell=Aenderung,
        bedingung=lambda konto: Q(tabelle=Konto._meta.db_table, objekt=str(konto.pk)),
        gezaehlt=True,
        spalten=(
            ("Am", lambda zeile, konto: zeile.am),
            ("Art", lambda zeile, konto: zeile.get_art_display()),
            ("Stand", _stand("stand")),
            ("Vorher", _stand("vorher")),
        ),
    ),
    Teil(
        schluessel="protokoll",
        titel="Einträge im Protokoll über Ihre Änderungen",
        zweck=NACHVOLLZIEHEN,
        dauer="mit Bezug auf Sie {protokoll}, bei Fragebögen {fragebogen} nach dem Ende der Erhebung",
        modell=Aenderung,
        felder=("konto", "fuer"),
        spalten=(
            ("Am", lambda zeile, konto: zeile.am),
            ("Art", lambda zeile, konto: zeile.get_art_display()),
            ("Gegenstand", lambda zeile, konto: f"{_tabellen().get(zeile.tabelle, zeile.tabelle)} {zeile.objekt}"),
            ("Auf der Seite", lambda zeile, konto: zeile.quelle),
            ("Eingetragen", rolle({"konto": "von Ihnen", "fuer": "in Vertretung für Sie"})),
        ),
    ),
)
