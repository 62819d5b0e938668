"""Changing a filed declaration: by its Kommune, or by the Geschäftsstelle with a reason."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.ablaeufe import interesse_folgen
from bestandsaufnahme.ablaeufe.interesse import (
    Inhalt,
    gesperrte,
    in_vertretung,
    inhalt_setzen,
    mit_bestaetigung,
    vermerken,
)
from bestandsaufnahme.auswahl import GUELTIGE_INTERESSEN, InteresseStatus, Stufe
from bestandsaufnahme.models import Interessenaenderung, Interessenbekundung
from ikz_portal.basis.formate import tag
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Konto
from kommunen.rechte import handelt_fuer, spitze_von

ZU_BESTAETIGEN = "nach einer Änderung von der Verwaltungsspitze zu bestätigen"
OHNE_BESTAETIGUNG = "geändert, seit die Kommune keine Bestätigung mehr verlangt"


@transaction.atomic
def aendern(
    *, interesse: Interessenbekundung, version: int, inhalt: Inhalt, grund: str = "", durch: Konto, heute: date
) -> Interessenbekundung:
    """Change what it says; Veraltet if somebody was faster.

    Who isn't of the Kommune says why. Where the Kommune wants that, it waits for the head from now on, whenever it was
    filed; what the head itself writes is confirmed with it.
    """
    gesperrt = _gueltige(interesse, heute)
    if gesperrt.version != version:
        raise Veraltet("Die Interessenbekundung wurde inzwischen geändert.")
    if gesperrt.kommune_id not in handelt_fuer(durch) and not grund.strip():
        raise ValidationError({"grund": "Bitte nennen Sie den Grund der Änderung. Er bleibt sichtbar."})
    if not inhalt.wofuer.strip():
        raise ValidationError({"wofuer": "Bitte schreiben Sie, wofür die Kommune zusammenarbeiten möchte."})
    return _aendern(gesperrt, inhalt, grund=grund, durch=durch, heute=heute)


@transaction.atomic
def anheben(*, interesse: Interessenbekundung, stufe: Stufe | str, durch: Konto, heute: date) -> Interessenbekundung:
    """Raise its Stufe and leave the rest as it is."""
    gesperrt = _gueltige(interesse, heute)
    if stufe not in hoehere(gesperrt):
        raise ValidationError("Das ist keine höhere Stufe. Bitte laden Sie die Seite neu.")
    inhalt = Inhalt(
        stufe=stufe,
        wofuer=gesperrt.wofuer,
        bietet=gesperrt.bietet,
        sucht=gesperrt.sucht,
        kontakt=gesperrt.kontakt,
        gueltig_bis=gesperrt.gueltig_bis,
    )
    return _aendern(gesperrt, inhalt, grund="", durch=durch, heute=heute)


def hoehere(interesse: Interessenbekundung) -> list[Stufe]:
    """Return the Stufen above that of the declaration."""
    stufen = list(Stufe)
    return stufen[stufen.index(Stufe(interesse.stufe)) + 1 :]


def _gueltige(interesse: Interessenbekundung, heute: date) -> Interessenbekundung:
    gesperrt = gesperrte(interesse)
    if gesperrt.status not in GUELTIGE_INTERESSEN:
        raise ValidationError(
            f"Diese Interessenbekundung lässt sich nicht mehr ändern: Sie ist {gesperrt.marke_des_status.label}."
        )
    if gesperrt.gueltig_bis is not None and gesperrt.gueltig_bis < heute:
        raise ValidationError(
            f"Diese Interessenbekundung galt bis {tag(gesperrt.gueltig_bis)}. Bitte bekunden Sie das Interesse neu."
        )
    return gesperrt


def _aendern(
    gesperrt: Interessenbekundung, inhalt: Inhalt, *, grund: str, durch: Konto, heute: date
) -> Interessenbekundung:
    fuer = in_vertretung(durch, gesperrt.kommune)
    vorher = gesperrt.stufe
    inhalt_setzen(gesperrt, inhalt, heute=heute)
    von, wartete = gesperrt.marke_des_status, gesperrt.unbestaetigt
    _bestaetigung_pruefen(gesperrt, durch)
    gesperrt.full_clean()
    gesperrt.save()
    Interessenaenderung.objects.create(
        interesse=gesperrt,
        am=heute,
        stufe_von=vorher,
        stufe_nach=gesperrt.stufe,
        grund=grund.strip(),
        durch=durch,
        fuer=fuer,
    )
    if (von, wartete) != (gesperrt.status, gesperrt.unbestaetigt):
        folge = ZU_BESTAETIGEN if gesperrt.unbestaetigt else OHNE_BESTAETIGUNG
        grund_des_wechsels = "" if gesperrt.status == InteresseStatus.BESTAETIGT else folge
        vermerken(gesperrt, von=von, durch=durch, fuer=fuer, heute=heute, grund=grund_des_wechsels)
    interesse_folgen.nach_aenderung(gesperrt, wartete=wartete, durch=durch, heute=heute)
    gesperrt.refresh_from_db()
    return gesperrt


def _bestaetigung_pruefen(gesperrt: Interessenbekundung, durch: Konto) -> None:
    """The head confirms by writing it; what another writes waits for the head, where the Kommune wants that."""
    if gesperrt.kommune_id not in spitze_von(durch):
        gesperrt.status = InteresseStatus.ABGEGEBEN
        gesperrt.bestaetigung_noetig = mit_bestaetigung(gesperrt.kommune)
    elif gesperrt.unbestaetigt:
        gesperrt.status = InteresseStatus.BESTAETIGT
