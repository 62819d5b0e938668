from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from ikz_portal.basis.ausloeser import protokolliert, zaehlt_version
from ikz_portal.basis.bedingungen import auswahl_gilt
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, Rolle
from kommunen.models.kommune import Kommune


def rolle_passt_zur_kommune() -> list[models.CheckConstraint]:
    """Who acts for a Kommune belongs to one, the Geschäftsstelle to none. For models with `rolle` and `kommune`."""
    return [
        models.CheckConstraint(
            condition=~Q(rolle__in=ROLLEN_EINER_KOMMUNE) | Q(kommune__isnull=False),
            name="%(app_label)s_%(class)s_rolle_mit_kommune",
            violation_error_message="Diese Rolle gehört immer zu einer Kommune.",
        ),
        models.CheckConstraint(
            condition=~Q(rolle=Rolle.GESCHAEFTSSTELLE) | Q(kommune__isnull=True),
            name="%(app_label)s_%(class)s_geschaeftsstelle_ohne_kommune",
            violation_error_message="Die Geschäftsstelle gehört zu keiner einzelnen Kommune.",
        ),
    ]


class KontoManager(BaseUserManager["Konto"]):
    def get_by_natural_key(self, username: str | None) -> "Konto":
        return self.get(email__iexact=username)


class Konto(AbstractBaseUser):
    """A person who may sign in; what it may do follows from Rolle, Kommune, Projekt and Sitz (`rechte.py`).

    The only door to it is `ablaeufe.konto`; whoever leaves is deactivated, and pseudonymised after the period.
    """

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "rolle"]

    email = models.EmailField("E-Mail-Adresse", unique=True)
    name = models.CharField("Name", max_length=120)
    funktion = models.CharField("Funktion", max_length=120, blank=True)
    rolle = models.CharField("Rolle", max_length=20, choices=Rolle.choices)
    kommune = models.ForeignKey(
        Kommune, null=True, blank=True, on_delete=models.PROTECT, related_name="konten", verbose_name="Kommune"
    )
    is_active = models.BooleanField("aktiv", default=True)
    demo = models.BooleanField("Demokonto", default=False, help_text="nur mit IKZ_DEMO zugelassen")
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)
    deaktiviert_am = models.DateTimeField("deaktiviert am", null=True, blank=True)
    pseudonymisiert_am = models.DateTimeField("pseudonymisiert am", null=True, blank=True)
    version = models.PositiveIntegerField("Version", default=1, db_default=1, editable=False)

    objects = KontoManager()

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        ordering = ["email"]
        constraints = [
            auswahl_gilt("rolle", Rolle),
            models.UniqueConstraint(
                Lower("email"),
                name="%(app_label)s_%(class)s_email_eindeutig",
                violation_error_message="Für diese E-Mail-Adresse gibt es schon ein Konto.",
            ),
            *rolle_passt_zur_kommune(),
            models.CheckConstraint(
                condition=Q(is_active=True, deaktiviert_am__isnull=True)
                | Q(is_active=False, deaktiviert_am__isnull=False),
                name="%(app_label)s_%(class)s_deaktiviert_mit_zeit",
                violation_error_message="Ein deaktiviertes Konto nennt, seit wann.",
            ),
            models.CheckConstraint(
                condition=Q(pseudonymisiert_am__isnull=True) | Q(is_active=False),
                name="%(app_label)s_%(class)s_pseudonym_nur_deaktiviert",
                violation_error_message="Pseudonymisiert wird nur ein deaktiviertes Konto.",
            ),
            models.UniqueConstraint(
                fields=["kommune"],
                condition=Q(rolle=Rolle.BUERGERMEISTER, is_active=True),
                name="%(app_label)s_%(class)s_eine_spitze",
                violation_error_message="Für diese Kommune gibt es schon ein aktives Konto der Verwaltungsspitze.",
            ),
        ]
        # passwords stay out of the record; signing in is no change of the Konto
        triggers = [zaehlt_version("password", "last_login"), protokolliert(ohne=("password", "last_login"))]

    def __str__(self) -> str:
        return self.name


class ZweiterFaktor(Authenticator):
    """The second factor of a Konto, a table of the library; a model of its own only for the record, without secrets."""

    class Meta:
        proxy = True
        verbose_name = "zweiter Faktor"
        verbose_name_plural = "zweite Faktoren"
        triggers = [protokolliert(wurzel="user", ohne=("data", "last_used_at"))]
