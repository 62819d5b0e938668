from django.conf import settings
from django.db import models

from ikz_portal.basis.ausloeser import protokolliert, unveraenderlich


class Dokument(models.Model):
    """Something that is kept as a file; what it says at a time is one of its Fassungen."""

    titel = models.CharField("Titel", max_length=200)
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Dokument"
        verbose_name_plural = "Dokumente"
        ordering = ["titel", "pk"]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.titel


class Fassung(models.Model):
    """One version of a Dokument: a file stored under its content's checksum. Made by `basis.ablage`, never changed."""

    dokument = models.ForeignKey(Dokument, on_delete=models.PROTECT, related_name="fassungen", verbose_name="Dokument")
    nummer = models.PositiveIntegerField("Nummer")
    datei = models.FileField("Datei", max_length=200)
    dateiname = models.CharField("Dateiname", max_length=200)
    inhaltstyp = models.CharField("Inhaltstyp", max_length=100)
    groesse = models.PositiveBigIntegerField("Größe in Byte")
    pruefsumme = models.CharField("Prüfsumme (SHA-256)", max_length=64)
    durch = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch"
    )
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Fassung"
        verbose_name_plural = "Fassungen"
        ordering = ["dokument", "-nummer"]
        constraints = [
            models.UniqueConstraint(
                fields=["dokument", "nummer"],
                name="%(app_label)s_%(class)s_nummer_eindeutig",
                violation_error_message="Diese Fassung gibt es schon.",
            ),
            models.CheckConstraint(
                condition=models.Q(pruefsumme__regex=r"^[0-9a-f]{64}$"),
                name="%(app_label)s_%(class)s_pruefsumme_sha256",
                violation_error_message="Die Prüfsumme ist keine SHA-256-Summe.",
            ),
        ]
        triggers = [
            protokolliert(wurzel="dokument"),
            unveraenderlich("bleibt", satz="Eine Fassung wird nie geaendert."),
        ]

    def __str__(self) -> str:
        return f"{self.dateiname} ({self.nummer})"
