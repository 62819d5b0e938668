from django.db import models

from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import genauigkeit_passt, reihenfolge_stimmt
from ikz_portal.basis.formate import ungefaehr, zeitraum


class Ereignis(models.Model):
    """A point in the history of the process, for the Zeitleiste."""

    schluessel = models.SlugField("Schlüssel", max_length=80, unique=True)
    beginn = models.DateField("Beginn")
    beginn_genauigkeit = models.CharField("Genauigkeit des Beginns", max_length=10, choices=Genauigkeit.choices)
    ende = models.DateField("Ende", null=True, blank=True)
    ende_genauigkeit = models.CharField(
        "Genauigkeit des Endes", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    zeit_hinweis = models.CharField(
        "Zeit in Worten", max_length=200, blank=True, help_text="wo die Quelle nur Worte hat, etwa „Sommer 2022“"
    )
    titel = models.CharField("Titel", max_length=200)
    text = models.TextField("Text", blank=True)
    ausblick = models.BooleanField("Ausblick", default=False)
    quelle = models.TextField("Quelle", blank=True)

    class Meta:
        verbose_name = "Ereignis"
        verbose_name_plural = "Ereignisse"
        ordering = ["ausblick", "beginn", "pk"]
        constraints = [
            genauigkeit_passt("beginn"),
            genauigkeit_passt("ende", offen=True),
            reihenfolge_stimmt("beginn", "ende"),
        ]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.titel

    @property
    def zeit(self) -> str:
        """When it was: in the source's words, as a span, or as a point if it has no end."""
        if self.zeit_hinweis:
            return self.zeit_hinweis
        if self.ende is None:
            return ungefaehr(self.beginn, self.beginn_genauigkeit)
        return zeitraum(self.beginn, self.beginn_genauigkeit, self.ende, self.ende_genauigkeit)
