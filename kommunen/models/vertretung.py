from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.bedingungen import reihenfolge_stimmt, ueberschneidungsfrei
from kommunen.auswahl import Rolle
from kommunen.models.gremium import Sitz
from kommunen.models.konto import Konto


class VertretungQuerySet(models.QuerySet["Vertretung"]):
    def am(self, tag: date) -> "VertretungQuerySet":
        return self.filter(Q(bis__isnull=True) | Q(bis__gt=tag), von__lte=tag)

    def wirksame(self, tag: date) -> "VertretungQuerySet":
        """Those that count on the day: the one who is represented still is in office, and in that seat."""
        spitze = Q(sitz__isnull=True, vertretener__rolle=Rolle.BUERGERMEISTER)
        sitz = Q(sitz__in=Sitz.objects.am(tag), sitz__konto=F("vertretener"))
        return self.am(tag).filter(spitze | sitz, vertretener__is_active=True)


class Vertretung(models.Model):
    """A person acts for another from day to day: in a seat, or without one as the head of the other's Kommune.

    Both names stand at what they do. The only door to it is `ablaeufe.vertretung`.
    """

    vertretener = models.ForeignKey(
        Konto, on_delete=models.PROTECT, related_name="vertretungen", verbose_name="vertretene Person"
    )
    vertreter = models.ForeignKey(
        Konto, on_delete=models.PROTECT, related_name="uebernommene_vertretungen", verbose_name="Vertretung durch"
    )
    sitz = models.ForeignKey(
        Sitz,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="vertretungen",
        verbose_name="Sitz",
        help_text="leer: als Verwaltungsspitze",
    )
    von = models.DateField("von")
    bis = models.DateField("bis (ausschließlich)", null=True, blank=True, help_text="leer: bis auf Weiteres")
    durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="eingetragen durch"
    )
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)

    objects = VertretungQuerySet.as_manager()

    class Meta:
        verbose_name = "Vertretung"
        verbose_name_plural = "Vertretungen"
        ordering = ["-von", "-pk"]
        constraints = [
            reihenfolge_stimmt("von", "bis", ausschliesslich=True),
            models.CheckConstraint(
                condition=~Q(vertreter=F("vertretener")),
                name="%(app_label)s_%(class)s_nicht_sich_selbst",
                violation_error_message="Niemand vertritt sich selbst.",
            ),
            ueberschneidungsfrei(
                "vertretener",
                Coalesce("sitz_id", 0, output_field=models.BigIntegerField()),
                von="von",
                bis="bis",
                meldung="In dieser Zeit ist die Vertretung schon geregelt.",
            ),
        ]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return f"{self.vertreter} für {self.vertretener}"
