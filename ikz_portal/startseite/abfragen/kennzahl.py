from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kennzahl:
    """A figure on a dashboard, and the address of exactly the rows that it counts."""

    wert: int
    name: str
    url: str
    hinweis: str = ""
