from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kennzahl:
    """A figure on a dashboard, and the address of exactly the rows that it counts."""

    wert: int
    name: str
    url: str
    einzahl: str = ""
    hinweis: str = ""

    @property
    def worte(self) -> str:
        """The name, in the singular where there is one of them."""
        return self.einzahl if self.wert == 1 and self.einzahl else self.name
