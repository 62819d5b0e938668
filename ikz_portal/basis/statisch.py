"""Static files out of the wheels: the two files of Bootstrap that are used, and Fira Sans cut down to Latin WOFF2."""

import os
import re
from collections.abc import Callable, Iterable
from functools import partial
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, overload

import bootstrap_wrapper
import fontpkg_fira_sans
from django.conf import settings
from django.contrib.staticfiles import utils
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage
from fontTools import subset

Orte = list[str]  # inside the finder, list is a method

BOOTSTRAP = Path(bootstrap_wrapper.get_bootstrap_dir())
# Latin with the letters of all European languages, typographic marks, arrows, signs of comparison, the euro.
ZEICHEN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(0x218, 0x219, 0x21A, 0x21B, 0x1E9E),
    *range(0x2010, 0x2028),
    *(0x2030, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
    *range(0x2190, 0x2194),
]
MERKMALE = ["ccmp", "kern", "liga", "lnum", "locl", "mark", "pnum", "tnum"]
VERWEIS_AUF_KARTE = re.compile(rb"\s*/[/*]# sourceMappingURL=\S+(\s*\*/)?\s*\Z")


def _bootstrap(datei: str) -> bytes:
    """Return the file without the reference to its source map, which is not served."""
    return VERWEIS_AUF_KARTE.sub(b"\n", (BOOTSTRAP / datei).read_bytes())


def _fira(schnitt: str) -> bytes:
    """Return the weight as WOFF2 with Latin letters only: about a tenth of the wheel's TTF."""
    wahl = subset.Options(flavor="woff2", layout_features=MERKMALE, hinting=False, name_IDs=[0, 1, 2, 13, 14])
    teil = subset.Subsetter(wahl)
    teil.populate(unicodes=ZEICHEN)
    ziel = BytesIO()
    with subset.load_font(fontpkg_fira_sans.ROOT / "files" / f"{schnitt}.ttf", wahl) as schrift:
        teil.subset(schrift)
        subset.save_font(schrift, ziel, wahl)
    return ziel.getvalue()


DATEIEN: dict[str, Callable[[], bytes]] = {
    "bootstrap/bootstrap.min.css": partial(_bootstrap, "css/bootstrap.min.css"),
    "bootstrap/bootstrap.bundle.min.js": partial(_bootstrap, "js/bootstrap.bundle.min.js"),
    "schrift/FiraSans-Regular.woff2": partial(_fira, "FiraSans-Regular"),
    "schrift/FiraSans-Italic.woff2": partial(_fira, "FiraSans-Italic"),
    "schrift/FiraSans-SemiBold.woff2": partial(_fira, "FiraSans-SemiBold"),
}


def _stand() -> str:
    """Name what the files are made of, so that an update of a wheel makes them anew."""
    pakete = ("bootstrap-wrapper", "fontpkg-fira-sans", "fonttools")
    return " ".join(f"{paket}={version(paket)}" for paket in pakete) + f" zeichen={len(ZEICHEN)}"


def _schreiben(ziel: Path, inhalt: bytes) -> None:
    """Write in one step: several processes may ask for the same file."""
    vorlaeufig = ziel.with_name(f".{ziel.name}.{os.getpid()}")
    vorlaeufig.write_bytes(inhalt)
    vorlaeufig.replace(ziel)


def bereitstellen(name: str) -> Path:
    """Return the file in the data folder, made now if it is missing or its wheel has changed."""
    ziel = Path(settings.DATEN) / name
    stempel = ziel.with_name(f".{ziel.name}.stand")
    if not (ziel.exists() and stempel.exists() and stempel.read_text(encoding="utf-8") == _stand()):
        ziel.parent.mkdir(parents=True, exist_ok=True)
        _schreiben(ziel, DATEIEN[name]())
        _schreiben(stempel, _stand().encode())
    return ziel


class RadFinder(BaseFinder):
    """Finds the few files of wheels that the portal serves; they lie in the data folder under their static path."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    @overload
    def find(self, path: str, find_all: Literal[False] = False) -> str | None: ...

    @overload
    def find(self, path: str, find_all: Literal[True]) -> Orte: ...

    def find(self, path: str, find_all: bool = False) -> str | Orte | None:
        if path not in DATEIEN:
            return [] if find_all else None
        ort = str(bereitstellen(path))
        return [ort] if find_all else ort

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, FileSystemStorage]]:
        lager = FileSystemStorage(location=settings.DATEN)
        for name in DATEIEN:
            if not utils.matches_patterns(name, ignore_patterns or ()):
                bereitstellen(name)
                yield name, lager
