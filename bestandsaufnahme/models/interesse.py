from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from bestandsaufnahme.auswahl import GUELTIGE_INTERESSEN, InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.feld import Aufgabenfeld, Kooperationsfeld
from bestandsaufnahme.models.runde import Interessenrunde
from ikz_portal.basis.ausloeser import protokolliert, unveraenderlich, zaehlt_version
from ikz_portal.basis.bedingungen import auswahl_gilt
from ikz_portal.basis.models import Fassung
from kommunen.models import Kommune, Konto

# Filed, but its Kommune wants the head to confirm it first.
UNBESTAETIGT = Q(status=InteresseStatus.ABGEGEBEN, bestaetigung_noetig=True)


class InteressenbekundungQuerySet(models.QuerySet["Interessenbekundung"]):
    def laufende(self, heute: date) -> "InteressenbekundungQuerySet":
        """Filed, not withdrawn, and not past their date; those that wait for the head among them."""
        return self.filter(Q(gueltig_bis__isnull=True) | Q(gueltig_bis__gte=heute), status__in=GUELTIGE_INTERESSEN)

    def unbestaetigte(self) -> "InteressenbekundungQuerySet":
        return self.filter(UNBESTAETIGT)

    def gueltige(self, heute: date) -> "InteressenbekundungQuerySet":
        """Those that count on the day."""
        return self.laufende(heute).exclude(UNBESTAETIGT)

    def im_feld(self, feld: Aufgabenfeld) -> "InteressenbekundungQuerySet":
        """Those for the field or any part of it."""
        return self.filter(Q(aufgabenfeld=feld) | Q(kooperationsfeld__aufgabenfeld=feld))

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
    wofuer = models.TextField("Wofür", max_length=2000, blank=True)
    bietet = models.TextField("Das bringen wir ein", max_length=2000, blank=True)
    sucht = models.TextField("Das suchen wir", max_length=2000, blank=True)
    kontakt = models.ForeignKey(
        Konto,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interessen_als_kontakt",
        verbose_name="Ansprechperson",
    )
    gueltig_bis = models.DateField("gültig bis", null=True, blank=True)
    anschluss_an = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="anschluesse",
        verbose_name="schließt sich an",
    )
    bestaetigung_noetig = models.BooleanField(
        "Bestätigung nötig",
        default=False,
        db_default=False,
        help_text="wie die Kommune es wollte, als sie abgegeben wurde",
    )
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
    vermerk = models.TextField(
        "Vermerk", max_length=1000, blank=True, db_default="", help_text="wie die Kommune es der Geschäftsstelle sagte"
    )
    beleg = models.ForeignKey(
        Fassung, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Beleg"
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
    version = models.PositiveIntegerField("Version", default=1, db_default=1, editable=False)

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
                condition=Q(status__in=GUELTIGE_INTERESSEN),
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_eine_aktive",
                violation_error_message="Für dieses Feld hat Ihre Kommune schon eine Interessenbekundung dieser Art.",
            ),
            # apart from the filed ones: what others file for the Kommune must not tell them of its draft
            models.UniqueConstraint(
                fields=["kommune", "aufgabenfeld", "kooperationsfeld", "art"],
                condition=Q(status=InteresseStatus.ENTWURF),
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_ein_entwurf",
                violation_error_message="Für dieses Feld hat Ihre Kommune schon einen Entwurf dieser Art.",
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
                condition=Q(status=InteresseStatus.ENTWURF) | ~Q(wofuer=""),
                name="%(app_label)s_%(class)s_abgegeben_mit_wofuer",
                violation_error_message="Eine abgegebene Interessenbekundung sagt, wofür.",
            ),
            models.CheckConstraint(
                condition=Q(beleg__isnull=True) | ~Q(vermerk=""),
                name="%(app_label)s_%(class)s_beleg_mit_vermerk",
                violation_error_message="Zu einem Beleg gehört ein Vermerk.",
            ),
            models.CheckConstraint(
                condition=~Q(anschluss_an=models.F("id")),
                name="%(app_label)s_%(class)s_nicht_an_sich_selbst",
                violation_error_message="Eine Interessenbekundung schließt sich nicht sich selbst an.",
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
        triggers = [protokolliert(), zaehlt_version()]

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

    @property
    def unbestaetigt(self) -> bool:
        return self.status == InteresseStatus.ABGEGEBEN and self.bestaetigung_noetig


class Interessenaenderung(models.Model):
    """A dated row for each change of a filed declaration: what it means for its Stufe, who made it, and why.

    The Geschäftsstelle always says why; the Kommune itself may.
    """

    interesse = models.ForeignKey(
        Interessenbekundung, on_delete=models.CASCADE, related_name="aenderungen", verbose_name="Interessenbekundung"
    )
    am = models.DateField("am")
    stufe_von = models.CharField("Stufe vorher", max_length=20, choices=Stufe.choices)
    stufe_nach = models.CharField("Stufe nachher", max_length=20, choices=Stufe.choices)
    grund = models.TextField("Grund", max_length=1000, blank=True)
    durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch"
    )
    fuer = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="in Vertretung für"
    )
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Änderung einer Interessenbekundung"
        verbose_name_plural = "Änderungen von Interessenbekundungen"
        ordering = ["-am", "-pk"]
        constraints = [auswahl_gilt("stufe_von", Stufe), auswahl_gilt("stufe_nach", Stufe)]
        triggers = [
            protokolliert(wurzel="interesse"),
            unveraenderlich("bleibt", satz="Eine Aenderung bleibt stehen.", was=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.interesse} ({self.am})"

    @property
    def hebt_an(self) -> bool:
        return Stufe.values.index(self.stufe_nach) > Stufe.values.index(self.stufe_von)


class Bestaetigungspflicht(models.Model):
    """That a Kommune wants its head to confirm declarations before they count."""

    kommune = models.OneToOneField(
        Kommune, on_delete=models.CASCADE, related_name="bestaetigungspflicht", verbose_name="Kommune"
    )
    seit = models.DateField("seit")
    durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="eingetragen durch"
    )

    class Meta:
        verbose_name = "Bestätigungspflicht"
        verbose_name_plural = "Bestätigungspflichten"
        ordering = ["kommune__sortierung"]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return f"{self.kommune} (seit {self.seit})"


