from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bestandsaufnahme.auswahl import Rechtsform
from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.kooperation import Kooperation
from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import auswahl_gilt
from kommunen.models import Kommune, Konto

# What describes a Kooperation and may change over time: columns of Kooperation and of Kooperationsstand alike.
BESCHREIBUNG = ("bezeichnung", "erlaeuterung", "rechtsform", "rechtsform_hinweis", "quelle", "sicherheit")
# Typed in by hand it is a correction for all days; a round that says it otherwise keeps what was known before.
BEGINN = ("seit", "seit_genauigkeit")


class Kooperationsstand(models.Model):
    """How a Kooperation was described up to before a day; what describes it since stands in the Kooperation itself.

    A stand holds from the `bis` of the one before it, so that spans can neither overlap nor leave a gap. Without
    `seit_genauigkeit` it says nothing of the begin: that is the Kooperation's.
    """

    kooperation = models.ForeignKey(
        Kooperation, on_delete=models.CASCADE, related_name="staende", verbose_name="Kooperation"
    )
    bis = models.DateField("galt bis (ausschließlich)")
    bezeichnung = models.CharField("Bezeichnung", max_length=200)
    erlaeuterung = models.TextField("Erläuterung", blank=True)
    rechtsform = models.CharField("Rechtsform", max_length=12, choices=Rechtsform.choices)
    rechtsform_hinweis = models.CharField("Hinweis zur Rechtsform", max_length=200, blank=True)
    externe_partner = ArrayField(
        models.CharField(max_length=200), verbose_name="externe Partner", default=list, blank=True
    )
    seit = models.DateField("seit", null=True, blank=True)
    seit_genauigkeit = models.CharField(
        "Genauigkeit des Beginns", max_length=10, choices=Genauigkeit.choices, blank=True, default="", db_default=""
    )
    quelle = models.TextField("Quelle", blank=True)
    sicherheit = models.CharField("Sicherheit der Lesart", max_length=200, blank=True)
    erhebung = models.ForeignKey(
        Erhebung,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="geaenderte_kooperationen",
        verbose_name="geändert durch",
        help_text="die Erhebung, nach der die Kooperation anders beschrieben ist",
    )

    class Meta:
        verbose_name = "früherer Stand"
        verbose_name_plural = "frühere Stände"
        ordering = ["kooperation", "bis"]
        constraints = [
            auswahl_gilt("rechtsform", Rechtsform),
            models.CheckConstraint(
                condition=Q(seit__isnull=True, seit_genauigkeit__in=["", Genauigkeit.UNBEKANNT])
                | Q(
                    seit__isnull=False,
                    seit_genauigkeit__in=[Genauigkeit.TAG, Genauigkeit.MONAT, Genauigkeit.JAHR],
                ),
                name="%(app_label)s_%(class)s_seit_genau",
                violation_error_message="Datum und Genauigkeit passen nicht zusammen.",
            ),
            models.UniqueConstraint(
                fields=["kooperation", "bis"],
                name="%(app_label)s_%(class)s_tag_eindeutig",
                violation_error_message="Für diesen Tag steht schon eine Änderung der Kooperation.",
            ),
        ]
        triggers = [protokolliert(wurzel="kooperation")]

    def __str__(self) -> str:
        return self.bezeichnung


class Bestaetigung(models.Model):
    """That a Kooperation was confirmed on a day; without a Kommune by a round whose single answers aren't known."""

    kooperation = models.ForeignKey(
        Kooperation, on_delete=models.CASCADE, related_name="bestaetigungen", verbose_name="Kooperation"
    )
    kommune = models.ForeignKey(
        Kommune,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bestaetigungen",
        verbose_name="Kommune",
        help_text="leer: im Ganzen, durch die Erhebung",
    )
    am = models.DateField("am")
    erhebung = models.ForeignKey(
        Erhebung,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bestaetigungen",
        verbose_name="Erhebung",
    )
    durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch"
    )
    fuer = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="in Vertretung für"
    )

    class Meta:
        verbose_name = "Bestätigung"
        verbose_name_plural = "Bestätigungen"
        ordering = ["-am", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kooperation", "kommune", "am"],
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_einmal_am_tag",
                violation_error_message="Die Kooperation ist an diesem Tag schon bestätigt.",
            )
        ]
        triggers = [protokolliert(wurzel="kooperation", vergisst=True)]

    def __str__(self) -> str:
        return f"{self.kooperation}: {self.am}"
