import uuid

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ikz_portal.basis.ausloeser import protokolliert, unveraenderlich
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.bedingungen import auswahl_gilt, beides_oder_keins
from ikz_portal.basis.models import Fassung, Lauf
from kommunen.models import Konto
from projekte.auswahl import BerichtArt


class Bericht(models.Model):
    """A PDF report, made in the background from its snapshot alone; the only door is `ablaeufe.bericht`.

    Its status is that of its Lauf. A finished one never changes, but for its release.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    art = models.CharField("Art", max_length=20, choices=BerichtArt.choices, default=BerichtArt.PORTFOLIO)
    stichtag = models.DateField("Stichtag")
    schnappschuss = models.JSONField("Schnappschuss", encoder=DjangoJSONEncoder)
    lauf = models.OneToOneField(Lauf, on_delete=models.PROTECT, related_name="bericht", verbose_name="Lauf")
    fassung = models.OneToOneField(
        Fassung, null=True, blank=True, on_delete=models.PROTECT, related_name="bericht", verbose_name="PDF"
    )
    durch = models.ForeignKey(
        Konto,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="berichte",
        verbose_name="angefordert durch",
    )
    angefordert_am = models.DateTimeField("angefordert am", auto_now_add=True)
    freigegeben_am = models.DateTimeField("freigegeben am", null=True, blank=True)
    freigegeben_durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="freigegeben durch"
    )

    class Meta:
        verbose_name = "Bericht"
        verbose_name_plural = "Berichte"
        ordering = ["-angefordert_am"]
        constraints = [
            auswahl_gilt("art", BerichtArt),
            beides_oder_keins("freigegeben_am", "freigegeben_durch"),
            models.CheckConstraint(
                condition=Q(freigegeben_am__isnull=True) | Q(fassung__isnull=False),
                name="%(app_label)s_%(class)s_freigabe_nur_fertiger",
                violation_error_message="Freigegeben wird nur ein fertiger Bericht.",
            ),
        ]
        triggers = [
            protokolliert(ohne=("schnappschuss",)),
            unveraenderlich(
                "fertiger_bleibt",
                wenn=pgtrigger.Condition(
                    "OLD.fassung_id IS NOT NULL"
                    " AND (OLD.fassung_id, OLD.art, OLD.stichtag, OLD.schnappschuss, OLD.lauf_id)"
                    " IS DISTINCT FROM (NEW.fassung_id, NEW.art, NEW.stichtag, NEW.schnappschuss, NEW.lauf_id)"
                ),
                satz="Ein fertiger Bericht wird nie geaendert.",
                was=pgtrigger.Update,
            ),
            unveraenderlich(
                "fertiger_wird_nicht_geloescht",
                wenn=pgtrigger.Condition("OLD.fassung_id IS NOT NULL"),
                satz="Ein fertiger Bericht wird nie geloescht.",
                was=pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_art_display()} zum {self.stichtag:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("bericht_detail", args=[self.pk])

    @property
    def marke_des_status(self) -> LaufStatus:
        return LaufStatus(self.lauf.status)
