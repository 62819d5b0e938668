from django.db import models

from ikz_portal.basis.ausloeser import protokolliert


class Erfolgsfaktor(models.Model):
    """What makes a Kooperation succeed, out of a list that all share."""

    kuerzel = models.CharField("Kürzel", max_length=10, unique=True)
    name = models.CharField("Name", max_length=150, unique=True)
    quelle = models.CharField("Quelle", max_length=200, blank=True)

    class Meta:
        verbose_name = "Erfolgsfaktor"
        verbose_name_plural = "Erfolgsfaktoren"
        ordering = ["kuerzel"]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.name


class Hemmnis(models.Model):
    """Why a Kooperation did not come about or failed, out of a list that all share."""

    kuerzel = models.CharField("Kürzel", max_length=10, unique=True)
    name = models.CharField("Name", max_length=150, unique=True)
    quelle = models.CharField("Quelle", max_length=200, blank=True)

    class Meta:
        verbose_name = "Hemmnis"
        verbose_name_plural = "Hemmnisse"
        ordering = ["kuerzel"]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.name
