from wissen.models.beitrag import Beitrag, Beitragsfeld

__all__ = ["Beitrag", "Beitragsfeld"]
