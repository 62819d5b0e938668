"""What follows from a declaration: who is told, and that partners are looked for."""

import uuid
from datetime import date

from bestandsaufnahme.abfragen.interesse.empfaenger import autoren, beobachtende
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.rechte import bestaetigende
from ikz_portal.basis import laeufe
from kommunen.ablaeufe.meldung import vormerken
from kommunen.auswahl import Meldeanlass
from kommunen.models import Konto
from kommunen.rechte import handelt_fuer

# Looks for new Konstellationen and notes who is to be told of them.
TREFFER_SUCHEN = "bestandsaufnahme.tasks.treffer_suchen"


def nach_abgabe(interesse: Interessenbekundung, *, heute: date) -> None:
    """Ask the head where that is needed, else tell it; the Kommune, where it was filed on behalf."""
    if interesse.unbestaetigt:
        zur_bestaetigung(interesse, durch=interesse.durch, heute=heute)
    else:
        bekanntgeben(interesse, durch=interesse.durch)
    if interesse.durch is not None:
        fremd_eingetragen(interesse, durch=interesse.durch, heute=heute)


def nach_aenderung(interesse: Interessenbekundung, *, wartete: bool, durch: Konto, heute: date) -> None:
    """Ask the head where it waits for it, with the new words; tell the Kommune where another changed it.

    What waited and counts now is told like what is new.
    """
    if interesse.unbestaetigt:
        zur_bestaetigung(interesse, durch=durch, heute=heute)
    elif wartete:
        bekanntgeben(interesse, durch=durch)
    fremd_eingetragen(interesse, durch=durch, heute=heute)
    treffer_suchen_lassen()


def zur_bestaetigung(interesse: Interessenbekundung, *, durch: Konto | None, heute: date) -> None:
    """Tell those who may confirm it, but for who just wrote it."""
    vormerken(
        anlass=Meldeanlass.BESTAETIGUNG,
        bezug=_fassung(interesse),
        konten=bestaetigende(interesse.kommune, heute).exclude(pk=durch.pk if durch else 0),
    )


def fremd_eingetragen(interesse: Interessenbekundung, *, durch: Konto, heute: date) -> None:
    """Tell the Kommune what was filed or changed in its name; not those who are asked to confirm it anyway."""
    if interesse.kommune_id in handelt_fuer(durch):
        return
    gefragte = bestaetigende(interesse.kommune, heute) if interesse.unbestaetigt else Konto.objects.none()
    vormerken(anlass=Meldeanlass.EINTRAG, bezug=_fassung(interesse), konten=autoren(interesse).exclude(pk__in=gefragte))


def _fassung(interesse: Interessenbekundung) -> str:
    """Name the declaration as it reads since its last change."""
    return f"{interesse.pk}:{interesse.aenderungen.count()}"


def bekanntgeben(interesse: Interessenbekundung, *, durch: Konto | None) -> None:
    """It counts: tell who follows the field and whose declaration it joins, and look for partners.

    Nobody is told of the own act: neither who filed it nor by whom (`durch`) it counts now.
    """
    wissende = [pk for pk in (interesse.durch_id, durch and durch.pk) if pk]
    vormerken(
        anlass=Meldeanlass.INTERESSE_NEU,
        bezug=str(interesse.pk),
        konten=beobachtende(interesse).exclude(pk__in=wissende),
    )
    if interesse.anschluss_an is not None:
        vormerken(
            anlass=Meldeanlass.ANSCHLUSS,
            bezug=str(interesse.pk),
            konten=autoren(interesse.anschluss_an).exclude(pk__in=wissende),
        )
    treffer_suchen_lassen()


def treffer_suchen_lassen() -> None:
    laeufe.einreihen(art=TREFFER_SUCHEN, schluessel=str(uuid.uuid4()))
