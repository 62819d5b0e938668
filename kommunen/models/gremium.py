from datetime import date

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import auswahl_gilt, genauigkeit_passt, reihenfolge_stimmt, ueberschneidungsfrei
from kommunen.auswahl import GremiumArt
from kommunen.models.kommune import Kommune
from kommunen.models.konto import Konto


class Gremium(models.Model):
    """A body of the process: it steers, informs, works on a Projekt or exchanges knowledge."""

    slug = models.SlugField("Kurzadresse", max_length=80, unique=True)
    name = models.CharField("Name", max_length=150, unique=True)
    kuerzel = models.CharField("Kürzel", max_length=10, blank=True)
    art = models.CharField("Art", max_length=20, choices=GremiumArt.choices)
    aufgaben = ArrayField(models.TextField(), verbose_name="Aufgaben", default=list, blank=True)
    turnus = models.CharField("Turnus", max_length=120, blank=True)
    mitglieder = models.TextField("Zusammensetzung", blank=True, help_text="wie die Quelle sie beschreibt")
    gebildet = models.DateField("gebildet", null=True, blank=True)
    gebildet_genauigkeit = models.CharField(
        "Genauigkeit", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    gebildet_hinweis = models.CharField("Hinweis", max_length=200, blank=True)
    quelle = models.TextField("Quelle", blank=True)

    class Meta:
        verbose_name = "Gremium"
        verbose_name_plural = "Gremien"
        ordering = ["name"]
        constraints = [auswahl_gilt("art", GremiumArt), genauigkeit_passt("gebildet")]
        triggers = [
            protokolliert(),
            pgtrigger.Trigger(
                name="bleibt_stammgruppe_mit_zwei_sitzen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__art=GremiumArt.STAMMGRUPPE.value)
                & ~pgtrigger.Q(new__art=GremiumArt.STAMMGRUPPE.value),
                func="""
                    IF EXISTS (SELECT 1 FROM kommunen_sitz WHERE gremium_id = NEW.id AND nummer = 2) THEN
                        RAISE EXCEPTION 'Nur die Stammgruppe hat zwei Sitze je Kommune.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SitzQuerySet(models.QuerySet["Sitz"]):
    def am(self, tag: date) -> "SitzQuerySet":
        return self.filter(Q(von__isnull=True) | Q(von__lte=tag), Q(bis__isnull=True) | Q(bis__gt=tag))


class Sitz(models.Model):
    """The seat of a Kommune (or of a guest) in a Gremium, held by a person, with a deputy, or vacant."""

    gremium = models.ForeignKey(Gremium, on_delete=models.CASCADE, related_name="sitze", verbose_name="Gremium")
    kommune = models.ForeignKey(
        Kommune, null=True, blank=True, on_delete=models.PROTECT, related_name="sitze", verbose_name="Kommune"
    )
    nummer = models.PositiveSmallIntegerField(
        "Nummer", default=1, help_text="2 nur für den zweiten Sitz in der Stammgruppe"
    )
    konto = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="sitze", verbose_name="besetzt mit"
    )
    stellvertretung = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Stellvertretung"
    )
    von = models.DateField("von", null=True, blank=True, help_text="leer: nicht bekannt")
    bis = models.DateField("bis (ausschließlich)", null=True, blank=True, help_text="leer: läuft")
    beispiel = models.BooleanField("Beispiel", default=False)

    objects = SitzQuerySet.as_manager()

    class Meta:
        verbose_name = "Sitz"
        verbose_name_plural = "Sitze"
        ordering = ["gremium", Coalesce("kommune__sortierung", models.Value("~~")), "nummer"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nummer__in=[1, 2]),
                name="%(app_label)s_%(class)s_hoechstens_zwei",
                violation_error_message="Eine Kommune hat höchstens zwei Sitze.",
            ),
            reihenfolge_stimmt("von", "bis", ausschliesslich=True),
            ueberschneidungsfrei(
                "gremium",
                "kommune",
                "nummer",
                von="von",
                bis="bis",
                meldung="Diesen Sitz gibt es für die Kommune in dieser Zeit schon.",
            ),
        ]
        triggers = [
            protokolliert(wurzel="gremium"),
            pgtrigger.Trigger(
                name="zweiter_nur_in_stammgruppe",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__nummer=2),
                func=f"""
                    IF (SELECT art FROM kommunen_gremium WHERE id = NEW.gremium_id) <> '{GremiumArt.STAMMGRUPPE}' THEN
                        RAISE EXCEPTION 'Nur die Stammgruppe hat zwei Sitze je Kommune.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gremium}: {self.kommune or 'Gast'}"
