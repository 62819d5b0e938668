"""What a cell says: words of the portal, days in any of the forms in which a spreadsheet keeps them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bestandsaufnahme.abfragen.einlesung.blatt import FEHLERWERTE, ZELLE_HOECHSTENS, Unpassend, Wert
from bestandsaufnahme.abfragen.einlesung.xlsx import fehlerwert
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft, Rechtsform
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import MONATE

DEUTSCH, ISO = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})"), re.compile(r"(\d{4})-(\d{2})-(\d{2})")
TAG_NULL = date(1899, 12, 30)  # from which Excel counts its days
FRUEHESTER, SPAETESTER = date(1945, 1, 1), date(2200, 12, 31)

STATUS: dict[str, str] = {
    **{label.casefold(): wert for wert, label in BeteiligungStatus.choices},
    **{wert: wert for wert in BeteiligungStatus.values},
    "existent": BeteiligungStatus.BESTEHT,
    "in vorbereitung": BeteiligungStatus.VORGESEHEN,
    "nicht zustande gekommen": BeteiligungStatus.ERWOGEN,
    "nicht überliefert": BeteiligungStatus.UNBEKANNT,
}
ROLLEN: dict[str, str] = {
    **{label.casefold(): wert for wert, label in BeteiligungRolle.choices},
    **{wert: wert for wert in BeteiligungRolle.values},
    "federführung": BeteiligungRolle.FEDERFUEHREND,
}
HERKUENFTE: dict[str, str] = {
    **{label.casefold(): wert for wert, label in Herkunft.choices},
    **{label.casefold().removeprefix("laut "): wert for wert, label in Herkunft.choices},
    **{wert: wert for wert in Herkunft.values},
}
RECHTSFORMEN: dict[str, str] = {
    **{label.casefold(): wert for wert, label in Rechtsform.choices},
    **{label.casefold().partition(" (")[0]: wert for wert, label in Rechtsform.choices},
    **{wert.replace("_", "-"): wert for wert in Rechtsform.values},
    **{wert: wert for wert in Rechtsform.values},
}


def vergleichbar(text: str) -> str:
    """Return the text as it is compared: upper and lower case, and the number of blanks, make no difference."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def text(wert: Wert, hoechstens: int = ZELLE_HOECHSTENS) -> str:
    """Return what stands there as a text in one line; Unpassend if it can't be kept, or is an error value."""
    roh = _als_text(wert)
    if any(unicodedata.category(zeichen) in {"Cc", "Cs"} and not zeichen.isspace() for zeichen in roh):
        raise Unpassend(
            "Der Text enthält ein Zeichen, das nicht gespeichert werden kann. Bitte tragen Sie ihn neu ein."
        )
    glatt = " ".join(unicodedata.normalize("NFC", roh).split())
    if glatt.upper() in FEHLERWERTE:
        raise Unpassend(fehlerwert(glatt))
    if len(glatt) > hoechstens:
        raise Unpassend(f"Der Text hat {len(glatt)} Zeichen, möglich sind {hoechstens}. Bitte kürzen Sie ihn.")
    return glatt


def _als_text(wert: Wert) -> str:
    match wert:
        case str():
            return wert
        case bool():
            return "ja" if wert else "nein"
        case float() if wert.is_integer():
            return str(int(wert))
        case date():
            return f"{wert:%d.%m.%Y}"
        case _:
            return str(wert)


def tag(wert: Wert) -> date | None:
    """Return the day, None for an empty cell: a date, a number as Excel counts days, or a text like 30.06.2013."""
    gelesen = _tag(wert)
    if gelesen is not None and not FRUEHESTER <= gelesen <= SPAETESTER:
        raise Unpassend(
            f"{gelesen.day:02}.{gelesen.month:02}.{gelesen.year:04} liegt außerhalb der Jahre {FRUEHESTER.year} bis "
            f"{SPAETESTER.year}. Bitte prüfen Sie das Jahr."
        )
    return gelesen


