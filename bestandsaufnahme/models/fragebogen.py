from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bestandsaufnahme.auswahl import (
    AUSSAGEN,
    OFFENE_FRAGEBOEGEN,
    AntwortArt,
    Aussage,
    BeteiligungRolle,
    BeteiligungStatus,
    Entscheidung,
    ErinnerungAnlass,
    FragebogenStatus,
    Rechtsform,
)
from bestandsaufnahme.models.erhebung import Erhebung
from bestandsaufnahme.models.feld import Aufgabenfeld, Kooperationsfeld
from bestandsaufnahme.models.kooperation import Kooperation
from bestandsaufnahme.models.worte import FRAGEN, WERTE
from ikz_portal.basis.ausloeser import protokolliert, zaehlt_version
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.bedingungen import auswahl_gilt, genauigkeit_passt
from kommunen.models import Kommune, Konto


def _person(wie: str) -> Any:
    return models.ForeignKey(Konto, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=wie)


class Fragebogen(models.Model):
    """The questionnaire of one Kommune in one Erhebung; the only door to its status is `ablaeufe.fragebogen`.

    Until it is released its answers are the Kommune's own: others know the status only. `papier_vermerk` says that the
    Geschäftsstelle typed in what came on paper.
    """

    erhebung = models.ForeignKey(
        Erhebung, on_delete=models.PROTECT, related_name="frageboegen", verbose_name="Erhebung"
    )
    kommune = models.ForeignKey(Kommune, on_delete=models.PROTECT, related_name="frageboegen", verbose_name="Kommune")
    status = models.CharField("Status", max_length=15, choices=FragebogenStatus.choices, default=FragebogenStatus.OFFEN)
    stelle = models.CharField(
        "ausfüllende Stelle", max_length=120, blank=True, help_text="die Funktion, nicht der Name der Person"
    )
    freigegeben_am = models.DateTimeField("freigegeben am", null=True, blank=True)
    freigegeben_durch = _person("freigegeben durch")
    freigegeben_fuer = _person("freigegeben in Vertretung für")
    papier_vermerk = models.CharField("Vermerk zur Rückmeldung auf Papier", max_length=300, blank=True)
    version = models.PositiveIntegerField("Version", default=1, editable=False)

    class Meta:
        verbose_name = "Fragebogen"
        verbose_name_plural = "Fragebögen"
        ordering = ["erhebung", "kommune__sortierung"]
        constraints = [
            auswahl_gilt("status", FragebogenStatus),
            models.UniqueConstraint(
                fields=["erhebung", "kommune"],
                name="%(app_label)s_%(class)s_einer_je_kommune",
                violation_error_message="Diese Kommune hat in der Erhebung schon einen Fragebogen.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OFFENE_FRAGEBOEGEN, freigegeben_am__isnull=True)
                | ~Q(status__in=OFFENE_FRAGEBOEGEN) & Q(freigegeben_am__isnull=False),
                name="%(app_label)s_%(class)s_freigegeben_mit_zeit",
                violation_error_message="Ein freigegebener Fragebogen nennt, seit wann.",
            ),
        ]
        triggers = [protokolliert(wurzel="erhebung", vergisst=True), zaehlt_version()]

    def __str__(self) -> str:
        return f"{self.erhebung}: {self.kommune}"

    def get_absolute_url(self) -> str:
        return reverse("fragebogen_detail", args=[self.erhebung_id, self.kommune.ags])

    @property
    def marke_des_status(self) -> FragebogenStatus:
        return FragebogenStatus(self.status)

    @property
    def ist_offen(self) -> bool:
        """Whether the Kommune still writes."""
        return self.status in OFFENE_FRAGEBOEGEN


