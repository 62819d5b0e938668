import pgtrigger
from django.db import models

from ikz_portal.basis.ausloeser import protokolliert, unveraenderlich


class Verbund(models.Model):
    """The one county process that this installation serves: its name, its Geschäftsstelle, its words."""

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField("Name", max_length=200)
    kurzname = models.CharField("Kurzname", max_length=80)
    geschaeftsstelle = models.CharField("Geschäftsstelle", max_length=200)
    kontakt = models.CharField("Kontakt", max_length=200, blank=True, help_text="Funktion und Adresse, keine Person")
    website = models.CharField("Website", max_length=200, blank=True)
    kurzbeschreibung = models.TextField("Kurzbeschreibung", blank=True)
    stand_der_daten = models.DateField("Stand der Daten")
    hinweis = models.TextField("Hinweis zu den Daten", blank=True)

    class Meta:
        verbose_name = "Verbund"
        verbose_name_plural = "Verbund"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="%(app_label)s_%(class)s_nur_einer",
                violation_error_message="Eine Installation dient genau einem Verbund.",
            )
        ]
        triggers = [
            protokolliert(),
            unveraenderlich("bleibt", satz="Eine Installation dient genau einem Verbund.", was=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name
