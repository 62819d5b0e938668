"""Which Aufgabenfelder a person follows, and which it could."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from bestandsaufnahme.rechte import eigene_beobachtungen, sichtbare_aufgabenfelder
from kommunen.rechte import Betrachter


@dataclass(frozen=True, slots=True)
class Felder:
    """The Aufgabenfelder (rows of the model) that are followed, and the others."""

    beobachtete: list[Any]
    weitere: list[Any]


def beobachtbare_felder(konto: Betrachter) -> Felder:
    eigene = eigene_beobachtungen(konto).filter(aufgabenfeld=OuterRef("pk"))
    felder: QuerySet[Any] = sichtbare_aufgabenfelder(konto).annotate(beobachtet=Exists(eigene))
    alle = list(felder)
    return Felder([f for f in alle if f.beobachtet], [f for f in alle if not f.beobachtet])
