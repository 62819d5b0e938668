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


class Rhythmus(models.TextChoices):
    """How a person wants to be told by e-mail."""

    SOFORT = "sofort", "sofort"
    TAEGLICH = "taeglich", "täglich gesammelt"
    WOECHENTLICH = "woechentlich", "wöchentlich gesammelt"
    NIE = "nie", "gar nicht"


class Meldeanlass(models.TextChoices):
    """What a person may be told of; for each it chooses its Rhythmus."""

    INTERESSE_NEU = "interesse_neu", "Neues Interesse in einem Feld, das Sie beobachten"
    ANSCHLUSS = "anschluss", "Eine Kommune schließt sich Ihrem Interesse an"
    KONSTELLATION = "konstellation", "Mögliche Partner für Ihre Kommune"
    ABLAUF = "ablauf", "Ihre Interessenbekundung läuft bald ab"
    BESTAETIGUNG = "bestaetigung", "Ein Interesse wartet auf Ihre Bestätigung"
    PROJEKTIDEE = "projektidee", "Aus Ihrem Interesse wird eine Projektidee"
    EINTRAG = "eintrag", "Die Geschäftsstelle trägt für Ihre Kommune etwas ein"


# What holds for who has not chosen.
VORGABE_RHYTHMUS: dict[Meldeanlass, Rhythmus] = {
    Meldeanlass.INTERESSE_NEU: Rhythmus.TAEGLICH,
    Meldeanlass.ANSCHLUSS: Rhythmus.SOFORT,
    Meldeanlass.KONSTELLATION: Rhythmus.WOECHENTLICH,
    Meldeanlass.ABLAUF: Rhythmus.SOFORT,
    Meldeanlass.BESTAETIGUNG: Rhythmus.SOFORT,
    Meldeanlass.PROJEKTIDEE: Rhythmus.SOFORT,
    Meldeanlass.EINTRAG: Rhythmus.SOFORT,
}

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
