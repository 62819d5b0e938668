"""The way through the gate: name, size, content, in that order; the first that doesn't fit ends it."""

import hashlib
from collections.abc import Collection

from django.core.files.base import File

from ikz_portal.basis.schleuse import bild, dateiname, inhalt, office, pdf, text
from ikz_portal.basis.schleuse.befund import Abgewiesen, Dateiart, Daten, Geprueft

MB = 1 << 20
BLOCK = 1 << 20
FAMILIEN = {
    Dateiart.PDF: "pdf",
    Dateiart.JPEG: "jpeg",
    Dateiart.PNG: "png",
    Dateiart.CSV: "text",
    Dateiart.TXT: "text",
}


def pruefen(datei: File, *, erlaubt: Collection[Dateiart], hoechstens: int) -> Geprueft:
    """Return the facts of this file, at most so many bytes large; Abgewiesen if it may not come in."""
    name, endung = dateiname.gesaeubert(datei.name or "")
    art = _art(endung, erlaubt)
    if not datei.size:
        raise Abgewiesen("Die Datei ist leer. Bitte wählen Sie eine andere.", "leer")
    if datei.size > hoechstens:
        raise Abgewiesen(
            f"Die Datei ist größer als {hoechstens // MB} MB. Bitte verkleinern Sie sie, zum Beispiel ihre Bilder.",
            "zu_gross",
        )
    with inhalt.offen(datei) as daten:
        return Geprueft(
            datei=datei,
            name=name,
            art=art,
            groesse=len(daten),
            pruefsumme=_pruefsumme(daten),
            inhaltstyp=_inhaltstyp(daten, art),
        )


def _art(endung: str, erlaubt: Collection[Dateiart]) -> Dateiart:
    for art in erlaubt:
        if endung in art.value.endungen:
            return art
    namen = ", ".join(art.value.name for art in Dateiart if art in erlaubt)
    raise Abgewiesen(
        f"Dateien mit der Endung „.{endung[:20]}“ werden hier nicht angenommen. Möglich sind: {namen}.", "art"
    )


def _inhaltstyp(daten: Daten, art: Dateiart) -> str:
    familie = inhalt.familie(daten)
    if familie == "ole":
        raise Abgewiesen(
            "Die Datei ist mit einem Passwort verschlüsselt oder in einem alten Office-Format gespeichert. "
            "Bitte speichern Sie sie ohne Passwort im heutigen Format (docx, xlsx, pptx).",
            "altes_format",
        )
    if familie != FAMILIEN.get(art, "zip"):
        raise _passt_nicht(art)
    if familie == "text":
        return f"{art.value.inhaltstyp}; charset={text.pruefen(daten, tabelle=art is Dateiart.CSV)}"
    if familie == "zip":
        if office.pruefen(daten) is not art:
            raise _passt_nicht(art)
    else:
        {"pdf": pdf.pruefen, "jpeg": bild.jpeg_pruefen, "png": bild.png_pruefen}[familie](daten)
    return art.value.inhaltstyp


def _passt_nicht(art: Dateiart) -> Abgewiesen:
    return Abgewiesen(
        f"Der Inhalt passt nicht zur Endung: Es ist keine Datei der Art {art.value.name}. "
        "Bitte speichern Sie sie im richtigen Format und laden Sie sie noch einmal hoch.",
        "inhalt_passt_nicht",
    )


def _pruefsumme(daten: Daten) -> str:
    summe = hashlib.sha256()
    for stelle in range(0, len(daten), BLOCK):
        summe.update(daten[stelle : stelle + BLOCK])
    return summe.hexdigest()
