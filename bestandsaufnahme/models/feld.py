from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from ikz_portal.basis.ausloeser import protokolliert


class Aufgabenfeld(models.Model):
    """One of the fields of municipal work that the survey asked for."""

    slug = models.SlugField("Kurzadresse", max_length=80, unique=True)
    name = models.CharField("Name", max_length=150, unique=True)
    reihenfolge = models.PositiveSmallIntegerField("Reihenfolge", unique=True)
    aliase = ArrayField(models.CharField(max_length=150), verbose_name="andere Namen", default=list, blank=True)

    class Meta:
        verbose_name = "Aufgabenfeld"
        verbose_name_plural = "Aufgabenfelder"
        ordering = ["reihenfolge"]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("aufgabenfeld_detail", args=[self.slug])


class Kooperationsfeld(models.Model):
    """A row of the matrix: what one can cooperate on within an Aufgabenfeld."""

    aufgabenfeld = models.ForeignKey(
        Aufgabenfeld, on_delete=models.PROTECT, related_name="kooperationsfelder", verbose_name="Aufgabenfeld"
    )
    name = models.CharField("Name", max_length=150)
    reihenfolge = models.PositiveSmallIntegerField("Reihenfolge", default=0)

    class Meta:
        verbose_name = "Kooperationsfeld"
        verbose_name_plural = "Kooperationsfelder"
        ordering = ["aufgabenfeld", "reihenfolge", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["aufgabenfeld", "name"],
                name="%(app_label)s_%(class)s_name_eindeutig",
                violation_error_message="Dieses Kooperationsfeld gibt es in dem Aufgabenfeld schon.",
            )
        ]
        triggers = [protokolliert(wurzel="aufgabenfeld")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of its Aufgabenfeld, about this part of it."""
        return f"{self.aufgabenfeld.get_absolute_url()}?kooperationsfeld={self.pk}"
