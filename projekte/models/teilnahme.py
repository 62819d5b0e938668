import pgtrigger
from django.db import models
from django.db.models import Q

from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import auswahl_gilt, genauigkeit_passt, reihenfolge_stimmt
from kommunen.models import Kommune, Konto
from projekte.auswahl import Antwort
from projekte.models.projekt import Projekt


class Geleitzug(models.Model):
    """A wave of the staggered roll-out of a Projekt."""

    projekt = models.ForeignKey(Projekt, on_delete=models.CASCADE, related_name="geleitzuege", verbose_name="Projekt")
    nummer = models.PositiveSmallIntegerField("Nummer")
    beginn = models.DateField("Beginn", null=True, blank=True)
    beginn_genauigkeit = models.CharField(
        "Genauigkeit des Beginns", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    ende = models.DateField("Ende", null=True, blank=True)
    ende_genauigkeit = models.CharField(
        "Genauigkeit des Endes", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    zeit_hinweis = models.CharField("Hinweis zur Zeit", max_length=200, blank=True)

    class Meta:
        verbose_name = "Geleitzug"
        verbose_name_plural = "Geleitzüge"
        ordering = ["projekt", "nummer"]
        constraints = [
            genauigkeit_passt("beginn"),
            genauigkeit_passt("ende", offen=True),
            reihenfolge_stimmt("beginn", "ende"),
            models.UniqueConstraint(
                fields=["projekt", "nummer"],
                name="%(app_label)s_%(class)s_nummer_eindeutig",
                violation_error_message="Diesen Geleitzug gibt es in dem Projekt schon.",
            ),
        ]
        triggers = [protokolliert(wurzel="projekt")]

    def __str__(self) -> str:
        return f"Geleitzug {self.nummer}"


class Teilnahme(models.Model):
    """The answer of one Kommune to a Projekt, with the wave of the roll-out that it is in."""

    projekt = models.ForeignKey(Projekt, on_delete=models.CASCADE, related_name="teilnahmen", verbose_name="Projekt")
    kommune = models.ForeignKey(Kommune, on_delete=models.PROTECT, related_name="teilnahmen", verbose_name="Kommune")
    antwort = models.CharField("Antwort", max_length=20, choices=Antwort.choices, default=Antwort.OFFEN)
    am = models.DateField("am", null=True, blank=True)
    durch = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="durch"
    )
    fuer = models.ForeignKey(
        Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="in Vertretung für"
    )
    vermerk = models.TextField("Vermerk", blank=True)
    geleitzug = models.ForeignKey(
        Geleitzug, null=True, blank=True, on_delete=models.PROTECT, related_name="teilnahmen", verbose_name="Geleitzug"
    )

    class Meta:
        verbose_name = "Teilnahme"
        verbose_name_plural = "Teilnahmen"
        ordering = ["projekt", "kommune__sortierung"]
        constraints = [
            auswahl_gilt("antwort", Antwort),
            models.UniqueConstraint(
                fields=["projekt", "kommune"],
                name="%(app_label)s_%(class)s_eine_je_kommune",
                violation_error_message="Diese Kommune hat zu dem Projekt schon eine Antwort.",
            ),
            models.CheckConstraint(
                condition=Q(antwort=Antwort.OFFEN, am__isnull=True) | ~Q(antwort=Antwort.OFFEN) & Q(am__isnull=False),
                name="%(app_label)s_%(class)s_antwort_mit_tag",
                violation_error_message="Eine Antwort nennt ihren Tag.",
            ),
            models.CheckConstraint(
                condition=~Q(antwort=Antwort.VORBEHALT) | ~Q(vermerk=""),
                name="%(app_label)s_%(class)s_vorbehalt_mit_text",
                violation_error_message="Ein Vorbehalt braucht einen Text.",
            ),
        ]
        triggers = [
            protokolliert(wurzel="projekt"),
            pgtrigger.Trigger(
                name="geleitzug_desselben_projekts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__geleitzug__isnull=False),
                func="""
                    IF (SELECT projekt_id FROM projekte_geleitzug WHERE id = NEW.geleitzug_id) <> NEW.projekt_id THEN
                        RAISE EXCEPTION 'Der Geleitzug gehoert zu einem anderen Projekt.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kommune}: {self.get_antwort_display()}"

    @property
    def marke_der_antwort(self) -> Antwort:
        return Antwort(self.antwort)
