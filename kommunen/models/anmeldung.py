from django.db import models

from kommunen.models.konto import Konto


class Anmeldung(models.Model):
    """One attempt to sign in, kept for security and for a while only; of unknown people no address is kept."""

    konto = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.CASCADE, related_name="anmeldungen", verbose_name="Konto"
    )
    am = models.DateTimeField("am", auto_now_add=True)
    ip = models.GenericIPAddressField("IP-Adresse", null=True, blank=True)
    gelungen = models.BooleanField("gelungen")

    class Meta:
        verbose_name = "Anmeldung"
        verbose_name_plural = "Anmeldungen"
        ordering = ["-am", "-pk"]
        indexes = [models.Index(fields=["am"], name="anmeldung_am")]

    def __str__(self) -> str:
        return f"{self.konto or 'unbekannt'}: {'gelungen' if self.gelungen else 'abgewiesen'}"
