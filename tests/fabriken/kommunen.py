"""Kommunen, Konten, Gremien. Numbers of AGS and tiles keep clear of those of the seed data."""

from datetime import date, timedelta

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from kommunen.auswahl import GremiumArt, KommuneArt, Meldeanlass, Rhythmus, Rolle
from kommunen.models import (
    Einladung,
    Einwohnerstand,
    Gremium,
    Kommune,
    Konto,
    Meldewunsch,
    Meldung,
    Sitz,
    Verbund,
    Vertretung,
)


class VerbundFactory(factory.django.DjangoModelFactory):
    id = 1
    name = "Interkommunale Zusammenarbeit im Musterkreis"
    kurzname = "IKZ Musterkreis"
    geschaeftsstelle = "Geschäftsstelle der interkommunalen Zusammenarbeit"
    stand_der_daten = date(2022, 5, 19)

    class Meta:
        model = Verbund
        django_get_or_create = ["id"]


class KommuneFactory(factory.django.DjangoModelFactory):
    class Params:
        kreis = factory.Trait(
            art=KommuneArt.KREIS,
            ags=factory.Sequence("{:05}".format),
            name=factory.Sequence("Kreis {:03}".format),
            verwaltungsorgan="Kreisausschuss",
            vertretungskoerperschaft="Kreistag",
            amtsbezeichnung_spitze="Landrat/Landrätin",
        )

    ags = factory.Sequence("069{:05}".format)
    name = factory.Sequence("Kommune {:03}".format)
    kurzname = factory.SelfAttribute("name")
    kuerzel = factory.Sequence("K{:03}".format)
    art = KommuneArt.STADT
    flaeche_km2 = "20.00"
    verwaltungsorgan = "Magistrat"
    vertretungskoerperschaft = "Stadtverordnetenversammlung"
    amtsbezeichnung_spitze = "Bürgermeister/in"
    kachel_zeile = factory.Sequence(lambda nummer: 100 + nummer // 4)
    kachel_spalte = factory.Sequence(lambda nummer: 1 + nummer % 4)

    class Meta:
        model = Kommune


class EinwohnerstandFactory(factory.django.DjangoModelFactory):
    kommune = factory.SubFactory(KommuneFactory)
    stichtag = date(2021, 12, 31)
    einwohner = 12_000
    quelle = "amtliche Statistik"

    class Meta:
        model = Einwohnerstand


class KontoFactory(factory.django.DjangoModelFactory):
    """A Kontakt of a Kommune; without `passwort` nobody can sign in with it by form, which keeps tests quick."""

    class Params:
        passwort = None
        geschaeftsstelle = factory.Trait(
            rolle=Rolle.GESCHAEFTSSTELLE,
            kommune=None,
            faktor=factory.RelatedFactory("tests.fabriken.kommunen.FaktorFactory", factory_related_name="user"),
        )
        buergermeister = factory.Trait(rolle=Rolle.BUERGERMEISTER)
        lesend = factory.Trait(rolle=Rolle.LESEN, kommune=None)

    email = factory.Sequence("konto{}@ikz.example".format)
    name = factory.Sequence("Konto {}".format)
    rolle = Rolle.KONTAKT
    kommune = factory.SubFactory(KommuneFactory)
    password = factory.LazyAttribute(lambda konto: make_password(konto.passwort))
    deaktiviert_am = factory.LazyAttribute(lambda konto: None if konto.is_active else timezone.now())
    is_active = True
    adresse = factory.RelatedFactory("tests.fabriken.kommunen.AdresseFactory", factory_related_name="user")

    class Meta:
        model = Konto
        skip_postgeneration_save = True


class AdresseFactory(factory.django.DjangoModelFactory):
    """What password reset and change of address work with."""

    user = None
    email = factory.SelfAttribute("user.email")
    verified = True
    primary = True

    class Meta:
        model = EmailAddress


class FaktorFactory(factory.django.DjangoModelFactory):
    """An app on a telephone; who needs its codes sets one up by the page."""

    user = None
    type = Authenticator.Type.TOTP
    data = factory.LazyFunction(dict)

    class Meta:
        model = Authenticator


class EinladungFactory(factory.django.DjangoModelFactory):
    """Open; who needs the link makes it by the operation."""

    email = factory.Sequence("eingeladen{}@ikz.example".format)
    name = factory.Sequence("Eingeladene Person {}".format)
    rolle = Rolle.KONTAKT
    kommune = factory.SubFactory(KommuneFactory)
    pruefsumme = factory.Sequence("{:064}".format)
    gueltig_bis = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))

    class Meta:
        model = Einladung


class GremiumFactory(factory.django.DjangoModelFactory):
    slug = factory.Sequence("gremium-{}".format)
    name = factory.Sequence("Gremium {:03}".format)
    art = GremiumArt.LENKUNGSGRUPPE

    class Meta:
        model = Gremium


class SitzFactory(factory.django.DjangoModelFactory):
    """A vacant seat of a Kommune."""

    gremium = factory.SubFactory(GremiumFactory)
    kommune = factory.SubFactory(KommuneFactory)

    class Meta:
        model = Sitz


class VertretungFactory(factory.django.DjangoModelFactory):
    """As head of a Kommune, from long ago and until further notice."""

    vertretener = factory.SubFactory(KontoFactory, buergermeister=True)
    vertreter = factory.SubFactory(KontoFactory)
    von = date(2020, 1, 1)

    class Meta:
        model = Vertretung


class MeldungFactory(factory.django.DjangoModelFactory):
    """Waits to be told."""

    konto = factory.SubFactory(KontoFactory)
    anlass = Meldeanlass.INTERESSE_NEU
    bezug = factory.Sequence(str)

    class Meta:
        model = Meldung


class MeldewunschFactory(factory.django.DjangoModelFactory):
    konto = factory.SubFactory(KontoFactory)
    anlass = Meldeanlass.INTERESSE_NEU
    rhythmus = Rhythmus.SOFORT

    class Meta:
        model = Meldewunsch
