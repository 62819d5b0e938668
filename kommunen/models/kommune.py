from datetime import date

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse

from ikz_portal.basis.ausloeser import Din5007, protokolliert
from ikz_portal.basis.bedingungen import auswahl_gilt
from kommunen.auswahl import GROESSENKLASSEN, KommuneArt


class KommuneQuerySet(models.QuerySet["Kommune"]):
    def ohne_kreis(self) -> "KommuneQuerySet":
        return self.exclude(art=KommuneArt.KREIS)

    def mit_einwohnern(self, stichtag: date | None = None) -> "KommuneQuerySet":
        """Annotate `einwohner` and `einwohner_stichtag` from the newest figure (not after the day, if given)."""
        staende = Einwohnerstand.objects.filter(kommune=OuterRef("pk")).order_by("-stichtag")
        if stichtag is not None:
            staende = staende.filter(stichtag__lte=stichtag)
        return self.annotate(
            einwohner=Subquery(staende.values("einwohner")[:1]),
            einwohner_stichtag=Subquery(staende.values("stichtag")[:1]),
        )


class Kommune(models.Model):
    """One of the Kreiskommunen: a town, a Gemeinde, or the Kreis itself."""

    ags = models.CharField("AGS", max_length=8, unique=True)
    name = models.CharField("Name", max_length=100, unique=True)
    kurzname = models.CharField("Kurzname", max_length=60)
    kuerzel = models.CharField("Kürzel", max_length=6, unique=True)
    art = models.CharField("Art", max_length=10, choices=KommuneArt.choices)
    flaeche_km2 = models.DecimalField("Fläche in km²", max_digits=8, decimal_places=2, null=True, blank=True)
    verwaltungsorgan = models.CharField("Verwaltungsorgan", max_length=60, blank=True)
    vertretungskoerperschaft = models.CharField("Vertretungskörperschaft", max_length=60, blank=True)
    amtsbezeichnung_spitze = models.CharField("Verwaltungsspitze", max_length=60, blank=True)
    anschrift = models.CharField("Anschrift", max_length=200, blank=True)
    website = models.CharField("Website", max_length=100, blank=True)
    groessenklasse_vortrag = models.CharField("Größenklasse laut Vortrag 2022", max_length=30, blank=True)
    kachel_zeile = models.PositiveSmallIntegerField("Zeile auf der Kachelkarte")
    kachel_spalte = models.PositiveSmallIntegerField("Spalte auf der Kachelkarte")
    nachbarn = models.ManyToManyField("self", blank=True, verbose_name="Nachbarn im Kreis")
    quelle = models.TextField("Quelle", blank=True)
    sortierung = models.GeneratedField(
        # the Kreis stands behind its towns
        expression=Case(
            When(art=KommuneArt.KREIS, then=Value("~")), default=Din5007(F("name")), output_field=models.TextField()
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = KommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "Kommune"
        verbose_name_plural = "Kommunen"
        ordering = ["sortierung"]
        constraints = [
            auswahl_gilt("art", KommuneArt),
            models.CheckConstraint(
                condition=Q(art=KommuneArt.KREIS, ags__regex=r"^\d{5}$")
                | ~Q(art=KommuneArt.KREIS) & Q(ags__regex=r"^\d{8}$"),
                name="%(app_label)s_%(class)s_ags_gueltig",
                violation_error_message="Der AGS hat acht Ziffern, beim Kreis fünf.",
            ),
            models.UniqueConstraint(
                fields=["art"],
                condition=Q(art=KommuneArt.KREIS),
                name="%(app_label)s_%(class)s_ein_kreis",
                violation_error_message="Den Kreis gibt es schon.",
            ),
            models.UniqueConstraint(
                fields=["kachel_zeile", "kachel_spalte"],
                name="%(app_label)s_%(class)s_kachel_eindeutig",
                violation_error_message="Auf dieser Kachel liegt schon eine andere Kommune.",
            ),
        ]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("kommune_detail", args=[self.ags])

    @property
    def ist_kreis(self) -> bool:
        return self.art == KommuneArt.KREIS


class Nachbarschaft(Kommune.nachbarn.through):  # type: ignore[name-defined]  # the table behind the relation
    """That two Kommunen are neighbours; a model of its own only for the record."""

    class Meta:
        proxy = True
        verbose_name = "Nachbarschaft"
        verbose_name_plural = "Nachbarschaften"
        triggers = [protokolliert(wurzel="from_kommune")]


class Einwohnerstand(models.Model):
    """The inhabitants of a Kommune on a Stichtag. The figure of the Kreis is its own, never added to the towns'."""

    kommune = models.ForeignKey(
        Kommune, on_delete=models.CASCADE, related_name="einwohnerstaende", verbose_name="Kommune"
    )
    stichtag = models.DateField("Stichtag")
    einwohner = models.PositiveIntegerField("Einwohner")
    quelle = models.CharField("Quelle", max_length=300)

    class Meta:
        verbose_name = "Einwohnerstand"
        verbose_name_plural = "Einwohnerstände"
        ordering = ["kommune", "-stichtag"]
        constraints = [
            models.UniqueConstraint(
                fields=["kommune", "stichtag"],
                name="%(app_label)s_%(class)s_stichtag_eindeutig",
                violation_error_message="Für diesen Stichtag gibt es schon eine Einwohnerzahl.",
            )
        ]
        triggers = [protokolliert(wurzel="kommune")]

    def __str__(self) -> str:
        return f"{self.kommune}: {self.einwohner} ({self.stichtag})"


def groessenklasse(einwohner: int | None) -> str:
    """Return the size class for a number of inhabitants, „nicht bekannt“ without one."""
    if einwohner is None:
        return "nicht bekannt"
    return next(name for grenze, name in GROESSENKLASSEN if grenze is None or einwohner < grenze)
