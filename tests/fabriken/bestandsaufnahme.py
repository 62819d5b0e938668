"""Fields, Kooperationen, Erhebungen and declarations."""

from collections.abc import Iterable
from datetime import date, timedelta

import factory

from bestandsaufnahme.auswahl import BeteiligungStatus, ErhebungStatus, Herkunft, InteresseArt, InteresseStatus
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beteiligung,
    Erhebung,
    ExternerPartner,
    Interessenbekundung,
    Interessenrunde,
    Kooperation,
    Kooperationsfeld,
    Rundenergebnis,
)
from tests.fabriken.kommunen import KommuneFactory


class AufgabenfeldFactory(factory.django.DjangoModelFactory):
    slug = factory.Sequence("aufgabenfeld-{}".format)
    name = factory.Sequence("Aufgabenfeld {:03}".format)
    reihenfolge = factory.Sequence(lambda nummer: 100 + nummer)

    class Meta:
        model = Aufgabenfeld


class KooperationsfeldFactory(factory.django.DjangoModelFactory):
    aufgabenfeld = factory.SubFactory(AufgabenfeldFactory)
    name = factory.Sequence("Kooperationsfeld {:03}".format)
    reihenfolge = factory.Sequence(int)

    class Meta:
        model = Kooperationsfeld


class ExternerPartnerFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence("Partner {:03}".format)

    class Meta:
        model = ExternerPartner


class KooperationFactory(factory.django.DjangoModelFactory):
    """A published Kooperation that nobody takes part in yet."""

    kooperationsfeld = factory.SubFactory(KooperationsfeldFactory)
    symbol = "■"
    bezeichnung = factory.Sequence("Kooperation {:03}".format)
    veroeffentlicht = True

    class Meta:
        model = Kooperation
        skip_postgeneration_save = True

    @factory.post_generation
    def externe_partner(self, create: bool, extracted: Iterable[ExternerPartner] | None) -> None:
        if create and extracted:
            self.externe_partner.set(extracted)


class ErhebungFactory(factory.django.DjangoModelFactory):
    """A closed and published round; each has a Stichtag of its own."""

    name = factory.Sequence("Erhebung {:03}".format)
    stichtag = factory.Sequence(lambda nummer: date(2000, 1, 1) + timedelta(days=nummer))
    status = ErhebungStatus.ABGESCHLOSSEN
    veroeffentlicht = True

    class Meta:
        model = Erhebung


class BeteiligungFactory(factory.django.DjangoModelFactory):
    kooperation = factory.SubFactory(KooperationFactory)
    kommune = factory.SubFactory(KommuneFactory)
    status = BeteiligungStatus.BESTEHT
    herkunft = Herkunft.FUSSNOTE
    gilt_ab = date(2013, 6, 30)

    class Meta:
        model = Beteiligung


class InteressenrundeFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence("Runde {:03}".format)
    veroeffentlicht = True

    class Meta:
        model = Interessenrunde


class RundenergebnisFactory(factory.django.DjangoModelFactory):
    runde = factory.SubFactory(InteressenrundeFactory)
    aufgabenfeld = factory.SubFactory(AufgabenfeldFactory)
    anzahl = 7

    class Meta:
        model = Rundenergebnis


class InteressenbekundungFactory(factory.django.DjangoModelFactory):
    """A filed declaration for an Aufgabenfeld."""

    class Params:
        entwurf = factory.Trait(status=InteresseStatus.ENTWURF, abgegeben_am=None)
        zurueckgezogen = factory.Trait(
            status=InteresseStatus.ZURUECKGEZOGEN,
            zurueckgezogen_am=date(2022, 6, 1),
            grund="Der Magistrat hat anders entschieden.",
        )

    kommune = factory.SubFactory(KommuneFactory)
    art = InteresseArt.KOOPERATIONSWILLE
    aufgabenfeld = factory.SubFactory(AufgabenfeldFactory)
    wofuer = "Wir möchten diese Aufgabe gemeinsam erledigen."
    status = InteresseStatus.ABGEGEBEN
    abgegeben_am = date(2022, 5, 19)

    class Meta:
        model = Interessenbekundung
