from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from bestandsaufnahme.auswahl import AKTIVE_INTERESSEN, GUELTIGE_INTERESSEN, InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.feld import Aufgabenfeld, Kooperationsfeld
from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.bedingungen import auswahl_gilt
from kommunen.models import Kommune, Konto


class Interessenrunde(models.Model):
    """A round in which the Kommunen declare interest. Of the historical one only totals are known."""

    name = models.CharField("Name", max_length=120, unique=True)
    jahr = models.PositiveSmallIntegerField("Jahr", null=True, blank=True, help_text="leer: nicht überliefert")
    veroeffentlicht = models.BooleanField("veröffentlicht", default=False)
    hinweis = models.TextField("Hinweis", blank=True)
    quelle = models.TextField("Quelle", blank=True)

    class Meta:
        verbose_name = "Interessenrunde"
        verbose_name_plural = "Interessenrunden"
        ordering = ["-jahr", "-pk"]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.name


class Rundenergebnis(models.Model):
    """The stored total of a round for one Aufgabenfeld: a number, or nothing where the field is not listed."""

    runde = models.ForeignKey(
        Interessenrunde, on_delete=models.CASCADE, related_name="ergebnisse", verbose_name="Runde"
    )
    aufgabenfeld = models.ForeignKey(
        Aufgabenfeld, on_delete=models.PROTECT, related_name="rundenergebnisse", verbose_name="Aufgabenfeld"
    )
    anzahl = models.PositiveSmallIntegerField(
        "Zahl der Kommunen", null=True, blank=True, help_text="leer: nicht aufgeführt"
    )
    bezeichnung = models.CharField("Bezeichnung in der Quelle", max_length=200, blank=True)

    class Meta:
        verbose_name = "Rundenergebnis"
        verbose_name_plural = "Rundenergebnisse"
        ordering = ["runde", models.F("anzahl").desc(nulls_last=True), "aufgabenfeld__reihenfolge"]
        constraints = [
            models.UniqueConstraint(
                fields=["runde", "aufgabenfeld"],
                name="%(app_label)s_%(class)s_feld_eindeutig",
                violation_error_message="Für dieses Aufgabenfeld steht in der Runde schon ein Ergebnis.",
            )
        ]
        triggers = [protokolliert(wurzel="runde")]

    def __str__(self) -> str:
        return f"{self.runde}: {self.aufgabenfeld}"


class InteressenbekundungQuerySet(models.QuerySet["Interessenbekundung"]):
    def gueltige(self, heute: date) -> "InteressenbekundungQuerySet":
        return self.filter(Q(gueltig_bis__isnull=True) | Q(gueltig_bis__gte=heute), status__in=GUELTIGE_INTERESSEN)

    def mit_feld(self) -> "InteressenbekundungQuerySet":
        """Annotate `feld_id`: the Aufgabenfeld, also of a declaration for one of its Kooperationsfelder."""
        return self.annotate(feld_id=Coalesce("aufgabenfeld_id", "kooperationsfeld__aufgabenfeld_id"))


