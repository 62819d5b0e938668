from django.db import models
from django.db.models import Q

from ikz_portal.basis.auswahl import PostStatus
from ikz_portal.basis.bedingungen import auswahl_gilt
from ikz_portal.basis.models.lauf import Lauf


class Postausgang(models.Model):
    """A mail, written in the transaction of what it tells of; the only door is `basis.post`."""

    an = models.EmailField("an")
    betreff = models.CharField("Betreff", max_length=200)
    text = models.TextField("Text")
    geheimnis = models.TextField(
        "persönlicher Link",
        blank=True,
        default="",
        db_default="",  # the former version goes on writing while the new one is put in place
        help_text="verschlüsselt; nach dem Versand gelöscht, steht nie im Text",
    )
    abbestellbar = models.BooleanField(
        "abbestellbar",
        default=False,
        db_default=False,
        help_text="der persönliche Link bestellt sie ab; auch das Mailprogramm darf ihn benutzen",
    )
    kennung = models.CharField("Message-ID", max_length=200, unique=True)
    status = models.CharField("Status", max_length=20, choices=PostStatus.choices, default=PostStatus.WARTET)
    lauf = models.OneToOneField(Lauf, on_delete=models.PROTECT, related_name="post", verbose_name="Lauf")
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)
    gesendet_am = models.DateTimeField("gesendet am", null=True, blank=True)

    class Meta:
        verbose_name = "Nachricht"
        verbose_name_plural = "Postausgang"
        ordering = ["-angelegt_am", "-pk"]
        constraints = [
            auswahl_gilt("status", PostStatus),
            models.CheckConstraint(
                condition=Q(status=PostStatus.GESENDET, gesendet_am__isnull=False)
                | ~Q(status=PostStatus.GESENDET) & Q(gesendet_am__isnull=True),
                name="%(app_label)s_%(class)s_gesendet_mit_zeit",
                violation_error_message="Eine gesendete Nachricht nennt, wann.",
            ),
        ]

    def __str__(self) -> str:
        return self.betreff

    @property
    def marke_des_status(self) -> PostStatus:
        return PostStatus(self.status)
