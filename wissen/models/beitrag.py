from django.db import models
from django.db.models import Q
from django.urls import reverse

from bestandsaufnahme.models import Aufgabenfeld
from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.bedingungen import auswahl_gilt
from projekte.models import Projekt
from wissen.auswahl import RESERVIERT, BeitragArt, Sichtbarkeit


class BeitragQuerySet(models.QuerySet["Beitrag"]):
    def veroeffentlichte(self) -> "BeitragQuerySet":
        return self.filter(veroeffentlicht_am__isnull=False)

    def oeffentliche(self) -> "BeitragQuerySet":
        """What everybody may read: published, public, no example."""
        return self.veroeffentlichte().filter(sichtbarkeit=Sichtbarkeit.OEFFENTLICH, beispiel=False)


class Beitrag(models.Model):
    """Something learned, kept for the next: an example, an experience, a guide, a template, a programme, a course."""

    slug = models.SlugField("Kurzadresse", max_length=100, unique=True)
    titel = models.CharField("Titel", max_length=200)
    art = models.CharField("Art", max_length=20, choices=BeitragArt.choices)
    kurztext = models.CharField("Kurztext", max_length=300)
    text = models.TextField("Text", help_text="Markdown")
    aufgabenfelder = models.ManyToManyField(
        Aufgabenfeld, blank=True, related_name="beitraege", verbose_name="Aufgabenfelder"
    )
    projekt = models.ForeignKey(
        Projekt, null=True, blank=True, on_delete=models.SET_NULL, related_name="beitraege", verbose_name="Projekt"
    )
    sichtbarkeit = models.CharField(
        "Sichtbarkeit", max_length=12, choices=Sichtbarkeit.choices, default=Sichtbarkeit.INTERN
    )
    veroeffentlicht_am = models.DateField("veröffentlicht am", null=True, blank=True, help_text="leer: Entwurf")
    auszug = models.BooleanField("Auszug", default=False, help_text="Die Quelle gibt nur einen Teil wieder.")
    quelle = models.TextField("Quelle", blank=True)
    zuletzt_geprueft_am = models.DateField("zuletzt geprüft am", null=True, blank=True)
    beispiel = models.BooleanField("Beispiel", default=False)

    objects = BeitragQuerySet.as_manager()

    class Meta:
        verbose_name = "Beitrag"
        verbose_name_plural = "Beiträge"
        ordering = ["-veroeffentlicht_am", "titel"]
        constraints = [
            auswahl_gilt("art", BeitragArt),
            auswahl_gilt("sichtbarkeit", Sichtbarkeit),
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVIERT),
                name="%(app_label)s_%(class)s_slug_frei",
                violation_error_message="Diese Kurzadresse ist vergeben. Bitte wählen Sie eine andere.",
            ),
        ]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.titel

    def get_absolute_url(self) -> str:
        return reverse("beitrag_detail", args=[self.slug])


class Beitragsfeld(Beitrag.aufgabenfelder.through):  # type: ignore[name-defined]  # the table behind the relation
    """That a Beitrag is about an Aufgabenfeld; a model of its own only for the record."""

    class Meta:
        proxy = True
        verbose_name = "Aufgabenfeld eines Beitrags"
        verbose_name_plural = "Aufgabenfelder von Beiträgen"
        triggers = [protokolliert(wurzel="beitrag")]
