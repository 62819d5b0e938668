"""Declarations of the prepared county beyond the plain one: one that waits for the head, one with a receipt."""

from typing import Any

from ikz_portal.basis import ablage
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import InteressenbekundungFactory

BELEG = "zzbelegzz"


def bekundungen(eigene: Kommune, *, kontakt: Konto, geschaeftsstelle: Konto) -> dict[str, dict[str, Any]]:
    """Return the objects by their names in the access table."""
    beleg = ablage.ablegen(
        titel=BELEG,
        dateiname=f"{BELEG}.pdf",
        inhaltstyp="application/pdf",
        inhalt=f"%PDF {BELEG}".encode(),
        durch=geschaeftsstelle,
    )
    im_auftrag = InteressenbekundungFactory(
        kommune=eigene, durch=geschaeftsstelle, vermerk="Schreiben der Kommune", beleg=beleg
    )
    wartende = InteressenbekundungFactory(kommune=eigene, durch=kontakt, unbestaetigt=True)
    return {"bekundung-im-auftrag": {"pk": im_auftrag.pk}, "bekundung-wartend": {"pk": wartende.pk}}
