from kommunen.models.gremium import Gremium, Sitz
from kommunen.models.kommune import Einwohnerstand, Kommune
from kommunen.models.konto import Konto
from kommunen.models.verbund import Verbund

__all__ = ["Einwohnerstand", "Gremium", "Kommune", "Konto", "Sitz", "Verbund"]
