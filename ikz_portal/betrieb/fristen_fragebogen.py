"""Who of a Kommune had to do with its answers is forgotten a while after the round; its function stays.

The function is `Fragebogen.stelle`. A round ends on the day it was closed; one that nobody closed, or closed without
a dated row, on the last day that it names.
"""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, DateField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from bestandsaufnahme.auswahl import ErhebungStatus
from bestandsaufnahme.models import (
    Bestaetigung,
    Erhebung,
    Erinnerung,
    Fragebogen,
    Fragebogenantwort,
    Pruefung,
)
from ikz_portal.basis import protokoll
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.models import Aenderung, Statuswechsel
from ikz_portal.betrieb.fristen_regel import Regel, seit, zeilen

FRIST = "fragebogen"
GELOEST = "von der Person gelöst"
# Columns of these tables that hold a person, as the record keeps them.
PERSONEN = (
    "freigegeben_durch_id",
    "freigegeben_fuer_id",
    "zustaendig_id",
    "bearbeitet_durch_id",
    "durch_id",
    "fuer_id",
)


def abgelaufene(jetzt: datetime) -> QuerySet[Erhebung]:
    """Return the rounds whose period is over."""
    abschluss = Statuswechsel.objects.filter(
        content_type=ContentType.objects.get_for_model(Erhebung),
        objekt_id=OuterRef("pk"),
        nach=ErhebungStatus.ABGESCHLOSSEN,
    )
    geschlossen = Subquery(abschluss.order_by("-gueltig_ab", "-pk").values("gueltig_ab")[:1])
    genau = Case(When(ende_genauigkeit=Genauigkeit.TAG, then="ende"), output_field=DateField())
    genannt = Greatest(genau, "frist", "ruecklauf_bis")
    vorbei = Erhebung.objects.annotate(zu_ende=Coalesce(geschlossen, genannt, "stichtag"))
    return vorbei.filter(zu_ende__lte=timezone.localdate(seit(jetzt, FRIST))).order_by("pk")


def _loesen(
    einzahl: str,
    mehrzahl: str,
    felder: tuple[str, ...],
    der_runden: Callable[[QuerySet[Erhebung]], QuerySet[Any]],
    *,
    aendern: Callable[..., int] = QuerySet.update,
) -> Regel:
    """Return the rule that empties these columns."""
    genannt = reduce(or_, (Q(**{f"{feld}__isnull": False}) for feld in felder))

    def faellige(jetzt: datetime) -> QuerySet[Any]:
        return der_runden(abgelaufene(jetzt)).filter(genannt)

    def leeren(gefundene: QuerySet[Any], jetzt: datetime) -> None:
        aendern(gefundene, **dict.fromkeys(felder))

    return zeilen(einzahl, mehrzahl, GELOEST, faellige, leeren)


def _statuswechsel(runden: QuerySet[Erhebung]) -> QuerySet[Statuswechsel]:
    frageboegen = Fragebogen.objects.filter(erhebung__in=runden.values("pk"))
    return Statuswechsel.objects.filter(
        content_type=ContentType.objects.get_for_model(Fragebogen), objekt_id__in=frageboegen.values("pk")
    )


# --- the record -------------------------------------------------------------------------------------------------------
def _eintraege(jetzt: datetime) -> QuerySet[Aenderung]:
    """Return what still names a person, also of rows that were deleted since."""
    runden = list(abgelaufene(jetzt).values_list("pk", flat=True))
    bogen, antwort = Fragebogen._meta.db_table, Fragebogenantwort._meta.db_table
    boegen = Aenderung.objects.filter(tabelle=bogen, stand__erhebung_id__in=runden).order_by().values("objekt")
    antworten = Aenderung.objects.filter(tabelle=antwort, wurzel_tabelle=bogen, wurzel__in=boegen).order_by()
    gemeinte = (
        Q(tabelle=bogen, objekt__in=boegen)
        | Q(wurzel_tabelle=bogen, wurzel__in=boegen)
        | Q(wurzel_tabelle=antwort, wurzel__in=antworten.values("objekt"))
        | Q(tabelle=Bestaetigung._meta.db_table, stand__erhebung_id__in=runden)
    )
    genannt = Q(konto__isnull=False) | Q(fuer__isnull=False) | protokoll.ungeschwaerzte(PERSONEN, wort=None)
    return Aenderung.objects.filter(gemeinte).filter(genannt)


def _vergessen(eintraege: QuerySet[Aenderung], jetzt: datetime) -> None:
    werte = {spalte: protokoll.geschwaerzt(spalte, PERSONEN, wort=None) for spalte in ("stand", "vorher")}
    protokoll.nach_frist_aendern(eintraege, konto=None, fuer=None, **werte)


# The rows before what the record tells of them.
REGELN = (
    _loesen(
        "Fragebogen",
        "Fragebögen",
        ("freigegeben_durch", "freigegeben_fuer"),
        lambda runden: Fragebogen.objects.filter(erhebung__in=runden.values("pk")),
    ),
    _loesen(
        "Antwort im Fragebogen",
        "Antworten im Fragebogen",
        ("zustaendig", "bearbeitet_durch"),
        lambda runden: Fragebogenantwort.objects.filter(fragebogen__erhebung__in=runden.values("pk")),
    ),
    _loesen(
        "Prüfung einer Antwort",
        "Prüfungen von Antworten",
        ("durch",),
        lambda runden: Pruefung.objects.filter(antwort__fragebogen__erhebung__in=runden.values("pk")),
    ),
    _loesen(
        "Erinnerung",
        "Erinnerungen",
        ("durch",),
        lambda runden: Erinnerung.objects.filter(fragebogen__erhebung__in=runden.values("pk")),
    ),
    _loesen(
        "Bestätigung einer Kooperation",
        "Bestätigungen von Kooperationen",
        ("durch", "fuer"),
        lambda runden: Bestaetigung.objects.filter(erhebung__in=runden.values("pk")),
    ),
    _loesen(
        "Statuswechsel eines Fragebogens",
        "Statuswechsel von Fragebögen",
        ("durch", "fuer"),
        _statuswechsel,
        aendern=protokoll.nach_frist_aendern,
    ),
    zeilen(
        "Eintrag im Protokoll über Fragebögen",
        "Einträge im Protokoll über Fragebögen",
        GELOEST,
        _eintraege,
        _vergessen,
        im_protokoll=True,
    ),
)
