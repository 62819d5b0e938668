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

# Looks for new Konstellationen and notes who is to be told of them.
TREFFER_SUCHEN = "bestandsaufnahme.tasks.treffer_suchen"


def nach_abgabe(interesse: Interessenbekundung, *, heute: date) -> None:
    """Ask the head where that is needed, else tell it."""
    if interesse.unbestaetigt:
        zur_bestaetigung(interesse, heute=heute)
    else:
        bekanntgeben(interesse, durch=interesse.durch)


def zur_bestaetigung(interesse: Interessenbekundung, *, heute: date) -> None:
    """Tell those who may confirm it; again after each change that needs it."""
    vormerken(
        anlass=Meldeanlass.BESTAETIGUNG,
        bezug=f"{interesse.pk}:{interesse.aenderungen.count()}",
        konten=bestaetigende(interesse.kommune, heute),
    )


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
