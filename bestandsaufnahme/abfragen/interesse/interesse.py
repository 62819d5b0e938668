"""Reading declarations of interest as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from bestandsaufnahme.auswahl import GUELTIGE_INTERESSEN, InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from ikz_portal.basis.formate import beide_namen, tag
from ikz_portal.basis.models import Statuswechsel

OHNE_FELD = "ohne bestimmtes Feld"


@dataclass(frozen=True)
class InteresseZeile:
    """A row; `vertretung` says who filed it for whom, where somebody did so in the place of the head.

    `unbestaetigt`: it waits for the head of its Kommune and doesn't count yet.
    """

    url: str
    kommune: str
    kommune_url: str
    feld: str
    feld_url: str
    aufgabenfeld: str
    art: str
    stufe: str
    stand: InteresseStatus
    unbestaetigt: bool
    abgegeben: str
    gueltig_bis: str
    beispiel: bool
    durch: str
    vertretung: str


def mit_allem(interessen: InteressenbekundungQuerySet) -> InteressenbekundungQuerySet:
    """Read along what a row names."""
    return interessen.select_related("kommune", "aufgabenfeld", "kooperationsfeld__aufgabenfeld", "durch", "fuer")


def zeilen(interessen: Iterable[Interessenbekundung], *, heute: date) -> list[InteresseZeile]:
    """Take them with what a row names (`mit_allem`)."""
    return [
        InteresseZeile(
            url=interesse.get_absolute_url(),
            kommune=interesse.kommune.name,
            kommune_url=interesse.kommune.get_absolute_url(),
            feld=feldname(interesse),
            feld_url=interesse.feld.get_absolute_url() if interesse.feld else "",
            aufgabenfeld=interesse.kooperationsfeld.aufgabenfeld.name if interesse.kooperationsfeld else "",
            art=interesse.get_art_display(),
            stufe=interesse.get_stufe_display(),
            stand=stand(interesse, heute),
            unbestaetigt=wartet(interesse, heute),
            abgegeben=tag(interesse.abgegeben_am),
            gueltig_bis=tag(interesse.gueltig_bis) if interesse.gueltig_bis else "unbefristet",
            beispiel=interesse.beispiel,
            durch=beide_namen(interesse.durch, interesse.fuer),
            vertretung=beide_namen(interesse.durch, interesse.fuer) if interesse.fuer else "",
        )
        for interesse in interessen
    ]


def zurueckgezogen_durch(interesse: Interessenbekundung) -> str:
    """Return who withdrew it, with both names where somebody stood in for the head."""
    wechsel = Statuswechsel.objects.filter(
        content_type=ContentType.objects.get_for_model(Interessenbekundung),
        objekt_id=interesse.pk,
        nach=InteresseStatus.ZURUECKGEZOGEN,
    )
    letzter = wechsel.select_related("durch", "fuer").first()
    return beide_namen(letzter.durch, letzter.fuer) if letzter else ""


def feldname(interesse: Interessenbekundung) -> str:
    return str(interesse.feld or OHNE_FELD)


def im_stand(
    interessen: InteressenbekundungQuerySet, gesucht: InteresseStatus, *, heute: date
) -> InteressenbekundungQuerySet:
    """Return those whose `stand` on this day is this one."""
    if gesucht in GUELTIGE_INTERESSEN:
        return interessen.laufende(heute).filter(status=gesucht)
    if gesucht == InteresseStatus.ABGELAUFEN:
        vorbei = Q(status__in=GUELTIGE_INTERESSEN, gueltig_bis__lt=heute)
        return interessen.filter(vorbei | Q(status=InteresseStatus.ABGELAUFEN))
    return interessen.filter(status=gesucht)


def stand(interesse: Interessenbekundung, heute: date) -> InteresseStatus:
    """Return its status on this day: one that is past its date counts as expired even before a run has noted it."""
    vorbei = interesse.gueltig_bis is not None and interesse.gueltig_bis < heute
    if vorbei and interesse.status in GUELTIGE_INTERESSEN:
        return InteresseStatus.ABGELAUFEN
    return InteresseStatus(interesse.status)


def wartet(interesse: Interessenbekundung, heute: date) -> bool:
    """Tell whether it waits for the head; one that is over waits no more."""
    return interesse.unbestaetigt and stand(interesse, heute) in GUELTIGE_INTERESSEN
