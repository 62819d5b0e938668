from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bestandsaufnahme.auswahl import ErhebungStatus
from bestandsaufnahme.models.worte import FRAGEN
from ikz_portal.basis.ausloeser import protokolliert, zaehlt_version
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import auswahl_gilt, genauigkeit_passt, reihenfolge_stimmt


class Erhebung(models.Model):
    """A survey round: what each Kommune says on a Stichtag about its cooperations.

    The only door to its status is `ablaeufe.erhebung`.
    """

    WORTE = FRAGEN

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
    frist = models.DateField("Rückmeldefrist", null=True, blank=True)
    ruecklauf_bis = models.DateField("Rücklauf abgeschlossen", null=True, blank=True)
    fragen = ArrayField(
        models.CharField(max_length=40),
        verbose_name="Fragen",
        default=list,
        blank=True,
        db_default=[],
        help_text="Schlüssel aus dem Fragenkatalog, in dessen Reihenfolge",
    )
    anschreiben = models.TextField("Anschreiben", blank=True, db_default="")
    status = models.CharField(
        "Status", max_length=20, choices=ErhebungStatus.choices, default=ErhebungStatus.VORBEREITUNG
    )
    lesehinweis = models.TextField("Hinweis zur Lesart", blank=True)
    quelle = models.TextField("Quelle", blank=True)
    beispiel = models.BooleanField("Beispiel", default=False)
    version = models.PositiveIntegerField("Version", default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "Erhebung"
        verbose_name_plural = "Erhebungen"
        ordering = ["-stichtag"]
        constraints = [
            auswahl_gilt("status", ErhebungStatus),
            genauigkeit_passt("beginn"),
            genauigkeit_passt("ende", offen=True),
            reihenfolge_stimmt("beginn", "ende"),
            models.CheckConstraint(
                condition=~Q(status=ErhebungStatus.LAEUFT) | Q(frist__isnull=False),
                name="%(app_label)s_%(class)s_laeuft_mit_frist",
                violation_error_message="Eine laufende Erhebung hat eine Rückmeldefrist.",
            ),
        ]
        triggers = [protokolliert(), zaehlt_version()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("erhebung_detail", args=[self.pk])

    @property
    def marke_des_status(self) -> ErhebungStatus:
        return ErhebungStatus(self.status)
