from django.db import models

from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis.ausloeser import protokolliert
from kommunen.models import Konto
from projekte.models.projekt import Projekt


class Starthilfe(models.Model):
    """That a Projektidee came from a declaration of interest, and whom in that Kommune to talk to about it.

    No answer to the Projekt: that is asked for with its order. The only door to it is `ablaeufe.starthilfe`.
    """

    projekt = models.ForeignKey(Projekt, on_delete=models.CASCADE, related_name="starthilfen", verbose_name="Projekt")
    interesse = models.ForeignKey(
        Interessenbekundung, on_delete=models.PROTECT, related_name="starthilfen", verbose_name="Interessenbekundung"
    )
    kontakt = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Ansprechperson"
    )
    am = models.DateField("am")

    class Meta:
        verbose_name = "Starthilfe"
        verbose_name_plural = "Starthilfen"
        ordering = ["projekt", "interesse__kommune__sortierung", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["projekt", "interesse"],
                name="%(app_label)s_%(class)s_einmal",
                violation_error_message="Diese Interessenbekundung gehört schon zu dem Projekt.",
            )
        ]
        triggers = [protokolliert(wurzel="projekt")]

    def __str__(self) -> str:
        return f"{self.interesse} → {self.projekt}"
