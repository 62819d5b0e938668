import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models.feld import Aufgabenfeld
from ikz_portal.basis.ausloeser import protokolliert, zaehlt_version
from ikz_portal.basis.bedingungen import auswahl_gilt
from kommunen.models import Kommune, Konto


class Interessenrunde(models.Model):
    """A round in which the Kommunen declare interest. Of the historical one only totals are known.

    The only door to its status is `ablaeufe.interessenrunde`. One runs at a time.
    """

    name = models.CharField("Name", max_length=120, unique=True)
    jahr = models.PositiveSmallIntegerField("Jahr", null=True, blank=True, help_text="leer: nicht überliefert")
    status = models.CharField(
        "Status",
        max_length=20,
        choices=RundeStatus.choices,
        default=RundeStatus.ABGESCHLOSSEN,
        db_default=RundeStatus.ABGESCHLOSSEN,
    )
    beginn = models.DateField("eröffnet am", null=True, blank=True)
    frist = models.DateField("Frist", null=True, blank=True)
    abgeschlossen_am = models.DateField("abgeschlossen am", null=True, blank=True)
    anschreiben = models.TextField("Anschreiben", max_length=4000, blank=True, db_default="")
    veroeffentlicht = models.BooleanField("veröffentlicht", default=False)
    hinweis = models.TextField("Hinweis", blank=True)
    quelle = models.TextField("Quelle", blank=True)
    beispiel = models.BooleanField("Beispiel", default=False, db_default=False)
    version = models.PositiveIntegerField("Version", default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "Interessenrunde"
        verbose_name_plural = "Interessenrunden"
        ordering = [models.F("jahr").desc(nulls_last=True), "-pk"]
        constraints = [
            auswahl_gilt("status", RundeStatus),
            models.CheckConstraint(
                condition=~Q(status=RundeStatus.LAEUFT) | Q(beginn__isnull=False, frist__isnull=False),
                name="%(app_label)s_%(class)s_laeuft_mit_frist",
                violation_error_message="Eine laufende Runde hat einen Beginn und eine Frist.",
            ),
            models.CheckConstraint(
                condition=Q(veroeffentlicht=False) | Q(status=RundeStatus.ABGESCHLOSSEN),
                name="%(app_label)s_%(class)s_abgeschlossen_veroeffentlicht",
                violation_error_message="Veröffentlicht wird nur das Ergebnis einer abgeschlossenen Runde.",
            ),
            models.CheckConstraint(
                condition=Q(veroeffentlicht=False) | Q(beispiel=False),
                name="%(app_label)s_%(class)s_beispiel_nicht_oeffentlich",
                violation_error_message="Ein Beispiel wird nicht veröffentlicht.",
            ),
            models.CheckConstraint(
                condition=Q(abgeschlossen_am__isnull=True) | Q(status=RundeStatus.ABGESCHLOSSEN),
                name="%(app_label)s_%(class)s_schluss_mit_status",
                violation_error_message="Nur eine abgeschlossene Runde hat einen Tag des Abschlusses.",
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status=RundeStatus.LAEUFT),
                name="%(app_label)s_%(class)s_eine_laufende",
                violation_error_message="Es läuft schon eine Runde. Bitte schließen Sie diese zuerst ab.",
            ),
        ]
        triggers = [protokolliert(), zaehlt_version()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("runde_detail", args=[self.pk])

    @property
    def marke_des_status(self) -> RundeStatus:
        return RundeStatus(self.status)


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
        triggers = [
            protokolliert(wurzel="runde"),
            # those that were handed down may be corrected: their round has no day on which it was closed
            pgtrigger.Trigger(
                name="bleibt",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT FROM bestandsaufnahme_interessenrunde
                        WHERE id = OLD.runde_id AND abgeschlossen_am IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'Das Ergebnis einer Runde bleibt stehen.' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.runde}: {self.aufgabenfeld}"


class Rundenrueckmeldung(models.Model):
    """What became of the question to one Kommune in a round; `am` says since when its answer is there.

    It comes with the first declaration of the Kommune in the round, or by saying that there is nothing (more) to add.
    """

    runde = models.ForeignKey(
        Interessenrunde, on_delete=models.CASCADE, related_name="rueckmeldungen", verbose_name="Runde"
    )
    kommune = models.ForeignKey(
        Kommune, on_delete=models.PROTECT, related_name="rundenrueckmeldungen", verbose_name="Kommune"
    )
    am = models.DateField("zurückgemeldet am", null=True, blank=True)
    durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch"
    )
    fuer = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="in Vertretung für"
    )
    vermerk = models.CharField("Vermerk", max_length=300, blank=True)
    erinnert_am = models.DateField("erinnert am", null=True, blank=True)

    class Meta:
        verbose_name = "Rückmeldung in einer Runde"
        verbose_name_plural = "Rückmeldungen in Runden"
        ordering = ["runde", "kommune__sortierung"]
        constraints = [
            models.UniqueConstraint(
                fields=["runde", "kommune"],
                name="%(app_label)s_%(class)s_eine_je_kommune",
                violation_error_message="Diese Kommune ist in der Runde schon gefragt.",
            ),
            models.CheckConstraint(
                condition=Q(am__isnull=False) | Q(durch__isnull=True, fuer__isnull=True, vermerk=""),
                name="%(app_label)s_%(class)s_durch_mit_tag",
                violation_error_message="Eine Rückmeldung nennt ihren Tag.",
            ),
        ]
        triggers = [protokolliert(wurzel="runde")]

    def __str__(self) -> str:
        return f"{self.runde}: {self.kommune}"
