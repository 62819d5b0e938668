"""Fields, Kooperationen, Erhebungen and declarations."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import factory

from bestandsaufnahme.auswahl import (
    AntwortArt,
    BeteiligungStatus,
    ErhebungStatus,
    FragebogenStatus,
    Herkunft,
    InteresseArt,
    InteresseStatus,
    RundeStatus,
    Stufe,
    VeroeffentlichungArt,
    VeroeffentlichungStatus,
)
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beobachtung,
    Bestaetigung,
    Bestaetigungspflicht,
    Beteiligung,
    Erfolgsfaktor,
    Erhebung,
    ExternerPartner,
    Fragebogen,
    Fragebogenantwort,
    Gespraech,
    Hemmnis,
    Interessenaenderung,
    Interessenbekundung,
    Interessenrunde,
    Kooperation,
    Kooperationsfeld,
    Rundenergebnis,
    Rundennennung,
    Rundenrueckmeldung,
    Veroeffentlichung,
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
    def bestaetigt(self, create: bool, extracted: date | None) -> None:
        if create and extracted:
            BestaetigungFactory(kooperation=self, am=extracted)

    @factory.post_generation
    def externe_partner(self, create: bool, extracted: Iterable[ExternerPartner] | None) -> None:
        if create and extracted:
            self.externe_partner.set(extracted)


class ErhebungFactory(factory.django.DjangoModelFactory):
    """A closed round, published by name unless told otherwise; each has a Stichtag of its own."""

    name = factory.Sequence("Erhebung {:03}".format)
    stichtag = factory.Sequence(lambda nummer: date(2000, 1, 1) + timedelta(days=nummer))
    status = ErhebungStatus.ABGESCHLOSSEN

    class Meta:
        model = Erhebung
        skip_postgeneration_save = True

    class Params:
        laufend = factory.Trait(
            status=ErhebungStatus.LAEUFT,
            frist=date(2026, 12, 31),
            stichtag=factory.Sequence(lambda nummer: date(2020, 1, 1) + timedelta(days=nummer)),
            veroeffentlicht=False,
        )

    @factory.post_generation
    def veroeffentlicht(self, create: bool, extracted: bool | None) -> None:
        if create and extracted is not False:
            VeroeffentlichungFactory(erhebung=self, veroeffentlicht_am=self.stichtag, oeffentlich_ab=self.stichtag)


class VeroeffentlichungFactory(factory.django.DjangoModelFactory):
    """Published by name, for everybody."""

    erhebung = factory.SubFactory(ErhebungFactory, veroeffentlicht=False)
    art = VeroeffentlichungArt.MIT_NAMEN
    status = VeroeffentlichungStatus.VEROEFFENTLICHT
    veroeffentlicht_am = date(2022, 5, 19)
    oeffentlich_ab = date(2022, 5, 19)

    class Meta:
        model = Veroeffentlichung


class BestaetigungFactory(factory.django.DjangoModelFactory):
    kooperation = factory.SubFactory("tests.fabriken.bestandsaufnahme.KooperationFactory")
    am = date(2013, 6, 30)

    class Meta:
        model = Bestaetigung


class FragebogenFactory(factory.django.DjangoModelFactory):
    """An open one in a running round."""

    erhebung = factory.SubFactory(ErhebungFactory, laufend=True)
    kommune = factory.SubFactory(KommuneFactory)

    class Meta:
        model = Fragebogen

    class Params:
        freigegeben = factory.Trait(
            status=FragebogenStatus.FREIGEGEBEN, freigegeben_am=datetime(2026, 9, 1, 12, tzinfo=UTC)
        )


class FragebogenantwortFactory(factory.django.DjangoModelFactory):
    """The question whether a Kooperation still holds, not answered yet."""

    fragebogen = factory.SubFactory(FragebogenFactory)
    art = AntwortArt.KOOPERATION
    kooperation = factory.SubFactory("tests.fabriken.bestandsaufnahme.KooperationFactory")

    class Meta:
        model = Fragebogenantwort


class GespraechFactory(factory.django.DjangoModelFactory):
    erhebung = factory.SubFactory(ErhebungFactory, laufend=True)
    kommune = factory.SubFactory(KommuneFactory)
    am = datetime(2026, 9, 1, 12, tzinfo=UTC)

    class Meta:
        model = Gespraech


class HemmnisFactory(factory.django.DjangoModelFactory):
    kuerzel = factory.Sequence("HX{:02}".format)
    name = factory.Sequence("Hemmnis {:03}".format)

    class Meta:
        model = Hemmnis


class ErfolgsfaktorFactory(factory.django.DjangoModelFactory):
    kuerzel = factory.Sequence("EX{:02}".format)
    name = factory.Sequence("Erfolgsfaktor {:03}".format)

    class Meta:
        model = Erfolgsfaktor


class BeteiligungFactory(factory.django.DjangoModelFactory):
    kooperation = factory.SubFactory(KooperationFactory)
    kommune = factory.SubFactory(KommuneFactory)
    status = BeteiligungStatus.BESTEHT
    herkunft = Herkunft.FUSSNOTE
    gilt_ab = date(2013, 6, 30)

    class Meta:
        model = Beteiligung


class InteressenrundeFactory(factory.django.DjangoModelFactory):
    """A finished one, whose result is public."""

    class Params:
        laufend = factory.Trait(
            status=RundeStatus.LAEUFT, beginn=date(2026, 11, 1), frist=date(2026, 12, 31), veroeffentlicht=False
        )

    name = factory.Sequence("Runde {:03}".format)
    veroeffentlicht = True

    class Meta:
        model = Interessenrunde


class RundenrueckmeldungFactory(factory.django.DjangoModelFactory):
    """Of a Kommune that was asked and hasn't answered yet."""

    runde = factory.SubFactory(InteressenrundeFactory, laufend=True)
    kommune = factory.SubFactory(KommuneFactory)

    class Meta:
        model = Rundenrueckmeldung


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
        unbestaetigt = factory.Trait(bestaetigung_noetig=True)
        bestaetigt = factory.Trait(status=InteresseStatus.BESTAETIGT)
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


class InteressenaenderungFactory(factory.django.DjangoModelFactory):
    """The Kommune raised the Stufe."""

    interesse = factory.SubFactory(InteressenbekundungFactory, stufe=Stufe.RESSOURCEN)
    am = date(2022, 6, 1)
    stufe_von = Stufe.INTERESSE
    stufe_nach = Stufe.RESSOURCEN

    class Meta:
        model = Interessenaenderung


class RundennennungFactory(factory.django.DjangoModelFactory):
    runde = factory.SubFactory(InteressenrundeFactory)
    interesse = factory.SubFactory(InteressenbekundungFactory)
    stufe = Stufe.INTERESSE

    class Meta:
        model = Rundennennung


class BestaetigungspflichtFactory(factory.django.DjangoModelFactory):
    kommune = factory.SubFactory(KommuneFactory)
    seit = date(2022, 1, 1)

    class Meta:
        model = Bestaetigungspflicht


class BeobachtungFactory(factory.django.DjangoModelFactory):
    konto = factory.SubFactory("tests.fabriken.kommunen.KontoFactory")
    aufgabenfeld = factory.SubFactory(AufgabenfeldFactory)
    seit = date(2022, 1, 1)

    class Meta:
        model = Beobachtung
