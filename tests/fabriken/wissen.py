"""Beiträge: published for those who are signed in, with `oeffentlich=True` for everybody."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from wissen.auswahl import BeitragArt, Sichtbarkeit
from wissen.models import Beitrag


class BeitragFactory(DjangoModelFactory):
    class Meta:
        model = Beitrag
        skip_postgeneration_save = True

    class Params:
        oeffentlich = factory.Trait(sichtbarkeit=Sichtbarkeit.OEFFENTLICH)
        entwurf = factory.Trait(veroeffentlicht_am=None)

    slug = factory.Sequence(lambda n: f"beitrag-{n}")
    titel = factory.Sequence(lambda n: f"Beitrag {n}")
    art = BeitragArt.LEITFADEN
    kurztext = "Worum es geht."
    text = "## Schritt 1\n\nZuerst das *Ziel* klären."
    veroeffentlicht_am = date(2026, 1, 15)

    @factory.post_generation
    def aufgabenfelder(self, create: bool, felder: tuple = (), **_: object) -> None:
        if create and felder:
            self.aufgabenfelder.set(felder)