class Beobachtung(models.Model):
    """That a person follows an Aufgabenfeld, and is told of new declarations in it."""

    konto = models.ForeignKey(Konto, on_delete=models.CASCADE, related_name="beobachtungen", verbose_name="Konto")
    aufgabenfeld = models.ForeignKey(
        Aufgabenfeld, on_delete=models.CASCADE, related_name="beobachtungen", verbose_name="Aufgabenfeld"
    )
    seit = models.DateField("seit")

    class Meta:
        verbose_name = "Beobachtung"
        verbose_name_plural = "Beobachtungen"
        ordering = ["aufgabenfeld"]
        constraints = [
            models.UniqueConstraint(
                fields=["konto", "aufgabenfeld"],
                name="%(app_label)s_%(class)s_einmal_je_feld",
                violation_error_message="Dieses Feld beobachten Sie schon.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.aufgabenfeld}"


class Rundennennung(models.Model):
    """That a declaration counted when a round was closed, and with which Stufe: kept as it was on that day."""

    runde = models.ForeignKey(Interessenrunde, on_delete=models.CASCADE, related_name="nennungen", verbose_name="Runde")
    interesse = models.ForeignKey(
        Interessenbekundung, on_delete=models.PROTECT, related_name="nennungen", verbose_name="Interessenbekundung"
    )
    stufe = models.CharField("Stufe", max_length=20, choices=Stufe.choices)

    class Meta:
        verbose_name = "Nennung in einer Runde"
        verbose_name_plural = "Nennungen in Runden"
        ordering = ["runde", "pk"]
        constraints = [
            auswahl_gilt("stufe", Stufe),
            models.UniqueConstraint(
                fields=["runde", "interesse"],
                name="%(app_label)s_%(class)s_einmal",
                violation_error_message="Diese Interessenbekundung zählt in der Runde schon.",
            ),
        ]
        triggers = [
            protokolliert(wurzel="runde"),
            unveraenderlich("bleibt", satz="Das Ergebnis einer Runde bleibt stehen."),
        ]

    def __str__(self) -> str:
        return f"{self.runde}: {self.interesse}"
