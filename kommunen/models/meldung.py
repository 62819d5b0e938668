from django.db import models
from django.db.models import Q

from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.bedingungen import auswahl_gilt
from ikz_portal.basis.models import Postausgang
from kommunen.auswahl import Meldeanlass, Rhythmus
from kommunen.models.konto import Konto


class Meldewunsch(models.Model):
    """How a person wants to be told of something; without a row the default holds (`auswahl.VORGABE_RHYTHMUS`)."""

    konto = models.ForeignKey(Konto, on_delete=models.CASCADE, related_name="meldewuensche", verbose_name="Konto")
    anlass = models.CharField("Anlass", max_length=20, choices=Meldeanlass.choices)
    rhythmus = models.CharField("Rhythmus", max_length=20, choices=Rhythmus.choices)

    class Meta:
        verbose_name = "Wunsch nach Benachrichtigung"
        verbose_name_plural = "Wünsche nach Benachrichtigung"
        ordering = ["konto", "anlass"]
        constraints = [
            auswahl_gilt("anlass", Meldeanlass),
            auswahl_gilt("rhythmus", Rhythmus),
            models.UniqueConstraint(
                fields=["konto", "anlass"],
                name="%(app_label)s_%(class)s_einer_je_anlass",
                violation_error_message="Zu diesem Anlass gibt es schon einen Wunsch.",
            ),
        ]
        triggers = [protokolliert(wurzel="konto")]

    def __str__(self) -> str:
        return f"{self.get_anlass_display()}: {self.get_rhythmus_display()}"


class MeldungQuerySet(models.QuerySet["Meldung"]):
    def wartende(self) -> "MeldungQuerySet":
        return self.filter(erledigt_am__isnull=True)


class Meldung(models.Model):
    """Something that a person is to be told, once; what it says is written when it is sent, as far as it may be told.

    `bezug` names what it is about, in the words of the Anlass. Done, it says that the person knows; where nothing was
    left to tell the row is gone, so that it can come again. The only door to it is `ablaeufe.meldung`.
    """

    konto = models.ForeignKey(Konto, on_delete=models.CASCADE, related_name="meldungen", verbose_name="Konto")
    anlass = models.CharField("Anlass", max_length=20, choices=Meldeanlass.choices)
    bezug = models.CharField("Bezug", max_length=200)
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)
    erledigt_am = models.DateTimeField("erledigt am", null=True, blank=True)
    nachricht = models.ForeignKey(
        Postausgang,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="meldungen",
        verbose_name="Nachricht",
    )

    objects = MeldungQuerySet.as_manager()

    class Meta:
        verbose_name = "Meldung"
        verbose_name_plural = "Meldungen"
        ordering = ["angelegt_am", "pk"]
        constraints = [
            auswahl_gilt("anlass", Meldeanlass),
            models.UniqueConstraint(
                fields=["konto", "anlass", "bezug"],
                name="%(app_label)s_%(class)s_einmal",
                violation_error_message="Davon weiß diese Person schon.",
            ),
            models.CheckConstraint(
                condition=Q(nachricht__isnull=True) | Q(erledigt_am__isnull=False),
                name="%(app_label)s_%(class)s_nachricht_mit_zeit",
                violation_error_message="Eine gesendete Meldung nennt, wann.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["konto", "anlass"], condition=Q(erledigt_am__isnull=True), name="kommunen_meldung_wartet"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_anlass_display()} ({self.bezug})"