class Interessenbekundung(models.Model):
    """A Kommune says: we want to do this together. The only door to its status is `ablaeufe.interesse`."""

    kommune = models.ForeignKey(Kommune, on_delete=models.PROTECT, related_name="interessen", verbose_name="Kommune")
    art = models.CharField("Art", max_length=20, choices=InteresseArt.choices, default=InteresseArt.KOOPERATIONSWILLE)
    aufgabenfeld = models.ForeignKey(
        Aufgabenfeld,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interessen",
        verbose_name="Aufgabenfeld",
    )
    kooperationsfeld = models.ForeignKey(
        Kooperationsfeld,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interessen",
        verbose_name="Kooperationsfeld",
    )
    stufe = models.CharField("Stufe", max_length=20, choices=Stufe.choices, default=Stufe.INTERESSE)
    wofuer = models.TextField("Wofür", max_length=2000)
    bietet = models.TextField("Das bringen wir ein", max_length=2000, blank=True)
    sucht = models.TextField("Das suchen wir", max_length=2000, blank=True)
    gueltig_bis = models.DateField("gültig bis", null=True, blank=True)
    status = models.CharField("Status", max_length=20, choices=InteresseStatus.choices, default=InteresseStatus.ENTWURF)
    abgegeben_am = models.DateField("abgegeben am", null=True, blank=True)
    zurueckgezogen_am = models.DateField("zurückgezogen am", null=True, blank=True)
    grund = models.TextField("Grund des Rückzugs", blank=True)
    durch = models.ForeignKey(
        Konto,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interessen",
        verbose_name="eingetragen durch",
    )
    fuer = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="in Vertretung für"
    )
    runde = models.ForeignKey(
        Interessenrunde,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interessen",
        verbose_name="Runde",
    )
    erhebung = models.ForeignKey(
        Erhebung,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interessen",
        verbose_name="Erhebung",
        help_text="die Erhebung, in der sie angegeben wurde",
    )
    beispiel = models.BooleanField("Beispiel", default=False)
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)

    objects = InteressenbekundungQuerySet.as_manager()

    class Meta:
        verbose_name = "Interessenbekundung"
        verbose_name_plural = "Interessenbekundungen"
        ordering = ["-abgegeben_am", "-pk"]
        constraints = [
            auswahl_gilt("art", InteresseArt),
            auswahl_gilt("stufe", Stufe),
            auswahl_gilt("status", InteresseStatus),
            models.UniqueConstraint(
                fields=["kommune", "aufgabenfeld", "kooperationsfeld", "art"],
                condition=Q(status__in=AKTIVE_INTERESSEN),
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_eine_aktive",
                violation_error_message="Für dieses Feld hat Ihre Kommune schon eine Interessenbekundung dieser Art.",
            ),
            models.CheckConstraint(
                condition=Q(aufgabenfeld__isnull=True) | Q(kooperationsfeld__isnull=True),
                name="%(app_label)s_%(class)s_ein_feld",
                violation_error_message="Nennen Sie ein Aufgabenfeld oder genauer ein Kooperationsfeld, nicht beides.",
            ),
            models.CheckConstraint(
                condition=Q(art=InteresseArt.INFO_AUSTAUSCH)
                | Q(aufgabenfeld__isnull=False)
                | Q(kooperationsfeld__isnull=False),
                name="%(app_label)s_%(class)s_wille_mit_feld",
                violation_error_message="Ein Kooperationswille gilt einem Aufgabenfeld oder einem Kooperationsfeld.",
            ),
            models.CheckConstraint(
                condition=Q(status=InteresseStatus.ENTWURF) | Q(abgegeben_am__isnull=False),
                name="%(app_label)s_%(class)s_abgegeben_mit_tag",
                violation_error_message="Eine abgegebene Interessenbekundung nennt den Tag.",
            ),
            models.CheckConstraint(
                condition=Q(status=InteresseStatus.ZURUECKGEZOGEN, zurueckgezogen_am__isnull=False) & ~Q(grund="")
                | ~Q(status=InteresseStatus.ZURUECKGEZOGEN) & Q(zurueckgezogen_am__isnull=True, grund=""),
                name="%(app_label)s_%(class)s_rueckzug_mit_grund",
                violation_error_message="Ein Rückzug nennt Tag und Grund.",
            ),
        ]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return f"{self.kommune}: {self.feld or self.get_art_display()}"

    def get_absolute_url(self) -> str:
        return reverse("interesse_detail", args=[self.pk])

    @property
    def feld(self) -> Aufgabenfeld | Kooperationsfeld | None:
        return self.kooperationsfeld or self.aufgabenfeld

    @property
    def marke_des_status(self) -> InteresseStatus:
        return InteresseStatus(self.status)
