import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bestandsaufnahme.auswahl import VeroeffentlichungArt, VeroeffentlichungStatus
from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.kooperation import Kooperation
from ikz_portal.basis.ausloeser import protokolliert, zaehlt_version
from ikz_portal.basis.bedingungen import auswahl_gilt
from kommunen.models import Kommune, Konto


class Veroeffentlichung(models.Model):
    """That the result of a round is published: internally from one day on, to the public from another.

    With names the matrix itself is shown. An anonymised one is shown from `inhalt` alone, in which no Kommune has a
    name: what the guard looked at is what is shown, whatever is corrected later. Once published it never changes but
    for being withdrawn (trigger). The only door to its status is `ablaeufe.veroeffentlichung`.
    """

    erhebung = models.ForeignKey(
        Erhebung, on_delete=models.PROTECT, related_name="veroeffentlichungen", verbose_name="Erhebung"
    )
    art = models.CharField("Art", max_length=10, choices=VeroeffentlichungArt.choices)
    status = models.CharField(
        "Status",
        max_length=16,
        choices=VeroeffentlichungStatus.choices,
        default=VeroeffentlichungStatus.ENTWURF,
    )
    veroeffentlicht_am = models.DateField("intern veröffentlicht am", null=True, blank=True)
    oeffentlich_ab = models.DateField(
        "öffentlich ab", null=True, blank=True, help_text="leer: nur für angemeldete Personen"
    )
    inhalt = models.JSONField("veröffentlichter Inhalt", null=True, blank=True)
    grund = models.TextField("Grund der Rücknahme", max_length=2000, blank=True)
    durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch"
    )
    version = models.PositiveIntegerField("Version", default=1, editable=False)

    class Meta:
        verbose_name = "Veröffentlichung"
        verbose_name_plural = "Veröffentlichungen"
        ordering = ["erhebung", "pk"]
        constraints = [
            auswahl_gilt("art", VeroeffentlichungArt),
            auswahl_gilt("status", VeroeffentlichungStatus),
            models.UniqueConstraint(
                fields=["erhebung", "art"],
                condition=~Q(status=VeroeffentlichungStatus.ZURUECKGEZOGEN),
                name="%(app_label)s_%(class)s_eine_je_art",
                violation_error_message="Diese Veröffentlichung gibt es schon.",
            ),
            models.CheckConstraint(
                condition=~Q(status=VeroeffentlichungStatus.VEROEFFENTLICHT) | Q(veroeffentlicht_am__isnull=False),
                name="%(app_label)s_%(class)s_veroeffentlicht_mit_tag",
                violation_error_message="Eine Veröffentlichung nennt ihren Tag.",
            ),
            models.CheckConstraint(
                condition=Q(status=VeroeffentlichungStatus.ENTWURF)
                | Q(art=VeroeffentlichungArt.MIT_NAMEN)
                | Q(inhalt__isnull=False),
                name="%(app_label)s_%(class)s_anonym_mit_inhalt",
                violation_error_message="Eine anonymisierte Veröffentlichung hat einen festen Inhalt.",
            ),
        ]
        triggers = [
            protokolliert(wurzel="erhebung", ohne=["inhalt"]),
            zaehlt_version(),
            pgtrigger.Trigger(
                name="bleibt",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status__in=["veroeffentlicht", "zurueckgezogen"]),
                func="""
                    IF TG_OP = 'UPDATE' AND OLD.status = 'veroeffentlicht' AND NEW.status = 'zurueckgezogen'
                        AND to_jsonb(NEW) - ARRAY['status', 'grund', 'version']
                            = to_jsonb(OLD) - ARRAY['status', 'grund', 'version'] THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'Eine Veroeffentlichung wird nie geaendert.' USING ERRCODE = 'restrict_violation';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.erhebung}, {self.get_art_display()}"

    def get_absolute_url(self) -> str:
        return reverse("veroeffentlichung_detail", args=[self.erhebung_id, self.pk])

    @property
    def marke_des_status(self) -> VeroeffentlichungStatus:
        return VeroeffentlichungStatus(self.status)

    @property
    def ist_anonym(self) -> bool:
        return self.art == VeroeffentlichungArt.ANONYM

    @property
    def ist_entwurf(self) -> bool:
        return self.status == VeroeffentlichungStatus.ENTWURF

    @property
    def zeigt_inhalt(self) -> bool:
        return self.ist_anonym and self.status == VeroeffentlichungStatus.VEROEFFENTLICHT


class Fussnotenfassung(models.Model):
    """The text of a footnote for one publication, where it is to say something else than the Kooperation does."""

    veroeffentlichung = models.ForeignKey(
        Veroeffentlichung, on_delete=models.CASCADE, related_name="fussnoten", verbose_name="Veröffentlichung"
    )
    kooperation = models.ForeignKey(Kooperation, on_delete=models.PROTECT, related_name="+", verbose_name="Kooperation")
    bezeichnung = models.CharField("Bezeichnung", max_length=200)
    erlaeuterung = models.TextField("Erläuterung", max_length=5000, blank=True)

    class Meta:
        verbose_name = "Fußnote der Veröffentlichung"
        verbose_name_plural = "Fußnoten der Veröffentlichung"
        ordering = ["veroeffentlichung", "kooperation"]
        constraints = [
            models.UniqueConstraint(
                fields=["veroeffentlichung", "kooperation"],
                name="%(app_label)s_%(class)s_eine_je_kooperation",
                violation_error_message="Für diese Kooperation gibt es schon eine Fassung.",
            )
        ]
        triggers = [protokolliert(wurzel="veroeffentlichung")]

    def __str__(self) -> str:
        return self.bezeichnung


class Zustimmung(models.Model):
    """That a Kommune agrees to be told by name in a publication, or to be told although it can be guessed."""

    veroeffentlichung = models.ForeignKey(
        Veroeffentlichung, on_delete=models.CASCADE, related_name="zustimmungen", verbose_name="Veröffentlichung"
    )
    kommune = models.ForeignKey(Kommune, on_delete=models.PROTECT, related_name="+", verbose_name="Kommune")
    am = models.DateField("am")
    vermerk = models.CharField("Vermerk", max_length=300, blank=True)
    durch = models.ForeignKey(Konto, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch")
    fuer = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="in Vertretung für"
    )

    class Meta:
        verbose_name = "Zustimmung zur Veröffentlichung"
        verbose_name_plural = "Zustimmungen zur Veröffentlichung"
        ordering = ["veroeffentlichung", "kommune__sortierung"]
        constraints = [
            models.UniqueConstraint(
                fields=["veroeffentlichung", "kommune"],
                name="%(app_label)s_%(class)s_eine_je_kommune",
                violation_error_message="Diese Kommune hat schon zugestimmt.",
            )
        ]
        triggers = [protokolliert(wurzel="veroeffentlichung")]

    def __str__(self) -> str:
        return f"{self.kommune}: {self.am}"
