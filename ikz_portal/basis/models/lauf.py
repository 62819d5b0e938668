from datetime import datetime

from django.db import models
from django.db.models import Q

from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.bedingungen import auswahl_gilt


class LaufQuerySet(models.QuerySet["Lauf"]):
    def faellige(self, jetzt: datetime) -> "LaufQuerySet":
        """Those that a worker may take: waiting and due, or taken by one that let its lease run out."""
        wartet = Q(status=LaufStatus.WARTET) & (Q(fruehestens=None) | Q(fruehestens__lte=jetzt))
        return self.filter(wartet | Q(status=LaufStatus.LAEUFT, frist__lt=jetzt))


class Lauf(models.Model):
    """One background job; the only door to its status is `basis.laeufe`."""

    art = models.CharField("Art", max_length=100, help_text="Name der Celery-Aufgabe")
    schluessel = models.CharField("Schlüssel", max_length=200)
    status = models.CharField("Status", max_length=20, choices=LaufStatus.choices, default=LaufStatus.WARTET)
    schritt = models.CharField("Schritt", max_length=200, blank=True)
    fortschritt = models.PositiveSmallIntegerField("Fortschritt in Prozent", default=0)
    versuche = models.PositiveSmallIntegerField("Versuche", default=0)
    marke = models.UUIDField("Marke dessen, der ihn bearbeitet", null=True, blank=True)
    frist = models.DateTimeField("beansprucht bis", null=True, blank=True)
    fruehestens = models.DateTimeField("frühestens", null=True, blank=True)
    gemeldet_am = models.DateTimeField("an die Warteschlange gemeldet am", null=True, blank=True)
    fehler = models.TextField("Fehler", blank=True)
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)
    beendet_am = models.DateTimeField("beendet am", null=True, blank=True)

    objects = LaufQuerySet.as_manager()

    class Meta:
        verbose_name = "Lauf"
        verbose_name_plural = "Läufe"
        ordering = ["-angelegt_am", "-pk"]
        constraints = [
            auswahl_gilt("status", LaufStatus),
            models.UniqueConstraint(
                fields=["art", "schluessel"],
                condition=Q(status__in=LaufStatus.offene()),
                name="%(app_label)s_%(class)s_einer_offen",
                violation_error_message="Das wird bereits bearbeitet.",
            ),
            models.CheckConstraint(
                condition=Q(status=LaufStatus.LAEUFT, marke__isnull=False, frist__isnull=False)
                | ~Q(status=LaufStatus.LAEUFT) & Q(marke__isnull=True, frist__isnull=True),
                name="%(app_label)s_%(class)s_beansprucht_mit_marke",
                violation_error_message="Nur ein Lauf in Arbeit trägt Marke und Frist.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LaufStatus.offene(), beendet_am__isnull=True)
                | ~Q(status__in=LaufStatus.offene()) & Q(beendet_am__isnull=False),
                name="%(app_label)s_%(class)s_beendet_mit_zeit",
                violation_error_message="Ein beendeter Lauf nennt, wann.",
            ),
            models.CheckConstraint(
                condition=~Q(status=LaufStatus.FEHLGESCHLAGEN) | ~Q(fehler=""),
                name="%(app_label)s_%(class)s_fehler_begruendet",
                violation_error_message="Ein fehlgeschlagener Lauf nennt den Grund.",
            ),
            models.CheckConstraint(
                condition=Q(fortschritt__lte=100),
                name="%(app_label)s_%(class)s_hoechstens_100",
                violation_error_message="Der Fortschritt endet bei 100.",
            ),
        ]
        indexes = [models.Index(fields=["angelegt_am"], condition=Q(status__in=LaufStatus.offene()), name="lauf_offen")]

    def __str__(self) -> str:
        return f"{self.art} {self.schluessel}: {self.get_status_display()}"

    @property
    def marke_des_status(self) -> LaufStatus:
        return LaufStatus(self.status)

    @property
    def ist_offen(self) -> bool:
        return self.status in LaufStatus.offene()

    @property
    def wartet_auf_warteschlange(self) -> bool:
        """True while the broker has not been reached for this job: it is kept and will be rung again."""
        return self.status == LaufStatus.WARTET and self.gemeldet_am is None