class Fragebogenantwort(models.Model):
    """One question of a Fragebogen and what the Kommune says to it.

    Columns hold what the matrix needs; `angaben` the answers to the chosen questions of the catalogue, by their key.
    Once the Fragebogen is released the answer never changes (trigger).
    """

    WORTE = FRAGEN

    fragebogen = models.ForeignKey(
        Fragebogen, on_delete=models.CASCADE, related_name="antworten", verbose_name="Fragebogen"
    )
    art = models.CharField("Art", max_length=12, choices=AntwortArt.choices)
    kooperation = models.ForeignKey(
        Kooperation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="antworten",
        verbose_name="Kooperation",
    )
    aufgabenfeld = models.ForeignKey(
        Aufgabenfeld, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="Aufgabenfeld"
    )
    schluessel = models.CharField("Frage", max_length=40, blank=True)
    aussage = models.CharField("Aussage", max_length=12, choices=Aussage.choices, default=Aussage.OFFEN)
    ab = models.DateField("gilt ab", null=True, blank=True, help_text="leer: vom Stichtag der Erhebung an")
    kooperationsfeld = models.ForeignKey(
        Kooperationsfeld,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="Kooperationsfeld",
    )
    feldvorschlag = models.CharField("neues Kooperationsfeld", max_length=150, blank=True)
    bezeichnung = models.CharField("Bezeichnung", max_length=200, blank=True)
    erlaeuterung = models.TextField("Erläuterung", max_length=5000, blank=True)
    status = models.CharField("Status", max_length=12, choices=BeteiligungStatus.choices, blank=True)
    vorgesehen_bis = models.DateField("vorgesehen bis", null=True, blank=True)
    rolle = models.CharField("Rolle", max_length=20, choices=BeteiligungRolle.choices, blank=True)
    rechtsform = models.CharField("Rechtsform", max_length=12, choices=Rechtsform.choices, blank=True)
    seit = models.DateField("seit", null=True, blank=True)
    seit_genauigkeit = models.CharField(
        "Genauigkeit des Beginns", max_length=10, choices=Genauigkeit.choices, default=Genauigkeit.UNBEKANNT
    )
    angaben = models.JSONField("weitere Angaben", default=dict, blank=True)
    zustaendig = _person("zuständig")
    bearbeitet_durch = _person("bearbeitet durch")
    bearbeitet_am = models.DateTimeField("bearbeitet am", null=True, blank=True)
    version = models.PositiveIntegerField("Version", default=1, editable=False)

    class Meta:
        verbose_name = "Antwort im Fragebogen"
        verbose_name_plural = "Antworten im Fragebogen"
        ordering = ["fragebogen", "pk"]
        constraints = [
            auswahl_gilt("art", AntwortArt),
            models.CheckConstraint(
                condition=Q(*(Q(art=art, aussage__in=aussagen) for art, aussagen in AUSSAGEN.items()), _connector=Q.OR),
                name="%(app_label)s_%(class)s_aussage_passt",
                violation_error_message="Bitte wählen Sie eine der vorgesehenen Antworten.",
            ),
            models.CheckConstraint(
                condition=Q(art=AntwortArt.KOOPERATION, kooperation__isnull=False, schluessel="")
                | Q(art=AntwortArt.NEU, kooperation__isnull=True, schluessel="")
                | Q(art=AntwortArt.INTERESSE, aufgabenfeld__isnull=False, kooperation__isnull=True, schluessel="")
                | Q(art=AntwortArt.ALLGEMEIN, kooperation__isnull=True) & ~Q(schluessel=""),
                name="%(app_label)s_%(class)s_gegenstand_passt",
                violation_error_message="Die Antwort gehört zu keiner Frage.",
            ),
            models.CheckConstraint(
                condition=Q(vorgesehen_bis__isnull=True) | Q(status=BeteiligungStatus.VORGESEHEN),
                name="%(app_label)s_%(class)s_vorgesehen_bis_nur_dann",
                violation_error_message="Ein Datum „vorgesehen bis“ hat nur, was vorgesehen ist.",
            ),
            genauigkeit_passt("seit"),
            models.UniqueConstraint(
                fields=["fragebogen", "kooperation"],
                name="%(app_label)s_%(class)s_kooperation_einmal",
                violation_error_message="Zu dieser Kooperation steht im Fragebogen schon eine Frage.",
            ),
            models.UniqueConstraint(
                fields=["fragebogen", "aufgabenfeld"],
                condition=Q(art=AntwortArt.INTERESSE),
                name="%(app_label)s_%(class)s_interesse_einmal",
                violation_error_message="Zu diesem Aufgabenfeld steht im Fragebogen schon eine Frage.",
            ),
            models.UniqueConstraint(
                fields=["fragebogen", "schluessel"],
                condition=Q(art=AntwortArt.ALLGEMEIN),
                name="%(app_label)s_%(class)s_frage_einmal",
                violation_error_message="Diese Frage steht schon im Fragebogen.",
            ),
        ]
        triggers = [
            protokolliert(wurzel="fragebogen", vertraulich=True, vergisst=True),
            zaehlt_version("zustaendig", "bearbeitet_durch", "bearbeitet_am"),
            pgtrigger.Trigger(
                name="bleibt_nach_freigabe",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Insert,
                # who had to do with it is forgotten after its period, also then
                func="""
                    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['zustaendig_id', 'bearbeitet_durch_id', 'version']
                        = to_jsonb(OLD) - ARRAY['zustaendig_id', 'bearbeitet_durch_id', 'version'] THEN
                        RETURN NEW;
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM bestandsaufnahme_fragebogen
                        WHERE id IN (OLD.fragebogen_id, NEW.fragebogen_id) AND status NOT IN ('offen', 'in_bearbeitung')
                    ) THEN
                        RAISE EXCEPTION 'Ein freigegebener Fragebogen wird nicht mehr geaendert.'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.kooperation or self.bezeichnung or self.aufgabenfeld or self.schluessel)

    @property
    def marke_der_aussage(self) -> Aussage:
        return Aussage(self.aussage)


class Pruefung(models.Model):
    """What the Geschäftsstelle decided on an answer: to take it over, in its own reading (`werte`), or not at all.

    It changes the matrix only when the whole Fragebogen is taken over (`ablaeufe.uebernahme`).
    """

    WORTE = WERTE

    antwort = models.OneToOneField(
        Fragebogenantwort, on_delete=models.CASCADE, related_name="pruefung", verbose_name="Antwort"
    )
    entscheidung = models.CharField("Entscheidung", max_length=12, choices=Entscheidung.choices)
    werte = models.JSONField("angepasste Werte", default=dict, blank=True)
    grund = models.TextField("Grund", max_length=2000, blank=True)
    durch = _person("durch")
    am = models.DateTimeField("am", auto_now=True)
    version = models.PositiveIntegerField("Version", default=1, editable=False)

    class Meta:
        verbose_name = "Prüfung"
        verbose_name_plural = "Prüfungen"
        ordering = ["antwort"]
        constraints = [
            auswahl_gilt("entscheidung", Entscheidung),
            models.CheckConstraint(
                condition=~Q(entscheidung=Entscheidung.ABGELEHNT) | ~Q(grund=""),
                name="%(app_label)s_%(class)s_abgelehnt_mit_grund",
                violation_error_message="Bitte nennen Sie den Grund, warum die Angabe nicht übernommen wird.",
            ),
        ]
        triggers = [protokolliert(wurzel="antwort", vergisst=True), zaehlt_version()]

    def __str__(self) -> str:
        return f"{self.antwort}: {self.get_entscheidung_display()}"

    @property
    def marke(self) -> Entscheidung:
        return Entscheidung(self.entscheidung)


class Erinnerung(models.Model):
    """That the Kommune of a Fragebogen was reminded on a day: each occasion once a day at most."""

    fragebogen = models.ForeignKey(
        Fragebogen, on_delete=models.CASCADE, related_name="erinnerungen", verbose_name="Fragebogen"
    )
    anlass = models.CharField("Anlass", max_length=12, choices=ErinnerungAnlass.choices)
    am = models.DateField("am")
    durch = _person("durch")

    class Meta:
        verbose_name = "Erinnerung"
        verbose_name_plural = "Erinnerungen"
        ordering = ["-am", "pk"]
        constraints = [
            auswahl_gilt("anlass", ErinnerungAnlass),
            models.UniqueConstraint(
                fields=["fragebogen", "anlass", "am"],
                name="%(app_label)s_%(class)s_einmal_am_tag",
                violation_error_message="Heute wurde schon erinnert.",
            ),
        ]
        triggers = [protokolliert(wurzel="fragebogen", vergisst=True)]

    def __str__(self) -> str:
        return f"{self.fragebogen}: {self.am}"
