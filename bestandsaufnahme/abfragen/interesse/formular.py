"""What the forms of a declaration say beside their fields."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bestandsaufnahme.abfragen.interesse.interesse import OHNE_FELD, stand
from bestandsaufnahme.auswahl import AKTIVE_INTERESSEN, GUELTIGE_INTERESSEN, InteresseStatus
from bestandsaufnahme.models import Bestaetigungspflicht, Interessenbekundung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from kommunen.models import Kommune

VORBEI = (InteresseStatus.ZURUECKGEZOGEN, InteresseStatus.ABGELAUFEN)


@dataclass(frozen=True)
class Hindernis:
    """Why somebody can't join, and the declaration that it is about."""

    satz: str
    interesse: Interessenbekundung


def warten_auf_die_spitze(kommunen: Collection[Kommune], *, ausser: Collection[int]) -> list[str]:
    """Return those of these Kommunen whose head confirms what is filed, but for where the person is the head itself."""
    pflichten = Bestaetigungspflicht.objects.filter(kommune__in=[k.pk for k in kommunen if k.pk not in ausser])
    return list(pflichten.order_by("kommune__sortierung").values_list("kommune__name", flat=True))


def vorlage(interessen: InteressenbekundungQuerySet, pk: int, *, heute: date) -> Interessenbekundung | None:
    """Return the one to declare again, if it is over."""
    interesse = interessen.filter(pk=pk).select_related("kommune", "aufgabenfeld", "kooperationsfeld").first()
    return interesse if interesse is not None and stand(interesse, heute) in VORBEI else None


def hindernis(
    an: Interessenbekundung,
    *,
    kommunen: QuerySet[Kommune],
    eigene: InteressenbekundungQuerySet,
    heute: date,
) -> tuple[QuerySet[Kommune], Hindernis | None]:
    """Return which of these Kommunen can still join; where none can, why.

    `eigene` are the declarations that the person sees, drafts of these Kommunen among them.
    """
    moegliche = kommunen.exclude(pk=an.kommune_id)
    if not moegliche:
        return moegliche, Hindernis("Diese Interessenbekundung ist von Ihrer eigenen Kommune.", an)
    zustand = stand(an, heute)
    if zustand not in GUELTIGE_INTERESSEN:
        satz = f"Sie ist {zustand.label}. Anschließen können Sie sich nur, solange sie gilt."
        return moegliche.none(), Hindernis(satz, an)
    vorhandene = [interesse for interesse in _gleiche(an, moegliche, eigene) if stand(interesse, heute) not in VORBEI]
    freie = moegliche.exclude(pk__in=[interesse.kommune_id for interesse in vorhandene])
    if freie:
        return freie, None
    satz = f"{vorhandene[0].kommune} hat für „{an.feld or OHNE_FELD}“ schon eine Interessenbekundung dieser Art."
    return freie, Hindernis(satz, vorhandene[0])


def _gleiche(
    an: Interessenbekundung, kommunen: QuerySet[Kommune], eigene: InteressenbekundungQuerySet
) -> InteressenbekundungQuerySet:
    """Return what these Kommunen have for the same field and Art."""
    return eigene.filter(
        kommune__in=kommunen,
        art=an.art,
        aufgabenfeld=an.aufgabenfeld_id,
        kooperationsfeld=an.kooperationsfeld_id,
        status__in=AKTIVE_INTERESSEN,
    ).select_related("kommune")
