"""The content of an upload, whole but not in memory, and what its first bytes say it is."""

import io
import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import File

from ikz_portal.basis.schleuse.befund import Daten

ANFAENGE = {
    b"%PDF-": "pdf",
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"PK": "zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
}
# What a browser would take for a page, wherever in the first kilobyte it looks.
SEITE = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg|\?xml|\?php|object|embed)\b|<!--", re.IGNORECASE)
SKRIPT = re.compile(rb"<script\b|<\?php|<svg\b|<iframe\b|javascript:", re.IGNORECASE)


@contextmanager
def offen(datei: File) -> Iterator[Daten]:
    """Yield the content to search and slice; what lies on disk is mapped, so that its size costs no memory."""
    datei.seek(0)
    nummer = _nummer(datei)
    if nummer is None:
        yield datei.read()
    else:
        datei.flush()
        with mmap.mmap(nummer, 0, access=mmap.ACCESS_READ) as daten:
            yield daten
    datei.seek(0)


def _nummer(datei: File) -> int | None:
    try:
        return datei.fileno()
    except (io.UnsupportedOperation, AttributeError):
        return None


def familie(daten: Daten) -> str:
    """Return what the first bytes say: pdf, jpeg, png, zip, ole (Office before 2007, or encrypted), or text."""
    anfang = daten[:16]
    return next((name for magie, name in ANFAENGE.items() if anfang.startswith(magie)), "text")
