from django.db import models

from ikz_portal.basis.auswahl import MarkenChoices


class KommuneArt(models.TextChoices):
    STADT = "stadt", "Stadt"
    GEMEINDE = "gemeinde", "Gemeinde"
    KREIS = "kreis", "Kreis"


class Rolle(models.TextChoices):
    GESCHAEFTSSTELLE = "geschaeftsstelle", "Geschäftsstelle"
    BUERGERMEISTER = "buergermeister", "Bürgermeister/in"
    KONTAKT = "kontakt", "Kontakt"
    LESEN = "lesen", "Lesen"


class KontoStatus(MarkenChoices):
    AKTIV = "aktiv", "haken", "gruen", "aktiv"
    DEAKTIVIERT = "deaktiviert", "kreuz", "neutral", "deaktiviert"


class VertretungStatus(MarkenChoices):
    """RUHT: its time runs but it gives no rights, since one of the two isn't there, or no longer in that office."""

    LAEUFT = "laeuft", "punkt", "blau", "läuft"
    RUHT = "ruht", "warnung", "gelb", "ruht"
    KOMMT = "kommt", "kreis-gestrichelt", "neutral", "kommt"
    VORBEI = "vorbei", "haken", "neutral", "vorbei"


class EinladungStatus(MarkenChoices):
    OFFEN = "offen", "kreis-gestrichelt", "blau", "offen"
    ANGENOMMEN = "angenommen", "haken", "gruen", "angenommen"
    ABGELAUFEN = "abgelaufen", "kreuz", "neutral", "abgelaufen"
    ZURUECKGEZOGEN = "zurueckgezogen", "kreuz", "neutral", "zurückgezogen"


class GremiumArt(models.TextChoices):
    LENKUNGSGRUPPE = "lenkungsgruppe", "Lenkungsgruppe"
    DIENSTVERSAMMLUNG = "dienstversammlung", "Bürgermeister-Dienstversammlung"
    STAMMGRUPPE = "stammgruppe", "Stammgruppe"
    ARBEITSGRUPPE = "arbeitsgruppe", "Arbeitsgruppe"
    PROJEKTGRUPPE = "projektgruppe", "Projektgruppe"


# The library's word for a sign-in through an identity provider.
UEBER_DEN_ANBIETER = "socialaccount"

# Rollen that act for a Kommune and therefore always belong to one.
ROLLEN_EINER_KOMMUNE = (Rolle.BUERGERMEISTER, Rolle.KONTAKT)

# Upper bounds (excluded) and names of the size classes, by inhabitants; computed for any Stichtag.
GROESSENKLASSEN = (
    (5_000, "unter 5.000"),
    (10_000, "5.000 bis 9.999"),
    (20_000, "10.000 bis 19.999"),
    (50_000, "20.000 bis 49.999"),
    (None, "50.000 und mehr"),
)
