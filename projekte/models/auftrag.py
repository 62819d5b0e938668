import pgtrigger
from django.db import models
from django.db.models import Q

from ikz_portal.basis.ausloeser import protokolliert, unveraenderlich
from ikz_portal.basis.bedingungen import auswahl_gilt
from projekte.auswahl import FESTE_AUFTRAEGE, AuftragStatus
from projekte.models.projekt import Projekt


class Projektauftrag(models.Model):
    """The order of a Projekt in one version, by the standard's 7 points.

    Point 2 are its Ergebnisse. In an order that is handed down („überliefert“) an empty point means: the source
    does not print it.
    """

    projekt = models.ForeignKey(Projekt, on_delete=models.CASCADE, related_name="auftraege", verbose_name="Projekt")
    version = models.PositiveSmallIntegerField("Version", default=1)
    status = models.CharField("Status", max_length=20, choices=AuftragStatus.choices, default=AuftragStatus.ENTWURF)
    titel = models.CharField("Titel", max_length=200)
    stand = models.DateField("Stand", null=True, blank=True)
    einleitung = models.TextField("Einleitung", blank=True)
    rahmenbedingungen = models.TextField("Rahmenbedingungen", blank=True)
    projektziele = models.TextField("Projektziele", blank=True)
    start_und_ende = models.TextField("Projektstart und -ende", blank=True)
    projektkosten = models.TextField("Projektkosten", blank=True)
    projektleitung = models.TextField("Projektleitung", blank=True)
    projektgruppe = models.TextField("Projektgruppe", blank=True)
    informationsmanagement = models.TextField("Informationsmanagement", blank=True)
    hinweis = models.TextField("Hinweis", blank=True, help_text="zum Beispiel: was inzwischen anders ist")
    quelle = models.TextField("Quelle", blank=True)

    class Meta:
        verbose_name = "Projektauftrag"
        verbose_name_plural = "Projektaufträge"
        ordering = ["projekt", "-version"]
        constraints = [
            auswahl_gilt("status", AuftragStatus),
            models.UniqueConstraint(
                fields=["projekt", "version"],
                name="%(app_label)s_%(class)s_version_eindeutig",
                violation_error_message="Diese Version des Auftrags gibt es schon.",
            ),
            models.UniqueConstraint(
                fields=["projekt"],
                condition=Q(status__in=[AuftragStatus.ENTWURF, AuftragStatus.EINGEREICHT]),
                name="%(app_label)s_%(class)s_einer_in_arbeit",
                violation_error_message="Zu dem Projekt ist schon eine Version in Arbeit.",
            ),
        ]
        triggers = [
            protokolliert(),
            unveraenderlich(
                "bleibt",
                wenn=pgtrigger.Q(old__status__in=[str(status) for status in FESTE_AUFTRAEGE]),
                satz="Ein beschlossener oder ueberlieferter Projektauftrag wird nie geaendert.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titel} (Version {self.version})"

    @property
    def marke_des_status(self) -> AuftragStatus:
        return AuftragStatus(self.status)

    @property
    def ist_ueberliefert(self) -> bool:
        return self.status == AuftragStatus.UEBERLIEFERT


class Ergebnis(models.Model):
    """A numbered result to be worked out (point 2 of the order), nested: 1., a), Variante A."""

    auftrag = models.ForeignKey(
        Projektauftrag, on_delete=models.CASCADE, related_name="ergebnisse", verbose_name="Projektauftrag"
    )
    eltern = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="teile", verbose_name="Teil von"
    )
    reihenfolge = models.PositiveSmallIntegerField("Reihenfolge")
    nummer = models.CharField("Nummer", max_length=20)
    text = models.TextField("Text")

    class Meta:
        verbose_name = "Ergebnis"
        verbose_name_plural = "Ergebnisse"
        ordering = ["auftrag", "reihenfolge"]
        constraints = [
            models.UniqueConstraint(
                fields=["auftrag", "reihenfolge"],
                name="%(app_label)s_%(class)s_reihenfolge_eindeutig",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]
        triggers = [
            protokolliert(wurzel="auftrag"),
            pgtrigger.Trigger(
                name="bleibt_mit_auftrag",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM projekte_projektauftrag
                        WHERE id IN (NEW.auftrag_id, OLD.auftrag_id)
                          AND status IN ({", ".join(f"'{status}'" for status in FESTE_AUFTRAEGE)})
                    ) THEN
                        RAISE EXCEPTION 'Ergebnisse eines beschlossenen Auftrags werden nie geaendert.'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nummer} {self.text[:60]}"
