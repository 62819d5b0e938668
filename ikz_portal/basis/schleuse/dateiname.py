"""The name of a file as it may be shown, kept and given back: no path, no invisible characters, one extension."""

import re
import unicodedata

from ikz_portal.basis.schleuse.befund import Abgewiesen

HOECHSTENS = 120

# What a desktop runs or a browser renders: never in front of the extension that is shown.
AUSFUEHRBAR = {
    *("apk", "app", "bat", "chm", "cmd", "com", "cpl", "dll", "dmg", "exe", "hta", "img", "iso", "jar", "js", "jse"),
    *("lnk", "msc", "msi", "msp", "pif", "pl", "ps1", "py", "rar", "reg", "scf", "scr", "sh", "swf", "url", "vb"),
    *("vbe", "vbs", "wsf", "wsh", "zip", "7z", "asp", "aspx", "cgi", "htm", "html", "jsp", "mht", "mhtml", "php"),
    *("phtml", "shtml", "svg", "svgz", "xht", "xhtml", "xml", "xsl", "docm", "dotm", "potm", "ppam", "pptm", "xlam"),
    *("xll", "xlsb", "xlsm", "xltm"),
}
RESERVIERT = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
UNERLAUBT = re.compile(r'[<>:"|?*]')


def gesaeubert(roh: str) -> tuple[str, str]:
    """Return the clean name and its extension in lower case. Abgewiesen without one, or if it hides another."""
    stamm, punkt, endung = _sichtbares(roh).rpartition(".")
    endung = endung.lower()
    if not punkt or not endung.isalnum():
        raise Abgewiesen(
            "Der Dateiname hat keine Endung. Bitte benennen Sie die Datei um, zum Beispiel in „Protokoll.pdf“.",
            "ohne_endung",
        )
    if any(teil.strip().lower() in AUSFUEHRBAR for teil in stamm.split(".")[1:]):
        raise Abgewiesen(
            "Der Dateiname enthält zwei Endungen. Bitte benennen Sie die Datei um, sodass nur eine bleibt.",
            "doppelte_endung",
        )
    stamm = stamm.strip(" .") or "Datei"
    if RESERVIERT.fullmatch(stamm.split(".")[0].strip()):
        stamm = f"Datei {stamm}"
    return f"{stamm[: HOECHSTENS - len(endung) - 1].rstrip(' .')}.{endung}", endung


def _sichtbares(roh: str) -> str:
    """Return the last part of the path in NFC, without control, format and private characters."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", roh))[-1]
    name = re.sub(r"\s+", " ", name)
    name = "".join(zeichen for zeichen in name if unicodedata.category(zeichen)[0] != "C")
    return UNERLAUBT.sub("_", name).strip(" .").lstrip("-~")
