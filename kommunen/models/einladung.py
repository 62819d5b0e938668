from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.bedingungen import auswahl_gilt, beides_oder_keins
from kommunen.auswahl import EinladungStatus, Rolle
from kommunen.models.kommune import Kommune
from kommunen.models.konto import Konto, rolle_passt_zur_kommune


class EinladungQuerySet(models.QuerySet["Einladung"]):
    def offene(self) -> "EinladungQuerySet":
        """Those that are neither accepted nor withdrawn; they may have expired."""
        return self.filter(angenommen_am__isnull=True, zurueckgezogen_am__isnull=True)


class Einladung(models.Model):
    """Somebody may make an account for this Rolle by a link that works once; only a hash of the link is kept.

    The only door to it is `ablaeufe.einladung`.
    """

    email = models.EmailField("E-Mail-Adresse")
    name = models.CharField("Name", max_length=120)
    funktion = models.CharField("Funktion", max_length=120, blank=True)
    rolle = models.CharField("Rolle", max_length=20, choices=Rolle.choices)
    kommune = models.ForeignKey(
        Kommune, null=True, blank=True, on_delete=models.PROTECT, related_name="einladungen", verbose_name="Kommune"
    )
    pruefsumme = models.CharField("Prüfsumme des Links", max_length=64, unique=True)
    durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="eingeladen durch"
    )
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)
    gueltig_bis = models.DateTimeField("gültig bis")
    angenommen_am = models.DateTimeField("angenommen am", null=True, blank=True)
    zurueckgezogen_am = models.DateTimeField("zurückgezogen am", null=True, blank=True)
    konto = models.OneToOneField(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="einladung", verbose_name="Konto daraus"
    )

    objects = EinladungQuerySet.as_manager()

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        ordering = ["-angelegt_am", "-pk"]
        constraints = [
            auswahl_gilt("rolle", Rolle),
            beides_oder_keins("angenommen_am", "konto"),
            models.UniqueConstraint(
                Lower("email"),
                "kommune",
                condition=Q(angenommen_am__isnull=True, zurueckgezogen_am__isnull=True),
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_eine_offen",
                violation_error_message="Für diese E-Mail-Adresse gibt es schon eine offene Einladung.",
            ),
            models.CheckConstraint(
                condition=Q(angenommen_am__isnull=True) | Q(zurueckgezogen_am__isnull=True),
                name="%(app_label)s_%(class)s_angenommen_oder_zurueckgezogen",
                violation_error_message="Eine angenommene Einladung kann nicht zurückgezogen werden.",
            ),
            *rolle_passt_zur_kommune(),
        ]
        triggers = [protokolliert(ohne=("pruefsumme",))]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_rolle_display()})"

    def status(self, jetzt: datetime) -> EinladungStatus:
        if self.angenommen_am is not None:
            return EinladungStatus.ANGENOMMEN
        if self.zurueckgezogen_am is not None:
            return EinladungStatus.ZURUECKGEZOGEN
        return EinladungStatus.OFFEN if jetzt < self.gueltig_bis else EinladungStatus.ABGELAUFEN
