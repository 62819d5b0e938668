"""Charts as SVG made on the server: the same string for the page (themed by diagramme.css) and for the PDF.

Each chart carries classes and presentation attributes: CSS and custom properties rule on the page, the attributes in
WeasyPrint, where a document's CSS doesn't reach into an SVG. Everything given is escaped; there is no style attribute.
"""

from ikz_portal.basis.diagramme.ablaufplan import PlanZeile, ablaufplan
from ikz_portal.basis.diagramme.balken import Balken, balkendiagramm, balkenstrich
from ikz_portal.basis.diagramme.kachelkarte import Kachel, kachelkarte
from ikz_portal.basis.diagramme.netz import Faden, Knoten, netzbild
from ikz_portal.basis.diagramme.waerme import Waermereihe, waermebild

__all__ = [
    "Balken",
    "Faden",
    "Kachel",
    "Knoten",
    "PlanZeile",
    "Waermereihe",
    "ablaufplan",
    "balkendiagramm",
    "balkenstrich",
    "kachelkarte",
    "netzbild",
    "waermebild",
]
