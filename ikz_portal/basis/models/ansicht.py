from django.conf import settings
from django.db import models


class GespeicherteAnsicht(models.Model):
    """The filters of a list page that a person keeps under a name."""

    konto = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ansichten", verbose_name="Konto"
    )
    seite = models.CharField("Seite", max_length=100, help_text="URL-Name der Liste")
    name = models.CharField("Name", max_length=80)
    parameter = models.CharField("Filter", max_length=1000, blank=True)

    class Meta:
        verbose_name = "gespeicherte Ansicht"
        verbose_name_plural = "gespeicherte Ansichten"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["konto", "seite", "name"],
                name="%(app_label)s_%(class)s_name_eindeutig",
                violation_error_message="Eine Ansicht mit diesem Namen haben Sie schon.",
            )
        ]

    def __str__(self) -> str:
        return self.name
