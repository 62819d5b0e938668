from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Now
from django.urls import reverse

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft, Rechtsform
from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.feld import Kooperationsfeld
from bestandsaufnahme.models.taxonomie import Hemmnis
from ikz_portal.basis.ausloeser import protokolliert, zaehlt_version
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import auswahl_gilt, genauigkeit_passt, reihenfolge_stimmt, ueberschneidungsfrei
from kommunen.models import Kommune


class ExternerPartner(models.Model):
    """A partner outside of the Verbund: a company, a body, a town of another Kreis."""

    name = models.CharField("Name", max_length=200, unique=True)
    hinweis = models.CharField("Hinweis", max_length=300, blank=True)

    class Meta:
        verbose_name = "externer Partner"
        verbose_name_plural = "externe Partner"
        ordering = ["name"]
        triggers = [protokolliert()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partner_detail", args=[self.pk])


class Kooperation(models.Model):
    """One concrete arrangement in a Kooperationsfeld; its symbol is its mark in the matrix."""

    kooperationsfeld = models.ForeignKey(
        Kooperationsfeld, on_delete=models.PROTECT, related_name="kooperationen", verbose_name="Kooperationsfeld"
    )
    symbol = models.CharField("Symbol", max_length=2)
    bezeichnung = models.CharField("Bezeichnung", max_length=200)
    erlaeuterung = models.TextField("Erläuterung", blank=True)
    rechtsform = models.CharField("Rechtsform", max_length=12, choices=Rechtsform.choices, default=Rechtsform.UNBEKANNT)
    rechtsform_hinweis = models.CharField("Hinweis zur Rechtsform", max_length=200, blank=True)
    seit = models.DateField("seit", null=True, blank=True)
    seit_genauigkeit = models.CharField(
        "Genauigkeit des Beginns", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    bis = models.DateField("bis", null=True, blank=True)
    bis_genauigkeit = models.CharField(
        "Genauigkeit des Endes", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    zeit_hinweis = models.CharField("Hinweis zur Zeit", max_length=200, blank=True)
    externe_partner = models.ManyToManyField(
        ExternerPartner, blank=True, related_name="kooperationen", verbose_name="externe Partner"
    )
    gescheitert_jahr = models.PositiveSmallIntegerField(
        "nicht zustande gekommen (Jahr)", null=True, blank=True, help_text="Jahr, in dem die Kommunen davon abließen"
    )
    gescheitert_grund = models.TextField("Grund des Scheiterns", blank=True, db_default="")
    hemmnisse = models.ManyToManyField(Hemmnis, blank=True, related_name="kooperationen", verbose_name="Hemmnisse")
    quelle = models.TextField("Quelle", blank=True)
    sicherheit = models.CharField("Sicherheit der Lesart", max_length=200, blank=True)
    veroeffentlicht = models.BooleanField("veröffentlicht", default=False)
    version = models.PositiveIntegerField("Version", default=1, db_default=1, editable=False)
    geaendert_am = models.DateTimeField("geändert am", auto_now=True, db_default=Now())

    class Meta:
        verbose_name = "Kooperation"
        verbose_name_plural = "Kooperationen"
        ordering = ["kooperationsfeld", "pk"]
        constraints = [
            auswahl_gilt("rechtsform", Rechtsform),
            genauigkeit_passt("seit"),
            genauigkeit_passt("bis", offen=True),
            reihenfolge_stimmt("seit", "bis"),
            models.CheckConstraint(
                condition=Q(gescheitert_jahr__isnull=True) | Q(gescheitert_jahr__gte=1945, gescheitert_jahr__lte=2200),
                name="%(app_label)s_%(class)s_gescheitert_jahr_vierstellig",
                violation_error_message="Bitte geben Sie das Jahr mit vier Ziffern an.",
            ),
            models.CheckConstraint(
                condition=Q(gescheitert_grund="") | Q(gescheitert_jahr__isnull=False),
                name="%(app_label)s_%(class)s_grund_mit_jahr",
                violation_error_message="Bitte nennen Sie auch das Jahr, in dem die Kooperation scheiterte.",
            ),
            models.UniqueConstraint(
                fields=["kooperationsfeld", "symbol"],
                name="%(app_label)s_%(class)s_symbol_eindeutig",
                violation_error_message="Dieses Symbol steht in dem Feld schon für eine andere Kooperation.",
            ),
        ]
        triggers = [protokolliert(), zaehlt_version()]

    def __str__(self) -> str:
        return self.bezeichnung

    def get_absolute_url(self) -> str:
        return reverse("kooperation_detail", args=[self.pk])


class Partnerschaft(Kooperation.externe_partner.through):  # type: ignore[name-defined]  # the table behind the relation
    """That an external partner takes part in a Kooperation; a model of its own only for the record."""

    class Meta:
        proxy = True
        verbose_name = "externe Beteiligung"
        verbose_name_plural = "externe Beteiligungen"
        triggers = [protokolliert(wurzel="kooperation")]


class Hindernis(Kooperation.hemmnisse.through):  # type: ignore[name-defined]  # the table behind the relation
    """That a Hemmnis stood in the way of a Kooperation; a model of its own only for the record."""

    class Meta:
        proxy = True
        verbose_name = "Hemmnis der Kooperation"
        verbose_name_plural = "Hemmnisse der Kooperationen"
        triggers = [protokolliert(wurzel="kooperation")]


class BeteiligungQuerySet(models.QuerySet["Beteiligung"]):
    def mit_ende(self, *, ohne: Iterable[int] = ()) -> "BeteiligungQuerySet":
        """Annotate `ende`: `gilt_bis`, but not where one of the rounds in `ohne` (keys) ended it: then it is open, or
        lasts until the next row that is known without them.

        Whoever may not know a round yet reads `ende`, and sees the matrix as it was without that round.
        """
        geheime = list(ohne)
        spaetere = self.model.objects.filter(
            kooperation=OuterRef("kooperation"), kommune=OuterRef("kommune"), gilt_ab__gte=OuterRef("gilt_bis")
        ).exclude(erhebung__in=geheime)
        naechste = Subquery(spaetere.order_by("gilt_ab").values("gilt_ab")[:1])
        verschwiegen = When(beendet_durch__in=geheime, then=naechste)
        return self.annotate(ende=Case(verschwiegen, default=F("gilt_bis"), output_field=models.DateField()))

    def am(self, stichtag: date) -> "BeteiligungQuerySet":
        """Return those of the day, by `ende` where it is annotated."""
        ende = "ende" if "ende" in self.query.annotations else "gilt_bis"
        return self.filter(Q(**{f"{ende}__isnull": True}) | Q(**{f"{ende}__gt": stichtag}), gilt_ab__lte=stichtag)


class Beteiligung(models.Model):
    """A Kommune takes part in a Kooperation over a span: the mark in a cell of the matrix.

    `gilt_ab` is the first day the fact is vouched for (not the begin of the Kooperation, which may be unknown);
    `gilt_bis` is the first day it no longer holds.
    """

    kooperation = models.ForeignKey(
        Kooperation, on_delete=models.CASCADE, related_name="beteiligungen", verbose_name="Kooperation"
    )
    kommune = models.ForeignKey(Kommune, on_delete=models.PROTECT, related_name="beteiligungen", verbose_name="Kommune")
    status = models.CharField("Status", max_length=12, choices=BeteiligungStatus.choices)
    rolle = models.CharField(
        "Rolle", max_length=20, choices=BeteiligungRolle.choices, default=BeteiligungRolle.BETEILIGT
    )
    herkunft = models.CharField("bekannt durch", max_length=12, choices=Herkunft.choices)
    erhebung = models.ForeignKey(
        Erhebung, null=True, blank=True, on_delete=models.PROTECT, related_name="beteiligungen", verbose_name="Erhebung"
    )
    beendet_durch = models.ForeignKey(
        Erhebung,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="beendete_beteiligungen",
        verbose_name="beendet durch",
        help_text="die Erhebung, nach der die Angabe nicht mehr gilt",
    )
    vorgesehen_bis = models.DateField("vorgesehen bis", null=True, blank=True)
    gilt_ab = models.DateField("belegt ab")
    gilt_bis = models.DateField("belegt bis (ausschließlich)", null=True, blank=True)

    objects = BeteiligungQuerySet.as_manager()

    class Meta:
        verbose_name = "Beteiligung"
        verbose_name_plural = "Beteiligungen"
        ordering = ["kooperation", "kommune__sortierung", "gilt_ab"]
        constraints = [
            auswahl_gilt("status", BeteiligungStatus),
            auswahl_gilt("rolle", BeteiligungRolle),
            auswahl_gilt("herkunft", Herkunft),
            reihenfolge_stimmt("gilt_ab", "gilt_bis", ausschliesslich=True),
            models.CheckConstraint(
                condition=Q(vorgesehen_bis__isnull=True) | Q(status=BeteiligungStatus.VORGESEHEN),
                name="%(app_label)s_%(class)s_vorgesehen_bis_nur_dann",
                violation_error_message="Ein Datum „vorgesehen bis“ hat nur, was vorgesehen ist.",
            ),
            models.CheckConstraint(
                condition=~Q(herkunft=Herkunft.ERHEBUNG) | Q(erhebung__isnull=False),
                name="%(app_label)s_%(class)s_aus_einer_erhebung",
                violation_error_message="Bitte nennen Sie die Erhebung, aus der die Angabe stammt.",
            ),
            models.CheckConstraint(
                condition=Q(beendet_durch__isnull=True) | Q(gilt_bis__isnull=False),
                name="%(app_label)s_%(class)s_beendet_mit_tag",
                violation_error_message="Was eine Erhebung beendet hat, gilt nur bis zu einem Tag.",
            ),
            ueberschneidungsfrei(
                "kooperation",
                "kommune",
                von="gilt_ab",
                bis="gilt_bis",
                meldung="Diese Kommune ist in der Zeit schon an der Kooperation beteiligt.",
            ),
        ]
        triggers = [protokolliert(wurzel="kooperation")]

    def __str__(self) -> str:
        return f"{self.kommune}: {self.kooperation}"
