from ikz_portal.basis.models.aenderung import Aenderung
from ikz_portal.basis.models.ansicht import GespeicherteAnsicht
from ikz_portal.basis.models.dokument import Dokument, Fassung
from ikz_portal.basis.models.lauf import Lauf
from ikz_portal.basis.models.postausgang import Postausgang
from ikz_portal.basis.models.statuswechsel import Statuswechsel

__all__ = ["Aenderung", "Dokument", "Fassung", "GespeicherteAnsicht", "Lauf", "Postausgang", "Statuswechsel"]
