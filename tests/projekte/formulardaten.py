"""What a browser sends from the form of a Projekt."""

from projekte.models import Projekt
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory


def daten(projekt: Projekt | None = None, *zeilen: dict[str, object], **andere: object) -> dict[str, object]:
    """Return what a browser posts: the fields of the form and the rows of the formset."""
    werte: dict[str, object] = {
        "name": projekt.name if projekt else "Gemeinsames Archiv",
        "aufgabenfeld": projekt.aufgabenfeld_id if projekt else AufgabenfeldFactory().pk,
        "status": projekt.status if projekt else "idee",
        "beginn": "2026-03-01",
        "beginn_genauigkeit": "tag",
        "ende_genauigkeit": "offen",
        "meilensteine-TOTAL_FORMS": len(zeilen),
        "meilensteine-INITIAL_FORMS": sum("id" in zeile for zeile in zeilen),
    }
    if projekt:
        werte["version"] = projekt.version
    for nummer, zeile in enumerate(zeilen):
        werte |= {f"meilensteine-{nummer}-{name}": wert for name, wert in zeile.items()}
    return werte | andere


def bearbeiten(projekt: Projekt) -> str:
    return f"/projekte/{projekt.slug}/bearbeiten/"
