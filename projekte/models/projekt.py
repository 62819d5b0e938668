from datetime import date

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse

from bestandsaufnahme.models import Aufgabenfeld, Kooperation
from ikz_portal.basis.ausloeser import Din5007, protokolliert, zaehlt_version
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import (
    auswahl_gilt,
    beides_oder_keins,
    genauigkeit_passt,
    reihenfolge_stimmt,
)
from ikz_portal.basis.formate import zeitraum
from kommunen.models import Gremium, Konto
from projekte.auswahl import RESERVIERT, ZUSTIMMENDE, Antwort, ProjektStatus


class ProjektQuerySet(models.QuerySet["Projekt"]):
    def eigenstaendige(self) -> "ProjektQuerySet":
        """Without those that were absorbed by later ones (the pilot of 2014): they are counted apart."""
        return self.filter(aufgegangen_in__isnull=True)

    def oeffentliche(self) -> "ProjektQuerySet":
        """Those that the public sees: published, and no example."""
        return self.filter(veroeffentlicht=True, beispiel=False)

    def fakten(self) -> "ProjektQuerySet":
        return self.filter(beispiel=False)

    def mit_teilnahme(self, stichtag: date | None = None) -> "ProjektQuerySet":
        """Annotate `antworten`, `beantwortet`, `zustimmungen` and `beschluss_noetig` from the Teilnahmen.

        `antworten` are all that were asked for; the others count as of the day if one is given. `aus_interessen` tells
        those that came from declarations of interest.
        """
        bis_dahin = Q() if stichtag is None else Q(teilnahmen__am__lte=stichtag)

        def anzahl(bedingung: Q) -> Count:
            return Count("teilnahmen", filter=bedingung & bis_dahin, distinct=True)

        return self.annotate(
            antworten=Count("teilnahmen", distinct=True),
            beantwortet=anzahl(Q(teilnahmen__am__isnull=False)),
            zustimmungen=anzahl(Q(teilnahmen__antwort__in=ZUSTIMMENDE)),
            beschluss_noetig=anzahl(Q(teilnahmen__antwort=Antwort.GREMIENBESCHLUSS)),
            aus_interessen=Exists(self.model.objects.filter(pk=OuterRef("pk"), starthilfen__isnull=False)),
        ).order_by(*(self.query.order_by or self.model._meta.ordering or ()))  # Count drops the model's ordering


class Projekt(models.Model):
    """An IKZ-Projekt; the only door to its status is `ablaeufe.projekt`."""

    slug = models.SlugField("Kurzadresse", max_length=80, unique=True)
    name = models.CharField("Name", max_length=200)
    kurzbeschreibung = models.TextField("Kurzbeschreibung", blank=True)
    aufgabenfeld = models.ForeignKey(
        Aufgabenfeld, on_delete=models.PROTECT, related_name="projekte", verbose_name="Aufgabenfeld"
    )
    status = models.CharField("Status", max_length=20, choices=ProjektStatus.choices, default=ProjektStatus.IDEE)
    status_hinweis = models.CharField("Hinweis zum Status", max_length=300, blank=True)
    beginn = models.DateField("Beginn", null=True, blank=True)
    beginn_genauigkeit = models.CharField(
        "Genauigkeit des Beginns", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    ende = models.DateField("Ende", null=True, blank=True)
    ende_genauigkeit = models.CharField(
        "Genauigkeit des Endes", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    zeit_hinweis = models.CharField(
        "Ende in Worten", max_length=200, blank=True, help_text="wo die Quelle nur Worte hat, etwa „Sommer 2022“"
    )
    vorgaenger = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="nachfolger", verbose_name="folgt auf"
    )
    aufgegangen_in = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="hervorgegangen_aus", verbose_name="aufgegangen in"
    )
    kooperationen = models.ManyToManyField(
        Kooperation, blank=True, related_name="projekte", verbose_name="Kooperationen daraus"
    )
    leitung = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="projekte", verbose_name="Projektleitung"
    )
    gruppe = models.ForeignKey(
        Gremium, null=True, blank=True, on_delete=models.PROTECT, related_name="projekte", verbose_name="Projektgruppe"
    )
    teilnahme_zitat = models.PositiveSmallIntegerField("Teilnehmende laut Quelle", null=True, blank=True)
    teilnahme_zitat_von = models.PositiveSmallIntegerField("von", null=True, blank=True)
    teilnahme_zitat_stand = models.DateField("Stand dieser Zahl", null=True, blank=True)
    veroeffentlicht = models.BooleanField("veröffentlicht", default=False)
    quelle = models.TextField("Quelle", blank=True)
    hinweis = models.TextField("Hinweis", blank=True)
    beispiel = models.BooleanField("Beispiel", default=False)
    version = models.PositiveIntegerField("Version", default=1, editable=False)
    geaendert_am = models.DateTimeField("geändert am", auto_now=True)
    sortierung = models.GeneratedField(expression=Din5007(F("name")), output_field=models.TextField(), db_persist=True)

    objects = ProjektQuerySet.as_manager()

    class Meta:
        verbose_name = "Projekt"
        verbose_name_plural = "Projekte"
        ordering = ["sortierung"]
        constraints = [
            auswahl_gilt("status", ProjektStatus),
            genauigkeit_passt("beginn"),
            genauigkeit_passt("ende", offen=True),
            reihenfolge_stimmt("beginn", "ende"),
            beides_oder_keins("teilnahme_zitat", "teilnahme_zitat_von"),
            beides_oder_keins("teilnahme_zitat", "teilnahme_zitat_stand"),
            models.UniqueConstraint(
                Lower("name"),
                name="%(app_label)s_%(class)s_name_eindeutig",
                violation_error_message="Ein Projekt mit diesem Namen gibt es schon.",
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVIERT),
                name="%(app_label)s_%(class)s_slug_frei",
                violation_error_message="Diese Kurzadresse ist vergeben. Bitte wählen Sie einen anderen Namen.",
            ),
            models.CheckConstraint(
                condition=~Q(vorgaenger=F("id")),
                name="%(app_label)s_%(class)s_folgt_nicht_sich_selbst",
                violation_error_message="Ein Projekt folgt nicht auf sich selbst.",
            ),
        ]
        triggers = [protokolliert(), zaehlt_version("sortierung")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projekt_detail", args=[self.slug])

    @property
    def marke_des_status(self) -> ProjektStatus:
        return ProjektStatus(self.status)

    @property
    def zeitraum(self) -> str:
        return zeitraum(
            self.beginn, self.beginn_genauigkeit, self.ende, self.ende_genauigkeit, bis_hinweis=self.zeit_hinweis
        )


class Projektherkunft(Projekt.aufgegangen_in.through):  # type: ignore[name-defined]  # the table behind the relation
    """That a Projekt was absorbed by another; a model of its own only for the record."""

    class Meta:
        proxy = True
        verbose_name = "Aufgehen in einem Projekt"
        verbose_name_plural = "Aufgehen in Projekten"
        triggers = [protokolliert(wurzel="from_projekt")]


class Projektkooperation(Projekt.kooperationen.through):  # type: ignore[name-defined]  # the table behind the relation
    """That a Kooperation came from a Projekt; a model of its own only for the record."""

    class Meta:
        proxy = True
        verbose_name = "Kooperation aus einem Projekt"
        verbose_name_plural = "Kooperationen aus Projekten"
        triggers = [protokolliert(wurzel="projekt")]
