from django.db import models

from bestandsaufnahme.models.erhebung import Erhebung
from ikz_portal.basis.ausloeser import protokolliert, zaehlt_version
from kommunen.models import Kommune, Konto


class Gespraech(models.Model):
    """An interview with one Kommune in an Erhebung. Who was there is told by function, never by name."""

    erhebung = models.ForeignKey(Erhebung, on_delete=models.PROTECT, related_name="gespraeche", verbose_name="Erhebung")
    kommune = models.ForeignKey(Kommune, on_delete=models.PROTECT, related_name="gespraeche", verbose_name="Kommune")
    am = models.DateTimeField("Termin")
    ort = models.CharField("Ort", max_length=150, blank=True)
    anwesende = models.CharField(
        "anwesend", max_length=300, blank=True, help_text="Funktionen, zum Beispiel „Hauptamt, Kämmerei“"
    )
    notizen = models.TextField("Notizen", max_length=20000, blank=True)
    durch = models.ForeignKey(Konto, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch")
    version = models.PositiveIntegerField("Version", default=1, editable=False)

    class Meta:
        verbose_name = "Gespräch"
        verbose_name_plural = "Gespräche"
        ordering = ["am", "pk"]
        triggers = [protokolliert(wurzel="erhebung"), zaehlt_version()]

    def __str__(self) -> str:
        return f"Gespräch mit {self.kommune}"
