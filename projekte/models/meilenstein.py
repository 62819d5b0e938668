from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from ikz_portal.basis.ausloeser import protokolliert
from kommunen.models import Kommune
from projekte.auswahl import BEENDETE, FAELLIG_AB_TAGEN, LAUFENDE, MeilensteinStand, ProjektStatus
from projekte.models.projekt import Projekt


class MeilensteinQuerySet(models.QuerySet["Meilenstein"]):
    def offene(self, tag: date) -> "MeilensteinQuerySet":
        """Those not reached by that day, with their due day `faellig` (the forecast, else the plan).

        In a Projekt that is over nothing is open.
        """
        return self.annotate(faellig=Coalesce("prognose", "geplant")).filter(
            Q(erreicht__isnull=True) | Q(erreicht__gt=tag), ~Q(projekt__status__in=BEENDETE)
        )

    def ueberfaellige(self, tag: date) -> "MeilensteinQuerySet":
        """Open ones of running Projekte whose due day lies before the day; `stand_am` says the same of one."""
        return self.offene(tag).filter(Q(faellig__lt=tag), projekt__status__in=LAUFENDE)


class Meilenstein(models.Model):
    """A point of the Projektablaufplan that is reached on a day: planned, forecast, reached."""

    projekt = models.ForeignKey(Projekt, on_delete=models.CASCADE, related_name="meilensteine", verbose_name="Projekt")
    reihenfolge = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    name = models.CharField("Name", max_length=200)
    geplant = models.DateField("geplant")
    prognose = models.DateField("Prognose", null=True, blank=True)
    erreicht = models.DateField("erreicht", null=True, blank=True)
    verantwortlich = models.ForeignKey(
        Kommune,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meilensteine",
        verbose_name="verantwortlich",
    )
    freigabe_noetig = models.BooleanField("Freigabe durch die Lenkungsgruppe nötig", default=False)
    freigegeben_am = models.DateField("freigegeben am", null=True, blank=True)

    objects = MeilensteinQuerySet.as_manager()

    class Meta:
        verbose_name = "Meilenstein"
        verbose_name_plural = "Meilensteine"
        ordering = ["projekt", "geplant", "reihenfolge", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["projekt", "name"],
                name="%(app_label)s_%(class)s_name_eindeutig",
                violation_error_message="Einen Meilenstein mit diesem Namen hat das Projekt schon.",
            ),
            models.CheckConstraint(
                condition=Q(freigegeben_am__isnull=True) | Q(freigabe_noetig=True),
                name="%(app_label)s_%(class)s_freigabe_nur_wo_noetig",
                violation_error_message="Freigegeben wird nur, was eine Freigabe braucht.",
            ),
        ]
        triggers = [protokolliert(wurzel="projekt")]

    def __str__(self) -> str:
        return self.name

    def stand_am(self, tag: date, *, status: str = ProjektStatus.BEARBEITUNG) -> MeilensteinStand:
        """Return where it stands on the day if the Projekt had this status then.

        A day in the past sees only what was reached by then. Only in a running Projekt anything is due.
        """
        faellig = self.prognose or self.geplant
        if self.erreicht is not None and self.erreicht <= tag:
            return MeilensteinStand.ERREICHT
        if status not in LAUFENDE:
            return MeilensteinStand.OFFEN if status in BEENDETE else MeilensteinStand.GEPLANT
        if faellig < tag:
            return MeilensteinStand.UEBERFAELLIG
        if faellig <= tag + timedelta(days=FAELLIG_AB_TAGEN):
            return MeilensteinStand.FAELLIG
        return MeilensteinStand.GEPLANT
