from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Subquery


class StatuswechselQuerySet(models.QuerySet["Statuswechsel"]):
    def status_am(self, modell: type[models.Model], stichtag: date, spalte: str = "nach") -> Subquery:
        """Subquery for `annotate` on that model: its status on the day (or since when: `gueltig_ab`).

        NULL for days before the first dated row.
        """
        zeilen = self.filter(
            content_type=ContentType.objects.get_for_model(modell), objekt_id=OuterRef("pk"), gueltig_ab__lte=stichtag
        )
        return Subquery(zeilen.order_by("-gueltig_ab", "-pk").values(spalte)[:1])


class Statuswechsel(models.Model):
    """The dated row behind every status: what was true on a day is read from these.

    It never changes (trigger), but for who it was: that `fristen_anwenden` may forget (`protokoll.nach_frist_aendern`).
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", verbose_name="Art")
    objekt_id = models.PositiveBigIntegerField("Objekt")
    objekt = GenericForeignKey("content_type", "objekt_id")
    von = models.CharField("von", max_length=30, blank=True)
    nach = models.CharField("nach", max_length=30)
    gueltig_ab = models.DateField("gültig ab")
    durch = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="durch",
        help_text="leer bei überlieferten Angaben",
    )
    fuer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="in Vertretung für",
    )
    grund = models.TextField("Grund", blank=True)
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)

    objects = StatuswechselQuerySet.as_manager()

    class Meta:
        verbose_name = "Statuswechsel"
        verbose_name_plural = "Statuswechsel"
        ordering = ["-gueltig_ab", "-pk"]
        indexes = [
            models.Index(fields=["content_type", "objekt_id", "-gueltig_ab", "-id"], name="statuswechsel_objekt")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="bleibt",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'UPDATE' AND current_setting('ikz.fristen', true) = 'ja'
                        AND NEW.durch_id IS NULL AND NEW.fuer_id IS NULL
                        AND to_jsonb(NEW) - ARRAY['durch_id', 'fuer_id'] = to_jsonb(OLD) - ARRAY['durch_id', 'fuer_id']
                    THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'Ein Statuswechsel wird nie geaendert.' USING ERRCODE = 'restrict_violation';
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.von} → {self.nach}"
