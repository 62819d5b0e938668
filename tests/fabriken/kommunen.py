"""Kommunen, Konten, Gremien. Numbers of AGS and tiles keep clear of those of the seed data."""

from datetime import date

import factory
from django.contrib.auth.hashers import make_password

from kommunen.auswahl import GremiumArt, KommuneArt, Rolle
from kommunen.models import Einwohnerstand, Gremium, Kommune, Konto, Sitz, Verbund


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
        geschaeftsstelle = factory.Trait(rolle=Rolle.GESCHAEFTSSTELLE, kommune=None)
        buergermeister = factory.Trait(rolle=Rolle.BUERGERMEISTER)
        lesend = factory.Trait(rolle=Rolle.LESEN, kommune=None)

    email = factory.Sequence("konto{}@ikz.example".format)
    name = factory.Sequence("Konto {}".format)
    rolle = Rolle.KONTAKT
    kommune = factory.SubFactory(KommuneFactory)
    password = factory.LazyAttribute(lambda konto: make_password(konto.passwort))

    class Meta:
        model = Konto


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
