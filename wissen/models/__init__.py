from wissen.models.beitrag import Beitrag

__all__ = ["Beitrag"]
