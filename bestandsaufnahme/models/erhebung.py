from django.db import models

from bestandsaufnahme.auswahl import ErhebungStatus
from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import auswahl_gilt, genauigkeit_passt, reihenfolge_stimmt


class Erhebung(models.Model):
    """A survey round: what each Kommune says on a Stichtag about its cooperations."""

    name = models.CharField("Name", max_length=120, unique=True)
    stichtag = models.DateField("Stichtag", unique=True)
    beginn = models.DateField("Beginn", null=True, blank=True)
    beginn_genauigkeit = models.CharField(
        "Genauigkeit des Beginns", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    ende = models.DateField("Ende", null=True, blank=True)
    ende_genauigkeit = models.CharField(
        "Genauigkeit des Endes", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    ruecklauf_bis = models.DateField("Rücklauf abgeschlossen", null=True, blank=True)
    status = models.CharField(
        "Status", max_length=20, choices=ErhebungStatus.choices, default=ErhebungStatus.VORBEREITUNG
    )
    veroeffentlicht = models.BooleanField("veröffentlicht", default=False)
    lesehinweis = models.TextField("Hinweis zur Lesart", blank=True)
    quelle = models.TextField("Quelle", blank=True)
    beispiel = models.BooleanField("Beispiel", default=False)

    class Meta:
        verbose_name = "Erhebung"
        verbose_name_plural = "Erhebungen"
        ordering = ["-stichtag"]
        constraints = [
            auswahl_gilt("status", ErhebungStatus),
            genauigkeit_passt("beginn"),
            genauigkeit_passt("ende", offen=True),
            reihenfolge_stimmt("beginn", "ende"),
        ]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.name
