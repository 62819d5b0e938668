from django.db import models
from django.db.models import Q
from django.urls import reverse

from bestandsaufnahme.auswahl import EINLESUNG_UEBERGAENGE, EinlesungStatus, Herkunft
from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.bedingungen import auswahl_gilt
from ikz_portal.basis.models import Fassung
from kommunen.models import Konto


class Einlesung(models.Model):
    """A file with a matrix that was read: what it would change was shown, and is done only with consent.

    `pruefsumme` is that of the changes that were shown: if the matrix changed since, they are shown again first.
    """

    fassung = models.ForeignKey(Fassung, on_delete=models.PROTECT, related_name="einlesungen", verbose_name="Datei")
    gilt_ab = models.DateField("Angaben gelten ab", help_text="wo die Datei selbst keinen Tag nennt")
    herkunft = models.CharField(
        "bekannt durch",
        max_length=12,
        choices=Herkunft.choices,
        default=Herkunft.FUSSNOTE,
        db_default=Herkunft.FUSSNOTE.value,
        help_text="wo die Datei selbst nichts dazu sagt",
    )
    status = models.CharField("Status", max_length=12, choices=EinlesungStatus.choices)
    zusammenfassung = models.JSONField("Zusammenfassung", default=dict, blank=True)
    pruefsumme = models.CharField("Prüfsumme der Änderungen", max_length=64, blank=True)
    durch = models.ForeignKey(Konto, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch")
    angelegt_am = models.DateTimeField("eingelesen am", auto_now_add=True)
    uebernommen_am = models.DateTimeField("übernommen am", null=True, blank=True)

    class Meta:
        verbose_name = "Einlesung"
        verbose_name_plural = "Einlesungen"
        ordering = ["-angelegt_am", "-pk"]
        constraints = [
            auswahl_gilt("status", EinlesungStatus),
            auswahl_gilt("herkunft", Herkunft),
            models.CheckConstraint(
                condition=Q(status=EinlesungStatus.UEBERNOMMEN, uebernommen_am__isnull=False)
                | ~Q(status=EinlesungStatus.UEBERNOMMEN) & Q(uebernommen_am__isnull=True),
                name="%(app_label)s_%(class)s_uebernommen_mit_zeit",
                violation_error_message="Eine übernommene Einlesung nennt, seit wann.",
            ),
        ]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.fassung.dateiname

    def get_absolute_url(self) -> str:
        return reverse("einlesung_detail", args=[self.pk])

    @property
    def marke_des_status(self) -> EinlesungStatus:
        return EinlesungStatus(self.status)

    @property
    def ist_offen(self) -> bool:
        """Neither taken over nor thrown away: what it would do is computed anew whenever somebody looks."""
        return bool(EINLESUNG_UEBERGAENGE[self.marke_des_status])