def _tag(wert: Wert) -> date | None:
    if isinstance(wert, datetime):
        return wert.date()
    if isinstance(wert, date):
        return wert
    if isinstance(wert, int | float) and not isinstance(wert, bool):
        return _gezaehlter_tag(wert)
    glatt = text(wert)
    if not glatt:
        return None
    if stellen := DEUTSCH.fullmatch(glatt):
        return _kalendertag(glatt, int(stellen[3]), int(stellen[2]), int(stellen[1]))
    if stellen := ISO.fullmatch(glatt.removesuffix(" 00:00:00")):
        return _kalendertag(glatt, int(stellen[1]), int(stellen[2]), int(stellen[3]))
    raise _kein_tag(glatt)


def _gezaehlter_tag(zahl: float) -> date:
    """A number without a date's format; a year such as 2013 lies in 1905 as a day, and is none."""
    if 0 < zahl <= (SPAETESTER - TAG_NULL).days and (TAG_NULL + timedelta(days=int(zahl))) >= FRUEHESTER:
        return TAG_NULL + timedelta(days=int(zahl))
    raise _kein_tag(_als_text(zahl))


def _kalendertag(glatt: str, jahr: int, monat: int, tag_im_monat: int) -> date:
    try:
        return date(jahr, monat, tag_im_monat)
    except ValueError as fehler:
        raise Unpassend(f"Den Tag „{glatt}“ gibt es im Kalender nicht.") from fehler


def _kein_tag(glatt: str) -> Unpassend:
    return Unpassend(f"„{_gekuerzt(glatt)}“ ist kein Tag. Bitte schreiben Sie ihn so: 30.06.2013.")


def wort(glatt: str, worte: Mapping[str, str], was: str, moeglich: list[str]) -> str:
    """Return what this word stands for; Unpassend with all the words there are."""
    if (wert := worte.get(vergleichbar(glatt))) is not None:
        return wert
    raise Unpassend(f"„{_gekuerzt(glatt)}“ ist {was}. Möglich sind: {', '.join(f'„{label}“' for label in moeglich)}.")


def status(glatt: str) -> str:
    return wort(glatt, STATUS, "kein Status", list(BeteiligungStatus.labels))


def rolle(glatt: str) -> str:
    return wort(glatt, ROLLEN, "keine Rolle", list(BeteiligungRolle.labels))


def herkunft(glatt: str) -> str:
    return wort(glatt, HERKUENFTE, "keine Herkunft", list(Herkunft.labels))


def rechtsform(glatt: str) -> str:
    """A note behind the form („… – Vertrag mit einem Verlag“) isn't read."""
    return wort(glatt.partition(" – ")[0], RECHTSFORMEN, "keine Rechtsform", list(Rechtsform.labels))


def partner(glatt: str, hoechstens: int) -> tuple[str, ...]:
    """Return the names in „Firma A; Firma B“, each once."""
    namen = [name for teil in glatt.split(";") if (name := teil.strip())]
    if zu_lang := next((name for name in namen if len(name) > hoechstens), None):
        raise Unpassend(f"Der Name „{_gekuerzt(zu_lang)}“ hat {len(zu_lang)} Zeichen, möglich sind {hoechstens}.")
    return tuple({vergleichbar(name): name for name in namen}.values())


def beginn(glatt: str) -> tuple[date | None, str, str]:
    """Return (day, precision, note) of „2012“, „Mai 2016“, „01.05.2016“; other words are kept as the note."""
    if not glatt or vergleichbar(glatt) == Genauigkeit.UNBEKANNT.label:
        return None, Genauigkeit.UNBEKANNT, ""
    worte = glatt.split()
    if DEUTSCH.fullmatch(glatt):
        return tag(glatt), Genauigkeit.TAG, ""
    jahr = int(worte[-1]) if re.fullmatch(r"[0-9]{4}", worte[-1]) else 0
    if FRUEHESTER.year <= jahr <= SPAETESTER.year:
        if len(worte) == 1:
            return date(jahr, 1, 1), Genauigkeit.JAHR, ""
        if len(worte) == 2 and worte[0] in MONATE:
            return date(jahr, MONATE.index(worte[0]) + 1, 1), Genauigkeit.MONAT, ""
    return None, Genauigkeit.UNBEKANNT, glatt


def _gekuerzt(glatt: str) -> str:
    return glatt if len(glatt) <= 60 else f"{glatt[:59]}…"
