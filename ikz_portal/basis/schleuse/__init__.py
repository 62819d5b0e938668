"""The one gate for files that somebody uploads: what a file claims to be, it is, and it carries nothing that acts.

Structure is checked, nothing is rendered or unpacked to disk, memory and time are bounded (decision 0012).
"""

from ikz_portal.basis.schleuse.befund import BILDER, DOKUMENTE, TABELLEN, Abgewiesen, Dateiart, Geprueft
from ikz_portal.basis.schleuse.feld import DateiFeld
from ikz_portal.basis.schleuse.tor import pruefen

__all__ = ["BILDER", "DOKUMENTE", "TABELLEN", "Abgewiesen", "DateiFeld", "Dateiart", "Geprueft", "pruefen"]
