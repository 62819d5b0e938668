"""Declarations in each state, and what is said in them."""

from datetime import date
from typing import Any

from bestandsaufnahme.ablaeufe.interesse import Angaben, Inhalt
from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models import Interessenaenderung, Interessenbekundung
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import InteressenbekundungFactory

HEUTE, GESTERN = date(2026, 1, 15), date(2026, 1, 14)
# What nobody changes or joins any more.
UNGUELTIGE: list[dict[str, Any]] = [
    {"entwurf": True},
    {"zurueckgezogen": True},
    {"status": InteresseStatus.ABGELAUFEN},
    {"gueltig_bis": GESTERN},
]


def angaben(**werte: Any) -> Angaben:
    vorgabe = {"art": InteresseArt.KOOPERATIONSWILLE, "stufe": Stufe.INTERESSE, "wofuer": "Mehr Kraft."}
    return Angaben(**vorgabe | werte)


def inhalt(**werte: Any) -> Inhalt:
    return Inhalt(**{"stufe": Stufe.RESSOURCEN, "wofuer": "Neu gesagt."} | werte)


def bekundung(kommune: Kommune, status: str = InteresseStatus.ABGEGEBEN, **werte: Any) -> Interessenbekundung:
    """Return a declaration in this state, with what the state needs."""
    noetiges: dict[str, dict[str, Any]] = {
        InteresseStatus.ENTWURF: {"entwurf": True},
        InteresseStatus.ZURUECKGEZOGEN: {"zurueckgezogen": True},
    }
    return InteressenbekundungFactory(kommune=kommune, **noetiges.get(status, {"status": status}), **werte)


def unveraendert(interesse: Interessenbekundung) -> bool:
    """Tell that nothing was written of it."""
    jetzige = Interessenbekundung.objects.get(pk=interesse.pk)
    gleich = (jetzige.version, jetzige.status, jetzige.wofuer) == (1, interesse.status, interesse.wofuer)
    return gleich and not Interessenaenderung.objects.exists()
