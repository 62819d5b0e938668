from django.db import models

from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import genauigkeit_passt, reihenfolge_stimmt


class Ereignis(models.Model):
    """A point in the history of the process, for the Zeitleiste."""

    schluessel = models.SlugField("Schlüssel", max_length=80, unique=True)
    beginn = models.DateField("Beginn")
    beginn_genauigkeit = models.CharField("Genauigkeit des Beginns", max_length=10, choices=Genauigkeit.choices)
    ende = models.DateField("Ende", null=True, blank=True)
    ende_genauigkeit = models.CharField(
        "Genauigkeit des Endes", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    zeit_hinweis = models.CharField("Hinweis zur Zeit", max_length=200, blank=True)
    titel = models.CharField("Titel", max_length=200)
    text = models.TextField("Text", blank=True)
    ausblick = models.BooleanField("Ausblick", default=False)
    quelle = models.TextField("Quelle", blank=True)

    class Meta:
        verbose_name = "Ereignis"
        verbose_name_plural = "Ereignisse"
        ordering = ["beginn", "pk"]
        constraints = [
            genauigkeit_passt("beginn"),
            genauigkeit_passt("ende", offen=True),
            reihenfolge_stimmt("beginn", "ende"),
        ]

    def __str__(self) -> str:
        return self.titel
