from collections import defaultdict
from functools import reduce
from operator import or_

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ikz_portal.basis.auswahl import AenderungArt
from ikz_portal.basis.bedingungen import auswahl_gilt


class AenderungQuerySet(models.QuerySet["Aenderung"]):
    def von(self, *objekte: models.Model) -> "AenderungQuerySet":
        """Return the changes of these objects and of their parts, the newest first."""
        schluessel: dict[type[models.Model], list[str]] = defaultdict(list)
        for objekt in objekte:
            schluessel[objekt._meta.model].append(str(objekt.pk))
        return self.filter(reduce(or_, (_eigene(modell, gesuchte) for modell, gesuchte in schluessel.items())))


def _eigene(modell: type[models.Model], gesuchte: list[str]) -> Q:
    """Match the parts of these objects and themselves; whatever is no part of another is its own whole."""
    tabelle = modell._meta.db_table
    teile = Q(wurzel_tabelle=tabelle, wurzel__in=gesuchte)
    ist_teil = any(getattr(ausloeser, "wurzel", "") for ausloeser in getattr(modell._meta, "triggers", ()))
    return teile | Q(tabelle=tabelle, objekt__in=gesuchte) if ist_teil else teile


class Aenderung(models.Model):
    """The record: one row for every row that was created, changed or deleted, written by triggers alone.

    `stand` is the row after the change (deleted: the last one), `vorher` the columns that had other values before.
    Parts of an object, such as the Meilensteine of a Projekt, name it as their root.
    """

    am = models.DateTimeField("am")
    art = models.CharField("Art", max_length=10, choices=AenderungArt.choices)
    tabelle = models.CharField("Tabelle", max_length=63)
    objekt = models.CharField("Objekt", max_length=40)
    wurzel_tabelle = models.CharField("Tabelle des Ganzen", max_length=63)
    wurzel = models.CharField("Ganzes", max_length=40)
    stand = models.JSONField("Stand")
    vorher = models.JSONField("vorher", null=True)
    konto = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,  # what a request claims must not make its save fail
        related_name="+",
        verbose_name="durch",
        help_text="leer: ohne Anmeldung, oder nach Ablauf der Frist nicht mehr bekannt",
    )
    fuer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name="in Vertretung für",
    )
    quelle = models.CharField("Quelle", max_length=200, help_text="Adresse, Befehl oder Auftrag, der sie schrieb")
    vorgang = models.UUIDField("Vorgang", null=True, help_text="was zusammen geschah, trägt dieselbe Nummer")

    objects = AenderungQuerySet.as_manager()

    class Meta:
        verbose_name = "Änderung"
        verbose_name_plural = "Änderungen"
        ordering = ["-pk"]
        constraints = [
            auswahl_gilt("art", AenderungArt),
            models.CheckConstraint(
                condition=Q(art=AenderungArt.AENDERUNG, vorher__isnull=False)
                | ~Q(art=AenderungArt.AENDERUNG) & Q(vorher__isnull=True),
                name="%(app_label)s_%(class)s_aenderung_mit_vorher",
                violation_error_message="Nur eine Änderung nennt, was vorher galt.",
            ),
        ]
        indexes = [
            models.Index(fields=["wurzel_tabelle", "wurzel", "-id"], name="aenderung_wurzel"),
            models.Index(fields=["tabelle", "objekt", "-id"], name="aenderung_objekt"),
            models.Index(fields=["konto", "-id"], name="aenderung_konto"),
            models.Index(fields=["fuer"], condition=Q(fuer__isnull=False), name="aenderung_fuer"),
            models.Index(fields=["am"], name="aenderung_am"),
            models.Index(fields=["-am", "-id"], condition=Q(art=AenderungArt.LOESCHUNG), name="aenderung_loeschung"),
        ]
        triggers = [
            # `fristen_anwenden` alone says so, and with two roles the portal's own has no right to this at all.
            pgtrigger.Trigger(
                name="bleibt",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF current_setting('ikz.fristen', true) IS DISTINCT FROM 'ja' THEN
                        RAISE EXCEPTION 'Das Protokoll wird nie geaendert.' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_art_display()} {self.tabelle} {self.objekt}"
