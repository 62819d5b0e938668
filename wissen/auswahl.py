from django.db import models


class BeitragArt(models.TextChoices):
    PRAXISBEISPIEL = "praxisbeispiel", "Praxisbeispiel"
    ERFAHRUNG = "erfahrung", "Erfahrung"
    LEITFADEN = "leitfaden", "Leitfaden"
    BAUSTEIN = "baustein", "Baustein"
    FOERDERMITTEL = "foerdermittel", "Fördermittel"
    FORTBILDUNG = "fortbildung", "Fortbildung"


class Sichtbarkeit(models.TextChoices):
    OEFFENTLICH = "oeffentlich", "öffentlich"
    INTERN = "intern", "intern"


# Names that stand for pages of their own below /wissen/ and therefore never become slugs.
RESERVIERT = ("neu", "foerderung", "feed.xml")
